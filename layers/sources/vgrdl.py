"""Regional accounts (Volkswirtschaftliche Gesamtrechnungen der Länder): income by Kreis.

One sheet per quantity, named by its number (``2.4`` is disposable income per head in euros): title,
unit, a header row with the years, then Länder, districts and Kreise one below the other. A row is
one of a Kreis if its column ``NUTS 3`` says so; Berlin and Hamburg stand there with the key of
their Land. The keys of Brandenburg are stored as numbers. A point says that there is no number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.sources.formats import (
    Raw,
    Where,
    city_states,
    first_row,
    load,
    mixed_to_numbers,
    sheet_rows,
    workbook,
)
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    #: Rows of a sheet by their line.
    Rows = Mapping[int, Sequence[Any]]

__all__ = ["FOLDER", "read", "read_sheet"]

FOLDER = "vgrdl"
_HINT = "Get the workbook 'Reihe 2 Band 3' from www.statistikportal.de/de/vgrdl."
_NUMBER, _KEY, _LEVEL = "Lfd. Nr.", "Regional-schlüssel", "NUTS 3"
#: Word in the column `_LEVEL` that marks a Kreis.
_KREIS = "3"
_KEYS = r"(?:0[1-9]|1[0-6])(?:\d{3})?"
_MARKS = {".": "no number", "": "no number"}


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read the sheet `code`, such as ``2.4``, of the workbook ``vgrdl/<table>``.

    Raises
    ------
    SourceError
        As `read_sheet`.
    """
    return read_sheet(raw / FOLDER / table, code)


def read_sheet(source: Path | Raw, sheet: str) -> pd.DataFrame:
    """Read one quantity by Kreis for all years, in the unit that the sheet states.

    Raises
    ------
    SourceError
        If the sheet, its header, a year or a Kreis is not there, a key is none of a Kreis or
        occurs twice, or a cell is neither a number nor a point.
    """
    raw = load(source)
    where = Where(f"{raw.name}, sheet '{sheet}'", _HINT)
    rows = sheet_rows(workbook(raw), sheet, where)
    at = first_row(rows, lambda row: bool(row) and _plain(row[0]) == _NUMBER)
    if at < 0:
        what = f"no row begins with '{_NUMBER}', as the header does."
        raise where.fault(what)
    names = [_plain(cell) for cell in rows[at]]
    for column in (_KEY, _LEVEL):
        if column not in names:
            what = f"this column is missing; there are {', '.join(names[:8])}."
            raise where.fault(what, line=at + 1, column=column)
    level = names.index(_LEVEL)
    below = enumerate(rows[at + 1 :], start=at + 2)
    kreise: Rows = {line: row for line, row in below if _plain(row[level]) == _KREIS}
    region = _regions({line: row[names.index(_KEY)] for line, row in kreise.items()}, where)
    years = {n: int(name) for n, name in enumerate(names) if re.fullmatch(r"(19|20)\d\d", name)}
    if not years or region.empty:
        what = "has no column of a year, or no row of a Kreis."
        raise where.fault(what, line=at + 1)
    return pd.concat(
        [_column(kreise, position, year, region, where) for position, year in years.items()]
    ).sort_values(["region", "year"], ignore_index=True)


def _column(rows: Rows, position: int, year: int, region: pd.Series, where: Where) -> pd.DataFrame:
    values = [row[position] for row in rows.values()]
    cells = pd.Series(values, list(rows), name=str(year), dtype="object")
    known = mixed_to_numbers(cells, where, marks=_MARKS).dropna()
    return long_table(region[known.index], year, known)


def _regions(cells: Mapping[int, Any], where: Where) -> pd.Series:
    keys: dict[int, str] = {}
    for line, cell in cells.items():
        keys[line] = _plain(cell)
        if not re.fullmatch(_KEYS, keys[line]):
            what = f"{cell!r} is no key of a Kreis (5 digits) or of a city state."
            raise where.fault(what, line=line, column=_KEY)
    regions = pd.Series(keys, dtype="str")
    regions = city_states(regions, kreise=regions)
    odd = regions[regions.duplicated() | (regions.str.len() != len("01001"))]
    if len(odd):
        what = f"'{odd.iloc[0]}' occurs more than once, or is a Land that is no Kreis."
        raise where.fault(what, line=int(odd.index[0]), column=_KEY)
    return regions


def _plain(cell: object) -> str:
    """Text of a cell; a whole number as workbooks store it (1995.0) without its point."""
    text = f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)
    return " ".join(text.split())
