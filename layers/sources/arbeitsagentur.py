"""Workbooks of the Federal Employment Agency (Bundesagentur für Arbeit), one region per row.

The sheets are laid out for people: titles, header rows of changing number with merged cells, a row
of column numbers, a total, then regions, then persons that could not be assigned, then a footer.
What a sheet means is therefore found from its data: they begin at the first row whose first cell is
a regional key, alone (``01001``) or with a name (``01001 Flensburg, Stadt``); the rows above with
words in the columns of numbers, up to an empty one, are the header.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.errors import SourceError
from layers.sources.formats import (
    Raw,
    Where,
    excel_number,
    first_row,
    is_zip,
    joined_headers,
    load,
    member,
    members,
    sheet_rows,
    workbook,
)
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["AgencySheet", "long", "read", "read_sheet"]

FOLDER = "arbeitsagentur"

_HINT = "Get the workbook from statistik.arbeitsagentur.de."
#: Marks of the agency -> legend.
_MARKS = {
    "*": "withheld, as few persons could be recognised",
    "-": "nothing there",
    ".": "no evidence",
    "...": "follows later",
    "x": "makes no sense",
    "X": "makes no sense",
    ".x": "change of more than 250 per cent",
    "": "empty cell",
}
_KEYED = re.compile(r"(\d{2}|\d{3}|\d{5}|\d{8})(?:\s+(\D.*))?")
_LEVELS = {2: "land", 3: "agency", 5: "kreis", 8: "municipality"}
_NOWHERE = re.compile(r"XXX|.*[Kk]eine Zuordnung")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}|(?:\d{2}\.\d{2}\.)?(?:19|20)\d{2}")
_MEMBER = r".*\.(?:xlsx|xlsb|xls)"


@dataclass(frozen=True)
class AgencySheet:
    """One sheet.

    Attributes
    ----------
    rows : DataFrame
        One row per cell: row (in the sheet), region, level, name, measure (header rows joined by
        " / ", without the time), time (as printed, or ISO), value, mark, flag.
    total : Series
        Published total by (measure, time); empty where the sheet has none.
    notes : tuple of str
        Rows and cells that were left out.
    """

    name: str
    rows: pd.DataFrame
    total: pd.Series
    notes: tuple[str, ...]


def read_sheet(source: Path | Raw, sheet: str) -> AgencySheet:
    """Read `sheet` of a workbook (XLSX, XLSB, XLS), plain or inside a zip.

    Raises
    ------
    SourceError
        If the sheet is missing, no row begins with a key, no header stands above the data, a key
        occurs twice, or a cell is neither a number nor a known mark; names row and column.
    """
    raw = load(source)
    if is_zip(raw) and "[Content_Types].xml" not in members(raw):
        raw = member(raw, _MEMBER)
    where = Where(f"{raw.name}, sheet '{sheet}'", _HINT)
    rows = sheet_rows(workbook(raw), sheet, where)
    first = first_row(rows, _is_data)
    if first < 0:
        what = "no row begins with a regional key such as '01001' or '01001 Flensburg, Stadt'."
        raise where.fault(what)
    start = 1 if _name_in_key(rows[first]) else 2
    labels = _labels(rows[:first], start, where)
    cells, left_out = _cells(rows, first, labels, where)
    table = pd.DataFrame(cells, columns=["row", "region", "name", "position", "value", "mark"])
    twice = table.duplicated(["region", "position"])
    if twice.any():
        row = table[twice].iloc[0]
        what = f"key {row['region']} occurs a second time."
        raise where.fault(what, line=int(row["row"]))
    split = pd.DataFrame(list(labels.values()), index=list(labels), columns=["measure", "time"])
    table = table.join(split, on="position").drop(columns="position")
    table["level"] = table["region"].str.len().map(_LEVELS)
    table["flag"] = (table["mark"] == "*").map({True: "withheld", False: ""})
    return AgencySheet(
        where.name, table, _total(rows[:first], start, split), (*left_out, *_told(table))
    )


def long(
    sheet: AgencySheet, measure: str, *, level: str = "kreis", year: int | None = None,
    dash_is_zero: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Pick one measure as a long table, for all times in the header.

    Parameters
    ----------
    year : int
        Of sheets whose header names no time.
    dash_is_zero : bool
        Whether ``-`` ("nothing there") is the number 0, as it is for counts. Else it is a gap.

    Raises
    ------
    SourceError
        If the measure or level does not occur, or the time is missing or ambiguous.
    """
    where = Where(sheet.name)
    there = list(dict.fromkeys(sheet.rows["measure"]))
    if measure not in there:
        what = f"has no column '{measure}'; it has {', '.join(map(repr, there[:12]))}."
        raise where.fault(what)
    rows = sheet.rows[(sheet.rows["measure"] == measure) & (sheet.rows["level"] == level)]
    if rows.empty:
        what = (
            f"has no regions of level '{level}'; it has {', '.join(sheet.rows['level'].unique())}."
        )
        raise where.fault(what)
    dated = (rows["time"] != "").all()
    if dated == (year is not None):
        what = (
            f"column '{measure}': the header names the time, so that none may be given."
            if dated
            else f"column '{measure}': the header names no time; say which year it is."
        )
        raise where.fault(what)
    years = rows["time"].str.extract(r"((?:19|20)\d{2})", expand=False) if dated else year
    table = rows.assign(year=years)
    if table.duplicated(["region", "year"]).any():
        what = f"column '{measure}' occurs several times in a year."
        raise where.fault(what)
    if dash_is_zero:
        table["value"] = table["value"].mask(table["mark"] == "-", 0.0)
    kept = table[table["value"].notna() | (table["flag"] == "withheld")]
    return long_table(kept["region"], kept["year"].astype("int32"), kept["value"], kept["flag"])


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read a measure of Kreise from ``arbeitsagentur/<file>``, where ``-`` is 0.

    Parameters
    ----------
    code : str
        Measure, its header rows joined by " / ".
    table : str
        ``<file>#<sheet>``, and ``#<year>`` where the header names no time.

    Raises
    ------
    SourceError
        As `read_sheet` and `long`, or if `table` cannot be understood.
    """
    found = re.fullmatch(r"([^#]+)#([^#]+)(?:#(\d{4}))?", table)
    if not found:
        msg = (
            f"Federal Employment Agency: '{table}' cannot be read as file#sheet or file#sheet#year."
        )
        raise SourceError(msg)
    sheet = read_sheet(raw / FOLDER / found[1], found[2])
    return long(sheet, code, year=int(found[3]) if found[3] else None, dash_is_zero=True)


def _is_data(row: Sequence[Any]) -> bool:
    """Tell rows of regions; a row of column numbers has numbers, and no text, as its cells."""
    if not row or not isinstance(row[0], str) or not _KEYED.fullmatch(row[0].strip()):
        return False
    return any(excel_number(cell, _MARKS) and cell != "" for cell in row[1:])


def _name_in_key(row: Sequence[Any]) -> bool:
    found = _KEYED.fullmatch(str(row[0]).strip())
    return bool(found and found[2])


def _words(cell: object) -> str:
    return cell.isoformat()[:10] if isinstance(cell, dt.date) else str(cell).strip()


def _labels(above: Sequence[Sequence[Any]], start: int, where: Where) -> dict[int, tuple[str, str]]:
    """Measure and time by position of the columns that have a header."""
    header: list[list[str]] = []
    for row in reversed(above):
        cells = row[start:]
        words = [_words(cell) for cell in cells]
        if any(isinstance(cell, int | float) for cell in cells):
            continue  # numbers of the columns, or a total
        if not any(words):
            break  # titles stand above an empty row
        header.insert(0, ["", *words])
    labels: dict[int, tuple[str, str]] = {}
    for position, label in enumerate(joined_headers(header)[1:], start=start):
        parts = label.split(" / ") if label else []
        times = [part for part in parts if _TIME.fullmatch(part)]
        if parts:
            measure = " / ".join(part for part in parts if part not in times)
            labels[position] = (measure, times[-1] if times else "")
    if not labels:
        what = "no header stands above the columns of numbers."
        raise where.fault(what)
    return labels


def _cells(
    rows: Sequence[Sequence[Any]], first: int, labels: dict[int, tuple[str, str]], where: Where
) -> tuple[list[tuple[int, str, str, int, float, str]], list[str]]:  # fmt: skip
    cells: list[tuple[int, str, str, int, float, str]] = []
    nowhere, unkeyed = 0, []
    for number, row in enumerate(rows[first:], start=first + 1):
        said = _words(row[0])
        filled = any(_words(cell) for cell in row[1:])
        found = _KEYED.fullmatch(said)
        if found and filled:
            name = found[2] or _words(row[1])
            cells.extend(
                (number, found[1], name, position, *_value(row, position, number, label, where))
                for position, label in labels.items()
            )
        elif _NOWHERE.match(said):
            nowhere += 1
        elif filled and said[:1].isdigit():
            what = f"{said!r} is no regional key."
            raise where.fault(what, line=number)
        elif any(isinstance(cell, int | float) for cell in row[1:]):
            unkeyed.append(said)
    notes = [f"Rows 'no assignment possible', left out: {nowhere}."] * (nowhere > 0)
    if unkeyed:
        notes.append(f"Rows without a key, left out: {len(unkeyed)} ({', '.join(unkeyed[:3])}).")
    return cells, notes


def _value(
    row: Sequence[Any], position: int, number: int, label: tuple[str, str], where: Where
) -> tuple[float, str]:
    cell = row[position] if position < len(row) else ""
    found = excel_number(cell, _MARKS)
    if found is None:
        words = ", ".join(f"'{mark}' ({legend})" for mark, legend in _MARKS.items() if mark)
        what = f"{cell!r} is no number and no known mark: {words}."
        raise where.fault(what, line=number, column=" / ".join(filter(None, label)))
    return found[0], found[1] or ("empty" if cell == "" else "")


def _total(above: Sequence[Sequence[Any]], start: int, split: pd.DataFrame) -> pd.Series:
    """Numbers of the last row above the regions, if it says that it is their total."""
    index = pd.MultiIndex.from_frame(split)
    row = above[-1] if above else []
    if not row or not re.match(r"Insgesamt|Deutschland", _words(row[0])):
        return pd.Series(dtype="float64")
    values = [excel_number(row[position], _MARKS) for position in split.index if position >= start]
    return pd.Series([value[0] if value else None for value in values], index, dtype="float64")


def _told(table: pd.DataFrame) -> list[str]:
    counts = table.loc[table["mark"] != "", "mark"].value_counts().sort_index()
    return [
        f"Cells with '{mark}' ({_MARKS.get(str(mark), 'empty cell')}): {count}."
        for mark, count in counts.items()
    ]
