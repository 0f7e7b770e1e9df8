"""Chart of the shares that several people give to the layers."""

from __future__ import annotations

import textwrap
from functools import cache
from typing import TYPE_CHECKING

import altair as alt

from views.charts.sketch import Sketch, place, rows

if TYPE_CHECKING:
    import pandas as pd

    from views.charts.sketch import Picture
    from views.i18n import Words

__all__ = ["share_spans"]

#: Of middle brightness, readable on light and dark ground.
_ACCENT, _GREY = "#2f7ea6", "#808080"
#: Letters of a layer's name in one line beside the axis.
_LINE = 24


def share_spans(people: pd.DataFrame, means: pd.DataFrame, *, title: str, words: Words) -> Picture:
    """Per layer a ring for every person, a line from the lowest to the highest, the mean a stroke.

    Parameters
    ----------
    people, means : DataFrame
        Columns ``layer`` (name), ``share`` (percent) and ``text`` (what a pointer reads).
    title : str
        Of the axis.
    """
    people, means = (
        one.assign(layer=["\n".join(textwrap.wrap(name, _LINE)) for name in one["layer"]])
        for one in (people, means)
    )
    sign = words.percent(0).removeprefix("0")
    return _share_spans().filled(
        words, {"people": people, "means": means}, title=title, layers=list(means["layer"]),
        percent=f"datum.label + '{sign}'",
    )  # fmt: skip


@cache
def _share_spans() -> Sketch:
    title = place("title")
    y = alt.Y(
        "layer:N", sort=[place("layers")], title=None,
        axis=alt.Axis(labelExpr="split(datum.value, '\\n')", labelLimit=200, domain=False,
                      ticks=False, labelOverlap=False),
    )  # fmt: skip
    axis = alt.Axis(labelExpr=place("percent"), tickCount=6, grid=False)
    x = alt.X("share:Q", title=title, axis=axis, scale=alt.Scale(domainMin=0, nice=True))
    told = alt.Tooltip("text:N", title=" ")
    people = alt.Chart(rows("people"))
    spans = people.mark_rule(color=_GREY, strokeWidth=2, opacity=0.6).encode(
        x=alt.X("min(share):Q", title=title), x2="max(share):Q", y=y
    )
    rings = people.mark_point(color=_GREY, opacity=0.9, size=55, strokeWidth=1.7).encode(
        x=x, y=y, tooltip=told
    )
    strokes = alt.Chart(rows("means")).mark_tick(color=_ACCENT, thickness=4, size=24).encode(
        x=x, y=y, tooltip=told
    )  # fmt: skip
    return Sketch.of(alt.layer(spans, rings, strokes).properties(height=alt.Step(38)))
