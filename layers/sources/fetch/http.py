"""Talking to publishers' servers: bounded, patient with faults that pass, strict with all others.

* A server error (5xx), a request for patience (408, 429), a time-out and a cut connection are tried
  again after growing pauses; every other refusal is final.
* Certificates are always checked. Where a server does not send its whole chain, the missing
  certificates are added by a file (``IPOT_CA_BUNDLE``); there is no way to switch the check off.
* Redirects are followed by hand: only to hosts that were allowed, never from https to http, and
  without credentials once the host has changed.
* Answers to the same question are reused for a day. What is stored holds no credentials, and an
  answer that repeats one is not stored at all.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

from layers import whole
from layers.errors import FetchError
from layers.sources.fetch.credentials import Credentials
from layers.sources.fetch.request import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from layers.sources.fetch.request import Request

__all__ = ["CA_VARIABLE", "Client", "Interrupted", "Limits", "Stream"]

Result = TypeVar("Result")
#: Environment variable that names a file of further certificates (PEM).
CA_VARIABLE = "IPOT_CA_BUNDLE"
#: Passwords and names that the GENESIS family takes as headers.
_SECRET_HEADERS = ("username", "password", "authorization", "cookie", "set-cookie")
_REDIRECTS = (301, 302, 303, 307, 308)
_PATIENCE = (408, 429)
#: Seconds that a server may ask to be left alone for, before the next attempt.
_LONGEST_PATIENCE = 300.0
_SERVER_FAULT = 500
_REFUSED = 400
_CHUNK = 1 << 18
_LOCAL = ("127.0.0.1", "localhost", "::1")
_AGENT = "potenzialatlas (ipot data update)"


@dataclass(frozen=True)
class Limits:
    """How long and how much; times in seconds.

    Attributes
    ----------
    total : float
        For one file or answer, all attempts together.
    first_pause, longest_pause : float
        Before the second attempt, and at most; in between the pause doubles.
    size : int
        Bytes of one file or answer.
    """

    connect: float = 10.0
    read: float = 60.0
    total: float = 3 * 3600.0
    attempts: int = 5
    first_pause: float = 1.0
    longest_pause: float = 60.0
    redirects: int = 5
    size: int = 4_000_000_000
    reuse: float = 24 * 3600.0


class Interrupted(Exception):  # noqa: N818 -- no fault yet: worth another attempt
    """The server could not answer now; `message` stands for a person if it stays so."""

    def __init__(self, message: str, *, code: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.message, self.code, self.pause = message, code, pause


@dataclass(frozen=True)
class Stream:
    """An answer that is just coming in."""

    status: int
    headers: dict[str, str]
    chunks: Iterator[bytes]
    raw: Any = field(repr=False)


@dataclass(frozen=True)
class Client:
    """Sends requests.

    Attributes
    ----------
    folder : Path
        Where answers are kept for reuse.
    credentials : Credentials
        Secrets that requests name.
    """

    folder: Path
    credentials: Credentials = field(default_factory=Credentials)
    limits: Limits = field(default_factory=Limits)

    def ask(self, request: Request, *, hosts: tuple[str, ...] = (), reuse: bool = True) -> Answer:
        """Send `request` and return the whole answer.

        Parameters
        ----------
        hosts : tuple of str
            Further hosts that a redirect may lead to.
        reuse : bool
            Whether an answer of the last day will do.

        Raises
        ------
        FetchError
            In one line: what was asked, what came instead, what can be done.
        """
        if reuse and (kept := self._kept(request)) is not None:
            return kept

        def whole() -> Answer:
            with self.open(request, hosts=hosts) as stream:
                content = b"".join(stream.chunks)
                self._keep(request, stream, content)
                return Answer(content, stream.status, stream.headers)

        return self.patiently(request, whole)

    def patiently(self, request: Request, action: Callable[[], Result]) -> Result:
        """Run `action`, again where it is `Interrupted`, within the limits."""
        import stamina

        limits = self.limits
        try:
            for attempt in stamina.retry_context(
                on=_pause, attempts=limits.attempts, timeout=limits.total,
                wait_initial=limits.first_pause, wait_max=limits.longest_pause,
                wait_jitter=limits.first_pause,
            ):  # fmt: skip
                with attempt:
                    return action()
        except Interrupted as cause:
            tried = f" ({limits.attempts} attempts)" if limits.attempts > 1 else ""
            msg = f"{request}: {cause.message}{tried}."
            raise FetchError(msg, code=cause.code) from None
        raise AssertionError

    @contextmanager
    def open(
        self,
        request: Request,
        *,
        hosts: tuple[str, ...] = (),
        headers: dict[str, str] | None = None,
    ) -> Iterator[Stream]:
        """Send `request` once; the answer is read inside the block.

        Raises
        ------
        Interrupted
            For what may be different next time.
        FetchError
            For what will not.
        """
        with self._plain_errors(request):
            response = self._followed(request, hosts, headers or {})
            try:
                _check_status(response.status_code, response.headers, request)
                lower = {name.lower(): value for name, value in response.headers.items()}
                chunks = self._bounded(response, request)
                yield Stream(response.status_code, lower, chunks, response)
            finally:
                response.close()

    @cached_property
    def _session(self) -> Any:
        import logging

        # What is tried again is no news for a terminal.
        logging.getLogger("stamina").addHandler(logging.NullHandler())
        path = self.folder / "answers.sqlite"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                session = _kept_answers(path)
            except sqlite3.DatabaseError:
                # A damaged store of answers costs no more than asking anew.
                path.unlink(missing_ok=True)
                session = _kept_answers(path)
        except (OSError, sqlite3.Error) as cause:
            msg = f"{path}: cannot be written ({getattr(cause, 'strerror', None) or cause})."
            raise FetchError(msg, code="cannot_write") from cause
        session.headers["User-Agent"] = _AGENT
        return session

    @cached_property
    def _verify(self) -> str | bool:
        """All certificates that are trusted: the usual ones, and those of the user's file."""
        named = os.environ.get(CA_VARIABLE)
        if not named:
            return True
        import certifi

        try:
            further = Path(named).read_bytes()
        except OSError as cause:
            msg = f"{CA_VARIABLE}={named}: cannot be read ({cause.strerror})."
            raise FetchError(msg, code="no_bundle") from cause
        if b"-----BEGIN CERTIFICATE-----" not in further:
            msg = f"{CA_VARIABLE}={named}: holds no certificate; a PEM file is needed."
            raise FetchError(msg, code="no_bundle")
        joined = self.folder / "certificates.pem"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            whole.replace(joined, Path(certifi.where()).read_bytes() + b"\n" + further)
        except OSError as cause:
            msg = f"{joined}: cannot be written ({whole.reason(cause)})."
            raise FetchError(msg, code="cannot_write") from cause
        return str(joined)

    def _followed(self, request: Request, hosts: tuple[str, ...], headers: dict[str, str]) -> Any:
        first = urlsplit(request.url)
        _check_scheme(request.url, first.scheme)
        url, secrets = request.url, dict(request.secrets)
        for _ in range(self.limits.redirects + 1):
            response = self._send(request, url, headers, secrets)
            if response.status_code not in _REDIRECTS:
                return response
            url = urljoin(url, response.headers.get("Location", ""))
            response.close()
            there = urlsplit(url)
            if there.hostname not in (first.hostname, *hosts):
                msg = f"{request}: leads to another host ({there.hostname}), which is not followed."
                raise FetchError(msg, code="foreign_host")
            _check_scheme(url, first.scheme)
            if (there.hostname, there.port) != (first.hostname, first.port):
                secrets = {}
        msg = f"{request}: leads from one address to the next without an end."
        raise FetchError(msg, code="redirects")

    def _send(
        self, request: Request, url: str, headers: dict[str, str], secrets: dict[str, str]
    ) -> Any:
        hidden = {name: self.credentials.secret(key) for name, key in secrets.items()}
        with self._session.cache_disabled():
            return self._session.request(
                request.method, url, data=request.body or None, stream=True,
                headers={**request.headers, **headers, **hidden}, allow_redirects=False,
                verify=self._verify, timeout=(self.limits.connect, self.limits.read),
                # A password in somebody's .netrc is none that was meant for this.
                auth=lambda prepared: prepared,
            )  # fmt: skip

    def _bounded(self, response: Any, request: Request) -> Iterator[bytes]:
        limits, began, size = self.limits, monotonic(), 0
        for chunk in response.iter_content(_CHUNK):
            size += len(chunk)
            if size > limits.size:
                msg = f"{request}: the answer is larger than {limits.size:,} bytes."
                raise FetchError(msg, code="too_large")
            if monotonic() - began > limits.total:
                msg = f"{request}: the answer took longer than {limits.total:g} seconds."
                raise FetchError(msg, code="too_slow")
            yield chunk

    def _question(self, request: Request) -> Any:
        """Return the request as it is stored: without a secret."""
        import requests

        return self._session.prepare_request(
            requests.Request(
                request.method,
                request.url,
                data=request.body or None,
                headers=dict(request.headers),
            )
        )

    def _kept(self, request: Request) -> Answer | None:
        cache, found = self._session.cache, None
        with suppress(sqlite3.Error):
            found = cache.get_response(cache.create_key(self._question(request)))
        # An answer from the future was kept before somebody put the clock back.
        if found is None or found.is_expired or found.created_at > datetime.now(UTC):
            return None
        headers = {name.lower(): value for name, value in found.headers.items()}
        return Answer(found.content, found.status_code, headers)

    def _keep(self, request: Request, stream: Stream, content: bytes) -> None:
        if not _is_final(stream, content) or self.credentials.betrayed_by(content):
            return
        response, cache = stream.raw, self._session.cache
        response._content = content  # noqa: SLF001 -- read here in bounded pieces
        response.request = self._question(request)
        until = datetime.now(UTC) + timedelta(seconds=self.limits.reuse)
        # Where it cannot be kept, as on a full disk, it will be asked for again.
        with suppress(sqlite3.Error):
            cache.save_response(response, cache.create_key(response.request), until)

    @contextmanager
    def _plain_errors(self, request: Request) -> Iterator[None]:
        import requests
        import urllib3

        limits = self.limits
        try:
            yield
        except requests.exceptions.SSLError:
            msg = (
                f"{request}: the server's certificate cannot be checked. Some servers do not send "
                f"their whole chain: store the missing certificate as a PEM file and name it in "
                f"{CA_VARIABLE}. The check is never switched off."
            )
            raise FetchError(msg, code="certificate") from None
        except requests.exceptions.Timeout:
            msg = f"no answer within {limits.read:g} seconds"
            raise Interrupted(msg, code="timeout") from None
        except (requests.exceptions.ChunkedEncodingError, urllib3.exceptions.ProtocolError):
            raise Interrupted("the connection was cut", code="cut") from None
        except requests.exceptions.ConnectionError as cause:
            if "Read timed out" in str(cause):
                msg = f"no answer within {limits.read:g} seconds"
                raise Interrupted(msg, code="timeout") from None
            msg = "the server cannot be reached; is there a network? --from takes files by hand"
            raise Interrupted(msg, code="unreachable") from None
        except requests.exceptions.RequestException as cause:
            msg = f"{request}: cannot be sent ({type(cause).__name__})."
            raise FetchError(msg, code="bad_request") from None


