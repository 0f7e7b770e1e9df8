"""The introduction greets once, covers nothing, and comes again only when asked for."""

from __future__ import annotations

import pytest
from driving import REGION, eventually, settled, visitor

pytestmark = pytest.mark.browser

INTRO = "section.atlas-intro"


@pytest.fixture
def context(browser):
    """Give every test a visitor who has never been here."""
    made = visitor(browser)
    yield made
    made.close()


def opened(page, address, query=""):
    page.goto(f"{address}/{query}")
    page.locator(REGION).nth(399).wait_for(state="attached")
    settled(page)


def covers_nothing(page):
    intro = page.locator(INTRO).bounding_box()
    chart = page.locator("div.atlas").first.bounding_box()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    return intro["y"] + intro["height"] <= chart["y"] and not wide


def test_it_comes_once_and_again_when_asked_for(page, address):
    page.set_viewport_size({"width": 1366, "height": 900})
    opened(page, address)
    intro = page.locator(INTRO)
    assert covers_nothing(page)
    assert "1 von 3" in intro.inner_text()
    intro.get_by_role("button", name="Weiter").click()
    assert "Gewicht" in intro.inner_text()
    intro.get_by_role("button", name="Weiter").click()
    assert "Rangband" in intro.inner_text()
    intro.get_by_role("button", name="Fertig").click()
    assert not intro.is_visible()
    opened(page, address)
    assert not intro.is_visible()
    page.get_by_role("button", name="Einführung").click()
    eventually(intro.is_visible, page)
    assert "1 von 3" in intro.inner_text()

    # Closed before its end, it leaves no gap.
    intro.get_by_role("button", name="Schließen").click()
    settled(page)
    lead = page.locator('[data-testid="stCaptionContainer"]').nth(1).bounding_box()
    below = page.get_by_text("Die Karte zeigt", exact=True).bounding_box()
    assert below["y"] - (lead["y"] + lead["height"]) < 40


def test_even_unread_it_does_not_come_a_second_time(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, address, "?lang=en")
    assert page.locator(INTRO).is_visible()
    assert covers_nothing(page)
    opened(page, address, "?lang=en")
    assert not page.locator(INTRO).is_visible()
