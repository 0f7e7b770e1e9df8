"""European elections: counts of votes by Kreis, one file per election."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.sources.longtable import is_kreis_key, long_table, numbers, read_csv

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FOLDER = "indicators/bundeswahlleiterin_europawahl"


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read the votes in column `code`; `table` is the year of the election, such as ``2024``.

    The files also hold rows for Länder and Germany (two-digit keys), which are left out. A key
    whose leading zero is lost would look like no Kreis at all, so none is lost silently: the
    number of Kreise is checked by the reform step and by the checks of the dataset.

    Raises
    ------
    SourceError
        If the file or the column is missing, or a cell is not a number.
    """
    path = raw / FOLDER / f"ew{table[-2:]}_kerg_mod.csv"
    votes = read_csv(path, ("Nr", code), sep=";")
    kreise = votes[is_kreis_key(votes["Nr"])].reset_index(drop=True)
    return long_table(kreise["Nr"], int(table), numbers(kreise, code, path).fillna(0.0))
