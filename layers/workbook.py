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
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from layers import apart
from layers.archive import Limits, opened
from layers.errors import SourceError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

__all__ = ["OLE", "ZIP", "Room", "check_lock", "check_package", "open_apart"]

#: How an XLSX or ODS file begins.
ZIP = b"PK\x03\x04"
#: How an older workbook begins, and whatever else lies in such a container.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What Excel calls a workbook that needs a password, in the list of a container: 64 bytes.
_LOCKED = "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0")
#: Where an ODS says that its parts are locked, and the word for it.
_MANIFEST, _ENCRYPTED = "META-INF/manifest.xml", b"encryption-data"
#: Where the cells of an ODS stand; and parts that one of the two has.
_ODS = "content.xml"
_HEARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", _ODS})
#: What cells stand in; where it is missing (texts, pictures), nothing is one.
_CELLS = b"sheetData"
#: How a tag begins that any namespace may own, and its attributes other than ``r``, its place.
_BEGINS = rb"<(?:[^<>\s:/]*+:)?"
_OTHERS = rb"(?:\s+(?!r\s*=)[\w:.-]++\s*=\s*(?:\"[^\"<>]*+\"|'[^'<>]*+'))*+"
_PLACE = rb"\s+r\s*=\s*[\"']\$?([A-Za-z]{1,3})\$?(\d{1,9})[\"']" + _OTHERS
#: A cell that names its place and holds nothing: programs write such cells for their format, down
#: to the last row that there can be.
_EMPTY = re.compile(_BEGINS + rb"c" + _OTHERS + _PLACE + rb"\s*/>")
#: A row with its number; or a cell with its place; or one of them written in another way than
#: programs do, of which two readers may think differently. Nothing in it goes back over a tag, so
#: that none takes longer than its length.
_TAG = re.compile(
    _BEGINS + rb"(?:(row)" + _OTHERS + rb"(?:\s+r\s*=\s*[\"'](\d{1,9})[\"']" + _OTHERS
    + rb")?+\s*/?>|c" + _OTHERS + rb"(?:" + _PLACE + rb")?+\s*/?>|((?:row|c)[\s/>]))"
)  # fmt: skip
#: Attributes of a tag of an ODS, whatever stands between quotation marks.
_ATTRIBUTES = rb"((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)"
_ODS_ROW = re.compile(rb"<table:table-row" + _ATTRIBUTES)
_REPEATED_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b" + _ATTRIBUTES)
_TIMES = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,9})[\"']")
_CHUNK = 1 << 20
#: Bytes of one tag; in official files the longest have some hundreds.
_LONGEST_TAG = 1 << 16
#: Cells that a sheet can have.
_ALL = 1_048_576 * 16_384


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


class _OddTagError(Exception):
    """A row or a cell is written as no program writes it."""


@dataclass
class _Reach:
    """How far a sheet of an XLSX reaches, as far as it was looked at.

    Attributes
    ----------
    row, width : int
        Last row and column of cells that name their place and hold something.
    number : int
        Largest number that a row names.
    unnamed_rows : int
        Rows without a number: they follow what stands before them, as such cells do.
    unnamed, widest : int
        Cells without a place in the present row, and in the row that has most of them.
    skipped : bool
        Whether there were empty cells with a place.
    begun : bool
        Whether the cells have begun.
    """

    row: int = 0
    width: int = 0
    number: int = 0
    unnamed_rows: int = 0
    unnamed: int = 0
    widest: int = 0
    skipped: bool = False
    begun: bool = False

    @property
    def span(self) -> int:
        """Number of cells between the first and the last, never too small."""
        if not self.widest:
            return self.row * self.width
        if self.skipped:
            # Cells without a place may follow an empty one that stands anywhere.
            return _ALL
        return (max(self.row, self.number) + self.unnamed_rows) * (self.width + self.widest)

    def take(self, piece: bytes) -> None:
        """Look at the next piece, which ends between two tags."""
        self.begun = self.begun or _CELLS in piece
        if not self.begun:
            return
        piece, skipped = _EMPTY.subn(b"", piece)
        self.skipped |= skipped > 0
        columns, rows, numbers = set[bytes](), set[bytes](), set[bytes]()
        for row, number, letters, digits, odd in _TAG.findall(piece):
            if letters:
                columns.add(letters)
                rows.add(digits)
            elif odd:
                raise _OddTagError
            elif row:
                self.unnamed = 0
                self.unnamed_rows += not number
                numbers.add(number or b"0")
            else:
                self.unnamed += 1
                self.widest = max(self.widest, self.unnamed)
        self.width = max(self.width, *map(_column, columns), 0)
        self.row = max(self.row, *map(int, rows), 0)
        self.number = max(self.number, *map(int, numbers), 0)


