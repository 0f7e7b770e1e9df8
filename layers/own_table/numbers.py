"""Numbers as people write them: decimal comma or point, thousands, signs for a missing value.

A column is read one way as a whole. "1.234" alone can be two numbers; then other cells of the
column decide, then the rest of the table, then how the file parts its cells, and else nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from layers.own_table.keys import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from layers.own_table.cells import Cell

__all__ = ["MISSING", "Column", "Decimal", "Fault", "read_column", "suggests"]

#: Which sign stands before the decimals.
Decimal = Literal[",", "."]
#: Signs that stand for no value, in small letters.
MISSING = frozenset(
    {"", "-", "–", "—", "\u2212", ".", "..", "...", "…", "/", "x", "*", "•", "na", "n/a", "n.a.",
     "nan", "null", "none", "k.a.", "k. a.", "#nv", "#n/a", "#div/0!", "#wert!", "#value!"}
)  # fmt: skip
#: Beyond this, squares and ranges of values would leave the range of floating-point numbers.
_HUGE = 1e100

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'\u2019]+")
_PLAIN = re.compile(r"[+-]?[0-9]+")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]{1,3}")
_SHAPE: dict[Decimal, re.Pattern[str]] = {
    ",": re.compile(r"[+-]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)?(,[0-9]*)?"),
    ".": re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)?(\.[0-9]*)?"),
}
#: One sign, three digits behind it, one to three in front: thousands as well as decimals.
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")


@dataclass(frozen=True, slots=True)
class Fault:
    """The first cell of a column that is no number.

    Attributes
    ----------
    row : int
        As a person counts it in the file, from 1.
    content : str
        What stands there, shortened.
    reason : str
        "text", "huge" or "either": can be read two ways.
    """

    row: int
    content: str
    reason: Literal["text", "huge", "either"]


@dataclass(frozen=True)
class Column:
    """One column of a table, as far as rows that belong to a region go.

    Attributes
    ----------
    place : int
        From 0.
    title : str
        From the header rows, else "Spalte 3".
    numbers : ndarray of float64
        NaN for a missing value and for what is no number.
    missing : mapping of str to int
        Signs for a missing value and how often each stands there; "" is an empty cell.
    fault : Fault or None
        Why the column is not numeric; None if it is.
    decimal : str
        The sign that was taken for the decimal one; empty where no cell has any.
    """

    place: int
    title: str
    numbers: np.ndarray
    missing: dict[str, int]
    fault: Fault | None
    decimal: str = ""

    @property
    def numeric(self) -> bool:
        """Whether all cells are numbers or signs for none, and at least one is a number."""
        return self.fault is None and bool(np.isfinite(self.numbers).any())


def read_column(
    cells: Sequence[Cell], lines: Sequence[int], *, place: int, title: str,
    decimal: Decimal | None = None, hint: Decimal | None = None,
) -> Column:  # fmt: skip
    """Read one column as numbers.

    Parameters
    ----------
    lines : sequence of int
        Row of each cell in the file.
    decimal : str, optional
        The decimal sign, if somebody said so.
    hint : str, optional
        The decimal sign that the rest of the table suggests.
    """
    texts = [None if isinstance(one, float) else _bare(one) for one in cells]
    sign = decimal or suggests(cells) or hint
    numbers, missing, fault = np.full(len(cells), np.nan), Counter[str](), None
    used = False
    for at, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        if text is not None and text.casefold() in MISSING:
            missing[text] += 1
            continue
        used |= text is not None and ("," in text or "." in text)
        value, reason = (cell, "") if text is None else _number(text, sign)
        if not reason and not (isinstance(value, float) and abs(value) <= _HUGE):
            reason = "huge"
        if reason:
            fault = fault or Fault(lines[at], f"{as_text(cell):.40}", reason)  # type: ignore[arg-type]
        else:
            numbers[at] = value
    shown = (sign or "") if used else ""
    return Column(place, title, numbers, dict(missing), fault, shown)


def suggests(cells: Iterable[Cell]) -> Decimal | None:
    """Return the decimal sign that is certain from at least one cell; None if none or both are."""
    signs: set[Decimal] = set()
    for cell in cells:
        if isinstance(cell, str) and ("," in cell or "." in cell):
            text = _bare(cell)
            fits: list[Decimal] = [one for one in (",", ".") if _fits(text, one)]
            if len(fits) == 1:
                signs.add(fits[0])
    return signs.pop() if len(signs) == 1 else None


def _bare(cell: Cell) -> str:
    text = _SPACES.sub("", as_text(cell)).removesuffix("%")
    # The minus of typesetters; alone it is a sign for no value.
    return "-" + text[1:] if len(text) > 1 and text[0] in "\u2212–" else text


def _fits(text: str, sign: Decimal) -> bool:
    """Whether text with a comma or point in it is a number when `sign` is the decimal one."""
    if _SCIENTIFIC.fullmatch(text):
        return sign in text
    return bool(_SHAPE[sign].fullmatch(text)) and any(map(str.isdigit, text))


def _number(text: str, sign: Decimal | None) -> tuple[float | None, str]:
    """Return the number, or why it is none."""
    if "," not in text and "." not in text:
        known = _PLAIN.fullmatch(text) or _SCIENTIFIC.fullmatch(text)
        return (float(text), "") if known else (None, "text")
    if sign is None:
        return None, "either" if _EITHER.fullmatch(text) else "text"
    if not _fits(text, sign):
        return None, "text"
    thousands = "." if sign == "," else ","
    return float(text.replace(thousands, "").replace(sign, ".")), ""
