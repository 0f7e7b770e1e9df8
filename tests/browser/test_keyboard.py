"""The whole way with the keyboard alone, and the click that has a key as well."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from driving import STEP, eventually, focused, query_of, settled, tab_to, visit

from views import store

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def desk(page):
    page.set_viewport_size({"width": 1366, "height": 900})


def choose(page, text):
    """Type into a list of choices until one is left, and take it."""
    page.keyboard.type(text)
    eventually(lambda: page.get_by_role("option").filter(has_text=text).count() == 1, page)
    page.wait_for_timeout(STEP)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_from_the_search_to_the_file_without_a_mouse(page, address, tmp_path: Path):
    visit(page, address)
    keys = page.keyboard

    tab_to(page, "Kreis suchen")
    choose(page, "Kulmbach")
    eventually(lambda: query_of(page).get("sel") == "09477", page)
    settled(page)

    # In the table beside the map: sort by name, walk down, open the next Kreis.
    tab_to(page, "Kreis")
    keys.press("Enter")
    page.locator('.rows [aria-sort="ascending"].name').wait_for()
    tab_to(page, "Landkreis Kulmbach")
    keys.press("ArrowDown")
    keys.press("Enter")
    eventually(lambda: query_of(page).get("sel") == "07336", page)
    settled(page)

    tab_to(page, "Thünen-Typ")
    choose(page, "sehr ländlich, weniger")
    eventually(lambda: "f.thuenen_type" in query_of(page), page)
    keys.press("Escape")
    settled(page)

    tab_to(page, "Gewicht: Wohnungsmarkt")
    keys.press("ArrowRight")
    eventually(lambda: "w.housing" in query_of(page), page)
    settled(page)

    tab_to(page, "Alle Werte dieses Kreises")
    keys.press("Enter")
    page.locator('details[open] [data-testid="stDataFrame"]').first.wait_for()

    tab_to(page, "Weitere Formate")
    keys.press("Enter")
    page.get_by_role("button", name="GeoJSON").wait_for()
    settled(page)
    tab_to(page, "GeoJSON", most=8)
    with page.expect_download() as waiting:
        keys.press("Enter")
    target = tmp_path / "scores.geojson"
    waiting.value.save_as(target)
    # While the file is made its button is switched off; then the keyboard is there again.
    eventually(lambda: focused(page) == "GeoJSON", page)
    features = json.loads(target.read_text(encoding="utf-8"))["features"]
    types = store.dataset().regions["thuenen_type"].astype(str)
    chosen = types.index[types == query_of(page)["f.thuenen_type"]]
    assert {one["properties"]["region"] for one in features} == set(chosen)


def test_a_click_into_the_bands_chooses_a_kreis_again_and_again(page, address):
    page.goto(f"{address}/robustheit")
    page.locator("h1").first.wait_for()
    settled(page)
    drawn = page.locator('[data-testid="stVegaLiteChart"]').first
    drawn.locator("svg, canvas").first.wait_for()

    def click(share):
        drawn.scroll_into_view_if_needed()
        box = drawn.bounding_box()
        page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        settled(page)
        return query_of(page).get("sel")

    first = click(0.9)
    assert first is not None
    assert click(0.5) not in {None, first}
    tab_to(page, "Kreis suchen")
    page.keyboard.press("Control+a")
    choose(page, "Kulmbach")
    eventually(lambda: query_of(page).get("sel") == "09477", page)
    settled(page)
    other = click(0.5)
    assert other not in {None, first, "09477"}
    assert click(0.9) == first
