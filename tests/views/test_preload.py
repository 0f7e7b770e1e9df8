"""What the home page's answer tells browsers to fetch early."""

from __future__ import annotations

import asyncio
import re

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from layers.errors import DatasetError
from views import store
from views.map_component import ASSETS, asset_url, geometry_url
from views.preload import Preload


@pytest.fixture(params=["", "/base"])
def base(request):
    return request.param


def answer(base, page, drawing=store.drawing):
    """Headers of the answer to a request."""
    sent = []

    async def hello(scope, receive, send):
        await PlainTextResponse("hello")(scope, receive, send)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": f"{base}/{page}", "headers": []}
    asyncio.run(Preload(hello, home=base, drawing=drawing)(scope, None, send))
    return Headers(raw=sent[0]["headers"])


def needed(name, found):
    if name not in found:
        found.add(name)
        for path in re.findall(r'from "\./([\w.]+)"', (ASSETS / name).read_text("utf-8")):
            needed(path, found)
    return found


def test_the_home_page_names_all_modules_and_the_drawing(base):
    links = answer(base, "")["link"]
    modules = needed("map.js", needed("weights.js", set()))
    told = set(re.findall(r"<([^>]+)>; rel=modulepreload", links))
    assert told == {asset_url(name) for name in modules}
    assert f"<{geometry_url(store.drawing())}>; rel=preload; as=fetch; crossorigin" in links


def test_no_other_page_is_made_to_fetch_what_it_may_not_need(base):
    assert "link" not in answer(base, "kreisprofil")


def test_where_nothing_can_be_drawn_the_page_still_comes_and_says_why(base):
    def broken():
        raise DatasetError("no/such/folder: there is no such dataset folder.")

    assert "link" not in answer(base, "", broken)
