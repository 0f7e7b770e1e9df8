"""The layout of a printed map: heading, map, legend, scale bar and sources on one sheet.

All measures are points (1/72 inch).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geo.maps.furniture import SMALL, Column, blank, legend, scale_bar
from geo.maps.paint import QUIET, Pen, paint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from geo.maps.ground import Drawing
    from geo.maps.sheet import MapSheet

__all__ = ["GAP", "MAP_BOX", "MARGIN", "draw", "foot", "head"]

MARGIN, GAP = 18.0, 14.0
_WIDTH, _LEGEND = 510.0, 138.0
#: Greatest width and height of the map.
MAP_BOX = _WIDTH - 2 * MARGIN - GAP - _LEGEND, 500.0
_TITLE, _SUBTITLE = 13.0, 8.0
#: White around a map that stands alone, so that its borders are not cut.
_BARE = 2.0


def draw(
    sheet: MapSheet, *, bare: bool = False, box: tuple[float, float] = MAP_BOX
) -> Figure:  # fmt: skip
    """Lay out a sheet.

    Parameters
    ----------
    bare : bool
        The map alone, without any words: a locator map, say.
    box : (float, float)
        Greatest width and height of the map in points; a small one has fewer bends to draw.
    """
    drawing = sheet.ground.drawing(*box)
    if bare:
        figure, axes = blank(drawing.width + 2 * _BARE, drawing.height + 2 * _BARE)
        paint(sheet, drawing, Pen(axes, _BARE, _BARE))
        return figure
    width = drawing.width + 2 * MARGIN + GAP + _LEGEND
    height, body = _heights(sheet, drawing, width)
    figure, axes = blank(width, height)
    column = Column(axes, MARGIN, height - MARGIN, width - 2 * MARGIN)
    head(column, sheet.title, sheet.subtitle)
    top = column.top - GAP
    ground = round(top - body, 1)
    paint(sheet, drawing, Pen(axes, MARGIN, ground), named=True)
    side = Column(axes, width - MARGIN - _LEGEND, top, _LEGEND)
    legend(sheet, side)
    scale_bar(axes, drawing, side.x, ground + 2, language=sheet.language)
    foot(Column(axes, MARGIN, ground - GAP, width - 2 * MARGIN), sheet.sources, sheet.footer)
    return figure


def head(column: Column, title: str, subtitle: str) -> None:
    """Set title and subtitle."""
    column.text(title, _TITLE, bold=True, after=1.5)
    column.text(subtitle, _SUBTITLE, colour=QUIET)


def foot(column: Column, sources: Sequence[str], footer: str) -> None:
    """Set the small print: sources, then what made the map."""
    for one in (*sources, footer):
        column.text(one, SMALL, colour=QUIET, after=1.5)


def _heights(sheet: MapSheet, drawing: Drawing, width: float) -> tuple[float, float]:
    """Heights of the sheet and of its map: what the words take, measured on waste paper."""
    _, axes = blank(1, 1)
    words = Column(axes, 0, 0, width - 2 * MARGIN)
    head(words, sheet.title, sheet.subtitle)
    foot(words, sheet.sources, sheet.footer)
    side = Column(axes, 0, 0, _LEGEND)
    legend(sheet, side)
    # Below the legend stands the scale bar.
    body = max(drawing.height, -side.top + 2 * GAP)
    return math.ceil(body - words.top + 2 * (GAP + MARGIN) - 4), body
