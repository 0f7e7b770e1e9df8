"""Stage: further normalisations, and output ranges for all of them.

Each follows the protocol `layers.normalise.Fitted`: fitted on the reference set, then applied to
any values, directions turned so that more is better. A gap stays a gap; equal values stay equal.
`layers.methods.frozen` keeps the parameters for another year.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 5,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layers import normalise
from layers.errors import RecipeError

if TYPE_CHECKING:
    from layers.normalise import Fitted

__all__ = [
    "METHODS", "Borda", "DistanceToMax", "DistanceToTarget", "Goalposts", "Ranged", "Robust",
    "fit", "with_range",
]  # fmt: skip

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Pair = tuple[float, float]

#: Names in a recipe, beside those of `layers.normalise`.
METHODS = ("borda", "goalposts", "distance_to_max", "distance_to_target", "robust")
#: Makes the median absolute deviation of normally distributed values their standard deviation.
_CONSISTENT = 1.4826


@dataclass(frozen=True)
class Goalposts:
    """Position between two fixed posts: ``a + (b - a) (x - low) / (high - low)``.

    Mirrored for direction -1. Truncated, everything beyond a post counts as that post, so that
    the result lies in [a, b]; otherwise it may leave it.
    """

    low: float
    high: float
    truncate: bool
    a: float
    b: float

    def __call__(self, values: Array, direction: int) -> Array:
        """Normalise one indicator."""
        start = values - self.low if direction > 0 else self.high - values
        share = start / (self.high - self.low)
        return self.a + (self.b - self.a) * (np.clip(share, 0.0, 1.0) if self.truncate else share)


@dataclass(frozen=True, eq=False)
class Borda:
    """Borda points: the number of regions of the reference set that are worse.

    Equal values share the points of the places they take, so that the best of n gets n - 1 and
    the worst 0 unless tied. With a range the points become ``a + (b - a) points / (n - 1)``. A
    value from outside the reference set gets the points between its neighbours, within [0, n - 1].
    """

    reference: Array
    output: Pair | None

    def __call__(self, values: Array, direction: int) -> Array:
        """Normalise one indicator."""
        most = self.reference.size - 1
        points = np.clip(normalise.Rank(self.reference)(values, direction) - 1, 0.0, most)
        if self.output is None:
            return points
        low, high = self.output
        return low + (high - low) * points / most


@dataclass(frozen=True)
class DistanceToMax:
    """Share of the leader: ``a + (b - a) x / max``; for direction -1 ``a + (b - a) min / x``.

    For quantities with a meaningful zero: half as much is half as good. Inside the reference set
    the leader gets b and nobody a or less. Some programs call min-max by this name.
    """

    low: float
    high: float
    a: float
    b: float

    def __call__(self, values: Array, direction: int) -> Array:
        """Normalise one indicator.

        Raises
        ------
        RecipeError
            If direction is -1 and a value is not above 0: there is no ratio to it.
        """
        if direction < 0 and (self.low <= 0 or (values <= 0).any()):
            msg = (
                "recipe: normalise.method = 'distance_to_max' divides the lowest value by each "
                "value of an indicator of direction '-', so all must be above 0 (lowest: "
                f"{np.fmin.reduce(values, initial=self.low):g}); choose 'minmax' or 'goalposts'."
            )
            raise RecipeError(msg, code="needs_positive")
        share = values / self.high if direction > 0 else self.low / values
        return self.a + (self.b - self.a) * share


@dataclass(frozen=True)
class DistanceToTarget:
    """Way covered from the worst region to the target.

    ``a + (b - a) (x - min) / (target - min)`` for direction 1, and ``a + (b - a) (max - x) /
    (max - target)`` for direction -1. Truncated, reaching more than the target earns nothing more
    and a value worse than the reference set's worst counts as that: the result lies in [a, b].
    """

    low: float
    high: float
    target: float
    truncate: bool
    a: float
    b: float

    def __call__(self, values: Array, direction: int) -> Array:
        """Normalise one indicator.

        Raises
        ------
        RecipeError
            If no region is worse than the target, so that there is no way to measure.
        """
        worst = self.low if direction > 0 else self.high
        if direction * (self.target - worst) <= 0:
            msg = (
                f"recipe: normalise.targets: the target {self.target:g} is no better than the "
                f"worst region ({worst:g}, direction '{'+' if direction > 0 else '-'}'); choose "
                "a target beyond it."
            )
            raise RecipeError(msg)
        share = (values - worst) / (self.target - worst)
        return self.a + (self.b - self.a) * (np.clip(share, 0.0, 1.0) if self.truncate else share)


@dataclass(frozen=True)
class Robust:
    """Robust standardisation: ``mean + sd (x - median) / (1.4826 MAD)``.

    MAD is the median of ``|x - median|``; the factor makes it the standard deviation of normally
    distributed values. Neither is moved by a few outliers. Unbounded.

    Reference: Rousseeuw & Croux (1993), doi:10.1080/01621459.1993.10476408.
    """

    centre: float
    scale: float
    mean: float
    sd: float

    def __call__(self, values: Array, direction: int) -> Array:
        """Normalise one indicator."""
        return self.mean + direction * self.sd * (values - self.centre) / self.scale


@dataclass(frozen=True, eq=False)
class Ranged:
    """Any method whose result grows with the value, stretched to reach [a, b] exactly.

    ``a + (b - a) (f(x) - f(worst)) / (f(best) - f(worst))`` over the reference set. Of an affine
    method (z-score, robust) nothing but min-max remains.
    """

    inner: Fitted
    low: float
    high: float
    a: float
    b: float

    def __call__(self, values: Array, direction: int) -> Array:
        """Normalise one indicator; a value outside the reference set may leave [a, b]."""
        ends = self.inner(np.array([self.low, self.high]), direction)
        worst, best = ends if direction > 0 else ends[::-1]
        result: Array = (self.inner(values, direction) - worst) / (best - worst)
        return self.a + (self.b - self.a) * result


def fit(
    reference: Array, method: str, *, name: str = "", output: Pair | None = None,
    posts: Pair | None = None, target: float | None = None, truncate: bool = True,
    mean: float = 0.0, sd: float = 1.0,
) -> Fitted:  # fmt: skip
    """Fix the parameters of one indicator.

    Parameters
    ----------
    reference : array, shape (n,)
        Finite values of the reference set, in the indicator's unit.
    method : str
        One of `METHODS`.
    name : str
        The indicator, for errors.
    output : (float, float), optional
        Range of the result. By default [0, 1] for goalposts, distance_to_max and
        distance_to_target; Borda gives points and robust the scale of `mean` and `sd`.
    posts : (float, float), optional
        Low and high post, for goalposts.
    target : float, optional
        For distance_to_target.
    truncate : bool
        For goalposts and distance_to_target.
    mean, sd : float
        For robust: value of the median, and of 1.4826 MAD.

    Raises
    ------
    RecipeError
        If a parameter is missing or senseless, or the values do not allow the method.
    """
    where = f"indicator '{name}'" if name else "an indicator"
    _check_reference(reference, method, where)
    _check_pair(output, "range", where)
    low, high = float(reference.min()), float(reference.max())
    a, b = output or (0.0, 1.0)
    match method:
        case "goalposts":
            if posts is None:
                raise _missing("goalposts", "[low, high]", where)
            _check_pair(posts, "goalposts", where)
            return Goalposts(*posts, truncate, a, b)
        case "distance_to_target":
            if target is None or not math.isfinite(target):
                raise _missing("targets", "a finite number", where)
            return DistanceToTarget(low, high, target, truncate, a, b)
        case "distance_to_max":
            _check_ratio(low, high, where)
            return DistanceToMax(low, high, a, b)
        case "borda":
            return Borda(np.sort(reference), output)
    robust = _robust(reference, mean, sd, where)
    return robust if output is None else Ranged(robust, low, high, a, b)


def with_range(fitted: Fitted, reference: Array, output: Pair) -> Fitted:
    """Stretch a fitted method to an output range that the reference set reaches exactly.

    Parameters
    ----------
    fitted : Fitted
        Such as a rank or z-score.
    reference : array, shape (n,)
        The values it was fitted on; with some spread.
    output : (float, float)
    """
    _check_reference(reference, "borda", "an indicator")
    _check_pair(output, "range", "an indicator")
    return Ranged(fitted, float(reference.min()), float(reference.max()), *output)


def _robust(reference: Array, mean: float, sd: float, where: str) -> Robust:
    if not (math.isfinite(mean) and math.isfinite(sd) and sd > 0):
        msg = f"recipe: normalise.mean = {mean}, sd = {sd}: finite numbers, and sd above 0."
        raise RecipeError(msg)
    centre = float(np.median(reference))
    deviation = float(np.median(np.abs(reference - centre)))
    if deviation == 0:
        msg = (
            f"recipe: normalise.method = 'robust': half of the values of {where} or more are "
            f"equal ({centre:g}), so their median deviation is 0; choose 'zscore' or 'percentile'."
        )
        raise RecipeError(msg, code="constant")
    return Robust(centre, _CONSISTENT * deviation, mean, sd)


def _check_reference(reference: Array, method: str, where: str) -> None:
    if method not in METHODS:
        msg = f"recipe: normalise.method = '{method}' is unknown; allowed: {', '.join(METHODS)}."
        raise RecipeError(msg)
    if reference.size == 0 or not np.isfinite(reference).all():
        msg = f"recipe: {where} has no finite values in the reference set to be fitted on."
        raise RecipeError(msg, code="no_value")
    if method in ("borda", "robust") and normalise.is_constant(reference):
        msg = (
            f"recipe: {where} has the same value in all regions of the reference set "
            f"({reference.size}), so there is nothing to compare; give it weight 0."
        )
        raise RecipeError(msg, code="constant")


def _check_pair(pair: Pair | None, key: str, where: str) -> None:
    if pair is not None and not (np.isfinite(pair).all() and pair[0] < pair[1]):
        msg = f"recipe: normalise.{key} of {where} must be two rising numbers, got {list(pair)}."
        raise RecipeError(msg)


def _check_ratio(low: float, high: float, where: str) -> None:
    if low < 0 or high <= 0:
        msg = (
            f"recipe: normalise.method = 'distance_to_max' needs values from 0, but {where} runs "
            f"from {low:g} to {high:g}; choose 'minmax' or 'goalposts'."
        )
        raise RecipeError(msg, code="needs_positive")


def _missing(key: str, form: str, where: str) -> RecipeError:
    return RecipeError(f"recipe: normalise.{key} is missing for {where}; give {form}.")
