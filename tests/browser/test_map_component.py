"""What a person can see and do on the map, with a mouse, with keys and with a screen reader.

The country is a board of 20 x 20 square regions of 10 km; region "0505" carries a small city in
its middle ("city", 1 km wide), as kreisfreie Städte lie in their Landkreis. The large board, of
40 x 40, is drawn on a canvas.
"""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import boundaries
from geo.encode import encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMPONENT = ROOT / "views" / "component"
SIDE = 20
KM = 1000
COLOURS = ["#1b4965", "#74a9b8", "#e9ead9"]
TEXTS = {
    "loading": "lädt",
    "error": "Karte fehlt",
    "retry": "Noch einmal",
    "zoom_in": "größer",
    "zoom_out": "kleiner",
    "zoom_reset": "ganz",
    "outside": "außerhalb",
}


class Handler(SimpleHTTPRequestHandler):
    """The component's files, the harness page and one drawing; anything else is missing."""

    drawing = b""

    def do_GET(self) -> None:
        """Answer from the drawing, the harness or the component folder."""
        path = self.path.split("?")[0]
        if path == "/geometry.json":
            self.answer(200, self.drawing, "application/json")
        elif path == "/":
            self.answer(200, (HERE / "map_harness.html").read_bytes(), "text/html")
        else:
            self.path = path.removeprefix("/component")
            super().do_GET()

    def answer(self, status: int, content: bytes, media_type: str) -> None:
        """Send one whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep the test output clean."""


def board(side: int = SIDE) -> gpd.GeoDataFrame:
    cells = {
        f"{row:02}{column:02}": shapely.box(
            column * 10 * KM, -row * 10 * KM, (column + 1) * 10 * KM, (1 - row) * 10 * KM
        )
        for row in range(side)
        for column in range(side)
    }
    city = shapely.box(54.5 * KM, -45.5 * KM, 55.5 * KM, -44.5 * KM)
    cells["0505"] = cells["0505"].difference(city)
    cells["city"] = city
    return gpd.GeoDataFrame(index=list(cells), geometry=list(cells.values()), crs="EPSG:25832")


@pytest.fixture(scope="module")
def drawing() -> dict[str, Any]:
    return dict(encode(board(), outlines_by=None))


@contextmanager
def served(drawing: dict[str, Any]) -> Iterator[str]:
    handler = type("H", (Handler,), {"drawing": json.dumps(drawing).encode()})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=COMPONENT)) as server:
        # Looks often whether it shall end.
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def address(drawing: dict[str, Any]) -> Iterator[str]:
    with served(drawing) as url:
        yield url


@pytest.fixture
def payload(drawing: dict[str, Any]) -> dict[str, Any]:
    return payload_of(drawing)


def payload_of(drawing: dict[str, Any]) -> dict[str, Any]:
    ids = [region["id"] for region in drawing["regions"]]
    cls = [index % 3 for index in range(len(ids))]
    return {
        "geometry_url": "geometry.json?v=1",
        "ids": ids,
        "classes": [
            {"colour": colour, "label": f"Klasse {number}", "count": cls.count(number)}
            for number, colour in enumerate(COLOURS)
        ],
        "cls": cls,
        "doubt": None,
        "dim": [False] * len(ids),
        "tips": [[f"Kreis {key}", "Rang 1", "Punkte 2"] for key in ids],
        "selected": None,
        "title": "Brett",
        "description": "Ein Brett aus Quadraten.",
        "legend_title": "Punkte",
        "missing_label": "keine Angabe",
        "missing_count": 0,
        "doubt_label": "unsicher",
        "texts": TEXTS,
        "announce": "",
        "height": 600,
    }


@pytest.fixture
def shown(page: Page, address: str, payload: dict[str, Any]) -> Page:
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    show(page, payload)
    page.wait_for_selector("path.region", state="attached")
    page.wait_for_function("root.querySelector('.atlas').style.visibility === ''")
    return page


def show(page: Page, payload: dict[str, Any]) -> None:
    page.evaluate("data => window.show(data)", payload)


