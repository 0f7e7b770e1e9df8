"""The rows of a document with the boundaries of their regions, as they are or made lighter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from geo import boundaries
from geo.document import plain_columns
from layers.errors import DatasetError, ExportError

if TYPE_CHECKING:
    import pandas as pd

    from geo.document import Document

__all__ = ["areas", "areas_needed", "lightened", "properties"]

#: Corners that a region may always have: six neighbours, and some bends between them.
_EACH = 16


def areas(document: Document) -> gpd.GeoDataFrame | None:
    """Return the table with the boundaries of its regions, None if there are none.

    Raises
    ------
    ExportError
        If no boundary belongs to any region of the table.
    """
    borders = boundaries.load(document.scores.dataset.path) if document.by_region else None
    if borders is None:
        return None
    shapes = borders.geometry.reindex(document.table["region"])
    if shapes.isna().all():
        msg = f"{document.scores.dataset.path}: no boundary belongs to any region of the table."
        raise ExportError(msg)
    return gpd.GeoDataFrame(document.table, geometry=shapes.array, crs=borders.crs)


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
