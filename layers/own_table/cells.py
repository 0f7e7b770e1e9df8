"""From the bytes of a file to cells: CSV in any encoding, XLSX, XLS and ODS, within limits.

What a file is, its content says, not its ending. Workbooks are looked through before they are
opened, because a small file can unpack to a very large one (`layers.workbook`), and they are opened
in a process of their own (`layers.apart`).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from layers.errors import SourceError
from layers.workbook import OLE, ZIP, check_lock, check_package, open_apart

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LARGEST", "MOST_COLUMNS", "MOST_ROWS", "Cell", "Sheet", "content_of", "read_sheets"]

#: Bytes that a file may have.
LARGEST = 20_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
#: Cells of a sheet that hold something: 10,956 municipalities with 130 columns.
_MOST_CELLS = 1_500_000
#: Lines of a text file, empty ones and those within quotation marks counted.
_MOST_LINES = 10 * MOST_ROWS
#: Characters of a cell in a text file; libraries may raise the limit of `csv` for all.
_LONGEST = 131_072
#: Sheets of a workbook that are looked at.
MOST_SHEETS = 20
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: Encodings of Windows, DOS and old Macs; of equally good ones the first is taken.
_OLD = ("cp1252", "cp850", "mac_roman")
_LETTERS = "äöüßÄÖÜ"
_DELIMITERS = ";\t,|"
#: Lines by which the delimiter is found.
_LOOKED_AT = 200
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
    if content.startswith((ZIP, OLE)):
        sheets = _workbook(content, name)
    else:
        sheets = [_text_table(_decoded(content, name), name)]
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise SourceError(f"{name}: holds no cells; a table is needed.", code="own_empty")
    for sheet in filled:
        if sum(map(len, sheet.rows)) > _MOST_CELLS:
            _too_many_cells(name)
    return filled


# Workbooks.


def _workbook(content: bytes, name: str) -> list[Sheet]:
    """Let another process read a workbook, which ends where it takes too much."""
    check_lock(content, name)
    if content.startswith(ZIP):
        check_package(content, name)
    answer = open_apart(content, name, MOST_SHEETS, MOST_ROWS, MOST_COLUMNS)
    if "fault" in answer:
        _refuse_workbook(answer, name)
    return [Sheet(one["name"], one["rows"], one["lines"]) for one in answer["sheets"]]


def _refuse_workbook(answer: dict[str, Any], name: str) -> NoReturn:
    if answer["fault"] == "own_cells":
        _too_many_cells(name)
    if answer["fault"] == "own_rows":
        _too_many_rows(name)
    if answer["fault"] == "own_columns":
        _too_many_columns(name, answer["count"])
    if answer["fault"] == "own_bomb":
        msg = f"{name}: holds too much text for a table; keep only the sheet that is needed."
        raise SourceError(msg, code="own_bomb")
    reason = f"cannot be opened as a workbook ({answer['reason']})"
    raise SourceError(f"{name}: {reason}; save it anew as XLSX.", code="own_damaged")


def _too_many_cells(name: str) -> NoReturn:
    msg = f"{name}: has more than {_MOST_CELLS:,} cells; keep only the columns that are needed."
    raise SourceError(msg, code="own_cells")


def _too_many_rows(name: str) -> NoReturn:
    msg = f"{name}: has more than {MOST_ROWS:,} rows; keep one row per region."
    raise SourceError(msg, code="own_rows")


def _too_many_columns(name: str, count: int) -> NoReturn:
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
    begins, cells = 1, 0
    try:
        for row in reader:
            if len(row) > MOST_COLUMNS:
                _too_many_columns(name, len(row))
            _check_length(row)
            if any(one.strip() for one in row) and not (not rows and row[0].startswith("#")):
                rows.append([one if one.strip() else None for one in row])
                lines.append(begins)
                cells += len(row)
            begins = reader.line_num + 1
            if len(rows) > MOST_ROWS or begins > _MOST_LINES:
                _too_many_rows(name)
            if cells > _MOST_CELLS:
                _too_many_cells(name)
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
