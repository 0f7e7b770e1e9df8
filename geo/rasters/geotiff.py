"""GeoTIFF files that somebody brings: opened only after everything that would mislead is checked.

A file is never guessed at. Without a coordinate reference system, or with values that look like
marks for missing ones but are not declared as such, it is refused with the words that settle it.
"""

from __future__ import annotations

import math
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from affine import Affine
    from pyproj import CRS

__all__ = ["IN_APP", "NO_MARK", "Bounds", "Cells", "Raster", "open_raster"]

#: Cells of one window: missing ones are masked.
Cells = np.ma.MaskedArray[Any, np.dtype[Any]]
#: West, south, east, north.
Bounds = tuple[float, float, float, float]

#: Cells that the app takes: all of Germany at 100 m has 56 million.
IN_APP = 60_000_000
#: Cells that can be read in a time that anybody waits: all of Germany at 2 m has 140 billion. A
#: file of a few bytes can claim any number of them.
MOST = 200_000_000_000
#: For `nodata`: every number in the file is a value.
NO_MARK = "none"
#: GDAL decodes whole blocks; a larger one would not fit into bounded memory. In bytes.
_BLOCK = 256 * 2**20
#: Decoded blocks that GDAL keeps, in bytes; by itself it takes a twentieth of the machine's memory.
_CACHE = 64 * 2**20
#: What lies beside a file is not looked at (masks, overviews and notes there can be of any format
#: and name further files), and no address is opened, whatever the file itself names.
_ALONE = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "/vsicurl/none",
}
#: Number types whose values single precision holds exactly.
_SHORT = frozenset({"uint8", "int8", "uint16", "int16", "float32"})
_NUMBERS = _SHORT | {"uint32", "int32", "uint64", "int64", "float64"}


