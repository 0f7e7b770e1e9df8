"""Pictures of single cells: a classed PNG on the grid itself, with borders, dots and names over it.

Pictures keep the projection of the grid (EPSG:3035): every cell is a square, and nothing is
resampled. What is drawn over the cells is given in units of cells from the north-western corner of
the picture, x to the east and y to the south.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.access.rasters import FILE
from geo.rasters.census import render
from geo.rasters.closeup import BOTH, MISSING, PEOPLE, STOP, STOP_LISTS, TOWN, measures
from geo.rasters.population import CELL, CRS, PopulationGrid

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from affine import Affine
    from numpy.typing import NDArray

    from geo.rasters.closeup import Closeup

__all__ = [
    "Frame", "Label", "areas", "borders", "clip", "corner", "dots", "edge", "frame", "image",
    "labels", "no_areas", "outline", "pixels", "places",
]  # fmt: skip

#: Pixels of the longer side of a picture, at least; cells stay crisp when it is made smaller.
_PIXELS = 1_400
#: Cells around the area.
_MARGIN = 2
#: Share of a cell that a border may be off when it is drawn with fewer points.
_FINENESS = 0.15
_MISSING, _MISSING_LINE = (150, 150, 150, 255), (95, 95, 95, 255)
#: Distance and width of the hatch of missing cells, in pixels.
_STEP, _LINE = 6, 2
_NOBODY = 255
_MAJOR = "Oberzentrum"
#: Steps of ``access.tif`` up to which the place may lie in the cell: half its diagonal.
_INSIDE = 4


@dataclass(frozen=True)
class Frame:
    """Part of the grid that a picture shows.

    Attributes
    ----------
    transform : Affine
        From (column, row) of the picture to metres in EPSG:3035.
    columns, rows : int
        Cells.
    """

    transform: Affine
    columns: int
    rows: int

    def inside(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn metres, an array of shape (n, 2), into cells from the corner."""
        first = np.array([self.transform.c, self.transform.f])
        return np.asarray((points - first) / np.array([CELL, -CELL]))


class Label(NamedTuple):
    """A place with its name."""

    name: str
    x: float
    y: float
    is_major: bool


