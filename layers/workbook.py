"""What a workbook would unpack to, looked at before any library opens it.

A small XLSX or ODS file can name a cell far away or repeat one without end; libraries make room for
everything in between. Which parts are sheets stands in the file and can be anything, so that all
parts are looked at, piece by piece.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from layers import apart
from layers.archive import Limits, opened
from layers.errors import SourceError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

__all__ = ["ZIP", "Room", "check_package", "open_apart"]

#: How an XLSX or ODS file begins.
ZIP = b"PK\x03\x04"
#: Parts that one of the two has.
_HEARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
#: A cell that names its place and holds something: programs write empty ones for their format, down
#: to the last row that there can be, and so does no library.
_CELL = re.compile(
    rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"']\$?([A-Za-z]{1,3})\$?(\d{1,9})[^<>]*+>(?<!/>)"
)
#: A row that names its place, which matters where its cells do not.
_NUMBERED_ROW = re.compile(
    rb"<(?:\w+:)?row\s[^<>]*?\br\s*=\s*[\"'](\d{1,9})[^<>]*+>(?<!/>)"
    rb"\s*+<(?:\w+:)?c[\s/>](?![^<>]*\br\s*=)"
)
#: Beginnings of rows, and of cells that do not name their place, in the order in which they stand.
_MARK = re.compile(rb"<(?:\w+:)?(?:(row)[\s/>]|c[\s/>](?![^<>]*\br\s*=))")
_ODS_ROW = b"<table:table-row"
_REPEATED_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^<>]*+)")
_TIMES = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')
_CHUNK = 1 << 20
#: Bytes of one tag; in official files the longest have some hundreds.
_LONGEST_TAG = 1 << 16


class Room(NamedTuple):
    """What may be taken up.

    Attributes
    ----------
    unpacked : int
        Bytes of all parts.
    span : int
        Cells between the first and the last of each sheet, gaps counted.
    """

    unpacked: int = 200_000_000
    span: int = 5_000_000


class _Reach(NamedTuple):
    """How far a sheet reaches: last row, widest row, unnamed cells of this row, rows so far."""

    row: int = 0
    width: int = 0
    open: int = 0
    rows: int = 0


def check_package(content: bytes, name: str, room: Room | None = None) -> None:
    """Raise unless a zip file is a workbook that fits into the room; unpacks it piece by piece.

    Raises
    ------
    SourceError
        If it is no XLSX, XLSB or ODS file (code "own_kind"), damaged ("own_damaged"), or unpacks
        to too much ("own_bomb").
    """
    room = room or Room()
    limits = Limits(total=room.unpacked, ratio=100_000, nested=True)
    try:
        with opened(content, name, SourceError, limits, code="own_damaged") as package:
            _check_parts(package, name, room.span)
    except SourceError as error:
        if error.code == "unsafe_archive":
            code = "own_bomb" if "unpack" in str(error) or "share" in str(error) else "own_damaged"
            raise SourceError(str(error), code=code) from error
        raise


def open_apart(
    content: bytes, name: str, sheets: int = 0, rows: int = 0, columns: int = 0
) -> dict[str, Any]:
    """Let another process open a workbook, which ends where that takes too much.

    Parameters
    ----------
    sheets, rows, columns : int
        How many are read at most; with no sheet it is only opened.

    Returns
    -------
    dict
        What `layers.apart` answers.

    Raises
    ------
    SourceError
        If it takes more memory or time than there is (code "own_bomb").
    """
    # No folder of ours comes before the libraries: a module there is called like one of theirs.
    command = [sys.executable, "-P", apart.__file__, *map(str, (sheets, rows, columns))]
    try:
        done = subprocess.run(  # noqa: S603 -- our own program; the file is only its input
            command, input=content, capture_output=True, timeout=3 * apart.SECONDS, check=True
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as cause:
        msg = f"{name}: takes more than {apart.MEMORY / 1e9:.1f} GB or {apart.SECONDS} s to open"
        raise SourceError(f"{msg}; save it as CSV.", code="own_bomb") from cause
    return answer


def _check_parts(package: zipfile.ZipFile, name: str, most: int) -> None:
    parts = package.infolist()
    if _HEARTS.isdisjoint(part.filename for part in parts):
        msg = f"{name}: is a ZIP file but no XLSX or ODS; give the table in it, or as CSV."
        raise SourceError(msg, code="own_kind")
    spanned = 0
    for part in parts:
        span = 0
        for span in _spans(package, part):
            if spanned + span > most:
                _too_wide(name)
        spanned += span


def _too_wide(name: str) -> None:
    msg = (
        f"{name}: unpacks to more than a table of this size can hold; keep only the sheet and "
        f"the columns that are needed, and save it as CSV."
    )
    raise SourceError(msg, code="own_bomb")


def _spans(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[int]:
    """Yield, piece by piece, how many cells a part spans so far."""
    whole, kept, reach = bytearray() if part.filename == "content.xml" else None, b"", _Reach()
    with package.open(part) as stream:
        while piece := stream.read(_CHUNK):
            if whole is not None:
                whole += piece
                continue
            kept += piece
            # A tag that is cut in two is looked at with the next piece.
            end = kept.rfind(b"<")
            end = len(kept) if end < 0 or len(kept) - end > _LONGEST_TAG else end
            reach = _reach(kept[:end], reach)
            kept = kept[end:]
            yield reach.row * reach.width
    if whole is not None:
        yield _spread_out(bytes(whole))
    else:
        reach = _reach(kept, reach)
        yield reach.row * reach.width


def _reach(piece: bytes, last: _Reach) -> _Reach:
    """Return how far rows and cells of an XLSX reach, with names of their places or without."""
    row, width, open_, rows = last
    for letters, digits in set(_CELL.findall(piece)):
        column = 0
        for one in letters.upper():
            column = 26 * column + one - 64
        row, width = max(row, int(digits)), max(width, column)
    unnamed = row
    for mark in _MARK.findall(piece):
        if mark:
            rows, open_ = rows + 1, 0
        else:
            open_ += 1
            width, unnamed = max(width, open_), rows
    named = max(map(int, set(_NUMBERED_ROW.findall(piece))), default=0)
    return _Reach(max(row, named, unnamed), width, open_, rows)


def _spread_out(content: bytes) -> int:
    """Count the cells of an ODS once all repetitions are written out; empty rows are none."""
    total = 0
    for row in content.split(_ODS_ROW)[1:]:
        head, _, rest = row.partition(b">")
        body = rest.partition(b"</table:table-row>")[0]
        # What only begins alike, such as table:table-rows, holds no cells before the next row.
        if b"office:value" not in body and b"<text:p" not in body:
            continue
        # Empty cells at the end of a row are no cells, however often they are repeated.
        filled = body.rpartition(b"</table:table-cell>")[0] or body
        cells = sum(_times(one) for one in _REPEATED_CELL.findall(filled))
        total += _times(head) * cells
    return total


def _times(attributes: bytes) -> int:
    found = _TIMES.search(attributes)
    return int(found[1]) if found else 1
