"""Benefit of the doubt: every region is scored with the weights that suit it best.

Data envelopment analysis without inputs. As each region chooses its own weights, a low score can
not be blamed on the weighting; scores of different regions rest on different weights.

Reference: Cherchye, Moesen, Rogge & Van Puyenbroeck (2007), doi:10.1007/s11205-006-9029-7.
"""

from __future__ import annotations

import math

import numpy as np

from layers.errors import RecipeError
from layers.methods.members import members, relative_weights, require_at_least

__all__ = ["benefit_of_the_doubt", "doubt_weights"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

#: A peer whose score exceeds 1 by less than this counts as being on the frontier.
_TOLERANCE = 1e-9
#: Violated peers that join the programme per round; a few at once need fewer rounds.
_BATCH = 5


def benefit_of_the_doubt(values: Array, weights: Array, spread: float | None = None) -> Array:
    """Best score that any admissible weights give a region, relative to the best of all regions.

    ``max_u sum_k u_k x_ik`` subject to ``sum_k u_k x_jk <= 1`` for every region j and ``u >= 0``.

    Parameters
    ----------
    values : array, shape (n, k)
        From 0, more is better, with a meaningful zero. A gap earns its region nothing and takes
        it out of no comparison: it counts as 0, as shown by Kuosmanen (2002), Modeling Blank Data
        Entries in Data Envelopment Analysis. Without `spread` a gap never raises a
        region's own score.
    weights : array, shape (k,)
        Non-negative. Without `spread` only whether a member's weight is 0 (absent) matters.
    spread : float, optional
        How far the share of a member in a region's score, ``u_k x_ik / sum u x_i``, may stray from
        its nominal share s_k (of the members present): within ``(1 ± spread) s_k``. 0 leaves no
        choice. Needs values above 0.

    Returns
    -------
    array, shape (n,)
        In [0, 1], 1 for a region that some weights make the best; NaN without any member.

    Raises
    ------
    RecipeError
        If a value is too low, or `spread` is negative or not finite.
    """
    used, weight = members(values, weights)
    scaled = _scaled(used)
    best = _best_weights(used, weight, spread)
    score = np.array(
        [row @ u / max(1.0, (scaled @ u).max()) for row, u in zip(scaled, best, strict=True)]
    )
    return np.where(np.isnan(used).all(axis=1), np.nan, score)


def doubt_weights(values: Array, weights: Array, spread: float | None = None) -> Array:
    """Shares of the members in each region's best score; parameters as above.

    Where several weightings are equally good, the one that the solver met.

    Returns
    -------
    array, shape (n, k)
        Rows add up to 1; NaN for a region without any member or with score 0.
    """
    used, weight = members(values, weights)
    parts = _scaled(used) * _best_weights(used, weight, spread)
    total = parts.sum(axis=1, keepdims=True)
    shares = np.divide(parts, total, out=np.full_like(parts, np.nan), where=total > 0)
    result = np.where(total > 0, np.zeros(np.shape(values)), np.nan)
    result[:, np.asarray(weights) > 0] = shares
    return result


def _scaled(values: Array) -> Array:
    """Gaps as 0 and every member's best as 1: scores do not depend on units."""
    filled = np.nan_to_num(values)
    top = filled.max(axis=0, initial=0.0)
    scaled: Array = np.divide(filled, top, out=np.zeros_like(filled), where=top > 0)
    return scaled


def _best_weights(values: Array, weights: Array, spread: float | None) -> Array:
    _check(values, spread)
    scaled = _scaled(values)
    shares = relative_weights(values, weights)
    # Equal rows are solved once, and give equal scores to the last bit.
    rows, first, back = np.unique(
        np.hstack([scaled, shares]), axis=0, return_index=True, return_inverse=True
    )
    pool: list[int] = []
    best = np.zeros((len(rows), values.shape[1]))
    for place, i in enumerate(first):
        limits = _share_limits(scaled[i], shares[i], spread)
        best[place] = _solve(scaled, int(i), limits, pool)
    return best[back.ravel()]


def _check(values: Array, spread: float | None) -> None:
    if spread is not None and not (math.isfinite(spread) and spread >= 0):
        msg = f"recipe: aggregate.spread = {spread} must be a finite number from 0, or left out."
        raise RecipeError(msg)
    require_at_least(values, "bod", zero=spread is None)


def _share_limits(row: Array, share: Array, spread: float | None) -> Array:
    """Rows A of ``A u <= 0`` that keep every member's part within its limits."""
    if spread is None:
        return np.empty((0, len(row)))
    own = np.diag(row)
    upper = own - np.outer((1 + spread) * share, row)
    lower = np.outer(max(0.0, 1 - spread) * share, row) - own
    return np.vstack([upper, lower])


def _solve(scaled: Array, i: int, limits: Array, pool: list[int]) -> Array:
    """Solve the programme of region i with ever more peers, until none is violated.

    `pool` holds the peers met so far and is shared by all regions: the frontier is the same for
    all, and few regions lie on it. Every u_k is at most 1, because each member's best value is 1.
    """
    # Slow to import, and few recipes need it.
    from scipy.optimize import linprog

    while True:
        peers = scaled[pool]
        solution = linprog(
            -scaled[i], A_ub=np.vstack([peers, limits]), bounds=(0, 1), method="highs",
            b_ub=np.concatenate([np.ones(len(peers)), np.zeros(len(limits))]),
        )  # fmt: skip
        if solution.x is None:
            msg = f"recipe: aggregate.method = 'bod': {solution.message}"
            raise RecipeError(msg)
        excess = scaled @ solution.x - 1
        excess[pool] = 0.0
        worst = np.argsort(-excess, kind="stable")[:_BATCH]
        violated = [int(j) for j in worst if excess[j] > _TOLERANCE]
        if not violated:
            best: Array = solution.x
            return best
        pool.extend(violated)
