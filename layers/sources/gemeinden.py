"""Municipalities: the register of the BBSR crosswalk, and the census of 2022 by municipality.

Both are of one Gebietsstand, 31 December 2022. Of the copy of the census only those columns are
read that hold what they are called, or of which it can be said what they hold instead: its labels
of the age groups contradict the names of the columns, and its share of houses for one or two
families is 100 % nearly everywhere. Cells of the census are rounded and slightly altered for
secrecy, so that a share in a village of thirty people may be off by several points.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.errors import SourceError
from layers.sources.longtable import long_table, numbers, read_csv

if TYPE_CHECKING:
    from pathlib import Path

CENSUS = "indicators/gerda_census2022/gerda_census2022_gemeinden.csv"
REGISTER = "geo/bbsr_umsteigeschluessel/ref-gemeinden-ab-2020.xlsx"
#: Of the census (15 May) and of the register (31 December).
YEAR = 2022
_SUFFIX = "_census22"
#: Columns of the copy that can be read, without their common ending.
CENSUS_CODES = (
    "share_under18", "share_65plus", "share_foreign", "share_migration_bg", "vacancy_rate",
    "share_owner_occupied", "avg_rent_per_m2",
)  # fmt: skip
_SHEET = "2022"
#: How headings of the register begin -> what they are called here.
_HEADINGS = {
    "Gemeinden 31.12.2022": "region",
    "Gemeinden Regionalschlüssel 31.12.2022": "ars",
    "Gemeindename 2022": "name",
    "Fläche am 31.12.2022": "area_km2",
    "Bevölkerung am 31.12.2022": "population",
}
_SIZES = ("population", "area_km2")


def read(raw: Path, code: str, table: str = "") -> pd.DataFrame:  # noqa: ARG001 one edition only
    """Read a column of the census (see `CENSUS_CODES`), or ``population`` or ``area_km2``.

    Shares are in %, rents in euros per m², population in persons and area in km². What the census
    does not publish is absent; the uninhabited areas have neither population nor area.

    Raises
    ------
    SourceError
        If a file or a column is missing, or `code` cannot be read.
    """
    if code in _SIZES:
        inhabited = register(raw).query("population > 0")
        return long_table(inhabited["region"], YEAR, inhabited[code])
    if code not in CENSUS_CODES:
        known = ", ".join([*CENSUS_CODES, *_SIZES])
        msg = f"{raw / CENSUS}: '{code}' cannot be read; possible are {known}."
        raise SourceError(msg)
    rows = read_csv(raw / CENSUS, ("ags", code + _SUFFIX))
    value = numbers(rows, code + _SUFFIX, raw / CENSUS)
    return long_table(rows["ags"][value.notna()], YEAR, value.dropna())


def register(raw: Path) -> pd.DataFrame:
    """Read all municipalities and areas outside of any, sorted by key.

    Returns
    -------
    DataFrame
        region (AGS, 8 digits), ars (12 digits), name, population (persons at the end of 2022,
        updated from the census of 2011; 0 where nobody lives), area_km2.

    Raises
    ------
    SourceError
        If the workbook, its sheet or a column is missing, or a cell is unusable.
    """
    return _register(raw / REGISTER).copy()


@lru_cache(maxsize=1)
def _register(path: Path) -> pd.DataFrame:
    head, *rows = _rows(path)
    headings = [" ".join(str(cell).split()) for cell in head]
    table = pd.DataFrame(
        {name: _column(headings, rows, begin, path) for begin, name in _HEADINGS.items()}
    )
    for key, digits in (("region", 8), ("ars", 12)):
        table[key] = _whole(table, key, path).astype("str").str.zfill(digits)
    table["population"] = _whole(table, "population", path)
    table["area_km2"] = _numeric(table, "area_km2", path)
    # A municipality that was divided later has a row for each of its parts.
    return table.drop_duplicates("region").sort_values("region", ignore_index=True)


def _rows(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    if not path.is_file():
        msg = f"{path}: this file of the raw data is missing; see the build definition."
        raise SourceError(msg)
    try:
        book = CalamineWorkbook.from_path(path)
        if _SHEET not in book.sheet_names:
            msg = f"{path}: has no sheet '{_SHEET}'; its sheets are {', '.join(book.sheet_names)}."
            raise SourceError(msg)
        rows = book.get_sheet_by_name(_SHEET).to_python()
    except CalamineError as cause:
        msg = f"{path}: cannot be read as a workbook; fetch it again."
        raise SourceError(msg) from cause
    if len(rows) < 2:  # noqa: PLR2004 -- heading and one row
        msg = f"{path}: sheet '{_SHEET}' is empty; fetch the workbook again."
        raise SourceError(msg)
    return rows


def _column(headings: list[str], rows: list[list[Any]], begin: str, path: Path) -> list[Any]:
    for place, heading in enumerate(headings):
        if heading.startswith(begin):
            return [row[place] for row in rows]
    msg = (
        f"{path}: sheet '{_SHEET}' has no column '{begin}'; its columns are {', '.join(headings)}."
    )
    raise SourceError(msg)


def _numeric(table: pd.DataFrame, column: str, path: Path) -> pd.Series:
    found = pd.to_numeric(table[column], errors="coerce")
    if found.isna().any():
        row = int(found.isna().to_numpy().argmax())
        cell = table[column].iloc[row]
        msg = f"{path}: sheet '{_SHEET}', row {row + 2}: {cell!r} is no number ({column})."
        raise SourceError(msg)
    return found


def _whole(table: pd.DataFrame, column: str, path: Path) -> pd.Series:
    """Whole numbers, which the workbook holds as decimals."""
    return _numeric(table, column, path).astype("int64")
