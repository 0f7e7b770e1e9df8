"""Stage: weighted means of comparable values, with gaps and coverage.

`layers.methods.means` holds further methods and `layers.tree` leads them up the tree. All means
here are of the form ``f^-1(sum w f(x) / sum w)`` over the members that are present, so
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

    from layers.recipe import Combine

__all__ = ["MEANS", "Mean", "coverage", "quasi_arithmetic", "weighted_mean"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


#: Powers below this are nearly a logarithm.
_SMALL = 0.01


class Mean(NamedTuple):
    """A quasi-arithmetic mean: a transform that rises, its inverse, need of positive values."""

    transform: Callable[[Array], Array]
    inverse: Callable[[Array], Array]
    needs_positive: bool


def _same(values: Array) -> Array:
    return values


def _reciprocal(values: Array) -> Array:
    """Negative, so that it rises; its own inverse."""
    result: Array = -1 / values
    return result


def _power(p: float) -> Mean:
    if p == 0:
        return MEANS["geometric"](0)
    sign = 1.0 if p > 0 else -1.0

    def transform(values: Array) -> Array:
        if abs(p) >= _SMALL:
            return np.asarray(sign * values**p)
        with np.errstate(divide="ignore"):
            return np.asarray(np.expm1(p * np.log(values)) / p)

    def inverse(values: Array) -> Array:
        if abs(p) >= _SMALL:
            return np.asarray((sign * values) ** (1 / p))
        with np.errstate(divide="ignore"):
            return np.asarray(np.exp(np.log1p(p * values) / p))

    return Mean(transform, inverse, needs_positive=p < 0)


#: Means by name; each is made from the power p, which only "power" heeds. arithmetic
#: ``sum w x / sum w``; geometric ``exp(sum w ln x / sum w)``; harmonic ``sum w / sum (w / x)``;
#: power ``(sum w x^p / sum w)^(1/p)``, near p = 0 by ``(x^p - 1) / p``, which keeps digits there.
MEANS: dict[str, Callable[[float], Mean]] = {
    "arithmetic": lambda _: Mean(_same, _same, needs_positive=False),
    "geometric": lambda _: Mean(np.log, np.exp, needs_positive=True),
    "harmonic": lambda _: Mean(_reciprocal, _reciprocal, needs_positive=True),
    "power": _power,
}


def quasi_arithmetic(choice: Combine) -> Mean | None:
    """Transform and inverse of the mean chosen; None if it has none, as the median has not."""
    make = MEANS.get(choice.method)
    return make(choice.p or 0) if make else None


def weighted_mean(values: Array, weights: Array, method: str, p: float = 1) -> Array:
    """Weighted mean of each row over the members that are present.

    Parameters
    ----------
    values : array, shape (n, k)
        Comparable values; NaN is a gap and its weight is shared by the others.
    weights : array, shape (k,)
        Non-negative; only their ratios matter. A member of weight 0 is absent.
    method : str
        Key of `MEANS`.
    p : float
        For "power".

    Returns
    -------
    array, shape (n,)
        NaN where no member with a weight is present.

    Raises
    ------
    RecipeError
        If the mean needs positive values and finds others.
    """
    mean = MEANS[method](p)
    if mean.needs_positive:
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


def _require_positive(values: Array, weights: Array, method: str) -> None:
    used = values[:, weights > 0]
    if bool((used <= 0).any()):
        msg = (
            f"recipe: aggregate.method = '{method}' needs values above 0, but the normalised "
            f"values start at {np.nanmin(used):g}; choose normalise.method = 'rank' or 'minmax' "
            "with a range that starts at 1, such as [1, 100]."
        )
        raise RecipeError(msg, code="needs_positive")
