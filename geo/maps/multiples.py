"""Many small maps of the same regions on one sheet, each with a legend of its own.

All measures are points (1/72 inch).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.maps.furniture import SMALL, Column, blank, legend, scale_bar
from geo.maps.page import GAP, MARGIN, foot, head
from geo.maps.paint import QUIET, Pen, paint
from layers.errors import PotenzialatlasError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from geo.maps.ground import Drawing
    from geo.maps.sheet import MapSheet

__all__ = ["MultipleSheet", "draw_multiples"]

#: Width of an A4 page.
_WIDTH = 595.0
#: Width of the legend beside a small map, and the gap between them.
_BESIDE, _NEAR = 82.0, 3.0
#: Ratio of height to width that a small map may have.
_TALL = 1.5
#: With more maps than this there are three to a row, not two.
_FEW = 4
_TITLE, _LEGEND = 7.2, 5.5


@dataclass(frozen=True, kw_only=True)
class MultipleSheet:
    """Small maps with a common heading; of each sheet the sources and the footer are left out.

    Attributes
    ----------
    subtitle : str
        How the maps are to be read.
    sources, footer, description : sequence of str, str, str
        As of `MapSheet`, for all maps together.
    """

    maps: Sequence[MapSheet]
    title: str
    subtitle: str = ""
    sources: Sequence[str] = ()
    footer: str = ""
    description: str = ""
    language: str = "de"

    def __post_init__(self) -> None:
        """Refuse a sheet without maps."""
        if not self.maps:
            raise PotenzialatlasError("map: a sheet of small maps needs at least one map.")


def draw_multiples(sheet: MultipleSheet) -> Figure:
    """Lay out small maps, row by row."""
    count = 2 if len(sheet.maps) <= _FEW else 3
    rows = [sheet.maps[at : at + count] for at in range(0, len(sheet.maps), count)]
    room = (_WIDTH - 2 * MARGIN - (count - 1) * GAP) / count
    # The first time on waste paper, to learn how high the sheet must be.
    _, waste = blank(1, 1)
    height = math.ceil(2 * MARGIN - _set(sheet, rows, room, waste, 0.0, drawn=False))
    figure, axes = blank(_WIDTH, height)
    _set(sheet, rows, room, axes, height - MARGIN, drawn=True)
    return figure


def _set(
    sheet: MultipleSheet, rows: Sequence[Sequence[MapSheet]], room: float, axes: Any, top: float,
    *, drawn: bool,
) -> float:  # fmt: skip
    """Set the sheet from `top` downwards, the maps only if `drawn`; returns where it ends."""
    column = Column(axes, MARGIN, top, _WIDTH - 2 * MARGIN)
    head(column, sheet.title, sheet.subtitle)
    drawing = _drawing(rows[0][0], room)
    for row in rows:
        column.top = _row(row, room, axes, column.top - GAP, drawn=drawn)
    scale_bar(
        axes, drawing, MARGIN, column.top - GAP, language=sheet.language, size=_LEGEND
    )  # fmt: skip
    column.top -= 2 * GAP
    foot(column, sheet.sources, sheet.footer)
    return column.top


def _row(
    row: Sequence[MapSheet], room: float, axes: Any, top: float, *, drawn: bool
) -> float:  # fmt: skip
    """Set one row of maps, their upper edges in line; returns where the lowest ends."""
    places = [MARGIN + at * (room + GAP) for at in range(len(row))]
    heads = [Column(axes, x, top, room) for x in places]
    for sheet, column in zip(row, heads, strict=True):
        column.text(sheet.title, _TITLE, bold=True, after=0.5)
        column.text(sheet.subtitle, SMALL, colour=QUIET)
    below = min(column.top for column in heads) - 4
    ends = [
        _map(sheet, room, axes, x, below, drawn=drawn) for sheet, x in zip(row, places, strict=True)
    ]
    return min(ends)


def _map(
    sheet: MapSheet, room: float, axes: Any, x: float, top: float, *, drawn: bool
) -> float:  # fmt: skip
    drawing = _drawing(sheet, room)
    if drawn:
        paint(sheet, drawing, Pen(axes, round(x, 1), round(top - drawing.height, 1)))
    column = Column(axes, x + room - _BESIDE, top - 0.25 * drawing.height, _BESIDE)
    legend(sheet, column, _LEGEND)
    return min(top - drawing.height, column.top)


def _drawing(sheet: MapSheet, room: float) -> Drawing:
    wide = room - _BESIDE - _NEAR
    return sheet.ground.drawing(wide, wide * _TALL)
