"""Central places by name, for maps: ``centres.csv`` beside the grid.

Name, level and coordinates only; the distances themselves lie in ``access.tif``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.access.places import centres
from geo.place import replace_all
from layers.errors import SourceError
from layers.sources.longtable import numbers, read_csv

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FILE", "build", "open_centres"]

FILE = "centres.csv"
_COLUMNS = ("name", "level", "people", "x", "y")


def build(raw: Path, folder: Path) -> Path:
    """Write the central places, the largest first, into `folder`.

    Raises
    ------
    SourceError
        If the publisher's file is missing or unusable.
    ExportError
        If the folder cannot be written.
    """
    table = centres(raw)
    # The register adds what a municipality calls itself ("Ahaus, Stadt") and its Sorbian name.
    table["name"] = table["name"].str.replace(r",.*| / .*", "", regex=True).str.strip()
    table = table.astype({"people": int}).round({"x": 0, "y": 0}).astype({"x": int, "y": int})
    table = table.sort_values(["level", "people"], ascending=[False, False], kind="stable")
    content = table[list(_COLUMNS)].to_csv(index=False, lineterminator="\n")
    return replace_all(folder, {FILE: content.encode()})[0]


def open_centres(folder: Path) -> pd.DataFrame:
    """Read name, level (Mittelzentrum, Oberzentrum), people, x and y (EPSG:3035, metres).

    Raises
    ------
    SourceError
        If the file is missing, or a line is unusable.
    """
    path = folder / FILE
    if not path.is_file():
        msg = f"{path}: the central places are missing; build them with 'ipot data build --grid'."
        raise SourceError(msg)
    rows = read_csv(path, _COLUMNS)
    known = {column: numbers(rows, column, path) for column in ("people", "x", "y")}
    return pd.DataFrame({"name": rows["name"], "level": rows["level"], **known})
