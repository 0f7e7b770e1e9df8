"""Whole people shared out by claims, between bounds, to the last one: exact whole numbers only.

With T people, claims ``w_i >= 0`` and bounds ``l_i <= u_i`` the quota of region i is

    ``q_i = min(max(t w_i, l_i), u_i)``, with the one t for which all quotas add up to T

(water filling: whoever reaches a bound stays there, the rest is shared out again by the same
claims until nobody lies beyond a bound). Everybody gets ``floor(q_i)``, and what is left goes, one
each, to the largest remainders (Hare-Niemeyer, also named after Hamilton); of equal remainders to
the one that stands first. So nobody is more than one away from the quota, and the total is exact.

This is no divisor method: one person more can take one away elsewhere (Alabama paradox).

References: Balinski & Young (1982), Fair Representation, chapters 2 to 5; Bitran & Hax (1981),
bounds settled step by step, doi:10.1287/mnsc.27.4.431; Duncan & Duncan (1955), A Methodological
Analysis of Segregation Indexes, doi:10.2307/2088328.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Whole", "apportion", "dissimilarity", "evenly"]

#: Whole numbers: int64, or Python's own of any length (object).
Whole = np.ndarray[tuple[int, ...], np.dtype[Any]]

#: Products of people and claims stay below, so that sums and differences of them fit in 64 bits.
_LONGEST = 2**62


def apportion(total: int, claims: Whole, low: Whole, high: Whole) -> Whole:
    """Share out `total` people in every row.

    Parameters
    ----------
    total : int
        People, at least the sum of `low`, at most that of `high` (`low` where there is no claim).
    claims : array of whole numbers, shape (d, n)
        Non-negative; only their ratios matter. In int64 ``total * claims.sum(axis=1)`` must stay
        below 2^62; with dtype object there is no such limit.
    low, high : arrays of whole numbers, shape (n,)
        Bounds; a region without a claim keeps `low`.

    Returns
    -------
    array of whole numbers, shape (d, n)
        People of each region; every row adds up to `total`.

    Raises
    ------
    OverflowError
        If int64 is too short for these numbers.
    """
    if claims.dtype != object and claims.size:
        most = total * int(claims.sum(axis=1, dtype=np.float64).max())
        if most >= _LONGEST:
            raise OverflowError(f"{most} is too large for 64 bits; give claims as objects.")
    free, fixed = _settled(total, claims, low, high)
    rest = total - fixed.sum(axis=1, keepdims=True)
    whole = np.maximum((claims * free).sum(axis=1, keepdims=True), 1)
    exact = np.where(free, rest * claims, 0)
    people = fixed + exact // whole
    remainder = np.where(free, exact % whole, -1)
    missing = total - people.sum(axis=1, keepdims=True)
    # Stable: of equal remainders the one that stands first comes first.
    order = np.argsort(-remainder, axis=1, kind="stable")
    place = np.empty(claims.shape, dtype=np.int64)
    np.put_along_axis(place, order, np.arange(claims.shape[1])[None, :], axis=1)
    result: Whole = people + np.where(place < missing, 1, 0)
    return result


def _settled(total: int, claims: Whole, low: Whole, high: Whole) -> tuple[Whole, Whole]:
    """Return who lies between the bounds, and the people of those who stand at one.

    In each round either all that lie above their bound or all below it are settled there for
    good, whichever is the larger sum of people: the other side may yet come back between.
    """
    free = claims > 0
    fixed = np.where(free, 0, low)
    while True:
        rest = total - fixed.sum(axis=1, keepdims=True)
        whole = (claims * free).sum(axis=1, keepdims=True)
        exact, top, bottom = rest * claims, high * whole, low * whole
        above, below = free & (exact > top), free & (exact < bottom)
        if not (above.any() or below.any()):
            return free, fixed
        over = np.where(above, exact - top, 0).sum(axis=1, keepdims=True)
        under = np.where(below, bottom - exact, 0).sum(axis=1, keepdims=True)
        settled = np.where(over >= under, above, below)
        fixed = np.where(settled, np.where(above, high, low), fixed)
        free = free & ~settled


def evenly(total: int, steps: int) -> tuple[int, ...]:
    """Part `total` into `steps` whole numbers that differ by one at most, the larger first."""
    each, more = divmod(total, steps)
    return tuple(each + (place < more) for place in range(steps))


def dissimilarity(
    one: np.ndarray[tuple[int], np.dtype[np.floating[Any]]],
    other: np.ndarray[tuple[int], np.dtype[np.floating[Any]]],
) -> float:
    """Index of dissimilarity ``D = 1/2 sum |a_i / A - b_i / B|`` of two distributions.

    Parameters
    ----------
    one, other : array, shape (n,)
        People of each region, non-negative; their totals may differ.

    Returns
    -------
    float
        0 (the same) to 1 (nowhere together): the share of the people of one distribution that
        would have to live elsewhere for both to be the same; NaN if either is empty.
    """
    if one.sum() <= 0 or other.sum() <= 0:
        return float("nan")
    return float(np.abs(one / one.sum() - other / other.sum()).sum() / 2)
