"""Stages before scoring: leave out regions with too few data; turn counts into rates.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, steps 2 and 3,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from layers.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["Denominated", "Rate", "Screened", "denominate", "denominate_table", "screen"]

#: 2 of 3 values must pass a minimum of 2/3, whatever the rounding.
_ROUNDING = 1e-12


class Screened(NamedTuple):
    """Which regions stay, and why the others go; indexed by region.

    Attributes
    ----------
    kept : Series of bool
    share : Series
        Share of the indicators with a value, from 0 to 1.
    non_zero : Series
        Share of the values that are not 0, from 0 to 1; NaN for a region without any value.
    reason : Series of str
        "" for a kept region, else "share", "non_zero" or "never".
    """

    kept: pd.Series
    share: pd.Series
    non_zero: pd.Series
    reason: pd.Series


class Rate(NamedTuple):
    """Divide an indicator by a denominator: ``scale x / d``, such as per 1,000 inhabitants."""

    by: str
    scale: float = 1.0


class Denominated(NamedTuple):
    """Rates, and why one is missing: "no_value", "no_denominator", "zero_denominator" or ""."""

    values: pd.Series
    reason: pd.Series


def screen(
    values: pd.DataFrame, minimum: float, *, non_zero: float = 0.0,
    always: Collection[str] = (), never: Collection[str] = (),
) -> Screened:  # fmt: skip
    """Keep the regions that have values for at least a share `minimum` of the indicators.

    Parameters
    ----------
    values : DataFrame
        Regions x indicators; pass the indicators that are scored.
    minimum : float
        From 0 to 1; reached exactly is enough.
    non_zero : float
        Least share of the region's values that are not 0, from 0 to 1; 0 asks nothing.
    always, never : collection of str
        Regions that stay or go whatever their data.

    Raises
    ------
    RecipeError
        If a share lies outside [0, 1], a region is unknown or named twice, or none would stay.
    """
    _check_share("minimum", minimum)
    _check_share("non_zero", non_zero)
    _check_regions(values.index, always, never)
    present = values.notna().sum(axis=1)
    share = (present / max(1, values.shape[1])).rename("share")
    other = ((values != 0) & values.notna()).sum(axis=1) / present.where(present > 0)
    reason = pd.Series("", index=values.index, name="reason", dtype="str")
    reason[other < non_zero - _ROUNDING] = "non_zero"
    reason[share < minimum - _ROUNDING] = "share"
    reason[list(always)] = ""
    reason[list(never)] = "never"
    kept = (reason == "").rename("kept")
    if not kept.any():
        msg = (
            f"recipe: screen.minimum = {minimum:g} leaves no region; the best-covered one has "
            f"{share.max():g} of its values."
        )
        raise RecipeError(msg)
    return Screened(kept, share, other.rename("non_zero"), reason)


def denominate(counts: pd.Series, by: pd.Series, scale: float = 1.0) -> Denominated:
    """Turn counts into rates ``scale x / d``: per head, per km².

    Parameters
    ----------
    counts : Series
        Indexed by region; in units of the count.
    by : Series
        Denominator, such as inhabitants or official area in km²; matched by region, not order.
    scale : float
        Above 0, such as 1,000 for "per 1,000 inhabitants".

    Returns
    -------
    Denominated
        A gap in either stays a gap, and so does a rate of nobody: a denominator of 0.

    Raises
    ------
    RecipeError
        If a denominator is negative, a region has none listed, or the scale is not above 0.
    """
    what = f"indicator '{counts.name}'"
    if not (math.isfinite(scale) and scale > 0):
        msg = f"recipe: denominate: {what}: scale = {scale} must be a finite number above 0."
        raise RecipeError(msg)
    unlisted = counts.index.difference(by.index)
    if len(unlisted):
        msg = f"recipe: denominate: {what}: region '{unlisted[0]}' has no row in '{by.name}'."
        raise RecipeError(msg)
    divisor = by.reindex(counts.index).astype("float64")
    if (divisor < 0).any():
        region = divisor.index[divisor < 0][0]
        msg = (
            f"recipe: denominate: {what}: the denominator '{by.name}' of region '{region}' is "
            f"{divisor[region]:g}; it must not be negative."
        )
        raise RecipeError(msg)
    reason = np.select(
        [counts.isna(), divisor.isna(), divisor == 0],
        ["no_value", "no_denominator", "zero_denominator"], default="",
    )  # fmt: skip
    rates = (scale * counts / divisor.where(divisor > 0)).to_numpy(dtype=np.float64)
    return Denominated(
        pd.Series(rates, index=counts.index, name=counts.name),
        pd.Series(reason, index=counts.index, name=counts.name),
    )


def denominate_table(
    values: pd.DataFrame, denominators: pd.DataFrame, rates: Mapping[str, Rate]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn the named columns into rates and leave the others as they are.

    Parameters
    ----------
    values : DataFrame
        Regions x indicators.
    denominators : DataFrame
        Regions x denominators, such as attributes of the regions table.
    rates : mapping
        Indicator -> `Rate`.

    Returns
    -------
    (DataFrame, DataFrame)
        Values, and reasons of gaps as in `Denominated` ("" for columns that are not rates).

    Raises
    ------
    RecipeError
        If an indicator or denominator is unknown, or `denominate` refuses one.
    """
    result = values.copy()
    reasons = pd.DataFrame("", index=values.index, columns=values.columns, dtype="str")
    for key, rate in rates.items():
        _check_known(key, "indicator", values.columns)
        _check_known(rate.by, "denominator", denominators.columns)
        result[key], reasons[key] = denominate(values[key], denominators[rate.by], rate.scale)
    return result, reasons


def _check_share(key: str, share: float) -> None:
    if not 0 <= share <= 1:
        msg = f"recipe: screen.{key} = {share} must be a share from 0 to 1."
        raise RecipeError(msg)


def _check_regions(known: pd.Index, always: Collection[str], never: Collection[str]) -> None:
    for key in (*always, *never):
        if key not in known:
            msg = f"recipe: screen: there is no region '{key}'; keys look like '{known[0]}'."
            raise RecipeError(msg)
    both = sorted(set(always) & set(never))
    if both:
        msg = f"recipe: screen: region '{both[0]}' is in both screen.always and screen.never."
        raise RecipeError(msg)


def _check_known(key: str, kind: str, allowed: pd.Index) -> None:
    if key not in allowed:
        msg = (
            f"recipe: denominate: there is no {kind} '{key}'; "
            f"allowed: {', '.join(map(str, allowed))}."
        )
        raise RecipeError(msg)
