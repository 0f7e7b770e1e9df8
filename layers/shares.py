"""Shares for people: percentages that add up to 100."""

from __future__ import annotations

import numpy as np


def percentages(shares: np.ndarray[tuple[int], np.dtype[np.float64]], decimals: int) -> list[float]:
    """Round shares of 1 to percentages that add up to exactly 100 (largest remainder method).

    Parameters
    ----------
    shares : array, shape (n,)
        Non-negative; if they add up to 0, all percentages are 0.
    decimals : int
        Decimals of the percentages.

    Returns
    -------
    list of float
        Equal shares may differ by one unit of the last decimal, so that the sum holds.
    """
    total = float(shares.sum())
    if total <= 0:
        return [0.0] * len(shares)
    unit = 10**decimals
    exact = shares / total * 100 * unit
    floor = np.floor(exact + 1e-9)
    missing = round(100 * unit - floor.sum())
    # Stable, so that of equal remainders the first in display order is rounded up.
    floor[np.argsort(-(exact - floor), kind="stable")[:missing]] += 1
    return [float(value) for value in floor / unit]
