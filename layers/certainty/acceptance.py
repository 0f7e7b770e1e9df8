"""Who belongs to the best part whatever the weights: shares of the draws, and a plain verdict.

Everything is read off the draws that `layers.robust.Bands` keeps, so that it speaks of the same
weightings as the rank bands beside it. Shares are those of the draws in which a region is ranked
at all, as in `Bands.bands`. The acceptability of a block of ranks is that of SMAA-2: Lahdelma &
Salminen (2001), doi:10.1287/opre.49.3.444.11220.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.certainty.tally import share_between
from layers.errors import RecipeError
from layers.robust import KEPT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.robust import Bands

__all__ = ["NEVER", "SURE", "best_shares", "block_shares", "last_place", "verdicts"]

Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
#: From this share of the draws a region surely belongs to the best quarter; up to that one, not.
SURE, NEVER = 0.9, 0.1


def verdicts(bands: Bands, *, sure: float = SURE, never: float = NEVER) -> pd.Series:
    """Say of every region whether it belongs to the best quarter whatever the weights.

    Returns
    -------
    Series of str
        "sure": in the best quarter in at least `sure` of the draws; "never": in at most `never`;
        "open": in between, so that the weights decide; "" without a rank.

    Raises
    ------
    RecipeError
        Unless ``0 <= never < sure <= 1``.
    """
    if not 0 <= never < sure <= 1:
        msg = f"verdict: shares {never:g} and {sure:g}; 0 <= never < sure <= 1 is needed."
        raise RecipeError(msg)
    share = bands.bands["top_quarter"]
    cases = [share >= sure, share <= never, share.notna()]
    said = np.select(cases, ["sure", "never", "open"], default="")
    return pd.Series(said, index=share.index, name="verdict")


def best_shares(bands: Bands, parts: Sequence[float] = (0.1, 0.25, 0.5)) -> pd.DataFrame:
    """Share of the draws in which each region is among the best part of all ranked regions.

    Parameters
    ----------
    parts : sequence of float
        Parts in (0, 1]; the best p of n regions are the ranks up to p n, rounded up.

    Returns
    -------
    DataFrame
        Regions x parts; NaN without a rank.

    Raises
    ------
    RecipeError
        If a part makes no sense, or there are too many regions for ranks to have been kept.
    """
    counts, regions = _counts(bands)
    if any(not 0 < part <= 1 for part in parts):
        shown = ", ".join(f"{part:g}" for part in parts)
        raise RecipeError(f"best parts ({shown}): numbers above 0 and up to 1 are needed.")
    last = {part: last_place(part, len(regions)) for part in parts}
    one = np.ones(len(regions))
    columns = {part: share_between(counts, one, one * place) for part, place in last.items()}
    return pd.DataFrame(columns, index=regions).reindex(bands.bands.index)


def block_shares(bands: Bands, region: str, blocks: int = 40) -> pd.DataFrame:
    """Share of the draws in which one region is in each block of ranks.

    Parameters
    ----------
    blocks : int
        Wanted blocks of equal length; the last one may be shorter.

    Returns
    -------
    DataFrame
        ``first`` and ``last`` rank of the block, ``share``; the shares add up to 1.

    Raises
    ------
    RecipeError
        If the region has no rank, or ranks have not been kept.
    """
    counts, regions = _counts(bands)
    if region not in regions:
        raise RecipeError(f"region '{region}' has no rank, so there is nothing to share out.")
    row = counts[regions.get_indexer(pd.Index([region]))]
    step = max(1, math.ceil(len(regions) / blocks))
    first = np.arange(1, len(regions) + 1, step)
    last = np.minimum(first + step - 1, len(regions))
    low, high = first.astype(np.float64), last.astype(np.float64)
    share = share_between(np.repeat(row, len(first), axis=0), low, high)
    return pd.DataFrame({"first": first, "last": last, "share": share})


def last_place(part: float, regions: int) -> int:
    """Last rank of the best `part` of so many regions, rounded up."""
    # The hair keeps 0.1 * 30 = 3.0000000000000004 from making a fourth place.
    return max(1, math.ceil(part * regions - 1e-9))


def _counts(bands: Bands) -> tuple[Counts, pd.Index]:
    """How often each scored region had each rank, and the regions of the rows."""
    if bands.distribution is None:
        raise RecipeError(f"the distribution of ranks is kept for up to {KEPT} regions only.")
    return bands.distribution, bands.bands.index[bands.bands["ranked"].notna()]
