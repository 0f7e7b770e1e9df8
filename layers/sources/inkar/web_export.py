"""Tables of Kreise as the web site of INKAR exports them: CSV, XLS or XLSX.

Two header rows: the first names the indicator above each column, the second its year. Data begins
in row 3 with key, name and kind of the Kreis. CSV is UTF-8 with decimal comma and points between
thousands. A table that was saved again with a spreadsheet may have lost the leading zeros of its
keys; they are put back, since a key of a Kreis has five digits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.sources.formats import (
    Where,
    csv_lines,
    decode,
    load,
    mixed_to_numbers,
    sheet_rows,
    workbook,
)  # fmt: skip
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from layers.sources.formats import Raw

__all__ = ["read", "read_export"]

SHEET = "Daten"
#: Words of the third column for Kreise; it is empty in tables that were saved again.
KINDS = ("krsfr. Stadt", "kreisfreie Stadt", "Landkreis", "")
_HEAD = ("Kennziffer", "Raumeinheit", "Aggregat")
_HINT = "The right file is a table of Kreise as exported by https://www.inkar.de, unchanged."
_MARKS = {"": "no value"}
_FIRST_DATA = 3


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read the indicator labelled `code` from the export ``inkar/<table>``.

    Raises
    ------
    SourceError
        As `read_export`, or if the table has no such label.
    """
    path = raw / "inkar" / table
    found = read_export(path)
    chosen = found[found["indicator"] == code].drop(columns="indicator")
    if chosen.empty:
        labels = ", ".join(f"'{label}'" for label in found["indicator"].unique()[:12])
        what = f"has no indicator '{code}'; it has {labels}."
        raise Where(str(path)).fault(what, line=1)
    return chosen.reset_index(drop=True)


def read_export(source: Path | Raw) -> pd.DataFrame:
    """Read a whole export.

    Returns
    -------
    DataFrame
        A long table with the label of each indicator, without the blanks around it. Cells without
        a value are left out.

    Raises
    ------
    SourceError
        If a header row, key, kind, year or number is not as expected, or if a key or a column
        occurs twice; names line and column.
    """
    raw = load(source)
    where = Where(raw.name, _HINT)
    rows = _text_rows(raw, where)
    labels, years = _columns(rows, where)
    data = [(line, row) for line, row in enumerate(rows[2:], start=_FIRST_DATA) if any(row)]
    region = _regions(data, where)
    tables = [
        _column([(line, row[at]) for line, row in data], region, (label, year), where)
        for at, (label, year) in enumerate(zip(labels, years, strict=True), start=len(_HEAD))
    ]
    return pd.concat(tables).sort_values(["indicator", "region", "year"], ignore_index=True)


def _text_rows(raw: Raw, where: Where) -> list[list[Any]]:
    """Rows as they stand: text from CSV, text and numbers from a workbook; all equally wide."""
    is_workbook = raw.content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
    rows: list[list[Any]]
    if is_workbook:
        rows = sheet_rows(workbook(raw), SHEET, where)
    else:
        rows = [*csv_lines(decode(raw), where)]
    if len(rows) < _FIRST_DATA:
        what = f"has {len(rows)} rows; expected are two header rows and data."
        raise where.fault(what)
    width = len(rows[0])
    for line, row in enumerate(rows, start=1):
        if len(row) != width and (row or line < _FIRST_DATA):
            what = f"has {len(row)} fields, the header has {width}."
            raise where.fault(what, line=line)
    return rows


def _columns(rows: Sequence[Sequence[Any]], where: Where) -> tuple[list[str], list[int]]:
    head = tuple(_plain(cell) for cell in rows[0][: len(_HEAD)])
    if head[:2] != _HEAD[:2] or head[2] not in (_HEAD[2], ""):
        what = f"begins with {', '.join(head)!r}; expected is {', '.join(_HEAD)!r}."
        raise where.fault(what, line=1)
    labels = [_plain(cell) for cell in rows[0][len(_HEAD) :]]
    texts = [_plain(cell) for cell in rows[1][len(_HEAD) :]]
    for label, text in zip(labels, texts, strict=True):
        if not label or not re.fullmatch(r"(19|20)[0-9]{2}", text):
            what = f"{text!r} is no year, or the column has no label."
            raise where.fault(what, line=2, column=label)
    years = [int(text) for text in texts]
    pairs = list(zip(labels, years, strict=True))
    twice = next((pair for pair in pairs if pairs.count(pair) > 1), None)
    if twice:
        what = (
            f"occurs more than once for {twice[1]}; export indicators of the same name one by one."
        )
        raise where.fault(what, line=1, column=twice[0])
    return labels, years


def _plain(cell: object) -> str:
    """Text of a header cell; a whole number as Excel stores it (2017.0) without its point."""
    text = f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)
    return " ".join(text.split())


def _regions(data: Sequence[tuple[int, Sequence[Any]]], where: Where) -> pd.Series:
    keys: dict[int, str] = {}
    for line, row in data:
        key, kind = _plain(row[0]), _plain(row[2])
        if not re.fullmatch(r"(0[1-9]|1[0-6])[0-9]{3}|[1-9][0-9]{3}", key) or kind not in KINDS:
            what = f"{key!r} ({kind or 'no kind'}) is no key of a Kreis: expected are 5 digits."
            raise where.fault(what, line=line, column=_HEAD[0])
        keys[line] = key.zfill(5)
    regions = pd.Series(keys, dtype="str")
    twice = regions[regions.duplicated()]
    if len(twice):
        what = f"'{twice.iloc[0]}' occurs more than once."
        raise where.fault(what, line=int(twice.index[0]), column=_HEAD[0])
    return regions


def _column(
    cells: Sequence[tuple[int, Any]], region: pd.Series, head: tuple[str, int], where: Where
) -> pd.DataFrame:
    label, year = head
    lines, values = zip(*cells, strict=True) if cells else ((), ())
    column = pd.Series(values, index=list(lines), name=f"{label} {year}", dtype="object")
    numbers = mixed_to_numbers(column, where, grouped=True, marks=_MARKS)
    known = numbers.dropna()
    return long_table(region[known.index], year, known, indicator=label)
