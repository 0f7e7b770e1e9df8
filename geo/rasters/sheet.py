"""A picture of cells to print: with title, legend, scale and sources, as PNG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from geo.maps import lettering
from geo.maps.files import to_file
from geo.maps.furniture import LABEL, SMALL, Column, blank, letter
from geo.maps.ground import as_path
from geo.maps.paint import INK, OUTSIDE_FILL, PAPER, QUIET, Pen, points_of
from geo.rasters.picture import edge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.rasters.picture import Label

__all__ = ["CellSheet", "SheetRow", "render"]

#: Greatest width and height of the picture, width of the legend, and room around, in points.
_BOX, _LEGEND, _ROOM = (360.0, 400.0), 150.0, 14.0
_TITLE = 12.0
_OUTLINE, _BORDER = 0.9, 0.35
#: Side of a dot, and of the mark of a central place.
_DOT, _PLACE = 2.2, 4.0
#: Width of the pale rim around letters and dots.
_RIM = 1.6
#: Radius of a number's circle.
_NUMBER = 5.0
_SWATCH = (15.0, 9.0)
_ROW = 14.0
#: Shares of the picture's width that the scale bar may take.
_BAR = 0.25


class SheetRow(NamedTuple):
    """One class of the legend: colour, bounds, people and share in words."""

    colour: str
    label: str
    people: str
    share: str


@dataclass(frozen=True, kw_only=True)
class CellSheet:
    """All that stands on the sheet; lengths of the picture are cells of 1 km from its corner.

    Attributes
    ----------
    pixels : array of shape (height, width, 4)
        Of `geo.rasters.picture.pixels`.
    ground, borders : array of polygons, array of lines
        The area, and all borders within the picture.
    dots : array of shape (n, 2)
        Stations.
    labels : sequence of Label
        Places, the most important first; one that would lie on another is left out.
    groups : sequence of (x, y)
        Groups of cells that `notes` speak of; numbered from 1.
    rows : sequence of SheetRow
        Legend, from the lowest class; the highest stands on top.
    heads : (str, str)
        Headings of people and share.
    notes, sources : sequence of str
        Small print beside and below the picture.
    """

    pixels: NDArray[np.uint8]
    columns: int
    cells_down: int
    ground: NDArray[np.object_]
    borders: NDArray[np.object_]
    dots: NDArray[np.float64]
    labels: Sequence[Label]
    groups: Sequence[tuple[float, float]]
    title: str
    subtitle: str
    rows: Sequence[SheetRow]
    heads: tuple[str, str]
    notes: Sequence[str]
    sources: Sequence[str]
    language: str
    description: str = ""


def render(sheet: CellSheet) -> bytes:
    """Return the sheet as PNG; the same sheet gives the same bytes."""
    scale = min(_BOX[0] / sheet.columns, _BOX[1] / sheet.cells_down)
    wide, tall = sheet.columns * scale, sheet.cells_down * scale
    width = wide + _LEGEND + 3 * _ROOM
    room = width - 2 * _ROOM
    foot = [line for one in sheet.sources for line in lettering.lines(one, SMALL, room)]
    head = _TITLE * 1.32 * len(lettering.lines(sheet.title, _TITLE, room, bold=True))
    head += LABEL * 1.32 * len(lettering.lines(sheet.subtitle, LABEL, room))
    legend = _ROW * (len(sheet.rows) + 2) + _small(sheet.notes)
    height = head + max(tall, legend) + SMALL * 1.32 * len(foot) + 4.5 * _ROOM
    figure, axes = blank(width, height)
    top = Column(axes, _ROOM, height - _ROOM, room)
    top.text(sheet.title, _TITLE, bold=True)
    top.text(sheet.subtitle, LABEL, colour=QUIET, after=_ROOM)
    _picture(sheet, axes, top.top, scale)
    _legend(sheet, Column(axes, wide + 2 * _ROOM, top.top, _LEGEND))
    bottom = Column(axes, _ROOM, _ROOM + SMALL * 1.32 * len(foot), room)
    bottom.text(" ".join(foot), SMALL, colour=QUIET)
    return to_file(
        figure, ".png", title=sheet.title, description=sheet.description, language=sheet.language
    )


def _small(notes: Sequence[str]) -> float:
    count = sum(len(lettering.lines(one, SMALL, _LEGEND)) for one in notes)
    return count * SMALL * 1.32 + len(notes) * 0.6 * SMALL


def _picture(sheet: CellSheet, axes: Any, top: float, scale: float) -> None:
    wide, tall = sheet.columns * scale, sheet.cells_down * scale
    left, low = _ROOM, top - tall

    def paper(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(points * (scale, -scale) + (left, top))

    pen = Pen(axes, 0, 0)
    ground = shapely.transform(sheet.ground, paper)
    if len(ground):
        pen.fill([as_path(one) for one in ground], colour=OUTSIDE_FILL, line=0)
    axes.imshow(
        sheet.pixels, extent=(left, left + wide, low, top), interpolation="nearest",
        aspect="auto", zorder=1, clip_on=False,
    )  # fmt: skip
    axes.set_xlim(0, axes.figure.get_size_inches()[0] * 72)
    axes.set_ylim(0, axes.figure.get_size_inches()[1] * 72)
    pen.strokes(points_of(shapely.transform(sheet.borders, paper)), colour=QUIET, line=_BORDER)
    if len(ground):
        pen.strokes(points_of(edge(ground)), colour=INK, line=_OUTLINE)
    if len(sheet.dots):
        x, y = paper(sheet.dots).T
        size = _DOT if scale > 1 else _DOT / 2
        for wider, colour in ((_RIM, PAPER), (0, INK)):
            axes.scatter(x, y, s=(size + wider) ** 2, color=colour, linewidths=0, zorder=2)
    _names(sheet, axes, paper, left + wide)
    _scale(sheet, axes, left, low, scale)


def _names(sheet: CellSheet, axes: Any, paper: Any, right: float) -> None:
    from matplotlib.patheffects import withStroke

    taken: list[Any] = []
    for number, place in enumerate(sheet.groups, start=1):
        at, base = paper(np.array([place]))[0]
        taken.append(shapely.box(at - _NUMBER, base - _NUMBER, at + _NUMBER, base + _NUMBER))
        axes.scatter(
            [at], [base], s=(2 * _NUMBER) ** 2, facecolor=PAPER, edgecolor=INK, linewidths=0.9,
            zorder=4,
        )  # fmt: skip
        axes.text(
            at, base - 0.36 * LABEL, f"{number}", fontproperties=lettering.font(LABEL, bold=True),
            color=INK, horizontalalignment="center", zorder=5,
        )  # fmt: skip
    for name, x, y, is_major in sheet.labels:
        at, base = paper(np.array([[x, y]]))[0]
        long = lettering.width(name, LABEL, bold=is_major)
        start = at + _PLACE if at + _PLACE + long <= right else at - _PLACE - long
        box = shapely.box(min(start, at - 2), base - 5, max(start + long, at + 2), base + 5)
        if any(box.intersects(other) for other in taken):
            continue
        taken.append(box)
        axes.scatter(
            [at], [base], s=_PLACE**2, marker="s" if is_major else "o", facecolor=PAPER,
            edgecolor=INK, linewidths=0.8, zorder=3,
        )  # fmt: skip
        text = axes.text(
            start, base - 0.35 * LABEL, name, fontproperties=lettering.font(LABEL, bold=is_major),
            color=INK, parse_math=False, zorder=4,
        )  # fmt: skip
        text.set_path_effects([withStroke(linewidth=_RIM, foreground=PAPER)])


def _scale(sheet: CellSheet, axes: Any, left: float, low: float, scale: float) -> None:
    """Draw a bar of a round number of km; the projection keeps lengths to 0.1 % in Germany."""
    steps = (1, 2, 5, 10, 20, 50, 100)
    long = max(one for one in steps if one == 1 or one <= sheet.columns * _BAR)
    base, end = low - 0.6 * _ROOM, left + long * scale
    ends = [(left, base + 3), (left, base), (end, base), (end, base + 3)]
    Pen(axes, 0, 0).strokes([ends], colour=INK, line=0.7)
    letter(axes, end + 4, base, f"{long} km", LABEL, colour=QUIET)


def _legend(sheet: CellSheet, column: Column) -> None:
    axes, right = column.axes, column.x + column.room
    people = right - 30
    column.top -= LABEL
    for x, word in zip((people, right), sheet.heads, strict=True):
        letter(axes, x, column.top, word, SMALL, colour=QUIET, align="right")
    column.top -= 4
    pen = Pen(axes, 0, 0)
    for row in reversed(sheet.rows):
        base = column.top - _SWATCH[1]
        swatch = shapely.box(column.x, base, column.x + _SWATCH[0], column.top)
        pen.fill([as_path(swatch)], colour=row.colour, edge=QUIET, line=0.3)
        room = people - lettering.width(row.people, LABEL) - column.x - _SWATCH[0] - 9
        lines = lettering.lines(row.label, LABEL, room)
        for number, line in enumerate(lines):
            y = base + 1.5 - number * LABEL * 1.25
            letter(axes, column.x + _SWATCH[0] + 5, y, line, LABEL)
        letter(axes, people, base + 1.5, row.people, LABEL, align="right")
        letter(axes, right, base + 1.5, row.share, LABEL, align="right")
        column.top -= _ROW + (len(lines) - 1) * LABEL * 1.25
    column.top -= 4
    for note in sheet.notes:
        column.text(note, SMALL, colour=QUIET, after=0.6 * SMALL)
