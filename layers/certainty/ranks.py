"""Exact ranks of many rows of scores at once: where nearly all the time of the rank bands goes."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Ranks", "ranks_of"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Order = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
#: Ranks from 0 (the best); the number of regions stands for "has no rank".
Ranks = np.ndarray[tuple[int, ...], np.dtype[np.unsignedinteger[Any]]]


def ranks_of(values: Array) -> Ranks:
    """Rank each row from 0 for the highest; equal values share the smallest, NaN gets n.

    Whole numbers sort much faster than the order of numbers. So each value becomes one, counted
    down from the highest, with its place in the row in the last digits: sorted, these numbers are
    the order. Where two of a row differ in nothing but their places (in ties, and
    where two values are too close for the digits left), the values themselves decide.

    Parameters
    ----------
    values : array, shape (m, n)

    Returns
    -------
    array, shape (m, n)
        Of the smallest type of unsigned whole numbers that holds n.
    """
    gaps = np.isnan(values)
    if gaps.any():
        return _ranks_around(gaps, values)
    keys = _keys(values)
    if keys is None:
        return _ranks_in(np.argsort(-values, axis=1), values)
    keys.sort(axis=1)
    last = 1 << values.shape[1].bit_length()
    close = (keys[:, 1:] - keys[:, :-1]).min(initial=last) < last
    keys &= last - 1
    return _ranks_in(keys, values) if close else _placed(keys, _places(values.shape[1]))


def _ranks_around(gaps: Flags, values: Array) -> Ranks:
    """Ranks where some values are missing: as if these were the lowest, which moves nobody else."""
    size = values.shape[1]
    if gaps.all():
        return np.full(values.shape, size, np.min_scalar_type(size))
    ranks = ranks_of(np.where(gaps, np.fmin.reduce(values, axis=None), values))
    ranks[gaps] = size
    return ranks


def _keys(values: Array) -> Order | None:
    """Return whole numbers that order each row; None where a value is infinite.

    They are the bits of the distances from the highest value, which grow with these. A higher value
    never has a higher number, apart from the place in its last digits.
    """
    if values.size == 0 or not np.isfinite(high := values.max()):
        return None
    with np.errstate(over="ignore"):
        keys: Order = np.subtract(high, values).view(np.int64)
    keys &= -1 << values.shape[1].bit_length()
    keys |= np.arange(values.shape[1])
    return keys


def _places(size: int) -> Ranks:
    places: Ranks = np.arange(size, dtype=np.min_scalar_type(size))[None]
    return places


def _ranks_in(order: Order, values: Array) -> Ranks:
    """Ranks, given the order of each row but for values that are close: ties share a rank."""
    sorted_ = np.take_along_axis(values, order, axis=1)
    if (sorted_[:, 1:] > sorted_[:, :-1]).any():
        order = np.argsort(-values, axis=1)
        sorted_ = np.take_along_axis(values, order, axis=1)
    places = _places(values.shape[1])
    tied = sorted_[:, 1:] == sorted_[:, :-1]
    if tied.any():
        places = np.where(np.pad(tied, ((0, 0), (1, 0))), 0, places)
        np.maximum.accumulate(places, axis=1, out=places)
    return _placed(order, places)


def _placed(order: Order, places: Ranks) -> Ranks:
    """Give the region that stands at each place of `order` its rank."""
    rows, size = order.shape
    ranks: Ranks = np.empty(order.size, places.dtype)
    cells = order + size * np.arange(rows)[:, None]
    ranks[cells.ravel()] = np.broadcast_to(places, order.shape).ravel()
    return ranks.reshape(rows, size)
