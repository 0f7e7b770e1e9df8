"""Tables as saved from the web pages of the GENESIS family ("CSV", not "Flat-File").

The file is laid out for people: some lines of title, header lines without a number of their own,
data, and a foot of notes behind a line of underscores. It is written in the encoding of Windows.
Rows begin with the time (if it is not in the header), the region's key and its name, which is
indented by level. Known from files that were saved on Regionalstatistik and GENESIS-Online between
2020 and 2024; whatever looks different is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from layers.sources.formats import (
    Raw,
    Where,
    cells_to_numbers,
    city_states,
    csv_lines,
    decode,
    first_row,
    load,
)
from layers.sources.genesis.marks import MARKS, resolve, told
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["TableView", "long", "read_table_view"]

_HINT = (
    "Save the table on www.regionalstatistik.de or www-genesis.destatis.de as 'CSV', "
    "or better as 'Flat-File-CSV'."
)
_TITLE = re.compile(r"GENESIS-Tabelle: *([0-9A-Z-]+)")
_KEY = re.compile(r"DG|\d{2}|\d{3}|\d{5}|\d{8}")
_LEVELS = {2: "land", 3: "district", 5: "kreis", 8: "part"}
_TIME = re.compile(r"(?:\d{2}\.\d{2}\.)?(?:19|20)\d{2}")
#: Header words that only announce the times below them.
_TIME_NAMES = {"Stichtag", "Jahr", "Jahre"}
_FOOT = "__________"
_STAND = re.compile(r"Stand: *(\d{2}\.\d{2}\.\d{4})")


@dataclass(frozen=True)
class TableView:
    """A saved table.

    Attributes
    ----------
    table : str
        Number of the table.
    rows : DataFrame
        line, region, level (country, land, district, kreis; part: keys of 8 digits, parts of Kreise
        or municipalities), time, year, column, value, mark, flag, unit, quality; one row per cell.
        `column` is the label of the column, its header lines joined by " / ".
    licence : str
        The publisher's words on source and licence.
    retrieved : str
        Day on which the table was saved, as printed.
    """

    name: str
    table: str
    rows: pd.DataFrame
    licence: str
    retrieved: str


def read_table_view(source: Path | Raw) -> TableView:
    """Read a saved table of regions.

    Raises
    ------
    SourceError
        If title, header, foot, a key, a time or a cell is not as expected; names the line. A file
        without foot was cut off.
    """
    raw = load(source)
    where = Where(raw.name, _HINT)
    lines = decode(raw, "cp1252").replace("\r\n", "\n").split("\n")
    title = _TITLE.match(lines[0])
    if not title:
        what = f"expected is 'GENESIS-Tabelle: <number>', but it begins {lines[0][:40]!r}."
        raise where.fault(what, line=1)
    foot = next((n for n, line in enumerate(lines) if line.strip() == _FOOT), None)
    if foot is None:
        what = f"the foot of notes behind '{_FOOT}' is missing: the file was cut off."
        raise where.fault(what, line=len(lines))
    table = csv_lines("\n".join(lines[:foot]), where)
    rows = _cells(table, _head(table, where), where)
    words = " ".join(line.strip().strip('"') for line in lines[foot + 1 :])
    licence, stand = re.search(r"©.*?(?= *Stand:|$)", words), _STAND.search(words)
    return TableView(
        raw.name, title[1], rows, licence[0].strip() if licence else "", stand[1] if stand else ""
    )


def long(
    view: TableView, column: str, level: str = "kreis"
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Pick one column as a long table, with notes on marks; `column` is its whole label.

    Raises
    ------
    SourceError
        If there is no such column or level, or a region has two values in a year.
    """
    where = Where(view.name)
    there = list(dict.fromkeys(view.rows["column"]))
    if column not in there:
        what = f"has no column '{column}'; it has {', '.join(map(repr, there[:12]))}."
        raise where.fault(what)
    rows = _with_city_states(view.rows[view.rows["column"] == column])
    rows = rows[rows["level"] == level]
    if rows["value"].notna().sum() == 0:
        what = f"column '{column}' has no number for any region of level '{level}'."
        raise where.fault(what)
    twice = rows.duplicated(["region", "year"])
    if twice.any():
        row = rows[twice].iloc[0]
        what = f"region {row['region']} has a second value in {row['year']}."
        raise where.fault(what, line=int(row["line"]), column=column)
    kept = rows[rows["value"].notna() | (rows["flag"] == "withheld")]
    return long_table(kept["region"], kept["year"], kept["value"], kept["flag"]), told(rows)


