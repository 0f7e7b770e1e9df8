"""The gathered long table: values that were copied unchanged out of several publications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.errors import SourceError
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from pathlib import Path

FILE = "indicators/kreis_indicators.parquet"


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read indicator `code` out of publication `table`.

    The publication must be named because some indicators stand in two editions with slightly
    different values.

    Raises
    ------
    SourceError
        If the file or the wanted pair of indicator and publication is missing.
    """
    path = raw / FILE
    if not path.is_file():
        msg = f"{path}: the gathered table is missing; see the build definition."
        raise SourceError(msg)
    wanted = [("indicator", "==", code), ("source", "==", table)]
    rows = pd.read_parquet(path, columns=["ags", "year", "value"], filters=wanted)
    if rows.empty:
        msg = f"{path}: holds no rows with indicator '{code}' and source '{table}'."
        raise SourceError(msg)
    return long_table(rows["ags"], rows["year"], rows["value"])
