"""Chart of the shares that several people give to the layers."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import altair as alt

from views.charts.regions import finished

if TYPE_CHECKING:
    import pandas as pd

    from views.charts.regions import Chart
    from views.i18n import Words

__all__ = ["share_spans"]

#: Of middle brightness, readable on light and dark ground.
_ACCENT, _GREY = "#2f7ea6", "#808080"
#: Letters of a layer's name in one line beside the axis.
_LINE = 24


def share_spans(people: pd.DataFrame, means: pd.DataFrame, *, title: str, words: Words) -> Chart:
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
    y = alt.Y(
        "layer:N", sort=list(means["layer"]), title=None,
        axis=alt.Axis(labelExpr="split(datum.value, '\\n')", labelLimit=200, domain=False,
                      ticks=False, labelOverlap=False),
    )  # fmt: skip
    sign = words.percent(0).removeprefix("0")
    axis = alt.Axis(labelExpr=f"datum.label + '{sign}'", tickCount=6, grid=False)
    x = alt.X("share:Q", title=title, axis=axis, scale=alt.Scale(domainMin=0, nice=True))
    told = alt.Tooltip("text:N", title=" ")
    spans = alt.Chart(people).mark_rule(color=_GREY, strokeWidth=2, opacity=0.6).encode(
        x=alt.X("min(share):Q", title=title), x2="max(share):Q", y=y
    )  # fmt: skip
    rings = alt.Chart(people).mark_point(
        color=_GREY, opacity=0.9, size=55, strokeWidth=1.7
    ).encode(x=x, y=y, tooltip=told)  # fmt: skip
    strokes = alt.Chart(means).mark_tick(color=_ACCENT, thickness=4, size=24).encode(
        x=x, y=y, tooltip=told
    )  # fmt: skip
    return finished(alt.layer(spans, rings, strokes).properties(height=alt.Step(38)), words)
