"""GENESIS family: Regionalstatistik, GENESIS-Online and the census 2022.

* `flat`: flat files (ffcsv), the form to prefer
* `table_view`: tables as saved from the web page
* `answers`, `client_requests`: talking to the servers, as data
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layers.errors import SourceError
from layers.sources.genesis import flat, table_view

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FOLDER = "genesis"
_CODE = r"(?P<measure>[^\[\]]+)(?:\[(?P<choice>[^\[\]]+)\])?"


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read a measure of Kreise from ``genesis/<table>.zip``, a flat file.

    Parameters
    ----------
    code : str
        Measure and, in brackets, the attributes that are wanted instead of totals, such as
        ``BEVSTD`` or ``ERW032[NAT=NATA,GES=GESW]``; also ``unit`` where there are several.
    table : str
        Number of the table, such as ``12411-01-01-4``.

    Raises
    ------
    SourceError
        If the file is missing or not as expected, or `code` cannot be understood or found.
    """
    parts = re.fullmatch(_CODE, code)
    pairs = [pair.partition("=") for pair in (parts["choice"] or "").split(",")] if parts else []
    if not parts or any(pair[0] and not (pair[1] and pair[2]) for pair in pairs):
        msg = f"GENESIS: '{code}' cannot be understood; expected is such as ERW032[NAT=NATA]."
        raise SourceError(msg)
    choose = {name: value for name, _, value in pairs if name}
    unit = choose.pop("unit", "")
    found = flat.read_flat(raw / FOLDER / f"{table}.zip")
    return flat.long(found, parts["measure"], choose=choose, unit=unit)[0]


def read_view(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read a column of Kreise from ``genesis/<table>.csv``, a table as saved from the web page.

    Parameters
    ----------
    code : str
        Label of the column, its header lines joined by " / ".

    Raises
    ------
    SourceError
        If the file is missing or not as expected, is of another table, or has no such column.
    """
    view = table_view.read_table_view(raw / FOLDER / f"{table}.csv")
    if view.table != table:
        msg = f"{view.name}: is table {view.table}, expected is {table}."
        raise SourceError(msg)
    return table_view.long(view, code)[0]
