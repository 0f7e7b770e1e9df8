"""The map as a Streamlit component: what it is told, how it is mounted, what the server serves.

The drawing and the browser code are fetched once from the app's own server under addresses that
carry their version, and then stay in the browser's cache. A rerun sends only a `MapPayload`.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypedDict

import streamlit as st
from pydantic_core import to_json
from starlette.responses import Response
from starlette.routing import Route

from layers.errors import PotenzialatlasError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

ASSETS = Path(__file__).parent / "component"
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}
NOT_FOUND = 404
NOT_MODIFIED = 304
#: Drawings kept: the newest, and those of versions that sessions still work with.
DRAWINGS = 3

MISSING = -1
"""Class number of a region without a value: grey and hatched."""

OUTSIDE = -2
"""Class number of a region that is not part of the question: paler than any class."""

TEXT_KEYS = ("loading", "error", "retry", "zoom_in", "zoom_out", "zoom_reset")
"""Words the map cannot do without; `outside` (legend) and `hint` (below the map) may be added."""


class MapClass(TypedDict):
    """One class of the legend: CSS colour, bounds in words, number of regions."""

    colour: str
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPayload:
    """Everything one rerun tells the map; plain lists, one entry per region where not said else.

    Attributes
    ----------
    geometry_url
        Address of the drawing, from `geometry_url`.
    ids
        Region keys; all lists below follow their order. Regions of the drawing that are not among
        them are shown as `OUTSIDE`.
    classes, cls
        The classes of the legend, and each region's class number, `MISSING` or `OUTSIDE`.
    doubt
        Whether the class of a region is uncertain (hatched); None leaves doubt off the map.
    dim
        Whether a region is paled because it lies outside the selection.
    tips
        Lines of plain text per region; the first is its name.
    selected
        Key of the selected region, or None.
    title, description
        Heading above the map; one sentence that says what it shows, read to those who cannot see.
    legend_title, missing_label, missing_count, doubt_label
        Words and count of the legend.
    texts
        All other words: `TEXT_KEYS`, and if wanted `outside` and `hint`.
    announce
        What has changed, read out politely when it differs from the last time.
    height
        Greatest height of the map in CSS pixels; on narrow screens it is lower.
    live
        What the browser needs to follow moving weights by itself (`views.live`); None where it
        cannot.
    """

    geometry_url: str
    ids: Sequence[str]
    classes: Sequence[MapClass]
    cls: Sequence[int]
    doubt: Sequence[bool] | None
    dim: Sequence[bool]
    tips: Sequence[Sequence[str]]
    selected: str | None
    title: str
    description: str
    legend_title: str
    missing_label: str
    missing_count: int
    doubt_label: str
    texts: Mapping[str, str]
    announce: str = ""
    height: int = 720
    live: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        """Refuse lists that do not fit together, classes that do not exist and missing words."""
        for name in ("cls", "doubt", "dim", "tips"):
            values = getattr(self, name)
            if values is not None and len(values) != len(self.ids):
                message = f"map: {name} has {len(values)} entries for {len(self.ids)} regions"
                raise PotenzialatlasError(f"{message}; give one for each, in the order of ids")
        wrong = {number for number in self.cls if not OUTSIDE <= number < len(self.classes)}
        if wrong:
            raise PotenzialatlasError(
                f"map: class {min(wrong)} does not exist; "
                f"allowed are {OUTSIDE} to {len(self.classes) - 1}"
            )
        absent = [key for key in TEXT_KEYS if key not in self.texts]
        if absent:
            raise PotenzialatlasError(f"map: texts lacks {', '.join(absent)}; give all words")

    def data(self) -> dict[str, Any]:
        """JSON-ready form."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return plain | {"texts": dict(self.texts)}


def geometry_url(document: Mapping[str, Any]) -> str:
    """Address of a drawing, relative to the app; it changes with its content."""
    return f"atlas/geometry.json?v={document['version']}"


@cache
def assets() -> dict[str, bytes]:
    """Browser code and stylesheet by file name, as they were when first asked for."""
    return {
        path.name: path.read_bytes()
        for path in sorted(ASSETS.iterdir())
        if path.suffix in MEDIA_TYPES
    }


@cache
def assets_version() -> str:
    """Hash of all assets together: one changed file renews all their addresses."""
    digest = hashlib.sha256()
    for name, content in assets().items():
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:12]


