"""A table of one's own on the data page: its sheet, its column, and what was understood of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from layers.own_table import read_table
from layers.plain import plain
from views import store

if TYPE_CHECKING:
    from layers.own_table import Column, OwnTable
    from views.i18n import Words

__all__ = ["Given", "Values", "read"]

#: Rows and names shown; the rest is counted.
_ROWS, _FIRST, _NAMED = 500, 6, 6
_SIGNS = {"auto": "auto", ",": "comma", ".": "point"}


@dataclass(frozen=True)
class Given:
    """A file that waits to be described.

    Attributes
    ----------
    number : int
        Counts the files of this session: widgets of another file are other widgets.
    table : OwnTable or None
        As it was understood at first; None for a raster.
    """

    number: int
    name: str
    content: bytes
    table: OwnTable | None = None


@dataclass(frozen=True)
class Values:
    """Values to be added, and where in the file they stand."""

    numbers: pd.Series
    title: str
    unit: str = ""
    flags: pd.Series | None = None


def read(given: Given, words: Words) -> Values | None:
    """Draw what was understood of a table; returns the values of the chosen column."""
    table = _chosen_sheet(given, words)
    column = _chosen_column(table, given, words)
    _coverage(table.rows["region"], words)
    left, right = st.columns(2)
    with right:
        _rows_without(table, words)
    if column is None:
        return None
    values = table.values(column.place, decimal=_decimal(given))
    with left:
        _reading(table, column, words)
    _range(column, values, words)
    return Values(values, column.title)


def _chosen_sheet(given: Given, words: Words) -> OwnTable:
    """Let the sheet and the key column be chosen; the best ones are chosen already."""
    table = given.table
    assert table is not None  # noqa: S101 -- asked for tables only
    sheet, regions = table.sheet, store.official().regions
    left, right = st.columns(2)
    if len(table.sheets) > 1:
        sheet = right.selectbox(
            words("own_data.sheet"), table.sheets, key=f"own.sheet.{given.number}",
            index=table.sheets.index(table.sheet),
        )  # fmt: skip
    if sheet != table.sheet:
        table = read_table(given.content, given.name, regions, sheet=sheet)
    titles = [plain(title) for title in table.titles]
    place = left.selectbox(
        words("own_data.key"), list(range(len(titles))), index=table.key,
        key=f"own.key.{given.number}.{sheet}", format_func=titles.__getitem__,
    )  # fmt: skip
    if place != table.key:
        table = read_table(given.content, given.name, regions, sheet=sheet, key=place)
    return table


def _labels() -> pd.Series:
    """Names that no two regions share, as far as the dataset has such."""
    regions = store.official().regions
    return regions["label" if "label" in regions else "name"]


def _coverage(found: pd.Series, words: Words) -> None:
    """Say how many regions were found, and which were not."""
    regions = store.official().regions
    there = set(found) - {""}
    if len(there) == len(regions):
        st.markdown(words("own_data.all_found", regions=len(regions)))
        return
    said = words("own_data.found", found=len(there), regions=len(regions))
    labels = _labels()
    absent = [str(one) for one in labels[~labels.index.isin(there)]]
    shown = ", ".join(absent[:_NAMED])
    if len(absent) > _NAMED:
        shown = words("own_data.more", names=shown, count=len(absent) - _NAMED)
    st.markdown(f"{said} {words('own_data.not_found', names=shown)}")


def _chosen_column(table: OwnTable, given: Given, words: Words) -> Column | None:
    usable = [
        one for one in table.columns
        if one.numeric or (one.fault is not None and one.fault.reason == "either")
    ]  # fmt: skip
    if not usable:
        first = next((one for one in table.columns if one.fault is not None), None)
        why = _column_fault(first, words) if first is not None else ""
        st.warning(words("own_data.no_column", why=why).strip())
        return None
    left, right = st.columns([2, 1])
    # A column without a title, or with one value throughout, is rarely what is meant.
    varied = [
        place for place, one in enumerate(usable)
        if len(set(_known(one))) > 1 and not one.title.startswith("#")
    ]  # fmt: skip
    chosen = left.selectbox(
        words("own_data.column"), list(range(len(usable))), index=varied[0] if varied else 0,
        key=f"own.column.{given.number}.{table.sheet}.{table.key}",
        format_func=lambda one: plain(usable[one].title),
    )  # fmt: skip
    column = usable[chosen]
    if column.decimal or column.fault is not None:
        right.selectbox(
            words("own_data.decimal"), ["auto", ",", "."], key=f"own.decimal.{given.number}",
            format_func=lambda one: words(f"own_decimal.{_SIGNS[one]}"),
        )  # fmt: skip
    column = table.column(column.place, decimal=_decimal(given))
    if column.fault is not None:
        st.warning(_column_fault(column, words))
        return None
    return column


def _known(column: Column) -> list[float]:
    return [one for one in column.numbers.tolist() if math.isfinite(one)]


def _decimal(given: Given) -> Any:
    chosen = st.session_state.get(f"own.decimal.{given.number}", "auto")
    return None if chosen == "auto" else chosen


def _column_fault(column: Column, words: Words) -> str:
    found = column.fault
    if found is None:
        return ""
    key = {"text": "not_numeric", "huge": "too_large", "either": "either"}[found.reason]
    return words(
        f"own_data.{key}", column=plain(column.title), row=found.row, content=plain(found.content)
    )


def _range(column: Column, values: pd.Series, words: Words) -> None:
    """Say what the values are, and what was read as missing."""
    known = values.dropna()
    decimals = 0 if (known % 1 == 0).all() else 2
    said = words(
        "own_data.values", count=len(known), low=words.number(known.min(), decimals),
        high=words.number(known.max(), decimals),
        missing=len(store.official().regions) - len(known),
    )  # fmt: skip
    signs = [
        words("own_data.sign", count=count, sign=plain(sign)) if sign
        else words("own_data.empty_cells", count=count)
        for sign, count in column.missing.items()
    ]  # fmt: skip
    if signs:
        said += " " + words("own_data.signs", signs=", ".join(signs))
    st.markdown(said)


def _reading(table: OwnTable, column: Column, words: Words) -> None:
    """Show how the first rows are read."""
    names = _labels()
    taken = table.rows[table.rows["region"] != ""]
    value = words("own_data.value")
    rows = pd.DataFrame(
        {
            words("own_data.row"): [str(one) for one in taken.index],
            words("own_data.content"): taken["key"].to_numpy(),
            words("own_data.region"): taken["region"].map(names).to_numpy(),
            value: column.numbers,
        }
    )
    st.caption(words("own_data.first_rows"))
    st.dataframe(
        rows.head(_FIRST), hide_index=True, alt=words("own_data.first_alt"),
        column_config={value: st.column_config.NumberColumn(format="localized")},
    )  # fmt: skip


def _rows_without(table: OwnTable, words: Words) -> None:
    """List the rows that no single region belongs to, those that need a person first."""
    order = ["ambiguous", "duplicate", "missed", "finer", "coarser"]
    rows = table.rows[table.rows["state"].isin(order)]
    if rows.empty:
        return
    rows = rows.sort_values("state", key=lambda one: one.map(order.index), kind="stable")
    names = _labels()

    def meant(keys: str) -> str:
        return "; ".join(f"{key} {names.get(key, '')}".strip() for key in keys.split(", ") if key)

    shown = rows.head(_ROWS)
    told = [
        words(f"own_state.{state}", choices=meant(choices or region))
        for state, choices, region in zip(
            shown["state"], shown["choices"], shown["region"], strict=True
        )
    ]
    st.caption(words("own_data.rows", count=words.number(len(rows))))
    st.dataframe(
        pd.DataFrame({
            words("own_data.row"): [str(one) for one in shown.index],
            words("own_data.content"): shown["key"].to_numpy(), words("own_data.finding"): told,
        }),
        hide_index=True, height=min(38 * (len(shown) + 1), 230), alt=words("own_data.rows_alt"),
    )  # fmt: skip
