"""Weights that follow from the data, for the members of one node (a layer or the index).

They stand beside the given weights and never replace them silently. Input is a table of regions x
members as `Scores` keeps it: comparable values, directions turned. Regions with a gap in any
member are left out and counted; equal values need no rule. PCA, factor loadings, CRITIC and equal
correlation are defined for one scale (standardised values or values on [0, 1]); their weights are
converted to the scale of the input, so that the weighted mean ranks the regions as the method
means it, whatever the normalisation was. Equal weights and entropy take the scale as it is.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.errors import RecipeError
from layers.study.influence import LEAST_REGIONS, uneven
from layers.weighting import data_rules

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["METHODS", "DataWeights", "data_weights"]

#: Method -> rule.
METHODS: dict[str, Callable[[pd.DataFrame], data_rules.Found]] = {
    "equal": data_rules.equal,
    "pca": data_rules.pca,
    "factor": data_rules.factor,
    "entropy": data_rules.entropy,
    "critic": data_rules.critic,
    "equal_correlation": data_rules.equal_correlation,
}


@dataclass(frozen=True)
class DataWeights:
    """Weights of the members of one node with their diagnostics.

    Attributes
    ----------
    method : str
        Key of `METHODS`.
    weights : Series
        By member, non-negative, adding up to 1.
    members : DataFrame
        What the weights rest on, by member; the columns depend on the method.
    facts : dict
        Single numbers, see the method.
    regions, left_out : int
        Regions used, and regions left out because of a gap.
    """

    method: str
    weights: pd.Series
    members: pd.DataFrame
    facts: dict[str, float]
    regions: int
    left_out: int


def data_weights(values: pd.DataFrame, method: str) -> DataWeights:
    """Weights for the members of one node.

    Parameters
    ----------
    values : DataFrame
        Regions x members, comparable values with directions turned; NaN is a gap. A single member
        has the weight 1 under every method.
    method : str
        Key of `METHODS`.

    Raises
    ------
    RecipeError
        If the method is unknown or cannot give non-negative weights for these values.
    """
    if method not in METHODS:
        msg = f"weights: unknown method '{method}'; allowed: {', '.join(METHODS)}."
        raise RecipeError(msg)
    complete = _complete(values)
    found = METHODS[method if values.shape[1] > 1 else "equal"](complete)
    return DataWeights(
        method=method,
        weights=pd.Series(found.weights / found.weights.sum(), values.columns, name="weight"),
        members=pd.DataFrame(found.members, index=values.columns),
        facts=found.facts,
        regions=len(complete),
        left_out=len(values) - len(complete),
    )


def _complete(values: pd.DataFrame) -> pd.DataFrame:
    """Regions without a gap; an error that names the member if nothing can be compared."""
    if values.shape[1] == 0 or values.columns.has_duplicates:
        msg = "weights: members are missing or occur twice; one column for each member is needed."
        raise RecipeError(msg)
    complete = values.dropna()
    if len(complete) < LEAST_REGIONS:
        fullest = values.notna().sum().idxmin()
        msg = (
            f"weights: only {len(complete)} regions have a value for every member, {LEAST_REGIONS} "
            f"are needed; most gaps are in '{fullest}': leave it out or impute it."
        )
        raise RecipeError(msg)
    if not np.isfinite(complete.to_numpy(dtype=np.float64)).all():
        msg = "weights: the values hold an infinite number; check the normalised values."
        raise RecipeError(msg)
    flat = complete.columns[~uneven(complete).to_numpy()]
    if len(flat):
        msg = f"weights: '{flat[0]}' is the same in all regions used; leave it out (weight 0)."
        raise RecipeError(msg)
    return complete