def _kept_answers(path: Path) -> Any:
    import requests_cache

    return requests_cache.CachedSession(
        str(path), backend="sqlite", allowable_methods=("GET", "POST"),
        ignored_parameters=_SECRET_HEADERS,
    )  # fmt: skip


def _pause(cause: Exception) -> bool | float:
    """Tell stamina whether to try again, or after which pause the server asked for."""
    if not isinstance(cause, Interrupted):
        return False
    return True if cause.pause is None else cause.pause


def _check_status(status: int, headers: Any, request: Request) -> None:
    if status < _REFUSED:
        return
    if status >= _SERVER_FAULT or status in _PATIENCE:
        after = headers.get("Retry-After", "")
        msg = f"the server answers with status {status}"
        pause = min(float(after), _LONGEST_PATIENCE) if after.isdigit() else None
        raise Interrupted(msg, code="server", pause=pause)
    advice = {
        401: "the account is refused; check the credentials",
        403: "the server refuses programs; open the address in a browser and use --from",
        404: "there is no such file any more; look for the newer address at the publisher",
        410: "there is no such file any more; look for the newer address at the publisher",
    }.get(status, "the request is refused")
    msg = f"{request}: status {status}: {advice}."
    raise FetchError(msg, code=f"status_{status}")


def _check_scheme(url: str, first: str) -> None:
    parts = urlsplit(url)
    local = parts.hostname in _LOCAL
    if parts.scheme not in {"http", "https"} or (parts.scheme == "http" and not local):
        msg = f"{url}: only https addresses are fetched."
        raise FetchError(msg, code="scheme")
    if first == "https" and parts.scheme == "http":
        msg = f"{url}: leads from https to http, which is not followed."
        raise FetchError(msg, code="scheme")


def _is_final(stream: Stream, content: bytes) -> bool:
    """Tell whether an answer stays true: not the state of a job that goes on."""
    return stream.status == 200 and b'"Status"' not in content[:4096]  # noqa: PLR2004 -- HTTP's own
