"""Workbooks: XLSX, XLSB, XLS and ODS."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from layers.errors import SourceError
from layers.workbook import ZIP, Room, check_lock, check_package, open_apart

if TYPE_CHECKING:
    from layers.sources.formats.raw import Raw, Where

#: Largest sheet: its rows times its columns, empty cells between included.
MAX_CELLS = 20_000_000
_ROOM = Room(unpacked=2_000_000_000, span=2 * MAX_CELLS)


def workbook(raw: Raw) -> Any:
    """Open an XLSX, XLSB, XLS or ODS workbook (python-calamine).

    Raises
    ------
    SourceError
        If it is none, is damaged or locked, or unpacks to more than a publisher's table.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        check_lock(raw.content, raw.name)
        if raw.content.startswith(ZIP):
            # The library makes room for all cells of a sheet before any can be counted.
            check_package(raw.content, raw.name, _ROOM)
        else:
            # Of an older one it makes room for all sheets at once, and nothing tells beforehand.
            open_apart(raw.content, raw.name)
        return CalamineWorkbook.from_filelike(io.BytesIO(raw.content))
    except (CalamineError, OSError, ValueError) as cause:
        reason = str(cause).removeprefix(f"{raw.name}: ").removesuffix(".")
        msg = f"{raw.name}: is no readable workbook ({reason}); expected is XLSX, XLSB, XLS or ODS."
        raise SourceError(msg) from cause


def sheet_rows(book: Any, sheet: str, where: Where) -> list[list[Any]]:
    """All rows of a sheet from its first line on, so that position + 1 is the row number.

    Raises
    ------
    SourceError
        If the workbook has no such sheet, or it is damaged or has more than `MAX_CELLS` cells.
    """
    from python_calamine import CalamineError

    if sheet not in book.sheet_names:
        what = f"has no sheet '{sheet}'; its sheets are {', '.join(book.sheet_names)}."
        raise where.fault(what)
    try:
        found = book.get_sheet_by_name(sheet)
        if found.total_height * found.total_width > MAX_CELLS:
            what = f"sheet '{sheet}' spans more than {MAX_CELLS:,} cells."
            raise where.fault(what)
        rows: list[list[Any]] = found.to_python(skip_empty_area=False)
    except CalamineError as cause:
        what = f"sheet '{sheet}' is damaged ({cause}); download the file again."
        raise where.fault(what) from cause
    return rows
