"""A slippy map of regions as one HTML file, drawn with folium over tiles of one's choice.

Folium's pages load their programs from four hosts. This one needs Leaflet alone, and takes it from
a copy on this machine if there is one. Otherwise only a page with tiles, which asks other hosts in
any case, loads it from outside, under a hash; a page without tiles then is a fixed picture. In
every page the picture lies in the map's place and stays where the map cannot start. Nothing is
fetched while the file is made, and the page's own policy lets it ask only the hosts that it names.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import shapely

from geo import encode
from layers.errors import ExportError
from layers.texts import texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

__all__ = ["PRESETS", "Leaflet", "Slippy", "Tiles", "find_leaflet", "hosts", "page", "tiles_of"]

#: Where Debian's package libjs-leaflet puts its copy.
USUAL = Path("/usr/share/javascript/leaflet")
#: Leaflet as its authors offer it, with the hashes they give: a browser takes this file or none.
_OUTSIDE = "https://unpkg.com/leaflet@1.9.4/dist/leaflet"
_HASHES = {
    "js": "sha256-20nQCchB9co0qIjJZRGuk2/Z9VM+kNiyxNV1lvTlZBo=",
    "css": "sha256-p4NxAoJBhIIN+hmNHrzRCf9tD/miZyoHS5obTRR9BMY=",
}
#: Smallest bend of a border that is kept (metres), and digits of a degree: the fourth is 10 m.
_TOLERANCE, _DIGITS = 1_200, 4
_CENTRE, _ZOOM = (51.2, 10.4), 6
_TEXTS = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Tiles:
    """A background: address with ``{z}``, ``{x}`` and ``{y}``, and its provider's line."""

    url: str
    attribution: str


_BKG = "https://sgx.geodatenzentrum.de/wmts_topplus_open/tile/1.0.0"
_BY_BKG = "© Bundesamt für Kartographie und Geodäsie (BKG), TopPlusOpen, dl-de/by-2-0"
#: Backgrounds by name.
PRESETS = {
    "topplus": Tiles(f"{_BKG}/web/default/WEBMERCATOR/{{z}}/{{y}}/{{x}}.png", _BY_BKG),
    "topplus-grey": Tiles(f"{_BKG}/web_grau/default/WEBMERCATOR/{{z}}/{{y}}/{{x}}.png", _BY_BKG),
}


@dataclass(frozen=True)
class Leaflet:
    """A copy of Leaflet, to be laid into the page."""

    js: str
    css: str


@dataclass(frozen=True, kw_only=True)
class Slippy:
    """What the page shows; all texts are plain text.

    Attributes
    ----------
    shapes : GeoDataFrame
        Valid coverage in a projected CRS, by region.
    colours : mapping
        CSS colour by region.
    tips : mapping
        Lines by region, the first its name.
    legend : sequence of (str, str, int)
        Colour, bounds in words and number of regions, the lowest class first.
    head, rows : sequences
        The table that says the same: headings, and cells with the name in the second column.
    notes : sequence of str
        What stands below: certainty, sources, citation.
    """

    title: str
    subtitle: str
    language: str
    shapes: gpd.GeoDataFrame
    colours: Mapping[str, str]
    tips: Mapping[str, Sequence[str]]
    legend_title: str
    legend: Sequence[tuple[str, str, int]]
    table_title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str]


def tiles_of(name: str, attribution: str = "") -> Tiles:
    """Return a preset, or tiles of one's own.

    Raises
    ------
    ExportError
        If the name is neither, or tiles of one's own come without their provider's line.
    """
    if name in PRESETS:
        return PRESETS[name]
    missing = [part for part in ("{z}", "{x}", "{y}") if part not in name]
    if missing or not name.startswith("https://"):
        raise ExportError(
            f"tiles '{name}': allowed are {', '.join(PRESETS)} or an address that begins with "
            "https:// and holds {z}, {x} and {y}."
        )
    if not attribution.strip():
        raise ExportError(f"tiles '{name}': name their provider as the licence asks (attribution).")
    return Tiles(name, attribution.strip())


def find_leaflet(folder: Path | None = None) -> Leaflet | None:
    """Read a copy of Leaflet from a folder, or from the usual place if there is one.

    Raises
    ------
    ExportError
        If the named folder lacks ``leaflet.js`` or ``leaflet.css``.
    """
    place = folder or USUAL
    try:
        js, css = ((place / f"leaflet.{kind}").read_text("utf-8") for kind in ("js", "css"))
    except (OSError, UnicodeDecodeError) as cause:
        if folder is None:
            return None
        msg = f"{folder}: leaflet.js and leaflet.css are needed there; see leafletjs.com/download."
        raise ExportError(msg) from cause
    if "</script" in js.lower() or "</style" in css.lower():
        raise ExportError(f"{place}: this copy of Leaflet cannot be laid into a page.")
    return Leaflet(js, css)


