"""Outranking: regions compared in pairs, member by member, without any trade-off of amounts.

Only the order within each member counts, so the scales of the members need not be comparable.
The result depends on which regions take part.

References: Copeland's rule of 1951 as used for composite indicators by Munda & Nardo (2009),
doi:10.1080/00036840601019364; OECD/JRC (2008), doi:10.1787/9789264043466-en, step 6.
"""

from __future__ import annotations

import numpy as np

from layers.errors import RecipeError
from layers.methods.members import members

__all__ = ["copeland", "outranking"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

#: Cells of the pairwise table that are held at a time: bounded memory, and small enough for caches.
_CELLS = 200_000
#: Margins this small relative to the weights compared are rounding: the pair is even.
_EVEN = 1e-12


def outranking(values: Array, weights: Array) -> Array:
    """Share of the weight by which the row region is better than the column region.

    ``o_ij = sum w [x_i > x_j] + w/2 [x_i = x_j]`` over ``sum w`` of the members that both have.

    Parameters
    ----------
    values : array, shape (n, k)
        More is better; NaN is a gap.
    weights : array, shape (k,)
        Non-negative; only their ratios matter.

    Returns
    -------
    array, shape (n, n)
        ``o_ij + o_ji = 1``; NaN for two regions that have no member in common.
    """
    used, weight = members(values, weights)
    return (1 + _margins(used, used, weight)) / 2


def copeland(values: Array, weights: Array, output: tuple[float, float] | None = None) -> Array:
    """Copeland score: number of regions outranked less number of regions outranked by.

    Region i outranks j if ``o_ij > 1/2`` (see `outranking`). An even pair, and a pair without a
    common member, count 0.

    Parameters
    ----------
    values, weights : array
        As in `outranking`.
    output : (float, float), optional
        Range onto which [-(m - 1), m - 1] is mapped, m the number of regions with a value; needed
        where the result is to be averaged with others. A region alone gets the middle.

    Returns
    -------
    array, shape (n,)
        Whole numbers unless `output` is given; NaN for a region without any member.
    """
    used, weight = members(values, weights)
    present = ~np.isnan(used).all(axis=1)
    rows = max(1, _CELLS // max(1, len(used)))
    score = np.empty(len(used))
    for start in range(0, len(used), rows):
        margins = np.nan_to_num(_margins(used[start : start + rows], used, weight))
        score[start : start + rows] = np.sign(margins).sum(axis=1)
    score[~present] = np.nan
    return score if output is None else _spread(score, int(present.sum()) - 1, output)


def _margins(block: Array, values: Array, weights: Array) -> Array:
    """``(weight won - weight lost) / weight compared`` of each pair, from -1 to 1."""
    lead = np.zeros((len(block), len(values)))
    for weight, mine, theirs in zip(weights, block.T, values.T, strict=True):
        # A comparison with a gap is false, so a gap neither wins nor loses.
        won, lost = mine[:, None] > theirs, mine[:, None] < theirs
        lead += weight * (won.view(np.int8) - lost.view(np.int8))
    shared = _weight_compared(block, values, weights)
    margin = np.divide(lead, shared, out=np.full_like(lead, np.nan), where=shared > 0)
    margin[np.abs(margin) < _EVEN] = 0.0
    return margin


def _weight_compared(block: Array, values: Array, weights: Array) -> Array:
    """Weight of the members that both regions of a pair have; (1, 1) if nobody has a gap.

    Summed member by member: a matrix product would start threads of its own inside those that
    draw weights.
    """
    mine, theirs = ~np.isnan(block), ~np.isnan(values)
    complete = bool(theirs.all())
    shared = np.zeros((1, 1) if complete else (len(block), len(values)))
    for weight, one, other in zip(weights, mine.T, theirs.T, strict=True):
        shared += weight if complete else weight * (one[:, None] & other)
    return shared


def _spread(score: Array, most: int, output: tuple[float, float]) -> Array:
    low, high = output
    if not (np.isfinite(output).all() and low < high):
        msg = f"recipe: aggregate.output = {list(output)} must be two finite, rising numbers."
        raise RecipeError(msg)
    return low + (high - low) * (score / max(most, 1) + 1) / 2
