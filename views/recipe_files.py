"""Recipes that somebody gives as files: read, or refused in the reader's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layers.errors import PotenzialatlasError, RecipeError
from layers.plain import plain
from layers.recipe import Recipe
from layers.toml import parse_toml

if TYPE_CHECKING:
    from views.file_input import GivenFile
    from views.i18n import Words

__all__ = ["read_recipe", "why_refused"]


def read_recipe(given: GivenFile) -> Recipe:
    """Read a recipe.

    Raises
    ------
    RecipeError
        If the text is no TOML (code ``not_toml``) or no recipe.
    """
    try:
        content = parse_toml(given.text.encode("utf-8", "replace"), given.name, RecipeError)
    except RecipeError as error:
        raise RecipeError(str(error), code="not_toml") from error
    return Recipe.parse(content, where=given.name)


def why_refused(name: str, error: PotenzialatlasError, words: Words) -> str:
    """Say why a file is not taken.

    Of the message only what it quotes is shown: keys and values, which need no translation.
    """
    said, name = str(error).removeprefix(name), plain(name)
    if error.code == "not_toml":
        line = re.search(r"\bline (\d+)", str(error))
        place = words("file.at_line", line=line.group(1)) if line else words("file.at_end")
        return words("file.not_toml", name=name, place=place)
    if f"error.{error.code}" in words.texts:
        return words("file.refused", name=name, reason=words(f"error.{error.code}"))
    quoted = list(dict.fromkeys(re.findall(r"'([^']+)'", said)))
    if not quoted:
        return words("file.not_recipe", name=name)
    listed = ", ".join(f"`{plain(one)}`" for one in quoted[:3])
    return words("file.not_known", name=name, parts=listed)
