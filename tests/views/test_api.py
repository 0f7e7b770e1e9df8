"""Addresses beside the pages: right numbers, plain refusals, headers that say who may do what."""

from __future__ import annotations

import asyncio
import csv
import json
import re
from html import unescape
from urllib.parse import parse_qsl, quote

import html5lib
import pytest
import streamlit as st
from starlette.applications import Starlette

from layers import Recipe, score
from layers.paths import default_recipe
from tests.views.test_map_component import Answer
from views import api, store
from views.asked import asked
from views.cli import cli

HOST = "atlas.example.org"
MOVED = "w.housing=3&w.services=0.5"


class Client:
    """Asks an app directly, without a network."""

    def __init__(self):
        self.app = Starlette(routes=api.routes())

    def get(self, url, method="GET", host=HOST, **headers):
        path, _, query = url.partition("?")
        named = [(name.replace("_", "-").encode(), one.encode()) for name, one in headers.items()]
        scope = {
            "type": "http", "method": method, "path": path, "query_string": query.encode(),
            "headers": [(b"host", host.encode()), *named], "scheme": "https",
            "server": (host, 443),
        }  # fmt: skip
        answer = Answer()

        async def nothing():
            return {"type": "http.request", "body": b"", "more_body": False}

        asyncio.run(self.app(scope, nothing, answer.take))
        return answer


@pytest.fixture(scope="module")
def client():
    return Client()


@pytest.mark.parametrize(
    "path", ["map", "sliders", "profile/09477", "compare/09477/16054", f"map?{MOVED}&lang=en"]
)
def test_every_embed_is_a_page_that_anybody_may_frame(client, path):
    answer = client.get(f"/embed/{path}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    html5lib.HTMLParser(strict=True).parse(answer.content, transport_encoding="utf-8")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.endswith("frame-ancestors *")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    assert f'href="https://{HOST}/'.encode() in answer.content


def test_the_way_back_opens_the_same_view_and_region(client):
    html = client.get("/embed/profile/09477?w.housing=3&lang=en").content.decode()
    (back,) = re.findall(r'class="way-back"><a href="([^"]+)"', html)
    address, _, query = unescape(back).partition("?")
    assert address == f"https://{HOST}/"
    state = asked(parse_qsl(query), store.dataset(), store.default_recipe())
    assert (state.language, state.selected) == ("en", "09477")
    assert state.recipe.weights == {"layer:housing": 3.0}


def test_a_page_names_its_description_for_content_systems(client):
    page = html5lib.parse(client.get("/embed/map?w.housing=3").content, namespaceHTMLElements=False)
    (address,) = [one.get("href") for one in page.iter("link") if "oembed" in one.get("type", "")]
    assert address.startswith(f"https://{HOST}/api/oembed?")
    told = json.loads(client.get(address.removeprefix(f"https://{HOST}")).content)
    assert (told["type"], told["version"]) == ("rich", "1.0")
    assert told["provider_url"] == f"https://{HOST}/"
    (frame,) = html5lib.parse(told["html"], namespaceHTMLElements=False).iter("iframe")
    assert frame.get("src") == f"https://{HOST}/embed/map?w.housing=3"
    assert frame.get("height") == str(told["height"])
    assert "<script" not in told["html"]


def oembed(client, url, **fields):
    more = "".join(f"&{key}={value}" for key, value in fields.items())
    return client.get(f"/api/oembed?url={quote(url, safe='')}{more}")


def test_an_embed_is_described_in_the_size_that_there_is(client):
    url = f"https://{HOST}/embed/profile/09477?lang=en"
    told = json.loads(oembed(client, url, maxwidth=320, maxheight=500, format="json").content)
    assert (told["width"], told["height"]) == (320, 500)
    assert told["title"] == "Landkreis Kulmbach"


@pytest.mark.parametrize(
    ("url", "fields", "status", "words"),
    [
        (f"https://{HOST}/embed/map", {"format": "xml"}, 501, "only json"),
        (f"https://{HOST}/embed/map", {"maxwidth": "wide"}, 400, "maxwidth = 'wide'"),
        (f"https://{HOST}/embed/map", {"maxheight": "0"}, 400, "from 1"),
        ("https://elsewhere.example/embed/map", {}, 404, f"below https://{HOST}/embed/"),
        (f"https://{HOST}.elsewhere.example/embed/map", {}, 404, "only addresses"),
        (f"https://{HOST}/daten", {}, 404, "only addresses"),
        (f"https://{HOST}/embed/nothing", {}, 404, "allowed: map, sliders, profile, compare"),
        (f"https://{HOST}/embed/map?zz=1", {}, 400, "unknown field 'zz'"),
        ("", {}, 404, "only addresses"),
    ],
)
def test_only_addresses_of_this_app_are_described(client, url, fields, status, words):
    answer = oembed(client, url, **fields)
    assert answer.status == status
    assert words in json.loads(answer.content)["error"]


def test_a_permalink_gives_the_numbers_of_the_command_line(client, tmp_path):
    """The same recipe as a link and as a file: the same scores, ranks and bands."""
    from typer.testing import CliRunner

    recipe, target = tmp_path / "recipe.toml", tmp_path / "scores.csv"
    recipe.write_bytes(client.get(f"/api/recipe.toml?{MOVED}").content)
    assert Recipe.load(recipe).weights == {"layer:housing": 3.0, "layer:services": 0.5}
    assert CliRunner().invoke(cli, ["score", "-r", str(recipe), "-o", str(target)]).exit_code == 0
    answer = client.get(f"/api/scores.csv?{MOVED}")

    def rows(text):
        return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))

    assert rows(answer.content.decode()) == rows(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize("suffix", ["geojson", "topojson", "json", "csv"])
def test_files_have_their_type_and_may_be_read_from_any_page(client, suffix):
    answer = client.get(f"/api/scores.{suffix}?{MOVED}")
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    kind = {"geojson": "application/geo+json", "csv": "text/csv; charset=utf-8"}
    assert answer.headers["content-type"] == kind.get(suffix, "application/json")


def test_the_rows_of_the_json_file_are_those_of_the_score(client):
    told = json.loads(client.get("/api/scores.json?w.housing=3").content)
    recipe = default_recipe(store.dataset()).model_copy(update={"weights": {"layer:housing": 3.0}})
    expected = score(store.dataset(), recipe)
    assert {row["region"]: row["score"] for row in told["regions"]} == expected.index.to_dict()
    assert told["metadata"]["dataset"] == store.dataset().reference


@pytest.mark.parametrize("path", ["/embed/profile/09477", "/api/recipe.toml", "/api/scores.csv"])
def test_what_a_reader_has_is_not_sent_again(client, path):
    first = client.get(path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=600"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, if_none_match=known)
        assert (again.status, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, if_none_match='"other"').status == 200
    assert client.get(f"{path}?w.housing=3").headers["etag"] != tag


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        ("/embed/nothing", 404, "allowed: map, sliders, profile, compare"),
        ("/embed/profile", 400, "takes one region; 0 given"),
        ("/embed/profile/99999", 404, "unknown region '99999'"),
        ("/embed/compare/09477/09477", 400, "two different regions"),
        ("/embed/map?zz=1", 400, "unknown field 'zz'"),
        ("/embed/map?w.housing=abc", 400, "expected a number"),
        ("/embed/sliders?show=width", 400, "sliders need show"),
        ("/embed/map?lang=de&lang=en", 400, "given twice"),
        ("/api/scores.xlsx", 404, "allowed: .geojson"),
        ("/api/scores.csv?w.nothing=1", 400, "unknown key 'layer:nothing'"),
        ("/api/scores.csv?" + "w.housing=1&" * 700, 414, "longer than 8000 bytes"),
        ("/api/recipe.toml?n=" + "x" * 9_000, 414, "longer than 8000 bytes"),
    ],
)
def test_what_is_not_understood_is_refused_in_one_line(client, url, status, words):
    answer = client.get(url)
    assert answer.status == status
    message = json.loads(answer.content)["error"]
    assert words in message
    assert "\n" not in message
    assert answer.headers["cache-control"] == "no-store"
    assert "sha256" not in answer.headers["content-security-policy"]


