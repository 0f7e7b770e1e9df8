"""BBSR Umsteigeschlüssel as the publisher gives it: a workbook with one sheet per year.

Each sheet has one header row and one row per part of an old Kreis. Headings name their year and are
broken into lines in changing ways, so a column is known by the words that it begins with. Keys are
numbers of 7 or 8 digits that end in 000. What is wrong with the figures is mended by
`layers.sources.umsteigeschluessel`, which reads the same sheets below each other as one table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.sources.formats import Raw, Where, load, mixed_to_numbers, sheet_rows, workbook
from layers.sources.longtable import long_table
from layers.sources.umsteigeschluessel import MEASURES, PERSONS, sizes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    #: Rows of a sheet by their line.
    Rows = Mapping[int, Sequence[Any]]

__all__ = ["FILE", "parts", "read"]

FILE = "geo/bbsr_umsteigeschluessel/ref-kreise-umrech-2021-1990-2020.xlsx"
_HINT = "Get the Umsteigeschlüssel of Kreise from www.bbsr.bund.de (Raumbeobachtung)."
#: Beginning of the heading, without blanks and breaks -> column.
_COLUMNS = {
    "flächen": "area_share", "bevölkerungs": "population_share",
    "beschäftigten": "employees_share", "Flächeam": "area", "Bevölkerungam": "population",
    "sozialvers": "employees",
}  # fmt: skip
#: Columns that sheets before 1997 lack.
_LATER = ("employees_share", "employees")
_KREIS = r"(?:0?[1-9]|1[0-6])\d{3}000"


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read ``population`` or ``employees`` (persons) or ``area`` (km²) of the Kreise of a year.

    Raises
    ------
    SourceError
        As `parts`, if `code` is none of the three, or the year has no numbers of it.
    """
    path = raw / FILE
    if code not in MEASURES or not table.isdecimal():
        what = f"there is no '{code}' of {table!r}; there are {', '.join(MEASURES)} of a year."
        raise Where(str(path)).fault(what)
    known = sizes(parts(path, int(table)))[code].dropna().droplevel("status")
    if known.empty:
        what = f"has no usable '{code}'."
        raise Where(f"{path}, sheet '{table}'").fault(what)
    return long_table(known.index.to_series(), int(table), known)


def parts(source: Path | Raw, year: int) -> pd.DataFrame:
    """Read the parts of the Kreise of `year`, as `layers.sources.umsteigeschluessel.parts` does.

    Raises
    ------
    SourceError
        If there is no sheet of that year, a heading is missing, or a cell is no key or no number.
    """
    raw = load(source)
    where = Where(f"{raw.name}, sheet '{year}'", _HINT)
    rows = sheet_rows(workbook(raw), str(year), where)
    names = [re.sub(r"\s", "", str(cell)) for cell in rows[0]] if rows else []
    kreise = [n for n, name in enumerate(names) if name.startswith("Kreise31.12.")]
    both = 2
    if len(kreise) != both or str(year) not in names[kreise[0]]:
        what = f"expected are two columns of Kreise, the first of {year}; there are {names[:8]}."
        raise where.fault(what, line=1)
    data: Rows = {line: row for line, row in enumerate(rows[1:], start=2) if any(row)}
    table = pd.DataFrame(
        {"status": year, "old": _keys(data, kreise[0], where), "new": _keys(data, kreise[1], where)}
    )
    for beginning, column in _COLUMNS.items():
        place = next((n for n, name in enumerate(names) if name.startswith(beginning)), None)
        if place is None and column not in _LATER:
            what = f"no heading begins with '{beginning}'."
            raise where.fault(what, line=1)
        table[column] = float("nan") if place is None else _numbers(data, place, column, where)
    table[["population", "employees"]] *= PERSONS
    return table.astype({"status": "int32"}).reset_index(drop=True)


def _numbers(data: Rows, place: int, column: str, where: Where) -> pd.Series:
    cells = pd.Series(
        [row[place] for row in data.values()], list(data), name=column, dtype="object"
    )
    return mixed_to_numbers(cells, where, marks={"": "no number"})


def _keys(data: Rows, place: int, where: Where) -> pd.Series:
    keys = {}
    for line, row in data.items():
        cell = row[place]
        text = f"{cell:.0f}" if isinstance(cell, float) else str(cell).strip()
        if not re.fullmatch(_KREIS, text):
            what = f"{cell!r} is no key of a Kreis: expected are 7 or 8 digits that end in 000."
            raise where.fault(what, line=line)
        keys[line] = text.zfill(8)[:5]
    return pd.Series(keys, dtype="str")
