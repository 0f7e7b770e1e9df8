"""The workbook that defines all indicators of an INKAR edition ("Uebersicht der Indikatoren").

One sheet per collection: row 1 the title with the edition, row 2 the header, then indicators
between rows that hold a theme in column A only. The English workbook has the same sheets with
translated names, some beginning with a blank; both are read, and belong together by `m_id`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.sources.formats import Where, load, sheet_rows, workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from layers.sources.formats import Raw

__all__ = ["read_overview"]

_NAMES = {
    "Kurzname": "short_name", "Name": "title", "Algorithmus": "formula", "M_ID": "m_id",
    "Kürzel": "code", "Anmerkungen": "notes", "Statistische Grundlagen": "basis",
    "Short name": "short_name", "name": "title", "algorithm": "formula", "Abbreviation": "code",
    "Notes": "notes", "Statistical principles": "basis",
    "Kreise": "years", "Circles": "years",
}  # fmt: skip
#: Columns of years for other levels, which are not read.
_OTHER_LEVELS = ("Gemeinden", "communities", "NUTS2")
_TEXTS = ("short_name", "title", "formula", "code", "notes", "basis")
_HINT = "The right file is 'Uebersicht der Indikatoren.xlsx' of https://www.inkar.de."
_HEADER = 2


def read_overview(source: Path | Raw) -> pd.DataFrame:
    """Read the definitions of all indicators.

    Returns
    -------
    DataFrame
        Indexed by m_id (the number that the bulk file calls ID): edition, collection, theme,
        short_name, title, formula, code (the Kuerzel), notes, basis; first_year and last_year for
        Kreise (missing where there are no values for Kreise).

    Raises
    ------
    SourceError
        If a sheet's title or header, a number or a span of years is not as expected, or a number
        occurs twice.
    """
    raw = load(source)
    where = Where(raw.name, _HINT)
    book = workbook(raw)
    sheets = [
        _sheet(name.strip(), sheet_rows(book, name, where), where)
        for name in book.sheet_names[1:]  # the first sheet tells how to use the others
    ]
    table = pd.concat(sheets, ignore_index=True) if sheets else pd.DataFrame({"m_id": []})
    if table.empty:
        what = "has no indicators."
        raise where.fault(what)
    twice = table[table.duplicated("m_id")]
    if len(twice):
        what = f"{twice['m_id'].iloc[0]} occurs more than once."
        raise where.fault(what, column="M_ID")
    return table.set_index("m_id")


def _sheet(name: str, rows: Sequence[Sequence[Any]], where: Where) -> pd.DataFrame:
    edition = re.search(r"INKAR ([0-9]{4})", str(rows[0][0])) if rows else None
    if edition is None or len(rows) <= _HEADER:
        what = f"expected is a title with the edition ('INKAR 2025 ...'), sheet '{name}'."
        raise where.fault(what, line=1)
    names = _header(name, rows[_HEADER - 1], where)
    theme, found = "", []
    for line, row in enumerate(rows[_HEADER:], start=_HEADER + 1):
        cells = dict(zip(names, row, strict=False))
        if any(str(cell).strip() for cell in row[1:]):
            found.append(
                {"collection": name, "theme": theme, **_indicator(cells, name, line, where)}
            )
        else:
            theme = str(row[0]).strip() or theme
    return pd.DataFrame(found).assign(edition=edition[1])


def _header(sheet: str, row: Sequence[Any], where: Where) -> list[str]:
    cells = [" ".join(str(cell).split()) for cell in row]
    unknown = [cell for cell in cells if cell and cell not in _NAMES and cell not in _OTHER_LEVELS]
    names = [_NAMES.get(cell, "") for cell in cells]
    absent = sorted({"m_id", *_TEXTS} - set(names))
    if unknown or absent:
        what = f"sheet '{sheet}' has unexpected columns {unknown} or lacks {absent}."
        raise where.fault(what, line=_HEADER)
    return names


def _indicator(cells: dict[str, Any], sheet: str, line: int, where: Where) -> dict[str, Any]:
    number = cells["m_id"]
    if not isinstance(number, int | float) or number != int(number):
        what = f"{number!r} on sheet '{sheet}' is no whole number."
        raise where.fault(what, line=line, column="M_ID")
    first, last = _years(cells.get("years", ""), sheet, line, where)
    texts = {name: str(cells[name]).strip() for name in _TEXTS}
    return {"m_id": str(int(number)), **texts, "first_year": first, "last_year": last}


def _years(cell: object, sheet: str, line: int, where: Where) -> tuple[int | None, int | None]:
    text = f"{cell:.0f}" if isinstance(cell, float) else str(cell).strip()
    if not text:
        return None, None
    years = re.fullmatch(r"([0-9]{4})(?:\s*[-–]\s*([0-9]{4}))?", text)
    if years is None:
        what = f"{text!r} on sheet '{sheet}' is no year or span such as 1995-2023."
        raise where.fault(what, line=line, column="Kreise")
    return int(years[1]), int(years[2] or years[1])
