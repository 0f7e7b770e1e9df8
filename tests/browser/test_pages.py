"""What must be true of every page: whole in both languages, themes and sizes, and accessible."""

from __future__ import annotations

import re

import pypdf
import pytest
from driving import eventually, faults, nudge, query_of, settled, sideways, without_ring
from vocabulary import untranslated

from layers.selfcheck import load
from views.i18n import words
from views.pages.navigation import PAGES

pytestmark = pytest.mark.browser

PATHS = {name: "" if name == "map" else path for name, (_, path) in PAGES.items()}
TITLES = '[data-testid="stHeading"] h1'
#: A desk; the same at 200 % and at 400 % zoom (WCAG 1.4.4, 1.4.10); a phone.
SIZES = ((1366, 768), (683, 384), (320, 256), (390, 844))
#: Kinds of things whose ring has been looked at, by theme.
RINGED = {"light": set(), "dark": set()}
#: Regions that a page needs to show all it has.
QUERY = {
    "compare": "&p.with=09477~06636",
    "distribution": "&p.mix=population!30~score!70&p.cap=5&p.steps=2",
}


def opened(page, address, name, query=""):
    page.goto(f"{address}/{PATHS[name]}{query}")
    page.locator(TITLES).first.wait_for()
    settled(page)
    assert page.get_by_text("Traceback").count() == 0
    assert page.locator('[data-testid="stException"]').count() == 0
    return page.locator(TITLES).first.inner_text()


def resize(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))


