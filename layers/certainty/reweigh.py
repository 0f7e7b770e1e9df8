"""Turning shares that an analysis found into a recipe that can be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.errors import RecipeError

if TYPE_CHECKING:
    import pandas as pd

    from layers.catalogue import Catalogue
    from layers.recipe import Recipe

__all__ = ["with_shares"]

#: Digits of a weight behind the point: far finer than the lead that a changed order needs.
_DIGITS = 9


def with_shares(recipe: Recipe, catalogue: Catalogue, shares: pd.Series) -> Recipe:
    """Return `recipe` with the layers of `shares` weighted so that they have these shares.

    The weights of these layers keep their sum, so that a layer whose share stays keeps its weight.
    Other weights, which share nothing with them (indicators, deeper layers), stay.

    Parameters
    ----------
    shares : Series
        By layer directly below the index; not negative, adding up to 1. All layers that have a
        weight must be there.

    Raises
    ------
    RecipeError
        If a layer is unknown, shares are negative or do not add up to 1.
    """
    layers = catalogue.layer_by_id
    unknown = [str(key) for key in shares.index if key not in layers]
    if unknown:
        msg = f"shares: unknown layer '{unknown[0]}'; allowed: {', '.join(layers)}."
        raise RecipeError(msg)
    if (shares < 0).any() or abs(shares.sum() - 1) > 1e-6:  # noqa: PLR2004 -- rounding
        msg = f"shares: {shares.round(3).to_dict()} must not be negative and must add up to 1."
        raise RecipeError(msg)
    total = sum(recipe.weight("layer", key, layers[key].weight) for key in shares.index)
    weights = {f"layer:{key}": round(share * total, _DIGITS) for key, share in shares.items()}
    return recipe.model_copy(update={"weights": {**recipe.weights, **weights}})
