"""The dataset as a recipe sees it: grouped by its lens, with its kinds of place as columns.

Whoever takes a dataset and a recipe asks here first, so that the layers of the recipe are those
of the dataset. The result is kept with the dataset, so that asking again costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers import kinds
from layers.dataset import PLAIN
from layers.lenses import through

if TYPE_CHECKING:
    from collections.abc import Hashable

    from layers.dataset import Dataset
    from layers.recipe import Recipe

__all__ = ["seen"]

#: Views kept of one dataset: whoever moves a bound of the kinds makes a new one at every step.
_KEPT = 32


def seen(dataset: Dataset, recipe: Recipe) -> Dataset:
    """Return `dataset` as `recipe` sees it; the same object if nothing changes.

    What was seen by another recipe before may be given as well: it is seen anew.

    Raises
    ------
    RecipeError
        If the dataset has no such lens, or lacks what the recipe's own kinds of place need.
    """
    plain, key = dataset.plain, _view(recipe)
    look = plain.views.get(key)
    if look is None:
        look = _look(plain, recipe)
        if look is not plain:
            look.views[PLAIN] = plain
        look = plain.views.setdefault(key, look)
        for oldest in list(plain.views)[:-_KEPT]:
            plain.views.pop(oldest, None)
    return look


def _view(recipe: Recipe) -> Hashable:
    """Return all that `_look` reads of a recipe."""
    return (recipe.lens, recipe.kinds)


def _look(plain: Dataset, recipe: Recipe) -> Dataset:
    grouped = through(plain, recipe.lens)
    found = kinds.columns(plain, recipe.kinds)
    if found.empty:
        return grouped
    return grouped.with_regions(
        grouped.regions.assign(**found), grouped.attributes | kinds.attributes(plain, recipe.kinds)
    )
