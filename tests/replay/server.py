"""A publisher's server on this machine, that answers what a test tells it to, faults included."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from layers.sources.fetch.http import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

#: No pauses; a silent server is given up at once.
HASTY = Limits(connect=1, read=0.5, total=10, attempts=3, first_pause=0, longest_pause=0)


@dataclass(frozen=True)
class Reply:
    """One answer.

    Attributes
    ----------
    cut : int, optional
        Bytes after which the connection breaks, though more was announced.
    pause : float
        Seconds of silence before the answer.
    """

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    pause: float = 0.0


@dataclass(frozen=True)
class Seen:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of connections that were cut on purpose."""


class Replay:
    """Answers each path with its replies in turn; the last one stays.

    A file (`put`) is served as good servers do: with an ETag, and in parts where asked for.
    """

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._replies: dict[str, list[Reply | Callable[[Seen], Reply]]] = defaultdict(list)
        handler = type("Handler", (_Handler,), {"replay": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def url(self, path: str) -> str:
        return f"{self.address}/{path}"

    def answer(self, path: str, *replies: Reply | Callable[[Seen], Reply]) -> str:
        self._replies["/" + path] = list(replies)
        return self.url(path)

    def put(self, path: str, content: bytes, *, cut: tuple[int, ...] = (), tag: str = '"1"') -> str:
        """Serve a file; the first requests break off after so many bytes each."""
        breaks = list(cut)

        def whole_or_part(seen: Seen) -> Reply:
            wanted = seen.headers.get("range", "")
            headers = {"ETag": tag} if tag else {}
            start = 0
            if wanted and seen.headers.get("if-range") == tag:
                start = int(wanted.removeprefix("bytes=").partition("-")[0])
            stop = breaks.pop(0) if breaks else None
            if start:
                headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            return Reply(content[start:], 206 if start else 200, headers, stop)

        return self.answer(path, whole_or_part)

    def asked(self, path: str) -> list[Seen]:
        return [one for one in self.seen if one.path == "/" + path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply_to(self, seen: Seen) -> Reply:
        self.seen.append(seen)
        replies = self._replies.get(seen.path)
        if not replies:
            return Reply(b"not here", 404)
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        return reply(seen) if callable(reply) else reply


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    replay: Replay

    def do_GET(self) -> None:
        self._speak()

    def do_POST(self) -> None:
        self._speak()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _speak(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        form = {key: value[0] for key, value in parse_qs(body.decode("utf-8", "replace")).items()}
        headers = {key.lower(): value for key, value in self.headers.items()}
        reply = self.replay.reply_to(Seen(self.command, self.path, headers, form))
        time.sleep(reply.pause)
        try:
            self._send(reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        self.wfile.write(reply.content if reply.cut is None else reply.content[: reply.cut])
        if reply.cut is not None:
            self.wfile.flush()
            self.connection.close()
            self.close_connection = True
