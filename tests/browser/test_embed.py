"""Embeds in a real browser: alone, on another site, without scripts, and with moved weights."""

from __future__ import annotations

import functools
import http.server
import threading
from dataclasses import replace

import pytest
from driving import eventually, judged, settled, visit

from geo import slippy
from layers import robust, score
from views import store
from views.embed import Matter, build, plain_snippet, snippet
from views.embed.folium_page import sheet
from views.embed.table import rows
from views.figures import figure
from views.i18n import words
from views.report.background import background
from views.report.document import to_bytes
from views.state import PageState

pytestmark = pytest.mark.browser

PAGE = "<!doctype html><html lang='de'><meta charset='utf-8'><title>Zeitung</title><body>{}"
REGIONS = {"map": (), "sliders": (), "profile": ("09477",), "compare": ("03354", "16054")}
KREISE = 400


def matter(language="de", recipe=None, **view):
    """Numbers of the app, without its server."""
    recipe = recipe or store.default_recipe()
    bands = robust(store.dataset(), recipe, draws=store.DRAWS, seed=store.SEED)
    state = PageState(recipe=recipe, language=language, **view)
    return Matter(state, score(store.dataset(), recipe), bands, words(language))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder):
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="module")
def built():
    """Every kind in German, and in English."""
    texts = {language: matter(language) for language in ("de", "en")}
    return {
        (kind, language): build(kind, one, REGIONS[kind])
        for kind in REGIONS for language, one in texts.items()
    }  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory, built):
    """Address of a server that has the embeds."""
    folder = tmp_path_factory.mktemp("site")
    for (kind, language), one in built.items():
        (folder / f"{kind}-{language}.html").write_bytes(one.html)
    server, address = serve(folder)
    yield address
    server.shutdown()


@pytest.fixture(scope="module")
def paper(tmp_path_factory, built, site):
    """Address of another site, a newspaper's, whose pages show the embeds."""
    folder = tmp_path_factory.mktemp("paper")
    for kind in REGIONS:
        lines = snippet(built[kind, "de"], f"{site}/{kind}-de.html", words("de"))
        (folder / f"{kind}.html").write_text(PAGE.format(lines))
    plain = plain_snippet(built["map", "de"], f"{site}/map-de.html", words("de"))
    (folder / "plain.html").write_text(PAGE.format(plain))
    server, address = serve(folder)
    yield address
    server.shutdown()


@pytest.fixture
def quiet(page):
    """A page on which nothing but its own address is asked for, and no policy is broken."""
    asked, said = [], []

    def ask(request):
        asked.append(request.url)

    def say(message):
        if message.type == "error":
            said.append(message.text)

    page.on("request", ask)
    page.on("console", say)
    yield page
    page.remove_listener("request", ask)
    page.remove_listener("console", say)
    assert [url for url in asked if not url.startswith(("blob:", "data:"))] == asked[:1]
    assert said == []


def open_map(page, address):
    page.goto(address)
    page.locator(".moving path.region").nth(KREISE - 1).wait_for(state="attached")
    page.locator("#still").wait_for(state="detached")


@pytest.mark.parametrize("kind", REGIONS)
@pytest.mark.parametrize(
    ("width", "language", "theme"), [(320, "de", "dark"), (1100, "en", "light")]
)
def test_an_embed_is_whole_accessible_and_alone(quiet, site, kind, width, language, theme):
    quiet.set_viewport_size({"width": width, "height": 800})
    quiet.emulate_media(color_scheme=theme)
    if kind in {"map", "sliders"}:
        open_map(quiet, f"{site}/{kind}-{language}.html")
    else:
        quiet.goto(f"{site}/{kind}-{language}.html")
    assert quiet.evaluate("document.documentElement.scrollWidth") <= width
    assert quiet.evaluate("document.cookie + localStorage.length") == "0"
    assert judged(quiet) == []


@pytest.mark.parametrize("kind", ["map", "sliders"])
def test_without_scripts_the_picture_and_the_table_are_there(browser, site, kind):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{kind}-de.html")
    assert page.locator(".places path").count() == KREISE
    assert page.locator("#rows tbody tr").count() == KREISE
    assert page.locator(".places path").first.bounding_box()["width"] > 2
    assert page.get_by_text("Ohne Skripte ist die Karte ein festes Bild").is_visible()
    assert not page.locator("#find").is_visible()
    context.close()


def test_on_another_site_the_frame_takes_the_height_of_its_content(page, paper):
    page.set_viewport_size({"width": 700, "height": 900})
    page.goto(f"{paper}/sliders.html")
    frame = page.frame_locator("iframe")
    # Nothing but scripts is allowed in there, and yet the map, the worker and the table run.
    frame.locator(".moving path.region").nth(KREISE - 1).wait_for(state="attached")
    node = page.locator("iframe")
    assert node.get_attribute("sandbox") == "allow-scripts"
    assert "Kreise" in node.get_attribute("title")
    content = frame.locator("main")
    eventually(
        lambda: int(node.get_attribute("height")) == content.evaluate("one => one.offsetHeight"),
        page,
    )
    page.set_viewport_size({"width": 360, "height": 900})
    eventually(
        lambda: int(node.get_attribute("height")) == content.evaluate("one => one.offsetHeight"),
        page,
    )
    slider = frame.get_by_role("slider", name="Gewicht: Wohnungsmarkt")
    slider.press("ArrowRight")
    eventually(lambda: frame.locator("#said").inner_text() != "", page)
    eventually(lambda: not frame.locator("#other-weights").is_visible(), page)


