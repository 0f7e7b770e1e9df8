"""Stage: weighted means of comparable values, with gaps and coverage.

All means here are of the form ``f^-1(sum w f(x) / sum w)`` over the members that are present, so
that one routine serves every level of the tree and every draw of weights. Sums run member by
member in a fixed order: equal rows give equal results to the last bit, wherever they stand.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from layers.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MEANS", "Mean", "coverage", "multipliers", "weighted_mean"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class Mean(NamedTuple):
    """A quasi-arithmetic mean: transform, its inverse, and whether it needs positive values."""

    transform: Callable[[Array], Array]
    inverse: Callable[[Array], Array]
    needs_positive: bool


def _same(values: Array) -> Array:
    return values


#: arithmetic ``sum w x / sum w``; geometric ``exp(sum w ln x / sum w)``.
MEANS: dict[str, Mean] = {
    "arithmetic": Mean(_same, _same, needs_positive=False),
    "geometric": Mean(np.log, np.exp, needs_positive=True),
}


def weighted_mean(values: Array, weights: Array, method: str) -> Array:
    """Weighted mean of each row over the members that are present.

    Parameters
    ----------
    values : array, shape (n, k)
        Comparable values; NaN is a gap and its weight is shared by the others.
    weights : array, shape (k,)
        Non-negative; only their ratios matter. A member of weight 0 is absent.
    method : str
        Key of `MEANS`.

    Returns
    -------
    array, shape (n,)
        NaN where no member with a weight is present.

    Raises
    ------
    RecipeError
        If the mean needs positive values and finds others.
    """
    mean = MEANS[method]
    _require_positive(values, weights, method)
    top, bottom = np.zeros(len(values)), np.zeros(len(values))
    for weight, column in zip(weights, values.T, strict=True):
        if weight > 0:
            present = ~np.isnan(column)
            top += np.where(present, weight * mean.transform(column), 0.0)
            bottom += np.where(present, weight, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Array = mean.inverse(top / bottom)
    return result


def coverage(present: Array, weights: Array) -> Array:
    """Share of the weight that is backed by data: ``sum w c / sum w`` per row.

    Parameters
    ----------
    present : array, shape (n, k)
        Coverage of each member: 1 or 0 for an indicator, a share for a layer.
    weights : array, shape (k,)

    Returns
    -------
    array, shape (n,)
        0 if all weights are 0.
    """
    total = float(weights.sum())
    result = np.zeros(len(present))
    for weight, column in zip(weights, present.T, strict=True):
        result += weight * column
    return result / total if total > 0 else result


def multipliers(values: Array, weights: Array, method: str) -> Array:
    """Factor that turns each member's value into its contribution to the mean of its row.

    The contributions ``m x`` of a row add up to its mean. They divide the mean in proportion to
    ``w f(x)``; for the arithmetic mean this is the usual ``m = w / sum w``. Where some ``f(x)`` is
    negative (geometric mean, values below 1) proportions make no sense and ``w`` divides the mean.

    Returns
    -------
    array, shape (n, k)
        NaN for a member that is absent.
    """
    present = ~np.isnan(values) & (weights > 0)
    weight = np.where(present, weights, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = weight / weight.sum(axis=1, keepdims=True)
        if method != "arithmetic":
            filled = np.where(present, values, 1.0)
            part = weight * MEANS[method].transform(filled)
            total = part.sum(axis=1, keepdims=True)
            divisible = (part >= 0).all(axis=1, keepdims=True) & (total > 0)
            share = np.where(divisible, part / total, relative)
            relative = weighted_mean(values, weights, method)[:, None] * share / filled
    return np.where(present, relative, np.nan)


def _require_positive(values: Array, weights: Array, method: str) -> None:
    used = values[:, weights > 0]
    if MEANS[method].needs_positive and bool((used <= 0).any()):
        msg = (
            f"recipe: aggregate.method = '{method}' needs values above 0, but the normalised "
            f"values start at {np.nanmin(used):g}; choose normalise.method = 'rank' or 'minmax' "
            "with a range that starts at 1, such as [1, 100]."
        )
        raise RecipeError(msg, code="needs_positive")
