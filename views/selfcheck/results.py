"""Second step: the result by field, where people differ, and the statistics beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from layers.plain import plain
from layers.selfcheck.result import by_rater, disagreement, field_results, statement_results
from layers.selfcheck.statements import fields, statements
from views.charts import sketch
from views.charts.tables import html_table
from views.selfcheck import book, chart, tables

if TYPE_CHECKING:
    from layers.selfcheck.file import SelfCheck
    from views.frame import Scene
    from views.i18n import Words
    from views.selfcheck.tables import Rows

__all__ = ["show"]

_SEVERAL = 2


def show(check: SelfCheck, scene: Scene) -> None:
    """Draw the step."""
    words, found = scene.words, field_results(check)
    st.header(words("selfcheck.result"), anchor=False)
    if not found["answered"].any():
        st.info(words("selfcheck.no_answers"))
    else:
        sketch.show(
            chart.field_bars(*_drawn(check, words), title=words("selfcheck.chart_axis"),
                             words=words),
            alt=words("selfcheck.chart_alt"),
        )  # fmt: skip
        st.caption(f"{words('selfcheck.chart_note')} {words('selfcheck.result_note')}")
        _table(tables.field_rows(found, words), words("selfcheck.table"))
        st.caption(words("selfcheck.sd_help"))
        _apart(check, words)
        _statements(check, words)
    _context(check.region, scene)


def _table(shown: Rows, label: str, *, texts: int = 1) -> None:
    st.html(html_table(shown.head, shown.rows, label=label, texts=texts))


def _drawn(check: SelfCheck, words: Words) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of the chart: means of the fields, and those of every person."""
    short = {one.id: words.of(one.short) for one in fields()}
    means = field_results(check)["mean"]
    bars = [
        (short[str(key)], value,
         words("selfcheck.tip_mean", field=short[str(key)], value=words.number(value, 1)))
        for key, value in means.items()
    ]  # fmt: skip
    names = book.rater_names(check, words)
    rings = [
        (short[str(key)], row[key], words("selfcheck.tip_rater", field=short[str(key)], name=name,
                                          value=words.number(row[key], 1)))
        for name, (_, row) in zip(names, by_rater(check).iterrows(), strict=True)
        for key in row.index if pd.notna(row[key])
    ]  # fmt: skip
    columns = ["field", "value", "text"]
    return pd.DataFrame(bars, columns=columns), pd.DataFrame(rings, columns=columns)


def _apart(check: SelfCheck, words: Words) -> None:
    st.header(words("selfcheck.apart"), anchor=False)
    if field_results(check)["raters"].max() < _SEVERAL:
        st.caption(words("selfcheck.apart_one"))
        return
    found = disagreement(check)
    if found.empty:
        st.markdown(words("selfcheck.apart_none"))
        return
    _table(tables.statement_rows(found, words, counts=False), words("selfcheck.apart"))


def _statements(check: SelfCheck, words: Words) -> None:
    """All statements and notes, folded away."""
    table = statement_results(check)
    with st.expander(words("selfcheck.statements")):
        for field in fields():
            st.markdown(f"**{words.of(field.name)}**")
            _table(
                tables.statement_rows(table[table["field"] == field.id], words),
                words.of(field.name),
            )
    if notes := tables.note_lines(check, book.rater_names(check, words), words):
        with st.expander(words("selfcheck.notes")):
            for key, lines in notes.items():
                said = "\n".join(f"* {plain(line, 2_200)}" for line in lines)
                st.markdown(f"{words.of(statements()[key])}\n\n{said}")


def _context(region: str, scene: Scene) -> None:
    words = scene.words
    name = tables.region_name(scene.dataset, region)
    st.header(words("selfcheck.context", name=name), anchor=False)
    st.caption(words("selfcheck.context_note"))
    for key, shown in tables.context_rows(scene.dataset, region, words).items():
        title = next(words.of(one.name) for one in fields() if one.id == key)
        st.subheader(title, anchor=False)
        if shown.rows:
            _table(shown, title)
            st.caption(shown.note)
        else:
            st.markdown(tables.gap_words(scene.dataset, key, words))