def region(page: Page, key: str) -> Locator:
    return page.locator(f'path[aria-label="Kreis {key}"]')


def fill(page: Page, key: str) -> str:
    return str(region(page, key).evaluate("path => path.style.fill"))


def centre(page: Page, key: str) -> tuple[float, float]:
    box = region(page, key).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*bytes.fromhex(colour[1:]))


def test_every_region_wears_the_colour_of_its_class(shown: Page, payload: dict[str, Any]) -> None:
    fills = shown.eval_on_selector_all("path.region", "paths => paths.map(p => p.style.fill)")
    assert fills == [rgb(COLOURS[number]) for number in payload["cls"]]


def test_missing_doubtful_and_outside_look_different(shown: Page, payload: dict[str, Any]) -> None:
    payload["cls"][:3] = [-1, 0, -2]
    payload["doubt"] = [index == 1 for index in range(len(payload["ids"]))]
    payload["missing_count"] = 1
    show(shown, payload)
    assert "-missing" in fill(shown, "0000")
    assert "-doubt-0" in fill(shown, "0001")
    assert "outside" in fill(shown, "0002")
    rows = shown.locator(".legend li").all_inner_texts()
    assert ["keine Angabe", "1"] in [row.split("\n")[-2:] for row in rows]
    assert ["außerhalb", "1"] in [row.split("\n")[-2:] for row in rows]
    assert ["unsicher", "1"] in [row.split("\n")[-2:] for row in rows]


def test_order_of_the_payload_need_not_be_that_of_the_drawing(
    shown: Page, payload: dict[str, Any]
) -> None:
    turned = payload | {name: payload[name][::-1] for name in ("ids", "cls", "dim", "tips")}
    before = fill(shown, "0507")
    show(shown, turned)
    assert fill(shown, "0507") == before


def test_click_selects_and_reports_click_on_the_sea_clears(shown: Page) -> None:
    region(shown, "1010").click()
    assert shown.evaluate("events") == [["selected", "1010"]]
    assert region(shown, "1010").get_attribute("aria-selected") == "true"
    frame = shown.locator(".frame").bounding_box()
    shown.mouse.click(frame["x"] + frame["width"] - 3, frame["y"] + frame["height"] - 3)
    assert shown.evaluate("events")[1:] == [["selected", None]]


def test_selection_of_the_page_is_shown_without_being_reported_back(
    shown: Page, payload: dict[str, Any]
) -> None:
    show(shown, payload | {"selected": "0303"})
    assert region(shown, "0303").get_attribute("aria-selected") == "true"
    assert shown.evaluate("root.querySelector('.marker.selected path').getAttribute('d')")
    assert shown.evaluate("events") == []


def test_the_map_is_one_tab_stop_and_arrows_walk_to_neighbours(shown: Page) -> None:
    assert shown.locator('path[tabindex="0"]').count() == 1
    shown.evaluate("root.querySelector('path[tabindex=\"0\"]').focus()")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        shown.keyboard.press(key)
    focused = shown.evaluate("root.activeElement.getAttribute('aria-label')")
    assert focused == "Kreis 0101"
    assert shown.locator('path[tabindex="0"]').count() == 1
    assert shown.locator(".tip").inner_text().startswith("Kreis 0101")
    assert shown.locator('[role="status"]').inner_text() == "Rang 1. Punkte 2"
    shown.keyboard.press("Enter")
    shown.keyboard.press("Escape")
    assert shown.evaluate("events") == [["selected", "0101"], ["selected", None]]


def test_arrows_reach_the_city_inside_its_region(shown: Page, drawing: dict[str, Any]) -> None:
    shown.evaluate("root.querySelector('path[aria-label=\"Kreis 0405\"]').focus()")
    reached = set()
    for _ in range(3):
        shown.keyboard.press("ArrowDown")
        reached.add(shown.evaluate("root.activeElement.getAttribute('aria-label')"))
    assert {"Kreis 0505", "Kreis city"} & reached


