"""Painting regions: fills, hatches and borders, as lines of our own so that all formats agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.maps.ground import radius
from geo.maps.sheet import MISSING, OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from geo.maps.ground import Drawing
    from geo.maps.sheet import MapSheet

__all__ = [
    "INK", "MISSING_FILL", "MISSING_LINE", "OUTSIDE_EDGE", "OUTSIDE_FILL", "PAPER", "QUIET", "Pen",
    "dimmed", "edge_colour", "hatch_colour", "hatched", "paint",
]  # fmt: skip

PAPER, INK, QUIET = "#ffffff", "#20272c", "#5a6166"
MISSING_FILL, MISSING_LINE = "#dcdad5", "#8d9194"
OUTSIDE_FILL, OUTSIDE_EDGE = "#f2f0eb", "#d5d2cb"
_HIGHLIGHT = "#c1272d"
#: Share of its colour that a region outside the selection keeps.
_DIM = 0.25
#: Distance and width of hatching lines, in points.
_STEP, _LINE = 2.4, 0.55
#: Width of a map, in points, from which borders have their full width.
_FULL = 300.0
_BORDER, _OUTLINE = 0.35, 0.6
#: A highlighted region with a smaller circle gets a ring as well.
_RINGED, _RING = 4.0, 9.0
#: Brightness (0 to 1) from which a hatch must be darker than the colour below it.
_BRIGHT = 0.55
#: Brightness from which a white border could not be seen.
_PALE = 0.92


@dataclass(frozen=True)
class Pen:
    """Where to paint: on `axes` whose unit is a point, with `x`, `y` the lower left corner."""

    axes: Any
    x: float
    y: float

    def fill(self, paths: Iterable[Any], *, colour: str, edge: str = "none", line: float) -> Any:
        """Paint areas in one colour, each with its border."""
        from matplotlib.patches import PathPatch

        patch = PathPatch(
            _joined(paths), facecolor=colour, edgecolor=edge,
            linewidth=0 if edge == "none" else line, joinstyle="round",
        )  # fmt: skip
        return self._add(patch)

    def strokes(self, runs: Iterable[Any], *, colour: str, line: float) -> Any:
        """Draw lines, each an array of points, as one path."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        paths = [Path(np.asarray(run) + np.array([self.x, self.y])) for run in runs]
        patch = PathPatch(
            _joined(paths), fill=False, edgecolor=colour, linewidth=line,
            capstyle="round", joinstyle="round",
        )  # fmt: skip
        return self._add(patch)

    def _add(self, artist: Any) -> Any:
        self.axes.add_artist(artist)
        artist.set_clip_on(False)
        return artist


def _joined(paths: Iterable[Any]) -> Any:
    """Return paths as one, of which no point is left out on the way to a file."""
    from matplotlib.path import Path

    joined = Path.make_compound_path(*paths)
    joined.should_simplify = False
    return joined


def paint(sheet: MapSheet, drawing: Drawing, pen: Pen, *, named: bool = False) -> None:
    """Paint the regions of a sheet.

    Parameters
    ----------
    named : bool
        Whether each region carries its key as id, for those who go on working in an SVG.
    """
    thin = min(1.0, drawing.width / _FULL)
    colours = [_colour(sheet, at) for at in range(len(sheet.codes))]
    paths = drawing.paths(pen.x, pen.y)
    for members, colour, edge in _fills(sheet, drawing, colours, named=named):
        patch = pen.fill([paths[at] for at in members], colour=colour, edge=edge,
                         line=_BORDER * thin)  # fmt: skip
        if named:
            patch.set_gid(f"region-{sheet.ground.shapes.index[members[0]]}")
    for runs, colour in _hatches(sheet, drawing, colours):
        pen.strokes(runs, colour=colour, line=_LINE * max(thin, 0.6))
    pen.strokes(points_of(drawing.outlines), colour=INK, line=_OUTLINE * max(thin, 0.5))
    if sheet.highlight:
        _highlight(sheet, drawing, pen, thin)


def _fills(
    sheet: MapSheet, drawing: Drawing, colours: list[str], *, named: bool
) -> Iterator[tuple[list[int], str, str]]:
    """Regions that are painted alike with fill and border, or each by itself if they are named.

    Tiny regions come last and without a border, or those of their neighbours would leave little of
    them.
    """
    alike: dict[tuple[bool, str, str, int], list[int]] = {}
    for at in np.argsort(drawing.tiny, kind="stable").tolist():
        tiny, colour = bool(drawing.tiny[at]), colours[at]
        edge = OUTSIDE_EDGE if sheet.codes[at] == OUTSIDE else edge_colour(colour)
        key = tiny, colour, "none" if tiny else edge, at if named else 0
        alike.setdefault(key, []).append(at)
    for (_, colour, edge, _), members in alike.items():
        yield members, colour, edge


