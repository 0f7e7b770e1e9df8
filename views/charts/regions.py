"""Charts of single regions: layers beside medians and all others, time lines, two to five regions.

Every chart is drawn in the browser from the rows given and holds no number that was not handed
over. Its colours are of middle brightness, so that they can be seen on light and dark ground, and
what a colour says, a shape or a dash says as well; words take the colour of the page's text.
"""

from __future__ import annotations

import math
import textwrap
from functools import cache
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from views.charts.sketch import Sketch, place, rows, stored

if TYPE_CHECKING:
    from views.charts.sketch import Picture
    from views.i18n import Words

__all__ = [
    "ACCENT", "COLOURS", "DASHES", "GREY", "SHAPES", "dumbbells", "layer_bars", "radar",
    "strokes", "time_lines",
]  # fmt: skip

#: The one accent, and the grey of everything it is held against.
ACCENT = "#2f7ea6"
GREY = "#808080"
#: Marks of medians, in the order of the yardsticks.
_MEDIANS = ["diamond", "triangle-down", "triangle-up", "square"]
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
    own: pd.DataFrame, others: bytes, medians: pd.DataFrame, *,
    base: float, title: str, words: Words,
) -> Picture:  # fmt: skip
    """Draw a bar of one region per layer, over a stroke per region and marks of the medians.

    Parameters
    ----------
    own, medians : DataFrame
        Columns ``layer`` (name), ``value`` and ``text`` (what a pointer reads); `medians` also
        ``who``. Layers stand in the order of `own`.
    others : bytes
        Rows of all regions, as `strokes` gives them.
    base : float
        Where the bars begin.
    title : str
        Of the axis of values.
    """
    own, who = _wrapped(own), list(dict.fromkeys(medians["who"]))
    tables: dict[str, pd.DataFrame | bytes] = {
        "own": own, "others": others, "medians": _wrapped(medians)
    }  # fmt: skip
    return _layer_bars().filled(
        words, tables, base=base, title=title, who=who, shapes=_MEDIANS[: len(who)],
        layers=_order(own),
    )  # fmt: skip


@cache
def _layer_bars() -> Sketch:
    y = _names()
    x = alt.X(
        "value:Q", title=place("title"), axis=_values_axis(),
        scale=alt.Scale(zero=False, nice=True),
    )  # fmt: skip
    told = alt.Tooltip("text:N", title=" ")
    strokes = alt.Chart(rows("others")).mark_tick(
        color=GREY, opacity=0.22, thickness=1, size=_ROW * 0.62
    ).encode(x=x, y=y, tooltip=told)  # fmt: skip
    bars = alt.Chart(rows("own")).mark_bar(color=ACCENT, size=9).encode(
        x=x, x2=alt.datum(place("base")), y=y, tooltip=told
    )  # fmt: skip
    shape = alt.Shape(
        "who:N", title=None, sort=[place("who")], scale=_matching("shapes"),
        legend=_legend(symbolStrokeWidth=1.7, symbolSize=80),
    )  # fmt: skip
    marks = alt.Chart(rows("medians")).mark_point(
        color=GREY, fill="#ffffff", fillOpacity=0.9, opacity=1, size=80, strokeWidth=1.7
    ).encode(x=x, y=y, shape=shape, tooltip=told)  # fmt: skip
    return Sketch.of(alt.layer(strokes, bars, marks).properties(height=alt.Step(_ROW)))


def strokes(others: pd.DataFrame) -> bytes:
    """Rows of all regions for `layer_bars`: ``layer``, ``value`` and ``text``."""
    return stored(_wrapped(others))


def time_lines(lines: pd.DataFrame, *, title: str, words: Words) -> Picture:
    """Lines over the years; the first is the region's and has points.

    Parameters
    ----------
    lines : DataFrame
        Columns ``year`` (two or more), ``value``, ``who``, ``text``; ordered, the region first.
    """
    who = list(dict.fromkeys(lines["who"]))
    years = sorted(set(lines["year"]))
    return _time_lines().filled(
        words, {"lines": lines}, title=title, who=who, first=str(alt.datum.who == who[0]),
        colours=[ACCENT, *[GREY] * (len(who) - 1)], dashes=DASHES[: len(who)],
        ends=[years[0] - 0.4, years[-1] + 0.4], years=_few(years),
    )  # fmt: skip


@cache
def _time_lines() -> Sketch:
    x = alt.X(
        "year:Q", title=None, scale=alt.Scale(domain=[place("ends")], nice=False),
        axis=alt.Axis(format="d", grid=False, tickMinStep=1, values=[place("years")]),
    )  # fmt: skip
    y = alt.Y("value:Q", title=place("title"), axis=_values_axis(), scale=alt.Scale(zero=False))
    legend = _legend(symbolType="stroke", symbolSize=400)
    named: dict[str, Any] = {"title": None, "sort": [place("who")], "legend": legend}
    colour = alt.Color("who:N", scale=_matching("colours"), **named)
    dash = alt.StrokeDash("who:N", scale=_matching("dashes"), **named)
    told = alt.Tooltip("text:N", title=" ")
    drawn = alt.Chart(rows("lines")).encode(x=x, y=y, color=colour, tooltip=told)
    points = drawn.transform_filter(place("first")).mark_point(filled=True, size=46)
    lines = drawn.mark_line().encode(strokeDash=dash)
    return Sketch.of(alt.layer(lines, points).properties(height=360))


