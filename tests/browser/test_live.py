"""The hand moves a weight: map, hatching and tip follow at once and say what the server says later.

"Held" is a mouse button that is still down: the server then knows nothing of the new weight, so
that whatever the page says comes from the browser alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from driving import REGION, eventually, query_of, settled, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import CDPSession, Page

pytestmark = pytest.mark.browser

HOUSING = "Gewicht: Wohnungsmarkt"
KULMBACH = "Landkreis Kulmbach"
EQUAL = "Alle gleich"


@pytest.fixture
def desk(page: Page) -> Page:
    page.set_viewport_size({"width": 1366, "height": 900})
    return page


@pytest.fixture
def usual(kept: Callable[[str], Page]) -> Callable[[str], Page]:
    """Give pages that tests share, with the weights that they begin with."""

    def opened(query: str = "") -> Page:
        page = kept(query)
        if any(key.startswith("w.") for key in query_of(page)):
            page.get_by_role("button", name=EQUAL).click()
            eventually(lambda: not any(key.startswith("w.") for key in query_of(page)), page)
            settled(page)
        return page

    return opened


def paints(page: Page) -> list[str]:
    """How every region is painted: a colour, or the hatching of a class."""
    return page.locator(REGION).evaluate_all("all => all.map((one) => one.style.fill)")


def hatched(page: Page) -> int:
    return sum("doubt" in paint for paint in paints(page))


def doubt_row(page: Page) -> str:
    """Number of unsure classes as the legend has it."""
    row = page.locator(".legend li").filter(has_text="Klasse unsicher")
    return row.locator(".count").inner_text()


def slide(page: Page, name: str, to: float, *, start: float | None = None) -> None:
    """Press on a slider and move it; the button stays down. Places are shares of its width."""
    thumb = page.get_by_role("slider", name=name)
    # While the server answers, a part of the page may be there twice for a moment.
    eventually(lambda: thumb.count() == 1, page)
    box = thumb.bounding_box()
    middle = box["y"] + box["height"] / 2
    if start is not None:
        page.mouse.move(box["x"] + box["width"] * start, middle)
        page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * to, middle, steps=6)


def tip_of(page: Page, kreis: str) -> str:
    """Text of the tip of a Kreis, without moving the mouse that holds the slider."""
    path = page.locator(f'{REGION}[aria-label="{kreis}"]')
    box = path.bounding_box()
    path.dispatch_event("pointermove", {
        "clientX": box["x"] + box["width"] / 2, "clientY": box["y"] + box["height"] / 2,
        "bubbles": True, "pointerType": "mouse", "buttons": 0,
    })  # fmt: skip
    return page.locator(".tip").inner_text()


def rows_of(page: Page, most: int = 12) -> list[str]:
    """First rows of the table as they are read."""
    rows = page.locator(".rows tbody:not([aria-hidden]) tr").all()[:most]
    return [row.inner_text() for row in rows]


def heap(session: CDPSession) -> float:
    """Megabytes that the page's scripts hold on to."""
    session.send("HeapProfiler.collectGarbage")
    return session.send("Runtime.getHeapUsage")["usedSize"] / 2**20


@pytest.mark.parametrize("query", ["", "?sp=50", "?sp=25"])
def test_a_resting_hand_sees_and_reads_what_the_server_would_say(usual, query):
    page = usual(query)
    before, first = tip_of(page, KULMBACH), rows_of(page)
    slide(page, HOUSING, 0.97, start=4 / 11)
    eventually(lambda: doubt_row(page) not in {"", "…"}, page)
    eventually(lambda: "Band" in tip_of(page, KULMBACH), page)
    eventually(lambda: "…" not in "".join(rows_of(page)), page)
    page.wait_for_timeout(1_000)
    hatching, number = paints(page), doubt_row(page)
    tip, table = tip_of(page, KULMBACH), rows_of(page)
    assert "w.housing" not in query_of(page)
    assert hatched(page) > 0
    page.mouse.up()
    eventually(lambda: "w.housing" in page.url, page)
    settled(page)
    assert paints(page) == hatching
    assert doubt_row(page) == number
    assert tip_of(page, KULMBACH) == tip != before
    assert rows_of(page) == table != first