def test_nobody_else_can_set_the_height(page, paper):
    page.goto(f"{paper}/profile.html")
    node = page.locator("iframe[title]")
    page.frame_locator("iframe").locator("main").wait_for()
    page.wait_for_timeout(300)
    before = node.get_attribute("height")
    page.evaluate("postMessage({ potenzialatlas: { height: 4000 } }, '*')")
    page.evaluate(
        "const other = document.body.appendChild(document.createElement('iframe'));"
        "other.sandbox = 'allow-scripts';"
        'other.srcdoc = \'<script>parent.postMessage({ potenzialatlas: { height: 4000 } }, "*")'
        "</' + 'script>'"
    )
    page.wait_for_timeout(400)
    assert node.get_attribute("height") == before


def test_the_plain_lines_have_no_script_and_a_height(page, paper):
    page.goto(f"{paper}/plain.html")
    assert page.locator("script").count() == 0
    assert int(page.locator("iframe").get_attribute("height")) > 500


def cells(page):
    return page.locator("#rows tbody tr").evaluate_all(
        "all => all.map(row => [...row.cells].map(cell => cell.textContent))"
    )


def expected(recipe):
    one = matter(recipe=recipe)
    return list(rows(one, figure(one.state, one.scores, one.bands, one.words)).values())


@pytest.mark.parametrize(("key", "weight"), [("End", 5.0), ("Home", 0.0)])
def test_moved_weights_give_the_numbers_of_python(quiet, site, key, weight):
    """With a layer switched off the bands change as well: they come from the page's own worker."""
    open_map(quiet, f"{site}/sliders-de.html")
    before = cells(quiet)
    quiet.get_by_role("slider", name="Gewicht: Wohnungsmarkt").press(key)
    quiet.locator("#rows:not(.other-weights)").wait_for()
    eventually(lambda: cells(quiet) != before, quiet)
    recipe = store.default_recipe()
    recipe = recipe.model_copy(update={"weights": recipe.weights | {"layer:housing": weight}})
    wanted = expected(recipe)
    eventually(lambda: cells(quiet) == wanted, quiet)
    assert quiet.locator("#whose").inner_text() == "Eigene Gewichtung"
    quiet.get_by_role("button", name="Zurück zur Gewichtung der Redaktion").click()
    eventually(lambda: cells(quiet) == before, quiet)


def test_all_weights_off_leave_the_last_table(quiet, site):
    open_map(quiet, f"{site}/sliders-de.html")
    for slider in quiet.get_by_role("slider").all():
        slider.press("Home")
    quiet.get_by_text("Alle Gewichte stehen auf 0").wait_for()
    assert cells(quiet)[0][0] == "1"
    quiet.get_by_role("slider").first.press("ArrowRight")
    quiet.get_by_text("Alle Gewichte stehen auf 0").wait_for(state="hidden")


def test_a_kreis_is_found_by_name_and_by_keyboard(quiet, site):
    open_map(quiet, f"{site}/map-de.html")
    search = quiet.get_by_role("combobox", name="Kreis suchen")
    search.fill("landkreis lüchow-dannenberg")
    search.press("Enter")
    card = quiet.locator("#chosen")
    card.get_by_text("Landkreis Lüchow-Dannenberg").wait_for()
    row = quiet.locator("#rows tr[aria-current]")
    rank = row.locator("td").first.inner_text()
    assert rank in card.inner_text()
    region = quiet.locator('.moving path.region[aria-label="Landkreis Lüchow-Dannenberg"]')
    assert region.get_attribute("aria-selected") == "true"
    region.focus()
    quiet.keyboard.press("ArrowRight")
    quiet.keyboard.press("Enter")
    assert "Lüchow" not in card.inner_text()
    quiet.keyboard.press("Escape")
    assert card.is_hidden()
    for typed, called in (("Suhl", "Suhl"), ("dithm", "Dithmarschen"), ("Atlantis", "Kein Kreis")):
        search.fill(typed)
        search.press("Enter")
        card.get_by_text(called).wait_for()


def test_the_map_has_the_colours_of_the_picture(quiet, browser, site):
    """Plain classes are compared; hatched ones are patterns of their own in each."""
    fills = "all => all.map(one => getComputedStyle(one).fill)"
    context = browser.new_context(java_script_enabled=False)
    still = context.new_page()
    still.goto(f"{site}/map-de.html")
    printed = still.locator(".places path").evaluate_all(fills)
    context.close()
    open_map(quiet, f"{site}/map-de.html")
    drawn = quiet.locator(".moving path.region").evaluate_all(fills)
    plain = [(one, other) for one, other in zip(printed, drawn, strict=True) if "rgb" in one]
    assert len(plain) > KREISE / 4
    assert all(one == other for one, other in plain)
    hatched = [
        ("url" in one) == ("url" in other) for one, other in zip(printed, drawn, strict=True)
    ]
    assert all(hatched)


