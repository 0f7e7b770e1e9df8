"""The handbook of methods: which module's docstrings stand on which page.

A page names a chapter; ``docstrings.toml`` says which modules belong to it. The readers of sources
are a chapter by themselves, and what nobody has put into a chapter stands in a last one, so that
nothing is left out. mkdocstrings sets the docstrings themselves.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from handbook.common import ROOT, content_of
from views.i18n import LANGUAGES

if TYPE_CHECKING:
    from views.i18n import Language

__all__ = ["REST", "SOURCES", "docstrings", "modules_of", "public_modules"]

#: Chapters that ``docstrings.toml`` does not list: readers of sources, and all that is left.
SOURCES, REST = "sources", "rest"
_READERS = "layers.sources."


def docstrings(language: Language, rest: str) -> str:
    """One heading per module of the chapter `rest`, with the docstrings of all that is public."""
    return "\n\n".join(_module(name, told[language]) for name, told in _chapter(rest).items())


def modules_of(chapter: str) -> list[str]:
    """Return the names of the modules of a chapter."""
    return list(_chapter(chapter))


@cache
def public_modules() -> tuple[str, ...]:
    """Modules of `layers` that offer something by ``__all__``."""
    found = sorted(path for path in (ROOT / "layers").rglob("*.py") if path.name != "__init__.py")
    return tuple(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in found
        if "\n__all__ = " in path.read_text(encoding="utf-8")
    )


def _chapter(name: str) -> dict[str, dict[str, str]]:
    chapters: dict[str, dict[str, dict[str, str]]] = content_of("docstrings")
    if name in chapters:
        return chapters[name]
    named = {module for chapter in chapters.values() for module in chapter}
    rest = [module for module in public_modules() if module not in named]
    read = [module for module in rest if module.startswith(_READERS)]
    found = {SOURCES: read, REST: [module for module in rest if module not in read]}[name]
    return {module: dict.fromkeys(LANGUAGES, f"`{module}`") for module in found}


def _module(name: str, title: str) -> str:
    return f"## {title} {{#{name.replace('.', '-')}}}\n\n::: {name}"
