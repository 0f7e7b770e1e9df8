"""The one shape that all readers return, and checked reading of the files behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pandas as pd

from layers.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: Columns of a long table: region str, year int, value float (NaN only if withheld), flag str.
COLUMNS = ("region", "year", "value", "flag")


class Reader(Protocol):
    """Reads one quantity of one publisher."""

    def __call__(self, raw: Path, code: str, table: str) -> pd.DataFrame:
        """Return the long table of `code`; `table` picks an edition where there are several."""
        ...


def long_table(
    region: pd.Series,
    year: pd.Series | int,
    value: pd.Series,
    flag: pd.Series | str = "",
    **labels: pd.Series | str,
) -> pd.DataFrame:
    """Assemble a long table, sorted by region, year and labels.

    Parameters
    ----------
    region, value : Series
        Keys as text, and numbers.
    year, flag : Series or scalar
        A scalar holds for all rows.
    **labels : Series or str
        Further columns of text that tell rows apart, such as ``indicator`` where a file holds
        several.
    """
    table = pd.DataFrame({"region": region, "year": year, "value": value, "flag": flag, **labels})
    table = table.astype({"region": "str", "year": "int32", "value": "float64", "flag": "str"})
    table = table.astype(dict.fromkeys(labels, "str"))
    return table.sort_values(["region", "year", *labels], ignore_index=True)


def union(flags: Iterable[str]) -> str:
    """Join flags to one set of words, in alphabetical order."""
    return " ".join(sorted({word for flag in flags for word in flag.split()}))


def read_csv(path: Path, columns: Iterable[str], **options: str) -> pd.DataFrame:
    """Read a CSV file as text and check that `columns` are there.

    Raises
    ------
    SourceError
        If the file is missing or lacks a column.
    """
    if not path.is_file():
        msg = f"{path}: this file of the raw data is missing; see the build definition."
        raise SourceError(msg)
    table = pd.read_csv(
        path,
        sep=options.get("sep", ","),
        encoding=options.get("encoding", "utf-8-sig"),
        dtype="str",
        keep_default_na=False,
    )
    require(table, columns, path)
    return table


def require(table: pd.DataFrame, columns: Iterable[str], path: Path) -> None:
    """Raise a `SourceError` that names the first missing column and the columns that are there."""
    for column in columns:
        if column not in table.columns:
            there = ", ".join(map(str, table.columns[:12]))
            msg = f"{path}: column '{column}' is missing; the file begins with: {there}."
            raise SourceError(msg)


def numbers(table: pd.DataFrame, column: str, path: Path) -> pd.Series:
    """Turn a text column into numbers; an empty cell becomes NaN.

    Raises
    ------
    SourceError
        If a cell holds anything but a number with a decimal point; names row and content.
    """
    result = pd.to_numeric(table[column], errors="coerce").astype("float64")
    wrong = result.isna() & (table[column].str.strip() != "")
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        cell = table[column].iloc[row]
        msg = f"{path}: column '{column}', line {row + 2}: {cell!r} is not a number."
        raise SourceError(msg)
    return result


def is_kreis_key(keys: pd.Series) -> pd.Series:
    """Tell which keys are five digits, and not those of a Land or of Germany."""
    return keys.str.fullmatch(r"\d{5}").astype("bool")
