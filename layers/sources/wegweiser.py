"""Wegweiser Kommune of the Bertelsmann Stiftung: requests by friendly names, and their answers.

Names in the address (``friendlyUrl``) stay the same between versions while numbers change, so
regions and indicators go by name. The service is slow to many small questions: `PAUSE` is the time
to leave between two, and `PER_REQUEST` the regions per address.

**The shape of the values is not confirmed by a recorded answer**; the fields below are those that
public clients of the same service check for. The reader takes exactly them, and says what it
expected of anything else. There is no reader for the CSV export, whose form is not known at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import pandas as pd

from layers.errors import SourceError
from layers.sources.fetch.request import Request
from layers.sources.formats import Where, is_number, json_of, load
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from layers.sources.formats import Raw

__all__ = [
    "PAUSE",
    "Values",
    "parse_regions",
    "parse_values",
    "read",
    "regions_request",
    "values_requests",
]

BASE = "https://www.wegweiser-kommune.de/data-api/rest"
#: Seconds between two requests.
PAUSE = 2.0
PER_REQUEST = 20
TYPES = ("LANDKREIS", "KREISFREIE_STADT")
_MOST = 10_000
_YEARS = range(1900, 2200)
_HINT = "Expected is a JSON answer of https://www.wegweiser-kommune.de/data-api."


class Values(NamedTuple):
    """A long table, and what the service says about the indicator."""

    table: pd.DataFrame
    title: str
    unit: str
    source: str


def regions_request() -> Request:
    """Ask for the names of all Kreise."""
    fields = {"max": _MOST, "types": TYPES}
    return Request(f"{BASE}/region/list?{urlencode(fields, doseq=True)}")


def parse_regions(source: Path | Raw) -> pd.Series:
    """Read friendly name -> key of the Kreis (5 digits).

    Raises
    ------
    SourceError
        If the answer has another form, a region is no Kreis, or a key occurs twice.
    """
    rows, where = _json(source)
    if not isinstance(rows, list):
        what = "expected is a list of regions with friendlyUrl, ags and type."
        raise where.fault(what)
    found: dict[str, str] = {}
    for at, row in enumerate(rows, start=1):
        name, ags, kind = _fields(row, {"friendlyUrl": str, "ags": str, "type": str}, at, where)
        if kind not in TYPES or not re.fullmatch(r"(0[1-9]|1[0-6])[0-9]{3}000", ags):
            what = f"region {at} ('{name}') is {kind} {ags!r}; expected is a Kreis of 8 digits."
            raise where.fault(what)
        if name in found or ags[:5] in found.values():
            what = f"region {at}: '{name}' or {ags[:5]} occurs more than once."
            raise where.fault(what)
        found[name] = ags[:5]
    return pd.Series(found, name="region", dtype="str")


def values_requests(
    indicator: str, regions: Iterable[str], years: tuple[int, int]
) -> tuple[Request, ...]:
    """Ask for an indicator: as many requests as regions need.

    Parameters
    ----------
    indicator, regions : str, iterable of str
        Friendly names.
    years : (int, int)
        First and last year.
    """
    names, span = list(regions), f"{years[0]}-{years[1]}"
    parts = [names[at : at + PER_REQUEST] for at in range(0, len(names), PER_REQUEST)]
    return tuple(
        Request(f"{BASE}/statistics/data/{quote('+'.join((indicator, *part, span)), safe='+')}")
        for part in parts
    )


def read(raw: Path, code: str, table: str = "") -> pd.DataFrame:  # noqa: ARG001 one edition only
    """Read the indicator `code` from the saved answers ``wegweiser/<code>*.json``.

    Raises
    ------
    SourceError
        As `parse_values`, or if there is no answer or a region occurs in several.
    """
    folder = raw / "wegweiser"
    paths = sorted(folder.glob(f"{code}*.json"))
    if not paths:
        msg = f"{folder}: holds no answer named '{code}...json'."
        raise SourceError(msg)
    found = pd.concat([parse_values(path, code).table for path in paths])
    if found.duplicated(["region", "year"]).any():
        msg = f"{folder}: the answers on '{code}' name a region more than once."
        raise SourceError(msg)
    return found.sort_values(["region", "year"], ignore_index=True)


def parse_values(source: Path | Raw, indicator: str) -> Values:
    """Read the values of one indicator.

    Raises
    ------
    SourceError
        If the answer has another form, is about another indicator, or a region is no Kreis.
    """
    content, where = _json(source)
    years, about, data = _fields(
        content, {"years": list, "indicatorsAndTopics": list, "data": dict}, 0, where
    )
    matrices, regions = _fields(data, {"indicators": list, "regions": list}, 0, where)
    if len(about) != 1 or len(matrices) != 1:
        what = f"holds {len(about)} indicators with {len(matrices)} tables; expected is one."
        raise where.fault(what)
    texts = {"friendlyUrl": str, "title": str, "unit": str, "source": str}
    name, title, unit, origin = _fields(about[0], texts, 1, where)
    if name != indicator:
        what = f"is about '{name}'; expected is '{indicator}'."
        raise where.fault(what)
    (matrix,) = _fields(matrices[0], {"regionYearValues": list}, 1, where)
    keys = [_key(row, at, where) for at, row in enumerate(regions, start=1)]
    return Values(_long(matrix, keys, years, where), title, unit, origin)


def _long(
    matrix: list[Any], keys: list[str], years: list[Any], where: Where
) -> pd.DataFrame:  # values by region and year
    if len(matrix) != len(keys) or any(
        not isinstance(row, list) or len(row) != len(years) for row in matrix
    ):
        what = f"expected are {len(keys)} rows of {len(years)} values, as regions and years."
        raise where.fault(what, column="regionYearValues")
    if len(set(keys)) != len(keys) or any(
        not is_number(year) or year not in _YEARS for year in years
    ):
        what = "a region occurs more than once, or a year is no whole number."
        raise where.fault(what)
    cells = [
        (key, year, value)
        for key, row in zip(keys, matrix, strict=True)
        for year, value in zip(years, row, strict=True)
        if value is not None
    ]
    for key, year, value in cells:
        if not is_number(value):
            what = f"{key} in {year}: {value!r} is no number."
            raise where.fault(what, column="regionYearValues")
    table = pd.DataFrame(cells, columns=["region", "year", "value"])
    return long_table(table["region"], table["year"], table["value"])


def _key(row: Any, at: int, where: Where) -> str:  # parsed JSON
    """Key of a Kreis from its ARS: 5 digits, or 12 that end in zeros."""
    (ars,) = _fields(row, {"ars": str}, at, where)
    found = re.fullmatch(r"((?:0[1-9]|1[0-6])[0-9]{3})(?:0{7})?", ars)
    if found is None:
        what = f"region {at}: {ars!r} is no key of a Kreis."
        raise where.fault(what, column="ars")
    return found[1]


def _json(source: Path | Raw) -> tuple[Any, Where]:
    raw = load(source)
    where = Where(raw.name, _HINT)
    return json_of(raw, where), where


def _fields(row: Any, kinds: Mapping[str, type], at: int, where: Where) -> list[Any]:  # parsed JSON
    """Take fields of the expected kinds out of a parsed object."""
    for name, kind in kinds.items():
        if not isinstance(row, dict) or not isinstance(row.get(name), kind):
            place = f"entry {at}" if at else "the answer"
            what = f"{place} lacks '{name}' ({kind.__name__})."
            raise where.fault(what)
    return [row[name] for name in kinds]
