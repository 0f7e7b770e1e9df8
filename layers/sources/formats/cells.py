"""Cells that hold numbers, marks in their place, and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layers.sources.formats.raw import Where

_NUMBER = {",": r"[+-]?[0-9]+(?:,[0-9]+)?", ".": r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"}
_GROUPED = {
    ",": r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?",
    ".": r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?",
}
#: Numbers of parsed JSON that are larger overflow, and none of these is meant.
_LARGEST = 1e300
#: Länder that are one Kreis each. Tables of all levels list them once, with the key of the Land.
CITY_STATES = {"02": "02000", "11": "11000"}


def city_states(region: pd.Series, *, kreise: pd.Series) -> pd.Series:
    """Keys in which Hamburg and Berlin have the key of their Kreis, where no Kreis has it yet.

    Parameters
    ----------
    kreise : Series
        Keys of Kreise that the table lists anyway.
    """
    there = set(kreise)
    names = {land: key for land, key in CITY_STATES.items() if key not in there}
    return region.map(names).where(region.isin(list(names)), region)


def cells_to_numbers(
    cells: pd.Series, where: Where, *, decimal: str = ",", grouped: bool = False,
    marks: Mapping[str, str] | None = None, columns: Sequence[str] | pd.Series | None = None,
) -> tuple[pd.Series, pd.Series]:  # fmt: skip
    """Turn a column of text into numbers and marks.

    Parameters
    ----------
    cells : Series
        Text; its index holds line numbers, its name the column, both for messages.
    decimal : str
        Decimal sign, comma or point.
    grouped : bool
        Whether thousands may be grouped, with a point before a decimal comma and vice versa.
    marks : mapping
        Marks that may stand in place of a number -> what they mean. An empty cell is a mark only
        if ``""`` is among them.
    columns : sequence of str
        Column of each cell, for messages, where they are not all of the column that `cells` is
        named after.

    Returns
    -------
    (Series, Series)
        Numbers (NaN where a mark stands) and marks ("" where a number stands; an empty cell is
        told apart by its NaN).

    Raises
    ------
    SourceError
        At the first cell that is neither; names line, column, content and what is allowed.
    """
    known = marks or {}
    text = cells.astype("str").str.strip()
    marked = text.isin(list(known))
    numeric = text.str.fullmatch(_NUMBER[decimal]).astype("bool")
    thousands = "." if decimal == "," else ","
    if grouped:
        numeric |= text.str.fullmatch(_GROUPED[decimal]).astype("bool")
        text = text.where(marked, text.str.replace(thousands, "", regex=False))
    plain = text.where(numeric, "nan").str.replace(decimal, ".", regex=False)
    numbers = pd.Series(plain.to_numpy(dtype="float64"), index=cells.index, name=cells.name)
    # So many digits that no number holds them are no number either.
    wrong = ~(numeric | marked) | np.isinf(numbers)
    if wrong.any():
        at = int(wrong.to_numpy().argmax())
        column = cells.name if columns is None else list(columns)[at]
        words = ", ".join(f"'{mark}' ({meaning})" for mark, meaning in known.items()) or "no mark"
        sign = "comma" if decimal == "," else "point"
        said = repr(cells.iloc[at])[:80]
        what = f"{said} is no number with decimal {sign} and no known mark: {words}."
        raise where.fault(what, line=int(cells.index[at]), column=str(column))
    return numbers, text.where(marked, "")


def is_number(content: object) -> TypeGuard[float]:
    """Tell whether parsed JSON is a finite number: no text, no truth value, no NaN."""
    finite = isinstance(content, int | float) and abs(content) < _LARGEST
    return finite and not isinstance(content, bool)


def excel_number(cell: object, marks: Mapping[str, str]) -> tuple[float, str] | None:
    """Return number and mark of a workbook cell, or None if it is neither."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return (float(cell), "") if np.isfinite(cell) else None
    text = str(cell).strip()
    return (np.nan, text) if text in marks else None


def mixed_to_numbers(
    cells: pd.Series, where: Where, *, grouped: bool = False, marks: Mapping[str, str] | None = None
) -> pd.Series:
    """Turn a column of numbers and text, as workbooks hold them, into numbers.

    Parameters
    ----------
    cells : Series
        Its index holds line numbers, its name the column, both for messages.
    grouped, marks
        As in `cells_to_numbers`, for the cells that are text with a decimal comma.

    Returns
    -------
    Series
        Numbers; NaN where a mark stands.

    Raises
    ------
    SourceError
        At the first cell that is neither; names line, column and content.
    """
    is_text = np.array([isinstance(cell, str) for cell in cells], dtype=bool)
    result = np.full(len(cells), np.nan)
    texts = cells[is_text].astype("str")
    result[is_text] = cells_to_numbers(texts, where, grouped=grouped, marks=marks)[0]
    found = [excel_number(cell, {}) for cell in cells[~is_text]]
    if None in found:
        line = cells.index[~is_text][found.index(None)]
        what = f"{cells.loc[line]!r} is no number."
        raise where.fault(what, line=int(line), column=str(cells.name))
    result[~is_text] = [number[0] for number in found if number]
    return pd.Series(result, index=cells.index, name=cells.name)
