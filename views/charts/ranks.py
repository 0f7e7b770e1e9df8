"""Charts of ranks over many weightings and choices; colours and manners as in `charts_regions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from views.charts.regions import ACCENT, Chart, finished

if TYPE_CHECKING:
    import pandas as pd

    from views.i18n import Words

__all__ = ["PICKED", "influence_bars", "intervals", "share_bars"]

#: Name of the selection in `intervals`: the region that was clicked.
PICKED = "picked"

_GREY, _MARKED = "#808080", "#b8622b"
#: Grey that lets the ground through: what matters least recedes on light and on dark.
_OPEN, _NEVER = "#8080808c", "#80808048"
_FAINT = 0.5
#: Letters of a name beside an axis.
_NAME = 190


def intervals(rows: pd.DataFrame, *, title: str, order: str, words: Words) -> Chart:
    """Draw a thin interval per region from its lowest to its highest rank, with median and rank.

    Parameters
    ----------
    rows : DataFrame
        ``region``, ``place`` from left to right, ``rank``, ``low``, ``high``, ``median``,
        ``verdict`` (words for its colour, three kinds), ``text`` (what a pointer reads),
        ``marked``, ``name``.
    title, order : str
        Of the axis of ranks, and of that along which the regions are ordered.
    """
    kinds = [words(f"verdict.{one}") for one in ("sure", "open", "never")]
    x = alt.X(
        "place:Q", title=order, axis=alt.Axis(grid=False, labels=False, ticks=False),
        scale=alt.Scale(domain=[0, len(rows) + 1], nice=False),
    )  # fmt: skip
    last = int(rows["high"].max()) if len(rows) else 1
    scale = alt.Scale(domain=[last, 1], nice=False)
    axis = alt.Axis(grid=True, gridOpacity=0.35, values=_ticks(last))
    told = alt.Tooltip("text:N", title=" ")
    colour = alt.Color(
        "verdict:N", title=None, sort=kinds,
        scale=alt.Scale(domain=kinds, range=[ACCENT, _OPEN, _NEVER]), legend=_legend(),
    )  # fmt: skip
    drawn = alt.Chart(rows).encode(
        x=x, y=alt.Y("low:Q", title=title, scale=scale, axis=axis), y2="high:Q", tooltip=told
    )  # fmt: skip
    bands = drawn.mark_rule(strokeWidth=1.6).encode(color=colour)
    # A band is thinner than a hand is steady: what counts is the nearest one from left to right.
    picked = alt.selection_point(
        name=PICKED, fields=["region"], encodings=["x"], nearest=True, toggle=False, clear=False
    )  # fmt: skip
    middles = alt.Chart(rows).mark_point(filled=True, size=9, opacity=1, color=_GREY).encode(
        x=x, y=alt.Y("median:Q", scale=scale, title=title), tooltip=told
    ).add_params(picked)  # fmt: skip
    line = alt.Chart(rows).mark_line(strokeWidth=1.4, color=_GREY).encode(
        x=x, y=alt.Y("rank:Q", scale=scale, title=title)
    )  # fmt: skip
    marked = drawn.transform_filter("datum.marked").mark_rule(strokeWidth=4, color=_MARKED)
    # Above the picture: between the bands a name cannot be read.
    named = alt.Chart(rows).transform_filter("datum.marked").mark_text(
        fontWeight="bold", dy=-4, baseline="bottom",
        align=alt.expr("datum.place > " + str(len(rows) / 2) + " ? 'right' : 'left'"),
    ).encode(x=x, y=alt.value(0), text="name:N")  # fmt: skip
    chart = alt.layer(bands, line, middles, marked, named).properties(height=430)
    return finished(chart, words)


def share_bars(rows: pd.DataFrame, *, title: str, ranks: str, words: Words) -> Chart:
    """Draw a bar per block of ranks: how often a region is there.

    Parameters
    ----------
    rows : DataFrame
        ``first`` and ``last`` rank, ``share``, ``top`` (whether in the best quarter), ``text``.
    """
    bars = alt.Chart(rows.assign(start=rows["first"] - 0.5, end=rows["last"] + 0.5)).mark_bar(
        stroke="white", strokeWidth=0.5, strokeOpacity=0.6
    ).encode(
        x=alt.X("start:Q", title=ranks, axis=alt.Axis(grid=False, values=_ticks(int(
            rows["last"].max()))), scale=alt.Scale(nice=False)),
        x2="end:Q",
        y=alt.Y("share:Q", title=title, axis=alt.Axis(
            grid=False, tickCount=4, labelExpr=_percent(words))),
        y2=alt.datum(0),
        color=alt.condition("datum.top", alt.value(ACCENT), alt.value(_GREY)),
        opacity=alt.condition("datum.top", alt.value(1.0), alt.value(_FAINT)),
        tooltip=alt.Tooltip("text:N", title=" "),
    )  # fmt: skip
    return finished(alt.layer(bars).properties(height=210), words)


def influence_bars(rows: pd.DataFrame, *, title: str, words: Words) -> Chart:
    """Draw per choice how much it moves in all and alone, with the interval of the whole.

    Parameters
    ----------
    rows : DataFrame
        ``name``, ``first``, ``total``, ``low``, ``high`` (shares of 1; the interval of the
        total), ``text``; strongest first.
    """
    y = alt.Y(
        "name:N", title=None, sort=list(rows["name"]),
        axis=alt.Axis(ticks=False, domain=False, labelLimit=_NAME),
    )  # fmt: skip
    axis = alt.Axis(grid=False, tickCount=5, labelExpr=_percent(words))
    told = alt.Tooltip("text:N", title=" ")
    kept = rows.assign(shown=rows["first"].clip(lower=0), low=rows["low"].clip(lower=0))
    drawn = alt.Chart(kept).encode(y=y, tooltip=told)
    whole = drawn.mark_bar(color=_GREY, opacity=_FAINT, size=15).encode(
        x=alt.X("total:Q", title=title, axis=axis, scale=alt.Scale(domainMin=0))
    )
    alone = drawn.mark_bar(color=ACCENT, size=7).encode(x="shown:Q")
    spans = drawn.mark_rule(color=_GREY, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    chart = alt.layer(whole, alone, spans).properties(height=alt.Step(26))
    return finished(chart, words)


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