def test_a_small_city_is_hit_from_beside_it_and_its_region_elsewhere(shown: Page) -> None:
    x, y = centre(shown, "city")
    width = region(shown, "city").bounding_box()["width"]
    assert width < 5, "the city must be too small to be hit for this test to mean anything"
    shown.mouse.click(x + 5, y)
    shown.mouse.click(x + 10, y)
    assert shown.evaluate("events") == [["selected", "city"], ["selected", "0505"]]


def test_markup_in_a_tip_stays_text(shown: Page, payload: dict[str, Any]) -> None:
    attack = '<img src=x onerror="window.hit = 1">'
    payload["tips"][0] = ["Kreis 0000", attack]
    payload["title"] = payload["missing_label"] = payload["classes"][0]["label"] = attack
    payload["missing_count"] = 1
    show(shown, payload)
    region(shown, "0000").hover()
    assert attack in shown.locator(".tip").inner_text()
    assert shown.evaluate("root.querySelectorAll('img').length") == 0
    assert shown.evaluate("window.hit") is None


@pytest.mark.parametrize("key", ["0000", "0019", "1900", "1919"])
def test_the_tooltip_stays_inside_the_frame(shown: Page, payload: dict[str, Any], key: str) -> None:
    payload["tips"] = [[name, "ein langer Satz " * 6] for name, *_ in payload["tips"]]
    show(shown, payload)
    region(shown, key).hover()
    frame = shown.locator(".frame").bounding_box()
    tip = shown.locator(".tip").bounding_box()
    assert frame["x"] <= tip["x"]
    assert frame["y"] <= tip["y"]
    assert tip["x"] + tip["width"] <= frame["x"] + frame["width"]
    assert tip["y"] + tip["height"] <= frame["y"] + frame["height"]


def test_the_plain_wheel_scrolls_the_page_and_ctrl_zooms_the_map(shown: Page) -> None:
    before = shown.locator("svg.ground").get_attribute("viewBox")
    shown.mouse.move(*centre(shown, "0505"))
    shown.mouse.wheel(0, -200)
    assert shown.locator("svg.ground").get_attribute("viewBox") == before
    shown.keyboard.down("Control")
    shown.mouse.wheel(0, -200)
    shown.keyboard.up("Control")
    shown.wait_for_function(
        "before => root.querySelector('svg.ground').getAttribute('viewBox') !== before", arg=before
    )
    shown.get_by_role("button", name="ganz").click()
    assert shown.locator("svg.ground").get_attribute("viewBox") == before


def test_dragging_a_zoomed_map_moves_it_and_selects_nothing(shown: Page) -> None:
    shown.get_by_role("button", name="größer").click()
    before = shown.locator("svg.ground").get_attribute("viewBox")
    x, y = centre(shown, "1010")
    shown.mouse.move(x, y)
    shown.mouse.down()
    shown.mouse.move(x - 40, y - 30, steps=4)
    shown.mouse.up()
    assert shown.locator("svg.ground").get_attribute("viewBox") != before
    assert shown.evaluate("events") == []
    region(shown, "1111").click()
    assert shown.evaluate("events") == [["selected", "1111"]]


def test_what_changed_is_said_once(shown: Page, payload: dict[str, Any]) -> None:
    show(shown, payload | {"announce": "Neu gerechnet."})
    assert shown.locator('[role="status"]').inner_text() == "Neu gerechnet."
    shown.evaluate("root.querySelector('path[tabindex=\"0\"]').focus()")
    show(shown, payload | {"announce": "Neu gerechnet."})
    assert shown.locator('[role="status"]').inner_text() != "Neu gerechnet."


def test_a_missing_drawing_is_told_in_words_and_can_be_asked_for_again(
    page: Page, address: str, payload: dict[str, Any]
) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    fails = {"first": True}
    page.route(
        "**/geometry.json*",
        lambda route: route.abort() if fails.pop("first", False) else route.continue_(),
    )
    show(page, payload)
    page.locator('[role="alert"]').filter(has_text="Karte fehlt").wait_for()
    page.get_by_role("button", name="Noch einmal").click()
    page.wait_for_selector("path.region", state="attached")


