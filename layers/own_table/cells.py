"""From the bytes of a file to cells: CSV in any encoding, XLSX, XLS and ODS, within limits.

What a file is, its content says, not its ending. Workbooks are looked through before they are
opened, because a small file can unpack to a very large one.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

__all__ = ["LARGEST", "MOST_COLUMNS", "MOST_ROWS", "Cell", "Sheet", "content_of", "read_sheets"]

#: Bytes that a file may have.
LARGEST = 20_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
#: Characters of a cell in a text file; libraries may raise the limit of `csv` for all.
_LONGEST = 131_072
#: Sheets of a workbook that are looked at.
MOST_SHEETS = 20
#: Bytes that a workbook may unpack to, and cells that a sheet may span, gaps counted.
_UNPACKED = 200_000_000
_SPAN = 5_000_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: Encodings of Windows, DOS and old Macs; of equally good ones the first is taken.
_OLD = ("cp1252", "cp850", "mac_roman")
_LETTERS = "äöüßÄÖÜ"
_DELIMITERS = ";\t,|"
#: Lines by which the delimiter is found.
_LOOKED_AT = 200
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']\$?([A-Za-z]{1,3})\$?(\d{1,9})")
_NUMBERED_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"'](\d{1,9})")
#: Bytes in which a cell or row names its place: no such name is lost between two pieces.
_OVERLAP = 300
_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_REPEATED_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)")
_TIMES = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')
_CHUNK = 1 << 20

Cell = str | float | None


@dataclass(frozen=True)
class Sheet:
    """Cells as they stand in a file.

    Attributes
    ----------
    name : str
        Name of the sheet; empty for a text file.
    rows : list of list
        Text, number or None; rows may differ in length.
    lines : list of int
        Number of each row as a person sees it, from 1.
    comma : bool or None
        Whether the way of writing the file hints at decimal commas; None for a workbook.
    """

    name: str
    rows: list[list[Cell]]
    lines: list[int]
    comma: bool | None = None


def content_of(file: Path) -> bytes:
    """Return the bytes of a file for `read_sheets`; of one that is too large no more than needed.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as cause:
        reason = cause.strerror or type(cause).__name__
        raise SourceError(f"{file}: cannot be read ({reason}).") from cause


def read_sheets(content: bytes, name: str) -> list[Sheet]:
    """Read all sheets that hold cells; a text file is one sheet.

    Parameters
    ----------
    name : str
        Name of the file, for errors.

    Raises
    ------
    SourceError
        If the file is too large, no table, damaged, or unpacks to too much.
    """
    if len(content) > LARGEST:
        size = f"{len(content) / 1e6:.1f}"
        msg = f"{name}: has {size} MB; at most {LARGEST / 1e6:.0f} MB are allowed."
        raise SourceError(msg, code="own_large")
    if content.startswith((_ZIP, _OLE)):
        sheets = _workbook(content, name)
    else:
        sheets = [_text_table(_decoded(content, name), name)]
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise SourceError(f"{name}: holds no cells; a table is needed.", code="own_empty")
    return filled


# Workbooks.


def _workbook(content: bytes, name: str) -> list[Sheet]:
    from python_calamine import CalamineWorkbook

    if content.startswith(_ZIP):
        _check_package(content, name)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return [
                _numbered(title, book.get_sheet_by_name(title).to_python(
                    skip_empty_area=False, nrows=MOST_ROWS + 1), name)
                for title in book.sheet_names[:MOST_SHEETS]
            ]  # fmt: skip
    except SourceError:
        raise
    except BaseException as cause:
        # A panic of the library is no Exception.
        if not isinstance(cause, Exception) and type(cause).__name__ != "PanicException":
            raise
        msg = f"{name}: cannot be opened as a workbook ({cause!s:.120}); save it anew as XLSX."
        raise SourceError(msg, code="own_damaged") from cause


def _numbered(title: str, rows: Sequence[Sequence[object]], name: str) -> Sheet:
    if len(rows) > MOST_ROWS:
        _too_many_rows(name)
    plain = [[_cell(one) for one in row] for row in rows]
    if plain and len(plain[0]) > MOST_COLUMNS:
        _too_many_columns(name, len(plain[0]))
    kept = [number for number, row in enumerate(plain, 1) if any(one is not None for one in row)]
    return Sheet(title, [plain[number - 1] for number in kept], kept)


