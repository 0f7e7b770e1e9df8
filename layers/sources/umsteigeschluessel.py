"""BBSR Umsteigeschlüssel: how the Kreise of each year map onto those of 31 December 2021.

Each row is one part of an old Kreis: the new Kreis that it went to, the part's share of the old
Kreis by area and population, and a size. The published sheets have three faults, which are mended
here and nowhere else:

* 1990 and 1991 hold population sums that cannot be (79 and 111 million), and no value of this
  project is older than 1995: years before 1995 are not read.
* Where an old Kreis was split, 2016 to 2018 give every part the size of the whole: parts of equal
  size and unequal share are read as the whole.
* 2020 gives Eisenach and Wartburgkreis the size of both together: old Kreise with the same new
  Kreis, the same area and the same population have no usable size in that year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.errors import SourceError
from layers.sources.longtable import long_table, numbers, read_csv

if TYPE_CHECKING:
    from pathlib import Path

FILE = "geo/bbsr_umsteigeschluessel/bbsr_umsteigeschluessel_kreise_1990-2020_auf_2021.csv"
FIRST_YEAR = 1995
_PERSONS = 1000  # the table gives thousands
_NUMBERS = {
    "jahr": "status",
    "f_flaeche": "area_share",
    "f_bevoelkerung": "population_share",
    "flaeche_km2": "area",
    "bevoelkerung_1000": "population",
}


def parts(raw: Path) -> pd.DataFrame:
    """Read the parts of old Kreise.

    Returns
    -------
    DataFrame
        status (year of the old borders), old, new (keys), area_share, population_share (of the
        old Kreis, 0 to 1), area (km²) and population (persons) as printed.

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
    table["population"] *= _PERSONS
    table = table.astype({"status": "int32"})
    return table[table["status"] >= FIRST_YEAR].reset_index(drop=True)


def sizes(table: pd.DataFrame) -> pd.DataFrame:
    """Area (km²) and population (persons) of whole old Kreise, indexed by status and old key.

    Unusable sizes are left out, see the module's text.
    """
    same = ["status", "new", "area", "population"]
    usable = table[~table.duplicated(same, keep=False)]
    columns = [_whole(usable, column) for column in ("area", "population")]
    return pd.concat(columns, axis="columns").sort_index()


def _whole(table: pd.DataFrame, column: str) -> pd.Series:
    kreis = table.groupby(["status", "old"])
    share = kreis[f"{column}_share"]
    repeated = (kreis[column].min() == kreis[column].max()) & (share.min() < share.max())
    return kreis[column].first().where(repeated, kreis[column].sum())


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read ``population`` (persons) or ``area`` (km²) of the Kreise of year `table`.

    Raises
    ------
    SourceError
        If there is no such column or year.
    """
    known = sizes(parts(raw))
    if code not in known.columns or int(table) not in known.index.get_level_values("status"):
        years = known.index.get_level_values("status")
        span = f"{years.min()} to {years.max()}"
        msg = f"{raw / FILE}: no '{code}' of {table}; there is area and population, {span}."
        raise SourceError(msg)
    values = known.xs(int(table), level="status")[code]
    return long_table(values.index.to_series(), int(table), values)