def check_package(content: bytes, name: str, room: Room | None = None) -> None:
    """Raise unless a zip file is a workbook that fits into the room; unpacks it piece by piece.

    Raises
    ------
    SourceError
        If it is no XLSX, XLSB or ODS file (code "own_kind"), damaged ("own_damaged"), locked
        ("own_locked"), or unpacks to too much ("own_bomb").
    """
    room = room or Room()
    limits = Limits(total=room.unpacked, ratio=100_000, nested=True)
    try:
        with opened(content, name, SourceError, limits, code="own_damaged") as package:
            _check_parts(package, name, room.span)
    except SourceError as error:
        if error.code == "unsafe_archive":
            raise SourceError(str(error), code=_code(str(error))) from error
        raise


def check_lock(content: bytes, name: str) -> None:
    """Raise if a password is needed to open a workbook.

    Raises
    ------
    SourceError
        With the code "own_locked".
    """
    if content.startswith(OLE) and _LOCKED in content:
        _locked(name)


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


def _code(reason: str) -> str:
    """Return the code of a reason for which an archive is not opened."""
    if "password" in reason:
        return "own_locked"
    return "own_bomb" if "unpack" in reason or "share" in reason else "own_damaged"


def _check_parts(package: zipfile.ZipFile, name: str, most: int) -> None:
    parts = package.infolist()
    if _HEARTS.isdisjoint(part.filename for part in parts):
        msg = f"{name}: is a ZIP file but no XLSX or ODS; give the table in it, or as CSV."
        raise SourceError(msg, code="own_kind")
    spanned = 0
    for part in parts:
        if part.filename == _MANIFEST and _ENCRYPTED in package.open(part).read(_CHUNK):
            _locked(name)
        span = 0
        try:
            for span in _spans(package, part):
                if spanned + span > most:
                    _too_wide(name)
        except _OddTagError:
            msg = f"{name}: '{part.filename}' names cells in an unusual way; save it anew as XLSX."
            raise SourceError(msg, code="own_damaged") from None
        spanned += span


def _locked(name: str) -> NoReturn:
    msg = f"{name}: is locked with a password; open it and save it without one."
    raise SourceError(msg, code="own_locked")


def _too_wide(name: str) -> NoReturn:
    msg = (
        f"{name}: unpacks to more than a table of this size can hold; keep only the sheet and "
        f"the columns that are needed, and save it as CSV."
    )
    raise SourceError(msg, code="own_bomb")


def _spans(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[int]:
    """Yield, piece by piece, how many cells a part spans so far."""
    whole, kept, reach = bytearray(), b"", _Reach()
    with package.open(part) as stream:
        while piece := stream.read(_CHUNK):
            if part.filename == _ODS:
                whole += piece
            kept += piece
            # A tag that is cut in two is looked at with the next piece.
            end = kept.rfind(b"<")
            end = len(kept) - len(_CELLS) if end < 0 or len(kept) - end > _LONGEST_TAG else end
            reach.take(kept[:end])
            kept = kept[end:]
            yield reach.span
    reach.take(kept)
    yield reach.span + _spread_out(bytes(whole))


def _column(letters: bytes) -> int:
    """Return the number of a column, from 1 for A."""
    column = 0
    for one in letters.upper():
        column = 26 * column + one - 64
    return column


def _spread_out(content: bytes) -> int:
    """Count the cells of an ODS once all repetitions are written out; empty rows are none."""
    total = 0
    _, *rows = _ODS_ROW.split(content)
    for head, rest in zip(rows[::2], rows[1::2], strict=True):
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
