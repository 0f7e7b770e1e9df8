"""One table: where its header ends, which column names the regions, and what its columns hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import pandas as pd

from layers.errors import SourceError
from layers.own_table.cells import read_sheets
from layers.own_table.keys import Keys, as_text
from layers.own_table.numbers import Column, Decimal, read_column, suggests

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.own_table.cells import Cell, Sheet
    from layers.own_table.keys import Match

__all__ = ["OwnTable", "read_table"]

#: Rows by which the key column is found; in the rest it is only read.
_SAMPLE = 3_000
#: Cells of all columns that are looked at for that; a wide table shows it in fewer rows.
_SAMPLED_CELLS = 60_000
#: Share of a column's filled cells that must name a region, or some level of the same hierarchy.
_ENOUGH = 0.5
#: Share that must name a region by itself.
_SOME = 0.2
#: Rows of a header that are joined to titles.
_HEADER = 6
#: Rows in which a header can stand.
_LOOKED_AT = 50
#: Regions that must stand side by side in one row before that is called a table on its side.
_SIDEWAYS = 5
_TITLE = 80
_SHOWN = 3


class _Found(NamedTuple):
    """A column that may name the regions."""

    sheet: int
    place: int
    regions: int
    by_code: bool


@dataclass(frozen=True)
class OwnTable:
    """A table whose rows were matched with the regions of a dataset.

    Attributes
    ----------
    file, sheet : str
        Names of file and sheet.
    sheets : tuple of str
        All sheets of the workbook that hold cells.
    key : int
        Column that names the regions, from 0.
    rows : DataFrame
        Indexed by row number in the file: ``key`` (the cell), ``region`` ("" if none), ``state``
        ("matched", "duplicate", "ambiguous", "coarser", "finer", "missed"), ``choices`` (regions
        that an ambiguous name could mean) and ``how`` it was found.
    titles : tuple of str
        Of all columns.
    """

    file: str
    sheet: str
    sheets: tuple[str, ...]
    key: int
    rows: pd.DataFrame
    titles: tuple[str, ...]
    _cells: list[list[Cell]] = field(repr=False)
    _hint: Decimal | None = field(default=None, repr=False)

    @property
    def count(self) -> dict[str, int]:
        """Rows by state."""
        return {str(key): int(one) for key, one in self.rows["state"].value_counts().items()}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns but the key, read with the decimal sign that each suggests."""
        places = [place for place in range(len(self.titles)) if place != self.key]
        return tuple(self.column(place) for place in places)

    def column(self, place: int, *, decimal: Decimal | None = None) -> Column:
        """Read one column in the rows that belong to a region."""
        taken = [at for at, region in enumerate(self.rows["region"]) if region]
        cells = [_at(self._cells[at], place) for at in taken]
        lines = [int(self.rows.index[at]) for at in taken]
        return read_column(
            cells, lines, place=place, title=self.titles[place], decimal=decimal, hint=self._hint
        )

    def find(self, column: str) -> int:
        """Place of the column with this title or number (from 1).

        Raises
        ------
        SourceError
            If there is none, or several have the title.
        """
        titles = list(enumerate(self.titles))
        named = [place for place, title in titles if title == column]
        alike = [place for place, title in titles if title.casefold() == column.casefold()]
        named = named or alike
        if len(named) == 1:
            return named[0]
        if not named and column.isdecimal() and 1 <= int(column) <= len(self.titles):
            return int(column) - 1
        listed = "; ".join(f"{place}: {title}" for place, title in enumerate(self.titles, 1))
        fault = "is the title of several columns" if named else "is no column"
        msg = f"{self.file}: '{column:.60}' {fault}; name one by number: {listed:.400}."
        raise SourceError(msg)

    def values(self, place: int, *, decimal: Decimal | None = None) -> pd.Series:
        """Values of a column by region; NaN where the file marks none.

        Raises
        ------
        SourceError
            If the column is not numeric, or a region has several rows with different values.
        """
        column = self.column(place, decimal=decimal)
        if column.fault is not None:
            raise SourceError(f"{self.file}: {_why(column)}", code="own_not_numeric")
        if not column.numeric:
            msg = f"{self.file}: column '{column.title}' holds no value for any region."
            raise SourceError(msg, code="own_no_value")
        taken = self.rows[self.rows["region"] != ""]
        table = pd.DataFrame(
            {"region": taken["region"].to_numpy(), "value": column.numbers, "row": taken.index}
        )
        return self._one_each(table, column)

    def _one_each(self, table: pd.DataFrame, column: Column) -> pd.Series:
        """Keep one row per region; rows that say the same twice are no contradiction."""
        once = table.drop_duplicates(["region", "value"])
        twice = once["region"].duplicated(keep=False)
        if twice.any():
            region = once.loc[twice, "region"].iloc[0]
            rows = table.loc[table["region"] == region, "row"].tolist()
            regions = once.loc[twice, "region"].nunique()
            shown = ", ".join(map(str, rows[:_SHOWN])) + (" …" if len(rows) > _SHOWN else "")
            msg = (
                f"{self.file}: column '{column.title}' has several values for {regions} regions, "
                f"such as {region} (rows {shown}); keep one row per region."
            )
            raise SourceError(msg, code="own_several")
        return once.set_index("region")["value"].rename(column.title)


