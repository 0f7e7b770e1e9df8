"""Rasters as exactextract reads them: window by window, over a frame that may be larger.

The frame covers all areas that are asked for. Cells of the frame beyond the raster are missing
ones, so that the share of an area that has a value counts what lies outside as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from exactextract.raster import RasterSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from affine import Affine

    from geo.rasters.geotiff import Bounds, Cells, Raster
    from geo.rasters.population import PopulationGrid

__all__ = ["Frame", "Measured", "People", "Reader", "frame_of"]

#: People are spread over cells of at most so many metres where grids do not match.
_FINE = 250.0


@dataclass(frozen=True)
class Frame:
    """A window of a raster in whole cells, which may begin before it and end behind it.

    Attributes
    ----------
    row, column : int
        Of its north-western cell, counted from that of the raster.
    """

    row: int
    column: int
    rows: int
    columns: int
    transform: Affine

    @property
    def bounds(self) -> Bounds:
        """West, south, east and north."""
        west, north = self.transform.c, self.transform.f
        south = north + self.rows * self.transform.e
        return (west, south, west + self.columns * self.transform.a, north)

    def scaled(self, factor: float) -> Frame:
        """Return the same frame in cells `factor` times as large."""
        from affine import Affine

        a, _, west, _, e, north = tuple(self.transform)[:6]
        return Frame(
            row=0, column=0, rows=round(self.rows / factor), columns=round(self.columns / factor),
            transform=Affine(a * factor, 0.0, west, 0.0, e * factor, north),
        )  # fmt: skip


def frame_of(raster: Raster, bounds: Bounds, multiple: int = 1) -> Frame:
    """Return the frame that holds `bounds`, in steps of `multiple` cells from the raster's corner.

    Parameters
    ----------
    bounds : west, south, east, north
        In the raster's coordinate reference system.
    """
    from affine import Affine

    a, _, west, _, e, north = tuple(raster.transform)[:6]
    step = (a * multiple, -e * multiple)
    left, right = (bounds[0] - west) / step[0], (bounds[2] - west) / step[0]
    top, bottom = (north - bounds[3]) / step[1], (north - bounds[1]) / step[1]
    column, row = multiple * math.floor(left), multiple * math.floor(top)
    return Frame(
        row=row,
        column=column,
        rows=max(multiple, multiple * math.ceil(bottom) - row),
        columns=max(multiple, multiple * math.ceil(right) - column),
        transform=Affine(a, 0.0, west + column * a, 0.0, e, north + row * e),
    )


class Reader:
    """Windows of a frame; the last one is kept, since each is asked for once per operation."""

    def __init__(self, raster: Raster, file: Any, frame: Frame) -> None:
        self.raster, self.file, self.frame = raster, file, frame
        self._asked: tuple[int, int, int, int] | None = None
        self._cells: Cells = np.ma.MaskedArray([[]])

    def read(self, column: int, row: int, columns: int, rows: int) -> Cells:
        """Read a window of the frame; cells beyond the raster are masked."""
        asked = (column, row, columns, rows)
        if asked != self._asked:
            self._cells, self._asked = self._read(*asked), asked
        return self._cells

    def _read(self, column: int, row: int, columns: int, rows: int) -> Cells:
        row, column = row + self.frame.row, column + self.frame.column
        top, left = max(row, 0), max(column, 0)
        bottom = min(row + rows, self.raster.height)
        right = min(column + columns, self.raster.width)
        cells: Cells = np.ma.MaskedArray(
            np.zeros((rows, columns), dtype=self.raster.precision), mask=True
        )
        if bottom > top and right > left:
            found = self.raster.read(self.file, top, left, bottom - top, right - left)
            if found.shape == cells.shape:
                return found
            cells[top - row : bottom - row, left - column : right - column] = found
        return cells


class _Source(RasterSource):  # type: ignore[misc]
    """What exactextract asks of every raster."""

    def __init__(self, frame: Frame, name: str) -> None:
        super().__init__()
        self.frame = frame
        self.set_name(name)

    def res(self) -> tuple[float, float]:
        """Width and height of a cell."""
        return (self.frame.transform.a, -self.frame.transform.e)

    def extent(self) -> Bounds:
        """West, south, east and north."""
        return self.frame.bounds

    def nodata_value(self) -> None:
        """Missing cells are masked; no number stands for them."""

    def srs_wkt(self) -> None:
        """Areas and rasters come in one coordinate reference system."""


class Measured(_Source):
    """Values of a raster after a function of the cell, such as "is above the threshold".

    Parameters
    ----------
    of : function
        From a masked window to one of the same shape, of floating-point numbers.
    """

    def __init__(self, reader: Reader, of: Callable[[Cells], Any], name: str) -> None:
        super().__init__(reader.frame, name)
        self.reader, self.of = reader, of

    def read_window(self, column: int, row: int, columns: int, rows: int) -> Any:
        """Return the window of `rows` x `columns` cells at (column, row); NaN is missing."""
        cells = self.of(self.reader.read(column, row, columns, rows))
        # Not a mask: with masked windows exactextract 0.3 was seen to count what lies under them.
        return np.ma.filled(cells, np.nan)


class People(_Source):
    """People per square kilometre on a grid that nests in that of a raster.

    Where cells are in degrees, the density is multiplied by the cosine of the latitude, with which
    they shrink towards the poles: as a weight it then counts people.

    A populated cell is taken to be evenly inhabited: each cell of the new grid has the density of
    the cell of the population grid that its centre lies in. Where the two grids match, this moves
    nobody; elsewhere it shifts a border by about half a new cell, 125 m; the people of
    a Kreis then change by 0.1 to 0.5 % (median), of the smallest towns by up to 5 %.
    """

    def __init__(self, grid: PopulationGrid, raster: Raster, frame: Frame) -> None:
        super().__init__(frame, "people")
        self.crs, self.in_degrees = raster.crs.to_wkt(), raster.crs.is_geographic
        self.grid = grid
        cell = abs(grid.transform.a * grid.transform.e) / 1e6
        self.density = (grid.people / cell).astype(np.float32)

    @staticmethod
    def factor(grid: PopulationGrid, raster: Raster) -> float:
        """Size of the cells on which people are spread, in cells of the raster (k or 1/k)."""
        matching = _matching(grid, raster)
        if matching is not None:
            return matching
        if raster.metres <= _FINE:
            return int(_FINE / raster.metres)
        return 1 / math.ceil(raster.metres / _FINE)

    def read_window(self, column: int, row: int, columns: int, rows: int) -> Any:
        """Return the density in the window of `rows` x `columns` cells at (column, row)."""
        from affine import Affine
        from rasterio.warp import Resampling, reproject

        window = np.zeros((rows, columns), dtype=np.float32)
        if not window.size:
            return window
        a, _, west, _, e, north = tuple(self.frame.transform)[:6]
        reproject(
            self.density, window, src_transform=self.grid.transform, src_crs=self.grid.crs,
            dst_transform=Affine(a, 0.0, west + column * a, 0.0, e, north + row * e),
            dst_crs=self.crs, resampling=Resampling.nearest,
        )  # fmt: skip
        if self.in_degrees:
            latitude = north + (row + np.arange(rows) + 0.5) * e
            window *= np.cos(np.radians(latitude))[:, None].astype(np.float32)
        return window


def _matching(grid: PopulationGrid, raster: Raster) -> float | None:
    """Largest cells of which both grids are made, in cells of the raster; None if they clash."""
    from pyproj import CRS

    wide, high = raster.cell
    own = raster.crs.equals(CRS.from_user_input(grid.crs), ignore_axis_order=True)
    if not own or not math.isclose(wide, high):
        return None
    side = min(wide, grid.transform.a)
    ratio = max(wide, grid.transform.a) / side
    east = (raster.transform.c - grid.transform.c) / side
    north = (grid.transform.f - raster.transform.f) / side
    if any(abs(step - round(step)) > 1e-6 for step in (ratio, east, north)):  # noqa: PLR2004
        return None
    if wide > side:
        return 1 / round(ratio)
    return round(ratio) if round(east) % round(ratio) == round(north) % round(ratio) == 0 else 1
