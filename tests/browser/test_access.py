"""Access for everybody: the keyboard reaches all, its place can be seen, and is never lost.

What holds for every page alike (axe in both languages and themes, zoom, reflow) is checked in
`test_pages.py`; here is what opens, what moves, and what a reader sets for themselves.
"""

from __future__ import annotations

import io

import numpy as np
import pytest
from driving import eventually, faults, focused, query_of, settled, sideways, visit
from PIL import Image

from geo.colour_vision import contrast
from views.i18n import words

pytestmark = pytest.mark.browser

#: WCAG 1.4.11 and 2.4.11: what is drawn around the focus, against what was there before.
SEEN = 3.0
#: Pixels of a ring around something: at least a line of one pixel along half of its edge.
EDGE = 8
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
PLACE = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return null;
  const own = at.closest("label") ?? at;
  const { x, y, width, height } = own.getBoundingClientRect();
  const kind = [at.tagName, at.getAttribute("role") ?? at.type, at.closest("[data-testid]")
    ?.dataset.testid ?? at.getRootNode().host?.className].join(" ");
  return { kind, box: { x, y, width, height } };
}"""
AWAY = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  window.before = at;
  at.blur();
}"""
BACK = "() => window.before.focus({ focusVisible: true, preventScroll: true })"
STILL = "* { transition: none !important; animation: none !important; }"


@pytest.fixture(autouse=True)
def desk(page):
    page.set_viewport_size({"width": 1366, "height": 900})
    page.emulate_media(color_scheme="light", reduced_motion="no-preference", forced_colors="none")
    yield
    page.emulate_media(color_scheme="light", reduced_motion="no-preference", forced_colors="none")


def ringed(page, box):
    """Pixels around something that its focus changes by the contrast that can be seen."""
    left, top = max(0, box["x"] - EDGE), max(0, box["y"] - EDGE)
    size = page.viewport_size
    clip = {
        "x": left, "y": top,
        "width": min(size["width"] - left, box["width"] + 2 * EDGE),
        "height": min(size["height"] - top, box["height"] + 2 * EDGE),
    }  # fmt: skip
    if clip["width"] <= 0 or clip["height"] <= 0:
        return 0
    there = light(page.screenshot(clip=clip))
    page.evaluate(AWAY)
    without = light(page.screenshot(clip=clip))
    page.evaluate(BACK)
    lighter, darker = np.maximum(there, without) + 0.05, np.minimum(there, without) + 0.05
    return int((lighter / darker >= SEEN).sum())


def light(picture):
    """Relative luminance (WCAG) of every pixel."""
    parts = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def test_one_can_see_where_the_keyboard_is_at_every_kind_of_control(page, address):
    """Once round the page of the map; the ring is judged by the picture, not by the stylesheet.

    In dark colours it has the colour of the text as well (`tests/views/test_colours.py`).
    """
    visit(page, address, "?sel=09477")
    page.add_style_tag(content=STILL)
    known, pale = set(), []
    while True:
        page.keyboard.press("Tab")
        place = page.evaluate(PLACE)
        if place is None:
            break
        if place["kind"] in known:
            continue
        known.add(place["kind"])
        page.wait_for_timeout(60)
        box = page.evaluate(PLACE)["box"]
        if ringed(page, box) < (box["width"] + box["height"]) / 2:
            pale.append(place["kind"])
    assert pale == []
    # Links, buttons, choices, switches, sliders, fields, the map, the table.
    assert len(known) >= 15


def test_weights_and_map_answer_to_keys_and_say_what_they_show(page, address):
    """Every key of a slider; the map region by region, each named and told politely and shortly."""
    visit(page, address, "?sel=09477")
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


def test_the_focus_stays_where_it_was_or_close_by_when_the_page_is_drawn_anew(page, address):
    said = words("de")
    visit(page, address, "?sel=09477&w.housing=2")

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


def test_what_opens_is_accessible_too(page, address):
    """Menu, details of a layer, lines to embed, a table behind a fold, and an error."""
    said = words("de")
    visit(page, address, "?sel=09477")
    page.get_by_role("button", name=said("menus.places"), exact=True).press("Enter")
    page.get_by_role("menuitem").first.wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.get_by_text(said("panel.indicators")).press("Enter")
    for name in ("Wohnungsmarkt", said("embedding.button")):
        page.get_by_role("button", name=name).first.press("Enter")
        page.locator('[data-testid="stPopoverBody"]').wait_for()
        settled(page)
        assert faults(page) == [], name
        page.keyboard.press("Escape")
        settled(page)
    page.goto(f"{address}/kreisprofil?w.housing=abc&lang=en")
    page.get_by_role("alert").first.wait_for()
    assert faults(page) == []


def test_pages_have_names_of_their_own_and_say_their_languages(page, address):
    titles = set()
    for path, language in (("", "de"), ("methode", "de"), ("barrierefreiheit", "en")):
        page.goto(f"{address}/{path}?lang={language}")
        page.locator('[data-testid="stHeading"] h1').first.wait_for()
        settled(page)
        titles.add(page.title())
        assert page.title().endswith(" – Potenzialatlas")
        named = ".st-key-language button:nth-child({})[lang={}]"
        page.locator(named.format(1, "de")).wait_for()
        page.locator(named.format(2, "en")).wait_for()
    assert len(titles) == 3
    page.goto(f"{address}/methode")
    link = page.get_by_role("link", name=words("de")("accessibility.title"))
    link.wait_for()
    settled(page)
    link.press("Enter")
    page.get_by_role("heading", name=words("de")("accessibility.title"), level=1).wait_for()


def test_text_spacing_contrast_colours_and_less_motion_are_honoured(page, address):
    visit(page, address, "?sel=09477")
    page.add_style_tag(content=SPACING)
    page.set_viewport_size({"width": 683, "height": 600})
    settled(page)
    assert sideways(page) == []
    assert page.evaluate(CUT) == []
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


def hexed(colour):
    red, green, blue = (
        int(float(one)) for one in colour[colour.index("(") + 1 : -1].split(",")[:3]
    )
    return f"#{red:02x}{green:02x}{blue:02x}"