def _cell(value: object) -> Cell:
    """Numbers stay numbers; dates and truth values become the text that a person sees."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        return value if value.strip() else None
    return None if value is None else _written(value)


def _written(value: object) -> str:
    day: date | None = getattr(value, "date", lambda: None)()
    return day.isoformat() if day is not None else str(value)


def _check_package(content: bytes, name: str) -> None:
    """Unpack piece by piece, counting bytes, and how many cells the sheets span."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.namelist()
            if not {"xl/workbook.xml", "content.xml"} & set(parts):
                msg = f"{name}: is a ZIP file but no XLSX or ODS; give the table in it, or as CSV."
                raise SourceError(msg, code="own_kind")
            unpacked = spanned = 0
            for part in parts:
                span = 0
                for size, span in _unpack(package, part):
                    unpacked += size
                    if unpacked > _UNPACKED or spanned + span > _SPAN:
                        _too_wide(name)
                spanned += span
    except (
        zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError,
    ) as cause:  # fmt: skip
        msg = f"{name}: is damaged or locked by a password ({cause!s:.80}); save it anew as XLSX."
        raise SourceError(msg, code="own_damaged") from cause


def _unpack(package: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int]]:
    """Yield the bytes of each piece of a part, and the cells that the part spans so far.

    Which parts are sheets stands in the file and can be anything: all are looked at.
    """
    whole, kept, last = part == "content.xml", b"", (0, 0)
    with package.open(part) as stream:
        while piece := stream.read(_CHUNK):
            kept = (kept if whole else kept[-_OVERLAP:]) + piece
            last = last if whole else _reach(kept, last)
            yield len(piece), last[0] * last[1]
    if whole:
        yield 0, _spread_out(kept)


def _reach(piece: bytes, last: tuple[int, int]) -> tuple[int, int]:
    """Return the largest row and column that rows and cells of an XLSX name."""
    row, width = last
    for letters, digits in set(_CELL.findall(piece)):
        column = 0
        for one in letters.upper():
            column = 26 * column + one - 64
        row, width = max(row, int(digits)), max(width, column)
    return max([row, *map(int, set(_NUMBERED_ROW.findall(piece)))]), width


def _spread_out(content: bytes) -> int:
    """Count the cells of an ODS once all repetitions are written out; empty rows are none."""
    total = 0
    for head, body in _ROW.findall(content):
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


def _too_wide(name: str) -> None:
    msg = (
        f"{name}: unpacks to more than a table of this size can hold; keep only the sheet and "
        f"the columns that are needed, and save it as CSV."
    )
    raise SourceError(msg, code="own_bomb")


def _too_many_rows(name: str) -> None:
    msg = f"{name}: has more than {MOST_ROWS:,} rows; keep one row per region."
    raise SourceError(msg, code="own_rows")


def _too_many_columns(name: str, count: int) -> None:
    msg = f"{name}: has {count:,} columns; at most {MOST_COLUMNS:,} are allowed."
    raise SourceError(msg, code="own_columns")


# Text.


def _decoded(content: bytes, name: str) -> str:
    """Decode by byte order mark, as UTF-8, else in the way that gives most German letters."""
    named = next((code for mark, code in _BOMS if content.startswith(mark)), None)
    text = _decode(content, named or "utf-8")
    if text is None and named is None:
        known = [one for code in _OLD if (one := _decode(content, code)) is not None]
        text = max(known, key=lambda one: sum(map(one.count, _LETTERS)))
    if text is None or "\0" in text:
        msg = f"{name}: is neither text nor a workbook; give a CSV, XLSX, XLS or ODS file."
        raise SourceError(msg, code="own_kind")
    return text


def _decode(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _text_table(text: str, name: str) -> Sheet:
    delimiter = _delimiter(text)
    # A line break other than \n, \r\n and \r would not be one to the CSV reader.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[Cell]] = []
    lines: list[int] = []
    begins = 1
    try:
        for row in reader:
            _check_length(row)
            if any(one.strip() for one in row) and not (not rows and row[0].startswith("#")):
                rows.append([one if one.strip() else None for one in row])
                lines.append(begins)
            begins = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                _too_many_rows(name)
            if len(row) > MOST_COLUMNS:
                _too_many_columns(name, len(row))
    except csv.Error as cause:
        msg = f"{name}: line {begins} cannot be read as CSV ({cause}); is a quotation mark open?"
        raise SourceError(msg, code="own_damaged") from cause
    return Sheet("", rows, lines, comma=None if delimiter in "\t|" else delimiter == ";")


def _check_length(row: list[str]) -> None:
    if max(map(len, row), default=0) > _LONGEST:
        raise csv.Error(f"a cell of more than {_LONGEST} characters")


def _delimiter(text: str) -> str:
    """Find the character that parts the most lines into the same number of cells."""
    head = "\n".join(text[:400_000].splitlines()[:_LOOKED_AT])

    def told(delimiter: str) -> tuple[float, int]:
        try:
            rows = [row for row in csv.reader(io.StringIO(head), delimiter=delimiter) if row]
        except csv.Error:
            return 0.0, 0
        width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
        return (count / len(rows), width) if width > 1 else (0.0, 0)

    return max(_DELIMITERS, key=told)
