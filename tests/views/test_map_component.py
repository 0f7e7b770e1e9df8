"""What the map is told and what the server serves to it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from layers.errors import PotenzialatlasError
from views.map_component import (
    ASSETS,
    TEXT_KEYS,
    MapPayload,
    assets_version,
    geometry_url,
    routes,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

TABLES = {"known": b"\0\0\0\0\0\0\xf0?"}
DRAWING = {"version": "abc123", "width": 10, "height": 10, "regions": [], "outlines": ""}


def payload(**changes: Any) -> MapPayload:
    fields: dict[str, Any] = {
        "geometry_url": geometry_url(DRAWING),
        "ids": ["01001", "01002", "01003"],
        "classes": [{"colour": "#123456", "label": "0 bis 1", "count": 1}],
        "cls": [0, -1, -2],
        "doubt": None,
        "dim": [False, False, True],
        "tips": [["Flensburg"], ["Kiel"], ["Lübeck"]],
        "selected": None,
        "title": "Karte",
        "description": "Eine Karte.",
        "legend_title": "Punkte",
        "missing_label": "keine Angabe",
        "missing_count": 1,
        "doubt_label": "unsicher",
        "texts": dict.fromkeys(TEXT_KEYS, "…"),
    }
    return MapPayload(**(fields | changes))


@dataclass
class Answer:
    """What the server sent back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""

    async def take(self, message: Mapping[str, Any]) -> None:
        """Collect one message of the server."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        self.content += message.get("body", b"")


class Client:
    """Asks an app directly, without a network."""

    def __init__(self, geometry: Callable[[], Mapping[str, Any]] = lambda: DRAWING) -> None:
        self.app = Starlette(routes=routes(geometry, TABLES.get))

    def get(self, url: str, **headers: str) -> Answer:
        """Answer to one GET request; underscores in header names stand for hyphens."""
        path, _, query = url.partition("?")
        named = [(name.replace("_", "-").encode(), headers[name].encode()) for name in headers]
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": named,
        }
        answer = Answer()
        asyncio.run(self.app(scope, None, answer.take))  # type: ignore[arg-type] # reads no body
        return answer


@pytest.fixture
def client() -> Client:
    return Client()


def test_the_payload_is_plain_json() -> None:
    data = payload(selected="01002").data()
    assert json.loads(json.dumps(data))["selected"] == "01002"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cls": [0, 0]}, "cls has 2 entries for 3 regions"),
        ({"doubt": [True]}, "doubt has 1 entries for 3 regions"),
        ({"cls": [0, 1, 0]}, "class 1 does not exist; allowed are -2 to 0"),
        ({"cls": [0, -3, 0]}, "class -3 does not exist"),
        ({"texts": {}}, "texts lacks loading, error, retry"),
    ],
)
def test_what_does_not_fit_together_is_refused_in_words(
    changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(PotenzialatlasError, match=words):
        payload(**changes)


def test_the_drawing_is_served_at_its_own_address_and_kept_for_good(client: Client) -> None:
    answer = client.get(f"/{geometry_url(DRAWING)}")
    assert json.loads(answer.content) == DRAWING
    assert "immutable" in answer.headers["cache-control"]


def test_an_old_address_gives_the_present_drawing_but_is_not_kept(client: Client) -> None:
    answer = client.get("/atlas/geometry.json?v=old")
    assert json.loads(answer.content) == DRAWING
    assert answer.headers["cache-control"] == "no-cache"


def test_what_the_browser_has_is_not_sent_again(client: Client) -> None:
    etag = client.get("/atlas/geometry.json").headers["etag"]
    answer = client.get("/atlas/geometry.json", if_none_match=etag)
    assert (answer.status, answer.content) == (304, b"")


def test_whoever_came_before_an_update_still_gets_their_drawing() -> None:
    drawings = [DRAWING, {**DRAWING, "version": "newer"}]
    client = Client(lambda: drawings[0])
    first, address = client.get("/atlas/geometry.json"), geometry_url(DRAWING)
    drawings.pop(0)
    assert client.get(f"/{address}").content == first.content
    newer = client.get("/atlas/geometry.json?v=newer")
    assert json.loads(newer.content)["version"] == "newer"
    assert "immutable" in newer.headers["cache-control"]


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.*")), ids=lambda path: path.name)
def test_every_file_of_the_component_is_served_with_its_type(client: Client, path: Path) -> None:
    answer = client.get(f"/atlas/component/{assets_version()}/{path.name}")
    assert answer.content == path.read_bytes()
    kind = {".js": "text/javascript", ".css": "text/css"}[path.suffix]
    assert answer.headers["content-type"].startswith(kind)


@pytest.mark.parametrize("name", ["absent.js", "../map_component.py", ".."])
def test_nothing_else_is_served(client: Client, name: str) -> None:
    assert client.get(f"/atlas/component/{assets_version()}/{name}").status == 404


def test_a_table_of_layer_values_is_served_as_it_is_and_kept_for_good(client: Client) -> None:
    answer = client.get("/atlas/layers/known")
    assert answer.content == TABLES["known"]
    assert "immutable" in answer.headers["cache-control"]


def test_a_table_that_is_not_kept_is_missing(client: Client) -> None:
    assert client.get("/atlas/layers/forgotten").status == 404


def page(selected: str | None) -> None:
    """A page that owns its selection, as the map page does."""
    import streamlit as st

    from tests.views.test_map_component import payload as make
    from views.map_component import choropleth

    def keep(region: str | None) -> None:
        st.session_state["kept"] = region

    st.session_state.setdefault("kept", selected)
    choropleth(make(selected=st.session_state["kept"]), key="map", on_select=keep)
    st.text(f"chosen {st.session_state['kept']}")


def chosen(app: AppTest) -> str:
    assert not app.exception
    return str(app.text[0].value)


def test_the_pages_own_selection_holds_until_a_click() -> None:
    app = AppTest.from_function(page, args=("01001",)).run()
    assert chosen(app) == "chosen 01001"
    app.run()
    assert chosen(app) == "chosen 01001"


def test_a_search_on_the_page_overrules_an_earlier_selection() -> None:
    app = AppTest.from_function(page, args=("01001",)).run()
    app.session_state["kept"] = "01003"
    app.run()
    assert chosen(app) == "chosen 01003"
