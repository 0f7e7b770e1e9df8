"""Makes the pictures of README.md from the running app: ``make shots``.

Each picture is one permalink, so that what it shows can be opened by anybody.
"""

from __future__ import annotations

import io
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from conftest import ARGUMENTS, chromium_path
from PIL import Image
from playwright.sync_api import sync_playwright
from test_app import ROOT, settled, visit, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

FOLDER = ROOT / "views" / "pictures"
LARGEST = 250_000
"""Bytes that one picture may take in the repository."""
COLOURS = 128


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
)  # fmt: skip


def main() -> None:
    """Write all pictures, or say why that cannot be done."""
    if (path := chromium_path()) is None:
        sys.exit("no Chromium found: install it or name it in CHROMIUM")
    FOLDER.mkdir(exist_ok=True)
    with app() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        for shot in SHOTS:
            target = FOLDER / shot.name
            target.write_bytes(reduced(taken(browser, address, shot), shot.name))
            sys.stdout.write(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes\n")
        browser.close()


@contextmanager
def app() -> Iterator[str]:
    """Run the app on a free port as long as it is needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(
        [*command, "--server.headless", "true", "--server.address", "127.0.0.1"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=10)


def taken(browser: Browser, address: str, shot: Shot) -> bytes:
    """Open the permalink as a visitor with a light theme does, and photograph the window."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=shot.locale, color_scheme="light",
        reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    visit(page, address, shot.query)
    settled(page)
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
    main()
