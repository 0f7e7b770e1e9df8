"""Recipe files: chosen, dropped, damaged, far too large; with mouse and keyboard."""

from __future__ import annotations

import pytest
from driving import eventually, focused, query_of, settled, tab_to

from layers import Recipe

pytestmark = pytest.mark.browser

BEN = Recipe.parse({"name": "Ben", "weights": {"layer:services": 4.0}}).to_toml().encode()
#: Drops a file on the place for files, as a hand with a mouse does.
DROP = """(zone, [name, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


def file(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.fixture
def weightings(page, address):
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(f"{address}/gewichtungen?p.list=equal")
    page.locator("h1").first.wait_for()
    page.get_by_text("Gewichtungen sammeln").click()
    settled(page)
    return page


def told(page):
    return page.locator(".files .told").inner_text()


def test_what_is_no_recipe_at_all_does_not_leave_the_browser_and_a_wrong_one_is_told_in_german(
    weightings,
):
    page, before = weightings, weightings.url
    page.get_by_text("höchstens 500 kB").wait_for()
    for name, content, words in (
        ("gross.toml", b"#" * 500_001, "größer als 500 kB"),
        ("bild.toml", b"\x89PNG\xff\xfe\x00", "keinen lesbaren Text"),
        ("leer.toml", b"a = 1\0", "keinen lesbaren Text"),
        ("tabelle.xlsx", b"a = 1", "keine TOML-Datei"),
    ):
        page.locator("input[type=file]").set_input_files(file(name, content))
        eventually(lambda wanted=words: wanted in told(page), page)
        assert f"„{name}“" in told(page)
    settled(page)
    assert page.url == before
    assert page.locator('[data-testid="stAlert"]').count() == 1

    page.locator("input[type=file]").set_input_files(
        [file("ben.toml", BEN), file("falsch.toml", b"weights = = 3")]
    )
    page.get_by_text("Die Datei ist in Zeile 1 kein gültiges TOML").wait_for()
    settled(page)
    assert "Ben" in page.locator(".atlas-shares").inner_text()
    assert "Ben!!w.services=4" in query_of(page)["p.list"]


def test_a_file_that_was_mended_can_be_given_again_and_another_dropped(weightings):
    """The one that is dropped begins with a mark of the editor."""
    page = weightings
    shares = page.locator(".atlas-shares")
    for content, there in ((b"[weights", False), (BEN, True)):
        page.locator("input[type=file]").set_input_files(file("ben.toml", content))
        settled(page)
        eventually(lambda one=there: ("Ben" in shares.inner_text()) is one, page)
    dropped = BEN.decode().replace("Ben", "Cem")
    page.locator(".files .zone").evaluate(DROP, ["cem.toml", "\ufeff" + dropped])
    eventually(lambda: "Cem" in query_of(page)["p.list"], page)


def test_a_recipe_is_loaded_with_the_keyboard_alone(page, address):
    # Listened for from the start: asked for only with the key, the browser's answer may be lost.
    choosers = []
    page.once("filechooser", lambda one: choosers.append(one))  # noqa: PLW0108 -- must be a function
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(f"{address}/?lang=en")
    page.locator("h1").first.wait_for()
    settled(page)
    button = "Save or load a recipe"
    page.get_by_role("button", name=button).focus()
    for leave in (True, False):
        page.keyboard.press("Enter")
        page.get_by_text("at most 100 kB").wait_for()
        settled(page)
        tab_to(page, "Choose a file", most=5)
        if leave:
            page.keyboard.press("Escape")
            page.locator("input[type=file]").wait_for(state="detached")
            eventually(lambda: focused(page).startswith(button), page)
            settled(page)
    page.keyboard.press("Enter")
    eventually(lambda: choosers, page)
    choosers[0].set_files([file("ben.toml", BEN)])
    eventually(lambda: query_of(page).get("w.services") == "4", page)
