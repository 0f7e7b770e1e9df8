"""A permalink read strictly: what a program asks for is either understood whole or refused.

A page forgives a damaged link and shows what it can. A file must not: whoever fetched it would
not see that it answers another question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.errors import RecipeError
from layers.extend import is_extended
from layers.query import is_recipe_key
from views.state import PageState, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.dataset import Dataset
    from layers.recipe import Recipe

__all__ = ["PAGE_KEYS", "asked"]

#: Keys of a permalink that belong to the page, not to the recipe.
PAGE_KEYS = ("lang", "show", "sel", "cls", "k", "sp", "hatch")
#: How keys begin that one page alone understands; a view without that page passes them over.
_OWN = "p."


def asked(pairs: Iterable[tuple[str, str]], dataset: Dataset, default: Recipe) -> PageState:
    """Return the view that the fields of a permalink ask for.

    Parameters
    ----------
    pairs : iterable of (str, str)
        Decoded fields, in any order.

    Raises
    ------
    RecipeError
        If a field is unknown, damaged or given twice.
    """
    query: dict[str, str] = {}
    for key, text in pairs:
        if key in query:
            raise RecipeError(f"link: '{key:.60}' is given twice; give it once.")
        if not (key in PAGE_KEYS or is_recipe_key(key) or key.startswith(_OWN)):
            msg = f"link: unknown field '{key:.60}'; copy a link from the app."
            raise RecipeError(msg)
        if not key.startswith(_OWN):
            query[key] = text
    state, damaged = read(query, dataset, default)
    if damaged:
        raise RecipeError(damaged)
    if is_extended(state.recipe.dataset) and state.recipe.dataset != dataset.reference:
        msg = "link: was made with somebody's own data, which no link holds; take a link without."
        raise RecipeError(msg)
    return state
