"""GV100AD: the official directory of municipalities, one record of 220 characters per line.

The first two characters tell the kind of record (10 Land, 20 Regierungsbezirk, 30 Region, 40 Kreis,
50 association of municipalities, 60 municipality). Names in Sorbian made the publisher change from
ISO-8859-1 to UTF-8 in 2019: places count characters, never bytes. Area is in hectares (ha).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from layers.errors import SourceError
from layers.sources.formats import Raw, Where, decode, is_zip, load, member, members
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Register", "read", "read_register"]

FOLDER = "gv100ad"
_HINT = "Get GV100AD as zip from www.destatis.de (Gemeindeverzeichnis)."
_WIDTH = 220
_KINDS = ("10", "20", "30", "40", "50", "60")
_KREIS, _MUNICIPALITY = "40", "60"
#: Text mark of a Kreis -> its official kind.
_KREIS_KINDS = {
    "41": "Kreisfreie Stadt", "42": "Stadtkreis", "43": "Kreis", "44": "Landkreis",
    "45": "Regionalverband",
}  # fmt: skip
#: Areas without people that lie in no Kreis, such as the coastal waters: Land, 000, 999.
_NO_KREIS = r"\d{2}000999"
#: Field -> first and last place (from 0, last excluded).
_FIELDS = {
    "kind": (0, 2), "date": (2, 10), "kreis": (10, 15), "municipality": (15, 18),
    "association": (18, 22), "name": (22, 72), "seat": (72, 122), "mark": (122, 124),
    "area": (128, 139), "population": (139, 150), "male": (150, 161), "postcode": (165, 170),
}  # fmt: skip
_COUNTS = ("area", "population", "male")


@dataclass(frozen=True)
class Register:
    """The directory.

    Attributes
    ----------
    date : str
        Day of the borders, ISO.
    counted : mapping
        ``population`` and ``area`` -> the earlier day (ISO) on which they were taken, from the
        publisher's note in the zip (Hinweise.txt); empty for a text file alone.
    kreise : DataFrame
        Indexed by region (5 digits): name, seat, kind.
    municipalities : DataFrame
        Indexed by region (8 digits): ars (12 digits), kreis, name, mark (Textkennzeichen), area
        (ha), population, male, postcode of the administration ("" without one). Areas in no Kreis
        (coastal waters, the river held in common with Luxembourg) are left out.
    """

    name: str
    date: str
    counted: Mapping[str, str]
    kreise: pd.DataFrame
    municipalities: pd.DataFrame


def read_register(source: Path | Raw) -> Register:
    """Read the directory from its zip or text file.

    Raises
    ------
    SourceError
        If a record is of another length or kind, dates differ, a key or a number is malformed, a
        key occurs twice, or a municipality lies in no Kreis of the file; names the line.
    """
    raw = load(source)
    counted = {}
    if is_zip(raw):
        counted = _counted(raw)
        raw = member(raw, r"GV100AD.*\.(?:txt|asc)")
    where = Where(raw.name, _HINT)
    records = _records(decode(raw, "utf-8-sig", "iso-8859-1"), where)
    dates = records["date"].unique()
    if len(dates) != 1 or not re.fullmatch(r"\d{8}", dates[0]):
        what = f"the records are of several or unknown days: {', '.join(dates[:3])}."
        raise where.fault(what)
    kreise = _kreise(records[records["kind"] == _KREIS], where)
    municipalities = _municipalities(records[records["kind"] == _MUNICIPALITY], where)
    outside = municipalities.index.str.fullmatch(_NO_KREIS) & (municipalities["population"] == 0)
    municipalities = municipalities[~outside]
    homeless = ~municipalities["kreis"].isin(kreise.index)
    if homeless.any():
        row = municipalities[homeless].iloc[0]
        what = f"municipality {row['ars']} lies in Kreis {row['kreis']}, which the file lacks."
        raise where.fault(what)
    day = dates[0]
    iso = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return Register(raw.name, iso, counted, kreise, municipalities)


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read sums over the municipalities of each Kreis from ``gv100ad/<table>``.

    Parameters
    ----------
    code : str
        ``population``, ``male`` (persons) or ``area`` (ha).

    Raises
    ------
    SourceError
        If the file is missing or not as expected, or `code` is unknown.
    """
    register = read_register(raw / FOLDER / table)
    if code not in _COUNTS:
        msg = f"{register.name}: '{code}' cannot be read; possible are {', '.join(_COUNTS)}."
        raise SourceError(msg)
    day = register.counted.get("area" if code == "area" else "population")
    if day is None:
        msg = (
            f"{register.name}: the note on the day of counting (Hinweise.txt) is missing, so that "
            f"the year of '{code}' is not known; take the zip as it was published."
        )
        raise SourceError(msg)
    sums = register.municipalities.groupby("kreis")[code].sum()
    return long_table(sums.index.to_series(), int(day[:4]), sums)


