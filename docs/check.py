"""Checks a built site: ``check.py FOLDER [--browser]``; exit code 1 if anything is wrong.

Every script, style, font and picture lies in the site itself, and every link inside leads to a page
and to a place on it. With ``--browser`` each page is opened in Chromium from a server, and the
first one as a file: no request goes to any other host, no script fails, and the search finds
something in both languages.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
from contextlib import suppress
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

#: Schemes that a link may lead out by; whatever a page loads has to be its own.
OUTGOING = {"https", "http", "mailto"}
_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
#: Word that stands on pages of both languages.
_WORD = "Thünen"


class Page(HTMLParser):
    """What one page loads, where it leads, and which places it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect addresses and ids of one element."""
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        if "href" in given:
            (self.leads if tag in {"a", "area"} or _is_alternate(given) else self.loads).append(
                given["href"]
            )
        self.loads += [given[name] for name in ("src", "data", "poster") if given.get(name)]
        self.loads += [one for one, _ in _CSS_URL.findall(given.get("style", ""))]


def _is_alternate(given: dict[str, str]) -> bool:
    return bool({"alternate", "prev", "next", "canonical"} & set(given.get("rel", "").split()))


def faults(site: Path) -> Iterator[str]:
    """Go through all pages and styles of a built site and name what is wrong."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    if not pages:
        yield f"{site}: no pages."
    for path, page in pages.items():
        # Where it is shown is not known: the server decides.
        if path.name == "404.html":
            continue
        name = path.relative_to(site)
        yield from (f"{name}: loads {one}" for one in page.loads if _is_foreign(one))
        yield from (f"{name}: leads to {one}" for one in page.leads if _is_odd(one))
        for one in (*page.loads, *page.leads):
            if not urlsplit(one).scheme and not _is_there(one, path, pages):
                yield f"{name}: there is no {one}"
    for path in site.rglob("*.css"):
        found = [a or b for a, b in _CSS_URL.findall(path.read_text(encoding="utf-8"))]
        yield from (f"{path.name}: loads {one}" for one in found if _is_foreign(one))


def _is_foreign(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in {"", "data"} or parts.path.startswith("/")


def _is_odd(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme not in {"", *OUTGOING} or (not parts.netloc and parts.path.startswith("/"))


def _is_there(address: str, path: Path, pages: dict[Path, Page]) -> bool:
    parts = urlsplit(address)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not parts.fragment or target not in pages:
        return target.is_file()
    return unquote(parts.fragment) in pages[target].places


class _Quiet(SimpleHTTPRequestHandler):
    """A file server that says nothing of its answers, nor of a page that was left half-way."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file as far as it is wanted."""
        with suppress(ConnectionError):
            super().copyfile(source, outputfile)


def faults_in_browser(site: Path) -> Iterator[str]:
    """Open every page as a visitor does; whatever asks another host or fails is named."""
    from playwright.sync_api import sync_playwright

    handler = partial(_Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as player:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        served = f"http://127.0.0.1:{server.server_port}"
        yield from _visited(browser, served, sorted(site.rglob("*.html")), site)
        yield from _visited(browser, site.as_uri(), [site / "index.html"], site)
        browser.close()
        server.shutdown()


def _visited(browser: Browser, base: str, paths: list[Path], site: Path) -> Iterator[str]:
    page = browser.new_page()
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("pageerror", lambda one: failed.append(str(one)))
    for path in paths:
        page.goto(f"{base}/{path.relative_to(site).as_posix()}")
    for start in ("index.html", "en/index.html"):
        page.goto(f"{base}/{start}")
        page.keyboard.press("/")
        page.keyboard.type(_WORD)
        page.locator(".md-search-result__item").first.wait_for()
    page.close()
    own = (base, "data:", "blob:", "about:")
    yield from sorted({f"asked for {one}" for one in asked if not one.startswith(own)})
    yield from failed


def main(arguments: list[str]) -> None:
    """Print every fault; say how many pages were looked at."""
    site = Path(arguments[0]).resolve()
    found = list(faults(site))
    if "--browser" in arguments:
        found += faults_in_browser(site)
    sys.stdout.write("".join(f"{one}\n" for one in found))
    sys.stdout.write(f"{len(list(site.rglob('*.html')))} pages, {len(found)} faults\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(sys.argv[1:])
