"""What must be true of every page: whole in both languages, themes and sizes, and accessible."""

from __future__ import annotations

import re

import pytest
from driving import eventually, faults, query_of, settled, sideways
from vocabulary import untranslated

from views.pages.navigation import PAGES

pytestmark = pytest.mark.browser

PATHS = {name: "" if name == "map" else path for name, (_, path) in PAGES.items()}
TITLES = '[data-testid="stHeading"] h1'
#: A desk; the same at 200 % and at 400 % zoom (WCAG 1.4.4, 1.4.10); a phone.
SIZES = ((1366, 768), (683, 384), (320, 256), (390, 844))
#: Regions that a page needs to show all it has.
QUERY = {"compare": "&p.with=09477~06636"}


def opened(page, address, name, query=""):
    page.goto(f"{address}/{PATHS[name]}{query}")
    page.locator(TITLES).first.wait_for()
    settled(page)
    assert page.get_by_text("Traceback").count() == 0
    assert page.locator('[data-testid="stException"]').count() == 0
    return page.locator(TITLES).first.inner_text()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_accessible_on_desk_and_phone(page, address, name):
    """German on a desk and under zoom, in light colours and dark; English on a phone."""
    titles = set()
    for (width, height), language in ((SIZES[0], "de"), (SIZES[-1], "en")):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light")
        query = f"?lang={language}&sel=09477{QUERY.get(name, '')}"
        titles.add(opened(page, address, name, query))
        eventually(lambda wanted=language: page.evaluate("document.documentElement.lang") == wanted,
                   page)  # fmt: skip
        assert untranslated(page, language) == []
        assert faults(page) == []
        if language == "de":
            page.emulate_media(color_scheme="dark")
            assert faults(page, "color-contrast") == []
        for size in SIZES if language == "de" else SIZES[-1:]:
            page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
            settled(page)
            assert sideways(page) == [], size
    assert len(titles) == (1 if name == "map" else 2)


def test_weights_go_along_from_page_to_page_and_back(page, address):
    page.set_viewport_size({"width": 1366, "height": 900})
    opened(page, address, "map", "?w.housing=3&lang=en")
    page.get_by_role("link", name="Data").first.click()
    eventually(lambda: page.url.split("?")[0].endswith("/daten"), page)
    settled(page)
    page.get_by_role("link", name="Map").first.click()
    eventually(lambda: query_of(page).get("w.housing") == "3", page)
    assert query_of(page)["lang"] == "en"


def test_streamlit_speaks_the_language_that_is_chosen(page, address):
    page.set_viewport_size({"width": 1366, "height": 900})
    opened(page, address, "map", "?sel=09477")
    assert page.get_by_role("button", name="Auswahl aufheben").count()
    page.get_by_role("radio", name="English").or_(
        page.get_by_role("button", name="English")
    ).first.click()
    eventually(lambda: query_of(page).get("lang") == "en", page)
    settled(page)
    assert page.get_by_role("button", name="Clear value").count()
    assert page.get_by_role("button", name="Auswahl aufheben").count() == 0


def test_cells_close_up_are_read_with_pointer_and_arrow_keys(page, address):
    page.set_viewport_size({"width": 1366, "height": 1100})
    opened(page, address, "grid", "?sel=13071&lang=en")
    cells = page.locator(".cells .frame")
    read = page.locator(".cells .said")
    cells.focus()
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    first = read.inner_text()
    assert re.fullmatch(r"[\d,]+ people · train stop \d+\.\d km · medium-sized centre \d+\.\d km",
                        first)  # fmt: skip
    page.keyboard.press("ArrowLeft")
    assert read.inner_text() != first
    # Pointing at the cell that the keys have reached says the same of it.
    mark, said = page.locator(".cells .mark").bounding_box(), read.inner_text()
    cells.blur()
    assert read.inner_text() == ""
    page.mouse.move(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    assert read.inner_text() == said
