"""Putting made pieces into a page: one line ``{{ name rest }}`` stands for one piece."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handbook.pieces import PIECES

if TYPE_CHECKING:
    from views.i18n import Language

__all__ = ["fill", "names"]

_PLACE = re.compile(r"^\{\{ (?P<name>\w+)(?: (?P<rest>[^}]*?))? \}\}$", re.MULTILINE)


def names(markdown: str) -> list[str]:
    """Names of the pieces that a page asks for, in order."""
    return [found["name"] for found in _PLACE.finditer(markdown)]


def fill(markdown: str, language: Language) -> str:
    """Return the page with every piece in its place.

    Raises
    ------
    KeyError
        If a page asks for a piece that there is not; the message lists those that there are.
    """

    def piece(found: re.Match[str]) -> str:
        if found["name"] not in PIECES:
            known = ", ".join(sorted(PIECES))
            raise KeyError(f"'{found[0]}': no such piece; there are {known}.")
        return PIECES[found["name"]](language, found["rest"] or "").strip("\n")

    return _PLACE.sub(piece, markdown)