def read_table(
    content: bytes, name: str, regions: pd.DataFrame, *, sheet: str | None = None,
    key: str | int | None = None,
) -> OwnTable:  # fmt: skip
    """Read a table and match its rows with regions.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its name, for errors.
    regions : DataFrame
        Regions table of a dataset.
    sheet : str, optional
        Sheet of a workbook; the one with the most regions if absent.
    key : str or int, optional
        Column that names the regions: its title or number (from 1) as text, or its place from 0;
        found if absent.

    Raises
    ------
    SourceError
        If the file is no table, or nothing in it names regions of this dataset.
    """
    sheets = read_sheets(content, name)
    chosen = [one for one in sheets if sheet is None or one.name == sheet]
    if not chosen:
        listed = ", ".join(one.name for one in sheets)
        raise SourceError(f"{name}: there is no sheet '{sheet:.60}'; sheets: {listed:.200}.")
    keys = Keys(regions)
    if key is not None:
        place = _named(chosen[0], name, keys, key) if isinstance(key, str) else key
        return _matched(chosen[0], name, keys, place, sheets)
    found = [one for at, each in enumerate(chosen) if (one := _key_column(each, at, keys))]
    best = max(found, key=lambda one: (one.by_code, one.regions), default=None)
    _check_upright(chosen, name, keys, 0 if best is None else best.regions)
    if best is None:
        _refuse(name, keys)
    return _matched(chosen[best.sheet], name, keys, best.place, sheets)


def _named(sheet: Sheet, name: str, keys: Keys, key: str) -> int:
    """Find the column with a title or number (from 1) that somebody named."""
    wanted = key.casefold()
    for row in sheet.rows[:_LOOKED_AT]:
        if any(one.state == "matched" and one.how != "only" for one in map(keys.match, row)):
            break
        for place, cell in enumerate(row):
            if as_text(cell).casefold() == wanted:
                return place
    number = key.removeprefix("#")
    if number.isdecimal() and 1 <= int(number) <= max(map(len, sheet.rows)):
        return int(number) - 1
    titles = _matched(sheet, name, keys, 0, [sheet]).titles
    listed = "; ".join(f"{place}: {title}" for place, title in enumerate(titles, 1))
    msg = f"{name}: no column '{key:.60}' names regions; columns: {listed:.400}."
    raise SourceError(msg)


