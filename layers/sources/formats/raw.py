"""Files as they came, places for messages, and text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from layers.errors import SourceError

#: Largest size of a file or member that is read as a whole, in bytes.
MAX_BYTES = 500_000_000


class Raw(NamedTuple):
    """A file as it came: a name for messages, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Where:
    """A place for messages: the file and where the right one is to be had."""

    name: str
    hint: str = ""

    def fault(self, what: str, *, line: int | None = None, column: str = "") -> SourceError:
        """Return an error that says where `what` is so, and where to get the right file."""
        place = self.name
        if line is not None:
            place += f", line {line}"
        if column:
            place += f", column '{column}'"
        return SourceError(f"{place}: {what}" + (f" {self.hint}" if self.hint else ""))


def load(source: Path | Raw) -> Raw:
    """Read a file, or hand on bytes that are there already.

    Raises
    ------
    SourceError
        If the file is missing, unreadable, empty or larger than `MAX_BYTES`, or is a web page in
        place of data.
    """
    if isinstance(source, Path):
        try:
            if source.stat().st_size > MAX_BYTES:
                msg = f"{source}: is larger than {MAX_BYTES / 1e6:,.0f} MB; expected is less."
                raise SourceError(msg)
            raw = Raw(str(source), source.read_bytes())
        except OSError as cause:
            reason = cause.strerror or type(cause).__name__
            msg = f"{source}: cannot be read ({reason})."
            raise SourceError(msg) from cause
    else:
        raw = source
    beginning = raw.content[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not beginning:
        msg = f"{raw.name}: is empty."
        raise SourceError(msg)
    if beginning.startswith((b"<!doctype html", b"<html")):
        msg = (
            f"{raw.name}: is a web page and no data; the publisher's server refused the download. "
            f"Fetch the file in a browser."
        )
        raise SourceError(msg)
    return raw


def decode(raw: Raw, *encodings: str) -> str:
    """Decode `raw` in the first of `encodings` that fits (default: UTF-8, with or without BOM).

    Raises
    ------
    SourceError
        If none fits; names the line of the first byte that is wrong in the first encoding.
    """
    tried = encodings or ("utf-8-sig",)
    first: UnicodeDecodeError | None = None
    for encoding in tried:
        try:
            text = raw.content.decode(encoding)
        except UnicodeDecodeError as cause:
            first = first or cause
            continue
        if "\0" in text:
            msg = f"{raw.name}: holds zero bytes and is no text; expected is {' or '.join(tried)}."
            raise SourceError(msg)
        return text
    at = first.start if first else 0
    line = raw.content.count(b"\n", 0, at) + 1
    msg = f"{raw.name}, line {line}: is not {' or '.join(tried)} text (byte {at})."
    raise SourceError(msg) from first


def json_of(raw: Raw, where: Where) -> Any:
    """Parse UTF-8 JSON.

    Raises
    ------
    SourceError
        If it is none; names the line.
    """
    try:
        return json.loads(decode(raw))
    except (ValueError, RecursionError) as cause:
        # Beside what is no JSON at all: brackets too deep, or a number of thousands of digits.
        if isinstance(cause, SourceError):
            raise
        line = cause.lineno if isinstance(cause, json.JSONDecodeError) else None
        what = "is no JSON, or was cut off."
        raise where.fault(what, line=line) from cause
