"""Makes the pictures of README.md from the running app: ``make shots``.

Each picture is one permalink, so that what it shows can be opened by anybody. With a folder,
``shots.py FOLDER``, every page is photographed instead, in both languages and themes and in three
widths, to be looked at before a release.
"""

from __future__ import annotations

import io
import sys
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from conftest import ARGUMENTS, chromium_path
from driving import PATIENCE, ROOT, running_app, settled, visit, visitor
from PIL import Image
from playwright.sync_api import sync_playwright

from views.pages.navigation import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = ROOT / "views" / "screenshots"
LARGEST = 250_000
"""Bytes that one picture may take in the repository."""
COLOURS = 128
LONGEST = 6_000
"""Pixels of the longest page that is photographed whole."""
DRAWN = 2_000
"""Milliseconds for what is drawn after the server has finished, such as charts."""


#: A desk, the same at 200 % zoom, and a phone: width, height, device pixels per pixel.
VIEWS = {"desk": (1366, 900, 1), "zoom": (683, 450, 2), "phone": (390, 844, 2)}
#: What a page needs to show all that it can.
QUERY = "sel=09477&p.with=09477~06636"


class Shot(NamedTuple):
    """One picture: its file, the language of the browser, the permalink, its size in pixels."""

    name: str
    locale: str
    query: str
    size: tuple[int, int]


SHOTS = (
    Shot("karte.png", "de-DE", "", (1366, 1080)),
    Shot(
        "rural.png", "en-GB",
        "?lang=en&f.thuenen_type=1~2~3~4&ref=filtered&nc=drop&sel=09477", (1366, 1080),
    ),
    Shot("indicators.png", "en-GB", "indikatoren?lang=en&p.layer=housing", (1366, 760)),
    Shot("profile.png", "en-GB", "kreisprofil?lang=en&sel=03354", (1366, 1180)),
)  # fmt: skip


def main(arguments: list[str]) -> None:
    """Write all pictures, or say why that cannot be done."""
    if (path := chromium_path()) is None:
        sys.exit("no Chromium found: install it or name it in CHROMIUM")
    with running_app() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        if arguments:
            survey(browser, address, Path(arguments[0]))
        else:
            for_readme(browser, address)
        browser.close()


def for_readme(browser: Browser, address: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    for shot in SHOTS:
        target = FOLDER / shot.name
        target.write_bytes(reduced(taken(browser, address, shot), shot.name))
        sys.stdout.write(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes\n")


def survey(browser: Browser, address: str, folder: Path) -> None:
    """Photograph every page from top to bottom: ``profile-de-dark-phone.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    for (view, (width, height, scale)), theme in product(VIEWS.items(), ("light", "dark")):
        context = visitor(
            browser, viewport={"width": width, "height": height}, device_scale_factor=scale,
            color_scheme=theme, reduced_motion="reduce",
        )  # fmt: skip
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        visit(page, address)
        for (name, (_, path)), language in product(PAGES.items(), ("de", "en")):
            page.goto(f"{address}/{'' if name == 'map' else path}?lang={language}&{QUERY}")
            page.locator("h1").first.wait_for()
            settled(page)
            page.wait_for_timeout(DRAWN)
            # The page scrolls inside the window; a window as high as the page shows all of it.
            long = page.evaluate(
                """document.querySelector('[data-testid="stMainBlockContainer"]').scrollHeight"""
            )
            page.set_viewport_size({"width": width, "height": min(max(long, height), LONGEST)})
            settled(page)
            page.screenshot(path=folder / f"{name}-{language}-{theme}-{view}.png")
            page.set_viewport_size({"width": width, "height": height})
        context.close()


def taken(browser: Browser, address: str, shot: Shot) -> bytes:
    """Open the permalink as a visitor with a light theme does, and photograph the window."""
    width, height = shot.size
    context = visitor(
        browser, viewport={"width": width, "height": height}, locale=shot.locale,
        color_scheme="light", reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    visit(page, address)
    # The introduction greets only the first time.
    page.goto(f"{address}/{shot.query}")
    page.locator("h1").first.wait_for()
    settled(page)
    page.wait_for_timeout(DRAWN)
    picture = page.screenshot()
    context.close()
    return picture


def reduced(picture: bytes, name: str) -> bytes:
    """Reduce a picture to a palette: maps have few colours, and the file shrinks to a third."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    target = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(target, "png", optimize=True)
    if len(target.getvalue()) > LARGEST:
        sys.exit(f"{name}: {len(target.getvalue())} bytes, at most {LARGEST} are allowed.")
    return target.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
