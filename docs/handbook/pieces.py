"""All pieces that a page can ask for, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook import (
    columns,
    commands,
    docstrings,
    errors,
    files,
    indicators,
    promises,
    recipe,
    rooms,
    sources,
    terms,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from views.i18n import Language

__all__ = ["PIECES"]

#: Name -> what makes the piece, from the language and the rest of the line.
PIECES: Mapping[str, Callable[[Language, str], str]] = {
    "before_use": files.before_use,
    "codes": errors.codes,
    "columns": columns.columns,
    "commands": commands.commands,
    "docstrings": docstrings.docstrings,
    "error_classes": errors.classes,
    "file": files.file,
    "flags": columns.flags,
    "glossary": terms.glossary,
    "indicator_list": indicators.overview,
    "indicators": indicators.indicators,
    "method": files.method,
    "notices": errors.notices,
    "presets": recipe.presets,
    "promises": promises.promises,
    "query": recipe.query,
    "recipe": recipe.recipe,
    "rooms": rooms.rooms,
    "source_list": sources.overview,
    "sources": sources.sources,
    "speed": files.speed,
}
