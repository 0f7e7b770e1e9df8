"""Lines, tables and headers of text files."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from layers.sources.formats.raw import Where


#: Ends of lines; only a whole row of CR is looked at, and only once.
_ENDS = re.compile(r"(?<!\r)\r++\n")


def csv_lines(text: str, where: Where, sep: str = ";") -> list[list[str]]:
    """Split text into lines of fields; a quoted field may hold line breaks.

    For small files. Lines that end in CR CR LF, as some publishers write them, count once.

    Raises
    ------
    SourceError
        If a line break stands within an unquoted field, or a field is longer than any number or
        name.
    """
    reader = csv.reader(io.StringIO(_ENDS.sub("\n", text)), delimiter=sep)
    try:
        return list(reader)
    except csv.Error as cause:
        what = f"is no readable CSV ({cause})."
        raise where.fault(what, line=reader.line_num) from cause


def table_from(text: str, where: Where, *, header: int = 1, sep: str = ";") -> pd.DataFrame:
    """Read unquoted CSV text as a table of text, indexed by line number.

    Parameters
    ----------
    header : int
        Line of the column names, counted from 1.

    Raises
    ------
    SourceError
        If there is no data, a column name occurs twice, a quote occurs, or a line has another
        number of fields than the header (as where a download was cut off).
    """
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) <= header:
        what = f"has no data; expected is a header in line {header} and data below."
        raise where.fault(what)
    names = lines[header - 1].split(sep)
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        what = f"the name occurs {names.count(twice)} times; every column needs its own."
        raise where.fault(what, line=header, column=twice)
    data = lines[header:]
    _same_width(data, len(names), where, header, sep)
    table = pd.read_csv(
        io.StringIO("\n".join(data)), sep=sep, names=names, dtype="str",
        keep_default_na=False, quoting=csv.QUOTE_NONE, skip_blank_lines=False, lineterminator="\n",
    )  # fmt: skip
    table.index = pd.RangeIndex(header + 1, header + 1 + len(table), name="line")
    return table


def _same_width(data: Sequence[str], width: int, where: Where, header: int, sep: str) -> None:
    for number, line in enumerate(data, start=header + 1):
        if line.count(sep) != width - 1 or '"' in line:
            count = line.count(sep) + 1
            begin = f"begins {line[:60]!r}"
            what = f"has {count} fields, expected are {width} without quotes ({begin})."
            raise where.fault(what, line=number)


def first_row(rows: Sequence[Sequence[Any]], is_data: Callable[[Sequence[Any]], bool]) -> int:
    """Position of the first row that `is_data`, or -1."""
    return next((position for position, row in enumerate(rows) if is_data(row)), -1)


def joined_headers(rows: Sequence[Sequence[str]], joint: str = " / ") -> list[str]:
    """Join header rows to one label per column.

    A merged cell stands in its first column only, so labels are carried on to the right: in the
    upper rows up to the next label, and no further than the cell above reaches. The last row is
    taken as it stands. Equal neighbours in a column are named once. A column without any word of
    its own has no label.
    """
    if not rows:
        return []
    width = max(map(len, rows))
    filled = [[_text(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    spoken = [any(row[column] for row in filled) for column in range(width)]
    for level, row in enumerate(filled[:-1]):
        for column in range(1, width):
            above_goes_on = level == 0 or filled[level - 1][column] == filled[level - 1][column - 1]
            if not row[column] and above_goes_on and column > 1:
                row[column] = row[column - 1]
    return [
        joint.join(_without_repeats(row[column] for row in filled)) if spoken[column] else ""
        for column in range(width)
    ]


def _without_repeats(labels: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for label in labels:
        if label and (not kept or kept[-1] != label):
            kept.append(label)
    return kept


def _text(cell: object) -> str:
    return " ".join(str(cell).split())
