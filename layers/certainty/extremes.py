"""Best and worst rank that a region can reach under any weighting of the layers.

Draws of weights show what is usual; this shows what is possible. Let ``x_i`` be the (transformed)
layer values of region i and t the region asked about. Its best rank over the weightings W is

    1 + min sum_l z_l   subject to   w (x_l - x_t) <= M_l z_l,   w in W,   z_l in {0, 1},

its worst rank ``1 + max sum_l y_l`` with ``w (x_l - x_t) >= e - M_l (1 - y_l)``, e being 1e-5 of
the range of all values: a lead that no weighting makes larger is a tie. Ties count as the best of
the shared places. Regions that are always or never above t are settled beforehand, because
the extremes of ``w (x_l - x_t)`` over W are known in closed form; a mixed-integer programme (HiGHS
through scipy) settles the rest. It is stopped after a time limit, so a result holds two numbers:
the rank reached by weights that are returned, and the bound that is proved. They agree if `exact`.

Exact for means that are linear after a transform (arithmetic, geometric). A region with gaps has
a mean that is no linear function of the weights: such pairs are settled only where the ranges of
the values do so, and otherwise widen the bound.

Reference: Kadzinski, Greco & Slowinski (2012), Extreme ranking analysis in robust ordinal
regression, doi:10.1016/j.omega.2011.09.003.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from layers.certainty.linear import linear
from layers.certainty.simplex import Simplex
from layers.errors import RecipeError
from layers.robust import Problem, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from layers.score import Scores

__all__ = ["Extreme", "extreme_rank", "extremes"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Side = Literal["best", "worst"]

#: Scores closer than this part of the range of all values are a tie.
TIE = 1e-9
#: In the search for the worst rank, a region above must lead by this part of the range: the
#: solver itself is no more exact than a tenth of it.
_LEAD = 1e-5
_POINTS = 128
_TIMED_OUT = 1


@dataclass(frozen=True)
class Extreme:
    """Best or worst rank of one region.

    Attributes
    ----------
    rank : int
        Rank from 1 that `weights` give.
    bound : int
        No weighting gives a better (worse) rank than this.
    weights : array, shape (k,)
        Shares that add up to 1.
    """

    rank: int
    bound: int
    weights: Array

    @property
    def exact(self) -> bool:
        """Whether the rank reached is proved to be the extreme."""
        return self.rank == self.bound


@dataclass(frozen=True)
class _Rivals:
    """Differences to the region asked about, settled as far as arithmetic goes.

    ``always``: number of regions above it under every weighting; ``possible``: number of others
    that may be above but are no linear matter; ``open``: differences, shape (m, k), of the rest.
    """

    always: int
    possible: int
    open: Array


def extremes(
    scores: Scores, regions: Iterable[str], *, lower: Mapping[str, float] | None = None,
    upper: Mapping[str, float] | None = None, time_limit: float = 5.0,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Best and worst rank of chosen regions over all weightings of the layers below the index.

    Layers with weight 0 stay out; weights inside the layers stay as they are.

    Parameters
    ----------
    regions : iterable of str
    lower, upper : dict, optional
        Limits of the shares of single layers, in [0, 1].
    time_limit : float
        Seconds of search per region and side; 0 returns what bounds and trial weights tell.
    progress : callable, optional
        Called with the number of regions done and that of all.

    Returns
    -------
    DataFrame
        Indexed by region: ``best``, ``best_bound``, ``best_exact``, ``worst``, ``worst_bound``,
        ``worst_exact``, and the shares that reach them as ``best_weight:LAYER``,
        ``worst_weight:LAYER``.

    Raises
    ------
    RecipeError
        If a region is unknown or has no rank, or the limits leave no weighting.
    """
    form, names = linear(scores), list(dict.fromkeys(regions))
    if not names:
        raise RecipeError("extremes: no region is named; name at least one.")
    space = Simplex.of(form.layers, lower, upper)
    rows = {}
    for region, place in zip(names, form.places(names), strict=True):
        row: dict[str, float | bool] = {}
        for side in ("best", "worst"):
            found = extreme_rank(form.problem, place, side, space, time_limit=time_limit)
            row |= {side: found.rank, f"{side}_bound": found.bound, f"{side}_exact": found.exact}
            keys = (f"{side}_weight:{key}" for key in form.layers)
            row |= dict(zip(keys, found.weights, strict=True))
        rows[region] = row
        if progress:
            progress(len(rows), len(names))
    return pd.DataFrame.from_dict(rows, orient="index")


