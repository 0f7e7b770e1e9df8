"""Small pieces of HTML that all parts of a report are made of; every text is escaped here."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from views.charts.tables import html_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "bullets", "note", "paragraph", "scrolling", "section", "side_by_side", "strong",
    "titled_table",
]  # fmt: skip


def strong(text: str) -> str:
    """Escape a text, in which ``**`` stands around what matters."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))


def paragraph(text: str) -> str:
    """Return a paragraph; ``**`` stands around what matters."""
    return f"<p>{strong(text)}</p>"


def note(text: str) -> str:
    """Return a line of small print."""
    return f"<p class='note'>{escape(text)}</p>" if text else ""


def bullets(items: Iterable[str], kind: str = "") -> str:
    """Return a list; ``**`` stands around what matters."""
    rows = "".join(f"<li>{strong(one)}</li>" for one in items)
    return f"<ul class='{kind}'>{rows}</ul>"


def section(title: str, *parts: str, kind: str = "") -> str:
    """Return a section under a heading that becomes a bookmark."""
    return f"<section class='{kind}'><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def side_by_side(*columns: str, kind: str = "") -> str:
    """Return columns of equal width, one below the other on a narrow screen."""
    return f"<div class='columns {kind}'>{''.join(f'<div>{one}</div>' for one in columns)}</div>"


def scrolling(inner: str, label: str) -> str:
    """Return what is too wide for a narrow screen in a box that scrolls by itself."""
    return (
        f"<div class='atlas-scroll' tabindex='0' role='group' aria-label='{escape(label)}'>"
        f"{inner}</div>"
    )


def titled_table(
    title: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, texts: int = 1
) -> str:
    """Return a table under a small heading; the first `texts` columns hold text."""
    return f"<h3>{escape(title)}</h3>{html_table(head, rows, label=title, texts=texts)}"
