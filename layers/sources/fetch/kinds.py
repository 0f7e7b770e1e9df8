"""What a fetched file looks like from outside, so that a web page is never taken for data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from layers.errors import FetchError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Kind", "check_kind"]

Kind = Literal["csv", "zip", "xlsx", "json", "gpkg", "parquet", "any"]

#: First bytes of each kind; several where there are several.
_BEGINNINGS: dict[Kind, tuple[bytes, ...]] = {
    "zip": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "gpkg": (b"SQLite format 3\x00",),
    "parquet": (b"PAR1",),
    "json": (b"{", b"[", b'"'),
    "csv": (),
    "any": (),
}
_PAGES = (b"<!doctype html", b"<html")
_LOOK = 4096


def check_kind(path: Path, kind: Kind, where: str, *, header: str = "") -> None:
    """Check that a file is what it should be.

    Parameters
    ----------
    where : str
        Address or name for the message.
    header : str
        How the first line of text must begin; a byte order mark in front is allowed.

    Raises
    ------
    FetchError
        If it is empty, a web page, of another kind, or begins otherwise.
    """
    with path.open("rb") as file:
        beginning = file.read(_LOOK)
    text = beginning.removeprefix(b"\xef\xbb\xbf")
    if not beginning:
        msg = f"{where}: the file is empty."
        raise FetchError(msg, code="empty")
    if text.lstrip().lower().startswith(_PAGES):
        msg = (
            f"{where}: the server sent a web page and no data, as a firewall or a consent page "
            "does; open the address in a browser, save the file and hand it in with --from."
        )
        raise FetchError(msg, code="web_page")
    allowed = _BEGINNINGS[kind]
    if (allowed and not text.startswith(allowed)) or (kind == "csv" and b"\0" in text):
        msg = f"{where}: a {kind} file was expected; this one begins with {text[:24]!r}."
        raise FetchError(msg, code="other_kind")
    if header and not text.decode("utf-8", "replace").startswith(header):
        msg = (
            f"{where}: the first line should begin with '{header}'; it begins with "
            f"'{_first_line(text)}'. The publisher has changed the format."
        )
        raise FetchError(msg, code="changed_header")


def _first_line(text: bytes) -> str:
    return text.decode("utf-8", "replace").split("\n", 1)[0][:120].rstrip("\r")
