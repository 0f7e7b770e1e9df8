"""Driving the app as a person does: start it, open a page, wait until it rests, look and type."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
ALONE = Path(__file__).with_name("alone.py")
REGION = "svg.ground path.region"
START = 120
"""Seconds a cold server may take to answer."""
PATIENCE = 60_000
"""Milliseconds to wait for anything in a page: a busy machine is slow, not wrong."""
STEP = 50
CALM = 3
"""Steps at rest after which a page counts as finished."""
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TABS = 250
"""Steps of the tabulator in which anything must be reached, twice round the longest page."""
SIDEWAYS = """() => {
  const found = [];
  const clipped = (node) => {
    for (let one = node.parentElement; one; one = one.parentElement) {
      const { overflowX } = getComputedStyle(one);
      if (overflowX !== "visible" && one.getBoundingClientRect().right <= innerWidth + 1) {
        return true;
      }
    }
    return false;
  };
  for (const page of [document.documentElement, ...document.querySelectorAll(
    "[data-testid=stMain], [data-testid=stSidebarContent]")]) {
    // A sidebar that is folded away has no width of its own.
    const open = page.getBoundingClientRect().right > 0 && page.clientWidth > 0;
    if (open && page.scrollWidth > page.clientWidth + 1) found.push(`${page.tagName} scrolls`);
  }
  for (const node of document.querySelectorAll("[data-testid=stMain] *")) {
    const { right, width, height } = node.getBoundingClientRect();
    if (right > innerWidth + 1 && width && height && !clipped(node)) {
      found.push(node.outerHTML.slice(0, 120));
    }
  }
  return found;
}"""
ALIKE = """() => {
  const special = ".chosen, [aria-current], [aria-selected=true], "
    + "[tabindex='0'], :has([tabindex='0'])";
  const inside = [...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean);
  const roots = [document, ...inside];
  const all = ["path.region", ".rows tbody tr", "#rows tbody tr"].flatMap((kind) =>
    roots.flatMap((root) => [...root.querySelectorAll(kind)]).slice(12));
  const alike = all.filter((one) => !one.matches(special));
  const places = alike.map((one) => [one, one.parentNode, one.nextSibling]);
  alike.forEach((one) => one.remove());
  return () => places.reverse().forEach(([one, parent, next]) => parent.insertBefore(one, next));
}"""
"""Takes away all but twelve regions of a map and rows of its table, and gives a way to undo it."""
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const own = at?.matches("button, summary, a, [role=button]") ? at.innerText : "";
  return (at?.ariaLabel || at?.labels?.[0]?.innerText || own).trim();
}"""
SEEN = 3.0
"""WCAG 1.4.11 and 2.4.11: what is drawn around the focus, against what was there before."""
EDGE = 8
"""Pixels of a ring around something: at least a line of one pixel along half of its edge."""
STOPS = """() => {
  const roots = [document];
  for (const root of roots) {
    for (const one of root.querySelectorAll("*")) if (one.shadowRoot) roots.push(one.shadowRoot);
  }
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
  window.stops = roots.flatMap((root) => [...root.querySelectorAll(kinds)]).filter((one) =>
    one.tabIndex >= 0 && !one.disabled && !one.closest("[inert]") && one.getClientRects().length
    && one.checkVisibility({ visibilityProperty: true }));
  return window.stops.map((one) => [one.tagName, one.getAttribute("role") ?? one.type,
    one.closest("[data-testid]")?.dataset.testid ?? one.getRootNode().host?.className].join(" "));
}"""
"""Kind of everything that the tabulator stops at, in order."""
STOP = """(place) => {
  const one = window.stops[place];
  one.focus({ focusVisible: true });
  // The ring of a switch or a choice lies around its words as well.
  const own = one.matches("input") ? one.closest("label") ?? one : one;
  const { x, y, width, height } = own.getBoundingClientRect();
  return { x, y, width, height };
}"""
LEAVE = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  at?.blur();
}"""
STILL = "* { transition: none !important; animation: none !important; }"
WATCH = """(() => {
  // What a page has put off for a moment, loads, or has told the server and got no answer to.
  const SOON = 500;
  // A busy server is slow to answer; what it never answers is not waited for any longer.
  const ANSWER = 3000;
  const due = new Set();
  const later = window.setTimeout;
  const forget = window.clearTimeout;
  window.setTimeout = (task, delay = 0, ...given) => {
    if (typeof task !== "function" || delay >= SOON) return later(task, delay, ...given);
    const id = later(() => { due.delete(id); task(...given); }, delay);
    due.add(id);
    return id;
  };
  window.clearTimeout = (id) => { due.delete(id); forget(id); };
  let loading = 0;
  const load = window.fetch;
  window.fetch = (...given) => {
    loading += 1;
    return load(...given).finally(() => { loading -= 1; });
  };
  let told = -Infinity;
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (message) {
    told = performance.now();
    this.addEventListener("message", () => { told = -Infinity; }, { once: true });
    send.call(this, message);
  };
  window.atEase = () => !due.size && !loading && performance.now() - told > ANSWER;
})();"""
"""Runs in a page before all else, so that `settled` knows what is still to come."""
AT_REST = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const coming = '[data-stale="true"], [data-testid="stSpinner"], [data-testid="stSkeleton"]';
  return app?.dataset.testScriptState === "notRunning" && !document.querySelector(coming)
    && window.atEase();
}"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running_app() -> Iterator[str]:
    """Run the app on a free port as long as it is needed; gives its address.

    It fails if the process wanted anything of another host.
    """
    port = free_port()
    # A file, since a pipe that nobody reads would stop a server that has much to say.
    with tempfile.TemporaryFile() as said, tempfile.NamedTemporaryFile("r") as asked:
        command = [sys.executable, str(ALONE), asked.name, "app.py", "--server.port", str(port)]
        server = subprocess.Popen(
            [*command, "--server.headless", "true", "--server.address", "127.0.0.1"],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=said, env=os.environ,
        )  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(url, server, said)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=30)
        assert asked.read() == "", "the process wanted something of another host"


def wait_for(url: str, server: subprocess.Popen[bytes], said: BinaryIO) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        if server.poll() is not None:
            said.seek(0)
            pytest.fail(f"the app did not start: {said.read().decode()[-2000:]}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health") as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the app did not answer in time")


def visitor(browser: Browser, **options: Any) -> BrowserContext:
    """Give a visitor of their own, in whose pages `settled` can tell rest from a pause.

    They want less motion, unless said otherwise: without a graphics card, whatever turns while the
    server works takes as long as the page itself.
    """
    context = browser.new_context(**{"reduced_motion": "reduce", **options})
    context.add_init_script(WATCH)
    return context


def visit(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/{query}")
    page.locator(REGION).nth(399).wait_for(state="attached")
    settled(page)


def settled(page: Page) -> None:
    """Wait until the server has finished and nothing waits to be renewed, for a while on end."""
    quiet = 0
    for _ in range(PATIENCE // STEP):
        page.wait_for_timeout(STEP)
        quiet = quiet + 1 if page.evaluate(AT_REST) else 0
        if quiet == CALM:
            return
    pytest.fail(f"the page did not come to rest in {PATIENCE // 1000} seconds")


def eventually(true: Callable[[], bool], page: Page) -> None:
    """Wait until something is true, as a person would."""
    for _ in range(PATIENCE // STEP):
        if true():
            return
        page.wait_for_timeout(STEP)
    pytest.fail(f"it did not become true in {PATIENCE // 1000} seconds")


def fills(page: Page) -> list[str]:
    return page.locator(REGION).evaluate_all("all => all.map(one => getComputedStyle(one).fill)")


def query_of(page: Page) -> dict[str, str]:
    return {key: value[0] for key, value in parse_qs(urlsplit(page.url).query).items()}


def nudge(page: Page, layer: str, keys: int = 1) -> None:
    """Move a weight with the keyboard."""
    thumb = page.get_by_role("slider", name=layer)
    thumb.focus()
    for _ in range(keys):
        page.keyboard.press("ArrowRight")
    settled(page)


def faults(page: Page, *rules: str) -> list[str]:
    """Faults of accessibility, each with the element it is about; of all rules or some of axe."""
    # What is about to be renewed fades for a while; colours are judged when it has come back.
    page.add_style_tag(content=STILL)
    settled(page)
    return judged(page, {"runOnly": {"type": "rule", "values": list(rules)} if rules else LEVELS})


def judged(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    """What axe finds in a page as it stands; by all of its rules, unless `options` say less."""
    # Imported late: tests without a browser need no playwright.
    from axe_playwright_python.sync_playwright import Axe

    # 400 regions and rows are made alike, by one loop each; axe takes seconds to look at them all.
    back = page.evaluate_handle(ALIKE)
    found = Axe().run(page, options={"resultTypes": ["violations"], **(options or {})})
    page.evaluate("(back) => back()", back)
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def without_ring(page: Page, known: set[str]) -> list[str]:
    """Kinds of things at which one cannot see that the keyboard is there; judged by the picture.

    Only kinds that are not `known` are looked at, and are known afterwards.
    """
    page.add_style_tag(content=STILL)
    found = []
    for place, kind in enumerate(page.evaluate(STOPS)):
        if kind not in known:
            known.add(kind)
            box = page.evaluate(STOP, place)
            if _ringed(page, box) < (box["width"] + box["height"]) / 2:
                found.append(kind)
    return found


def _ringed(page: Page, box: dict[str, float]) -> int:
    """Pixels around something that its focus changes by the contrast that can be seen."""
    left, top = max(0, box["x"] - EDGE), max(0, box["y"] - EDGE)
    size = page.viewport_size
    assert size is not None
    clip: Any = {
        "x": left, "y": top,
        "width": min(size["width"] - left, box["width"] + 2 * EDGE),
        "height": min(size["height"] - top, box["height"] + 2 * EDGE),
    }  # fmt: skip
    if clip["width"] <= 0 or clip["height"] <= 0:
        return 0
    there = _light(page.screenshot(clip=clip))
    page.evaluate(LEAVE)
    without = _light(page.screenshot(clip=clip))
    lighter, darker = np.maximum(there, without) + 0.05, np.minimum(there, without) + 0.05
    return int((lighter / darker >= SEEN).sum())


def _light(picture: bytes) -> np.ndarray[Any, Any]:
    """Relative luminance (WCAG) of every pixel."""
    parts = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def sideways(page: Page) -> list[str]:
    """What reaches beyond the window on the right and can only be seen by scrolling sideways."""
    found: list[str] = page.evaluate(SIDEWAYS)
    return found


def focused(page: Page) -> str:
    """Name of what the keyboard is at, inside components as well."""
    name: str = page.evaluate(FOCUSED)
    return name


def tab_to(page: Page, name: str, most: int = TABS) -> None:
    """Go on with the tabulator until something with this name, or one that begins so, is there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        # Above a name may stand that of its icon.
        if any(line.startswith(name) for line in focused(page).splitlines()):
            return
    pytest.fail(f"'{name}' cannot be reached with the tabulator")
