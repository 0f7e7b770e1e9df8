"""Chart of the fields: bars from 0 to 4 with every person's own mean."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import altair as alt

from layers.selfcheck.statements import LOWEST, TOP
from views.charts.regions import ACCENT
from views.charts.sketch import Sketch, place, rows

if TYPE_CHECKING:
    import pandas as pd

    from views.charts.sketch import Picture
    from views.i18n import Words

__all__ = ["field_bars"]

_GREY = "#808080"


def field_bars(means: pd.DataFrame, people: pd.DataFrame, *, title: str, words: Words) -> Picture:
    """Per field a bar of the mean, a line between the ends and a ring for every person.

    Parameters
    ----------
    means, people : DataFrame
        Columns ``field`` (name), ``value`` (0 to 4) and ``text`` (what a pointer reads); fields
        stand in the order of `means`, in which one without an answer has no value.
    title : str
        Of the axis.
    """
    return _field_bars().filled(
        words, {"means": means, "people": people}, title=title, fields=list(means["field"])
    )


@cache
def _field_bars() -> Sketch:
    title = place("title")
    y = alt.Y(
        "field:N", sort=[place("fields")], title=None,
        axis=alt.Axis(labelLimit=160, domain=False, ticks=False),
        scale=alt.Scale(domain=[place("fields")]),
    )  # fmt: skip
    axis = alt.Axis(values=list(range(LOWEST, TOP + 1)), format="d", grid=True, gridOpacity=0.4)
    x = alt.X("value:Q", title=title, axis=axis, scale=alt.Scale(domain=[LOWEST, TOP]))
    told = alt.Tooltip("text:N", title=" ")
    people = alt.Chart(rows("people"))
    bars = alt.Chart(rows("means")).mark_bar(color=ACCENT, size=13).encode(
        x=x, x2=alt.datum(LOWEST), y=y, tooltip=told
    )  # fmt: skip
    spans = people.mark_rule(color=_GREY, strokeWidth=2).encode(
        x=alt.X("min(value):Q", title=title), x2="max(value):Q", y=y
    )
    rings = people.mark_point(
        fill="#fff", stroke="#444", size=55, strokeWidth=1.8, opacity=1
    ).encode(x=x, y=y, tooltip=told)
    return Sketch.of(alt.layer(bars, spans, rings).properties(height=alt.Step(40)))
