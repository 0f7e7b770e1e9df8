"""The slippy map must say whom it asks, ask nobody else, and show the regions whatever happens."""

from __future__ import annotations

import json
import re

import geopandas as gpd
import html5lib
import pytest
from shapely.geometry import box

from geo import slippy
from layers.errors import ExportError

EVIL = '<img src=x onerror=alert(1)> & "A" </script>'  # fmt: skip
COPY = slippy.Leaflet("window.L = undefined;", ".leaflet-container { outline: 0; }")


@pytest.fixture
def sheet():
    shapes = gpd.GeoDataFrame(
        geometry=[box(x, 5_500_000, x + 100_000, 5_600_000) for x in (400_000, 500_000)],
        index=["01", "02"], crs=25832,
    )  # fmt: skip
    return slippy.Slippy(
        title="Titel", subtitle="unter", language="de", shapes=shapes,
        colours={"01": "#111111", "02": "#222222"}, tips={"01": [EVIL, "Rang 1"], "02": ["B"]},
        legend_title="Legende", legend=[("#111111", "0 bis 1", 1), ("#222222", "1 bis 2", 1)],
        table_title="Tabelle", head=["Rang", "Name"], rows=[["1", EVIL], ["2", "B"]],
        notes=["Quelle: amtlich"],
    )  # fmt: skip


def addresses(html):
    page = html5lib.parse(html, namespaceHTMLElements=False)
    found = [one.get("src") or one.get("href") for tag in ("script", "link", "img")
             for one in page.iter(tag)]  # fmt: skip
    return [one for one in found if one and not one.startswith("data:")]


@pytest.mark.parametrize("tiles", [None, slippy.PRESETS["topplus"]])
@pytest.mark.parametrize("leaflet", [None, COPY])
def test_the_page_is_valid_and_the_same_every_time(sheet, tiles, leaflet):
    made = slippy.page(sheet, tiles=tiles, leaflet=leaflet)
    assert made == slippy.page(sheet, tiles=tiles, leaflet=leaflet)
    html5lib.HTMLParser(strict=True).parse(made, transport_encoding="utf-8")
    said = "".join(html5lib.parse(made, namespaceHTMLElements=False).find("body").itertext())
    for words in ("Titel", "Quelle: amtlich", EVIL, "0 bis 1"):
        assert words in said


@pytest.mark.parametrize("leaflet", [None, COPY])
def test_without_tiles_nobody_is_asked(sheet, leaflet):
    html = slippy.page(sheet, leaflet=leaflet).decode()
    assert slippy.hosts(None, leaflet) == []
    assert addresses(html) == []
    assert "fragt keinen anderen Rechner" in html
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html).group(1)
    assert "http" not in policy
    assert ("L.map" in html) == (leaflet is not None)


def test_with_tiles_the_page_says_whom_it_asks(sheet):
    tiles = slippy.tiles_of("topplus-grey")
    html = slippy.page(sheet, tiles=tiles).decode()
    assert slippy.hosts(tiles, None) == ["sgx.geodatenzentrum.de", "unpkg.com"]
    assert {one.split("/")[2] for one in addresses(html)} == {"unpkg.com"}
    assert "andere Rechner: sgx.geodatenzentrum.de, unpkg.com" in html
    assert html.count('integrity="sha256-') == 2
    for unwanted in ("jquery", "bootstrap", "cdnjs", "fontawesome"):
        assert unwanted not in html.lower()
    own = slippy.page(sheet, tiles=tiles, leaflet=COPY).decode()
    assert addresses(own) == []
    assert slippy.hosts(tiles, COPY) == ["sgx.geodatenzentrum.de"]
    assert "unpkg" not in own


def test_names_stay_names_in_the_program_too(sheet):
    data = slippy._geojson(sheet)
    tip = data["features"][0]["properties"]["tip"]
    assert tip.startswith("&lt;img src=x onerror=alert(1)&gt;")
    assert tip.endswith("<br>Rang 1")
    html = slippy.page(sheet, leaflet=COPY).decode()
    assert html.count("</script>") == 2
    assert "<img" not in html


def test_borders_are_in_degrees_and_short(sheet):
    text = json.dumps(slippy._geojson(sheet))
    numbers = [float(x) for x in re.findall(r"-?\d+\.\d+", text)]
    assert all(5 < x < 56 for x in numbers)
    assert max(len(x.partition(".")[2]) for x in re.findall(r"\d+\.\d+", text)) <= 4


@pytest.mark.parametrize(
    ("name", "attribution", "words"),
    [
        ("osm", "", "allowed are topplus, topplus-grey or an address"),
        ("https://a.example/{z}/{x}.png", "A", "holds {z}, {x} and {y}"),
        ("http://a.example/{z}/{x}/{y}.png", "A", "begins with https://"),
        ("https://a.example/{z}/{x}/{y}.png", " ", "name their provider"),
    ],
)
def test_unknown_tiles_are_refused(name, attribution, words):
    with pytest.raises(ExportError) as refused:
        slippy.tiles_of(name, attribution)
    assert words in str(refused.value)


def test_tiles_of_ones_own_are_taken_with_their_line(sheet):
    tiles = slippy.tiles_of("https://a.example/{z}/{x}/{y}.png", "© <A>")
    html = slippy.page(sheet, tiles=tiles).decode()
    assert "https://a.example" in re.search(r"img-src [^;]+", html).group()
    assert "<A>" not in html
    many = slippy.tiles_of("https://{s}.a.example/{z}/{x}/{y}.png", "A")
    assert "img-src data: https://*.a.example;" in slippy.page(sheet, tiles=many).decode()
    assert slippy.hosts(many, COPY) == ["a.a.example"]


def test_a_copy_of_leaflet_is_read_or_asked_for(tmp_path):
    with pytest.raises(ExportError, match=r"leaflet\.js and leaflet\.css are needed"):
        slippy.find_leaflet(tmp_path)
    (tmp_path / "leaflet.js").write_text("window.L = {};")
    (tmp_path / "leaflet.css").write_text("a {}")
    assert slippy.find_leaflet(tmp_path) == slippy.Leaflet("window.L = {};", "a {}")
    (tmp_path / "leaflet.js").write_text("'</script>'")
    with pytest.raises(ExportError, match="cannot be laid"):
        slippy.find_leaflet(tmp_path)
