"""The whole report of one region, as an HTML file that needs nothing else, or as a tagged PDF."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from babel.dates import format_date

from layers.table import names
from views.report.back import back
from views.report.front import front

if TYPE_CHECKING:
    from views.report.background import Background

__all__ = ["FORMATS", "Format", "to_bytes"]

Format = Literal[".pdf", ".html"]
FORMATS: tuple[Format, ...] = (".pdf", ".html")
_FOLDER = Path(__file__).parent


def to_bytes(region: str, shared: Background, suffix: Format) -> bytes:
    """Return the report of `region` as a file.

    Raises
    ------
    ExportError
        If a PDF is asked for and cannot be made on this machine.
    """
    if suffix == ".html":
        from views.report.fonts import embedded

        return _html(region, shared, embedded()).encode()
    from views.printing import to_pdf

    return to_pdf(_html(region, shared, ""))


def _html(region: str, shared: Background, fonts: str) -> str:
    words = shared.words
    name = names(shared.scores)[region]
    title = escape(words("report.title", name=name))
    about = escape(words("report.description", name=name), quote=True)
    return (
        f"<!DOCTYPE html><html lang='{words.language}'><head><meta charset='utf-8'>"
        f"<title>{title}</title><meta name='description' content='{about}'>"
        "<meta name='author' content='Potenzialatlas'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"{_created(shared)}<style>{fonts}{_style()}{_margins(name, shared)}</style></head>"
        f"<body><main><article class='page'>{front(region, shared)}</article>"
        f"<article class='page'>{back(region, shared)}</article></main></body></html>"
    )


def _created(shared: Background) -> str:
    if shared.date is None:
        return ""
    return f"<meta name='dcterms.created' content='{shared.date.isoformat()}'>"


def _style() -> str:
    return (_FOLDER / "report.css").read_text(encoding="utf-8")


def _margins(name: str, shared: Background) -> str:
    """Return the lines that run below the pages, which only print knows."""
    words = shared.words
    parts = [name, shared.about.reference]
    if shared.date:
        day = format_date(shared.date, "medium", locale=words.locale.replace("-", "_"))
        parts.append(words("report.date", date=day))
    left = _quoted(" · ".join(parts))
    page, of = _quoted(f"{words('report.page')} "), _quoted(f" {words('report.of_pages')} ")
    return (
        f"@page {{ @bottom-left {{ content: {left} }} "
        f"@bottom-right {{ content: {page} counter(page) {of} counter(pages) }} }}"
    )


def _quoted(text: str) -> str:
    """Write a text as a string of CSS that cannot be broken out of, neither there nor in HTML."""
    return (
        '"'
        + "".join(one if one.isalnum() or one in " .,-·@" else f"\\{ord(one):x} " for one in text)
        + '"'
    )