def test_a_hundred_recolours_add_no_node_and_cost_little(
    shown: Page, payload: dict[str, Any]
) -> None:
    counts = shown.evaluate(
        """data => {
          const nodes = () => root.querySelectorAll("*").length;
          const recolour = (turn) => {
            const cls = data.cls.map((k) => (k + turn) % 3);
            const doubt = data.cls.map((_, i) => (i + turn) % 5 === 0);
            const began = performance.now();
            window.show({ ...data, cls, doubt });
            return performance.now() - began;
          };
          recolour(1);
          const before = nodes();
          const times = Array.from({ length: 100 }, (_, turn) => recolour(turn));
          return { before, after: nodes(), median: times.sort((a, b) => a - b)[50] };
        }""",
        payload,
    )
    assert counts["after"] == counts["before"]
    assert counts["median"] < 20, "a recolour should take about 2 ms; 20 means it redraws"


def test_cleaning_up_an_overtaken_render_leaves_the_newer_one(
    shown: Page, payload: dict[str, Any]
) -> None:
    shown.evaluate("window.stale = window.cleanup")
    show(shown, payload)
    shown.evaluate("window.stale()")
    assert shown.locator(".atlas").count() == 1
    shown.evaluate("window.cleanup()")
    assert shown.locator(".atlas").count() == 0


@pytest.mark.parametrize("width", [320, 390, 1366])
def test_nothing_is_wider_than_the_screen(shown: Page, width: int) -> None:
    shown.set_viewport_size({"width": width, "height": 800})
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


# Many regions, on a canvas

PIXEL = """([x, y]) => {
  const canvas = root.querySelector("canvas");
  const { left, top, width } = canvas.getBoundingClientRect();
  const scale = canvas.width / width;
  const [r, g, b] = canvas.getContext("2d")
    .getImageData((x - left) * scale, (y - top) * scale, 1, 1).data;
  return `rgb(${r}, ${g}, ${b})`;
}"""
#: Pixels of the cell around a point of the screen, as a set of colours.
COLOURS_AROUND = """([x, y]) => {
  const canvas = root.querySelector("canvas");
  const { left, top, width } = canvas.getBoundingClientRect();
  const scale = canvas.width / width;
  const { data } = canvas.getContext("2d")
    .getImageData((x - left - 5) * scale, (y - top - 5) * scale, 10 * scale, 10 * scale);
  const seen = new Set();
  for (let at = 0; at < data.length; at += 4) seen.add(data.slice(at, at + 3).join(" "));
  return seen.size;
}"""


@pytest.fixture(scope="module")
def large() -> dict[str, Any]:
    return dict(encode(board(40), outlines_by=None))


@pytest.fixture(scope="module")
def large_address(large: dict[str, Any]) -> Iterator[str]:
    with served(large) as url:
        yield url


@pytest.fixture
def many(page: Page, large: dict[str, Any], large_address: str) -> tuple[Page, dict[str, Any]]:
    page.goto(large_address)
    page.wait_for_selector("html[data-ready]", state="attached")
    told = payload_of(large)
    show(page, told)
    page.locator("canvas").wait_for()
    page.wait_for_function("root.querySelector('.atlas').style.visibility === ''")
    page.wait_for_timeout(200)
    return page, told


def place(page: Page, drawing: dict[str, Any], key: str) -> tuple[float, float]:
    """Where a region lies on the screen: the centre of the largest circle inside it."""
    one = next(region for region in drawing["regions"] if region["id"] == key)
    x, y = page.evaluate(
        """([x, y]) => {
          const at = new DOMPoint(x, y)
            .matrixTransform(root.querySelector("svg.lines").getScreenCTM());
          return [at.x, at.y];
        }""",
        [one["x"], one["y"]],
    )
    return x, y


