"""An office drags its table into the page: in the browser, with mouse and keyboard, on its own."""

from __future__ import annotations

import pytest
from driving import eventually, faults, query_of, settled, sideways

from views import store

pytestmark = pytest.mark.browser

REGIONS = store.official().regions
TABLE = "AGS;Freie Wohnungen 2024\n" + "".join(
    f"{key};{1000 + place},5\n" for place, key in enumerate(REGIONS.index)
)
#: Drops a file on the place for files, as a hand with a mouse does.
DROP = """(zone, [name, text, size = 0]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text, new Uint8Array(size)], name));
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def data(page, address):
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(f"{address}/daten")
    page.locator("summary", has_text="Eigene Daten").click()
    settled(page)
    return page


def told(page):
    return page.locator(".files .told").inner_text()


def test_a_dropped_table_is_understood_described_and_weighed_on_the_map(data):
    page = data
    page.locator(".files .zone").evaluate(DROP, ["wohnungen.csv", TABLE])
    page.get_by_text("Alle 400 Kreise gefunden.").wait_for()
    settled(page)
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    assert sideways(page) == []
    page.set_viewport_size({"width": 1366, "height": 900})
    page.locator("label", has_text="mehr ist besser").click()
    settled(page)
    page.get_by_role("button", name="Hinzufügen", exact=True).click()
    page.get_by_text("Der Indikator zählt jetzt mit").wait_for()
    settled(page)
    page.get_by_text("Ergebnis auf der Karte ansehen").click()
    page.get_by_text("Eigene Daten sind Teil dieser Ergebnisse").wait_for()
    settled(page)
    assert "+eigene." in query_of(page)["d"]
    assert faults(page) == []
    page.get_by_role("slider", name="Gewicht: Eigene Daten").press("Home")
    eventually(lambda: query_of(page).get("w.own") == "0", page)


def test_what_is_too_large_or_of_another_kind_does_not_leave_the_browser(data):
    page = data
    for name, size, words in (
        ("gross.csv", 20_000_001, "größer als 20 MB"),
        ("bild.png", 4, "keine passende Endung"),
    ):
        page.locator(".files .zone").evaluate(DROP, [name, "", size])
        eventually(lambda wanted=words: wanted in told(page), page)
    settled(page)
    assert page.locator('[data-testid="stAlert"]').count() == 0
