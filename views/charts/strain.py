"""Supply against newcomers: every region a mark, one of them set off, lines between the thirds."""

from __future__ import annotations

import textwrap
from functools import cache
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from views.charts.regions import ACCENT
from views.charts.sketch import Sketch, place, rows

if TYPE_CHECKING:
    from views.charts.sketch import Picture
    from views.i18n import Words

__all__ = ["WHO", "scatter"]

#: Kinds of marks, in the order of the legend.
WHO = ("own", "land", "type", "other")
_GREY = "#808080"
_COLOURS = {"own": ACCENT, "land": "#b8622b", "type": _GREY, "other": _GREY}
_SHAPES = {"own": "diamond", "land": "square", "type": "triangle-up", "other": "circle"}
_SIZES = {"own": 260, "land": 55, "type": 45, "other": 18}
_OPACITIES = {"own": 1.0, "land": 0.75, "type": 0.7, "other": 0.4}
#: Percentiles between the thirds.
_BOUNDS = (100 / 3, 200 / 3)
_HEIGHT = 520
#: Letters in a line of a title, so that it fits beside its axis.
_WIDE, _NARROW = 44, 34


def scatter(
    table: pd.DataFrame, called: dict[str, str], axes: tuple[str, str], words: Words
) -> Picture:
    """Draw regions by their percentiles.

    Parameters
    ----------
    table : DataFrame
        Columns ``newcomers`` and ``supply`` (0 to 100), ``who`` (of `WHO`) and ``text`` (what a
        pointer reads).
    called : dict
        Who -> words of the legend, for those who occur.
    axes : (str, str)
        Titles from left to right and from bottom to top.
    """
    shown = tuple(who for who in WHO if who in called)
    tables = {who: table[table["who"] == who].assign(named=called[who]) for who in shown}
    return _scatter(shown).filled(
        words, {**tables, "bounds": pd.DataFrame({"bound": _BOUNDS})},
        names=[called[who] for who in shown],
        across=textwrap.wrap(axes[0], _WIDE), along=textwrap.wrap(axes[1], _NARROW),
    )  # fmt: skip


@cache
def _scatter(shown: tuple[str, ...]) -> Sketch:
    """Sketch of the picture for these of `WHO`."""
    legend = alt.Legend(
        orient="bottom", direction="vertical", columns=1, labelLimit=300, symbolOpacity=1
    )

    def by(values: dict[str, str]) -> dict[str, Any]:
        scale = alt.Scale(domain=[place("names")], range=[values[who] for who in shown])
        return {"field": "named", "type": "nominal", "sort": [place("names")], "title": None,
                "scale": scale, "legend": legend}  # fmt: skip

    # The region itself is drawn last, so that no other lies on it.
    marks = [
        alt.Chart(rows(who))
        .mark_point(filled=True, size=_SIZES[who], opacity=_OPACITIES[who])
        .encode(
            x=alt.X("newcomers:Q", title=[place("across")], scale=_scale(), axis=_axis()),
            y=alt.Y("supply:Q", title=[place("along")], scale=_scale(), axis=_axis()),
            tooltip=alt.Tooltip("text:N", title=" "),
            color=alt.Color(**by(_COLOURS)), shape=alt.Shape(**by(_SHAPES)),
        )
        for who in reversed(shown)
    ]  # fmt: skip
    lines = alt.Chart(rows("bounds")).mark_rule(color=_GREY, strokeDash=[3, 4], opacity=0.8)
    across, along = lines.encode(x="bound:Q"), lines.encode(y="bound:Q")
    return Sketch.of(alt.layer(across, along, *marks).properties(height=_HEIGHT))


def _scale() -> alt.Scale:
    return alt.Scale(domain=[0, 100], nice=False, padding=6)


def _axis() -> alt.Axis:
    return alt.Axis(grid=False, values=[0, 25, 50, 75, 100])
