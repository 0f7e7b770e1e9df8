"""Boundaries as one small drawing document for the map in the browser.

The document is plain JSON-ready data: SVG path commands in whole map units, made once per set of
boundaries and served as a file. Neighbours share every vertex of their common border, before and
after rounding, so that no hairline opens between them at any zoom.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, TypedDict

import numpy as np
import shapely

from layers.errors import DatasetError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    Rings = list[NDArray[np.int64]]

UNITS_PER_PIXEL = 10
"""Map units per pixel of the nominal width: rounding stays below a pixel at four-fold zoom."""

INSCRIBED_TOLERANCE = 0.01
"""Search tolerance of the inscribed circle, as a share of the square root of the region's area."""


class EncodedRegion(TypedDict):
    """One region: key, path, and the largest inscribed circle, all in map units."""

    id: str
    d: str
    x: int
    y: int
    r: int


class EncodedMap(TypedDict):
    """The whole drawing: `width` x `height` map units, y downwards, regions in the order given."""

    version: str
    width: int
    height: int
    regions: list[EncodedRegion]
    outlines: str


def encode(
    boundaries: gpd.GeoDataFrame,
    *,
    outlines_by: pd.Series | None,
    width: int = 1000,
    detail: float = 0.9,
) -> EncodedMap:
    """Turn a coverage of polygons into quantised SVG paths.

    Parameters
    ----------
    boundaries
        Polygons or multipolygons of a valid coverage in a projected CRS, indexed by region key.
    outlines_by
        Group of each region (its Land, say), indexed by region key; lines are drawn between
        different groups and along the outer shore. None draws the outer shore alone.
    width
        Nominal width of the drawing in pixels; rounding is `UNITS_PER_PIXEL` times finer.
    detail
        Smallest bend that is kept, in nominal pixels (tolerance of `shapely.coverage_simplify`);
        0 keeps all vertices.

    Returns
    -------
    EncodedMap
        `x`, `y` and `r` are centre and radius of a largest circle inside the region; `version` is
        a hash of the content, fit for a cache-busting URL.

    Raises
    ------
    DatasetError
        If the boundaries are empty, not projected, not polygons, carry a key twice or a region
        vanishes at this width, or if a region has no group.
    """
    _check(boundaries)
    keys = [str(key) for key in boundaries.index]
    west, south, east, north = boundaries.total_bounds
    unit = (east - west) / (width * UNITS_PER_PIXEL)
    shapes = boundaries.geometry.to_numpy()
    if detail > 0:
        shapes = shapely.coverage_simplify(shapes, detail * unit * UNITS_PER_PIXEL)
    origin = np.array([west, north])
    rings = [_rings(shape, origin, unit) for shape in shapes]
    _check_visible(keys, rings, width)
    document: EncodedMap = {
        "version": "",
        "width": width * UNITS_PER_PIXEL,
        "height": int(np.ceil((north - south) / unit)),
        "regions": [
            _region(key, shape, own, origin, unit)
            for key, shape, own in zip(keys, shapes, rings, strict=True)
        ],
        "outlines": _outlines(rings, _groups(boundaries.index, outlines_by)),
    }
    document["version"] = _digest(document)
    return document


def _check(boundaries: gpd.GeoDataFrame) -> None:
    if boundaries.empty:
        raise DatasetError("boundaries: there is no region to draw; give at least one polygon")
    if not _is_projected(boundaries.crs):
        raise DatasetError(
            f"boundaries: CRS {boundaries.crs} is not projected; "
            "project them first, for Germany to EPSG:25832",
        )
    twice = boundaries.index[boundaries.index.duplicated()]
    if len(twice):
        raise DatasetError(f"boundaries: region {twice[0]} occurs twice; merge its parts first")
    polygons = boundaries.geom_type.isin(["Polygon", "MultiPolygon"]) & ~boundaries.is_empty
    if not polygons.all():
        key = boundaries.index[~polygons][0]
        raise DatasetError(
            f"boundaries: region {key} has no polygon; only non-empty polygons can be drawn"
        )