def dumbbells(table: pd.DataFrame, *, title: str, words: Words) -> Picture:
    """One mark per region in every layer, joined by a line from the lowest to the highest.

    Parameters
    ----------
    table : DataFrame
        Columns ``layer``, ``value``, ``who``, ``text``; at most five regions.
    """
    table = _wrapped(table)
    who = list(dict.fromkeys(table["who"]))
    return _dumbbells().filled(
        words, {"regions": table}, title=title, who=who, layers=_order(table),
        colours=COLOURS[: len(who)], shapes=SHAPES[: len(who)],
    )  # fmt: skip


@cache
def _dumbbells() -> Sketch:
    y, title = _names(), place("title")
    x = alt.X("value:Q", title=title, axis=_values_axis(), scale=alt.Scale(zero=False, nice=True))
    drawn = alt.Chart(rows("regions"))
    spans = drawn.mark_rule(color=GREY, strokeWidth=2, opacity=0.5).encode(
        x=alt.X("min(value):Q", title=title), x2="max(value):Q", y=y
    )
    marks = drawn.mark_point(filled=True, size=95, opacity=1).encode(
        x=x, y=y, tooltip=alt.Tooltip("text:N", title=" "),
        color=alt.Color(
            "who:N", title=None, sort=[place("who")], legend=_legend(), scale=_matching("colours")
        ),
        shape=alt.Shape(
            "who:N", title=None, sort=[place("who")], legend=_legend(), scale=_matching("shapes")
        ),
    )  # fmt: skip
    return Sketch.of(alt.layer(spans, marks).properties(height=alt.Step(_ROW)))


def radar(table: pd.DataFrame, words: Words) -> Picture:
    """Draw the corners of one region around a centre, one per layer, over two rings.

    Parameters
    ----------
    table : DataFrame
        Columns ``layer`` and ``value`` from 0 (centre) to 100 (rim); the inner ring is at 50.
    """
    layers = table["layer"].tolist()
    rings = pd.concat([_corners(layers, [reach] * len(layers)) for reach in (50.0, 100.0)])
    named = _corners(layers, [_NAMES_AT] * len(layers))[:-1]
    own = _corners(layers, table["value"].tolist())
    return _radar().filled(words, {"rings": rings, "own": own, "named": _wrapped(named)})


@cache
def _radar() -> Sketch:
    wide = alt.Scale(domain=[-_EDGE, _EDGE])
    x, y = (alt.X("x:Q", axis=None, scale=wide), alt.Y("y:Q", axis=None, scale=wide))
    net = alt.Chart(rows("rings")).mark_line(color=GREY, opacity=0.4, strokeWidth=1).encode(
        x=x, y=y, detail="ring:N", order="corner:O"
    )  # fmt: skip
    line = alt.Chart(rows("own")).mark_line(color=ACCENT, strokeWidth=2).encode(
        x=x, y=y, order="corner:O"
    )  # fmt: skip
    labels = alt.Chart(rows("named")).mark_text(
        fontSize=11, lineBreak="\n", baseline="middle"
    ).encode(x=x, y=y, text="layer:N")  # fmt: skip
    # As wide as high, or equal distances would look unequal.
    return Sketch.of(alt.layer(net, line, labels).properties(width=300, height=300))


def _corners(layers: list[str], values: list[float]) -> pd.DataFrame:
    """Place values on spokes, the first upwards, clockwise; the first corner again at the end."""
    turns = [2 * math.pi * spoke / len(layers) for spoke in range(len(layers))]
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


def _wrapped(table: pd.DataFrame) -> pd.DataFrame:
    """Break long names of layers into lines."""
    lines = {
        name: "\n".join(textwrap.wrap(name, _LINE, break_long_words=False))
        for name in set(table["layer"])
    }
    return table.assign(layer=[lines[name] for name in table["layer"]])


def _order(table: pd.DataFrame) -> list[str]:
    """Layers in the order in which they stand in a table."""
    return list(dict.fromkeys(table["layer"]))


def _names() -> alt.Y:
    """Axis of layers, in the order of the place ``layers``."""
    return alt.Y(
        "layer:N", title=None, sort=[place("layers")],
        axis=alt.Axis(
            labelExpr="split(datum.label, '\\n')", labelLimit=200, ticks=False, domain=False
        ),
    )  # fmt: skip


def _matching(values: str) -> alt.Scale:
    """Give everybody of the place ``who`` their mark of the place `values`."""
    return alt.Scale(domain=[place("who")], range=[place(values)])


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