def hatched(shapes: Any, *, steep: bool) -> NDArray[np.float64]:
    """Lines at 45 degrees across polygons that do not overlap, rising to the right if `steep`.

    Every line is cut at the edges that it crosses; between the first and the second crossing it
    runs inside, between the third and the fourth, and so on. All lines lie on one grid of the
    paper, so that those of neighbours meet.

    Returns
    -------
    array of shape (lines, 2, 2)
        Start and end of each piece.
    """
    # Turned by 45 degrees, the lines are level: along is the direction of a line, across its level.
    lean = 1.0 if steep else -1.0
    starts, ends = _edges(shapes)
    from_across, to_across = starts[:, 1] - lean * starts[:, 0], ends[:, 1] - lean * ends[:, 0]
    step = _STEP * np.sqrt(2)
    # Half-open, so that a line through a corner crosses one of the two edges that meet there.
    first = np.ceil(np.minimum(from_across, to_across) / step).astype(int)
    count = np.ceil(np.maximum(from_across, to_across) / step).astype(int) - first
    edge = np.repeat(np.arange(len(starts)), count)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    level = (first[edge] + nth) * step
    share = (level - from_across[edge]) / (to_across[edge] - from_across[edge])
    points = starts[edge] + share[:, None] * (ends[edge] - starts[edge])
    order = np.lexsort([points[:, 0], level])
    return np.asarray(np.round(points[order], 2).reshape(-1, 2, 2))


def points_of(lines: Iterable[Any]) -> list[NDArray[np.float64]]:
    """Coordinates of each line."""
    return [shapely.get_coordinates(line) for line in lines]


def _edges(shapes: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Start and end of every edge of polygons."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    return points[:-1][same], points[1:][same]


def _colour(sheet: MapSheet, at: int) -> str:
    code = sheet.codes[at]
    if code == OUTSIDE:
        return OUTSIDE_FILL
    colour = MISSING_FILL if code == MISSING else sheet.classes[code].colour
    return dimmed(colour) if sheet.dim is not None and sheet.dim[at] else colour


def dimmed(colour: str) -> str:
    """Colour of a class outside the selection."""
    return _mixed(colour, PAPER, _DIM)


def _hatches(
    sheet: MapSheet, drawing: Drawing, colours: list[str]
) -> Iterator[tuple[NDArray[np.float64], str]]:
    """Lines over regions without a value and over those of unsure class, with their colour."""
    codes, shades = np.asarray(sheet.codes), np.asarray(colours)
    kinds = [(codes == MISSING, False)]
    if sheet.doubt is not None:
        kinds.append((np.asarray(sheet.doubt) & (codes >= 0), True))
    for there, steep in kinds:
        for colour in np.unique(shades[there]):
            line = hatch_colour(str(colour)) if steep else MISSING_LINE
            yield hatched(drawing.shapes[there & (shades == colour)], steep=steep), line


def hatch_colour(colour: str) -> str:
    """Colour of hatching lines that can be seen on `colour`."""
    if _brightness(colour) > _BRIGHT:
        return _mixed(INK, colour, 0.38)
    return _mixed(PAPER, colour, 0.85)


def edge_colour(colour: str) -> str:
    """Colour of a thin border: white, but where that would be lost on the paper's own tone."""
    return _mixed(INK, colour, 0.16) if _brightness(colour) > _PALE else PAPER


def _brightness(colour: str) -> float:
    red, green, blue = _parts(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def _highlight(sheet: MapSheet, drawing: Drawing, pen: Pen, thin: float) -> None:
    shape = drawing.shapes[sheet.ground.shapes.index.get_loc(sheet.highlight)]
    edges = points_of(shapely.get_rings(shapely.get_parts(shape)))
    if radius(shape) < _RINGED:
        centre = shapely.get_point(shapely.maximum_inscribed_circle(shape, tolerance=0.1), 0)
        edges += points_of([shapely.get_exterior_ring(shapely.buffer(centre, _RING))])
    pen.strokes(edges, colour=PAPER, line=2.6 * max(thin, 0.6))
    pen.strokes(edges, colour=_HIGHLIGHT, line=1.3 * max(thin, 0.6))


def _mixed(colour: str, other: str, share: float) -> str:
    """Mix `share` of a colour with another."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(share * one + (1 - share) * two):02x}" for one, two in pairs)


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
