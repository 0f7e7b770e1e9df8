"""How a mean is made up of its members: exact slopes, or shares that divide it.

The arithmetic mean and the ordered weighted average are sums of ``slope x``. Any other mean is
divided by shares: in proportion to what the members add to it where it is a sum after some
transform (geometric, power with p > 0, benefit of the doubt), else by relative weight. Shares by
relative weight say who takes part, not who moves the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.methods.doubt import doubt_weights
from layers.methods.means import order_shares

if TYPE_CHECKING:
    from layers.recipe import Combine

__all__ = ["shares", "slopes"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def slopes(values: Array, weights: Array, choice: Combine) -> Array | None:
    """Factor that turns each member's value into its part of the mean of its row.

    Parameters
    ----------
    values : array, shape (n, k)
        Comparable values; NaN is a gap.
    weights : array, shape (k,)
        Non-negative; a member of weight 0 is absent.
    choice : Combine
        The mean.

    Returns
    -------
    array, shape (n, k), or None
        ``sum slope x`` is the mean. NaN for a member that is absent; None if the mean has no such
        factors.
    """
    match choice.method:
        case "arithmetic":
            return _relative(values, weights)
        case "owa":
            there = ~np.isnan(values) & (weights > 0)
            return np.where(
                there, order_shares(values, weights, choice.order_weights or ()), np.nan
            )
    return None


def shares(values: Array, weights: Array, choice: Combine) -> Array:
    """Share of each member in the mean of its row; parameters as in `slopes`.

    In proportion to ``w x`` (arithmetic), ``omega x`` (owa), ``w ln x`` (geometric), ``w x^p``
    (power, p > 0), or the member's part of the best score (bod), where none of these is negative
    and their sum is above 0. Else, and for all other means, in proportion to ``w``.

    Returns
    -------
    array, shape (n, k)
        From 0 to 1, adding up to 1; NaN for a member that is absent.
    """
    relative = _relative(values, weights)
    there = ~np.isnan(relative)
    sizes = _sizes(np.where(there, values, np.nan), relative, weights, choice)
    if sizes is None:
        return relative
    known = np.where(there, sizes, 0.0)
    total = known.sum(axis=1, keepdims=True)
    divisible = (known >= 0).all(axis=1, keepdims=True) & (total > 0)
    part = np.divide(known, total, out=np.zeros_like(known), where=divisible)
    return np.where(there, np.where(divisible, part, relative), np.nan)


def _relative(values: Array, weights: Array) -> Array:
    """Weights that add up to 1 over the members present; NaN for the absent ones."""
    there = ~np.isnan(values) & (weights > 0)
    weight = np.where(there, weights, 0.0)
    with np.errstate(invalid="ignore"):
        return np.where(there, weight / weight.sum(axis=1, keepdims=True), np.nan)


def _sizes(values: Array, relative: Array, weights: Array, choice: Combine) -> Array | None:
    """Return the terms whose sum is the mean, up to a factor per row; None if there are none."""
    method = choice.method
    if method == "arithmetic":
        return relative * values
    if method == "owa":
        return values * order_shares(values, weights, choice.order_weights or ())
    if method == "geometric" or (method == "power" and choice.p == 0):
        return relative * np.log(values)
    if method == "power" and choice.p is not None and choice.p > 0:
        # Relative to the largest, so that no power leaves the range of numbers.
        largest = np.fmax.reduce(values, axis=1, initial=0.0)[:, None]
        scaled = np.divide(values, largest, out=np.zeros_like(values), where=largest > 0)
        return np.asarray(relative * scaled**choice.p)
    return np.nan_to_num(doubt_weights(values, weights, choice.spread)) if method == "bod" else None
