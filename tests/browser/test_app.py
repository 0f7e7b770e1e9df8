"""The map page in a real browser: what a planner sees and does, offline, and what a file keeps."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import geopandas as gpd
import pytest
from driving import REGION, eventually, fills, nudge, query_of, settled, visit
from typer.testing import CliRunner

from views.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def take(page: Page, button: str, folder: Path) -> Path:
    more = page.get_by_role("button", name="Weitere Formate")
    if not page.get_by_role("button", name=button, exact=True).is_visible():
        more.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


RECIPE = "?w.housing=3&w.labour_market=0.75&di.gdp_per_head=down&wi.vacancy_rate=0"


def whole(page: Page, greeting: str) -> bool:
    colours = fills(page)
    assert page.get_by_text(greeting).count()
    assert len(colours) == 400
    assert len(set(colours)) >= 5
    return not page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")


def test_400_kreise_are_coloured_in_german_on_a_desk(kept):
    assert whole(kept(), "Bewegen Sie")


def test_400_kreise_are_coloured_in_english_on_a_phone(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, address, "?lang=en")
    assert whole(page, "Move the weights")


def test_a_click_opens_a_kreis_and_escape_closes_it(kept):
    page = kept()
    kreis = page.locator(f'{REGION}[aria-label="Landkreis Lüchow-Dannenberg"]')
    kreis.click()
    page.get_by_role("heading", name="Landkreis Lüchow-Dannenberg").wait_for()
    settled(page)
    assert query_of(page)["sel"] == "03354"
    kreis.focus()
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Landkreis Lüchow-Dannenberg").wait_for(state="detached")
    settled(page)
    assert "sel" not in query_of(page)


def test_the_german_csv_opens_in_german_excel(kept, tmp_path):
    text = take(kept(), "CSV für Excel", tmp_path).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert re.search(r";\d+,\d+;", text.decode("utf-8-sig"))


def test_moving_a_slider_changes_map_table_and_link_alike(kept):
    page = kept()
    before, first = fills(page), query_of(page)
    nudge(page, "Gewicht: Gesellschaftliches Klima", 6)
    eventually(lambda: "w.society" in query_of(page), page)
    eventually(lambda: fills(page) != before, page)
    assert "w.society" not in first
    assert float(query_of(page)["w.society"]) > 1


def test_the_map_follows_the_hand_before_the_server_knows(kept):
    page = kept()
    before, link = fills(page), query_of(page)
    slider = page.get_by_role("slider", name="Gewicht: Wohnungsmarkt")
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 4 / 11, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.97, middle, steps=5)
    eventually(lambda: fills(page) != before, page)
    held = fills(page)
    assert query_of(page) == link
    assert "w.housing" not in link
    shares = [one.get_attribute("aria-valuetext") for one in page.get_by_role("slider").all()]
    numbers = [float(one.split(", ")[1].split()[0].replace(",", ".")) for one in shares]
    assert sum(numbers) == pytest.approx(100)
    page.mouse.up()
    eventually(lambda: "w.housing" in query_of(page), page)
    settled(page)
    assert fills(page) == held


def test_a_link_restores_the_view_for_somebody_else(page, address):
    query = "?w.housing=3&w.services=0.5&f.thuenen_type=1~2&ref=filtered&sel=09477&show=width&k=6"
    visit(page, address, query)
    mine, link = fills(page), query_of(page)
    fresh = page.context.new_page()
    visit(fresh, address, "?" + urlsplit(page.url).query)
    assert fills(fresh) == mine
    assert query_of(fresh) == link
    assert fresh.get_by_role("heading", name="Landkreis Kulmbach").count()


def test_the_line_to_cite_and_the_link_are_there_to_be_copied(kept):
    page = kept(RECIPE)
    page.get_by_role("button", name="Zitieren und verlinken").click()
    lines = page.locator('[data-testid="stCode"]')
    lines.nth(1).wait_for()
    cited, link = lines.all_inner_texts()
    assert re.search(r"Kennung [0-9a-f]{12}", cited)
    assert "kreise@2026.3" in cited
    assert link.strip() == page.url
    page.keyboard.press("Escape")


def test_the_downloaded_recipe_gives_the_same_numbers_on_the_command_line(kept, tmp_path):
    page = kept(RECIPE)
    shown = take(page, "GeoJSON", tmp_path)
    recipe = take(page, "Rezept (TOML)", tmp_path)
    target = tmp_path / "again.geojson"
    result = CliRunner().invoke(cli, ["score", "-r", str(recipe), "-o", str(target)])
    assert result.exit_code == 0, result.output
    app, command = (
        {
            one["properties"]["region"]: one["properties"]
            for one in json.loads(path.read_text())["features"]
        }
        for path in (shown, target)
    )
    assert len(app) == 400
    for region, properties in command.items():
        assert properties["score"] == app[region]["score"]
        assert properties["rank"] == app[region]["rank"]
    shapes = gpd.read_file(shown)
    assert shapes.geometry.is_valid.all()
    assert shapes.crs.to_epsg() == 4326


def test_the_indicators_behind_a_layer_show_what_counts_and_how(kept):
    page = kept(RECIPE)
    settled(page)
    nudge(page, "Gewicht: Wohlstand")
    page.get_by_role("button", name="Wohnungsmarkt").first.click()
    rent = page.get_by_role("checkbox", name="Nettokaltmiete")
    rent.wait_for(state="attached")
    assert rent.is_checked()
    assert not page.get_by_role("checkbox", name="Wohnungsleerstand").is_checked()
    direction = page.get_by_role("combobox", name="Richtung: Nettokaltmiete")
    assert "weniger ist besser" in direction.input_value() + direction.inner_text()


def test_a_damaged_link_says_so_and_shows_no_traceback(page, address):
    visit(page, address, "?w.housing=abc")
    assert page.get_by_text("Der Link ist beschädigt").count()
    assert page.get_by_text("Traceback").count() == 0
