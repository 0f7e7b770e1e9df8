"""Gaps and what may fill them: methods on plain arrays, regions x indicators.

Every method returns the filled matrix and a mask of the cells it filled. No value is guessed from
nothing: what a method has no basis for stays a gap. The rows given are those that may inform each
other, so the caller passes the reference set.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 3,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from layers.errors import RecipeError
from layers.methods.members import mean_over_present

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Imputed", "Statistic", "by_column", "by_group", "fill", "layer_mean", "nearest", "none"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Statistic = Literal["median", "mean"]


class Imputed(NamedTuple):
    """A filled matrix, regions x indicators, and the mask of the cells that were filled."""

    values: Array
    imputed: Mask


def none(values: Array) -> Imputed:
    """Fill nothing."""
    return Imputed(values, np.zeros(values.shape, dtype=bool))


def by_column(values: Array, statistic: Statistic) -> Imputed:
    """Fill a gap with the median or mean of its column.

    Parameters
    ----------
    values : array, shape (n, k)
        In the indicators' units. A column without any value stays empty.
    statistic : "median" or "mean"
        The median is the mean of the two middle values if their number is even.
    """
    return fill(values, np.broadcast_to(_centre(values, statistic), values.shape))


def by_group(values: Array, groups: Sequence[object], statistic: Statistic) -> Imputed:
    """Fill a gap with the median or mean of its column among the regions of the same group.

    Parameters
    ----------
    values : array, shape (n, k)
        In the indicators' units.
    groups : sequence, length n
        Such as the Land of each region. A region without group (None, NaN) and a group without
        any value keep their gaps.
    statistic : "median" or "mean"
    """
    codes, _ = pd.factorize(pd.Series(list(groups), dtype=object))
    guess = np.full(values.shape, np.nan)
    for code in range(codes.max(initial=-1) + 1):
        rows = codes == code
        guess[rows] = _centre(values[rows], statistic)
    return fill(values, guess)


def layer_mean(
    values: Array, layers: Sequence[str], directions: Sequence[int], weights: Array | None = None
) -> Imputed:
    """Fill a gap with what the region's other indicators of the same layer suggest.

    The common scale is ``z = direction (x - m) / s`` with mean and standard deviation (divisor n)
    of the column. A gap gets the weighted mean z of the region's present members of the layer,
    turned back into its own unit: ``x = m + direction s z``.

    Parameters
    ----------
    values : array, shape (n, k)
        In the indicators' units.
    layers : sequence of str, length k
        Layer of each column.
    directions : sequence of int, length k
        1, -1, or 0 for an indicator that takes no part: it neither gives nor gets.
    weights : array, shape (k,), optional
        Of the members within their layer; equal by default. Weight 0 gives nothing.

    Returns
    -------
    Imputed
        A column without spread gives nothing and gets its constant; a row without any value in
        the layer keeps its gaps.
    """
    turn = np.asarray(directions, dtype=np.float64)
    weight = np.abs(turn) * (1.0 if weights is None else weights)
    centre, scale = _moments(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        common = np.where(scale > 0, turn * (values - centre) / scale, np.nan)
    guess = np.full(values.shape, np.nan)
    for layer in dict.fromkeys(layers):
        inside = np.array([one == layer for one in layers])
        level = mean_over_present(common[:, inside], weight[inside])
        guess[:, inside] = centre[inside] + turn[inside] * scale[inside] * level[:, None]
    guess[:, turn == 0] = np.nan
    return fill(values, guess)


def nearest(values: Array, neighbours: int = 5) -> Imputed:
    """Fill a gap with the mean of the k nearest regions that have a value there.

    Nearness is the Euclidean distance over the columns that both regions have, scaled up to all
    columns, each column standardised to mean 0 and standard deviation 1 (scikit-learn's
    KNNImputer). With fewer than k such regions, all of them count. Where a region shares no column
    with any region that has the value, the gap stays (KNNImputer alone would take the column's
    mean). If several regions are equally far, the order of the rows decides which of them count.

    Reference: Troyanskaya et al. (2001), doi:10.1093/bioinformatics/17.6.520.

    Parameters
    ----------
    values : array, shape (n, k)
        In the indicators' units.
    neighbours : int
        k, at least 1.

    Raises
    ------
    RecipeError
        If k is below 1.
    """
    from sklearn.impute import KNNImputer

    if neighbours < 1:
        msg = f"recipe: impute.neighbours = {neighbours} must be a whole number from 1."
        raise RecipeError(msg)
    centre, scale = _moments(values)
    used = ~np.isnan(centre)
    unit = np.where(scale > 0, scale, 1.0)
    guess = np.full(values.shape, np.nan)
    if used.any():
        standard = ((values - centre) / unit)[:, used]
        filled = KNNImputer(n_neighbors=neighbours).fit_transform(standard)
        guess[:, used] = centre[used] + unit[used] * filled
    return fill(values, np.where(_has_neighbour(values), guess, np.nan))


def fill(values: Array, guess: Array) -> Imputed:
    """Put the guesses into the gaps; a guess of NaN leaves its gap."""
    imputed = np.isnan(values) & ~np.isnan(guess)
    return Imputed(np.where(imputed, guess, values), imputed)


def _centre(values: Array, statistic: Statistic) -> Array:
    """Median or mean of each column; sorted, so that the order of the rows cannot matter."""
    if not len(values):
        return np.full(values.shape[1], np.nan)
    ordered = np.sort(values, axis=0)
    known = (~np.isnan(values)).sum(axis=0)
    if statistic == "mean":
        total: Array = np.nansum(ordered, axis=0)
        mean: Array = np.divide(total, known, out=np.full(known.shape, np.nan), where=known > 0)
        return mean
    # Gaps are sorted to the end; in an empty column the "middle" is one of them.
    columns, last = np.arange(values.shape[1]), np.maximum(known - 1, 0)
    middle: Array = (ordered[last // 2, columns] + ordered[(last + 1) // 2, columns]) / 2
    return middle


def _moments(values: Array) -> tuple[Array, Array]:
    """Mean and standard deviation (divisor n) of each column; exactly 0 without spread."""
    centre = _centre(values, "mean")
    scale = np.sqrt(_centre((values - centre) ** 2, "mean"))
    lowest = np.fmin.reduce(values, axis=0, initial=np.inf)
    highest = np.fmax.reduce(values, axis=0, initial=-np.inf)
    constant = lowest == highest
    return np.where(constant, lowest, centre), np.where(constant, 0.0, scale)


def _has_neighbour(values: Array) -> Mask:
    """For each cell, whether a region with a value there shares a column with this region.

    Worked out per pattern of gaps, of which there are few.
    """
    present = ~np.isnan(values)
    patterns, back = np.unique(present, axis=0, return_inverse=True)
    count = patterns.astype(np.float64)
    comparable = (count @ count.T > 0).astype(np.float64)
    reachable: Mask = (comparable @ count > 0)[back.ravel()]
    return reachable
