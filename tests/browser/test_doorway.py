"""What somebody sees before the app's own code has come."""

from __future__ import annotations

import pytest
from driving import visitor
from playwright.sync_api import expect

from views.i18n import words

pytestmark = pytest.mark.browser

TITLES = '[data-testid="stHeading"] h1'


@pytest.mark.parametrize("language", ["de", "en"])
def test_there_are_words_at_once_and_then_the_page(browser, address, language):
    told, waiting, slow = words(language), [], True

    def deliver(route):
        if slow:
            waiting.append(route)
        else:
            route.continue_()

    with visitor(browser, color_scheme="dark") as context:
        page = context.new_page()
        page.route("**/static/js/**", deliver)
        page.goto(f"{address}/?lang={language}", wait_until="commit")
        arriving = page.get_by_role("status").filter(has_text=told("server.arriving"))
        expect(arriving).to_be_visible()
        assert page.title() == told("app.title")
        assert page.locator("html").get_attribute("lang") == language
        slow = False
        for route in waiting:
            route.continue_()
        page.locator(TITLES).first.wait_for()
        expect(arriving).to_have_count(0)


def test_without_scripts_the_page_says_what_it_needs(browser, address):
    with visitor(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        assert words("de")("server.no_script") in page.locator("body").inner_text()
