"""Tables of the self-check in words, for the page and the printed report alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from babel.dates import format_date

from layers.selfcheck.context import LENS, context
from layers.selfcheck.statements import fields, statements

if TYPE_CHECKING:
    import datetime as dt

    from layers.catalogue import Indicator
    from layers.dataset import Dataset
    from layers.selfcheck.file import SelfCheck
    from views.i18n import Words

__all__ = [
    "Rows", "context_rows", "day_words", "field_rows", "gap_words", "note_lines", "region_name",
    "statement_rows",
]  # fmt: skip


#: Columns of a result: of the answers over the people, and how many of which kind there are.
_SPREAD, _COUNTS = ("mean", "lowest", "highest", "sd"), ("answered", "not_ours", "open")


class Rows(NamedTuple):
    """A table as `views.charts.tables.html_table` takes it, and a line to stand below it."""

    head: list[str]
    rows: list[list[str]]
    note: str = ""


def day_words(day: dt.date | None, words: Words) -> str:
    """Write a day."""
    if day is None:
        return words.number(None)
    return format_date(day, "medium", locale=words.locale.replace("-", "_"))


def region_name(dataset: Dataset, region: str) -> str:
    """Name of a region, unlike any other."""
    regions = dataset.regions
    return str(regions["label" if "label" in regions else "name"][region])


def field_rows(results: pd.DataFrame, words: Words) -> Rows:
    """Write the result of every field; `results` as of `layers.selfcheck.field_results`."""
    known = {one.id: words.of(one.name) for one in fields()}
    columns = (*_SPREAD, "raters", *_COUNTS)
    rows = [
        [known[str(key)], *_numbers(row, columns, words)] for key, row in results.iterrows()
    ]  # fmt: skip
    return Rows(_head("field", columns, words), rows)


def statement_rows(results: pd.DataFrame, words: Words, *, counts: bool = True) -> Rows:
    """Write the result of statements, on request without what was counted.

    Parameters
    ----------
    results : DataFrame
        As of `layers.selfcheck.statement_results`.
    """
    columns = (*_SPREAD, *(_COUNTS if counts else ()))
    rows = [
        [words.of(statements()[str(key)]), *_numbers(row, columns, words)]
        for key, row in results.iterrows()
    ]
    return Rows(_head("statement", columns, words), rows)


def _head(first: str, columns: tuple[str, ...], words: Words) -> list[str]:
    return [words(f"selfcheck_col.{one}") for one in (first, *columns)]


def _numbers(row: Any, columns: tuple[str, ...], words: Words) -> list[str]:
    return [words.number(row[one], 1 if one in _SPREAD else 0) for one in columns]


def context_rows(dataset: Dataset, region: str, words: Words) -> dict[str, Rows]:
    """Write the region's indicators of each field; a field without statistics has no rows."""
    head = [words(f"selfcheck_col.{one}") for one in (
        "indicator", "value", "median", "place", "year")]  # fmt: skip
    table, found = context(dataset, region), {}
    for field in fields():
        theirs = table[table["field"] == field.id]
        rows = [_indicator(dataset, row, words) for row in theirs.to_dict("records")]
        publishers = "; ".join(dict.fromkeys(theirs["source"]))
        found[field.id] = Rows(head, rows, words("selfcheck.sources", names=publishers))
    return found


def _indicator(dataset: Dataset, row: dict[Any, Any], words: Words) -> list[str]:
    one = dataset.plain.catalogue.indicator_by_id[row["indicator"]]
    value = _with_unit(row["value"], one, words)
    flags = ", ".join(words(f"flag.{flag}") for flag in str(row["flag"]).split())
    place = words.number(None)
    if pd.notna(row["rank"]):
        rank = words("selfcheck.context_rank", rank=int(row["rank"]), of=int(row["regions"]))
        better = words("selfcheck.context_better", share=words.percent(row["better"]))
        place = f"{rank} ({better})"
    return [
        words.of(one.name), f"{value} ({flags})" if flags else value,
        _with_unit(row["median"], one, words), place, str(row["year"]),
    ]  # fmt: skip


def _with_unit(value: float, one: Indicator, words: Words) -> str:
    """Write a value of an indicator with its unit."""
    if math.isnan(value):
        return words.number(None)
    if words.of(one.unit) == "%":
        return words.percent(value / 100, one.decimals)
    return f"{words.number(value, one.decimals)} {words.of(one.unit)}".strip()


def gap_words(dataset: Dataset, field: str, words: Words) -> str:
    """Say of a field without statistics what the grouping says is missing."""
    group = next(one.group for one in fields() if one.id == field)
    lens = dataset.plain.lenses.get(LENS)
    needs = next((one.needs for one in lens.groups if one.id == group), None) if lens else None
    said = words("selfcheck.context_gap") if lens else words("selfcheck.context_none")
    return f"{said} {words.of(needs)}".strip() if needs else said


def note_lines(check: SelfCheck, names: list[str], words: Words) -> dict[str, list[str]]:
    """Collect the notes of each statement that has any, each with who wrote it."""
    found: dict[str, list[str]] = {}
    for key in statements():
        lines = [
            words("selfcheck.note_line", name=name, text=" ".join(one.notes[key].split()))
            for name, one in zip(names, check.raters, strict=True)
            if key in one.notes
        ]
        if lines:
            found[key] = lines
    return found
