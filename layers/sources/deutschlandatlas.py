"""Deutschlandatlas: tables of Kreise, as one workbook or as one CSV per release and vintage.

A release holds tables of several Gebietsstände side by side: ``KRS1222`` is the Kreise of
31 December 2022, ``KRS1224`` those of 2024. The vintage is asked for, checked against the name of
the key column and the file, and returned with the values. Keys are numbers of 7 or 8 digits that
end in 000; their leading zero is lost. A missing value is exactly -9999 or -99999: other large
negative numbers are true values (a balance of -1238.08, for instance). Some indicators are given
in classes only ("8,50 bis unter 10,00"); `classes` reads them. The files do not tell the year of an
indicator: it stands in the list of indicators that belongs to the release, and is stated by the
caller.

Facts on the CSV of 2026 come from descriptions, not from a file: ``;``, decimal comma, UTF-8 or
cp1252, perhaps text above the header.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from layers.errors import SourceError
from layers.sources.formats import (
    Where,
    csv_lines,
    decode,
    is_zip,
    load,
    mixed_to_numbers,
    sheet_rows,
    workbook,
)
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from pathlib import Path

    from layers.sources.formats import Raw

__all__ = ["MISSING", "classes", "read", "values"]

#: Numbers that stand for a missing value.
MISSING = (-9999.0, -99999.0)
WORKBOOK = "Deutschlandatlas-Daten.xlsx"
#: Key column of one release as it was printed -> the vintage that was meant.
_MISPRINTS = {"KRS12224": "KRS1224"}
_KEY_COLUMN = r"(?:KRS|GKZ|GEM|VBG|VBGEM)[0-9]{4,5}"
_KREIS_KEY = r"(?:0?[1-9]|1[0-6])[0-9]{3}000"
#: A Kreis that exists up to the vintage of 2020 and in none after it: Eisenach.
_DISSOLVED, _LAST_YEAR_OF_IT = "16056", 20
_CLASS = (
    r"(?:([0-9]+(?:,[0-9]+)?) )?(?:bis )?unter ([0-9]+(?:,[0-9]+)?)|([0-9]+(?:,[0-9]+)?) und mehr"
)
_HINT = "The right file is a table of https://www.deutschlandatlas.bund.de (Daten herunterladen)."
_SEARCHED = 40
_MARKS = {"": "no value"}


class _Table(NamedTuple):
    names: list[str]
    rows: list[tuple[int, list[Any]]]
    where: Where
    header: int


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read one indicator of the folder ``deutschlandatlas``.

    Parameters
    ----------
    table : str
        ``KRS1222/2021`` for the sheet KRS1222 of the workbook and values of 2021, or
        ``KRS1224_HA26/2025`` for a CSV of the release HA26.
    """
    found = re.fullmatch(r"(KRS[0-9]{4})(_\w+)?/([0-9]{4})", table)
    if found is None:
        msg = f"'{table}': expected is vintage and year, as in KRS1222/2021 or KRS1224_HA26/2025."
        raise SourceError(msg)
    name = f"Deutschlandatlas_{found[1]}{found[2]}.csv" if found[2] else WORKBOOK
    path = raw / "deutschlandatlas" / name
    return values(path, code, vintage=found[1], year=int(found[3])).drop(columns="vintage")


def values(source: Path | Raw, code: str, *, vintage: str, year: int) -> pd.DataFrame:
    """Read one indicator by Kreis.

    Parameters
    ----------
    vintage : str
        Gebietsstand, such as ``KRS1222``.
    year : int
        Year of the values, from the list of indicators of the release.

    Returns
    -------
    DataFrame
        A long table with the column ``vintage``; missing values are left out.

    Raises
    ------
    SourceError
        If the vintage is another one, the indicator is not there or is given in classes, or a key
        or a number is not as expected.
    """
    table, region = _table(load(source), vintage)
    cells = _cells(table, code)
    texts = cells[[isinstance(cell, str) for cell in cells]].astype("str").str.strip()
    in_classes = texts[texts.str.fullmatch(_CLASS)]
    if len(in_classes):
        what = f"holds classes such as {in_classes.iloc[0]!r} and no numbers; read them as classes."
        raise table.where.fault(what, line=int(in_classes.index[0]), column=code)
    numbers = mixed_to_numbers(cells, table.where, marks=_MARKS)
    known = numbers[numbers.notna() & ~numbers.isin(MISSING)]
    return long_table(region[known.index], year, known, vintage=vintage)


