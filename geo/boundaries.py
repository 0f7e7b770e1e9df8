"""Boundaries of regions: reading them from a dataset folder, and drawing them with fewer points."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from layers.errors import DatasetError

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = ("boundaries.parquet", "boundaries.gpkg", "boundaries.geojson")
_COLUMNS = ("region", "geometry")
#: How a GeoPackage begins, and tables in it that hold no rows of their own; a spatial index may.
_SQLITE = b"SQLite format 3\0"
_VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL\b", re.IGNORECASE)
#: Views that programs put into a GeoPackage for others; they are registers and no layers.
_REGISTERS = ("st_spatial_ref_sys", "st_geometry_columns", "spatial_ref_sys", "geometry_columns")
_INDEX = re.compile(r"\bUSING\s+rtree\s*\(", re.IGNORECASE)


def load(folder: Path) -> gpd.GeoDataFrame | None:
    """Read the boundaries of a dataset folder, or return None if it has none.

    Coordinates in degrees (as GeoJSON prescribes) are projected to the UTM zone of their centre,
    so that the result is in metres whatever the file held.

    Returns
    -------
    GeoDataFrame
        Indexed by region; column ``geometry`` (Polygon or MultiPolygon, projected).

    Raises
    ------
    DatasetError
        If the file cannot be read, lacks a column or its coordinate reference system, or holds a
        region twice, an empty or an invalid geometry.
    """
    path = next((folder / name for name in _NAMES if (folder / name).is_file()), None)
    if path is None:
        return None
    frame = _read(path)
    for column in _COLUMNS:
        if column not in frame.columns:
            there = ", ".join(map(str, frame.columns))
            msg = f"{path}: column '{column}' is missing; columns found: {there}."
            raise DatasetError(msg)
    if frame.crs is None:
        msg = f"{path}: names no coordinate reference system (CRS); EPSG:25832, say, is needed."
        raise DatasetError(msg)
    frame = frame[["region", "geometry"]].astype({"region": "str"}).set_index("region")
    _check(frame, path)
    return frame.to_crs(frame.estimate_utm_crs()) if frame.crs.is_geographic else frame


def simplify(frame: gpd.GeoDataFrame, tolerance: float) -> gpd.GeoDataFrame:
    """Drop points of small effect from all borders at once, and round them to whole metres.

    Shared borders stay shared: neither gaps nor overlaps arise (Visvalingam & Whyatt 1993,
    doi:10.1179/000870493786962263, on the edges of the coverage).

    Parameters
    ----------
    tolerance : float
        In metres: a corner goes when the triangle that it spans is smaller than its square.

    Raises
    ------
    DatasetError
        If the areas overlap or gape before, or are invalid, empty or no coverage after it.
    """
    before = np.asarray(frame.geometry.array)
    if not shapely.coverage_is_valid(before):
        faulty = ~shapely.is_empty(shapely.coverage_invalid_edges(before))
        msg = f"boundaries: {_some(frame.index[faulty])} overlap or do not share their corners."
        raise DatasetError(msg)
    after = shapely.transform(shapely.coverage_simplify(before, tolerance), np.round)
    result = frame.set_geometry(gpd.GeoSeries(after, index=frame.index, crs=frame.crs))
    _check(result, "boundaries after simplification")
    if not shapely.coverage_is_valid(after):
        msg = f"boundaries: no valid coverage is left at a tolerance of {tolerance} m; lower it."
        raise DatasetError(msg)
    return result


def write(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write areas, indexed by region, as `load` reads them; the same areas give the same bytes."""
    frame.reset_index().to_parquet(path, index=False, compression="zstd", compression_level=19)


def _read(path: Path) -> gpd.GeoDataFrame:
    try:
        if path.suffix == ".parquet":
            return gpd.read_parquet(path)
        return gpd.read_file(_checked(path))
    except DatasetError:
        raise
    except Exception as cause:  # the drivers raise whatever their C code meets
        msg = f"{path}: cannot be read as {path.suffix[1:]} ({cause!s:.160})."
        raise DatasetError(msg) from cause


def _checked(path: Path) -> Path:
    """Refuse what is not what its name says: the driver is chosen by what stands in a file.

    Other formats name further files and addresses, and a view in a GeoPackage is a program.
    """
    with path.open("rb") as file:
        begins = file.read(len(_SQLITE))
    if path.suffix == ".geojson" and not begins.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise DatasetError(f"{path}: is no GeoJSON; such a file begins with a brace.")
    if path.suffix != ".gpkg":
        return path
    if begins != _SQLITE:
        raise DatasetError(f"{path}: is no GeoPackage; save the boundaries as one.")
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        made = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    for kind, name, sql in made:
        is_view = kind == "view" and not _is_register(str(name), str(sql))
        is_virtual = _VIRTUAL.match(str(sql or "")) and not _INDEX.search(str(sql))
        if is_view or is_virtual:
            msg = f"{path}: '{name!s:.60}' is a view or a virtual table"
            raise DatasetError(f"{msg}; only plain tables are read.")
    return path


def _is_register(name: str, sql: str) -> bool:
    """Whether a view only shows the register of a GeoPackage, as other programs expect it."""
    return name in _REGISTERS and "(" not in sql.partition(name)[2]


def _check(frame: gpd.GeoDataFrame, where: Path | str) -> None:
    shapes = frame.geometry
    faults = {
        "occurs more than once": frame.index.duplicated(),
        "has no geometry": (shapes.isna() | shapes.is_empty).to_numpy(),
        "is no polygon": ~shapes.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy(),
        "has an invalid geometry (run make_valid)": ~shapes.is_valid.to_numpy(),
    }
    for fault, hit in faults.items():
        if hit.any():
            msg = f"{where}: region {_some(frame.index[hit])} {fault}."
            raise DatasetError(msg)


def _some(keys: list[str]) -> str:
    shown = ", ".join(map(str, keys[:3]))
    return f"{shown} and {len(keys) - 3} more" if len(keys) > 3 else shown  # noqa: PLR2004
