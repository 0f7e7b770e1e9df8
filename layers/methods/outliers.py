"""Outliers: the test for them, and the treatments, on plain arrays.

Treatments never change the order of values, at most they make neighbours equal; equal values stay
equal; gaps stay gaps.

References: OECD/JRC (2008), Handbook on Constructing Composite Indicators, steps 3 and 5,
doi:10.1787/9789264043466-en; Joanes & Gill (1998), doi:10.1111/1467-9884.00122; Box & Cox (1964),
doi:10.1111/j.2517-6161.1964.tb00553.x.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np

from layers.errors import RecipeError

__all__ = [
    "Method", "Rule", "Shape", "box_cox", "changed", "failing", "fails", "log", "shape",
    "shifted_log", "winsorise",
]  # fmt: skip

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Method = Literal["none", "winsorise", "log", "shifted_log", "boxcox", "winsorise_then_log"]

_LEAST_FOR_SKEWNESS, _LEAST_FOR_KURTOSIS = 3, 4
#: Powers beyond these say that no power makes the values normal.
_POWERS = (-5.0, 5.0)


@dataclass(frozen=True)
class Rule:
    """How an indicator is treated.

    Attributes
    ----------
    method : str
        See the functions of this module; "winsorise_then_log" is the two-step rule: winsorise, and
        if the indicator still fails, undo that and take `shifted_log`.
    skew, kurtosis : float
        Limits of the test; an indicator fails if it reaches both.
    max : int
        Most cells that winsorising may move, on both sides together.
    always : bool
        Treat without a test. Winsorising then goes on until the next step would exceed `max`.
    """

    method: Method = "none"
    skew: float = 2.0
    kurtosis: float = 3.5
    max: int = 5
    always: bool = False

    def __post_init__(self) -> None:
        """Refuse what no treatment can mean."""
        if self.method not in get_args(Method):
            allowed = ", ".join(get_args(Method))
            msg = f"recipe: treat.method = '{self.method}' is unknown; allowed: {allowed}."
            raise RecipeError(msg)
        if not (np.isfinite([self.skew, self.kurtosis]).all() and self.skew >= 0):
            msg = (
                f"recipe: treat.skew = {self.skew}, treat.kurtosis = {self.kurtosis}: finite "
                "numbers are needed, and skew must not be negative."
            )
            raise RecipeError(msg)
        if self.max < 0:
            msg = f"recipe: treat.max = {self.max} must be a whole number from 0."
            raise RecipeError(msg)
        if self.always and self.method == "winsorise_then_log":
            msg = (
                "recipe: treat.always has no meaning for 'winsorise_then_log', whose second step "
                "depends on the test; choose 'winsorise' or 'shifted_log'."
            )
            raise RecipeError(msg)


class Shape(NamedTuple):
    """Sample skewness G1 and excess kurtosis G2 of each column."""

    skewness: Array
    kurtosis: Array


def shape(values: Array) -> Shape:
    """Skewness and excess kurtosis of each column, gaps left out.

    ``G1 = sqrt(n (n - 1)) / (n - 2) m3 / m2^1.5`` and
    ``G2 = (n - 1) / ((n - 2)(n - 3)) ((n + 1) (m4 / m2^2 - 3) + 6)``; m_r is the r-th central
    moment with divisor n. Both are 0 for a normal distribution.

    Parameters
    ----------
    values : array, shape (n,) or (n, k)

    Returns
    -------
    Shape
        NaN without spread, for fewer than 3 values (G1) or 4 values (G2).
    """
    deviations, n = _deviations(values)
    square = deviations * deviations
    m2, m3, m4 = (
        power.sum(axis=0) / np.maximum(n, 1)
        for power in (square, square * deviations, square * square)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        skew = np.sqrt(n * (n - 1)) / (n - 2) * m3 / m2**1.5
        excess = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return Shape(
        np.where(n >= _LEAST_FOR_SKEWNESS, skew, np.nan),
        np.where(n >= _LEAST_FOR_KURTOSIS, excess, np.nan),
    )


def fails(values: Array, rule: Rule) -> bool:
    """Whether one indicator fails the test; see `failing`."""
    return bool(failing(shape(values[:, None]), [rule])[0])


def failing(found: Shape, rules: list[Rule]) -> Mask:
    """Whether |skewness| and excess kurtosis of each column both reach the limits of its rule.

    Values too few or without spread for either number do not fail: there is nothing to treat.
    """
    skew = np.array([rule.skew for rule in rules])
    limit = np.array([rule.kurtosis for rule in rules])
    mask: Mask = (np.abs(found.skewness) >= skew) & (found.kurtosis >= limit)
    return mask


def winsorise(values: Array, rule: Rule) -> Array:
    """Pull in the tail, cell by cell, until the values pass the test.

    One step sets all cells that equal the maximum (skewness >= 0) or the minimum (skewness < 0) to
    the next value inside. No step is taken that would raise the number of cells moved so far
    above ``rule.max``, or that would leave all cells equal.

    Parameters
    ----------
    values : array, shape (n,)
        NaN is a gap.
    rule : Rule
        Its limits; with ``always`` the test is not asked.

    Returns
    -------
    array, shape (n,)
        In the same unit; may still fail the test.
    """
    result = values.copy()
    while rule.always or fails(result, rule):
        step = _step(result)
        if step is None or np.count_nonzero(changed(values, step)) > rule.max:
            break
        result = step
    return result


def log(values: Array, *, name: str = "") -> Array:
    """Natural logarithm ``ln x``; `name` is the indicator, for the error.

    Raises
    ------
    RecipeError
        If a value is not above 0.
    """
    _require_positive(values, "log", name)
    return np.log(values)


def shifted_log(values: Array) -> Array:
    """Return ``ln(x - min + 0.01 (max - min))``, for values of any sign; no spread, no change.

    This shortens a tail to the right. With a negative skewness the tail is on the left and the
    logarithm would lengthen it, so that the values are mirrored before and after:
    ``min + max - ln(max - x + 0.01 (max - min))``. Either way the order of the values is kept.
    """
    low = np.fmin.reduce(values, initial=np.inf)
    high = np.fmax.reduce(values, initial=-np.inf)
    if not low < high:
        return values
    margin = 0.01 * (high - low)
    if shape(values).skewness < 0:
        mirrored: Array = low + high - np.log(high - values + margin)
        return mirrored
    logged: Array = np.log(values - low + margin)
    return logged


def box_cox(values: Array, power: float | None = None, *, name: str = "") -> tuple[Array, float]:
    """Box-Cox transform ``((x / g)^power - 1) / power``; for power 0 its limit ``ln(x / g)``.

    g is the geometric mean of the values; it keeps digits that a high power would lose, and has
    no effect on any scale that is unchanged by positive affine rescaling.

    Parameters
    ----------
    values : array, shape (n,)
        Above 0; NaN is a gap. Without spread they are returned unchanged, with power 1.
    power : float, optional
        By default the one of greatest likelihood between -5 and 5.
    name : str
        The indicator, for the error.

    Raises
    ------
    RecipeError
        If a value is not above 0.
    """
    # Slow to import, and few recipes need it.
    from scipy import special

    _require_positive(values, "boxcox", name)
    known = np.sort(values[~np.isnan(values)])
    if known.size == 0 or known[0] == known[-1]:
        return values, 1.0
    mean = np.exp(np.log(known).mean())
    chosen = _likeliest_power(known / mean) if power is None else power
    return np.asarray(special.boxcox(values / mean, chosen), dtype=np.float64), chosen


def changed(before: Array, after: Array) -> Mask:
    """Cells that a treatment changed; a gap is none of them."""
    mask: Mask = (before != after) & ~np.isnan(before)
    return mask


def _deviations(values: Array) -> tuple[Array, Array]:
    """Deviations from the mean relative to the largest, gaps as 0, and number of values.

    Sorted, because the rounding of a sum depends on the order of its terms; relative, because the
    fourth power of a large or small number leaves the range of floating-point numbers.
    """
    n = (~np.isnan(values)).sum(axis=0).astype(np.float64)
    ordered = np.sort(values, axis=0)
    lowest = np.fmin.reduce(ordered, axis=0, initial=np.inf)
    highest = np.fmax.reduce(ordered, axis=0, initial=-np.inf)
    with np.errstate(invalid="ignore"):
        deviations = np.nan_to_num(ordered - np.nansum(ordered, axis=0) / n)
        relative = deviations / np.abs(deviations).max(axis=0, initial=0.0)
    return np.where(lowest < highest, relative, 0.0), n


def _step(values: Array) -> Array | None:
    """Values after one step of winsorising; None if that would leave no spread."""
    distinct = np.unique(values[~np.isnan(values)])
    if distinct.size <= 2:  # noqa: PLR2004 - an end and the next value inside
        return None
    upper = not shape(values).skewness < 0
    end, inside = (distinct[-1], distinct[-2]) if upper else (distinct[0], distinct[1])
    return np.where(values == end, inside, values)


def _likeliest_power(values: Array) -> float:
    from scipy import optimize, stats

    def unlikeliness(power: float) -> float:
        return -float(stats.boxcox_llf(power, values))

    return float(optimize.minimize_scalar(unlikeliness, bounds=_POWERS, method="bounded").x)


def _require_positive(values: Array, method: str, name: str) -> None:
    if (values <= 0).any():
        what = f"indicator '{name}'" if name else "an indicator"
        msg = (
            f"recipe: treat.method = '{method}' needs values above 0, but {what} starts at "
            f"{np.nanmin(values):g}; choose 'shifted_log' or 'winsorise' for it."
        )
        raise RecipeError(msg, code="needs_positive")