def _with_city_states(rows: pd.DataFrame) -> pd.DataFrame:
    """Add Hamburg and Berlin as Kreise where they stand among the Länder only."""
    kreise = rows["level"] == "kreis"
    if not kreise.any():
        return rows
    region = city_states(rows["region"], kreise=rows.loc[kreise, "region"])
    extra = rows.assign(region=region, level="kreis")[region != rows["region"]]
    return pd.concat([rows, extra])


@dataclass(frozen=True)
class _Head:
    first: int  # position of the first data row
    key: int  # column of the keys: 1 if a time stands before it, else 0
    labels: Sequence[str]
    units: Sequence[str]
    times: Sequence[str]


def _head(rows: list[list[str]], where: Where) -> _Head:
    """Find where data begin, and what the columns mean."""

    def is_data(row: Sequence[str]) -> bool:
        return _key_column(row) is not None

    first = first_row(rows, is_data)
    if first < 0:
        what = "no line begins with a key (or a time and a key) of regions."
        raise where.fault(what)
    key = _key_column(rows[first]) or 0
    width = len(rows[first])
    if width <= key + 2:
        what = f"only {width} columns, so none with numbers beside the regions."
        raise where.fault(what, line=first + 1)
    # Titles fill the first column only, or are wider than the data; headers leave it empty.
    header = [row for row in rows[:first] if len(row) == width and not any(row[: key + 2])]
    if not header:
        what = f"no header line with {width} columns stands above the data."
        raise where.fault(what, line=first + 1)
    title = " ".join(" ".join(rows[rows.index(header[0]) - 1][:1]).split())
    columns = zip(*(row[key + 2 :] for row in header), strict=True)
    labels, units, times = zip(*(_column(cells, title) for cells in columns), strict=True)
    return _Head(first, key, labels, units, times)


def _column(cells: Iterable[str], title: str) -> tuple[str, str, str]:
    """Label, unit and time of a column; a table of one measure names it in the title above."""
    words = [" ".join(cell.split()) for cell in cells if cell.strip()]
    time = next((word for word in words if _TIME.fullmatch(word)), "")
    words = [word for word in words if word != time and word not in _TIME_NAMES]
    unit = words[-1] if len(words) > 1 else ""
    return " / ".join(words) or title, unit, time


def _key_column(row: Sequence[str]) -> int | None:
    """Position of the key: first, or second behind a time; None where no data begin."""
    first, second = (*(cell.strip() for cell in row[:2]), "", "")[:2]
    if _TIME.fullmatch(first) and _KEY.fullmatch(second):
        return 1
    return 0 if len(row) > 1 and _KEY.fullmatch(first) else None


def _cells(rows: list[list[str]], head: _Head, where: Where) -> pd.DataFrame:
    blocks = []
    width = head.key + 2 + len(head.labels)
    for line, row in enumerate(rows[head.first :], start=head.first + 1):
        if len(row) != width:
            what = f"has {len(row)} fields, expected are {width}."
            raise where.fault(what, line=line)
        if _key_column(row) != head.key:
            what = f"{row[head.key]!r} is no key of a region or {row[0]!r} no time."
            raise where.fault(what, line=line)
        time = row[0].strip() if head.key else ""
        key = row[head.key].strip()
        for position, cell in enumerate(row[head.key + 2 :]):
            blocks.append((line, key, time or head.times[position], position, cell))
    return _assemble(blocks, head, where)


def _assemble(
    blocks: list[tuple[int, str, str, int, str]], head: _Head, where: Where
) -> pd.DataFrame:
    table = pd.DataFrame(blocks, columns=["line", "region", "time", "position", "cell"])
    undated = table["time"] == ""
    if undated.any():
        what = "neither the rows nor the header say which time the numbers are of."
        raise where.fault(what, line=int(table.loc[undated, "line"].iloc[0]))
    column = table["position"].map(dict(enumerate(head.labels)))
    cells = table["cell"].set_axis(table["line"])
    value, mark = cells_to_numbers(cells, where, decimal=",", marks=MARKS, columns=column)
    level = table["region"].str.len().map(_LEVELS).where(table["region"] != "DG", "country")
    rows = table[["line", "region", "time"]].assign(
        level=level, year=table["time"].str[-4:].astype("int32"),
        column=column,
        unit=table["position"].map(dict(enumerate(head.units))),
        value=value.to_numpy(), mark=mark.to_numpy(), quality="",
    )  # fmt: skip
    return resolve(rows)