def extreme_rank(
    problem: Problem, region: int, side: Side, space: Simplex, *, time_limit: float = 5.0
) -> Extreme:
    """Best or worst rank of the region at place `region` over the weightings in `space`.

    Raises
    ------
    RecipeError
        If too little data backs the region under every weighting tried, or the time is negative.
    """
    if not time_limit >= 0:
        msg = f"time_limit = {time_limit}: seconds from 0 upwards are needed."
        raise RecipeError(msg)
    sign = 1 if side == "best" else -1
    scale = float(np.ptp(problem.terms)) or 1.0
    rivals = _settle(problem, region, space, scale)
    weights = [*space.points(_POINTS, seed=1)]
    tight = 0 if side == "best" else len(rivals.open)
    if len(rivals.open) and time_limit > 0:
        kept, tight = _search(rivals.open, side, space, time_limit)
        weights.append(_polish(rivals.open[kept], side, space))
    ranks = _rank_of(problem, region, np.array(weights), scale)
    if not ranks.any():
        msg = "limits of the weights: too little data backs the region under all of them."
        raise RecipeError(msg)
    place = int(np.argmin(np.where(ranks > 0, sign * ranks, problem.regions + 1)))
    bound = 1 + rivals.always + tight + (0 if side == "best" else rivals.possible)
    return Extreme(int(ranks[place]), sign * min(sign * bound, sign * int(ranks[place])),
                   weights[place])  # fmt: skip


def _settle(problem: Problem, region: int, space: Simplex, scale: float) -> _Rivals:
    """Sort the other regions into always above, never above, and open."""
    others = np.arange(problem.regions) != region
    if region in problem.gappy:
        linear = np.zeros_like(others)
    else:
        linear = others & ~np.isin(np.arange(problem.regions), problem.gappy)
    rows = (problem.terms[:, linear] - problem.terms[:, [region]]).T / scale
    high, low = space.highest(rows), space.lowest(rows)
    above, never = _by_range(problem, region, space)
    loose = others & ~linear
    return _Rivals(
        always=int((low > TIE).sum() + (loose & above).sum()),
        possible=int((loose & ~above & ~never).sum()),
        open=rows[(high > TIE) & (low <= TIE)],
    )


def _by_range(problem: Problem, region: int, space: Simplex) -> tuple[Flags, Flags]:
    """Which regions lie above `region`, or never do, because the ranges of values are apart."""
    known, ranked = np.ones(problem.terms.shape, bool), np.ones(problem.regions, bool)
    known[:, problem.gappy] = problem.present > 0
    # Where all weight is on layers that a region lacks, it has no rank, little as may be enough.
    some = space.lowest(problem.present.T) > TIE
    ranked[problem.gappy] = some & (space.lowest(problem.covered.T) >= problem.least)
    smallest = np.where(known, problem.terms, np.inf).min(axis=0)
    largest = np.where(known, problem.terms, -np.inf).max(axis=0)
    return (smallest > largest[region]) & ranked, largest <= smallest[region]


def _search(rows: Array, side: Side, space: Simplex, time_limit: float) -> tuple[Flags, int]:
    """Solve the mixed-integer programme.

    Returns
    -------
    (array of bool, int)
        Best: regions kept from rising above; worst: regions put above. And the number of regions
        above that is proved to be the least (most) possible.
    """
    count, k = rows.shape
    if side == "best":
        switch, cost = -np.diag(space.highest(rows)), np.ones(count)
        inequality = LinearConstraint(np.hstack([rows, switch]), -np.inf, 0.0)
    else:
        low = space.lowest(rows)
        switch, cost = np.diag(low - _LEAD), -np.ones(count)
        inequality = LinearConstraint(np.hstack([rows, switch]), low, np.inf)
    whole = LinearConstraint(np.concatenate([np.ones(k), np.zeros(count)])[None], 1.0, 1.0)
    answer = milp(
        np.concatenate([np.zeros(k), cost]), constraints=[inequality, whole],
        integrality=np.repeat([0, 1], [k, count]), options={"time_limit": time_limit},
        bounds=Bounds(
            np.concatenate([space.lower, np.zeros(count)]),
            np.concatenate([space.upper, np.ones(count)]),
        ),
    )  # fmt: skip
    proved = answer.mip_dual_bound if answer.status in (0, _TIMED_OUT) else None
    least = 0 if side == "best" else -count
    if proved is not None and np.isfinite(proved):
        least = max(least, int(np.ceil(proved - 1e-6)))
    chosen = np.zeros(count) if answer.x is None else np.round(answer.x[k:])
    return (chosen == 0) == (side == "best"), abs(least)


def _polish(rows: Array, side: Side, space: Simplex) -> Array:
    """Weights that keep all of `rows` below (above) zero by the widest margin (linear programme).

    The programme with whole numbers ends on the edge, where scores tie; this steps back from it.
    """
    sign = 1.0 if side == "best" else -1.0
    k = space.size
    answer = linprog(
        np.append(np.zeros(k), -1.0), A_ub=np.column_stack([sign * rows, np.ones(len(rows))]),
        b_ub=np.zeros(len(rows)), A_eq=np.append(np.ones(k), 0.0)[None], b_eq=[1.0],
        bounds=[*zip(space.lower, space.upper, strict=True), (None, 1.0)], method="highs",
    )  # fmt: skip
    return space.inside(answer.x[:k])


def _rank_of(problem: Problem, region: int, weights: Array, scale: float) -> Array:
    """Rank of one region from 1 under each row of `weights`; 0 where it has none."""
    values = evaluate(problem, weights)
    own = values[:, [region]]
    with np.errstate(invalid="ignore"):
        ranks: Array = 1 + (values > own + TIE * scale).sum(axis=1)
    return np.where(np.isnan(own[:, 0]), 0, ranks)
