"""What must be true of every page: whole in both languages, themes and sizes, and accessible."""

from __future__ import annotations

import pytest
from driving import eventually, faults, query_of, settled

from views.pages.navigation import PAGES

pytestmark = pytest.mark.browser

PATHS = {name: "" if name == "map" else path for name, (_, path) in PAGES.items()}
TITLES = '[data-testid="stHeading"] h1'


def opened(page, address, name, query=""):
    page.goto(f"{address}/{PATHS[name]}{query}")
    page.locator(TITLES).first.wait_for()
    settled(page)
    assert page.get_by_text("Traceback").count() == 0
    assert page.locator('[data-testid="stException"]').count() == 0
    return page.locator(TITLES).first.inner_text()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_accessible_on_desk_and_phone(page, address, name):
    """German in light colours on a desk, English in dark colours on a phone."""
    titles = set()
    for width, language, theme in ((1366, "de", "light"), (390, "en", "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=theme)
        titles.add(opened(page, address, name, f"?lang={language}&sel=09477"))
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
        assert faults(page) == [], theme
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