@dataclass(frozen=True)
class Raster:
    """One band of a checked GeoTIFF; values stay in the file until they are read.

    Attributes
    ----------
    crs : CRS
        Coordinate reference system; that of the file or, where it has none, the one named.
    transform : Affine
        From (column, row) to coordinates, row 0 in the north also for files that begin in the
        south.
    nodata : float or None
        Mark of missing values stated by the caller.
    all_values : bool
        Whether marks that the file declares count as values as well.
    scale, offset : float
        Value = number in the file x scale + offset.
    unit : str
        Of the values; empty where neither the file nor the caller says it.
    classes : bool
        Whether the numbers are names of classes, so that no mean makes sense.
    """

    path: Path
    band: int
    crs: CRS
    transform: Affine
    height: int
    width: int
    dtype: str
    south_up: bool = False
    nodata: float | None = None
    all_values: bool = False
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""
    classes: bool = False

    @property
    def bounds(self) -> Bounds:
        """West, south, east and north in `crs`."""
        west, north = self.transform.c, self.transform.f
        wide, high = self.cell
        return (west, north - high * self.height, west + wide * self.width, north)

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a cell in units of `crs`."""
        return (self.transform.a, -self.transform.e)

    @property
    def metres(self) -> float:
        """Side of a cell, the longer of the two, in metres; of degrees at the middle latitude."""
        wide, high = self.cell
        if self.crs.is_geographic:
            middle = math.radians((self.bounds[1] + self.bounds[3]) / 2)
            return max(111_320 * wide * math.cos(middle), 111_320 * high)
        return max(wide, high) * float(self.crs.axis_info[0].unit_conversion_factor)

    @property
    def precision(self) -> np.dtype[Any]:
        """Number type of the values that `read` returns."""
        return np.dtype(np.float32 if self._is_plain and self.dtype in _SHORT else np.float64)

    @property
    def _is_plain(self) -> bool:
        return self.scale == 1 and self.offset == 0

    @contextmanager
    def open(self) -> Iterator[Any]:
        """Keep the file open for `read`; errors of the driver come as one line."""
        with _driver(self.path) as file:
            yield file

    def read(self, file: Any, row: int, column: int, rows: int, columns: int) -> Cells:
        """Read a window in units of the values; missing ones are masked, also NaN and infinite.

        Parameters
        ----------
        file
            From `open`.
        row, column
            Of the north-western cell; the window must lie within the raster.

        Returns
        -------
        masked array of `precision`: float32, or float64 where that would lose digits
        """
        cells = self.raw(file, row, column, rows, columns)
        values = cells.astype(self.precision)
        if not self._is_plain:
            values = values * self.scale + self.offset
        return np.ma.masked_invalid(values, copy=False)

    def raw(self, file: Any, row: int, column: int, rows: int, columns: int) -> Cells:
        """Read a window as the file has it; only marked cells are masked."""
        from rasterio.windows import Window

        first = self.height - row - rows if self.south_up else row
        window = Window(column, first, columns, rows)
        cells = np.ma.asarray(file.read(self.band, window=window, masked=not self.all_values))
        if self.nodata is not None:
            cells = np.ma.masked_where(cells.data == np.dtype(self.dtype).type(self.nodata), cells)
        return cells[::-1] if self.south_up else cells


def open_raster(
    path: Path | str, *, crs: str | None = None, band: int | None = None, unit: str | None = None,
    nodata: float | str | None = None, classes: bool | None = None, most: int | None = None,
) -> Raster:  # fmt: skip
    """Open one band of a GeoTIFF and check everything that could mislead.

    Parameters
    ----------
    crs : str, optional
        Coordinate reference system of a file that names none, such as ``EPSG:25832``.
    band : int, optional
        From 1; must be said where there are several.
    unit : str, optional
        Of the values; without it that of the file.
    nodata : float or "none", optional
        Mark of missing values where the file declares none, or a wrong one; "none" says that every
        number is a value.
    classes : bool, optional
        Whether the numbers are names of classes; without it, whether the file has a colour per
        number.
    most : int, optional
        Refuse a file with more cells, such as `IN_APP`; without it up to `MOST`, in windows.

    Raises
    ------
    SourceError
        In one line what is wrong with which file, and what to do. Codes: ``raster_missing``,
        ``raster_unreadable``, ``raster_bands``, ``raster_numbers``, ``raster_large``,
        ``raster_blocks``, ``raster_position``, ``raster_crs``, ``raster_nodata``, ``raster_empty``.
    """
    from geo.rasters.survey import survey

    path = Path(path)
    if not path.is_file():
        raise SourceError(f"{path}: there is no such file.", code="raster_missing")
    with _driver(path) as file:
        number = _band(file, path, band)
        _check_size(file, path, number, most)
        raster = Raster(
            path=path, band=number, crs=_crs(file, path, crs), transform=_north_up(file, path),
            height=file.height, width=file.width, dtype=file.dtypes[number - 1],
            south_up=file.transform.e > 0, nodata=_mark(nodata, path, file.dtypes[number - 1]),
            all_values=nodata == NO_MARK,
            scale=file.scales[number - 1], offset=file.offsets[number - 1],
            unit=(file.units[number - 1] or "") if unit is None else unit,
            classes=_is_palette(file, number) if classes is None else classes,
        )  # fmt: skip
        survey(raster, file, settled=nodata is not None)
    return raster


@contextmanager
def _driver(path: Path) -> Iterator[Any]:
    """Open as GeoTIFF and as nothing else: other formats name further files or addresses."""
    import rasterio

    try:
        with rasterio.Env(GDAL_CACHEMAX=_CACHE, **_ALONE):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
                file = rasterio.open(path, driver="GTiff")
            with file:
                yield file
    except rasterio.errors.RasterioIOError as cause:
        msg = (
            f"{path}: cannot be read as GeoTIFF (another format, cut off or damaged); "
            "export or download it anew."
        )
        raise SourceError(msg, code="raster_unreadable") from cause


def _band(file: Any, path: Path, band: int | None) -> int:
    if band is None and file.count > 1:
        names = ", ".join(f"{one} {file.descriptions[one - 1] or ''}".strip() for one in _few(file))
        msg = f"{path}: has {file.count} bands ({names}); say which (band 1, for example)."
        raise SourceError(msg, code="raster_bands")
    number = 1 if band is None else band
    if not 1 <= number <= file.count:
        msg = f"{path}: has no band {number}; bands are counted from 1 to {file.count}."
        raise SourceError(msg, code="raster_bands")
    if file.dtypes[number - 1] not in _NUMBERS:
        msg = (
            f"{path}: band {number} holds numbers of the type {file.dtypes[number - 1]}; whole or "
            "decimal numbers are needed."
        )
        raise SourceError(msg, code="raster_numbers")
    return number


def _few(file: Any) -> range:
    return range(1, min(file.count, 6) + 1)


def _check_size(file: Any, path: Path, band: int, most: int | None) -> None:
    cells = file.width * file.height
    if cells > MOST:
        msg = f"{path}: claims {cells:,} cells; up to {MOST:,} can be read. Use a coarser grid."
        raise SourceError(msg, code="raster_large")
    if most is not None and cells > most:
        msg = (
            f"{path}: has {cells:,} cells ({file.width:,} x {file.height:,}), more than the "
            f"{most:,} taken here; use a coarser grid, or the command line."
        )
        raise SourceError(msg, code="raster_large")
    rows, columns = file.block_shapes[band - 1]
    if rows * columns * np.dtype(file.dtypes[band - 1]).itemsize > _BLOCK:
        msg = (
            f"{path}: is stored in blocks of {rows:,} x {columns:,} cells, too large to read piece "
            "by piece; write it in tiles: gdal_translate -co TILED=YES IN.tif OUT.tif."
        )
        raise SourceError(msg, code="raster_blocks")


def _north_up(file: Any, path: Path) -> Affine:
    from affine import Affine

    a, b, west, d, e, north = tuple(file.transform)[:6]
    if file.transform.is_identity or file.transform.is_degenerate:
        msg = (
            f"{path}: does not say where its cells lie; save it with its position (geotransform) "
            "in it: a file beside it (.tfw, .aux.xml) is not read."
        )
        raise SourceError(msg, code="raster_position")
    if a < 0 or max(abs(b), abs(d)) > 1e-9 * max(abs(a), abs(e)):
        msg = (
            f"{path}: is rotated, sheared or mirrored; straighten it first: "
            "gdalwarp -t_srs EPSG:3035 IN.tif OUT.tif."
        )
        raise SourceError(msg, code="raster_position")
    if e > 0:
        north, e = north + e * file.height, -e
    return Affine(a, 0.0, west, 0.0, e, north)


def _crs(file: Any, path: Path, named: str | None) -> CRS:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        own = CRS.from_wkt(file.crs.to_wkt()) if file.crs else None
        stated = CRS.from_user_input(named) if named else own
    except CRSError as cause:
        told = f"'{named}'" if named else "named in the file"
        msg = f"{path}: the CRS {told} is not known; name one such as EPSG:25832."
        raise SourceError(msg, code="raster_crs") from cause
    if stated is None:
        msg = (
            f"{path}: names no coordinate reference system (CRS); say which it is, "
            "EPSG:25832 for example."
        )
        raise SourceError(msg, code="raster_crs")
    if own is not None and not own.equals(stated, ignore_axis_order=True):
        msg = f"{path}: is in '{own.name}', not in {named}; leave the CRS out to take the file's."
        raise SourceError(msg, code="raster_crs")
    return stated


def _mark(nodata: float | str | None, path: Path, dtype: str) -> float | None:
    """Mark of missing values that was stated, if the file can hold it at all."""
    if nodata is None or nodata == NO_MARK:
        return None
    try:
        number = float(nodata)
        np.dtype(dtype).type(number)
    except (ValueError, OverflowError) as cause:
        msg = f"{path}: nodata {nodata} is no number that fits its values ({dtype})."
        raise SourceError(msg, code="raster_nodata") from cause
    return number


def _is_palette(file: Any, band: int) -> bool:
    from rasterio.enums import ColorInterp

    return bool(file.colorinterp[band - 1] == ColorInterp.palette)