def _key_column(sheet: Sheet, at: int, keys: Keys) -> _Found | None:
    """Find the column that names most regions; codes go before names, since names can be shared."""
    best: _Found | None = None
    width = max(map(len, sheet.rows))
    sample = sheet.rows[: max(_LOOKED_AT, min(_SAMPLE, _SAMPLED_CELLS // width))]
    for place in range(width):
        cells = [_at(row, place) for row in sample]
        matches = [one for one in keys.match_all(cells) if one.state != "empty"]
        # Small numbers could all be Länder: only what names a region by itself counts.
        named = [one for one in matches if one.state == "matched" and one.how != "only"]
        related = len(matches) - sum(one.state == "missed" for one in matches)
        regions = {one.region for one in named}
        if len(named) < _SOME * len(matches) or not regions or related < _ENOUGH * len(matches):
            continue
        codes = sum(one.how != "name" for one in named)
        found = _Found(at, place, len(regions), 2 * codes > len(named))
        if best is None or (found.by_code, found.regions) > (best.by_code, best.regions):
            best = found
    return best


def _check_upright(sheets: Sequence[Sheet], name: str, keys: Keys, below: int) -> None:
    """Refuse a table in which more regions stand side by side than below each other."""
    for sheet in sheets:
        for row, line in zip(sheet.rows[:_LOOKED_AT], sheet.lines, strict=False):
            known = {one.region for one in map(keys.match, row) if one.state == "matched"}
            if len(known) > max(below, _SIDEWAYS):
                msg = (
                    f"{name}: the regions stand side by side in row {line}; turn the table "
                    f"(copy, paste special, transpose), so that each region has a row."
                )
                raise SourceError(msg, code="own_sideways")


def _refuse(name: str, keys: Keys) -> NoReturn:
    example = keys.regions.index[0]
    called = keys.regions["name"].iloc[0]
    msg = (
        f"{name}: no column names regions of this dataset; one needs keys such as {example} or "
        f"names such as {called}."
    )
    raise SourceError(msg, code="own_no_key")


def _matched(
    sheet: Sheet, name: str, keys: Keys, place: int, sheets: list[Sheet]
) -> OwnTable:  # fmt: skip
    matches = keys.match_all(_at(row, place) for row in sheet.rows)
    width = max(map(len, sheet.rows))
    begin = _first_row(sheet, matches)
    titles = _titles(sheet.rows[:begin], width, place)
    kept = [at for at in range(begin, len(sheet.rows)) if matches[at].state != "empty"]
    cells = [sheet.rows[at] for at in kept]
    rows = pd.DataFrame(
        {
            "key": [as_text(_at(sheet.rows[at], place)) for at in kept],
            "region": [matches[at].region for at in kept],
            "state": [matches[at].state for at in kept],
            "choices": [", ".join(matches[at].choices) for at in kept],
            "how": [matches[at].how for at in kept],
        },
        index=pd.Index([sheet.lines[at] for at in kept], name="row"),
    )
    again = rows["region"].duplicated() & (rows["region"] != "")
    rows.loc[again, "state"] = "duplicate"
    hint = suggests(one for row in cells for at, one in enumerate(row) if at != place)
    if hint is None and sheet.comma is not None:
        hint = "," if sheet.comma else "."
    named = tuple(one.name for one in sheets if one.name)
    return OwnTable(name, sheet.name, named, place, rows, titles, cells, hint)


def _first_row(sheet: Sheet, matches: Sequence[Match]) -> int:
    """First row below the header: the first that names a region or a level above it."""
    known = [
        at for at, one in enumerate(matches)
        if one.state not in ("empty", "missed") and not _is_numbering(sheet.rows[at])
    ]  # fmt: skip
    return known[0] if known else min(1, len(matches))


def _is_numbering(row: Sequence[Cell]) -> bool:
    """Whether a row counts the columns: 1, 2, 3 …, as official tables do."""
    filled = [as_text(one) for one in row if one is not None]
    return len(filled) > _SHOWN and filled == [str(k) for k in range(1, len(filled) + 1)]


def _titles(head: Sequence[Sequence[Cell]], width: int, key: int) -> tuple[str, ...]:
    """Join the header rows of each column; a cell merged over several columns counts for all.

    A header begins where the key column is named; what stands above are titles of the whole table.
    """
    taken: list[list[str]] = []
    for row in reversed([row for row in head if not _is_numbering(row)][-_HEADER:]):
        taken.insert(0, [as_text(_at(row, place)) for place in range(width)])
        if taken[0][key]:
            break
    else:
        taken = taken[-1:]
    filled = [row if row is taken[-1] else _filled(row) for row in taken]
    parts = ([row[place] for row in filled if row[place]] for place in range(width))
    titles = [" · ".join(dict.fromkeys(one))[:_TITLE].strip() for one in parts]
    plain = [title or f"#{place}" for place, title in enumerate(titles, 1)]
    often = Counter(plain)
    return tuple(
        f"{title} ({place})" if often[title] > 1 else title for place, title in enumerate(plain, 1)
    )


def _filled(row: Sequence[str]) -> list[str]:
    """Carry a cell on to the right until the next one."""
    filled, last = [], ""
    for text in row:
        last = text or last
        filled.append(last)
    return filled


def _at(row: Sequence[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else None


def _why(column: Column) -> str:
    fault = column.fault
    assert fault is not None  # noqa: S101 -- asked for columns with a fault only
    reasons = {
        "text": "is no number",
        "huge": "is not finite or too large",
        "either": "can be read as thousands or as decimals; say which sign is decimal",
    }
    return f"column '{column.title}', row {fault.row}: '{fault.content}' {reasons[fault.reason]}."
