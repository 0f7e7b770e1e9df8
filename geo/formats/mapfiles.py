"""Scores as map files: GeoJSON, TopoJSON, GeoPackage, FlatGeobuf and GeoParquet."""

from __future__ import annotations

import io
import tempfile
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow.parquet as pq
import pyogrio
import shapely

from geo.document import plain_json
from geo.formats import qgis
from geo.formats.areas import Ground, areas, areas_needed, ground, lightened, properties
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
#: Selections of regions whose geometry is kept as text, half a megabyte each for 400 Kreise: who
#: moves weights has the same regions as everybody.
_KEPT = 6
#: GDAL stamps what it writes with this date instead of the clock's. The option holds for the whole
#: process, so that two files must not be written at once.
_DATE = {"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"}
_writing = Lock()


def geojson(document: Document) -> bytes:
    """RFC 7946: WGS 84, exterior rings counterclockwise, five decimals."""
    shapes, tolerance = _geojson_shapes(ground(document, ".geojson"))
    features = [
        _with({"type": "Feature", "id": values["region"], "properties": values},
              geometry=shapes.get(values["region"], "null"))
        for values in properties(document.table)
    ]  # fmt: skip
    about = _about(document, tolerance, "decimals")
    content = {"type": "FeatureCollection", "metadata": about}
    return (_with(content, features=_listed(features)) + "\n").encode()


def topojson(document: Document) -> bytes:
    """Topology with every shared border once, quantised; properties as in GeoJSON."""
    drawn, tolerance = _topology(ground(document, ".topojson"))
    geometries = [
        _member(drawn.shapes.get(values["region"]), values) for values in properties(document.table)
    ]
    content = {
        "type": "Topology",
        "metadata": _about(document, tolerance, "quantised"),
        "bbox": drawn.bbox,
        "transform": drawn.transform,
    }
    regions = _with({"type": "GeometryCollection"}, geometries=_listed(geometries))
    return (_with(content, objects=f'{{"regions":{regions}}}', arcs=drawn.arcs) + "\n").encode()


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
    about = {_LAYER.encode(): plain_json(document.metadata).encode()}
    described = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata((table.schema.metadata or {}) | about), described,
        compression="zstd",
    )  # fmt: skip
    return described.getvalue()


@lru_cache(maxsize=_KEPT)
def _geojson_shapes(under: Ground) -> tuple[dict[str, str], float]:
    """Return the geometry of each region as JSON, and the tolerance by which it was lightened."""
    degrees, tolerance = _degrees(under, _CORNERS)
    shapes = shapely.orient_polygons(shapely.set_precision(degrees.geometry.array, _GRID))
    written = [plain_json(_geometry(shape)) for shape in shapes]
    return dict(zip(degrees["region"], written, strict=True)), tolerance


class _Topology(NamedTuple):
    """Borders of regions: the arcs as JSON, and by region an object with the arcs that it uses."""

    bbox: list[float]
    transform: dict[str, Any]
    arcs: str
    shapes: dict[str, dict[str, Any]]


@lru_cache(maxsize=_KEPT)
def _topology(under: Ground) -> tuple[_Topology, float]:
    """Return the borders, and the tolerance by which they were lightened."""
    # Imported late: it takes a while, and no other format needs it.
    from topojson.core.topology import Topology

    degrees, tolerance = _degrees(under, _FEW_CORNERS)
    known = degrees[["region", "geometry"]]
    made = Topology(known, prequantize=_STEPS, object_name="regions").to_dict()
    drawn = made["objects"]["regions"]["geometries"]
    shapes = {
        region: {"type": one["type"], "arcs": one["arcs"]}
        for region, one in zip(known["region"], drawn, strict=True)
    }
    return _Topology(made["bbox"], made["transform"], plain_json(made["arcs"]), shapes), tolerance


def _degrees(under: Ground, corners: int) -> tuple[gpd.GeoDataFrame, float]:
    frame, tolerance = lightened(under.shapes(), corners)
    degrees = frame.to_crs("EPSG:4326")
    return degrees.set_geometry(shapely.force_2d(degrees.geometry.array)), tolerance


def _with(content: dict[str, Any], **members: str) -> str:
    """Return an object as JSON, with further members that are JSON already."""
    more = "".join(f',"{name}":{text}' for name, text in members.items())
    return f"{plain_json(content)[:-1]}{more}}}"


def _listed(items: list[str]) -> str:
    return f"[{','.join(items)}]"


def _about(document: Document, tolerance: float, rounding: str) -> dict[str, Any]:
    word = document.word("lightened" if tolerance else "unchanged")
    geometry = word.format(tolerance=round(tolerance), rounding=document.word(rounding))
    return document.metadata | {"geometry": geometry}


def _geometry(shape: Any) -> dict[str, Any]:
    members: dict[str, Any] = shape.__geo_interface__
    return {"type": members["type"], "coordinates": _rounded(members["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, _DECIMALS)
    return [_rounded(part) for part in coordinates]


def _member(drawn: dict[str, Any] | None, values: dict[str, Any]) -> str:
    """Return a geometry object of a topology; its type is null for a region without boundary."""
    return plain_json((drawn or {"type": None}) | {"id": values["region"], "properties": values})


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
        layer_metadata={_LAYER: plain_json(document.metadata)}, **options,
    )  # fmt: skip