def _is_projected(crs: CRS | None) -> bool:
    return crs is not None and bool(crs.is_projected)


def _check_visible(keys: list[str], rings: list[Rings], width: int) -> None:
    gone = [key for key, own in zip(keys, rings, strict=True) if not own]
    if gone:
        raise DatasetError(
            f"boundaries: region {gone[0]} is too small to be seen at width={width}; "
            "draw it wider or with detail=0",
        )


def _groups(index: pd.Index[str], outlines_by: pd.Series | None) -> list[str]:
    if outlines_by is None:
        return [""] * len(index)
    groups = outlines_by.reindex(index)
    if groups.isna().any():
        raise DatasetError(
            f"outlines_by: region {groups.index[groups.isna()][0]} has no group; "
            "give one for every region",
        )
    return [str(group) for group in groups]


def _rings(shape: shapely.Geometry, origin: NDArray[np.float64], unit: float) -> Rings:
    """Round all rings to map units; those that fall to a line or a point are left out."""
    rounded = (
        _quantise(shapely.get_coordinates(ring), origin, unit)
        for ring in shapely.get_rings(shapely.get_parts(shape))
    )
    return [ring for ring in rounded if _double_area(ring) != 0]


def _quantise(
    points: NDArray[np.float64], origin: NDArray[np.float64], unit: float
) -> NDArray[np.int64]:
    """Round to map units (y turned downwards) and drop points that fall on their predecessor."""
    grid = np.rint((points - origin) / unit * (1, -1)).astype(np.int64)
    moved = np.ones(len(grid), dtype=bool)
    moved[1:] = (grid[1:] != grid[:-1]).any(axis=1)
    return grid[moved]


def _double_area(ring: NDArray[np.int64]) -> int:
    x, y = ring[:, 0], ring[:, 1]
    return int(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))


def _region(
    key: str, shape: shapely.Geometry, rings: Rings, origin: NDArray[np.float64], unit: float
) -> EncodedRegion:
    tolerance = INSCRIBED_TOLERANCE * float(np.sqrt(shapely.area(shape)))
    radius = shapely.maximum_inscribed_circle(shape, tolerance=tolerance)
    centre = shapely.get_coordinates(radius)[:1]
    x, y = np.rint((centre - origin) / unit * (1, -1)).astype(int)[0]
    return {
        "id": key,
        "d": "".join(_path(ring) for ring in rings),
        "x": int(x),
        "y": int(y),
        "r": max(1, round(shapely.length(radius) / unit)),
    }


def _path(line: NDArray[np.int64]) -> str:
    """Absolute start, then relative steps; a minus sign serves as the separator."""
    closed = bool((line[0] == line[-1]).all())
    steps = np.diff(line[:-1] if closed else line, axis=0).ravel()
    numbers = "".join(f"{step}" if step < 0 else f" {step}" for step in steps.tolist())
    return f"M{line[0, 0]} {line[0, 1]}l{numbers.lstrip()}" + ("z" if closed else "")


def _outlines(rings: list[Rings], groups: list[str]) -> str:
    """Edges that have different groups, or nothing, on their two sides, joined to long lines."""
    sides: dict[tuple[int, int, int, int], list[str]] = {}
    for own, group in zip(rings, groups, strict=True):
        for ring in own:
            for start, end in zip(ring[:-1].tolist(), ring[1:].tolist(), strict=True):
                low, high = sorted((start, end))
                sides.setdefault((*low, *high), []).append(group)
    edges = [edge for edge, found in sides.items() if len(found) == 1 or len(set(found)) > 1]
    lines = shapely.linestrings(np.array(edges, dtype=float).reshape(-1, 2, 2))
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    return "".join(_path(shapely.get_coordinates(line).astype(np.int64)) for line in merged)


def _digest(document: EncodedMap) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
