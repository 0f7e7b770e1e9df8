"""Looking at a running server from outside, as a stranger does: what holds, and what is to be done.

Nothing is changed there, and nothing is asked more often than a browser would. Certificates are
always checked; ``IPOT_CA_BUNDLE`` names further ones.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import ssl
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, urlsplit

from layers.errors import PotenzialatlasError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Finding", "Server", "examine"]

_PATIENCE = 20.0
#: Seconds by which two clocks may differ.
_APART = 60.0
#: Bytes of a body that is announced and never sent.
_ABSURD = 1 << 30
_OK, _NOT_FOUND, _REFUSED = 200, 404, 400
_HERE = {"localhost", "127.0.0.1", "::1"}
_HEADERS = (
    "x-content-type-options", "referrer-policy", "permissions-policy", "content-security-policy",
    "cross-origin-opener-policy",
)  # fmt: skip
_FOREIGN = re.compile(r"""(?:src|href)\s*=\s*["']?((?:https?:)?//[^"'\s>]+)""", re.IGNORECASE)
#: Parts of a page that a browser loads by itself; a link that a person may press is none.
_LOADED = re.compile(r"<(?:script|link|img|iframe|source|object|embed)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """What one look has shown.

    Attributes
    ----------
    check : str
        What was looked at.
    verdict : {"ok", "warn", "fail"}
        ``warn`` where it may be meant.
    key : str
        Words for it (``views/cli/server.toml``).
    about : mapping
        What fills them.
    """

    check: str
    verdict: Literal["ok", "warn", "fail"]
    key: str
    about: Mapping[str, str]


def _found(
    check: str, key: str, verdict: Literal["ok", "warn", "fail"] = "ok", **about: str
) -> Finding:
    return Finding(check, verdict, key, about)


@dataclass(frozen=True)
class Answer:
    """An answer of the server; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Server:
    """A server under an address; keeps no connection open.

    Raises
    ------
    PotenzialatlasError
        If the address is none of http or https.
    """

    def __init__(self, address: str) -> None:
        self.address: SplitResult = urlsplit(address.rstrip("/"))
        if self.address.scheme not in {"http", "https"} or not self.address.hostname:
            raise PotenzialatlasError(
                f"'{address:.100}' is no address; write it as https://www.example.org/atlas."
            )

    @property
    def is_encrypted(self) -> bool:
        """Whether the address begins with https."""
        return self.address.scheme == "https"

    @property
    def is_here(self) -> bool:
        """Whether it is this machine itself."""
        return self.address.hostname in _HERE

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.address.scheme}://{self.address.netloc}"

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """Certificates that are trusted."""
        trusted = ssl.create_default_context()
        if further := os.environ.get("IPOT_CA_BUNDLE"):
            trusted.load_verify_locations(further)
        return trusted

    def ask(self, path: str, method: str = "GET", *, announced: int | None = None) -> Answer:
        """Ask once; `announced` bytes of a body are promised and never sent."""
        connection = self._connect()
        try:
            connection.putrequest(method, f"{self.address.path}{path}")
            connection.putheader("User-Agent", "ipot server check")
            if announced is not None:
                connection.putheader("Content-Length", str(announced))
            connection.endheaders()
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, headers, answer.read() if announced is None else b"")
        finally:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self.address.hostname or "", self.address.port
        if self.is_encrypted:
            return http.client.HTTPSConnection(host, port, timeout=_PATIENCE, context=self.trust)
        return http.client.HTTPConnection(host, port, timeout=_PATIENCE)

    def open_session(self, origin: str) -> None:
        """Open the connection that pages live on, and have a word go there and back.

        Raises
        ------
        OSError
            If it is refused or nothing comes back.
        """
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect
        from websockets.typing import Origin, Subprotocol

        scheme = "wss" if self.is_encrypted else "ws"
        url = f"{scheme}://{self.address.netloc}{self.address.path}/_stcore/stream"
        try:
            with connect(
                url, origin=Origin(origin), subprotocols=[Subprotocol("streamlit")],
                ssl=self.trust if self.is_encrypted else None, open_timeout=_PATIENCE, proxy=None,
            ) as session:  # fmt: skip
                if not session.ping().wait(_PATIENCE):
                    raise TimeoutError(f"no word came back in {_PATIENCE:.0f} seconds")
        except WebSocketException as cause:
            raise OSError(str(cause)) from cause


def examine(server: Server, expect: str = "") -> Iterator[Finding]:
    """Yield what every look shows, in order.

    Parameters
    ----------
    expect : str
        Dataset as ``id@version`` that it should serve; empty for any.
    """
    try:
        page = server.ask("/")
    except (OSError, http.client.HTTPException) as cause:
        yield _found("reach", "unreachable", "fail", reason=_reason(cause))
        return
    if page.status != _OK:
        yield _found("reach", "no_page", "fail", status=str(page.status))
        return
    yield _found("reach", "reached")
    looks = (
        _encryption, _headers, _frames, _foreign, _health, lambda one, at: _ready(one, at, expect),
        _session, _doors, _size, _rate, _clock,
    )  # fmt: skip
    for look in looks:
        try:
            yield from look(server, page)
        except (OSError, http.client.HTTPException, ValueError) as cause:
            name = getattr(look, "__name__", "_ready").strip("_").replace("<lambda>", "ready")
            yield _found(name, "failed", "fail", reason=_reason(cause))


def _reason(cause: Exception) -> str:
    return " ".join(str(cause).split())[:200] or type(cause).__name__


