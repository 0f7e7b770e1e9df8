"""A real browser for the tests, cut off from every host but this machine."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from driving import PATIENCE, running_app, visit, visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, ViewportSize

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    # No other host can be reached, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)  # fmt: skip
LOCAL = {"localhost", "127.0.0.1", None}
EMPTY = "about:blank"
USUAL: dict[str, Any] = {
    "color_scheme": "light", "contrast": "null", "forced_colors": "none", "reduced_motion": "reduce"
}  # fmt: skip
"""What the browser of a visitor asks for (see `visitor`), unless a test says otherwise."""
STRICT = """document.addEventListener("securitypolicyviolation", (broken) => {
  // A library of Streamlit tries WebAssembly and does without.
  if (broken.blockedURI === "wasm-eval") return;
  setTimeout(() => {
    throw new Error(`policy: ${broken.effectiveDirective} blocks ${broken.blockedURI}`);
  });
});"""
"""Runs in a page before all else: what its policy blocks becomes an error of the page."""


def chromium_path() -> str | None:
    """Path of the installed Chromium; CHROMIUM in the environment names another one."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def _without_browser(reason: str) -> None:
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason} (REQUIRE_BROWSER=1 forbids skipping)")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium per test module; skipped with a reason where there is none.

    Playwright keeps an event loop running as long as it lives. Ended with its module, it does not
    stand in the way of tests elsewhere that start a loop of their own.
    """
    if (path := chromium_path()) is None:
        _without_browser("no Chromium found: install it or name it in CHROMIUM")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _without_browser("playwright is not installed: pip install potenzialatlas[test]")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One visitor per test module, whose browser keeps what it has fetched."""
    made = visitor(browser, viewport={"width": 1000, "height": 800})
    made.add_init_script(STRICT)
    yield made
    made.close()


@contextmanager
def watched(context: BrowserContext, page: Page) -> Iterator[Page]:
    """Watch a page; a request to any other host, or an error in a script, is a failure."""
    wrong: list[str] = []

    def check(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob"} and url.hostname not in LOCAL:
            wrong.append(f"request to another host: {request.url}")

    def note(error: Error) -> None:
        wrong.append(f"error in the page: {error.stack}")

    others = set(context.pages)
    context.on("request", check)
    page.on("pageerror", note)
    yield page
    context.remove_listener("request", check)
    page.remove_listener("pageerror", note)
    for one in set(context.pages) - others:
        one.close()
    assert not wrong, "\n".join(wrong)


def opened_tab(context: BrowserContext) -> Page:
    """Open a tab in which a busy machine is given time."""
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE)
    return tab


def as_new(tab: Page, window: ViewportSize | None) -> None:
    """Leave nothing in a tab of what a test did there: no document, hand, window or colours."""
    tab.unroute_all(behavior="ignoreErrors")
    tab.goto(EMPTY)
    tab.mouse.up()
    tab.mouse.move(0, 0)
    tab.emulate_media(media="null", **USUAL)
    if window is not None:
        tab.set_viewport_size(window)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Give every test an empty tab, that of the test before where there is one.

    A tab of its own would be a process of its own, which takes twice as long to load the app.
    """
    tab = next((one for one in context.pages if one.url == EMPTY), None) or opened_tab(context)
    tab.bring_to_front()
    window = tab.viewport_size
    try:
        with watched(context, tab):
            yield tab
    finally:
        as_new(tab, window)


@pytest.fixture(scope="module")
def kept(context: BrowserContext, address: str) -> Iterator[Callable[[str], Page]]:
    """Give pages of the map by their query, each opened once for all tests of a module.

    What a test does there stays: the next one finds the page as it was left.
    """
    pages: dict[str, Page] = {}
    with ExitStack() as stack:

        def opened(query: str = "") -> Page:
            if query not in pages:
                one = pages[query] = opened_tab(context)
                stack.enter_context(watched(context, one))
                one.set_viewport_size({"width": 1366, "height": 900})
                visit(one, address, query)
            pages[query].bring_to_front()
            return pages[query]

        yield opened


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Address of a running app, one for all tests: visitors know nothing of each other."""
    with running_app() as url:
        yield url
