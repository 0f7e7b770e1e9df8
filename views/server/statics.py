"""Code, styles and fonts as they go out: read and packed once, then kept in memory.

A new visitor's browser asks for a hundred and twenty of them. To look each up on disk takes more
processor time than to draw the page, and unpacked they are twice as many bytes.
"""

from __future__ import annotations

import gzip
from posixpath import normpath
from typing import TYPE_CHECKING, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Answer", "Statics", "collected", "takes_gzip"]

#: Where they lie, below the home page.
_FOLDERS = ("static/", "atlas/component/")
#: Answers of this kind never change under their address.
_FOR_EVER = "immutable"
#: What gets smaller by packing; fonts and pictures are packed already.
_PACKED = ("text/", "application/javascript", "application/json", "image/svg")
#: Files kept; there are fewer, each in two forms.
_MOST = 1_024
#: Requests for a part, or for nothing where the browser has it already.
_PARTLY = ("range", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since")
_WELL = 200


class Answer(NamedTuple):
    """A whole answer."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    async def send(self, send: Send) -> None:
        """Send it."""
        start = {"type": "http.response.start", "status": self.status}
        # Others add headers of their own on the way.
        await send({**start, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": self.body})

    def packed(self) -> Answer:
        """Return the same for browsers that take gzip."""
        head: MutableMapping[str, Any] = {"headers": list(self.headers)}
        headers = MutableHeaders(scope=head)
        headers.add_vary_header("Accept-Encoding")
        body = self.body
        if headers.get("content-type", "").startswith(_PACKED):
            body = gzip.compress(body, 6, mtime=0)
            headers["content-encoding"] = "gzip"
            headers["content-length"] = str(len(body))
            if tag := headers.get("etag"):
                # The same in meaning, but not to the byte (RFC 9110, 8.8.1).
                headers["etag"] = tag if tag.startswith("W/") else f"W/{tag}"
        return Answer(self.status, head["headers"], body)


class Statics:
    """ASGI middleware: answers from memory what was asked for before.

    Parameters
    ----------
    home : str
        Path of the home page.
    """

    def __init__(self, app: ASGIApp, home: str) -> None:
        self.app, self.folders = app, tuple(f"{home}/{one}" for one in _FOLDERS)
        self._kept: dict[tuple[str, bool], Answer] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        path = str(scope.get("path", ""))
        # One file has many addresses with dots and slashes; one of them is kept.
        if not _asked_plainly(scope) or not path.startswith(self.folders) or path != normpath(path):
            await self.app(scope, receive, send)
            return
        packs = takes_gzip(scope)
        key = (path, packs)
        found = self._kept.get(key)
        if found is None:
            found = await collected(self.app, scope, receive)
            if found.status == _WELL and _FOR_EVER in _header(found, "cache-control"):
                if packs:
                    found = await run_in_threadpool(found.packed)
                if len(self._kept) < _MOST:
                    self._kept[key] = found
        await found.send(send)


def _asked_plainly(scope: Scope) -> bool:
    """Whether something is asked for as a whole, whatever the browser may have of it."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = Headers(scope=scope)
    return not any(name in headers for name in _PARTLY)


def takes_gzip(scope: Scope) -> bool:
    """Whether the browser says that it can unpack."""
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")


async def collected(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """Ask for something unpacked, and wait for the whole answer."""
    told: list[Message] = []

    async def hear(message: Message) -> None:
        told.append(message)

    headers = [one for one in scope["headers"] if one[0].lower() != b"accept-encoding"]
    await app({**scope, "headers": headers, "extensions": {}}, receive, hear)
    start = next(one for one in told if one["type"] == "http.response.start")
    bodies = [one.get("body", b"") for one in told if one["type"] == "http.response.body"]
    return Answer(start["status"], list(start["headers"]), b"".join(bodies))


def _header(answer: Answer, name: str) -> str:
    return Headers(raw=answer.headers).get(name, "")