def hosts(tiles: Tiles | None, leaflet: Leaflet | None) -> list[str]:
    """Hosts that the page will ask when it is opened."""
    if tiles is None:
        return []
    outside = [] if leaflet else [urlsplit(_OUTSIDE).netloc]
    return [urlsplit(tiles.url.replace("{s}", "a")).netloc, *outside]


def page(sheet: Slippy, *, tiles: Tiles | None = None, leaflet: Leaflet | None = None) -> bytes:
    """Return the page; the same sheet gives the same bytes."""
    asked = hosts(tiles, leaflet)
    moves = bool(leaflet or tiles)
    inside = [leaflet.js] if leaflet else []
    if moves:
        inside.append(_START.format(program=_program(sheet, tiles)))
    about = texts(_TEXTS)
    said = about["contacts" if asked else "quiet"][sheet.language]
    shapes = encode.encode(sheet.shapes, outlines_by=None, width=420, detail=1.2)
    html = _template().render(
        sheet=sheet, scripts=[_Raw(one) for one in inside], outside=_OUTSIDE, hashes=_HASHES,
        loads=bool(tiles) and leaflet is None, css=_Raw(leaflet.css if leaflet else ""),
        policy=_policy(inside, tiles, leaflet), drawing=shapes, moves=moves,
        contacts=said.format(hosts=", ".join(asked)), still=about["still"][sheet.language],
    )  # fmt: skip
    return str(html).encode()


#: The map takes the place of the picture if Leaflet is there.
_START = """if (window.L) {{
document.body.classList.add("moves");
{program}
}}"""


class _Raw(str):
    """Text of our own, or of Leaflet, that goes into the page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def _policy(scripts: Sequence[str], tiles: Tiles | None, leaflet: Leaflet | None) -> str:
    outside = " https://" + urlsplit(_OUTSIDE).netloc if tiles and not leaflet else ""
    pictures = " https://" + urlsplit(tiles.url).netloc.replace("{s}", "*") if tiles else ""
    hashes = " ".join(f"'sha256-{_digest(one)}'" for one in scripts) or "'none'"
    return "; ".join([
        "default-src 'none'", f"script-src {hashes}{outside}",
        f"style-src 'unsafe-inline'{outside}", f"img-src data:{pictures}", "base-uri 'none'",
        "form-action 'none'",
    ])  # fmt: skip


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _program(sheet: Slippy, tiles: Tiles | None) -> str:
    """Let folium write the program, under names that do not change from run to run."""
    import folium

    drawn = folium.Map(location=_CENTRE, zoom_start=_ZOOM, tiles=None, height="100%")
    parts: list[Any] = [drawn]
    if tiles is not None:
        parts.append(folium.TileLayer(tiles.url, attr=escape(tiles.attribution)).add_to(drawn))
    regions = folium.GeoJson(
        _geojson(sheet),
        style_function=lambda one: {
            "fillColor": one["properties"]["colour"], "fillOpacity": 0.85 if tiles is None else 0.7,
            "color": "#ffffff", "weight": 0.6,
        },
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False),
    ).add_to(drawn)  # fmt: skip
    parts += [regions, *regions._children.values()]  # noqa: SLF001 -- folium offers no other way
    for number, part in enumerate(parts):
        part._id = str(number)  # noqa: SLF001 -- else it is drawn at random
    west, south, east, north = sheet.shapes.to_crs(4326).total_bounds.round(_DIGITS).tolist()
    drawn.fit_bounds([(south, west), (north, east)])
    figure: Any = drawn.get_root()
    figure.render()
    return str(figure.script.render())


def _geojson(sheet: Slippy) -> dict[str, Any]:
    """Return borders in degrees, simplified together so that neighbours still meet."""
    shapes = sheet.shapes
    simple = shapely.coverage_simplify(shapes.geometry.to_numpy(), _TOLERANCE)
    degrees = shapes.set_geometry(simple).set_crs(shapes.crs).to_crs(4326).geometry
    features = [
        {
            "type": "Feature", "id": str(key), "geometry": _rounded(shape),
            "properties": {
                "colour": sheet.colours[key],
                # Folium puts this into the page as markup.
                "tip": "<br>".join(escape(line) for line in sheet.tips[key]),
            },
        }
        for key, shape in degrees.items()
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def _rounded(shape: shapely.Geometry) -> Any:
    return json.loads(
        json.dumps(shapely.geometry.mapping(shape)), parse_float=lambda x: round(float(x), _DIGITS)
    )


@cache
def _template() -> Any:
    from jinja2 import Environment

    text = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
    made = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return made.from_string(text)
