"""Scores as map files: GeoJSON, TopoJSON, GeoPackage, FlatGeobuf and GeoParquet."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pyogrio
import shapely

from geo.document import plain_json
from geo.formats import qgis
from geo.formats.areas import areas, areas_needed, lightened, properties
from layers.whole import workplace

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from geo.document import Document

__all__ = ["flatgeobuf", "geojson", "geopackage", "parquet", "topojson"]

#: Name of the layer, and of the entry with the provenance in its metadata.
_LAYER = "potenzialatlas"
#: Degrees of longitude and latitude are rounded to this grid (about a metre).
_GRID, _DECIMALS = 1e-5, 5
#: Corners of all boundaries together: 400 Kreise stay below 700 kB as GeoJSON, 400 as TopoJSON.
_CORNERS, _FEW_CORNERS = 19_000, 12_000
#: Steps from the westernmost to the easternmost point of a TopoJSON file, as from south to north.
_STEPS = 100_000
#: GDAL stamps what it writes with this date instead of the clock's. The option holds for the whole
#: process, so that two files must not be written at once.
_DATE = {"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"}
_writing = Lock()


def geojson(document: Document) -> bytes:
    """RFC 7946: WGS 84, exterior rings counterclockwise, five decimals."""
    degrees, tolerance = _degrees(document, ".geojson", _CORNERS)
    shapes = shapely.orient_polygons(shapely.set_precision(degrees.geometry.array, _GRID))
    features = [
        {
            "type": "Feature",
            "id": values["region"],
            "properties": values,
            "geometry": _geometry(shape),
        }
        for values, shape in zip(properties(document.table), shapes, strict=True)
    ]
    about = _about(document, tolerance, "decimals")
    content = {"type": "FeatureCollection", "metadata": about, "features": features}
    return (plain_json(content) + "\n").encode()


def topojson(document: Document) -> bytes:
    """Topology with every shared border once, quantised; properties as in GeoJSON."""
    # Imported late: it takes a while, and no other format needs it.
    from topojson.core.topology import Topology

    degrees, tolerance = _degrees(document, ".topojson", _FEW_CORNERS)
    known = degrees.loc[degrees.geometry.notna(), ["region", "geometry"]]
    topology = Topology(known, prequantize=_STEPS, object_name="regions").to_dict()
    drawn = topology["objects"]["regions"]["geometries"]
    by_region = dict(zip(known["region"], drawn, strict=True))
    geometries = [
        _member(by_region.get(values["region"]), values) for values in properties(document.table)
    ]
    content = {
        "type": "Topology",
        "metadata": _about(document, tolerance, "quantised"),
        "bbox": topology["bbox"],
        "transform": topology["transform"],
        "objects": {"regions": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": topology["arcs"],
    }
    return (plain_json(content) + "\n").encode()


def geopackage(document: Document) -> bytes:
    """One layer with the provenance in its metadata, and the style in which QGIS draws it."""
    frame = areas_needed(document, ".gpkg")
    styles = qgis.style_table(document, _LAYER)

    def write(path: Path) -> None:
        _write(frame, path, document, DESCRIPTION=document.provenance.citation(document.language))
        pyogrio.write_dataframe(styles, path, layer=qgis.TABLE, append=True, FID="id")

    return _through_gdal(write, "scores.gpkg")


def flatgeobuf(document: Document) -> bytes:
    """FlatGeobuf with its spatial index, by which its rows are ordered; provenance in the header.

    An index has no place for a region without boundary; if there is one, the file has no index.
    """
    frame = areas_needed(document, ".fgb")
    about = document.provenance
    options = {
        "SPATIAL_INDEX": "YES" if frame.geometry.notna().all() else "NO",
        "TITLE": about.title[document.language],
        "DESCRIPTION": about.citation(document.language),
    }
    return _through_gdal(lambda path: _write(frame, path, document, **options), "scores.fgb")


def parquet(document: Document) -> bytes:
    """GeoParquet, plain Parquet without boundaries; the provenance is in the schema's metadata."""
    frame = areas(document)
    plain = io.BytesIO()
    (document.table if frame is None else frame).to_parquet(plain, index=False)
    table = pq.read_table(plain)
    about = {_LAYER.encode(): plain_json(document.metadata()).encode()}
    described = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata((table.schema.metadata or {}) | about), described,
        compression="zstd",
    )  # fmt: skip
    return described.getvalue()


def _degrees(document: Document, suffix: str, corners: int) -> tuple[gpd.GeoDataFrame, float]:
    frame, tolerance = lightened(areas_needed(document, suffix), corners)
    degrees = frame.to_crs("EPSG:4326")
    return degrees.set_geometry(shapely.force_2d(degrees.geometry.array)), tolerance


def _about(document: Document, tolerance: float, rounding: str) -> dict[str, Any]:
    word = document.word("lightened" if tolerance else "unchanged")
    geometry = word.format(tolerance=round(tolerance), rounding=document.word(rounding))
    return document.metadata() | {"geometry": geometry}


def _geometry(shape: Any) -> dict[str, Any] | None:
    if shape is None:
        return None
    members: dict[str, Any] = shape.__geo_interface__
    return {"type": members["type"], "coordinates": _rounded(members["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, _DECIMALS)
    return [_rounded(part) for part in coordinates]


def _member(drawn: dict[str, Any] | None, values: dict[str, Any]) -> dict[str, Any]:
    """Return a geometry object of a topology; its type is null for a region without boundary."""
    if drawn is None:
        return {"type": None, "id": values["region"], "properties": values}
    shape = {"type": drawn["type"], "arcs": drawn["arcs"]}
    return shape | {"id": values["region"], "properties": values}


def _through_gdal(write: Callable[[Path], None], name: str) -> bytes:
    with workplace(Path(tempfile.gettempdir())) as folder, _writing:
        path = folder / name
        pyogrio.set_gdal_config_options(_DATE)
        try:
            write(path)
        finally:
            pyogrio.set_gdal_config_options(dict.fromkeys(_DATE))
        return path.read_bytes()


def _write(frame: gpd.GeoDataFrame, path: Path, document: Document, **options: str) -> None:
    pyogrio.write_dataframe(
        frame, path, layer=_LAYER, promote_to_multi=True,
        layer_metadata={_LAYER: plain_json(document.metadata())}, **options,
    )  # fmt: skip
