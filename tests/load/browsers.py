"""Real browsers beside the crowd: how long until somebody who opens the app sees the map."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from typing import NamedTuple

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
REGIONS = "svg.ground path.region"
#: Milliseconds to wait for a map.
PATIENCE = 60_000
#: What the browser itself notes of the first text or picture that it drew.
FIRST = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"


class Opening(NamedTuple):
    """Seconds until a new visitor saw anything, and until the map was drawn."""

    paint: float
    map: float


def chromium() -> str | None:
    """Path of an installed Chromium; CHROMIUM in the environment names another one."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


async def openings(address: str, times: int, pause: float) -> list[Opening]:
    """Open the app in a new visitor's browser several times, with a pause before each.

    Nothing is kept in the browser from one time to the next. Empty where there is no Chromium.
    """
    path = chromium()
    if path is None or not times:
        return []
    from playwright.async_api import async_playwright

    found = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        for _ in range(times):
            await asyncio.sleep(pause)
            context = await browser.new_context()
            page = await context.new_page()
            begin = time.perf_counter()
            await page.goto(address)
            await page.locator(REGIONS).first.wait_for(state="visible", timeout=PATIENCE)
            drawn = time.perf_counter() - begin
            found.append(Opening(await page.evaluate(FIRST), drawn))
            await context.close()
        await browser.close()
    return found
