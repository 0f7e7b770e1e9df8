"""What a ranking becomes if one layer counts more: one run per layer, all else unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.catalogue import INDEX
from layers.certainty.multiverse import vary
from layers.errors import RecipeError
from layers.score import score

if TYPE_CHECKING:
    from layers.score import Scores

__all__ = ["emphasised"]


def emphasised(scores: Scores, factor: float = 2.0) -> pd.DataFrame:
    """Ranks after the weight of one layer was multiplied, for each layer directly below the index.

    Parameters
    ----------
    factor : float
        Above 0; 2 counts a layer double, 0.5 half.

    Returns
    -------
    DataFrame
        Regions x ``layer:ID``, for the layers with a weight; missing where a region has no rank.

    Raises
    ------
    RecipeError
        If the factor is not a finite number above 0.
    """
    if not 0 < factor < float("inf"):
        msg = f"emphasis: factor = {factor:g}; a finite number above 0 is needed."
        raise RecipeError(msg)
    weights = {
        f"layer:{one.key}": one.weight
        for one in scores.plan.members[INDEX]
        if one.is_layer and one.weight > 0
    }
    ranks = {
        key: score(
            scores.dataset, vary(scores.recipe, {f"weights.{key}": factor * weight})
        ).ranks.astype(float)
        for key, weight in weights.items()
    }  # fmt: skip
    return pd.DataFrame(ranks)