def test_many_regions_wear_the_colours_of_their_classes(many, large) -> None:
    page, told = many
    for key in ("0000", "0507", "1313", "3921"):
        at = place(page, large, key)
        assert page.evaluate(PIXEL, at) == rgb(COLOURS[told["cls"][told["ids"].index(key)]])
    show(page, told | {"cls": [2] * len(told["ids"])})
    assert page.evaluate(PIXEL, place(page, large, "1313")) == rgb(COLOURS[2])


def test_among_many_regions_the_missing_and_the_doubtful_are_hatched(many, large) -> None:
    page, told = many
    gap, unsure, sure = (told["ids"].index(key) for key in ("1010", "1020", "1030"))
    told["cls"][gap], told["cls"][unsure], told["cls"][sure] = -1, 0, 0
    told["doubt"] = [index == unsure for index in range(len(told["ids"]))]
    show(page, told)
    colours = {
        key: page.evaluate(COLOURS_AROUND, place(page, large, key))
        for key in ("1010", "1020", "1030")
    }
    assert colours["1010"] >= 2
    assert colours["1020"] >= 2
    assert colours["1030"] == 1


def test_many_regions_are_clicked_hovered_and_zoomed_like_few(many, large) -> None:
    page, _ = many
    page.mouse.move(*place(page, large, "2205"))
    assert page.locator(".tip").inner_text().startswith("Kreis 2205")
    page.mouse.click(*place(page, large, "2205"))
    page.get_by_role("button", name="größer").click()
    page.mouse.click(*place(page, large, "2020"))
    assert page.evaluate("events") == [["selected", "2205"], ["selected", "2020"]]
    assert page.evaluate("root.querySelector('.marker.selected path').getAttribute('d')")
    x, y = place(page, large, "2020")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 40, steps=4)
    page.mouse.up()
    assert place(page, large, "2020") == pytest.approx((x - 60, y - 40), abs=1.5)
    page.mouse.move(*place(page, large, "2018"))
    assert page.locator(".tip").inner_text().startswith("Kreis 2018")


def test_many_regions_are_one_tab_stop_with_arrows_and_a_name(many) -> None:
    page, _ = many
    page.keyboard.press("Tab")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    option = page.get_by_role("option")
    assert option.get_attribute("aria-label") == "Kreis 0102"
    assert page.locator(".tip").inner_text().startswith("Kreis 0102")
    page.keyboard.press("Enter")
    assert page.evaluate("events") == [["selected", "0102"]]
    assert option.get_attribute("aria-selected") == "true"


def polygon_of(d: str) -> shapely.Geometry:
    """Even-odd area of a path of the drawing."""
    area = shapely.Polygon()
    for part in d.split("M")[1:]:
        steps = np.array(re.findall(r"-?\d+", part), dtype=int).reshape(-1, 2)
        area = area.symmetric_difference(shapely.Polygon(steps.cumsum(axis=0)).buffer(0))
    return area


def test_every_pixel_shows_the_kreis_in_which_it_lies(page: Page, address: str) -> None:
    drawing = encode(boundaries.load(ROOT / "data" / "kreise"), outlines_by=None)
    width, height, scale, left, top = 90, 120, 37.3, 2_900, 4_100
    page.goto(address)
    cells = page.evaluate(
        """async ([paths, cut, width, height]) => {
          const { rasterise, ringsOf } = await import("/component/raster.js");
          return Array.from(rasterise(paths.map(ringsOf), cut, width, height));
        }""",
        [[one["d"] for one in drawing["regions"]], {"x": left, "y": top, "scale": scale},
         width, height],
    )  # fmt: skip
    x, y = np.meshgrid(
        left + (np.arange(width) + 0.5) * scale, top + (np.arange(height) + 0.5) * scale
    )
    points = shapely.points(x.ravel(), y.ravel())
    cells, land = np.array(cells), np.zeros(len(points), dtype=bool)
    for index, one in enumerate(drawing["regions"]):
        area = polygon_of(one["d"])
        land |= shapely.contains_properly(area, points)
        # A point on the very border may fall to either side.
        assert (shapely.distance(area, points[cells == index]) < 1e-9).all(), one["id"]
    assert (cells[land] >= 0).all()
    assert land.any()
