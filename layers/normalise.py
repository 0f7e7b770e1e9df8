"""Stage: indicators in their own units -> comparable values on one scale.

Each method is fitted on the reference set and then applied to every value, so that its parameters
can be kept and reused for another year. A gap stays a gap. Directions are turned here: a value of
an indicator with direction -1 is mirrored inside the scale, so that more is always better.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 5,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from layers.errors import RecipeError

if TYPE_CHECKING:
    from layers.recipe import Normalise

__all__ = ["Fitted", "fit", "fit_known", "is_constant"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class Fitted(Protocol):
    """A normalisation whose parameters are fixed."""

    def __call__(self, values: Array, direction: int) -> Array:
        """Normalise one indicator; `direction` is 1 or -1."""
        ...


def is_constant(reference: Array) -> bool:
    """Whether a reference set without gaps has no spread, so that nothing can be compared.

    An empty set has no spread either, but is a gap, not a constant: it gives False.
    """
    return bool(reference.size and reference.min() == reference.max())


def fit(reference: Array, choice: Normalise, name: str = "") -> Fitted:
    """Fix the parameters of one indicator, by any method of a recipe.

    Parameters
    ----------
    reference : array, shape (n,)
        Finite values of the reference set, in the indicator's unit; with some spread, if
        `Normalise.needs_spread` says so.
    choice : Normalise
        Method with its range, mean and standard deviation, goalposts, targets.
    name : str
        The indicator, to find its goalposts or target.

    Raises
    ------
    RecipeError
        If goalposts or a target are missing, or the values do not allow the method.
    """
    # The module builds upon this one.
    from layers.methods import scales

    if choice.method in scales.METHODS:
        return scales.fit(
            reference, choice.method, name=name, output=choice.ends,
            posts=choice.goalposts.get(name), target=choice.targets.get(name),
            truncate=choice.truncate, mean=choice.mean, sd=choice.sd,
        )  # fmt: skip
    fitted = _fit(reference, choice)
    if choice.range is None or choice.method in {"minmax", "percentile"}:
        return fitted
    return scales.with_range(fitted, reference, choice.range)


def fit_known(
    known: Array, choice: Normalise, name: str, direction: int, *, required: bool,
    scale: tuple[float, float] | None = None,
) -> Fitted | None:  # fmt: skip
    """Do what `fit` does, or give None where there is nothing to place on a scale.

    That is: no direction, no value, no spread although the method needs one, or an indicator that
    is shown only (not `required`) and that the method refuses: it must not stand in the way.

    Parameters
    ----------
    scale : (float, float), optional
        Fixed ends of the indicator (`layers.catalogue.Indicator.scale`), which become those of the
        common scale: ``a + (b - a) (x - low) / (high - low)``, whatever the method. A method
        without ends has no place for it.
    """
    if scale is not None:
        ends = choice.ends
        return MinMax(*scale, *ends) if direction and known.size and ends else None
    flat = choice.needs_spread and is_constant(known)
    if not direction or not known.size or flat:
        return None
    try:
        fitted = fit(known, choice, name)
        if not required:
            fitted(known, direction)
    except RecipeError:
        if required:
            raise
        return None
    return fitted


def _fit(reference: Array, choice: Normalise) -> Fitted:
    match choice.method:
        case "minmax":
            return MinMax(float(reference.min()), float(reference.max()), *(choice.ends or (0, 1)))
        case "zscore":
            # Sorted, because the rounding of a sum depends on the order of its terms.
            ordered = np.sort(reference)
            centre, scale = float(ordered.mean()), float(ordered.std(ddof=1))
            return ZScore(centre, scale, choice.mean, choice.sd)
        case "rank":
            return Rank(np.sort(reference))
        case _:
            return Percentile(np.sort(reference), *(choice.ends or (0, 1)))


@dataclass(frozen=True)
class MinMax:
    """Min-max: ``a + (b - a) (x - min) / (max - min)``, mirrored to ``a + b - y`` for direction -1.

    Inside the reference set the result lies in [a, b]; both ends are reached exactly.
    """

    low: float
    high: float
    a: float
    b: float

    def __call__(self, values: Array, direction: int) -> Array:
        """Normalise; a value outside the reference set may leave [a, b]."""
        share = (values - self.low) / (self.high - self.low)
        if direction < 0:
            share = (self.high - values) / (self.high - self.low)
        return self.a + (self.b - self.a) * share


@dataclass(frozen=True)
class ZScore:
    """Standardisation: ``mean + sd (x - m) / s``; s is the sample deviation with n - 1."""

    centre: float
    scale: float
    mean: float
    sd: float

    def __call__(self, values: Array, direction: int) -> Array:
        """Normalise; unbounded."""
        return self.mean + direction * self.sd * (values - self.centre) / self.scale


@dataclass(frozen=True, eq=False)
class Rank:
    """Rank from below: 1 for the worst, n for the best; equal values share their mean rank.

    A value that is not in the reference set gets the rank between its neighbours there.
    """

    reference: Array

    def __call__(self, values: Array, direction: int) -> Array:
        """Normalise to [1, n]; outside the reference set to [0.5, n + 0.5]."""
        below = np.searchsorted(self.reference, values, side="left")
        upto = np.searchsorted(self.reference, values, side="right")
        rank = np.where(np.isnan(values), np.nan, (below + upto + 1) / 2)
        return rank if direction > 0 else self.reference.size + 1 - rank


@dataclass(frozen=True, eq=False)
class Percentile:
    """Percentile rank: ``a + (b - a) (rank - 1) / (n - 1)`` with the mean rank of equal values."""

    reference: Array
    a: float
    b: float

    def __call__(self, values: Array, direction: int) -> Array:
        """Normalise to [a, b]."""
        rank = Rank(self.reference)(values, direction)
        share = np.clip((rank - 1) / (self.reference.size - 1), 0.0, 1.0)
        return self.a + (self.b - self.a) * share