def test_a_region_called_like_a_script_stays_a_name(page, tmp_path):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> {rank} ** $& \ue000"
    dataset = store.dataset()
    named = dataset.regions.copy()
    column = "label" if "label" in named else "name"
    named[column] = named[column].astype("object")
    named.loc["09477", column] = evil
    recipe = store.default_recipe()
    scores = score(replace(dataset, regions=named), recipe)
    bands = robust(dataset, recipe, draws=50, seed=1)
    one = Matter(PageState(recipe=recipe), scores, bands, words("de"))
    ran = []

    def close(box):
        ran.append(box.message)
        box.dismiss()

    page.on("dialog", close)
    for kind in ("sliders", "profile"):
        made = build(kind, one, REGIONS[kind])
        (tmp_path / "evil.html").write_bytes(made.html)
        page.goto((tmp_path / "evil.html").as_uri())
        page.get_by_text("<script>alert(1)</script>").first.wait_for(state="attached")
    page.remove_listener("dialog", close)
    assert ran == []
    assert page.locator("img").count() == 0


#: Takes every call as Leaflet would, and notes how many regions it was given.
STUB = """
const chain = (own = {}) =>
  new Proxy(own, { get: (self, name) => self[name] ?? (() => chain(self)) });
window.L = { CRS: {}, map: () => chain(),
  geoJson: () => chain({ addData: ({ features }) => { window.added = features.length; } }),
  tileLayer: () => chain() };
"""


@pytest.mark.parametrize("leaflet", [None, slippy.Leaflet(STUB, "")])
def test_a_slippy_map_without_tiles_shows_the_kreise_and_asks_nobody(quiet, tmp_path, leaflet):
    """With a copy of Leaflet its program runs under the policy; without, the picture stays."""
    file = tmp_path / "slippy.html"
    file.write_bytes(slippy.page(sheet(matter()), leaflet=leaflet))
    quiet.goto(file.as_uri())
    picture = quiet.locator(".map > svg")
    assert picture.locator("path").count() == KREISE
    assert picture.is_visible() == (leaflet is None)
    assert quiet.evaluate("window.added ?? 0") == (KREISE if leaflet else 0)
    assert judged(quiet) == []


def test_the_report_of_a_kreis_is_accessible_on_a_phone_and_at_a_desk(quiet, tmp_path):
    one = matter()
    shared = background(one.scores, one.bands, "de", date=None, regions=["09477"])
    file = tmp_path / "report.html"
    file.write_bytes(to_bytes("09477", shared, ".html"))
    quiet.goto(file.as_uri())
    for width, theme in ((320, "dark"), (1100, "light")):
        quiet.set_viewport_size({"width": width, "height": 800})
        quiet.emulate_media(color_scheme=theme)
        assert judged(quiet) == []
        assert quiet.evaluate("document.documentElement.scrollWidth") <= width


def test_a_slippy_map_whose_hosts_cannot_be_reached_shows_the_picture(context, tmp_path):
    page = context.new_page()
    file = tmp_path / "slippy.html"
    file.write_bytes(slippy.page(sheet(matter()), tiles=slippy.PRESETS["topplus"]))
    page.route("https://**", lambda route: route.abort())
    page.goto(file.as_uri())
    assert page.locator(".map > svg path").count() == KREISE
    assert page.locator(".map > svg").is_visible()
    assert not page.locator(".folium-map").is_visible()
    page.close()


def test_the_app_offers_lines_a_file_and_a_look_and_serves_what_they_show(page, address):
    page.set_viewport_size({"width": 1366, "height": 1000})
    visit(page, address, "?w.housing=3&lang=en&sel=09477")
    page.get_by_role("button", name="Embed").click()
    look = page.frame_locator("iframe[src*='/embed/map']")
    look.locator(".moving path.region").nth(KREISE - 1).wait_for(state="attached")
    settled(page)
    lines = page.locator("code").filter(has_text="<iframe").first.inner_text()
    assert 'src="potenzialatlas-map.html"' in lines
    page.get_by_text("Profile of the chosen Kreis").click()
    look = page.frame_locator("iframe[src*='/embed/profile/09477']")
    look.get_by_role("heading", name="Landkreis Kulmbach").wait_for()
    settled(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the file (HTML)").click()
    made = waiting.value.path().read_text(encoding="utf-8")
    assert "Landkreis Kulmbach" in made
    assert address not in made


def test_two_kreise_are_embedded_from_the_page_that_compares_them(page, address):
    page.goto(f"{address}/vergleich?p.with=03354~16054&lang=en")
    page.get_by_role("button", name="Embed").click()
    look = page.frame_locator("iframe[src*='/embed/compare/03354/16054']")
    look.get_by_text("Suhl").first.wait_for()
    # What only that page remembers is no part of the embed's address.
    assert "p.with" not in page.locator("iframe[src*='/embed/']").get_attribute("src")
