"""Small tables in HTML: dense, readable aloud, and scrolling by themselves on narrow screens."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["html_table"]


def html_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, label: str, texts: int = 1
) -> str:
    """HTML of a table whose first column names its rows.

    Parameters
    ----------
    head : sequence of str
        Headings of the columns, plain text.
    rows : iterable of sequences of str
        Cells, plain text.
    label : str
        What the table holds; read aloud.
    texts : int
        Number of columns from the left that hold text; the others hold numbers, set right.
    """
    heads = "".join(_head(one, _side(place, texts)) for place, one in enumerate(head))
    body = "".join(f"<tr>{_cells(row, texts)}</tr>" for row in rows)
    return (
        f"<div class='atlas-scroll' tabindex='0' role='group' aria-label='{escape(label)}'>"
        f"<table class='atlas-grid'><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _head(title: str, side: str) -> str:
    """Head of a column; a corner without words is no heading of anything."""
    return f"<th scope='col'{side}>{escape(title)}</th>" if title else "<td></td>"


def _cells(row: Sequence[str], texts: int) -> str:
    first, *others = row
    rest = "".join(
        f"<td{_side(place, texts)}>{escape(one)}</td>" for place, one in enumerate(others, start=1)
    )
    return f"<th scope='row'>{escape(first)}</th>{rest}"


def _side(place: int, texts: int) -> str:
    return "" if place < texts else " class='atlas-number'"
