"""Regionalatlas of the statistical offices: one indicator, level and year per request.

The map service joins a table of indicators to the areas of a year. Its answers come as GeoJSON or
as Esri JSON; each says the key of an area and its value, and nothing about unit and legend.
Hamburg and Berlin are Länder and Kreise at once and keep the key of the Land at every level.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import pandas as pd

from layers.errors import SourceError
from layers.sources.fetch.request import Request
from layers.sources.formats import Raw, Where, city_states, is_number, json_of, load
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Level", "parse", "read", "request"]

FOLDER = "regionalatlas"

Level = Literal["land", "kreis"]
URL = (
    "https://www.gis-idmz.nrw.de/arcgis/rest/services/stba/regionalatlas/MapServer/"
    "dynamicLayer/query"
)
_HINT = "Indicators and years are listed on regionalatlas.statistikportal.de."
_TYPES: dict[Level, int] = {"land": 1, "kreis": 3}
_KEYS: dict[Level, str] = {"land": r"\d{2}", "kreis": r"\d{5}"}
#: Names that go into the service's query, which is SQL.
_TABLE, _COLUMN = r"ai[a-z0-9_]{3,20}", r"ai[a-z0-9_]{2,20}"


def request(
    table: str, column: str, year: int, level: Level = "kreis", *, url: str = URL
) -> Request:
    """Ask for `column` of `table`, such as ``ai0208`` of ``ai002_1_5``, without borders.

    Raises
    ------
    SourceError
        If table, column, year or level cannot be.
    """
    for name, pattern in ((table, _TABLE), (column, _COLUMN), (str(year), r"(?:19|20)\d{2}")):
        if not re.fullmatch(pattern, name):
            msg = f"Regionalatlas: '{name}' is no table, column or year (pattern {pattern})."
            raise SourceError(msg)
    if level not in _TYPES:
        msg = f"Regionalatlas: no level '{level}'; known are {', '.join(_TYPES)}."
        raise SourceError(msg)
    query = (
        f"SELECT * FROM verwaltungsgrenzen_gesamt "  # noqa: S608 -- the service's way; checked above
        f"LEFT OUTER JOIN {table} ON ags = ags2 and jahr = jahr2 "
        f"WHERE typ = {_TYPES[level]} AND jahr = {year} AND (jahr2 = {year} OR jahr2 IS NULL)"
    )
    source = {
        "geometryType": "esriGeometryPolygon", "workspaceId": "gdb", "query": query,
        "oidFields": "id", "spatialReference": {"wkid": 25832}, "type": "queryTable",
    }  # fmt: skip
    layer = {"source": {"dataSource": source, "type": "dataLayer"}}
    fields = {
        "layer": json.dumps(layer, separators=(",", ":")), "where": "1=1",
        "outFields": f"ags,jahr2,{column}", "returnGeometry": "false", "f": "json",
    }  # fmt: skip
    return Request(f"{url}?{urlencode(fields)}")


def parse(source: Path | Raw, column: str, year: int, level: Level = "kreis") -> pd.DataFrame:
    """Read an answer as a long table; areas without a number are left out.

    Parameters
    ----------
    year : int
        That was asked for; an answer that names another year is refused.

    Raises
    ------
    SourceError
        If the answer is an error or cut short, lacks the column, names another year, or holds a
        malformed key, a key twice, or something else than a number.
    """
    raw = load(source)
    where = Where(raw.name, _HINT)
    entries = _entries(raw, where)
    rows: list[tuple[str, float]] = []
    for number, entry in enumerate(entries, start=1):
        fields = {str(name).lower(): value for name, value in entry.items()}
        if column not in fields or "ags" not in fields:
            what = f"area {number} lacks '{column}' or 'ags'; it has {', '.join(fields)}."
            raise where.fault(what)
        if fields.get("jahr2") not in (None, year):
            what = f"area {fields['ags']} is of {fields['jahr2']}, asked was {year}."
            raise where.fault(what)
        rows.append((str(fields["ags"]), _number(fields[column], str(fields["ags"]), where)))
    table = pd.DataFrame(rows, columns=["region", "value"])
    table["region"] = _regions(table["region"], level, where)
    there = table[table["value"].notna()]
    if there.empty:
        what = f"no area has a number of {year}; ask for an earlier year."
        raise where.fault(what)
    return long_table(there["region"], year, there["value"])


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read column `code` of Kreise from ``regionalatlas/<table>.json``.

    Parameters
    ----------
    table : str
        Table and year, as ``ai002_1_5_2023``.

    Raises
    ------
    SourceError
        As `parse`, or if `table` names no year.
    """
    found = re.fullmatch(rf"{_TABLE}_((?:19|20)\d{{2}})", table)
    if not found:
        msg = f"Regionalatlas: '{table}' is no table with a year, such as ai002_1_5_2023."
        raise SourceError(msg)
    return parse(raw / FOLDER / f"{table}.json", code, int(found[1]))


def _entries(raw: Raw, where: Where) -> list[dict[str, Any]]:
    """Fields of all areas, from GeoJSON ("properties") or Esri JSON ("attributes")."""
    answer = json_of(raw, where)
    if isinstance(answer, dict) and "error" in answer:
        what = f"the service refused: {str(answer['error'])[:200]}."
        raise where.fault(what)
    features = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(features, list) or not features:
        what = "holds no areas ('features')."
        raise where.fault(what)
    if answer.get("exceededTransferLimit") or _limited(answer):
        what = "is only a part of the areas (transfer limit exceeded)."
        raise where.fault(what)
    entries: list[Any] = [
        isinstance(one, dict) and (one.get("properties") or one.get("attributes"))
        for one in features
    ]
    if not all(isinstance(entry, dict) for entry in entries):
        what = "an area has neither 'properties' nor 'attributes'."
        raise where.fault(what)
    return entries


def _limited(answer: dict[str, Any]) -> bool:
    properties = answer.get("properties")
    return isinstance(properties, dict) and bool(properties.get("exceededTransferLimit"))


def _number(cell: object, key: str, where: Where) -> float:
    if cell is None:
        return math.nan
    if not is_number(cell):
        what = f"area {key}: {repr(cell)[:40]} is no number."
        raise where.fault(what)
    return float(cell)


def _regions(region: pd.Series, level: Level, where: Where) -> pd.Series:
    keys = city_states(region, kreise=region) if level == "kreis" else region
    wrong = ~keys.str.fullmatch(_KEYS[level]).astype("bool")
    if wrong.any():
        what = f"{region[wrong].iloc[0]!r} is no key of level '{level}' (pattern {_KEYS[level]})."
        raise where.fault(what)
    if keys.duplicated().any():
        what = f"area {keys[keys.duplicated()].iloc[0]} occurs a second time."
        raise where.fault(what)
    return keys
