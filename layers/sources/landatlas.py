"""Thünen-Landatlas: Thünen types and rurality of 361 Kreisregionen, spread over 400 Kreise.

A Kreisregion is a Kreis, or several where a kreisfreie Stadt of less than 100,000 inhabitants is
taken together with the Kreis around it. Each Kreis gets the value of its Kreisregion; which one
that is comes from an expansion table, and both sides must match to the last key. The column
``kreisregion`` names the others a value is shared with.

**Types 3 and 4 are swapped in some copies**: for Thünen, 3 is the good and 4 the less good
socio-economic situation. So a type is read only together with its labels: the second sheet of a
workbook, or the text file that lies beside a GeoPackage. Their wording is checked, and a file with
other labels is refused.

The GeoPackage and the labels are those of the edition of 23 October 2023; the workbook is read as
public readers describe it: an index column, Kennziffer (number, key of the Kreis and zeros), name,
``t_typ`` (text that begins with the type) and the value.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.errors import SourceError
from layers.sources.formats import Where, decode, excel_number, load, sheet_rows, workbook
from layers.sources.longtable import long_table, read_csv

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["TYPES", "expand", "expansion", "read", "read_geopackage", "read_workbook"]

FOLDER = "geo/thuenen_landatlas_typologie_2016"
EXPANSION = f"{FOLDER}/kreise_400_zu_thuenen_typ.csv"
GEOPACKAGE = f"{FOLDER}/thuenen_laendlichkeit_kreisregionen_2016_epsg4326.gpkg"
LABELS = f"{FOLDER}/Thuenen_Typen.txt"
#: The year that the typology describes.
YEAR = 2016
#: What the label of each type must say, in the publisher's words.
TYPES = {
    1: "sehr ländlich/weniger gut",
    2: "sehr ländlich/gut",
    3: "eher ländlich/gut",
    4: "eher ländlich/weniger gut",
    5: "nicht ländlich",
}
#: Kreisregionen of each type in the typology of 2016; in another order, the types were swapped.
_COUNTS = {1: 98, 2: 53, 3: 59, 4: 57, 5: 94}
_LAYER = "ThuenenLandatlas"
_COLUMNS = {"thuenen_type": "Typologie", "rurality": "Ländlichkeit"}
_HINT = "The right file is a download of https://karten.landatlas.de for Kreisregionen."
#: Key of the Kreis and no, three or five zeros; the leading zero may be lost.
_KEY = r"((?:0?[1-9]|1[0-6])[0-9]{3})(?:000|00000)?"


def read(raw: Path, code: str, table: str = "") -> pd.DataFrame:
    """Read ``thuenen_type`` (1 to 5) or ``rurality`` (index, 0 = mean, 1 = one standard deviation).

    Parameters
    ----------
    table : str
        Name of a workbook in the folder ``landatlas``, of which `code` is the heading of the
        value or ``thuenen_type``; empty for the GeoPackage of the typology.
    """
    members = expansion(raw / EXPANSION)
    if not table:
        found = read_geopackage(raw / GEOPACKAGE, raw / LABELS)
        return expand(found, code, members, YEAR).drop(columns="kreisregion")
    year = re.search(r"_([0-9]{4})\.xlsx$", table)
    if year is None:
        msg = (
            f"'{table}': the year is missing; expected is a name such as Polizei_Kreise_2016.xlsx."
        )
        raise SourceError(msg)
    found = read_workbook(raw / "landatlas" / table)
    return expand(found, code, members, int(year[1])).drop(columns="kreisregion")


def expand(found: pd.DataFrame, code: str, members: pd.Series, year: int) -> pd.DataFrame:
    """Give each Kreis the value of its Kreisregion.

    Parameters
    ----------
    found : DataFrame
        Values by Kreisregion, as read.
    members : Series
        Kreis -> Kreisregion.

    Returns
    -------
    DataFrame
        A long table with the column ``kreisregion``.

    Raises
    ------
    SourceError
        If there is no column `code`, or one side has a Kreisregion that the other lacks.
    """
    if code not in found.columns:
        msg = f"Landatlas: there is no '{code}'; there is {', '.join(found.columns)}."
        raise SourceError(msg)
    odd = sorted(set(members) ^ set(found.index))
    if odd:
        place = "the values" if odd[0] in found.index else "the expansion table"
        msg = (
            f"Landatlas: {len(odd)} Kreisregionen do not match, first '{odd[0]}', which only "
            f"{place} has; both must be of the same edition."
        )
        raise SourceError(msg)
    spread = members.map(found[code]).dropna()
    return long_table(spread.index.to_series(), year, spread, kreisregion=members[spread.index])


def expansion(path: Path) -> pd.Series:
    """Read which Kreis belongs to which Kreisregion (5-digit keys)."""
    table = read_csv(path, ("ags", "thuenen_kreisregion"))
    return pd.Series(table["thuenen_kreisregion"].str[:5].to_numpy(), index=table["ags"])


def read_geopackage(path: Path, labels: Path) -> pd.DataFrame:
    """Read type and rurality by Kreisregion; only the attributes, no geometry.

    Raises
    ------
    SourceError
        If the labels are missing or others than `TYPES`, the file is no GeoPackage of the Landatlas
        or a column is missing, or a key or type is not as expected.
    """
    _check_labels(_labels_of(labels), str(labels))
    load(path)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute(
                f"SELECT Kennziffer, {', '.join(_quoted(name) for name in _COLUMNS.values())} "  # noqa: S608
                f"FROM {_quoted(_LAYER)}"
            ).fetchall()
    except sqlite3.Error as cause:
        columns = ", ".join(["Kennziffer", *_COLUMNS.values()])
        what = f"is no GeoPackage with a layer '{_LAYER}' and its columns {columns} ({cause})."
        raise Where(str(path), _HINT).fault(what) from cause
    where = Where(str(path), _HINT)
    table = {}
    for at, (key, kind, rurality) in enumerate(rows, start=1):
        table[_region(key, where, at)] = (_type(kind, where, at, "Typologie"), float(rurality))
    if len(table) != len(rows):
        what = "a key occurs more than once."
        raise where.fault(what, column="Kennziffer")
    found = pd.DataFrame.from_dict(table, orient="index", columns=list(_COLUMNS))
    counts = found["thuenen_type"].value_counts().to_dict()
    if len(found) == sum(_COUNTS.values()) and counts != _COUNTS:
        what = f"types 1 to 5 occur {counts} times; in the typology of {YEAR} it is {_COUNTS}."
        raise where.fault(what, column="Typologie")
    return found


def _quoted(name: str) -> str:
    """Quote a name so that SQLite cannot take it for a text where there is no such column."""
    return f"[{name}]"


def read_workbook(path: Path) -> pd.DataFrame:
    """Read one indicator by Kreisregion: ``thuenen_type`` and the value under its heading.

    Raises
    ------
    SourceError
        If the second sheet has other labels than `TYPES`, the header is not as expected, or a key,
        type or number is none.
    """
    where = Where(str(path), _HINT)
    book = workbook(load(path))
    if len(book.sheet_names) != 2:  # noqa: PLR2004 data and code book
        what = f"has {len(book.sheet_names)} sheets; expected are the data and the code book."
        raise where.fault(what)
    data, labels = (sheet_rows(book, name, where) for name in book.sheet_names)
    _check_labels(_labels_in(" ".join(map(str, row)) for row in labels), f"{path}, code book")
    head = [str(cell).strip() for cell in data[0]] if data else []
    if len(head) != 5 or head[1] != "Kennziffer" or head[3] != "t_typ" or not head[4]:  # noqa: PLR2004
        what = f"is {head}; expected is index, Kennziffer, name, t_typ and the indicator."
        raise where.fault(what, line=1)
    table: dict[str, tuple[int, float]] = {}
    for line, row in enumerate(data[1:], start=2):
        region = _region(row[1], where, line)
        number = excel_number(row[4], {"": "no value"})
        if number is None or region in table:
            what = f"{row[4]!r} is no number, or '{region}' occurs more than once."
            raise where.fault(what, line=line, column=head[4])
        table[region] = (_labelled_type(str(row[3]), where, line), number[0])
    return pd.DataFrame.from_dict(table, orient="index", columns=["thuenen_type", head[4]])


def _region(key: object, where: Where, line: int) -> str:
    text = f"{key:.0f}" if isinstance(key, float) else str(key).strip()
    found = re.fullmatch(_KEY, text)
    if found is None:
        what = f"{key!r} is no key: expected are the 5 digits of a Kreis, followed by zeros."
        raise where.fault(what, line=line, column="Kennziffer")
    return found[1].zfill(5)


def _type(kind: Any, where: Where, line: int, column: str) -> int:  # a cell of any kind
    if kind not in TYPES:
        what = f"{kind!r} is no Thünen type; expected is 1 to 5."
        raise where.fault(what, line=line, column=column)
    return int(kind)


def _labelled_type(text: str, where: Where, line: int) -> int:
    """Read a type such as "3 = eher ländlich/gute ..."; its own words must fit as well."""
    found = _labels_in([text])
    first = text.strip()[:1]
    kind = _type(int(first) if first.isdecimal() else text, where, line, "t_typ")
    if kind in found:
        _check_labels({**TYPES, kind: found[kind]}, f"{where.name}, line {line}")
    return kind


def _labels_of(path: Path) -> dict[int, str]:
    if not path.is_file():
        msg = (
            f"{path}: the labels of the types are missing. They tell whether 3 and 4 are swapped, "
            f"and belong to the same download."
        )
        raise SourceError(msg)
    return _labels_in(decode(load(path), "utf-8-sig", "cp1252").splitlines())


def _labels_in(lines: Any) -> dict[int, str]:  # any iterable of text
    """Find labels such as "Thünen-Typ 3: eher ländlich/gute sozioökonomische Lage"."""
    found = {}
    for line in lines:
        label = re.search(r"\b([1-5])\s*[:=.\-–)]?\s*((?:sehr|eher|nicht)\s+ländlich.*)", str(line))
        if label:
            found[int(label[1])] = label[2].strip()
    return found


def _check_labels(labels: Mapping[int, str], name: str) -> None:
    for kind, wanted in TYPES.items():
        label = re.sub(r"\s*/\s*", "/", labels.get(kind, "")).casefold()
        if not label.startswith(wanted):
            what = f"type {kind} is labelled {labels.get(kind, '')!r}; for Thünen it is '{wanted}'."
            swapped = " Types 3 and 4 are swapped." if kind in (3, 4) and label else ""
            msg = f"{name}: {what}{swapped} {_HINT}"
            raise SourceError(msg)