def speak(page, language):
    """Choose a language at a desk; each has its name in its own."""
    resize(page, SIZES[0])
    settled(page)
    for place, one in enumerate(("de", "en"), 1):
        page.locator(f".st-key-language button:nth-child({place})[lang={one}]").wait_for()
    if page.evaluate("document.documentElement.lang") != language:
        page.locator(f".st-key-language button[lang={language}]").click()
        eventually(lambda: page.evaluate("document.documentElement.lang") == language, page)
        settled(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_accessible_on_desk_and_phone(page, address, name):
    """German on a desk and under zoom, switched to English on a phone; one light, one dark.

    Which is which changes from page to page, so that what all pages share is seen in both.
    """
    titles, themes = set(), ("light", "dark")[:: -1 if list(PAGES).index(name) % 2 else 1]
    resize(page, SIZES[0])
    page.emulate_media(color_scheme=themes[0])
    opened(page, address, name, f"?sel=09477{QUERY.get(name, '')}")
    views = zip((SIZES, SIZES[-1:]), ("de", "en"), themes, strict=True)
    for sizes, language, theme in views:
        page.emulate_media(color_scheme=theme)
        speak(page, language)
        assert page.title() == f"{words(language)(f'pages.{name}')} – Potenzialatlas"
        # The bar says which page this is, or in which closed menu it stands.
        assert page.locator('[data-testid="stTopNav"] [aria-current]').count() == 1
        resize(page, sizes[0])
        settled(page)
        titles.add(page.locator(TITLES).first.inner_text())
        assert untranslated(page, language) == []
        assert faults(page) == []
        assert without_ring(page, RINGED[theme]) == []
        for size in sizes:
            resize(page, size)
            settled(page)
            assert sideways(page) == [], size
    assert len(titles) == (1 if name == "map" else 2)


def test_weights_go_along_from_page_to_page_and_back(page, address):
    page.set_viewport_size({"width": 1366, "height": 900})
    opened(page, address, "map", "?w.housing=3&lang=en")
    page.get_by_role("button", name="Basics").press("Enter")
    page.get_by_role("menuitem", name="Data").press("Enter")
    eventually(lambda: page.url.split("?")[0].endswith("/daten"), page)
    settled(page)
    page.get_by_role("link", name="Map").first.click()
    eventually(lambda: query_of(page).get("w.housing") == "3", page)
    assert query_of(page)["lang"] == "en"


def test_a_grouping_is_chosen_moved_and_carried_to_the_next_page(page, address):
    """Its area without data has a name, no slider, and says on the page of indicators why."""
    page.set_viewport_size({"width": 1366, "height": 900})
    opened(page, address, "map", "?lang=en")
    page.get_by_role("combobox", name="Grouping").click()
    page.get_by_role("option", name="Five forums (NAP-I)").click()
    eventually(lambda: query_of(page).get("ln") == "nap1", page)
    settled(page)
    assert page.get_by_role("button", name="Civic engagement (no data)").count() == 1
    assert page.get_by_role("slider", name="Civic engagement").count() == 0
    nudge(page, "Weight: Work")
    eventually(lambda: "w.nap1_work" in query_of(page), page)
    assert faults(page) == []
    page.get_by_role("link", name="Indicators").first.click()
    page.get_by_role("heading", name="Civic engagement (no data)").wait_for()
    settled(page)
    assert query_of(page)["ln"] == "nap1"
    assert faults(page) == []


def test_page_and_streamlit_speak_the_language_that_is_chosen(page, address):
    page.set_viewport_size({"width": 1366, "height": 900})
    opened(page, address, "map", "?sel=09477")
    assert page.get_by_role("button", name="Auswahl aufheben").count()
    page.get_by_role("radio", name="English").or_(
        page.get_by_role("button", name="English")
    ).first.click()
    eventually(lambda: query_of(page).get("lang") == "en", page)
    settled(page)
    assert page.get_by_text("Move the weights").count()
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


def test_a_self_check_is_filled_in_by_two_saved_and_printed_in_the_other_language(
    page, address, tmp_path
):
    said = words("de")
    page.set_viewport_size({"width": 1366, "height": 1000})
    opened(page, address, "selfcheck", "?sel=09477")

    def rate(rating):
        first = page.locator(".st-key-statement-1")
        first.get_by_role("radio", name=said(f"selfcheck_rating.{rating}"), exact=True).click()
        settled(page)

    def fetched(button):
        with page.expect_download() as getting:
            page.get_by_role("button", name=said(f"selfcheck.{button}")).click()
        return getting.value

    rate("beginnings")
    page.get_by_role("button", name=said("selfcheck.add_rater")).click()
    settled(page)
    rate("fully")
    assert faults(page) == []
    assert said("selfcheck.unsaved") in page.locator("body").inner_text()
    saved = tmp_path / "saved.toml"
    fetched("save").save_as(saved)
    ratings = [one.ratings for one in load(saved).raters]
    assert ratings == [{"governance.strategy": 1}, {"governance.strategy": 4}]
    assert query_of(page) == {"sel": "09477"}

    said = words("en")
    opened(page, address, "selfcheck", "?lang=en")
    page.get_by_text(said("selfcheck.open_heading")).click()
    page.locator("input[type=file]").first.set_input_files(saved)
    # The page is at rest while the file is on its way.
    page.get_by_text(re.compile(r"^saved\.toml opened: 2 new")).wait_for()
    settled(page)
    page.get_by_role("radio", name=said("selfcheck_view.result")).click()
    settled(page)
    assert page.get_by_role("cell", name=said.number((1 + 4) / 2, 1), exact=True).count()
    pdf = pypdf.PdfReader(fetched("pdf").path())
    root, title = pdf.trailer["/Root"], "Self-check Landkreis Kulmbach"
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert pdf.metadata["/Title"] == title
    assert 2 <= len(pdf.pages) <= 4


def test_two_people_weigh_unseen_by_each_other_and_in_both_languages(page, address):
    said = words("de")

    def press(key, role="button", **values):
        page.get_by_role(role, name=said(key, **values), exact=True).first.click()
        settled(page)

    page.set_viewport_size({"width": 1366, "height": 900})
    opened(page, address, "weightings", "?w.services=4&p.list=Eva!!w.society=3~equal")
    page.get_by_text(said("weightings.collect")).click()
    settled(page)
    press("round.begin")
    press("round.take", number=1)
    assert query_of(page) == {}
    nudge(page, "Wohnungsmarkt", 4)
    assert page.get_by_text("2,5×").count()
    assert faults(page) == []
    page.get_by_role("textbox", name=said("round.name")).fill("Anna")
    press("round.ready")
    # Neither the page nor its address, nor a step back in it, tells of her.
    for back in (False, True):
        if back:
            page.go_back()
            settled(page)
        shown = page.content() + page.url
        assert not [one for one in ("Anna", "2,5×", "w.housing", "Eva") if one in shown]

    said = words("en")
    page.get_by_role("radio", name="English").or_(
        page.get_by_role("button", name="English")
    ).first.click()
    eventually(lambda: query_of(page) == {"lang": "en"}, page)
    settled(page)
    assert untranslated(page, "en") == []
    press("round.take", number=2)
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    assert sideways(page) == []
    press("round.ready")
    press("round.end")
    press("round.end_yes")
    listed = query_of(page)["p.list"]
    assert listed == "Eva!!w.society=3~equal~Anna!!w.housing=2.5~#2!!"
    assert query_of(page)["w.services"] == "4"
    assert page.get_by_role("columnheader", name="Person 2").count()


def test_a_mixture_is_set_with_the_keyboard_and_the_link_keeps_it(page, address):
    page.set_viewport_size({"width": 1366, "height": 1000})
    opened(page, address, "distribution", "?lang=en&p.land=04&p.n=500&p.mix=population!40~area!60")
    thumb = page.get_by_role("slider", name="Land area")
    thumb.focus()
    thumb.press("ArrowLeft")
    eventually(lambda: query_of(page).get("p.mix") == "population!41~area!59", page)
    settled(page)
    assert page.get_by_text("500 people over 2 Kreise").count() == 1
