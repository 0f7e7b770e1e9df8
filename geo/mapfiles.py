"""Scores as map files: GeoJSON, GeoPackage and GeoParquet."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pyarrow.parquet as pq
import pyogrio
import shapely

from geo import boundaries
from geo.document import plain_columns, plain_json
from layers.errors import DatasetError, ExportError

if TYPE_CHECKING:
    import pandas as pd

    from geo.document import Document

__all__ = ["geojson", "geopackage", "parquet"]

#: Name of the layer in a GeoPackage and of the metadata entry in a Parquet schema.
_LAYER = "potenzialatlas"
#: Degrees of longitude and latitude are rounded to this grid (about a metre).
_GRID, _DECIMALS = 1e-5, 5
#: Corners of all boundaries of a GeoJSON file together: 400 Kreise stay below 700 kB.
_CORNERS = 19_000


def geojson(document: Document) -> bytes:
    """RFC 7946: WGS 84, exterior rings counterclockwise, five decimals."""
    areas, tolerance = _lightened(_areas_needed(document, ".geojson"))
    degrees = areas.to_crs("EPSG:4326").geometry.array
    shapes = shapely.orient_polygons(shapely.set_precision(shapely.force_2d(degrees), _GRID))
    features = [
        {
            "type": "Feature",
            "id": properties["region"],
            "properties": properties,
            "geometry": _geometry(shape),
        }
        for properties, shape in zip(_records(document.table), shapes, strict=True)
    ]
    word = document.word("lightened" if tolerance else "unchanged")
    about = document.metadata() | {"geometry": word.format(tolerance=round(tolerance))}
    content = {"type": "FeatureCollection", "metadata": about, "features": features}
    return (plain_json(content) + "\n").encode()


def geopackage(document: Document) -> bytes:
    """One layer, with the provenance in its metadata."""
    areas = _areas_needed(document, ".gpkg")
    about = plain_json(document.metadata())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scores.gpkg"
        # GDAL stamps contents and metadata with this date instead of the clock's.
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
        try:
            pyogrio.write_dataframe(
                areas, path, layer=_LAYER, layer_metadata={"potenzialatlas": about},
                promote_to_multi=True,
            )  # fmt: skip
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        return path.read_bytes()


def parquet(document: Document) -> bytes:
    """GeoParquet, plain Parquet without boundaries; the provenance is in the schema's metadata."""
    areas = _areas(document)
    plain = io.BytesIO()
    (document.table if areas is None else areas).to_parquet(plain, index=False)
    table = pq.read_table(plain)
    about = {_LAYER.encode(): plain_json(document.metadata()).encode()}
    described = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata((table.schema.metadata or {}) | about), described,
        compression="zstd",
    )  # fmt: skip
    return described.getvalue()


def _areas(document: Document) -> gpd.GeoDataFrame | None:
    """Return the table with the boundaries of its regions, None if the dataset has none."""
    borders = boundaries.load(document.scores.dataset.path)
    if borders is None:
        return None
    shapes = borders.geometry.reindex(document.table["region"])
    if shapes.isna().all():
        msg = f"{document.scores.dataset.path}: no boundary belongs to any region of the table."
        raise ExportError(msg)
    return gpd.GeoDataFrame(document.table, geometry=shapes.array, crs=borders.crs)


def _areas_needed(document: Document, suffix: str) -> gpd.GeoDataFrame:
    areas = _areas(document)
    if areas is None:
        msg = (
            f"{suffix}: the dataset '{document.scores.dataset.id}' has no boundaries; "
            "formats that work without: .parquet, .csv, .xlsx."
        )
        raise ExportError(msg)
    return areas


def _lightened(areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, float]:
    """Drop corners until a browser loads the areas at once; shared borders stay shared.

    Returns
    -------
    (GeoDataFrame, float)
        Areas with about `_CORNERS` corners, and the tolerance of `geo.boundaries.simplify` in the
        units of their coordinates: 0 if they had so few, or are no coverage and stay as they are.
    """
    known = areas[areas.geometry.notna()].set_index("region", drop=False)
    light, used = known, 0.0
    west, south, east, north = known.total_bounds
    tolerance = max(east - west, north - south) / 4_000
    while (corners := int(shapely.get_num_coordinates(light.geometry.array).sum())) > _CORNERS:
        # Twice the tolerance halves the corners, roughly; the least step keeps the loop short.
        tolerance *= max(corners / _CORNERS, 1.1) if used else 1
        try:
            light = boundaries.simplify(known, tolerance)
        except DatasetError:
            return areas, 0.0
        used = tolerance
    return areas.set_geometry(light.geometry.reindex(areas["region"]).array), used


def _geometry(shape: Any) -> dict[str, Any] | None:
    if shape is None:
        return None
    members: dict[str, Any] = shape.__geo_interface__
    return {"type": members["type"], "coordinates": _rounded(members["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, _DECIMALS)
    return [_rounded(part) for part in coordinates]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    names, columns = zip(*plain_columns(table), strict=True)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
