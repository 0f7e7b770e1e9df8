"""The present self-check beside an earlier one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from layers.errors import SelfCheckError
from layers.plain import plain
from layers.selfcheck.result import compare
from layers.selfcheck.statements import fields, statements
from views.charts.tables import html_table
from views.selfcheck import book, files, tables

if TYPE_CHECKING:
    import pandas as pd

    from layers.selfcheck.file import SelfCheck
    from layers.selfcheck.result import Comparison
    from views.file_input import GivenFile
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["change", "show"]

_EARLIER = "selfcheck.earlier"


def show(check: SelfCheck, scene: Scene) -> None:
    """Draw the step."""
    words = scene.words
    st.markdown(words("selfcheck.compare_lead"))
    files.place(
        words("selfcheck.compare_file"), "selfcheck.compare", words,
        partial(_take, check.region, words),
    )  # fmt: skip
    kept: dict[str, tuple[str, SelfCheck]] = st.session_state.get(_EARLIER, {})
    if check.region not in kept:
        return
    name, before = kept[check.region]
    days = {
        side: tables.day_words(one.date, words)
        for side, one in (("before", before), ("after", check))
    }
    st.markdown(words("selfcheck.compare_opened", file=plain(name), **days))
    if before.place.casefold() != check.place.casefold():
        places = {"before": plain(before.place) or "–", "after": plain(check.place) or "–"}
        st.warning(words("selfcheck.compare_other_place", **places))
    _shown(compare(before, check), words)


def _take(region: str, words: Words, given: tuple[GivenFile, ...]) -> None:
    one = given[0]
    try:
        before = files.read(one)
        compare(before, book.of(region))
    except SelfCheckError as error:
        files.tell("refused", files.fault(one.name, error, words))
        return
    st.session_state.setdefault(_EARLIER, {})[region] = (one.name, before)


def _shown(found: Comparison, words: Words) -> None:
    st.header(words("selfcheck.compare_fields"), anchor=False)
    if not found.fields["statements"].any():
        st.info(words("selfcheck.compare_none"))
    else:
        known = {one.id: words.of(one.name) for one in fields()}
        head = [words("selfcheck_col.field"), *_sides(words), words("selfcheck.compare_count")]
        rows = [
            [known[str(key)], *_values(row, words), words.number(row["statements"])]
            for key, row in found.fields.iterrows()
        ]
        st.html(html_table(head, rows, label=words("selfcheck.compare_fields")))
    for state in ("rose", "fell", "new", "gone"):
        some = found.statements[found.statements["state"] == state]
        if len(some):
            _moved(some, words(f"selfcheck_state.{state}"), words)
    same = int((found.statements["state"] == "same").sum())
    if same:
        st.caption(words("selfcheck.compare_same", count=same))


def _moved(some: pd.DataFrame, title: str, words: Words) -> None:
    st.subheader(title, anchor=False)
    ordered = some.sort_values("change", key=abs, ascending=False, kind="stable")
    rows = [
        [words.of(statements()[str(key)]), *_values(row, words)] for key, row in ordered.iterrows()
    ]
    head = [words("selfcheck_col.statement"), *_sides(words)]
    st.html(html_table(head, rows, label=title))


def _sides(words: Words) -> list[str]:
    return [words(f"selfcheck_compare.{one}") for one in ("before", "after", "change")]


def _values(row: pd.Series, words: Words) -> list[str]:
    sides = [words.number(row[one], 1) for one in ("before", "after")]
    return [*sides, change(float(row["change"]), words)]


def change(value: float, words: Words) -> str:
    """Write a change with its sign."""
    text = words.number(value, 1)
    return f"+{text}" if value > 0 and text != words.number(0, 1) else text
