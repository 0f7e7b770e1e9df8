"""BBSR Umsteigeschlüssel: how the Kreise of each year map onto those of 31 December 2021.

Each row is one part of an old Kreis, from 1990 on: the new Kreis that it went to, the part's share
of the old Kreis by area, population and (from 1997 on) employees, and a size. The published sheets
have three faults, which are mended here and nowhere else:

* 1990 and 1991 hold population sums that cannot be (79 and 111 million): the population of these
  years has no usable size. Their shares add up and are used.
* Where an old Kreis was split, 2016 to 2018 give every part the area and population of the whole:
  parts of equal size and unequal share are read as the whole.
* 2020 gives Eisenach and Wartburgkreis the size of both together: old Kreise with the same new
  Kreis, the same area and the same population have no usable area and population in that year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.errors import SourceError
from layers.sources.longtable import long_table, numbers, read_csv

if TYPE_CHECKING:
    from pathlib import Path

FILE = "geo/bbsr_umsteigeschluessel/bbsr_umsteigeschluessel_kreise_1990-2020_auf_2021.csv"
#: What parts are weighed by.
MEASURES = ("area", "population", "employees")
#: The last year whose population sums cannot be.
_BAD_POPULATION = 1991
#: The first year with employees.
_FIRST_EMPLOYEES = 1997
#: The table gives thousands.
PERSONS = 1000
_NUMBERS = {
    "jahr": "status",
    "f_flaeche": "area_share",
    "f_bevoelkerung": "population_share",
    "f_beschaeftigte": "employees_share",
    "flaeche_km2": "area",
    "bevoelkerung_1000": "population",
    "svb_1000": "employees",
}


def parts(raw: Path) -> pd.DataFrame:
    """Read the parts of old Kreise.

    Returns
    -------
    DataFrame
        status (year of the old borders), old, new (keys), area_share, population_share,
        employees_share (of the old Kreis, 0 to 1), area (km²), population (persons) and employees
        (persons subject to social insurance at their place of work) as printed.

    Raises
    ------
    SourceError
        If the file or a column is missing, or a cell is not a number.
    """
    path = raw / FILE
    rows = read_csv(path, (*_NUMBERS, "ags5_alt", "ags5_neu"))
    table = pd.DataFrame({"old": rows["ags5_alt"], "new": rows["ags5_neu"]})
    for column, name in _NUMBERS.items():
        table[name] = numbers(rows, column, path)
    table[["population", "employees"]] *= PERSONS
    # The sheets of these years have cells for employees, all of them empty.
    early = table["status"] < _FIRST_EMPLOYEES
    table["employees"] = table["employees"].mask(early)
    return table.astype({"status": "int32"})


def sizes(table: pd.DataFrame) -> pd.DataFrame:
    """Area (km²), population and employees (persons) of whole old Kreise, by status and old key.

    Unusable sizes are missing, see the module's text.
    """
    same = ["status", "new", "area", "population"]
    usable = table[~table.duplicated(same, keep=False)]
    columns = [_whole(usable, column) for column in ("area", "population")]
    parts_of = table.groupby(["status", "old"])
    columns.append(parts_of["employees"].agg(lambda part: part.sum(skipna=False)))
    known = pd.concat(columns, axis="columns").sort_index()
    bad = known.index.get_level_values("status") <= _BAD_POPULATION
    known["population"] = known["population"].mask(bad)
    return known.dropna(how="all")


def _whole(table: pd.DataFrame, column: str) -> pd.Series:
    kreis = table.groupby(["status", "old"])
    share = kreis[f"{column}_share"]
    repeated = (kreis[column].min() == kreis[column].max()) & (share.min() < share.max())
    return kreis[column].first().where(repeated, kreis[column].sum())


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read ``population`` or ``employees`` (persons) or ``area`` (km²) of the Kreise of a year.

    Raises
    ------
    SourceError
        If there is no such column or year.
    """
    known = sizes(parts(raw))
    values = known[code].dropna() if code in MEASURES else known["area"].iloc[:0]
    years = values.index.get_level_values("status")
    if int(table) not in years:
        span = f"{years.min()} to {years.max()}" if len(years) else "none"
        msg = f"{raw / FILE}: no '{code}' of {table}; there is {', '.join(MEASURES)}; years {span}."
        raise SourceError(msg)
    chosen = values.xs(int(table), level="status")
    return long_table(chosen.index.to_series(), int(table), chosen)
