"""The interface behind the web site of INKAR: requests as data, and what it answers.

Two questions lead to values: which years there are (`offers_request`), then the values of those
years (`values_request`); one indicator and one level each. An answer is JSON inside a JSON string,
so it is parsed twice. The interface is not documented by the publisher: the fields of the answers
are those of recorded answers, the bodies of the requests those of public clients. Its server sends
an incomplete chain of certificates; that needs a setting of the fetcher, never less checking.

The numbers of indicators (Gruppe) change between editions: look them up anew for each one.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from layers.sources.fetch.request import Request
from layers.sources.formats import Raw, Where, is_number, json_of, load
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


__all__ = ["Offer", "offers_request", "parse_offers", "parse_values", "read", "values_request"]

BASE = "https://www.inkar.de"
#: The level of Kreise in the interface's own words.
KREISE = "KRE"
_HINT = "Expected is an answer of https://www.inkar.de, or its web export in place of it."


class Offer(NamedTuple):
    """One year of one indicator that can be asked for.

    Attributes
    ----------
    title : str
        The indicator's name with its unit, as the answer gives it.
    group, indicator, level, time : str
        What `values_request` sends back.
    """

    title: str
    group: str
    indicator: str
    level: str
    time: str


_FIELDS = dict(
    zip(Offer._fields, ("Indikator", "Gruppe", "IndID", "RaumID", "ZeitID"), strict=True)
)


def offers_request(group: str, level: str = KREISE, *, base: str = BASE) -> Request:
    """Ask for the years of an indicator."""
    body = {
        "IndicatorCollection": [{"Gruppe": group}],
        "TimeCollection": "",
        "SpaceCollection": [{"level": level}],
    }
    return Request.json(f"{base}/Wizard/GetM%C3%B6glich", body)


def parse_offers(source: Path | Raw) -> tuple[Offer, ...]:
    """Read the years that are offered.

    Raises
    ------
    SourceError
        If the answer has another form; names what was expected.
    """
    rows, _ = _rows(source, "Möglich", _FIELDS.values())
    return tuple(Offer(*(str(row[field]) for field in _FIELDS.values())) for row in rows)


def values_request(offers: Sequence[Offer], *, base: str = BASE) -> Request:
    """Ask for the values of some years of one indicator.

    Raises
    ------
    ValueError
        If the offers are none, or of several indicators or levels.
    """
    if len({(offer.group, offer.level) for offer in offers}) != 1:
        msg = "values are asked for one indicator and one level at a time."
        raise ValueError(msg)
    body = {
        "IndicatorCollection": [{"Gruppe": offers[0].group}],
        "TimeCollection": [
            {"group": one.group, "indicator": one.indicator, "level": one.level, "time": one.time}
            for one in offers
        ],
        "SpaceCollection": [{"level": offers[0].level}],
        "pageorder": "1",
    }
    return Request.json(f"{base}/Table/GetDataTable", body)


def parse_values(source: Path | Raw, offers: Sequence[Offer]) -> pd.DataFrame:
    """Read the values of Kreise that `offers` asked for.

    Values are given in the unit that the title names; where the interface is known to send another
    one (``wizard.toml``), they are converted, and refused if they do not fit afterwards.

    Raises
    ------
    SourceError
        If the answer has another form, holds another indicator, level or year than was asked for,
        a key is not that of a Kreis, a region and year occur twice, or a known unit has changed.
    """
    fields = ("Schlüssel", "Raumbezug", "ZeitID", "ID", "Wert")
    rows, where = _rows(source, "Daten", fields)
    if not offers:
        what = "no year that was offered was asked for."
        raise where.fault(what)
    asked = {(one.level, one.time, one.indicator) for one in offers}
    for at, row in enumerate(rows, start=1):
        _check_row(row, asked, where, at)
    table = pd.DataFrame(rows, columns=list(fields))
    twice = table[table.duplicated(["Schlüssel", "ZeitID"])]
    if len(twice):
        first = twice.iloc[0]
        what = f"{first['Schlüssel']} in {first['ZeitID']} occurs more than once."
        raise where.fault(what, column="Daten")
    table = table[table["Wert"].notna()]
    values = _in_unit(table["Wert"].astype("float64"), offers[0].title, where)
    return long_table(table["Schlüssel"], table["ZeitID"].astype("int32"), values)


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read saved answers: ``inkar/wizard/<code>_offers.json`` and ``<code>_values.json``.

    Parameters
    ----------
    code : str
        Number of the indicator (Gruppe).
    table : str
        First and last year that were asked for, such as 1998-2022.
    """
    folder = raw / "inkar" / "wizard"
    first, _, last = table.partition("-")
    offers = parse_offers(folder / f"{code}_offers.json")
    asked = [one for one in offers if first <= one.time <= (last or first)]
    return parse_values(folder / f"{code}_values.json", asked)


def _check_row(
    row: dict[str, Any], asked: set[tuple[str, str, str]], where: Where, at: int
) -> None:
    got = (str(row["Raumbezug"]), str(row["ZeitID"]), str(row["ID"]))
    if got not in asked:
        what = f"entry {at} is level, year and indicator {', '.join(got)}, which was not asked for."
        raise where.fault(what, column="Daten")
    if not re.fullmatch(r"(19|20)[0-9]{2}", got[1]):
        raise where.fault(f"entry {at}: {got[1]!r} is no year.", column="ZeitID")
    if not re.fullmatch(r"(0[1-9]|1[0-6])[0-9]{3}", str(row["Schlüssel"])):
        what = f"entry {at}: {row['Schlüssel']!r} is no key of a Kreis (5 digits)."
        raise where.fault(what, column="Schlüssel")
    value = row["Wert"]
    if value is not None and not is_number(value):
        what = f"entry {at}: {value!r} is no number."
        raise where.fault(what, column="Wert")


def _in_unit(values: pd.Series, title: str, where: Where) -> pd.Series:
    text = resources.files(__package__).joinpath("wizard.toml").read_text(encoding="utf-8")
    for oddity in tomllib.loads(text)["oddity"]:
        if oddity["title"] == title:
            values = values * oddity["factor"]
            low, high = oddity["largest"]
            if len(values) and not low <= values.max() <= high:
                what = (
                    f"the largest value of '{title}' is {values.max():,.0f} after conversion, "
                    f"expected is {low:,.0f} to {high:,.0f}: the unit of the interface has changed."
                )
                raise where.fault(what, column="Wert")
    return values


def _rows(
    source: Path | Raw, key: str, fields: Iterable[str]
) -> tuple[list[dict[str, Any]], Where]:
    raw = load(source)
    where = Where(raw.name, _HINT)
    inner = json_of(raw, where)
    content = json_of(Raw(raw.name, inner.encode()), where) if isinstance(inner, str) else None
    rows = content.get(key) if isinstance(content, dict) else None
    if not isinstance(rows, list):
        what = f"expected is JSON text that holds JSON with the list '{key}'."
        raise where.fault(what)
    needed = tuple(fields)
    for at, row in enumerate(rows, start=1):
        absent = [field for field in needed if not isinstance(row, dict) or field not in row]
        if absent:
            what = f"entry {at} lacks {', '.join(absent)}."
            raise where.fault(what, column=key)
    return rows, where
