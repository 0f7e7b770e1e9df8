"""Boundaries as the BKG publishes them: VG250, VG1000, VG2500 and VG5000.

A product comes as a zip with a GeoPackage or with shapefiles, or unpacked in a folder. Every area
has a row per kind of surface (``GF``, Geofaktor): only one kind is the land within the borders, the
others are coastal waters and the like with the same key. The land has GF 4 in VG250 and VG1000, and
9 in VG2500 and VG5000, where VG2500 lists half of the Länder a second time with GF 8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from layers.archive import opened
from layers.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import geopandas as gpd

__all__ = ["CRS", "Borders", "Level", "read_borders"]

Level = Literal["lan", "rbz", "krs", "gem"]
#: ETRS89 / UTM zone 32N: the BKG's own, in metres.
CRS = "EPSG:25832"
#: Geofaktor of land by product.
_LAND = {"250": 4, "1000": 4, "2500": 9, "5000": 9}
_KEYS = {"lan": r"\d{2}", "rbz": r"\d{3}", "krs": r"\d{5}", "gem": r"\d{8}"}
_COLUMNS = ("GF", "AGS", "GEN", "BEZ", "NUTS")
_HINT = "Get VG250 or VG1000 (GeoPackage or shape, UTM32s) from gdz.bkg.bund.de."
_DATE = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")
#: Differing keys that a message lists.
_LISTED = 5


@dataclass(frozen=True)
class Borders:
    """Land areas of one level.

    Attributes
    ----------
    areas : GeoDataFrame
        Indexed by region (AGS as text): name, kind (such as Landkreis), nuts, geometry in `CRS`.
    product : str
        Such as ``VG250``.
    status : str
        Day of the borders (ISO), from the publisher's ``aktualitaet.txt``; empty without it.
    notes : tuple of str
        What was left out or changed.
    """

    areas: gpd.GeoDataFrame
    product: str
    status: str
    notes: tuple[str, ...]

    @property
    def attribution(self) -> str:
        """The line that the licence asks for, with the year of the data."""
        year = f" ({self.status[:4]})" if self.status else ""
        return f"© BKG{year} dl-de/by-2-0 (Daten verändert)"


class _Layer(NamedTuple):
    source: str  # as GDAL opens it
    name: str | None  # of the layer in a GeoPackage
    scale: str


def read_borders(path: Path, level: Level = "krs", keys: Iterable[str] | None = None) -> Borders:
    """Read the land areas of `level` from a zip, a folder, a GeoPackage or a shapefile.

    Parameters
    ----------
    keys : iterable of str
        Keys that the areas must have, such as those of a dataset's regions; unchecked if left out.

    Raises
    ------
    SourceError
        If there is no such layer, the borders themselves, a column or the coordinate system is
        missing, a key is malformed, or the keys are not `keys` (as of another year).
    """
    layer = _find(path, level)
    frame = _read(layer, path)
    _check_columns(frame, path)
    land = frame[frame["GF"] == _LAND[layer.scale]]
    notes = []
    if len(land) < len(frame):
        notes.append(f"Areas of water and the like, left out: {len(frame) - len(land)}.")
    _check_keys(land, level, path)
    if land["AGS"].duplicated().any():
        land = land.dissolve("AGS", as_index=False)
        notes.append("Areas in several rows were joined by their key.")
    if land.crs.to_epsg() != int(CRS.removeprefix("EPSG:")):
        notes.append(f"Coordinates were transformed from {land.crs.to_string()} to {CRS}.")
        land = land.to_crs(CRS)
    areas = land.rename(columns={"AGS": "region", "GEN": "name", "BEZ": "kind", "NUTS": "nuts"})
    areas = areas.set_index("region").sort_index()[["name", "kind", "nuts", "geometry"]]
    if keys is not None:
        _same_keys(set(areas.index), set(keys), path)
    return Borders(areas, f"VG{layer.scale}", _status(path), tuple(notes))


def _members(path: Path) -> list[str]:
    """Files of a zip or a folder, as paths within it."""
    if path.is_dir():
        return sorted(str(item.relative_to(path)) for item in path.rglob("*") if item.is_file())
    if not path.is_file():
        msg = f"{path}: these boundaries are missing. {_HINT}"
        raise SourceError(msg)
    if path.suffix.lower() != ".zip":
        return [path.name]
    with opened(path, str(path), SourceError) as archive:
        return archive.namelist()


def _find(path: Path, level: Level) -> _Layer:
    members = _members(path)
    inside = f"/vsizip/{path}/" if path.suffix.lower() == ".zip" else f"{path}/"
    if path.is_file() and path.suffix.lower() != ".zip":
        inside = f"{path.parent}/"
    for member in members:
        if member.lower().endswith(".gpkg"):
            return _geopackage_layer(inside + member, path, level)
    shape = re.compile(rf"(?:.*/)?VG(\d+)_{level}\.shp", re.IGNORECASE)
    for member in members:
        found = shape.fullmatch(member)
        if found and found[1] in _LAND:
            return _Layer(inside + member, None, found[1])
    table = re.compile(rf"(?:.*/)?VG\d+_{level}\.dbf", re.IGNORECASE)
    if any(table.fullmatch(member) for member in members):
        msg = f"{path}: holds the attributes of '{level}' (.dbf) without borders (.shp). {_HINT}"
        raise SourceError(msg)
    listed = ", ".join(members[:8]) or "nothing"
    msg = f"{path}: holds no layer 'VG..._{level}' (.shp or .gpkg); it holds {listed}. {_HINT}"
    raise SourceError(msg)


def _geopackage_layer(source: str, path: Path, level: Level) -> _Layer:
    import pyogrio

    try:
        names = [str(name) for name, _ in pyogrio.list_layers(source)]
    except pyogrio.errors.DataSourceError as cause:
        msg = f"{path}: the GeoPackage cannot be opened ({cause}); download it again."
        raise SourceError(msg) from cause
    for name in names:
        found = re.fullmatch(rf"vg(\d+)_{level}", name, re.IGNORECASE)
        if found and found[1] in _LAND:
            return _Layer(source, name, found[1])
    msg = f"{path}: has no layer 'vg..._{level}'; its layers are {', '.join(names)}. {_HINT}"
    raise SourceError(msg)


def _read(layer: _Layer, path: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pyogrio

    options = {} if layer.name is None else {"layer": layer.name}
    try:
        frame = gpd.read_file(layer.source, **options)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as cause:
        msg = f"{path}: cannot be read as boundaries ({cause}); download it again."
        raise SourceError(msg) from cause
    if getattr(frame, "crs", None) is None:
        msg = f"{path}: says no coordinate system (.prj); it must lie beside the borders. {_HINT}"
        raise SourceError(msg)
    return frame


def _check_columns(frame: gpd.GeoDataFrame, path: Path) -> None:
    for column in _COLUMNS:
        if column not in frame.columns:
            there = ", ".join(map(str, frame.columns))
            msg = f"{path}: column '{column}' is missing; it has {there}. {_HINT}"
            raise SourceError(msg)


def _check_keys(land: gpd.GeoDataFrame, level: Level, path: Path) -> None:
    if land.empty:
        msg = f"{path}: column 'GF' marks no row as land. {_HINT}"
        raise SourceError(msg)
    wrong = ~land["AGS"].astype("str").str.fullmatch(_KEYS[level]).astype("bool")
    if wrong.any():
        key = land.loc[wrong, "AGS"].iloc[0]
        msg = f"{path}: column 'AGS' holds {key!r}, which is no key of level '{level}'. {_HINT}"
        raise SourceError(msg)
    if land.geometry.is_empty.any() or land.geometry.isna().any():
        key = land.loc[land.geometry.is_empty | land.geometry.isna(), "AGS"].iloc[0]
        msg = f"{path}: area {key} has no borders. {_HINT}"
        raise SourceError(msg)


def _same_keys(there: set[str], wanted: set[str], path: Path) -> None:
    if there == wanted:
        return
    extra, lacking = (sorted(keys)[:_LISTED] for keys in (there - wanted, wanted - there))
    msg = (
        f"{path}: has {len(there)} areas, expected are {len(wanted)}; unknown "
        f"{', '.join(extra) or 'none'}, missing {', '.join(lacking) or 'none'}. The borders are "
        f"probably of another year; take those of the dataset's Gebietsstand."
    )
    raise SourceError(msg)


def _status(path: Path) -> str:
    """Day of the borders in ISO form; empty where the publisher's note is not in the file."""
    name = next((m for m in _members(path) if m.lower().endswith("aktualitaet.txt")), None)
    if name is None:
        return ""
    if path.is_dir():
        text = (path / name).read_text("latin-1")
    else:
        with opened(path, str(path), SourceError) as archive, archive.open(name) as stream:
            text = stream.read(1000).decode("latin-1")
    found = _DATE.search(text)
    return "-".join(reversed(found.groups())) if found else ""
