"""A recipe carried over to another grouping of the same indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from layers.lenses import through, turned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from layers.catalogue import Catalogue, Direction
    from layers.dataset import Dataset
    from layers.recipe import CombineChange, Recipe

__all__ = ["with_lens"]

Entry = TypeVar("Entry")
Part = TypeVar("Part", bound="BaseModel")
_SIGN: dict[Direction, int] = {"+": 1, "-": -1, "0": 0}
_DIRECTION: dict[int, Direction] = {sign: word for word, sign in _SIGN.items()}


def with_lens(recipe: Recipe, dataset: Dataset, lens: str) -> Recipe:
    """Return a recipe with its indicators grouped otherwise.

    Indicators keep their weights and the direction in which they counted. Layers are others then:
    they have their usual weights, and no mean of their own. What the lens leaves out is no longer
    named.

    Raises
    ------
    RecipeError
        If the dataset lacks one of the two lenses, or what the recipe names.
    """
    if lens == recipe.lens:
        return recipe
    before = through(dataset.plain, recipe.lens).catalogue
    recipe.check(before)
    after = through(dataset.plain, lens).catalogue
    kept = after.indicator_by_id
    return recipe.model_copy(update={
        "lens": lens,
        "weights": {
            key: one for key, one in recipe.weights.items()
            if key.startswith("indicator:") and key.removeprefix("indicator:") in kept
        },
        "directions": _directions(recipe, before, after),
        "denominate": _known(recipe.denominate, kept),
        "impute": _changed(recipe.impute, indicators=_known(recipe.impute.indicators, kept)),
        "treat": _changed(recipe.treat, indicators=_known(recipe.treat.indicators, kept)),
        "normalise": _changed(
            recipe.normalise, goalposts=_known(recipe.normalise.goalposts, kept),
            targets=_known(recipe.normalise.targets, kept),
        ),
        "aggregate": _changed(recipe.aggregate, layers={}, levels=_levels(recipe)),
    })  # fmt: skip


def _directions(recipe: Recipe, before: Catalogue, after: Catalogue) -> dict[str, Direction]:
    """Return the directions under which every indicator counts as before, where unusual."""
    found: dict[str, Direction] = {}
    for key, one in after.indicator_by_id.items():
        if key not in before.indicator_by_id:
            continue
        own = recipe.direction("indicator", key, before.indicator_by_id[key].direction)
        sign = _SIGN[own] * turned(key, before, recipe) * turned(key, after)
        if _DIRECTION[sign] != one.direction:
            found[key] = _DIRECTION[sign]
    return found


def _levels(recipe: Recipe) -> dict[str, CombineChange]:
    """Return what every grouping has: the index, and layers directly below it."""
    return {key: one for key, one in recipe.aggregate.levels.items() if key in ("index", "1")}


def _known(given: Mapping[str, Entry], kept: Mapping[str, object]) -> dict[str, Entry]:
    return {key: one for key, one in given.items() if key in kept}


def _changed(part: Part, **changes: object) -> Part:
    return part.model_copy(update=changes)
