"""Building HTML: every text is escaped, so that no name can break out of its place."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Markup", "join", "markdown", "phrase", "table", "tag"]

_EMPTY = frozenset({"img", "br", "meta"})
# Raw HTML inside Markdown stays text.
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str) -> Markup:
    """Return an element; plain texts among the children are escaped.

    An attribute named like a word of Python ends with an underscore: ``class_``.
    """
    given = "".join(
        f' {key.rstrip("_")}="{escape(value, quote=True)}"' for key, value in attributes.items()
    )
    if name in _EMPTY:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{join(children)}</{name}>")


def join(parts: Iterable[str]) -> Markup:
    """Put parts one after the other; plain texts are escaped."""
    return Markup(
        "".join(one if isinstance(one, Markup) else escape(one, quote=False) for one in parts)
    )


def phrase(text: str) -> Markup:
    """Return a sentence in Markdown, without a paragraph around it."""
    return Markup(_MARKDOWN.renderInline(text))


def markdown(text: str) -> Markup:
    """Return a longer text in Markdown."""
    return Markup(_MARKDOWN.render(text))


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, class_: str = ""
) -> Markup:  # fmt: skip
    """Return a table whose first column names the rows."""
    return tag(
        "table",
        tag("caption", caption) if caption else "",
        tag("thead", tag("tr", *(tag("th", one, scope="col") for one in head))),
        tag("tbody", *(
            tag("tr", tag("th", row[0], scope="row"), *(tag("td", one) for one in row[1:]))
            for row in rows
        )),
        class_=class_,
    )  # fmt: skip