def test_equal_views_are_made_once(client):
    api._made.cache_clear()
    client.get("/embed/profile/03354?lang=en&w.housing=3")
    client.get("/embed/profile/03354?w.housing=3.0&lang=en&p.ind=x")
    assert api._made.cache_info().misses == 1


def test_a_host_name_cannot_break_out_of_the_page(client):
    answer = client.get("/embed/profile/09477", host='x"><script>alert(1)</script>')
    assert b"<script>alert(1)" not in answer.content


def test_everything_lies_below_the_apps_own_path(monkeypatch):
    usual = st.get_option
    monkeypatch.setattr(
        st, "get_option", lambda key: "atlas" if key == "server.baseUrlPath" else usual(key)
    )
    client = Client()
    assert client.get("/embed/profile/09477").status == 404
    answer = client.get("/atlas/embed/profile/09477")
    assert answer.status == 200
    assert f'href="https://{HOST}/atlas/'.encode() in answer.content


def test_a_fault_of_the_server_names_none_of_its_places(client, monkeypatch):
    from layers.errors import DatasetError

    def broken(*_, **__):
        raise DatasetError("/secret/place: there are no boundaries.")

    monkeypatch.setattr(api, "build", broken)
    answer = client.get("/embed/map?w.housing=2.5")
    assert answer.status == 500
    assert b"secret" not in answer.content


def test_a_crowd_is_sent_away_instead_of_taking_all_threads(client):
    for _ in range(api._AT_ONCE + api._IN_LINE):
        api._line.acquire()
    try:
        answer = client.get("/embed/profile/01001?w.housing=4")
    finally:
        for _ in range(api._AT_ONCE + api._IN_LINE):
            api._line.release()
    assert answer.status == 503
    assert "ask again" in json.loads(answer.content)["error"]
    assert client.get("/embed/profile/01001?w.housing=4").status == 200
