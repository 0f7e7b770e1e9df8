"""Real browsers beside the crowd: how long until somebody who opens the app sees the map."""

from __future__ import annotations

import asyncio
import os
import shutil
import time

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
REGIONS = "svg.ground path.region"
#: Milliseconds to wait for a map.
PATIENCE = 60_000


def chromium() -> str | None:
    """Path of an installed Chromium; CHROMIUM in the environment names another one."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


async def first_paints(address: str, times: int, pause: float) -> list[float]:
    """Open the app in a new visitor's browser several times; seconds until the map is drawn.

    Nothing is kept in the browser from one time to the next. Empty where there is no Chromium.
    """
    path = chromium()
    if path is None:
        return []
    from playwright.async_api import async_playwright

    seconds = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        for _ in range(times):
            await asyncio.sleep(pause)
            context = await browser.new_context()
            page = await context.new_page()
            begin = time.perf_counter()
            await page.goto(address)
            await page.locator(REGIONS).first.wait_for(state="visible", timeout=PATIENCE)
            seconds.append(time.perf_counter() - begin)
            await context.close()
        await browser.close()
    return seconds
