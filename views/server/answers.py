"""One line in the log for every answer and session; and an answer where something went wrong."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from views.server import log
from views.server.places import kind_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Answers"]

#: Status in the log where the other side went away before there was one (as nginx writes it).
_GONE = 499


class Answers:
    """ASGI middleware: tells kind, status, time and size of each answer.

    An error that nobody caught is answered by 500 and the number under which the log has it.

    Parameters
    ----------
    home : str
        Path of the home page.
    """

    def __init__(self, app: ASGIApp, home: str) -> None:
        self.app, self.home = app, home

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        kind = kind_of(scope["path"], self.home)
        watch = _Watch(send)
        try:
            await self.app(scope, receive, watch.send)
        except Exception as cause:  # noqa: BLE001 -- whatever it is, it is told on both sides
            await _answer_fault(log.fault(cause, kind), watch, scope, receive)
        finally:
            watch.tell(kind, scope)


class _Watch:
    """What goes out for one request, counted."""

    def __init__(self, send: Send) -> None:
        self._send, self._began = send, time.monotonic()
        self.status, self.size = 0, 0

    async def send(self, message: Message) -> None:
        match message["type"]:
            case "http.response.start" | "websocket.http.response.start":
                self.status = message["status"]
            case "http.response.body" | "websocket.http.response.body":
                self.size += len(message.get("body", b""))
            case "websocket.accept":
                self.status = 101
            case "websocket.send":
                self.size += len(message.get("bytes") or message.get("text") or "")
            case "websocket.close" if not self.status:
                # Before the handshake, servers answer this by 403.
                self.status = 403
        await self._send(message)

    def tell(self, kind: str, scope: Scope) -> None:
        elapsed = round(1000 * (time.monotonic() - self._began))
        told = {"status": self.status or _GONE, "ms": elapsed, "bytes": self.size}
        if scope["type"] == "websocket":
            log.event("session", path=kind, **told)
        else:
            log.event("answer", path=kind, method=_method(scope["method"]), **told)


def _method(given: str) -> str:
    """Return a method's name; anybody can invent one."""
    return given if given in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"} else "other"


async def _answer_fault(reference: str, watch: _Watch, scope: Scope, receive: Receive) -> None:
    if scope["type"] != "http" or watch.status:
        # A connection or an answer that has begun can only be broken off.
        return
    told = {"error": "something went wrong on the server.", "reference": reference}
    answer = JSONResponse(told, 500, {"Cache-Control": "no-store"})
    await answer(scope, receive, watch.send)