def _counted(raw: Raw) -> dict[str, str]:
    """Days of counting, as far as the publisher's note in the zip says them."""
    if not any(name.endswith("Hinweise.txt") for name in members(raw)):
        return {}
    words = " ".join(decode(member(raw, r"Hinweise\.txt"), "utf-8-sig", "cp1252").split())
    days = {}
    for name, word in (("population", "Bevölkerungsangaben"), ("area", "Flächenangaben")):
        found = re.search(rf"{word} [^.]*Stichtag (\d{{2}})\.(\d{{2}})\.(\d{{4}})", words)
        if found:
            days[name] = "-".join(reversed(found.groups()))
    return days


def _records(text: str, where: Where) -> pd.DataFrame:
    """Cut all lines into fields, indexed by line."""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if len(line) != _WIDTH or line[:2] not in _KINDS:
            what = (
                f"has {len(line)} characters and begins {line[:12]!r}; expected are {_WIDTH} and "
                f"a kind of record ({', '.join(_KINDS)})."
            )
            raise where.fault(what, line=number)
    index = pd.RangeIndex(1, len(lines) + 1, name="line")
    fields = {
        name: [line[first:last].rstrip() for line in lines]
        for name, (first, last) in _FIELDS.items()
    }
    return pd.DataFrame(fields, index=index, dtype="str")


def _kreise(records: pd.DataFrame, where: Where) -> pd.DataFrame:
    unknown = ~records["mark"].isin(list(_KREIS_KINDS))
    _refuse(records["mark"], unknown, "is no known kind of Kreis (41 to 45).", where)
    malformed = ~records["kreis"].str.fullmatch(r"\d{5}").astype("bool")
    _refuse(records["kreis"], malformed, "is no key of five digits.", where)
    _refuse(records["kreis"], records["kreis"].duplicated(), "occurs a second time.", where)
    table = records[["name", "seat"]].assign(kind=records["mark"].map(_KREIS_KINDS))
    return table.set_index(records["kreis"].rename("region"))


def _municipalities(records: pd.DataFrame, where: Where) -> pd.DataFrame:
    ars = records["kreis"] + records["association"] + records["municipality"]
    malformed = ~ars.str.fullmatch(r"\d{12}").astype("bool")
    _refuse(ars, malformed, "is no regional key of twelve digits.", where)
    region = (records["kreis"] + records["municipality"]).rename("region")
    _refuse(region, region.duplicated(), "occurs a second time.", where)
    table = records[["kreis", "name", "mark", "postcode"]].assign(ars=ars)
    for name in _COUNTS:
        cells = records[name]
        _refuse(cells, ~cells.str.fullmatch(r"\d{11}").astype("bool"), f"is no {name}.", where)
        table[name] = cells.astype("float64")
    columns = ["ars", "kreis", "name", "mark", *_COUNTS, "postcode"]
    return table.set_index(region)[columns]


def _refuse(cells: pd.Series, wrong: pd.Series, what: str, where: Where) -> None:
    if wrong.any():
        at = int(wrong.to_numpy().argmax())
        fault = f"{cells.iloc[at]!r} {what}"
        raise where.fault(fault, line=int(cells.index[at]))
