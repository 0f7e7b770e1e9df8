"""Third step: strengths, gaps and next steps, chosen by the people of the place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from layers.plain import plain
from layers.selfcheck.file import MOST_STEPS, Step, one_line
from layers.selfcheck.result import gaps_first, statement_results, strengths_first
from layers.selfcheck.statements import statements
from views.selfcheck import book

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.selfcheck.file import Chosen, SelfCheck
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["show"]

#: Letters that the three entries of a step may have, as the file allows them.
_LENGTHS = {"step": 300, "who": 80, "until": 80}


def show(check: SelfCheck, scene: Scene) -> None:
    """Draw the step."""
    words = scene.words
    if not any(one.ratings for one in check.raters):
        st.info(words("selfcheck.no_answers"))
        return
    st.markdown(words("selfcheck.conclude_lead"))
    left, right = st.columns(2, gap="large")
    with left:
        _choice("strengths", strengths_first, check, words)
    with right:
        _choice("gaps", gaps_first, check, words)
    _steps(check, words)


def _choice(
    what: str, order: Callable[[SelfCheck], list[str]], check: SelfCheck, words: Words
) -> None:
    """Let statements be chosen; the list begins where the answers point."""
    st.header(words(f"selfcheck.{what}"), anchor=False)
    chosen: tuple[str, ...] = getattr(check.chosen, what)
    ordered = order(check)
    known = [*ordered, *(key for key in chosen if key not in ordered)]
    means = statement_results(check)["mean"]

    def label(key: str) -> str:
        return f"{words.number(means[key], 1)} · {words.of(statements()[key])}"

    key = f"selfcheck.{what}.{check.region}"
    st.session_state[key] = list(chosen)
    st.multiselect(
        words("selfcheck.pick"), known, key=key, format_func=label,
        placeholder=words("selfcheck.pick_none"),
        on_change=lambda: _conclude(check.region, **{what: tuple(st.session_state[key])}),
    )  # fmt: skip
    if chosen:
        st.markdown("\n".join(f"* {words.of(statements()[one])}" for one in chosen))


def _conclude(region: str, **update: Any) -> None:
    check = book.of(region)
    book.keep(check.model_copy(update={"chosen": check.chosen.model_copy(update=update)}))


def _steps(check: SelfCheck, words: Words) -> None:
    st.header(words("selfcheck.steps"), anchor=False)
    steps = check.chosen.next_steps
    for place, one in enumerate(steps):
        left, right = st.columns([5, 1], vertical_alignment="center")
        more = " · ".join(plain(part) for part in (one.who, one.until) if part)
        # Neither line begins with what people wrote, so that it makes no heading and no list.
        below = f"  \n– {more}" if more else ""
        left.markdown(f"{place + 1}\\. {plain(one.text, 300)}{below}")
        right.button(
            words("selfcheck.step_remove", number=place + 1), key=f"selfcheck.step_off.{place}",
            type="tertiary", on_click=partial(_drop, check.region, place),
        )  # fmt: skip
    if not steps:
        st.caption(words("selfcheck.steps_none"))
    if len(steps) >= MOST_STEPS:
        st.caption(words("selfcheck.steps_full", most=MOST_STEPS))
        return
    with st.form("selfcheck.new_step", clear_on_submit=True, border=False):
        for (what, longest), column in zip(
            _LENGTHS.items(), st.columns([3, 1, 1]), strict=True
        ):  # fmt: skip
            column.text_input(words(f"selfcheck.{what}"), max_chars=longest,
                              key=f"selfcheck.{what}")  # fmt: skip
        st.form_submit_button(
            words("selfcheck.step_add"), key="selfcheck.step_add",
            on_click=partial(_step, check.region),
        )  # fmt: skip


def _step(region: str) -> None:
    said = [one_line(str(st.session_state.get(f"selfcheck.{what}") or "")) for what in _LENGTHS]
    if said[0]:
        chosen: Chosen = book.of(region).chosen
        longest = _LENGTHS.values()
        cut = [text[:most] for text, most in zip(said, longest, strict=True)]
        fresh = Step(text=cut[0], who=cut[1], until=cut[2])
        _conclude(region, next_steps=(*chosen.next_steps, fresh))


def _drop(region: str, place: int) -> None:
    steps = book.of(region).chosen.next_steps
    _conclude(region, next_steps=(*steps[:place], *steps[place + 1 :]))
