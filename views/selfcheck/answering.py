"""First step: who answers, and how far the statements of one field hold true.

Drawn as a fragment: an answer draws this part anew and nothing else of the page.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from layers.plain import plain
from layers.selfcheck.file import (
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_RATERS,
    NOT_OURS,
    new_rater,
    to_toml,
)
from layers.selfcheck.statements import LOWEST, TOP, fields, statements
from views.selfcheck import book

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.selfcheck.file import Rater
    from layers.selfcheck.statements import CheckField
    from views.i18n import Words

__all__ = ["CHOICES", "save", "show"]

#: What can be answered, and its words.
CHOICES: dict[int | str, str] = {
    LOWEST: "none", 1: "beginnings", 2: "partly", 3: "largely", TOP: "fully", NOT_OURS: "not_ours"
}  # fmt: skip
_FIELD = "selfcheck.field"
#: Key of the step that the page shows, and the step after this one.
VIEW, _AFTER = "selfcheck.view", "result"
#: Letters of a note that its folded heading shows.
_BEGINNING = 60
_DATES = {"de": "%d.%m.%Y", "en": "%d/%m/%Y"}
_NO_DATE = "selfcheck.no_date"


@st.fragment
def show(region: str, words: Words) -> None:
    """Draw the step."""
    _raters(region, words)
    field = _field(region, words)
    rater = book.current(region)
    for number, key in enumerate(field.asked, start=1):
        _statement(key, number, rater, region, words)
    _onward(field, words)
    save(region, words, "answer")


def save(region: str, words: Words, where: str) -> None:
    """Offer the file, and say whether everything stands in one."""
    check = book.of(region)
    blank, saved = book.is_blank(check), book.is_saved(region)
    if not saved:
        st.warning(words("selfcheck.unsaved"), icon=":material/edit_note:")
    st.download_button(
        words("selfcheck.save"), to_toml(check), book.file_name(check, ".toml"),
        "application/toml", key=f"selfcheck.save.{where}", disabled=blank,
        type="secondary" if saved else "primary", on_click=partial(book.mark_saved, region),
    )  # fmt: skip
    if saved:
        st.caption(words("selfcheck.nothing") if blank else words("selfcheck.saved"))


def _raters(region: str, words: Words) -> None:
    check, rater = book.of(region), book.current(region)
    ids = [one.id for one in check.raters]
    called = dict(zip(ids, book.rater_names(check, words), strict=True))
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    key = f"selfcheck.who.{region}"
    st.session_state[key] = rater.id
    left.selectbox(
        words("selfcheck.rater"), ids, key=key, format_func=lambda one: called.get(one, ""),
        on_change=lambda: book.use(region, st.session_state[key]),
    )  # fmt: skip
    right.button(
        words("selfcheck.add_rater"), key="selfcheck.add_rater", width="stretch",
        icon=":material/person_add:", disabled=len(ids) >= MOST_RATERS,
        on_click=partial(_add, region),
    )  # fmt: skip
    _about(rater, region, words)
    if len(ids) > 1:
        st.caption(words("selfcheck.hidden"))
        st.button(
            words("selfcheck.remove_rater", name=called[rater.id]), key="selfcheck.remove_rater",
            type="tertiary", icon=":material/close:", help=words("selfcheck.remove_sure"),
            on_click=partial(_remove, region),
        )  # fmt: skip


def _about(rater: Rater, region: str, words: Words) -> None:
    """Name, role and date of who is answering."""
    for place, column in zip(("name", "role"), columns := st.columns(3), strict=False):
        column.text_input(
            words(f"selfcheck.{place}"), max_chars=LONGEST_NAME,
            **_kept(f"{place}.{rater.id}", getattr(rater, place),
                    partial(_rename, region, place)),
        )  # fmt: skip
    columns[2].text_input(
        words("selfcheck.date"), max_chars=10, placeholder=words("selfcheck.date_hint"),
        **_kept(f"date.{rater.id}", rater.date.strftime(_DATES[words.language]),
                partial(_date, region, words)),
    )  # fmt: skip
    if st.session_state.pop(_NO_DATE, None):
        st.warning(words("selfcheck.date_refused", hint=words("selfcheck.date_hint")))


def _kept(key: str, value: Any, take: Callable[[Any], None]) -> dict[str, Any]:
    """Key and callback of a widget that shows `value` and hands on what it becomes."""
    key = f"selfcheck.{key}"
    st.session_state[key] = value
    return {"key": key, "on_change": lambda: take(st.session_state[key])}


def _rename(region: str, what: str, value: str) -> None:
    book.change_rater(region, **{what: value})


def _date(region: str, words: Words, text: str) -> None:
    """Take a day as people write it; what is none leaves the old one."""
    for pattern in (_DATES[words.language], "%Y-%m-%d"):
        try:
            day = dt.datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 -- a day has none
        except ValueError:
            continue
        if book.change_rater(region, date=day):
            return
    st.session_state[_NO_DATE] = True


def _add(region: str) -> None:
    check, fresh = book.of(region), new_rater(book.today())
    book.keep(check.model_copy(update={"raters": (*check.raters, fresh)}))
    book.use(region, fresh.id)


def _remove(region: str) -> None:
    check, gone = book.of(region), book.current(region)
    left = tuple(one for one in check.raters if one.id != gone.id)
    book.keep(check.model_copy(update={"raters": left}))


def _field(region: str, words: Words) -> CheckField:
    """Let one of the fields be chosen; its label says how much is answered."""
    known = {one.id: one for one in fields()}
    session, ratings = st.session_state, book.current(region).ratings
    if session.get(_FIELD) not in known:
        session[_FIELD] = next(iter(known))

    def label(key: str) -> str:
        keys = known[key].asked
        done = sum(one in ratings for one in keys)
        return words(
            "selfcheck.field_done", name=words.of(known[key].short), done=done, all=len(keys)
        )

    chosen = st.segmented_control(
        words("selfcheck.field"), list(known), key=_FIELD, format_func=label, required=True
    )
    field = known[str(chosen)]
    st.header(words.of(field.name), anchor=False)
    st.caption(words("selfcheck.rating_help"))
    return field


def _statement(key: str, number: int, rater: Rater, region: str, words: Words) -> None:
    """One statement with its answer and a note, which is folded away."""

    def rated(value: int | str | None) -> None:
        others = {one: old for one, old in book.current(region).ratings.items() if one != key}
        book.change_rater(region, ratings=others if value is None else others | {key: value})

    def noted(text: str) -> None:
        notes = book.current(region).notes
        book.change_rater(region, notes=dict(notes) | {key: text[:LONGEST_NOTE]})

    text, note = words.of(statements()[key]), rater.notes.get(key, "")
    with st.container(key=f"statement-{number}", gap="small"):
        st.segmented_control(
            f"**{number}.** {text}", CHOICES,
            format_func=lambda one: words(f"selfcheck_rating.{CHOICES[one]}"),
            **_kept(f"rating.{rater.id}.{key}", rater.ratings.get(key), rated),
        )  # fmt: skip
        beginning = " ".join(plain(note, _BEGINNING).split())
        kind = "note_there" if note else "note"
        with st.expander(words(f"selfcheck.{kind}", number=number, text=beginning)):
            st.text_area(
                words("selfcheck.note", number=number), max_chars=LONGEST_NOTE,
                help=words("selfcheck.note_hint", most=words.number(LONGEST_NOTE)), height=100,
                **_kept(f"note.{rater.id}.{key}", note, noted),
            )  # fmt: skip


def _onward(field: CheckField, words: Words) -> None:
    """Lead on to the next field, after the last one to the result."""
    order = list(fields())
    place = [one.id for one in order].index(field.id) + 1
    if place < len(order):
        following = order[place]
        st.button(
            words("selfcheck.next", name=words.of(following.name)), key="selfcheck.next",
            on_click=lambda: st.session_state.update({_FIELD: following.id}),
        )  # fmt: skip
    elif st.button(words("selfcheck.to_result"), key="selfcheck.to_result"):
        st.session_state["selfcheck.go"] = _AFTER
        st.rerun()
