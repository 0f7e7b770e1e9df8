"""The rows of a document with the boundaries of their regions, as they are or made lighter."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import shapely

from geo import boundaries
from geo.document import plain_columns
from layers.errors import DatasetError, ExportError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from geo.document import Document

__all__ = [
    "Ground", "areas", "areas_needed", "borders", "extent", "ground", "lightened", "properties",
]  # fmt: skip

#: Corners that a region may always have: six neighbours, and some bends between them.
_EACH = 16
#: Datasets whose boundaries are kept in memory, 3 MB each for 400 Kreise.
_KEPT = 3

#: Name, time of writing, size and place of the files that hold boundaries.
_Stamp = tuple[tuple[str, int, int, int], ...]


class Ground(NamedTuple):
    """What the geometry of a file hangs on, whatever the scores: equal grounds, equal geometry.

    Attributes
    ----------
    folder : Path
        Of the dataset.
    stamp : tuple
        Tells whether its boundaries are still the same files.
    regions : tuple of str
        Those that are drawn, by key: the order of ranks decides nothing about a border.
    """

    folder: Path
    stamp: _Stamp
    regions: tuple[str, ...]

    def shapes(self) -> gpd.GeoDataFrame:
        """Return region and boundary of those that have one."""
        known = _read(self.folder, self.stamp)
        if known is None:
            msg = f"{self.folder}: the boundaries are gone; make the file anew."
            raise ExportError(msg)
        there = known.geometry.reindex(list(self.regions)).dropna()
        return gpd.GeoDataFrame({"region": there.index}, geometry=there.array, crs=known.crs)


def borders(folder: Path) -> gpd.GeoDataFrame | None:
    """Return what `geo.boundaries.load` reads, once while the files stay; not to be changed."""
    return _read(folder, _stamp(folder))


def extent(folder: Path) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of all boundaries in degrees, None without any."""
    return _extent(folder, _stamp(folder))


def ground(document: Document, suffix: str) -> Ground:
    """Return what a map of the regions of `document` is drawn from.

    Raises
    ------
    ExportError
        If there are no boundaries.
    """
    areas_needed(document, suffix)
    folder = document.scores.dataset.path
    return Ground(folder, _stamp(folder), tuple(sorted(document.table["region"])))


def _stamp(folder: Path) -> _Stamp:
    found = [(one.name, one.stat()) for one in sorted(folder.glob("boundaries.*"))]
    return tuple((name, at.st_mtime_ns, at.st_size, at.st_ino) for name, at in found)


@lru_cache(maxsize=_KEPT)
def _read(folder: Path, stamp: _Stamp) -> gpd.GeoDataFrame | None:  # noqa: ARG001 -- part of the key
    return boundaries.load(folder)


@lru_cache(maxsize=_KEPT)
def _extent(folder: Path, stamp: _Stamp) -> tuple[float, float, float, float] | None:
    known = _read(folder, stamp)
    if known is None:
        return None
    west, south, east, north = map(float, known.to_crs(4326).total_bounds)
    return west, south, east, north


def areas(document: Document) -> gpd.GeoDataFrame | None:
    """Return the table with the boundaries of its regions, None if there are none.

    Raises
    ------
    ExportError
        If no boundary belongs to any region of the table.
    """
    known = borders(document.scores.dataset.path) if document.by_region else None
    if known is None:
        return None
    shapes = known.geometry.reindex(document.table["region"])
    if shapes.isna().all():
        msg = f"{document.scores.dataset.path}: no boundary belongs to any region of the table."
        raise ExportError(msg)
    return gpd.GeoDataFrame(document.table, geometry=shapes.array, crs=known.crs)


def areas_needed(document: Document, suffix: str) -> gpd.GeoDataFrame:
    """Return the same for a format that is a map.

    Raises
    ------
    ExportError
        If there are no boundaries.
    """
    found = areas(document)
    if found is None:
        msg = (
            f"{suffix}: the dataset '{document.scores.dataset.id}' has no boundaries; "
            "formats that work without: .parquet, .csv, .xlsx, .zip."
        )
        raise ExportError(msg)
    return found


def lightened(frame: gpd.GeoDataFrame, corners: int) -> tuple[gpd.GeoDataFrame, float]:
    """Drop corners until at most so many are left; shared borders stay shared.

    Many small regions may keep `_EACH` corners each, however many that makes: with fewer they would
    be triangles. Where borders cannot get any shorter, they stay as they are by then.

    Returns
    -------
    (GeoDataFrame, float)
        Areas, and the tolerance of `geo.boundaries.simplify` in the units of their coordinates: 0
        if they had so few corners, or are no coverage and stay as they are.
    """
    known = frame[frame.geometry.notna()].set_index("region", drop=False)
    light, used = known, 0.0
    west, south, east, north = known.total_bounds
    largest = max(east - west, north - south)
    tolerance, corners = largest / 4_000, max(corners, _EACH * len(known))
    while (left := int(shapely.get_num_coordinates(light.geometry.array).sum())) > corners:
        # Twice the tolerance halves the corners, roughly; the least step keeps the loop short.
        tolerance *= max(left / corners, 1.1) if used else 1
        if tolerance > largest:
            break
        try:
            light = boundaries.simplify(known, tolerance)
        except DatasetError:
            return frame, 0.0
        used = tolerance
    return frame.set_geometry(light.geometry.reindex(frame["region"]).array), used


def properties(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values by column name."""
    names, columns = zip(*plain_columns(table), strict=True)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
