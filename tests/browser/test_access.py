"""Access for everybody: the keyboard reaches all, its place can be seen, and is never lost.

What holds for every page alike (axe in both languages and themes, zoom, reflow, rings around what
has the focus) is checked in `test_pages.py`; here is what opens, what moves, and
what a reader sets for themselves.
"""

from __future__ import annotations

import pytest
from driving import eventually, faults, focused, nudge, query_of, settled, sideways, tab_to

from geo.colour_vision import contrast
from views.i18n import words

pytestmark = pytest.mark.browser

#: What WCAG 1.4.12 lets a reader set.
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""
#: Words that are cut off at an edge, without a way to scroll to them.
CUT = """() => [...document.querySelectorAll("[data-testid=stMain] *")].filter((node) => {
  const { overflowX, overflowY, clip, clipPath, textOverflow } = getComputedStyle(node);
  const hides = [overflowX, overflowY].includes("hidden") && node.innerText?.trim();
  const unseen = clip !== "auto" || clipPath !== "none" || !node.clientWidth;
  return hides && !unseen && node.checkVisibility()
    && !node.closest("svg, [data-testid=stDataFrame]")
    && (node.scrollWidth > node.clientWidth + 2 || node.scrollHeight > node.clientHeight + 2);
}).map((node) => node.outerHTML.slice(0, 140))"""


@pytest.fixture
def desk(kept):
    """Give the map with a Kreis chosen; one page for all tests, which find it as it was left."""
    page = kept("?sel=09477")
    page.emulate_media(color_scheme="light", reduced_motion="no-preference", forced_colors="none")
    return page


def test_what_opens_is_accessible_too(desk, page, address):
    """Menu, details of a layer, lines to embed, a table behind a fold, and an error."""
    said = words("de")
    desk.get_by_role("button", name=said("menus.places"), exact=True).press("Enter")
    desk.get_by_role("menuitem").first.wait_for()
    assert faults(desk) == []
    desk.keyboard.press("Escape")
    desk.get_by_text(said("panel.indicators")).press("Enter")
    for name in ("Wohnungsmarkt", said("embedding.button")):
        desk.get_by_role("button", name=name).first.press("Enter")
        desk.locator('[data-testid="stPopoverBody"]').wait_for()
        settled(desk)
        assert faults(desk) == [], name
        desk.keyboard.press("Escape")
        settled(desk)
    page.goto(f"{address}/kreisprofil?w.housing=abc&lang=en")
    page.get_by_role("alert").first.wait_for()
    assert faults(page) == []


def test_text_spacing_contrast_colours_and_less_motion_are_honoured(desk):
    page = desk
    spacing = page.add_style_tag(content=SPACING)
    page.set_viewport_size({"width": 683, "height": 600})
    settled(page)
    assert sideways(page) == []
    assert page.evaluate(CUT) == []
    spacing.evaluate("(one) => one.remove()")
    page.emulate_media(reduced_motion="reduce")
    moving = """() => Math.max(...[...document.querySelectorAll("*")].map((node) =>
      Math.max(...getComputedStyle(node).transitionDuration.split(", ").map(parseFloat))))"""
    assert page.evaluate(moving) <= 0.001
    page.emulate_media(forced_colors="active")
    # What a colour says stays, all else takes the colours of the system.
    fill, ground, ink = page.evaluate("""() => {
      const style = (node) => getComputedStyle(node);
      const map = [...document.querySelectorAll("*")].map((one) => one.shadowRoot)
        .find((root) => root?.querySelector(".atlas"));
      return [style(map.querySelector(".swatch")).forcedColorAdjust,
        style(document.body).backgroundColor, style(document.querySelector("h1")).color];
    }""")
    assert fill == "none"
    assert contrast(*(hexed(one) for one in (ground, ink))) >= 7
    page.set_viewport_size({"width": 1366, "height": 900})


def test_weights_and_map_answer_to_keys_and_say_what_they_show(desk):
    """Every key of a slider; the map region by region, each named and told politely and shortly."""
    page = desk
    slider = page.get_by_role("slider", name="Gewicht: Wohnungsmarkt")
    slider.focus()
    heard = [slider.get_attribute("aria-valuetext")]
    for key in ("ArrowRight", "ArrowLeft", "PageUp", "PageDown", "End", "Home"):
        page.keyboard.press(key)
        heard.append(slider.get_attribute("aria-valuetext"))
        assert heard[-1] != heard[-2], key
    assert heard[-1].endswith(words("de")("weights.off"))
    eventually(lambda: query_of(page).get("w.housing") == "0", page)
    settled(page)
    assert focused(page) == "Gewicht: Wohnungsmarkt"

    # The tabulator stops at one region, never at the drawing itself.
    assert page.locator("svg.ground").get_attribute("tabindex") == "-1"
    assert page.get_by_role("listbox").get_by_role("option").count() == 400
    page.get_by_role("option", name="Landkreis Kulmbach").focus()
    page.keyboard.press("ArrowRight")
    assert focused(page) not in {"", "Landkreis Kulmbach"}
    status = page.locator(".atlas [role=status]")
    assert status.get_attribute("aria-live") == "polite"
    told = status.inner_text()
    assert told.startswith("Rang ")
    assert len(told) < 200


def test_the_focus_stays_where_it_was_or_close_by_when_the_page_is_drawn_anew(desk):
    page, said = desk, words("de")
    if "w.housing" not in query_of(page):
        nudge(page, "Gewicht: Wohnungsmarkt")

    def press(role, name, key):
        page.get_by_role(role, name=name).first.focus()
        page.keyboard.press(key)
        settled(page)

    # Switched off by its own effect, and taken away.
    press("button", said("weights.reset"), "Enter")
    eventually(lambda: focused(page).endswith(said("weights.undo")), page)
    press("button", "Auswahl aufheben", "Enter")
    eventually(lambda: focused(page) == said("filters.search"), page)
    press("radio", said("filters.scope_all"), "ArrowDown")
    assert focused(page).startswith(said("filters.scope_filtered"))


def test_the_sidebar_is_no_place_to_get_lost_in_when_it_is_folded_away(desk):
    """On a phone the keyboard opens it, goes into it, and comes back where it was."""
    page = desk
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    inside = page.locator('[data-testid="stSidebar"]').locator("a, button, input")
    assert not any(one.is_visible() for one in inside.all())
    tab_to(page, "Seitenleiste öffnen")
    for name in ("Seitenleiste schließen", "Seitenleiste öffnen"):
        page.keyboard.press("Enter")
        eventually(lambda wanted=name: focused(page) == wanted, page)
    page.set_viewport_size({"width": 1366, "height": 900})
    settled(page)


def test_every_page_leads_to_the_statement_with_a_key(page, address):
    page.goto(f"{address}/methode")
    link = page.get_by_role("link", name=words("de")("accessibility.title"))
    link.wait_for()
    settled(page)
    link.press("Enter")
    page.get_by_role("heading", name=words("de")("accessibility.title"), level=1).wait_for()


def hexed(colour):
    red, green, blue = (
        int(float(one)) for one in colour[colour.index("(") + 1 : -1].split(",")[:3]
    )
    return f"#{red:02x}{green:02x}{blue:02x}"