def areas(boundaries: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Bring boundaries onto the grid's projection, by region."""
    return boundaries.geometry.to_crs(CRS)


def no_areas() -> gpd.GeoSeries:
    """Return no shapes at all, for data without boundaries."""
    import geopandas as gpd

    return gpd.GeoSeries([], index=pd.Index([], dtype="str"), crs=CRS)


def frame(closeup: Closeup, shapes: gpd.GeoSeries) -> Frame:
    """Return the frame that holds all cells and shapes of an area, with a margin."""
    from affine import Affine

    origin = closeup.surface.transform
    top, left, rows, columns = closeup.window
    ends = np.array([left, top, left + columns, top + rows], np.float64)
    if len(shapes):
        west, south, east, north = shapes.total_bounds
        drawn = np.array([west - origin.c, origin.f - north, east - origin.c, origin.f - south])
        drawn /= CELL
        ends = np.concatenate([np.minimum(ends[:2], drawn[:2]), np.maximum(ends[2:], drawn[2:])])
    first = np.floor(ends[:2]).astype(int) - _MARGIN
    last = np.ceil(ends[2:]).astype(int) + _MARGIN
    moved = origin @ Affine.translation(int(first[0]), int(first[1]))
    return Frame(moved, int(last[0] - first[0]), int(last[1] - first[1]))


def image(closeup: Closeup, measure: str, limit: float, shown: Frame, *, dark: bool) -> bytes:
    """Return the cells as PNG; see `pixels`."""
    from affine import Affine
    from rasterio.io import MemoryFile

    drawn = pixels(closeup, measure, limit, shown, dark=dark)
    height, width = drawn.shape[:2]
    scaled = shown.transform @ Affine.scale(shown.columns / width)
    profile = {"driver": "PNG", "count": 4, "dtype": "uint8", "transform": scaled}
    with MemoryFile() as memory:
        with memory.open(**profile, height=height, width=width) as file:
            file.write(drawn.transpose(2, 0, 1))
        return bytes(memory.read())


def pixels(
    closeup: Closeup, measure: str, limit: float, shown: Frame, *, dark: bool
) -> NDArray[np.uint8]:
    """Return the cells in the colours of their classes, transparent where nobody lives.

    Parameters
    ----------
    dark : bool
        Whether the picture lies on dark paper.

    Returns
    -------
    array of shape (height, width, 4)
        Red, green, blue, opacity; each cell takes the same whole number of pixels either way.
    """
    one = measures()[measure]
    codes = _placed(closeup, closeup.codes(measure, limit).astype(np.int16), shown, _NOBODY)
    size = max(1, -(-_PIXELS // max(codes.shape)))
    codes = codes.repeat(size, axis=0).repeat(size, axis=1)
    colours = np.zeros((_NOBODY + 1, 4), np.uint8)
    for code, colour in enumerate(one.dark if dark else one.light):
        colours[code] = (*bytes.fromhex(colour[1:]), 255)
    drawn: NDArray[np.uint8] = colours[np.maximum(codes, 0)]
    is_missing = codes == MISSING
    drawn[is_missing] = _MISSING
    down, right = np.indices(codes.shape)
    drawn[is_missing & ((down + right) % _STEP < _LINE)] = _MISSING_LINE
    return drawn


def outline(shapes: gpd.GeoSeries, shown: Frame) -> NDArray[np.object_]:
    """Polygons of an area in cells of the picture, with fewer points."""
    if shapes.empty:
        return np.empty(0, dtype=object)
    simple = shapely.coverage_simplify(shapes.to_numpy(), _fineness(shown))
    return np.asarray(shapely.transform(simple, shown.inside))


def edge(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Lines around polygons of `outline` taken together."""
    return np.asarray(shapely.get_parts(shapely.boundary(shapely.union_all(polygons))))


def borders(shapes: gpd.GeoSeries, shown: Frame) -> NDArray[np.object_]:
    """Lines between all regions that the picture touches, cut at its edge, in cells."""
    west, north = shown.transform.c, shown.transform.f
    box = (west, north - shown.rows * CELL, west + shown.columns * CELL, north)
    near = shapes[shapes.intersects(shapely.box(*box)).to_numpy()]
    if near.empty:
        return np.empty(0, dtype=object)
    simple = shapely.coverage_simplify(near.to_numpy(), _fineness(shown))
    lines = shapely.line_merge(shapely.union_all(shapely.boundary(simple)))
    cut = shapely.get_parts(shapely.clip_by_rect(lines, *box))
    return np.asarray(shapely.transform(cut, shown.inside))


def labels(closeup: Closeup, shown: Frame) -> list[Label]:
    """Central places of the area, the most important first."""
    centres = closeup.surface.centres
    mine = centres[_lived_in(closeup, centres[["x", "y"]].to_numpy(np.float64))]
    points = shown.inside(mine[["x", "y"]].to_numpy(np.float64))
    return [
        Label(name, float(x), float(y), level == _MAJOR)
        for name, level, (x, y) in zip(mine["name"], mine["level"], points, strict=True)
    ]


def dots(closeup: Closeup, kind: str, shown: Frame) -> NDArray[np.float64]:
    """About where places of one kind lie in the picture, x and y in cells.

    In the picture of a Land only its own; a Kreis may have its nearest place next door.

    The publishers' lists are not kept, but the distances give them away: a place lies in the cell
    that is nearer to one than all cells around it. Of places less than 1.5 km apart some are lost.

    Returns
    -------
    array of shape (n, 2)
        Centres of cells, all within the frame.
    """
    surface = closeup.surface
    middle = _given_away(surface.folder, STOP_LISTS if kind == STOP else (kind,))
    metres = middle * (CELL, -CELL) + (surface.transform.c, surface.transform.f)
    if not closeup.is_kreis:
        metres = metres[_lived_in(closeup, metres)]
    cells = shown.inside(metres)
    return cells[((cells >= 0) & (cells <= (shown.columns, shown.rows))).all(axis=1)]


@lru_cache(maxsize=8)
def _given_away(folder: Path, lists: tuple[str, ...]) -> NDArray[np.float64]:
    """Centres of the cells nearest to places of all of Germany: column and row, shape (n, 2)."""
    import rasterio
    from scipy import ndimage

    with rasterio.open(folder / FILE) as file:
        bands = file.read([file.descriptions.index(one) + 1 for one in lists])
    steps = np.where(bands < 0, np.iinfo(np.int16).max, bands).min(axis=0)
    lowest = (steps == ndimage.minimum_filter(steps, size=3)) & (steps <= _INSIDE)
    found, count = ndimage.label(lowest, structure=np.ones((3, 3)))
    middle = np.array(ndimage.center_of_mass(lowest, found, range(1, count + 1)))
    return np.asarray(middle.reshape(-1, 2)[:, ::-1] + 0.5)


def clip(closeup: Closeup, measure: str, limit: float) -> bytes:
    """Return the cells of the area as GeoTIFF on the grid, for a GIS.

    Bands are people and the measure in km; ``both`` has a band for each of the two distances and
    one for the class (0 near both, 1 far from the train stop alone, 2 far from town alone, 3 far
    from both).
    """
    kinds = [STOP, TOWN] if measure == BOTH else [measure]
    values = {kind: closeup.values(kind) for kind in (PEOPLE, *kinds)}
    if measure == BOTH:
        values[BOTH] = closeup.codes(BOTH, limit).astype(np.float64)
    bands = {
        kind: closeup.placed(one.astype(np.float32), np.nan) for kind, one in values.items()
    }  # fmt: skip
    people = bands[PEOPLE]
    surface = closeup.surface
    none = np.zeros(people.shape)
    grid = PopulationGrid(
        people, closeup.transform, CRS, none.astype(np.int32), none.astype(np.bool_), surface.year
    )  # fmt: skip
    known = measures()
    years = {kind: known[kind].year or surface.year for kind in bands}
    return render(
        grid, bands, surface.attribution, nodata=np.nan, overviews=False, years=years
    )  # fmt: skip


def corner(closeup: Closeup, shown: Frame) -> tuple[int, int]:
    """Column and row of the grid at which the picture begins."""
    whole, part = closeup.surface.transform, shown.transform
    return round((part.c - whole.c) / CELL), round((whole.f - part.f) / CELL)


def places(closeup: Closeup, shown: Frame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Column and row of each cell in the picture."""
    left, top = corner(closeup, shown)
    rows, columns = (closeup.cells[one].to_numpy(np.int64) for one in ("row", "column"))
    return columns - left, rows - top


def _lived_in(closeup: Closeup, metres: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points lie in a populated cell of the area."""
    origin, stride = closeup.surface.transform, 1 << 16
    column, row = np.floor((metres - (origin.c, origin.f)) / (CELL, -CELL)).astype(np.int64).T
    mine = closeup.cells["row"].to_numpy(np.int64) * stride + closeup.cells["column"]
    return np.isin(row * stride + column, mine)


def _placed(closeup: Closeup, values: NDArray[Any], shown: Frame, empty: int) -> NDArray[Any]:
    """Put one value per cell into an array of the whole frame."""
    column, row = places(closeup, shown)
    array = np.full((shown.rows, shown.columns), empty, values.dtype)
    array[row, column] = values
    return array


def _fineness(shown: Frame) -> float:
    """Metres that a border may be off: more in a picture of many cells."""
    return _FINENESS * CELL * max(1.0, max(shown.columns, shown.rows) / 100)
