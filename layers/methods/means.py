"""Means beyond the arithmetic and the geometric one: (values, weights, ...) -> one column.

All of them renormalise over the members that are present, as `layers.aggregate.weighted_mean`
does; a row without any weighted member is NaN, and `layers.aggregate.coverage` tells why.

References: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6,
doi:10.1787/9789264043466-en; Bullen (2003), Handbook of Means and Their Inequalities,
doi:10.1007/978-94-017-0399-4.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from layers.aggregate import weighted_mean
from layers.errors import RecipeError
from layers.methods.doubt import benefit_of_the_doubt
from layers.methods.members import mean_over_present, members, relative_weights, require_at_least
from layers.methods.outranking import copeland

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "METHODS", "combine", "harmonic", "mazziotta_pareto", "median", "order_shares", "owa", "power",
]  # fmt: skip

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Order = np.ndarray[tuple[int, ...], np.dtype[np.intp]]

#: Cumulated shares this near to a half count as a half: ten weights of 0.1 must do.
_HALF = 1e-12


def harmonic(values: Array, weights: Array) -> Array:
    """Harmonic mean ``sum w / sum (w / x)``, in the unit of the values.

    The lowest values dominate: little can be made up for elsewhere.

    Parameters
    ----------
    values : array, shape (n, k)
        Above 0; NaN is a gap and its weight is shared by the others.
    weights : array, shape (k,)
        Non-negative; only their ratios matter. A member of weight 0 is absent.

    Returns
    -------
    array, shape (n,)

    Raises
    ------
    RecipeError
        If a value is not above 0.
    """
    used, weight = members(values, weights)
    require_at_least(used, "harmonic")
    return 1 / mean_over_present(1 / used, weight)


def power(values: Array, weights: Array, p: float) -> Array:
    """Power mean ``(sum w x^p / sum w)^(1/p)``; for p = 0 its limit, the geometric mean.

    p = 1 is the arithmetic and p = -1 the harmonic mean; the smaller p, the less can be made up
    for. Taken relative to the largest (p > 0) or smallest (p <= 0) value of the row, so that no
    power leaves the range of floating-point numbers.

    Parameters
    ----------
    values, weights : array
        As in `harmonic`; for p > 0 a value of 0 is allowed.
    p : float
        Finite.

    Raises
    ------
    RecipeError
        If p is not finite or a value is too low for it.
    """
    if not math.isfinite(p):
        msg = f"recipe: aggregate.p = {p} is not a finite number; 1 is the arithmetic mean."
        raise RecipeError(msg)
    used, weight = members(values, weights)
    require_at_least(used, "power", zero=p > 0)
    # fmax and fmin pass over gaps; a row of nothing but gaps stays NaN.
    ends = np.fmax if p > 0 else np.fmin
    end = ends.reduce(used, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(used / end[:, None])
        if p == 0:
            relative = mean_over_present(ratio, weight)
        else:
            relative = np.log1p(mean_over_present(np.expm1(p * ratio), weight)) / p
    # 0 / 0 above: every value of the row is 0, and so is their mean.
    return np.where(end == 0, 0.0, end * np.exp(relative))


def median(values: Array, weights: Array) -> Array:
    """Weighted median: the value at which the cumulated weight passes one half.

    Where it meets the half exactly, the mean of the values on both sides: with equal weights this
    is the usual median. Equal values count as one value with their joint weight. Parameters as in
    `harmonic`; any finite value is allowed.
    """
    used, weight = members(values, weights)
    order = np.argsort(used, axis=1, kind="stable")
    ordered = np.take_along_axis(used, order, axis=1)
    passed = np.cumsum(np.take_along_axis(relative_weights(used, weight), order, axis=1), axis=1)
    lower = np.argmax(passed >= 0.5 - _HALF, axis=1)[:, None]
    upper = np.argmax(passed > 0.5 + _HALF, axis=1)[:, None]
    pair = [np.take_along_axis(ordered, place, axis=1)[:, 0] for place in (lower, upper)]
    middle: Array = (pair[0] + pair[1]) / 2
    return middle


def owa(values: Array, weights: Array, order_weights: Sequence[float]) -> Array:
    """Ordered weighted average: order weights go to the best, second best, ... value of a row.

    ``sum omega_i x_(i)`` with ``x_(1) >= x_(2) >= ...``. The order weights v_1..v_m, scaled to sum
    1, are read as the steps of a function Q with ``Q(i/m) = v_1 + ... + v_i``, linear in between,
    and ``omega_i = Q(W_i) - Q(W_(i-1))``, W the cumulated member weights in that order (the
    weighted OWA of Torra). So equal member weights give Yager's OWA, equal order weights the
    weighted arithmetic mean; members that are missing shift Q over the others; and any number of
    order weights serves nodes of any size. ``[1, 0]`` looks at the better half only, ``[0, 1]``
    at the worse half. How ties are ordered makes no difference.

    References: Yager (1988), doi:10.1109/21.87068; Torra (1997),
    doi:10.1002/(SICI)1098-111X(199702)12:2<153::AID-INT3>3.0.CO;2-P.

    Parameters
    ----------
    values, weights : array
        As in `harmonic`; any finite value is allowed.
    order_weights : sequence of float
        For the best value first; non-negative, not all 0.

    Raises
    ------
    RecipeError
        If the order weights are unusable.
    """
    used, weight = members(values, weights)
    order, omega = _ordered_shares(used, weight, order_weights)
    ordered = np.take_along_axis(used, order, axis=1)
    result = np.zeros(len(used))
    for share, column in zip(omega.T, ordered.T, strict=True):
        result += np.where(np.isnan(column), 0.0, share * column)
    return np.where(np.isnan(ordered[:, 0]), np.nan, result)


def order_shares(values: Array, weights: Array, order_weights: Sequence[float]) -> Array:
    """Share omega of each member in the ordered weighted average of its row; parameters as there.

    Returns
    -------
    array, shape (n, k)
        Rows add up to 1; 0 for a member that is absent or whose place counts nothing.
    """
    used, weight = members(values, weights)
    order, omega = _ordered_shares(used, weight, order_weights)
    shares = np.zeros_like(omega)
    np.put_along_axis(shares, order, omega, axis=1)
    result = np.zeros(np.shape(values))
    if np.any(np.asarray(weights) > 0):
        result[:, np.asarray(weights) > 0] = shares
    return result


def mazziotta_pareto(values: Array, weights: Array, penalty: Literal["-", "+"] = "-") -> Array:
    """Mazziotta-Pareto index ``M - S cv`` or ``M + S cv``, with ``cv = S / M``.

    M is the weighted mean of a row and S its weighted standard deviation (divisor: sum of the
    weights), over the members present; the authors' index has equal weights. Meant for values
    standardised to mean 100 and standard deviation 10. A single member has S = 0.

    The penalised index is monotone only as long as no value of a row exceeds about 1.5 M; on a
    scale such as [0, 100] raising the best value of a very unequal row can lower the result.

    Reference: Mazziotta & Pareto (2016), doi:10.1080/07360932.2014.996912.

    Parameters
    ----------
    values, weights : array
        As in `harmonic`.
    penalty : "-" or "+"
        "-" if a high index is good, "+" if it is bad: unequal rows are marked down or up.

    Raises
    ------
    RecipeError
        If a value is not above 0 or the penalty is neither.
    """
    if penalty not in ("-", "+"):
        msg = f"recipe: aggregate.penalty = '{penalty}' is unknown; allowed: '-', '+'."
        raise RecipeError(msg)
    used, weight = members(values, weights)
    require_at_least(used, "mpi")
    mean = mean_over_present(used, weight)
    variance = mean_over_present((used - mean[:, None]) ** 2, weight)
    return mean - variance / mean if penalty == "-" else mean + variance / mean


def _ordered_shares(
    used: Array, weight: Array, order_weights: Sequence[float]
) -> tuple[Order, Array]:
    """Members of each row from the best down, and their omega in that order."""
    steps = _order_weights(order_weights)
    order = np.argsort(-used, axis=1, kind="stable")
    passed = np.cumsum(np.take_along_axis(relative_weights(used, weight), order, axis=1), axis=1)
    levels = np.interp(passed, np.linspace(0, 1, len(steps)), steps)
    return order, np.diff(levels, axis=1, prepend=0.0)


def _order_weights(given: Sequence[float]) -> Array:
    """Cumulated order weights from 0 to 1."""
    steps = np.asarray(given, dtype=np.float64)
    usable = steps.ndim == 1 and bool(np.isfinite(steps).all() and (steps >= 0).all())
    if not usable or not steps.any():
        msg = (
            f"recipe: aggregate.order_weights = {list(given)} must be numbers from 0, for the "
            "best value first, not all 0; such as [1, 2, 3]."
        )
        raise RecipeError(msg)
    total = np.cumsum(steps)
    return np.concatenate([[0.0], total / total[-1]])


#: Every way to combine members into one column, by its name in a recipe.
METHODS: dict[str, Callable[..., Array]] = {
    "arithmetic": partial(weighted_mean, method="arithmetic"),
    "geometric": partial(weighted_mean, method="geometric"),
    "harmonic": harmonic,
    "power": power,
    "median": median,
    "owa": owa,
    "mpi": mazziotta_pareto,
    "copeland": copeland,
    "bod": benefit_of_the_doubt,
}


def combine(values: Array, weights: Array, method: str, **options: Any) -> Array:
    """Combine the members of each row by the method of that name.

    Parameters
    ----------
    values : array, shape (n, k)
    weights : array, shape (k,)
    method : str
        Key of `METHODS`.
    **options
        That function's own further arguments, such as ``p`` for "power".

    Raises
    ------
    RecipeError
        If the method is unknown, or refuses the values.
    """
    if method not in METHODS:
        msg = f"recipe: aggregate.method = '{method}' is unknown; allowed: {', '.join(METHODS)}."
        raise RecipeError(msg)
    return METHODS[method](values, weights, **options)
