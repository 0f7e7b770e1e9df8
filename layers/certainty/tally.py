"""Counts of ranks over many draws, and what can be said of them: quantiles, shares, means."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.certainty.ranks import Ranks

__all__ = ["Tally", "blocks", "share_between"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

#: Cells that are worked on at once, so that they stay in the processor's cache.
_CELLS = 2**16
_WHOLE = ("rank_median", "rank_p05", "rank_p95", "best", "worst")
_COLUMNS = ("rank_mean", *_WHOLE, "top_quarter", "ranked")


class Tally:
    """Counts of ranks over all chunks, in whatever order they arrive.

    Memory: regions squared times the bytes that hold the number of draws (2 up to 65,535 draws).
    """

    def __init__(self, regions: int, layers: int, top: int, draws: int) -> None:
        self._top, self._draws, self._lock = top, draws, Lock()
        self._counts = np.zeros((regions, regions + 1), np.min_scalar_type(draws))
        self._sums = np.zeros((regions, layers))

    def add(self, ranks: Ranks, sums: Array) -> None:
        """Add one chunk."""
        size = len(self._counts)
        start, one = np.arange(size) * (size + 1), self._counts.dtype.type(1)
        with self._lock:
            for rows in blocks(len(ranks), size):
                np.add.at(self._counts.reshape(-1), (ranks[rows] + start).ravel(), one)
            self._sums += sums

    def bands(self, regions: pd.Index) -> pd.DataFrame:
        """Return the columns of `Bands.bands`."""
        size = len(regions)
        parts = [
            _statistics(self._counts[rows].astype(np.int64), self._top, self._draws)
            for rows in blocks(size, size, 2 * _CELLS)
        ]
        columns = dict(zip(_COLUMNS, np.concatenate(parts).T, strict=True))
        whole = {name: pd.array(columns[name], dtype="Int64") for name in _WHOLE}
        return pd.DataFrame(columns | whole, index=regions)

    def central(self, regions: pd.Index, varied: tuple[str, ...]) -> pd.DataFrame:
        """Return `Bands.central`."""
        times = self._counts[:, : self._top].sum(axis=1, dtype=np.int64)
        with np.errstate(invalid="ignore"):
            return pd.DataFrame(self._sums / times[:, None], index=regions, columns=list(varied))

    @property
    def counts(self) -> Counts:
        """How often each region had each rank, from the best; the last column: no rank."""
        return self._counts.astype(np.int64)


def blocks(rows: int, width: int, cells: int = _CELLS) -> Iterator[slice]:
    """Slices that cut a table of `rows` x `width` into pieces of about `cells`."""
    step = max(1, cells // max(width, 1))
    for start in range(0, max(rows, 1), step):
        yield slice(start, min(start + step, rows))


def _statistics(counts: Counts, top: int, draws: int) -> Array:
    """Columns of `Bands.bands` in the order of `_COLUMNS`; NaN where a region never has a rank."""
    size = counts.shape[1] - 1
    cumulated = counts.cumsum(axis=1)
    times = counts[:, :size].sum(axis=1)
    with np.errstate(invalid="ignore"):
        # Summed by parts: over all draws, sum r = (n + 1) times - sum over r of those up to r.
        mean = ((size + 1) * times - cumulated[:, :size].sum(axis=1)) / times
        quarter = counts[:, :top].sum(axis=1) / times
    quantiles = [_quantile(cumulated, times, share) for share in (0.5, 0.05, 0.95, 0.0, 1.0)]
    return np.column_stack([mean, *quantiles, quarter, times / draws])


def _quantile(cumulated: Counts, times: Counts, share: float) -> Array:
    """Smallest rank attained in at least `share` of the draws (inverse of the distribution)."""
    # The small slack keeps 0.05 * 1000 = 50.00000000000001 from asking for a 51st draw.
    needed = np.maximum(np.ceil(share * times - 1e-9), 1).astype(np.int64)
    rank = (cumulated >= needed[:, None]).argmax(axis=1) + 1.0
    return np.where(times > 0, rank, np.nan)


def share_between(counts: Counts, low: Array, high: Array) -> Array:
    """Share of a region's ranked draws in which its rank lies between two ranks, ends included.

    Parameters
    ----------
    counts : array, shape (n, n + 1)
        How often each region had each rank; the last column counts draws without a rank.
    low, high : array, shape (n,)
        Ranks from 1.

    Returns
    -------
    array, shape (n,)
        NaN where a region never has a rank.
    """
    # How often a rank was at most 0, 1, 2 ...
    upto = np.pad(counts[:, :-1].cumsum(axis=1), ((0, 0), (1, 0)))
    rows, most = np.arange(len(counts)), upto.shape[1] - 1
    # Nothing lies beside a gap: above all ranks on one side, below them on the other.
    before = np.nan_to_num(np.ceil(low) - 1, nan=most).clip(0, most).astype(np.int64)
    last = np.nan_to_num(np.floor(high)).clip(0, most).astype(np.int64)
    inside = np.maximum(upto[rows, last] - upto[rows, before], 0)
    with np.errstate(invalid="ignore"):
        share: Array = inside / upto[:, -1]
    return share
