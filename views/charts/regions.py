"""Charts of single regions: layers beside medians and all others, time lines, two to five regions.

Every chart is drawn in the browser from the rows given and holds no number that was not handed
over. Its colours are of middle brightness, so that they can be seen on light and dark ground, and
what a colour says, a shape or a dash says as well; words take the colour of the page's text.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any, TypeAlias

import altair as alt
import pandas as pd

from views.charts.ink import unnamed

if TYPE_CHECKING:
    from views.i18n import Words

#: What altair makes of layers laid over each other.
Chart: TypeAlias = alt.LayerChart | alt.FacetChart

__all__ = [
    "ACCENT", "COLOURS", "DASHES", "GREY", "SHAPES", "dumbbells", "finished", "layer_bars",
    "radar", "time_lines",
]  # fmt: skip

#: The one accent, and the grey of everything it is held against.
ACCENT = "#2f7ea6"
GREY = "#808080"
#: Marks of medians, in the order of the yardsticks.
_MEDIANS = ("diamond", "triangle-down", "triangle-up", "square")
#: Up to five regions; the first has the accent.
COLOURS = [ACCENT, "#b8622b", "#7a6fb0", "#4d8a4d", "#a8467a"]
SHAPES = ["circle", "square", "diamond", "triangle-up", "triangle-down"]
DASHES = [[1, 0], [6, 3], [2, 3], [8, 3, 2, 3], [12, 3, 2, 3, 2, 3]]
#: Letters of a name in one line beside an axis, so that narrow screens have room for the chart.
_LINE = 16
_ROW = 42
#: A legend begins below the bars; on the smallest screens its names are smaller, not cut off.
_LABEL_SIZE = "width < 230 ? 10 : 12"
#: Radar, whose rim is at 100: where the names stand, and where the picture ends.
_NAMES_AT, _EDGE = 140.0, 185.0


def layer_bars(
    own: pd.DataFrame, others: pd.DataFrame, medians: pd.DataFrame, *,
    base: float, title: str, words: Words,
) -> Chart:  # fmt: skip
    """Draw a bar of one region per layer, over a stroke per region and marks of the medians.

    Parameters
    ----------
    own, others, medians : DataFrame
        Columns ``layer`` (name), ``value`` and ``text`` (what a pointer reads); `medians` also
        ``who``. Layers stand in the order of `own`.
    base : float
        Where the bars begin.
    title : str
        Of the axis of values.
    """
    own, others, medians = (_wrapped(one) for one in (own, others, medians))
    y = _names(own["layer"])
    x = alt.X("value:Q", title=title, axis=_values_axis(), scale=alt.Scale(zero=False, nice=True))
    told = alt.Tooltip("text:N", title=" ")
    strokes = alt.Chart(others).mark_tick(
        color=GREY, opacity=0.22, thickness=1, size=_ROW * 0.62
    ).encode(x=x, y=y, tooltip=told)  # fmt: skip
    bars = alt.Chart(own).mark_bar(color=ACCENT, size=9).encode(
        x=x, x2=alt.datum(base), y=y, tooltip=told
    )  # fmt: skip
    who = list(dict.fromkeys(medians["who"]))
    shape = alt.Shape(
        "who:N", title=None, sort=who, legend=_legend(),
        scale=alt.Scale(domain=who, range=_MEDIANS[: len(who)]),
    )  # fmt: skip
    marks = alt.Chart(medians).mark_point(
        color=GREY, fill="#ffffff", fillOpacity=0.9, opacity=1, size=80, strokeWidth=1.7
    ).encode(x=x, y=y, shape=shape, tooltip=told)  # fmt: skip
    chart = alt.layer(strokes, bars, marks).properties(height=alt.Step(_ROW))
    return finished(chart, words)


def time_lines(lines: pd.DataFrame, *, title: str, words: Words) -> Chart:
    """Lines over the years; the first is the region's and has points.

    Parameters
    ----------
    lines : DataFrame
        Columns ``year`` (two or more), ``value``, ``who``, ``text``; ordered, the region first.
    """
    who = list(dict.fromkeys(lines["who"]))
    years = sorted(set(lines["year"]))
    x = alt.X(
        "year:Q", title=None,
        scale=alt.Scale(domain=[years[0] - 0.4, years[-1] + 0.4], nice=False),
        axis=alt.Axis(format="d", grid=False, tickMinStep=1, values=_few(years)),
    )  # fmt: skip
    y = alt.Y("value:Q", title=title, axis=_values_axis(), scale=alt.Scale(zero=False))
    colour = alt.Color(
        "who:N", title=None, sort=who, legend=_legend(symbolType="stroke", symbolSize=400),
        scale=alt.Scale(domain=who, range=[ACCENT, *[GREY] * (len(who) - 1)]),
    )  # fmt: skip
    dash = alt.StrokeDash(
        "who:N", title=None, sort=who, legend=_legend(symbolType="stroke", symbolSize=400),
        scale=alt.Scale(domain=who, range=DASHES[: len(who)]),
    )  # fmt: skip
    told = alt.Tooltip("text:N", title=" ")
    drawn = alt.Chart(lines).encode(x=x, y=y, color=colour, tooltip=told)
    points = drawn.transform_filter(alt.datum.who == who[0]).mark_point(filled=True, size=46)
    chart = alt.layer(drawn.mark_line().encode(strokeDash=dash), points).properties(height=360)
    return finished(chart, words)


def dumbbells(rows: pd.DataFrame, *, title: str, words: Words) -> Chart:
    """One mark per region in every layer, joined by a line from the lowest to the highest.

    Parameters
    ----------
    rows : DataFrame
        Columns ``layer``, ``value``, ``who``, ``text``; at most five regions.
    """
    rows = _wrapped(rows)
    who = list(dict.fromkeys(rows["who"]))
    y = _names(rows["layer"])
    x = alt.X("value:Q", title=title, axis=_values_axis(), scale=alt.Scale(zero=False, nice=True))
    spans = alt.Chart(rows).mark_rule(color=GREY, strokeWidth=2, opacity=0.5).encode(
        x=alt.X("min(value):Q", title=title), x2="max(value):Q", y=y
    )  # fmt: skip
    marks = alt.Chart(rows).mark_point(filled=True, size=95, opacity=1).encode(
        x=x, y=y, tooltip=alt.Tooltip("text:N", title=" "),
        color=alt.Color(
            "who:N", title=None, sort=who, legend=_legend(),
            scale=alt.Scale(domain=who, range=COLOURS[: len(who)]),
        ),
        shape=alt.Shape(
            "who:N", title=None, sort=who, legend=_legend(),
            scale=alt.Scale(domain=who, range=SHAPES[: len(who)]),
        ),
    )  # fmt: skip
    return finished(alt.layer(spans, marks).properties(height=alt.Step(_ROW)), words)


def radar(rows: pd.DataFrame, words: Words) -> Chart:
    """Draw the corners of one region around a centre, one per layer, over two rings.

    Parameters
    ----------
    rows : DataFrame
        Columns ``layer`` and ``value`` from 0 (centre) to 100 (rim); the inner ring is at 50.
    """
    layers = rows["layer"].tolist()
    rings = pd.concat([_corners(layers, [reach] * len(layers)) for reach in (50.0, 100.0)])
    named = _corners(layers, [_NAMES_AT] * len(layers))[:-1]
    wide = alt.Scale(domain=[-_EDGE, _EDGE])
    x, y = (alt.X("x:Q", axis=None, scale=wide), alt.Y("y:Q", axis=None, scale=wide))
    net = alt.Chart(rings).mark_line(color=GREY, opacity=0.4, strokeWidth=1).encode(
        x=x, y=y, detail="ring:N", order="corner:O"
    )  # fmt: skip
    line = alt.Chart(_corners(layers, rows["value"].tolist())).mark_line(
        color=ACCENT, strokeWidth=2
    ).encode(x=x, y=y, order="corner:O")  # fmt: skip
    labels = alt.Chart(_wrapped(named)).mark_text(
        fontSize=11, lineBreak="\n", baseline="middle"
    ).encode(x=x, y=y, text="layer:N")  # fmt: skip
    # As wide as high, or equal distances would look unequal.
    return finished(alt.layer(net, line, labels).properties(width=300, height=300), words)


def _corners(layers: list[str], values: list[float]) -> pd.DataFrame:
    """Place values on spokes, the first upwards, clockwise; the first corner again at the end."""
    turns = [2 * math.pi * place / len(layers) for place in range(len(layers))]
    spokes = [
        (key, value, value * math.sin(turn), value * math.cos(turn))
        for key, value, turn in zip(layers, values, turns, strict=True)
    ]
    closed = pd.DataFrame([*spokes, *spokes[:1]], columns=["layer", "value", "x", "y"])
    return closed.assign(ring=values[0], corner=range(len(closed)))


def _few(years: list[int], most: int = 7) -> list[int]:
    """Years to write on the axis, the last always among them."""
    step = -(-len(years) // most)
    return years[::-1][::step][::-1]


def _wrapped(rows: pd.DataFrame) -> pd.DataFrame:
    """Break long names of layers into lines."""
    lines = {
        name: "\n".join(textwrap.wrap(name, _LINE, break_long_words=False))
        for name in set(rows["layer"])
    }
    return rows.assign(layer=[lines[name] for name in rows["layer"]])


def _names(layers: pd.Series) -> alt.Y:
    return alt.Y(
        "layer:N", title=None, sort=list(dict.fromkeys(layers)),
        axis=alt.Axis(
            labelExpr="split(datum.label, '\\n')", labelLimit=200, ticks=False, domain=False
        ),
    )  # fmt: skip


def _values_axis() -> alt.Axis:
    return alt.Axis(grid=False, tickCount=5, labelFlush=False)


def _legend(**marks: Any) -> alt.Legend:
    # One below the other: names side by side would be cut off on a narrow screen.
    return alt.Legend(
        orient="bottom",
        direction="vertical",
        columns=1,
        labelLimit=300,
        labelFontSize=alt.expr(_LABEL_SIZE),
        **{"symbolSize": 70, **marks},
    )


def finished(chart: alt.LayerChart | alt.FacetChart, words: Words) -> Chart:
    """Write numbers on the axes as the language does; a chart is named as a whole."""
    signs: dict[str, Any] = {"de": (",", "."), "en": (".", ",")}
    decimal, thousands = signs[words.language]
    number = alt.NumberLocale(
        decimal=decimal, thousands=thousands, grouping=[3], currency=["", ""]
    )  # fmt: skip
    finished: Chart = chart.configure(locale=alt.Locale(number=number), **unnamed())
    return finished
