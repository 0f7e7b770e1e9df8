"""How often one client may ask ``/api`` and ``/embed``: a token bucket each.

A client is known by a keyed hash of its address, whose key is drawn anew with every process and
written nowhere. It is forgotten as soon as its bucket would be full again. Which address that is,
behind a proxy, the server tells (``X-Forwarded-For`` counts only from trusted proxies).
"""

from __future__ import annotations

import ipaddress
import math
import secrets
import time
from collections import OrderedDict
from hashlib import blake2b
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse

from views.server import log
from views.server.places import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Buckets", "Limit"]

_LIMITED = {"api", "embed"}
_MINUTE = 60.0
#: What rounding may lack of a token, after the time that was told.
_HAIR = 1e-9
#: Clients that are known at the same time; the one that has been quiet for longest is forgotten.
_CLIENTS = 10_000
#: Bits of an IPv6 address that stand for one household or office.
_HOUSE = 64


class Buckets:
    """Token buckets: each holds `burst` at most and gains `rate` per minute.

    Parameters
    ----------
    rate : int
        Tokens per minute.
    burst : int
        Tokens of a full bucket.
    most : int
        Buckets that are kept.
    """

    def __init__(self, rate: int, burst: int, most: int = _CLIENTS) -> None:
        self.rate, self.burst, self.most = rate / _MINUTE, burst, most
        self._held: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def take(self, client: bytes, now: float) -> float:
        """Take a token; returns 0, or the seconds until there is one."""
        tokens, last = self._held.pop(client, (float(self.burst), now))
        tokens = min(self.burst, tokens + (now - last) * self.rate)
        short = 1 - tokens if tokens < 1 - _HAIR else 0.0
        self._held[client] = (tokens if short else tokens - 1, now)
        self._forget(now)
        return short / self.rate

    def _forget(self, now: float) -> None:
        """Drop the buckets that are full again, and the quietest where there are too many."""
        full = now - self.burst / self.rate
        while len(self._held) > self.most or next(iter(self._held.values()))[1] < full:
            self._held.popitem(last=False)


class Limit:
    """ASGI middleware: answers 429 with ``Retry-After`` to those who ask too often.

    Parameters
    ----------
    home : str
        Path of the home page.
    rate, burst : int
        As `Buckets` has them; a rate of 0 sets no limit.
    clock : callable
        Seconds that never run backwards.
    """

    def __init__(
        self, app: ASGIApp, home: str, *, rate: int, burst: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.app, self.home, self.clock = app, home, clock
        self.buckets = Buckets(rate, burst) if rate else None
        self.policy = f'"client";q={burst};w={math.ceil(burst * _MINUTE / rate)}' if rate else ""
        self._key = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is asked in measure."""
        limited = scope["type"] == "http" and kind_of(scope["path"], self.home) in _LIMITED
        if self.buckets is None or not limited:
            await self.app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                # https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
                MutableHeaders(scope=message)["RateLimit-Policy"] = self.policy
            await send(message)

        wait = self.buckets.take(self._client(scope), self.clock())
        if not wait:
            await self.app(scope, receive, told)
            return
        log.event("rate_limited", path=kind_of(scope["path"], self.home), wait=round(wait, 1))
        await _refusal(math.ceil(wait))(scope, receive, told)

    def _client(self, scope: Scope) -> bytes:
        address = scope["client"][0] if scope.get("client") else ""
        return blake2b(_house(address).encode(), key=self._key, digest_size=12).digest()


def _house(address: str) -> str:
    """Return what counts as one client: an IPv4 address, the network of an IPv6 address."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is None:
        return str(ipaddress.ip_network((known, _HOUSE), strict=False))
    return str(known)


def _refusal(wait: int) -> JSONResponse:
    told = {"error": f"too many requests from your address; ask again in {wait} seconds."}
    headers = {
        "Retry-After": str(wait), "Cache-Control": "no-store", "Access-Control-Allow-Origin": "*",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors *",
    }  # fmt: skip
    return JSONResponse(told, 429, headers)
