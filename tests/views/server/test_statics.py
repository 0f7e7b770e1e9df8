"""What must be true of files that are kept in memory on their way to browsers."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from starlette.responses import Response

from tests.views.server.asking import visit
from views.server.statics import Statics

CODE = b"export const one = 1;\n" * 200
FOR_EVER = {"cache-control": "public, immutable, max-age=31536000", "etag": '"abc"'}


class House:
    """What lies behind: it answers and counts."""

    def __init__(self):
        self.asked = []

    async def __call__(self, scope, receive, send):
        path, headers = scope["path"], dict(scope["headers"])
        self.asked.append(path)
        media = "font/woff2" if path.endswith("woff2") else "application/javascript"
        answer = Response(CODE, 206 if b"range" in headers else 200, FOR_EVER, media)
        if "missing" in path:
            answer = Response("no", 404, FOR_EVER)
        if "changing" in path:
            answer = Response(CODE, 200, {"cache-control": "no-cache"}, media)
        await answer(scope, receive, send)


@pytest.fixture
def house():
    return House()


@pytest.fixture
def app(house):
    return Statics(house, home="/base")


@pytest.mark.parametrize("packs", ["gzip, br", "identity"])
@pytest.mark.parametrize("folder", ["static/js", "atlas/component/1"])
def test_the_second_visitor_gets_the_same_from_memory(house, app, folder, packs):
    first, second = (visit(app, f"/base/{folder}/code.js", accept_encoding=packs) for _ in range(2))
    assert len(house.asked) == 1
    assert first.content == second.content == CODE
    assert first.headers == second.headers
    assert first.headers["cache-control"] == FOR_EVER["cache-control"]
    assert ("content-encoding" in first.headers) == packs.startswith("gzip")


def test_a_browser_that_cannot_unpack_gets_what_is_not_packed(app):
    packed = visit(app, "/base/static/code.js", accept_encoding="gzip")
    plain = visit(app, "/base/static/code.js", accept_encoding="identity")
    assert int(packed.headers["content-length"]) == len(gzip.compress(CODE, 6))
    assert int(plain.headers["content-length"]) == len(CODE)
    assert "Accept-Encoding" in packed.headers["vary"]
    assert packed.headers["etag"] == 'W/"abc"'


def test_a_font_is_not_packed_twice(app):
    font = visit(app, "/base/static/font.woff2", accept_encoding="gzip")
    assert "content-encoding" not in font.headers
    assert font.content == CODE


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/base/static/code.js", {"range": "bytes=0-9"}),
        ("/base/static/code.js", {"if-none-match": '"abc"'}),
        ("/base/static/missing.js", {}),
        ("/base/static/changing.js", {}),
        ("/base/atlas/layers/1", {}),
        ("/static/code.js", {}),
        ("/base/static/%2e/code.js", {}),
        ("/base/static//code.js", {}),
    ],
)
def test_nothing_else_is_kept(house, app, path, headers):
    first, second = (visit(app, path, **headers) for _ in range(2))
    assert len(house.asked) == 2
    assert first.status_code == second.status_code


def test_the_servers_beginning_and_end_pass_through():
    told = []

    async def house(scope, receive, send):
        told.append(scope["type"])

    asyncio.run(Statics(house, home="")({"type": "lifespan"}, None, None))
    assert told == ["lifespan"]
