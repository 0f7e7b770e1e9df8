"""Charts of ranks over many weightings and choices; colours and manners as in `charts_regions`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import altair as alt

from views.charts.regions import ACCENT
from views.charts.sketch import Sketch, place, rows

if TYPE_CHECKING:
    import pandas as pd

    from views.charts.sketch import Picture
    from views.i18n import Words

__all__ = ["PICKED", "influence_bars", "intervals", "share_bars"]

#: Name of the selection in `intervals`: the region that was clicked.
PICKED = "picked"

_GREY, _MARKED = "#808080", "#b8622b"
#: What the colour of a band says, its line says as well: surely in front, open, surely not.
_WIDTHS, _DASHES = [2.2, 1.1, 1.5], [[1, 0], [1, 0], [1.5, 2.5]]
#: How much of the ground a bar covers that another lies in; its edge says how long it is.
_VEIL = 0.2
#: Letters of a name beside an axis.
_NAME = 190


def intervals(table: pd.DataFrame, *, title: str, order: str, words: Words) -> Picture:
    """Draw a thin interval per region from its lowest to its highest rank, with median and rank.

    Parameters
    ----------
    table : DataFrame
        ``region``, ``place`` from left to right, ``rank``, ``low``, ``high``, ``median``,
        ``verdict`` (words for its colour, three kinds), ``text`` (what a pointer reads),
        ``marked``, ``name``.
    title, order : str
        Of the axis of ranks, and of that along which the regions are ordered.
    """
    last = int(table["high"].max()) if len(table) else 1
    return _intervals().filled(
        words, {"bands": table}, title=title, order=order, last=last, ticks=_ticks(last),
        kinds=[words(f"verdict.{one}") for one in ("sure", "open", "never")],
        behind=len(table) + 1,
        side="datum.place > " + str(len(table) / 2) + " ? 'right' : 'left'",
    )  # fmt: skip


@cache
def _intervals() -> Sketch:
    title, table = place("title"), rows("bands")
    x = alt.X(
        "place:Q", title=place("order"), axis=alt.Axis(grid=False, labels=False, ticks=False),
        scale=alt.Scale(domain=[0, place("behind")], nice=False),
    )  # fmt: skip
    scale = alt.Scale(domain=[place("last"), 1], nice=False)
    axis = alt.Axis(grid=True, gridOpacity=0.35, values=[place("ticks")])
    told = alt.Tooltip("text:N", title=" ")
    kinds = [place("kinds")]
    ranges: list[tuple[Any, Any]] = [
        (alt.Color, [ACCENT, _GREY, place("pale")]), (alt.StrokeWidth, _WIDTHS),
        (alt.StrokeDash, _DASHES),
    ]  # fmt: skip
    colour, width, dash = (
        channel("verdict:N", title=None, sort=kinds, legend=_legend(),
                scale=alt.Scale(domain=kinds, range=values))
        for channel, values in ranges
    )  # fmt: skip
    drawn = alt.Chart(table).encode(
        x=x, y=alt.Y("low:Q", title=title, scale=scale, axis=axis), y2="high:Q", tooltip=told
    )  # fmt: skip
    bands = drawn.mark_rule().encode(color=colour, strokeWidth=width, strokeDash=dash)
    # A band is thinner than a hand is steady: what counts is the nearest one from left to right.
    picked = alt.selection_point(
        name=PICKED, fields=["region"], encodings=["x"], nearest=True, toggle=False, clear=False
    )  # fmt: skip
    middles = alt.Chart(table).mark_point(
        filled=True, size=9, opacity=1, color=place("ink")
    ).encode(
        x=x, y=alt.Y("median:Q", scale=scale, title=title), tooltip=told
    ).add_params(picked)  # fmt: skip
    line = alt.Chart(table).mark_line(strokeWidth=1.4, color=place("ink")).encode(
        x=x, y=alt.Y("rank:Q", scale=scale, title=title)
    )  # fmt: skip
    marked = drawn.transform_filter("datum.marked").mark_rule(strokeWidth=4, color=_MARKED)
    # Above the picture: between the bands a name cannot be read.
    named = alt.Chart(table).transform_filter("datum.marked").mark_text(
        fontWeight="bold", dy=-4, baseline="bottom", align=alt.expr(place("side"))
    ).encode(x=x, y=alt.value(0), text="name:N")  # fmt: skip
    return Sketch.of(alt.layer(bands, line, middles, marked, named).properties(height=430))


def share_bars(table: pd.DataFrame, *, title: str, ranks: str, words: Words) -> Picture:
    """Draw a bar per block of ranks: how often a region is there.

    Parameters
    ----------
    table : DataFrame
        ``first`` and ``last`` rank, ``share``, ``top`` (whether in the best quarter), ``text``.
    """
    drawn = table.assign(start=table["first"] - 0.5, end=table["last"] + 0.5)
    return _share_bars().filled(
        words, {"blocks": drawn}, title=title, ranks=ranks, percent=_percent(words),
        ticks=_ticks(int(table["last"].max())),
    )  # fmt: skip


@cache
def _share_bars() -> Sketch:
    axis = alt.Axis(grid=False, tickCount=4, labelExpr=place("percent"))
    bars = alt.Chart(rows("blocks")).mark_bar(
        stroke="white", strokeWidth=0.5, strokeOpacity=0.6
    ).encode(
        x=alt.X("start:Q", title=place("ranks"), scale=alt.Scale(nice=False),
                axis=alt.Axis(grid=False, values=[place("ticks")])),
        x2="end:Q",
        y=alt.Y("share:Q", title=place("title"), axis=axis),
        y2=alt.datum(0),
        color=alt.condition("datum.top", alt.value(ACCENT), alt.value(place("pale"))),
        tooltip=alt.Tooltip("text:N", title=" "),
    )  # fmt: skip
    return Sketch.of(alt.layer(bars).properties(height=210))


def influence_bars(table: pd.DataFrame, *, title: str, words: Words) -> Picture:
    """Draw per choice how much it moves in all and alone, with the interval of the whole.

    Parameters
    ----------
    table : DataFrame
        ``name``, ``first``, ``total``, ``low``, ``high`` (shares of 1; the interval of the
        total), ``text``; strongest first.
    """
    kept = table.assign(shown=table["first"].clip(lower=0), low=table["low"].clip(lower=0))
    return _influence_bars().filled(
        words, {"choices": kept}, title=title, names=list(table["name"]), percent=_percent(words)
    )


@cache
def _influence_bars() -> Sketch:
    y = alt.Y(
        "name:N", title=None, sort=[place("names")],
        axis=alt.Axis(ticks=False, domain=False, labelLimit=_NAME),
    )  # fmt: skip
    axis = alt.Axis(grid=False, tickCount=5, labelExpr=place("percent"))
    drawn = alt.Chart(rows("choices")).encode(y=y, tooltip=alt.Tooltip("text:N", title=" "))
    whole = drawn.mark_bar(
        fill=_GREY, fillOpacity=_VEIL, stroke=_GREY, strokeOpacity=1, size=15
    ).encode(x=alt.X("total:Q", title=place("title"), axis=axis, scale=alt.Scale(domainMin=0)))
    alone = drawn.mark_bar(color=ACCENT, size=7).encode(x="shown:Q")
    spans = drawn.mark_rule(color=place("ink"), strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    return Sketch.of(alt.layer(whole, alone, spans).properties(height=alt.Step(26)))


def _legend() -> alt.Legend:
    return alt.Legend(
        orient="bottom", direction="vertical", columns=1, labelLimit=320, symbolType="stroke"
    )


def _ticks(last: int) -> list[int]:
    """First and last rank and round ones between."""
    step = max(1, round(last / 8, -1 if last > 80 else 0))  # noqa: PLR2004 -- ten ranks per step
    step = int(50 if 30 < step <= 60 else step)  # noqa: PLR2004 -- 50, 100, 150 read easily
    between = [one for one in range(step, last, step) if one > 1 and last - one > step / 2]
    return [1, *between, last] if last > 1 else [1]


def _percent(words: Words) -> str:
    """Vega expression that writes a share as the language writes percentages."""
    sign = words.percent(0).removeprefix("0")
    return f"format(100 * datum.value, '.0f') + '{sign}'"
