"""Texts that have their place elsewhere in the project and are shown on the site as they are."""

from __future__ import annotations

import re
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from handbook.common import ROOT, kreise, say
from views.i18n import words
from views.method_text import method_text

if TYPE_CHECKING:
    from views.i18n import Language

__all__ = ["before_use", "file", "method", "speed"]

_FENCE = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)\n?", re.MULTILINE)
_TITLE = re.compile(r"\A(?:<!--.*?-->\s*)*# [^\n]*\n", re.DOTALL)
_SPEED = re.compile(r"<!-- speed -->\n(.*?)<!-- end of speed -->", re.DOTALL)


def method(language: Language, _rest: str) -> str:
    """Return the text of the page *Methode* of the app."""
    return method_text(kreise(), words(language))


def before_use(language: Language, _rest: str) -> str:
    """Return what ``data/README.md`` says before the data are used, in the reader's language."""
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    head, end = ("Deutsch", "English") if language == "de" else ("English", "Quellenvermerke")
    part = text.partition(f"## {head}\n")[2].partition(f"## {end}")[0]
    return _fitted(part, PurePosixPath("data"))


def speed(_language: Language, _rest: str) -> str:
    """Return the table of speed that the benchmarks write into ``README.md``."""
    found = _SPEED.search((ROOT / "README.md").read_text(encoding="utf-8"))
    return found[1] if found else ""


def file(language: Language, rest: str) -> str:
    """Return a file of the project in the reader's language, or say that it is not there yet.

    A German file stands beside its English one as ``NAME.de.md``. Where there is none, the English
    one is shown and a line says so.
    """
    path = PurePosixPath(rest)
    own = path.with_suffix(f".{language}{path.suffix}")
    found = next((one for one in (own, path) if (ROOT / one).is_file()), None)
    if found is None:
        return f"!!! note\n    {say('not_there', language, path=rest)}"
    text = (ROOT / found).read_text(encoding="utf-8")
    # The page has a title of its own.
    text = _TITLE.sub("", text)
    foreign = language == "de" and found == path
    note = f"*{say('in_english', language)}*\n\n" if foreign else ""
    return note + _fitted(text, path.parent)


def _fitted(text: str, folder: PurePosixPath) -> str:
    """Make a text of another place fit for a page: links into the project become file names."""
    parts = _FENCE.split(_PICTURE.sub("", text))
    name = partial(_named, folder)
    return "".join(part if _FENCE.fullmatch(part) else _LINK.sub(name, part) for part in parts)


def _named(folder: PurePosixPath, link: re.Match[str]) -> str:
    words_, target = link.groups()
    if "://" in target or target.startswith(("#", "mailto:")):
        return link[0]
    path = target.partition("#")[0]
    whole = (ROOT / folder / path).resolve()
    shown = whole.relative_to(ROOT).as_posix() if whole.is_relative_to(ROOT) else path
    return f"`{shown}`" if words_ in (path, f"`{path}`", shown) else f"{words_} (`{shown}`)"
