"""Federal Employment Agency: unemployed people and vacancies, yearly means, all occupations.

Where the agency withholds the occupational groups of a Kreis, the remaining sum says nothing: the
value is then missing and carries the flag ``withheld``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.errors import SourceError
from layers.sources.longtable import long_table, require

if TYPE_CHECKING:
    from pathlib import Path

FILE = "indicators/ba_badata/badata_kreissummen_2012_2025.parquet"
_COLUMNS = ("region", "year", "summe", "n_fehlend", "variable")


def read(raw: Path, code: str, table: str = "") -> pd.DataFrame:  # noqa: ARG001 one edition only
    """Read the counts of `code`, such as ``jobs_total``, in persons or jobs (mean of the year).

    Raises
    ------
    SourceError
        If the file, a column or the code is missing.
    """
    path = raw / FILE
    if not path.is_file():
        msg = f"{path}: the sums of the employment agency are missing; see the build definition."
        raise SourceError(msg)
    sums = pd.read_parquet(path)
    require(sums, _COLUMNS, path)
    rows = sums[sums["variable"] == code]
    if rows.empty:
        known = ", ".join(sorted(sums["variable"].unique()))
        msg = f"{path}: column 'variable' never holds '{code}'; it holds {known}."
        raise SourceError(msg)
    withheld = rows["n_fehlend"] > 0
    flag = pd.Series(np.where(withheld, "withheld", ""), index=rows.index)
    return long_table(rows["region"], rows["year"], rows["summe"].mask(withheld), flag)