def test_a_preset_chosen_after_the_hand_leaves_nothing_of_the_hand(usual):
    page = usual()
    before, first = paints(page), rows_of(page)
    slide(page, HOUSING, 0.97, start=4 / 11)
    page.mouse.up()
    eventually(lambda: "w.housing" in page.url, page)
    settled(page)
    moved = paints(page)
    page.get_by_role("button", name=EQUAL).click()
    eventually(lambda: "w.housing" not in page.url, page)
    settled(page)
    assert moved != before
    assert (paints(page), rows_of(page)) == (before, first)


def test_switching_a_layer_off_draws_the_weightings_of_the_others(usual):
    page = usual()
    slide(page, HOUSING, 0.02, start=4 / 11)
    eventually(lambda: doubt_row(page) not in {"", "…"}, page)
    page.wait_for_timeout(500)
    held = paints(page), doubt_row(page), tip_of(page, KULMBACH)
    page.mouse.up()
    eventually(lambda: "w.housing=0" in page.url, page)
    settled(page)
    assert (paints(page), doubt_row(page), tip_of(page, KULMBACH)) == held


def test_while_the_hand_moves_no_band_of_before_is_told(usual):
    page = usual("?sp=25")
    page.evaluate("() => { window.real = window.setTimeout; window.setTimeout = () => 0; }")
    slide(page, HOUSING, 0.97, start=4 / 11)
    assert doubt_row(page) == "…"
    assert hatched(page) == 0
    told = tip_of(page, KULMBACH)
    assert "Rang" in told
    assert "Band" not in told
    assert "Viertel" not in told
    page.evaluate("() => { window.setTimeout = window.real; }")
    page.mouse.up()
    eventually(lambda: "w.housing" in page.url, page)
    settled(page)


def test_without_the_worker_the_server_says_how_sure_it_is(desk, address):
    page = desk
    page.route("**/bands.worker.js", lambda route: route.abort())
    visit(page, address, "?sp=25")
    slide(page, HOUSING, 0.97, start=4 / 11)
    page.wait_for_timeout(500)
    assert doubt_row(page) == "…"
    page.mouse.up()
    eventually(lambda: "w.housing" in page.url, page)
    settled(page)
    assert int(doubt_row(page)) == hatched(page) > 0


def test_where_doubt_is_switched_off_the_hand_brings_none_back(desk, address):
    page = desk
    visit(page, address, "?hatch=off")
    slide(page, HOUSING, 0.97, start=4 / 11)
    page.wait_for_timeout(500)
    assert hatched(page) == 0
    assert page.locator(".legend li").filter(has_text="Klasse unsicher").count() == 0
    page.mouse.up()


def test_the_map_is_mounted_once_whatever_the_session_does(usual):
    page = usual()
    page.locator(".atlas").evaluate("map => { map.kept = true; }")
    for to in (0.9, 0.1):
        slide(page, HOUSING, to, start=4 / 11)
        page.mouse.up()
        settled(page)
    page.get_by_role("radio", name="English").or_(
        page.get_by_role("button", name="English")
    ).first.click()
    eventually(lambda: query_of(page).get("lang") == "en", page)
    settled(page)
    assert page.locator(".atlas").evaluate_all("all => all.map((map) => map.kept)") == [True]


@pytest.mark.benchmark
def test_two_hundred_moves_leave_nothing_behind(usual):
    page = usual("?sp=25")
    session = page.context.new_cdp_session(page)

    def moves(times):
        for turn in range(times):
            to = 0.05 + 0.9 * (turn % 10) / 9
            slide(page, HOUSING, to, start=0.5 if turn % 20 == 0 else None)
            if turn % 20 == 19:
                page.mouse.up()
                settled(page)

    moves(40)
    before, nodes = heap(session), page.locator(".atlas *").count()
    moves(200)
    assert heap(session) - before < 5
    assert page.locator(".atlas *").count() <= nodes + 5