def _encryption(server: Server, page: Answer) -> Iterator[Finding]:
    if not server.is_encrypted:
        yield _found("encryption", "plain", "warn" if server.is_here else "fail")
        return
    yield _found("encryption", "encrypted")
    if "strict-transport-security" in page.headers:
        yield _found("hsts", "hsts")
    else:
        yield _found("hsts", "no_hsts", "fail")
    cookie = server.ask("/_stcore/health").headers.get("set-cookie", "")
    if cookie and "secure" not in cookie.lower():
        yield _found("cookies", "cookie_open", "warn")


def _headers(server: Server, page: Answer) -> Iterator[Finding]:
    for name, answer in (("/", page), ("/api/nothing", server.ask("/api/nothing"))):
        if absent := [one for one in _HEADERS if one not in answer.headers]:
            yield _found("headers", "no_headers", "fail", path=name, names=", ".join(absent))
            return
    policy = page.headers["content-security-policy"]
    if "'unsafe-eval'" in policy or re.search(r"(?<![\w'-])\*(?=[ ;]|$)|https?:", _loads(policy)):
        yield _found("headers", "wide_policy", "fail")
    else:
        yield _found("headers", "headers")


def _loads(policy: str) -> str:
    """Return what a policy says about loading; who may frame a page is another matter."""
    return "; ".join(
        one for one in policy.split(";") if not one.strip().startswith("frame-ancestors")
    )


def _frames(server: Server, page: Answer) -> Iterator[Finding]:
    if "*" in _ancestors(page).split():
        yield _found("frames", "pages_framable", "fail")
        return
    embed = server.ask("/embed/map")
    if embed.status != _OK:
        yield _found("frames", "no_embed", "fail", status=str(embed.status))
    elif "*" not in _ancestors(embed).split() or "x-frame-options" in embed.headers:
        yield _found("frames", "embeds_not_framable", "fail")
    else:
        yield _found("frames", "frames")


def _ancestors(answer: Answer) -> str:
    """Return who may frame an answer; everybody, where it does not say."""
    policy = answer.headers.get("content-security-policy", "")
    told = [one.strip() for one in policy.split(";") if one.strip().startswith("frame-ancestors")]
    return told[0].removeprefix("frame-ancestors") if told else "*"


def _foreign(server: Server, page: Answer) -> Iterator[Finding]:
    host = json.loads(server.ask("/_stcore/host-config").body)
    named = {
        urlsplit(address).hostname or ""
        for answer in (page, server.ask("/embed/map"))
        for tag in _LOADED.findall(answer.body.decode("utf-8", "replace"))
        for address in _FOREIGN.findall(tag)
    } - {server.address.hostname}
    if host.get("metricsUrl") or host.get("allowedOrigins"):
        yield _found("foreign", "statistics", "fail")
    elif named:
        yield _found("foreign", "foreign", "fail", hosts=", ".join(sorted(named)))
    else:
        yield _found("foreign", "no_foreign")


def _health(server: Server, _page: Answer) -> Iterator[Finding]:
    answer = server.ask("/healthz")
    if answer.status != _OK or b"alive" not in answer.body:
        yield _found("health", "no_health", "fail", status=str(answer.status))
        return
    yield _found("health", "health", version=str(json.loads(answer.body).get("version", "?")))


def _ready(server: Server, _page: Answer, expect: str) -> Iterator[Finding]:
    answer = server.ask("/readyz")
    told = json.loads(answer.body)
    if answer.status != _OK:
        yield _found("ready", "not_ready", "fail", reason=str(told.get("reason", "?"))[:200])
    elif expect and told.get("dataset") != expect:
        yield _found("ready", "other", "fail", dataset=str(told.get("dataset")), expect=expect)
    else:
        yield _found("ready", "ready", dataset=str(told.get("dataset")))


def _session(server: Server, _page: Answer) -> Iterator[Finding]:
    try:
        server.open_session(server.origin)
    except (OSError, TimeoutError) as cause:
        yield _found("session", "no_session", "fail", reason=_reason(cause))
        return
    try:
        server.open_session("https://elsewhere.example")
    except (OSError, TimeoutError):
        yield _found("session", "session")
    else:
        yield _found("session", "session_for_all", "fail")


def _doors(server: Server, _page: Answer) -> Iterator[Finding]:
    upload = server.ask("/_stcore/upload_file/a/b", "PUT", announced=0)
    if upload.status != _NOT_FOUND:
        yield _found("doors", "upload_open", "fail", status=str(upload.status))
    elif server.ask("/_stcore/metrics").status == _OK:
        yield _found("doors", "metrics_open", "warn")
    else:
        yield _found("doors", "doors")


def _size(server: Server, _page: Answer) -> Iterator[Finding]:
    try:
        answer = server.ask("/api/recipe.toml", "POST", announced=_ABSURD)
    except TimeoutError:
        yield _found("size", "waits", "fail")
        return
    if answer.status < _REFUSED:
        yield _found("size", "takes_all", "fail", status=str(answer.status))
    else:
        yield _found("size", "size", status=str(answer.status))


def _rate(server: Server, _page: Answer) -> Iterator[Finding]:
    policy = server.ask("/api/recipe.toml").headers.get("ratelimit-policy", "")
    if policy:
        yield _found("rate", "rate", policy=policy)
    else:
        yield _found("rate", "no_rate", "warn")


def _clock(_server: Server, page: Answer) -> Iterator[Finding]:
    told = page.headers.get("date")
    if told is None:
        yield _found("clock", "no_clock", "warn")
        return
    apart = abs(parsedate_to_datetime(told).timestamp() - time.time())
    if apart > _APART:
        yield _found("clock", "clock_off", "fail", seconds=f"{apart:.0f}")
    else:
        yield _found("clock", "clock")