def asset_url(name: str) -> str:
    """Address of a file of the browser code, relative to the app; it changes with any of them."""
    return f"atlas/component/{assets_version()}/{name}"


def component(name: str, module: str, **how: Any) -> Callable[..., object]:
    """Register a component of ours; returns the function that shows it.

    It is told its `data` as one piece of text. In anything else Streamlit would look through every
    entry for tables, and write it twice.

    Parameters
    ----------
    name
        As the browser knows it, ``potenzialatlas_...``.
    module
        File of its code in ``component/``; its ``render`` finds the data as they were given.
    **how
        As for `st.components.v2.component`.
    """
    mount = st.components.v2.component(name, js=_shim(module), **how)

    def show(*, data: Mapping[str, Any], **named: Any) -> object:
        # Several times as fast as Python's own; what is no number is a gap.
        return mount(data=to_json(data, inf_nan_mode="null"), **named)

    return show


def _shim(module: str) -> str:
    """Few lines that Streamlit resends on every rerun; they load the real module once."""
    return f"""
const address = "{asset_url(module)}";
export default async (component) => {{
  const data = JSON.parse(new TextDecoder().decode(component.data));
  const module = await import(new URL(address, document.baseURI).href)
    .catch(() => {{ throw new Error(data.texts.error); }});
  return module.render({{ ...component, data }});
}};
"""


_mount = component("potenzialatlas_map", "map.js")


def choropleth(payload: MapPayload, *, key: str, on_select: Callable[[str | None], None]) -> None:
    """Show the map.

    The page owns the selection: it gives it in `payload.selected`, and `on_select` is called,
    before the next run of the page, with the key of a region that was clicked, or None.
    """

    def tell() -> None:
        on_select(st.session_state[key].get("selected"))

    # The browser tells it once. A state it would repeat with every other change, and so take back
    # what was selected elsewhere since.
    _mount(key=key, data=payload.data(), on_selected_change=tell)


def base_path() -> str:
    """Path under which the app is served: empty, or such as ``/atlas`` (server.baseUrlPath)."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def routes(
    geometry: Callable[[], Mapping[str, Any]], table: Callable[[str], bytes | None]
) -> list[BaseRoute]:
    """Routes for `st.App(script, routes=...)`: browser code, drawing, and tables of layer values.

    Parameters
    ----------
    geometry
        Gives the document of `geo.encode.encode` for those who come now; those who came before
        an update still get theirs.
    table
        Gives the numbers of `views.live` that belong to a key, None if it knows no such key.
    """
    known = OrderedDict[str, bytes]()
    lock = Lock()

    def drawing(asked: str | None) -> tuple[str, bytes]:
        with lock:
            if asked is not None and asked in known:
                return asked, known[asked]
            document = geometry()
            version = str(document["version"])
            if version not in known:
                text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
                known[version] = text.encode()
            content = known[version]
            while len(known) > DRAWINGS:
                known.popitem(last=False)
            return version, content

    def serve_drawing(request: Request) -> Response:
        asked = request.query_params.get("v")
        version, content = drawing(asked)
        return _answer(request, content, "application/json", version, asked)

    def serve_table(request: Request) -> Response:
        key = request.path_params["key"]
        content = table(key)
        if content is None:
            return Response(status_code=NOT_FOUND)
        return _answer(request, content, "application/octet-stream", key, key)

    root = f"{base_path()}/atlas"
    return [
        Route(f"{root}/component/{{version}}/{{name}}", _serve_asset),
        Route(f"{root}/geometry.json", serve_drawing),
        Route(f"{root}/layers/{{key}}", serve_table),
    ]


def _serve_asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in assets():
        return Response(status_code=NOT_FOUND)
    asked = request.path_params["version"]
    media_type = MEDIA_TYPES[Path(name).suffix]
    return _answer(request, assets()[name], media_type, assets_version(), asked)


def _answer(
    request: Request, content: bytes, media_type: str, version: str, asked: str | None
) -> Response:
    """Content kept for good under its own version; under any other it is asked for every time."""
    keep = "public, max-age=31536000, immutable" if asked == version else "no-cache"
    headers = {"ETag": f'"{version}"', "Cache-Control": keep, "X-Content-Type-Options": "nosniff"}
    if version in request.headers.get("if-none-match", ""):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