def classes(source: Path | Raw, code: str, *, vintage: str) -> pd.DataFrame:
    """Read an indicator that is given in classes.

    Returns
    -------
    DataFrame
        Indexed by region: text, lower (included) and upper (excluded), NaN where a class is open.

    Raises
    ------
    SourceError
        As `values`, or if a cell is no class.
    """
    table, region = _table(load(source), vintage)
    cells, found = _cells(table, code), {}
    for line, cell in zip(region.index, cells, strict=True):
        text = " ".join(str(cell).split())
        bounds = re.fullmatch(_CLASS, text)
        if bounds is None:
            what = f"{text!r} is no class such as '8,50 bis unter 10,00' or '11,50 und mehr'."
            raise table.where.fault(what, line=int(line), column=code)
        lower, upper = bounds[1] or bounds[3], bounds[2]
        found[region[line]] = (text, _bound(lower), _bound(upper))
    result = pd.DataFrame.from_dict(found, orient="index", columns=["text", "lower", "upper"])
    return result.rename_axis("region").sort_index()


def _bound(text: str | None) -> float:
    return float(text.replace(",", ".")) if text else np.nan


def _cells(table: _Table, code: str) -> pd.Series:
    if code not in table.names[2:]:
        there = ", ".join(table.names[2:])
        what = f"has no indicator '{code}'; there are {there}."
        raise table.where.fault(what, line=table.header)
    at = table.names.index(code)
    lines, rows = zip(*table.rows, strict=True)
    return pd.Series([row[at] for row in rows], index=list(lines), name=code, dtype="object")


def _table(raw: Raw, vintage: str) -> tuple[_Table, pd.Series]:
    """Read the table of a vintage; its regions are indexed by line."""
    table = _from_workbook(raw, vintage) if is_zip(raw) else _from_csv(raw)
    key = _MISPRINTS.get(table.names[0], table.names[0])
    named = re.search(r"_(KRS[0-9]{4})_", raw.name)
    if vintage != key or (named and named[1] != key):
        also = f", the file is named {named[1]}" if named and named[1] != key else ""
        what = f"the key column is '{table.names[0]}'{also}; expected is the vintage '{vintage}'."
        raise table.where.fault(what, line=table.header)
    return table, _regions(table, vintage)


def _from_workbook(raw: Raw, vintage: str) -> _Table:
    where = Where(raw.name, _HINT)
    rows = sheet_rows(workbook(raw), f"Deutschlandatlas_{vintage}", where)
    return _cut(rows, 0, where)


def _from_csv(raw: Raw) -> _Table:
    where = Where(raw.name, _HINT)
    rows: list[list[Any]] = [*csv_lines(decode(raw, "utf-8-sig", "cp1252"), where)]
    for at, row in enumerate(rows[:_SEARCHED]):
        if row and re.fullmatch(_KEY_COLUMN, row[0].strip()):
            return _cut(rows, at, where)
    what = f"none of the first {_SEARCHED} lines begins with a key column such as KRS1224."
    raise where.fault(what)


def _cut(rows: list[list[Any]], header: int, where: Where) -> _Table:
    names = [str(name).strip() for name in rows[header]] if rows else []
    data = [(line, row) for line, row in enumerate(rows[header + 1 :], header + 2) if any(row)]
    for line, row in data:
        if len(row) != len(names):
            what = f"has {len(row)} fields, the header has {len(names)}."
            raise where.fault(what, line=line)
    if not data:
        what = "has no data below its header."
        raise where.fault(what, line=header + 1)
    return _Table(names, data, where, header + 1)


def _regions(table: _Table, vintage: str) -> pd.Series:
    keys: dict[int, str] = {}
    for line, row in table.rows:
        key = f"{row[0]:.0f}" if isinstance(row[0], float) else str(row[0]).strip()
        if not re.fullmatch(_KREIS_KEY, key):
            what = f"{row[0]!r} is no key of a Kreis: expected are 7 or 8 digits that end in 000."
            raise table.where.fault(what, line=line, column=table.names[0])
        keys[line] = key.zfill(8)[:5]
    regions = pd.Series(keys)
    twice = regions[regions.duplicated()]
    if len(twice):
        what = f"'{twice.iloc[0]}' occurs more than once."
        raise table.where.fault(what, line=int(twice.index[0]), column=table.names[0])
    old = int(vintage[-2:]) <= _LAST_YEAR_OF_IT
    if old != (_DISSOLVED in keys.values()):
        what = (
            f"{_DISSOLVED} (Eisenach, until June 2021) is {'not ' if old else ''}there: "
            f"the rows are not those of the vintage '{vintage}'."
        )
        raise table.where.fault(what, column=table.names[0])
    return regions
