"""A program of its own that opens one workbook: what breaks it, breaks nothing else.

The library that reads workbooks takes as much memory as a file makes it take, and where there is
none left it ends the whole process. So it works here, with bounds for memory and time that the
system keeps. The file comes on standard input; the answer is one JSON object on standard output:
``sheets``, or ``fault`` (a code) with ``reason``.

It is started by its path and imports nothing of the project, so that it begins at once.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

#: Bytes of memory; a table of the largest size allowed takes half of it.
MEMORY = 1_500_000_000
#: Seconds of work.
SECONDS = 20
#: Cells between the first and the last of a sheet, gaps counted.
MOST_CELLS = 5_000_000
#: Characters of all cells together: a text that stands in a file once can fill every cell.
MOST_TEXT = 50_000_000


class _BeyondLimitError(Exception):
    """Something is beyond a limit; carries the code and what was counted."""


def _bound() -> None:
    try:
        import resource
    except ImportError:
        # Windows has no such bounds; the caller's clock still runs.
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        hard = resource.getrlimit(what)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, hard))


def _plain(value: object) -> str | float | None:
    """Numbers stay numbers; dates and truth values become the text that a person sees."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        return value if value.strip() else None
    if value is None:
        return None
    day = getattr(value, "date", lambda: None)()
    return str(value) if day is None else str(day.isoformat())


def _sheet(book: Any, title: str, rows: int, columns: int, room: list[int]) -> dict[str, Any]:
    kept, lines = [], []
    sheet = book.get_sheet_by_name(title)
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise _BeyondLimitError("own_cells", 0)
    # Older versions of the library fail at a sheet without cells.
    filled = sheet.iter_rows() if sheet.start else ()
    for number, row in enumerate(filled, start=1):
        if number > rows:
            raise _BeyondLimitError("own_rows", 0)
        cells = [_plain(one) for one in row]
        while cells and cells[-1] is None:
            cells.pop()
        if len(cells) > columns:
            raise _BeyondLimitError("own_columns", len(cells))
        room[0] -= sum(len(one) for one in cells if isinstance(one, str))
        if room[0] < 0:
            raise _BeyondLimitError("own_bomb", 0)
        if cells:
            kept.append(cells)
            lines.append(number)
    return {"name": title, "rows": kept, "lines": lines}


def _answer(content: bytes, sheets: int, rows: int, columns: int) -> dict[str, Any]:
    from python_calamine import CalamineWorkbook

    room = [MOST_TEXT]
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            titles = book.sheet_names[:sheets]
            return {"sheets": [_sheet(book, one, rows, columns, room) for one in titles]}
    except _BeyondLimitError as refused:
        code, count = refused.args
        return {"fault": code, "count": count}
    except MemoryError:
        return {"fault": "own_bomb", "count": 0}
    except BaseException as cause:
        # A panic of the library is no Exception.
        if not isinstance(cause, Exception) and type(cause).__name__ != "PanicException":
            raise
        return {"fault": "own_damaged", "reason": f"{cause!s:.120}"}


if __name__ == "__main__":
    _bound()
    given = [int(one) for one in sys.argv[1:4]]
    json.dump(_answer(sys.stdin.buffer.read(), *given), sys.stdout)
