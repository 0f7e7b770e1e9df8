"""Natural breaks of Fisher and Jenks, as mapclassify finds them, but for whole rows at a time.

`mapclassify.FisherJenks` goes through all pairs of values one by one, unless a compiler for Python
is installed: a quarter of a second for 400 values, minutes for all municipalities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["natural_breaks"]


def natural_breaks(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Upper bounds of the classes with the least sum of squared deviations from their means.

    Fisher (1958, doi:10.1080/01621459.1958.10501479): the best `j` classes of the first values are
    the best ``j - 1`` of fewer, and one class more. With n values it takes n steps over arrays of
    n × `count` numbers. Sums are kept in 32 bits and in the order of mapclassify, so that bounds
    are the same as there; of equally good ones, those with the lowest cut are taken.

    Parameters
    ----------
    values : array
        Finite numbers, of which at least `count` are different.
    count : int
        Number of classes, at least 2.
    """
    ordered = np.sort(values)
    first = _first_members(ordered.astype(np.float32), count)
    uppers, end = [ordered[-1]], len(ordered)
    for classes in range(count, 1, -1):
        start = first[end, classes]
        uppers.append(ordered[start - 2])
        end = start - 1
    return np.array(uppers[::-1])


def _first_members(ordered: NDArray[np.float32], count: int) -> NDArray[np.int32]:
    """Return where the last of j classes begins, counted from 1, in row n for the n lowest values.

    What overflows to no number is never best.
    """
    size = len(ordered)
    first = np.zeros((size + 1, count + 1), dtype=np.int32)
    least = np.full((size + 1, count + 1), np.inf, dtype=np.float32)
    least[:2] = 0
    first[1, 1:] = first[2:, 1] = 1
    squares, members = ordered * ordered, np.arange(1, size + 1, dtype=np.float32)
    for last in range(2, size + 1):
        # Deviations of the classes that end here, the shortest first.
        total = np.add.accumulate(ordered[last - 1 :: -1])
        spread = np.add.accumulate(squares[last - 1 :: -1]) - total * total / members[:last]
        least[last, 1] = spread[-1]
        sums = spread[:-1, None] + least[last - 1 : 0 : -1, 1:-1]
        best = np.fmin.reduce(sums)
        # The last of equals, as it would be found one by one.
        at = last - 1 - np.argmax(sums[::-1] == best, axis=0)
        known = ~np.isnan(best)
        first[last, 2:][known] = (last - at + 1)[known]
        least[last, 2:][known] = best[known]
    return first
