"""What stands around a map: lines of text, legend and scale bar.

All measures are points (1/72 inch).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from geo.maps import lettering
from geo.maps.ground import as_path
from geo.maps.paint import (
    INK,
    MISSING_FILL,
    MISSING_LINE,
    OUTSIDE_EDGE,
    OUTSIDE_FILL,
    PAPER,
    QUIET,
    Pen,
    dimmed,
    edge_colour,
    hatch_colour,
    hatched,
)
from geo.maps.sheet import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from geo.maps.ground import Drawing
    from geo.maps.sheet import MapSheet

__all__ = ["LABEL", "SMALL", "Column", "blank", "legend", "letter", "scale_bar", "scale_length"]

#: Usual sizes of letters: of the legend, and of small print.
LABEL, SMALL = 7.0, 5.6
#: Distance of base lines, in font sizes.
_LEADING = 1.32
#: Width and height of a colour in the legend, and distance of its rows, in font sizes.
_SWATCH, _ROW = (2.2, 1.28), 1.8
#: Share of the map's width that the scale bar may take.
_BAR = 0.2
_KM = 1000


@dataclass
class Column:
    """Text that is set from the top downwards."""

    axes: Any
    x: float
    top: float
    room: float

    def text(
        self, text: str, size: float, *, bold: bool = False, colour: str = INK, after: float = 0.0
    ) -> None:
        """Set lines, and leave `after` points below them."""
        for line in lettering.lines(text, size, self.room, bold=bold):
            self.top -= size * _LEADING
            letter(self.axes, self.x, self.top + 0.3 * size, line, size, bold=bold, colour=colour)
        self.top -= after


def letter(
    axes: Any, x: float, y: float, text: str, size: float, *, bold: bool = False,
    colour: str = INK, align: str = "left",
) -> None:  # fmt: skip
    """Set one line; `y` is its base line."""
    axes.text(
        x, y, text, fontproperties=lettering.font(size, bold=bold), color=colour,
        horizontalalignment=align, verticalalignment="baseline", parse_math=False, clip_on=False,
    )  # fmt: skip


def blank(width: float, height: float) -> tuple[Figure, Any]:
    """Return white paper of so many points, and axes all over it whose unit is a point."""
    from matplotlib.figure import Figure

    width, height = round(width, 1), round(height, 1)
    figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    return figure, axes


def legend(sheet: MapSheet, column: Column, size: float = LABEL) -> None:
    """Set the legend: classes with bounds and counts, then what is not in a class."""
    if not sheet.classes:
        return
    if sheet.legend_title:
        column.text(sheet.legend_title, size, bold=True, after=0.4 * size)
    if sheet.count_title:
        right = column.x + column.room
        letter(
            column.axes, right, column.top - size, sheet.count_title, SMALL, colour=QUIET,
            align="right",
        )  # fmt: skip
        column.top -= size + 2
    # The highest first, as in the app.
    for one in reversed(sheet.classes):
        # Only the palest need a frame on white paper.
        frame = edge_colour(one.colour)
        edge = "none" if frame == PAPER else frame
        _row(column, size, one.label, one.count, colour=one.colour, edge=edge)
    _beyond(sheet, column, size)
    if sheet.note:
        column.top -= 4
        column.text(sheet.note, SMALL, colour=QUIET)


def scale_bar(
    axes: Any, drawing: Drawing, x: float, y: float, *, language: str, size: float = LABEL
) -> None:  # fmt: skip
    """Draw a bar of a round length; metres of UTM are true to 0.2 % in all of Germany."""
    metres, long = scale_length(drawing)
    ends = [(x, y + 0.5 * size), (x, y), (x + long, y), (x + long, y + 0.5 * size)]
    middle = [(x + long / 2, y), (x + long / 2, y + 0.3 * size)]
    Pen(axes, 0, 0).strokes([ends, middle], colour=INK, line=0.1 * size)
    key, shown = ("scale", metres / _KM) if metres >= _KM else ("scale_metres", metres)
    text = word(key, language).format(length=f"{shown:.0f}")
    letter(axes, x + long + 0.6 * size, y, text, size, colour=QUIET)


def scale_length(drawing: Drawing) -> tuple[float, float]:
    """Length of the scale bar of a drawing, in metres and in points."""
    metres = _round_length(drawing.width / drawing.scale * _BAR)
    return metres, metres * drawing.scale


def _beyond(sheet: MapSheet, column: Column, size: float) -> None:
    """Rows of what has no class, and of classes that are unsure."""
    language = sheet.language
    if sheet.missing:
        column.top -= 0.4 * size
        _row(
            column, size, sheet.missing_label or word("missing", language), sheet.missing,
            colour=MISSING_FILL, lines=MISSING_LINE, steep=False,
        )  # fmt: skip
    if sheet.outside:
        pale = [dimmed(one.colour) for one in sheet.classes] if sheet.paled else []
        _row(
            column, size, sheet.outside_label or word("outside", language), sheet.outside,
            colour=OUTSIDE_FILL, edge=OUTSIDE_EDGE, stripes=pale,
        )  # fmt: skip
    if sheet.doubt is not None:
        column.top -= 0.4 * size
        middle = sheet.classes[len(sheet.classes) // 2].colour
        _row(
            column, size, sheet.doubt_label or word("doubt", language), sheet.doubtful,
            colour=middle, lines=hatch_colour(middle),
        )  # fmt: skip


def _row(
    column: Column, size: float, label: str, count: int, *, colour: str, edge: str = "none",
    lines: str = "", steep: bool = True, stripes: Sequence[str] = (),
) -> None:  # fmt: skip
    wide, tall = _SWATCH[0] * size, _SWATCH[1] * size
    top = column.top - 0.14 * size
    box = shapely.box(column.x, top - tall, column.x + wide, top)
    pen = Pen(column.axes, 0, 0)
    pen.fill([as_path(box)], colour=colour, edge=edge, line=0.5)
    for at, stripe in enumerate(stripes):
        step = wide / len(stripes)
        left = column.x + at * step
        pen.fill([as_path(shapely.box(left, top - tall, left + step, top))], colour=stripe, line=0)
    if lines:
        pen.strokes(hatched(box, steep=steep), colour=lines, line=0.08 * size)
    number, gap = f"{count}", 0.55 * size
    right = column.x + column.room
    letter(column.axes, right, column.top - 1.14 * size, number, size, colour=QUIET, align="right")
    room = column.room - wide - 2 * gap - lettering.width(number, size)
    words = Column(column.axes, column.x + wide + gap, column.top - 0.1 * size, room)
    words.text(label, size)
    column.top = min(column.top - _ROW * size, words.top - 0.3 * size)


def _round_length(metres: float) -> float:
    """Return the greatest of 1, 2, 5, 10, 20 ... that is not above `metres`."""
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)
