"""Census 2022, regional table "Gebäude und Wohnungen": net cold rent per municipality, by Kreis.

The workbook has a sheet for programs, ``CSV-Wohnungen``: one header row of codes, then Germany,
Länder, Kreise, associations and municipalities mixed; `Regionalebene` tells them apart. A
municipality has 12 digits (Land 2, district 1, Kreis 2, association 4, municipality 3), of which
the 8 of other statistics leave the association out. Read are

* ``GEBAEUDEART_SYS_1``, dwellings in all buildings with dwellings
* ``LEQ``, dwellings that are vacant (%), and ``ETQ``, that are inhabited by their owners (%)
* ``QMMIETE``, net cold rent in euros per m²

The dash means "zero or changed to zero", which the file does not tell apart: a dash is unknown
here, as a point (unknown or secret) is. A number in brackets is uncertain and is taken. The means
are those of `layers.sources.zensus`, where their formula stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.sources.formats import Raw, Where, load, mixed_to_numbers, sheet_rows, workbook
from layers.sources.zensus import by_kreis, rented

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FILE", "read", "read_municipalities"]

FILE = "zensus2022/Regionaltabelle_Gebaeude_Wohnungen.xlsx"
_SHEET = "CSV-Wohnungen"
_DATE, _KEY, _LEVEL = "Berichtszeitpunkt", "_RS", "Regionalebene"
_DWELLINGS, _VACANCY, _OWNERS, _RENT = "GEBAEUDEART_SYS_1", "LEQ", "ETQ", "QMMIETE"
_NUMBERS = (_DWELLINGS, _VACANCY, _OWNERS, _RENT)
_DAY, _MUNICIPALITY, _DIGITS = "20220515", "Gemeinde", 12
_MARKS = {"–": "zero or changed to zero", ".": "unknown or secret", "": "no number"}
_HINT = "Get the regional table 'Gebäude und Wohnungen' from www.zensus2022.de."


def read(raw: Path, code: str, table: str = "") -> pd.DataFrame:  # noqa: ARG001 one edition only
    """Read ``rented_dwellings`` (with known rent) or ``rent_times_dwellings`` (€ per m²) by Kreis.

    Raises
    ------
    SourceError
        As `read_municipalities`, or if `code` is neither of the two.
    """
    path = raw / FILE
    return by_kreis(read_municipalities(path), code, path)


def read_municipalities(source: Path | Raw) -> pd.DataFrame:
    """Read ags (8 digits), weight (rented dwellings) and rent (€ per m²), NaN where unknown.

    Raises
    ------
    SourceError
        If the sheet or a column is missing, the day is not that of the census, a key is none of a
        municipality or occurs twice, or a cell is neither a number nor a mark.
    """
    raw = load(source)
    where = Where(f"{raw.name}, sheet '{_SHEET}'", _HINT)
    rows = sheet_rows(workbook(raw), _SHEET, where)
    names = [str(cell).strip() for cell in rows[0]] if rows else []
    for column in (_DATE, _KEY, _LEVEL, *_NUMBERS):
        if column not in names:
            what = f"this column is missing; there are {', '.join(names[:8])}."
            raise where.fault(what, line=1, column=column)
    level = names.index(_LEVEL)
    below = enumerate(rows[1:], start=2)
    chosen = {line: row for line, row in below if str(row[level]).strip() == _MUNICIPALITY}
    if not chosen:
        what = f"has no row with the word '{_MUNICIPALITY}'."
        raise where.fault(what, column=_LEVEL)

    def cells(column: str) -> pd.Series:
        place = names.index(column)
        values = [_without_brackets(row[place]) for row in chosen.values()]
        return pd.Series(values, list(chosen), name=column, dtype="object")

    _check_day(cells(_DATE), where)
    ags = _keys(cells(_KEY), where)
    dwellings, vacancy, owners, rent = (
        mixed_to_numbers(cells(column), where, marks=_MARKS) for column in _NUMBERS
    )
    table = pd.DataFrame({"ags": ags, "weight": rented(dwellings, vacancy, owners), "rent": rent})
    return table.sort_values("ags", ignore_index=True)


def _keys(cells: pd.Series, where: Where) -> pd.Series:
    """Keys of 8 digits; the publisher's may have lost their leading zero."""
    text = pd.Series([_plain(cell) for cell in cells], cells.index, dtype="str").str.zfill(_DIGITS)
    wrong = text.index[~text.str.fullmatch(r"(?:0[1-9]|1[0-6])\d{10}").astype("bool")]
    if len(wrong):
        what = f"{cells[wrong[0]]!r} is no key of a municipality (12 digits)."
        raise where.fault(what, line=int(wrong[0]), column=_KEY)
    keys = text.str[:5] + text.str[9:]
    twice = keys.index[keys.duplicated()]
    if len(twice):
        what = f"municipality {keys[twice[0]]} occurs more than once."
        raise where.fault(what, line=int(twice[0]), column=_KEY)
    return keys


def _check_day(cells: pd.Series, where: Where) -> None:
    for line, cell in cells.items():
        if _plain(cell) != _DAY:
            what = f"{_plain(cell)!r} is another day than that of the census, {_DAY}."
            raise where.fault(what, line=int(str(line)), column=_DATE)


def _without_brackets(cell: Any) -> Any:
    found = re.fullmatch(r"\(\s*(.*?)\s*\)", cell.strip()) if isinstance(cell, str) else None
    return found[1] if found else cell


def _plain(cell: object) -> str:
    return f"{cell:.0f}" if isinstance(cell, float) else str(cell).strip()
