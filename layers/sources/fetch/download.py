"""Fetching one file: checked, bounded, and taken up again where it was cut off.

What has come so far is kept beside the target together with the server's mark of the version
(ETag, or the date of the last change). Only with such a mark is a download continued; otherwise
two versions of a file could be joined to one that never existed.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from layers.errors import FetchError
from layers.sources.fetch.http import Interrupted
from layers.whole import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from layers.sources.fetch.http import Client, Stream
    from layers.sources.fetch.request import Request

    #: Told after each piece: bytes so far, and of how many (None where the server does not say).
    Progress = Callable[[int, int | None], None]

__all__ = ["Download", "digest", "no_room"]

_PARTIAL = 206
_NOT_SATISFIABLE = 416
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Download:
    """How one file is fetched.

    Attributes
    ----------
    parts : Path
        Folder of unfinished downloads.
    hosts : tuple of str
        Further hosts that a redirect may lead to.
    sha256 : str
        What the file must be; empty if any content will do.
    """

    client: Client
    parts: Path
    hosts: tuple[str, ...] = ()
    sha256: str = ""
    progress: Progress | None = None

    def fetch(self, request: Request, target: Path) -> None:
        """Fetch `request` (a GET) into the file `target`.

        Raises
        ------
        FetchError
            If it cannot be had, or is not the file that was expected.
        """
        import pooch  # type: ignore[import-untyped]

        pooch.get_logger().setLevel("ERROR")

        def downloader(_url: str, output: str | Path, _pooch: object) -> None:
            self._complete(request, Path(output))

        known = f"sha256:{self.sha256}" if self.sha256 else None
        try:
            pooch.retrieve(
                request.url, known, fname=target.name, path=target.parent, downloader=downloader
            )
        except FetchError:
            raise
        except OSError as cause:
            raise no_room(str(request), cause) from None
        except ValueError as cause:
            msg = (
                f"{request}: the file is not the one that was expected (SHA-256 differs from "
                f"{self.sha256[:12]}…): the publisher has replaced it, or it was damaged on the "
                "way. Nothing is used of it."
            )
            raise FetchError(msg, code="wrong_hash") from cause

    def _complete(self, request: Request, output: Path) -> None:
        self.parts.mkdir(parents=True, exist_ok=True)
        part = self.parts / f"{request.key}.part"
        self.client.patiently(request, lambda: self._continue(request, part))
        shutil.move(part, output)
        _mark_file(part).unlink(missing_ok=True)

    def _continue(self, request: Request, part: Path) -> None:
        mark = _read_mark(part)
        have = part.stat().st_size if mark else 0
        # Packed on the way, the pieces would not be those of the file.
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": mark}
        try:
            with self.client.open(request, hosts=self.hosts, headers=headers) as stream:
                self._write(request, stream, part, have)
        except FetchError as cause:
            if cause.code != f"status_{_NOT_SATISFIABLE}":
                raise
            _mark_file(part).unlink(missing_ok=True)
            msg = "the server does not continue the download"
            raise Interrupted(msg, code="cut") from None

    def _write(self, request: Request, stream: Stream, part: Path, have: int) -> None:
        import requests

        continued = stream.status == _PARTIAL and _begins_at(stream) == have
        if stream.status == _PARTIAL and not continued:
            _mark_file(part).unlink(missing_ok=True)
            msg = "the server continues the download at another place"
            raise Interrupted(msg, code="cut")
        done = have if continued else 0
        stated = stream.headers.get("content-length", "")
        whole = done + int(stated) if stated.isdigit() else None
        self._check_room(request, part, whole, done)
        try:
            with part.open("ab" if continued else "wb") as file:
                # The mark of one version must at no moment stand beside the bytes of another.
                _write_mark(part, stream)
                self._pour(stream.chunks, file, done, whole)
        except OSError as cause:
            # A connection that broke is an OSError as well, and the client's to judge.
            if isinstance(cause, requests.exceptions.RequestException):
                raise
            raise no_room(str(request), cause) from None

    def _pour(self, chunks: Iterator[bytes], file: IO[bytes], done: int, whole: int | None) -> None:
        for chunk in chunks:
            file.write(chunk)
            done += len(chunk)
            if self.progress:
                self.progress(done, whole)

    def _check_room(self, request: Request, part: Path, whole: int | None, done: int) -> None:
        size = whole or 0
        if size > self.client.limits.size:
            msg = f"{request}: the file has {size:,} bytes, more than {self.client.limits.size:,}."
            raise FetchError(msg, code="too_large")
        if shutil.disk_usage(part.parent).free < size - done:
            raise no_room(str(request), OSError(errno.ENOSPC, ""))


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def no_room(what: str, cause: OSError) -> FetchError:
    """Say that something cannot be written; most often because the disk is full."""
    if cause.errno == errno.ENOSPC:
        msg = f"{what}: the disk is full; make room and run the update again, it goes on from here."
        return FetchError(msg, code="disk_full")
    return FetchError(f"{what}: cannot be written ({reason(cause)}).", code="cannot_write")


def _mark_file(part: Path) -> Path:
    return part.with_suffix(".mark")


def _read_mark(part: Path) -> str:
    """Return the version mark of an unfinished download; empty if there is none to continue."""
    mark = _mark_file(part)
    return mark.read_text(encoding="utf-8") if part.is_file() and mark.is_file() else ""


def _write_mark(part: Path, stream: Stream) -> None:
    tag = stream.headers.get("etag", "")
    # A weak tag says "as good as", not "the same bytes".
    mark = tag if tag and not tag.startswith("W/") else stream.headers.get("last-modified", "")
    if mark:
        _mark_file(part).write_text(mark, encoding="utf-8")
    else:
        _mark_file(part).unlink(missing_ok=True)


def _begins_at(stream: Stream) -> int:
    """First byte of a partial answer, from ``Content-Range: bytes 5-9/10``; -1 if not told."""
    start = stream.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
    return int(start) if start.isdigit() else -1
