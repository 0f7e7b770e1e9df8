"""The smallest change of weights after which one region overtakes another.

With the layer values ``a`` of the region ahead, ``b`` of the one behind and the shares ``w0``:

    min sum |w - w0|   subject to   w (b - a) >= e,   sum w = 1,   lower <= w <= upper,

a linear programme in ``w = w0 + p - m`` with ``p, m >= 0`` (HiGHS through scipy). The distance is
in shares of the whole: 0 is no change, 2 the largest; half of it is the weight that moves from
some layers to others. Several weightings may be equally near; one of them is returned.

Reference: Triantaphyllou & Sanchez (1997), A sensitivity analysis approach for some deterministic
multi-criteria decision-making methods, doi:10.1111/j.1540-5915.1997.tb01306.x.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from layers.certainty.linear import linear
from layers.certainty.simplex import Simplex
from layers.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.robust import Problem
    from layers.score import Scores

__all__ = ["Flip", "flip", "smallest_change"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

#: Part of the largest difference by which the region behind must lead in the end, so that the
#: lead survives rounding.
_LEAD = 1e-6


@dataclass(frozen=True)
class Flip:
    """Answer to "what would have to change?".

    Attributes
    ----------
    status : str
        "possible"; "already" if the region asked about leads as it is; "impossible"; "undecided".
    reason : str
        Why there are no weights: "dominance" (the region behind is nowhere better), "limits" (no
        weighting within the limits, with enough data for both, does it), "gaps" (the two lack
        different layers, so that their order is no linear matter); else "".
    distance : float or None
        Sum of the absolute changes of the shares; None if there are no weights.
    weights : Series or None
        New shares by layer.
    before : Series
        Shares as they are.
    """

    status: Literal["possible", "already", "impossible", "undecided"]
    reason: Literal["", "dominance", "limits", "gaps"]
    distance: float | None
    weights: pd.Series | None
    before: pd.Series


def flip(
    scores: Scores, ahead: str, behind: str, *, lower: Mapping[str, float] | None = None,
    upper: Mapping[str, float] | None = None,
) -> Flip:  # fmt: skip
    """Return the smallest change of the layers' shares after which `behind` overtakes `ahead`.

    Layers with weight 0 stay out. A gap that both regions share keeps the order a linear matter.

    Parameters
    ----------
    ahead, behind : str
        Regions with a rank.
    lower, upper : dict, optional
        Limits of the shares of single layers, in [0, 1].

    Raises
    ------
    RecipeError
        If a region is unknown, has no rank or is compared with itself; if limits make no sense.
    """
    if ahead == behind:
        raise RecipeError(f"region '{ahead}' cannot overtake itself; choose two regions.")
    form = linear(scores)
    problem, places = form.problem, form.places((ahead, behind))
    space = Simplex.of(form.layers, lower, upper)
    before = pd.Series(problem.weights, index=list(form.layers), name="share")
    present, covered = _gaps(problem, places)
    first, second = present
    if (first != second).any():
        return Flip("undecided", "gaps", None, None, before)
    difference = problem.terms[:, places[1]] - problem.terms[:, places[0]]
    if difference @ problem.weights > 0:
        return Flip("already", "", 0.0, before, before)
    if difference.max() <= 0:
        return Flip("impossible", "dominance", None, None, before)
    found = smallest_change(difference, problem.weights, space, covered, problem.least)
    if found is None:
        return Flip("impossible", "limits", None, None, before)
    weights = pd.Series(found, index=list(form.layers), name="share")
    return Flip("possible", "", float((weights - before).abs().sum()), weights, before)


def smallest_change(
    difference: Array, shares: Array, space: Simplex, covered: Array, least: float
) -> Array | None:
    """Shares nearest to `shares` with ``w @ difference > 0``, or None if there are none.

    Parameters
    ----------
    difference : array, shape (k,)
        Values of the region behind minus those of the region ahead; at least one is positive.
    shares : array, shape (k,)
        Non-negative, adding up to 1.
    covered : array, shape (m, k)
        Coverage by layer of regions that must keep a rank: ``covered @ w >= least``.
    """
    k = len(shares)
    scaled = difference / np.abs(difference).max()
    signed = np.vstack([-scaled, -covered])
    limits = np.append(-_LEAD + scaled @ shares, -least + covered @ shares)
    answer = linprog(
        np.ones(2 * k), A_ub=np.hstack([signed, -signed]), b_ub=limits,
        A_eq=np.repeat([1.0, -1.0], k)[None], b_eq=[1.0 - shares.sum()], method="highs",
        bounds=_steps(shares, space),
    )  # fmt: skip
    if answer.x is None:
        return None
    return space.inside(shares + answer.x[:k] - answer.x[k:])


def _steps(shares: Array, space: Simplex) -> list[tuple[float, float]]:
    """Ranges of the steps up and down that lead into `space`, even from outside."""
    up = zip(np.maximum(space.lower - shares, 0), np.maximum(space.upper - shares, 0), strict=True)
    down = zip(
        np.maximum(shares - space.upper, 0), np.maximum(shares - space.lower, 0), strict=True
    )
    return [*up, *down]


def _gaps(problem: Problem, places: list[int]) -> tuple[Array, Array]:
    """Return which layers the regions have, shape (2, k), and their coverage, shape (2, k)."""
    present, covered = np.ones(problem.terms.shape), np.ones(problem.terms.shape)
    present[:, problem.gappy], covered[:, problem.gappy] = problem.present, problem.covered
    return present[:, places].T, covered[:, places].T
