"""Acceptability by rank, central weights and pairwise wins over many weightings (SMAA-2).

The draws are those of `layers.robust`: chunk c of seed s holds the same weightings in both, so
that a band and an acceptability shown side by side speak of the same draws.

With N draws, ranks ``r_i(w)`` and a block R of ranks:

* acceptability ``b_i(R)`` = share of the draws with ``r_i(w)`` in R;
* central weights ``c_i(R)`` = mean of w over those draws: the typical taste that puts i there;
* pairwise winning index ``p(A, B)`` = share of the draws in which A ranks strictly above B.

Ties count as the best of the shared places and as a win of neither. Under weights that leave too
little data behind a region it has no rank: such draws count in N and in no block, and a pair is
compared over the draws in which both have one.

References: Lahdelma & Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220; Leskinen et al.
(2006), pairwise winning indices, doi:10.1016/j.foreco.2006.03.004.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from layers.certainty.linear import Linear, linear
from layers.errors import RecipeError
from layers.robust import CHUNK, Problem, check_draws, draw, rank_chunk

if TYPE_CHECKING:
    from layers.score import Scores

__all__ = ["Smaa", "quarters", "smaa", "smaa_chunk"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

#: Largest number of central weights (blocks x regions x layers) that is kept: 400 MB.
_MOST_CENTRAL = 50_000_000


@dataclass(frozen=True)
class Smaa:
    """Result of `smaa`; frames are indexed by region.

    Attributes
    ----------
    acceptability : DataFrame
        Regions x blocks, named "1-100" or "7": share of all draws; missing without a rank.
    central : dict of str to DataFrame
        Block -> regions x varied layers: central weights, which add up to 1; missing where a
        region is never in the block. Empty if not asked for.
    wins : DataFrame
        Chosen regions x chosen regions: share of the draws in which the row ranks above the
        column, of those in which both have a rank; missing on the diagonal and where they never do.
    varied : tuple of str
        Layers whose weights were drawn.
    draws, seed, spread
        As asked for.
    """

    acceptability: pd.DataFrame
    central: dict[str, pd.DataFrame]
    wins: pd.DataFrame
    varied: tuple[str, ...]
    draws: int
    seed: int
    spread: float | None


class Part(NamedTuple):
    """What one chunk adds; parts may be added up in any order, exactly.

    ``counts`` (n, blocks + 1), the last for ranks in no block; ``sums`` (n, blocks + 1, k) of
    weight shares; ``wins`` and ``met`` (chosen, chosen).
    """

    counts: Counts
    sums: Array
    wins: Counts
    met: Counts


def smaa(
    scores: Scores, *, ends: Sequence[int] | None = None, chosen: Iterable[str] = (),
    draws: int = 1_000, seed: int = 1, spread: float | None = None, central: bool = True,
    workers: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> Smaa:  # fmt: skip
    """Return acceptability, central weights and pairwise wins.

    Parameters
    ----------
    ends : sequence of int, optional
        Last rank of each block, rising: ``(10, 50)`` makes blocks 1-10 and 11-50. Default: the
        four quarters; ``range(1, n + 1)`` gives the whole matrix of ranks.
    chosen : iterable of str
        Regions to compare pair by pair.
    draws, seed, spread, workers
        As in `layers.robust.robust`, and with the same draws.
    central : bool
        Whether central weights are wanted; they need blocks x regions x layers numbers.
    progress : callable, optional
        Called with the number of chunks added up and that of all.

    Raises
    ------
    RecipeError
        If blocks do not rise within the number of regions, a chosen region has no rank, or
        draws, seed or spread make no sense.
    """
    check_draws(draws, seed, spread)
    form, names = linear(scores, spread, plain=True), list(dict.fromkeys(chosen))
    problem, everywhere = form.problem, scores.index.index
    ends = quarters(problem.regions) if ends is None else tuple(ends)
    _check_blocks(problem, ends, central=central)
    places = form.places(names)

    def work(number: int) -> Part:
        wanted = min(CHUNK, draws - number * CHUNK)
        return smaa_chunk(problem, seed, number, wanted, ends=ends, places=places, central=central)

    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        chunks = -(-draws // CHUNK)
        total = _add(pool.map(work, range(chunks)), chunks, progress)
    labels = _labels(ends)
    accepted = pd.DataFrame(total.counts[:, :-1] / draws, index=form.regions, columns=labels)
    return Smaa(
        acceptability=accepted.reindex(everywhere),
        central=_central(total, form, labels, everywhere) if central else {},
        wins=_wins(total, names), varied=form.layers, draws=draws, seed=seed, spread=spread,
    )  # fmt: skip


def smaa_chunk(
    problem: Problem, seed: int, number: int, draws: int, *, ends: Sequence[int],
    places: Sequence[int] = (), central: bool = True,
) -> Part:  # fmt: skip
    """Count one chunk of draws; a pure function of its arguments.

    Parameters
    ----------
    problem, seed, number, draws
        As in `layers.robust.rank_chunk`.
    ends : sequence of int
        Last rank (from 1) of each block.
    places : sequence of int
        Positions of the regions to compare pair by pair.
    """
    ranks, _ = rank_chunk(problem, seed, number, draws)
    weights = draw(problem, seed, number, draws)
    size, blocks = problem.regions, len(ends) + 1
    cells = np.searchsorted(np.asarray(ends), ranks, side="right") + blocks * np.arange(size)
    flat = cells.ravel()
    counts = np.bincount(flat, minlength=size * blocks).reshape(size, blocks)
    layers = weights.T if central else weights.T[:0]
    # Shares are multiples of 2**-32, so these sums are exact in any order.
    sums = [np.bincount(flat, np.repeat(one, size), size * blocks) for one in layers]
    stacked: Array = np.array(sums, np.float64).reshape(len(layers), size, blocks)
    picked = ranks[:, np.asarray(places, dtype=np.intp)]
    ranked = (picked < size).astype(np.int64)
    wins = [((picked < rival[:, None]) & (rival[:, None] < size)).sum(axis=0) for rival in picked.T]
    shape = (len(places), len(places))
    return Part(counts, stacked.transpose(1, 2, 0), np.array(wins, np.int64).reshape(shape).T,
                ranked.T @ ranked)  # fmt: skip


def quarters(regions: int) -> tuple[int, ...]:
    """Last ranks of the four quarters; the first is as large as in `layers.robust`."""
    return tuple(dict.fromkeys(-(-regions * part // 4) for part in (1, 2, 3, 4)))


def _check_blocks(problem: Problem, ends: Sequence[int], *, central: bool) -> None:
    size = problem.regions
    rising = all(first < second for first, second in pairwise(ends))
    if not ends or not rising or ends[0] < 1 or ends[-1] > size:
        shown = ", ".join(map(str, ends[:10])) or "none"
        msg = f"ends of rank blocks ({shown}): rising ranks from 1 to {size} are needed."
        raise RecipeError(msg)
    if central and (needed := (len(ends) + 1) * size * len(problem.weights)) > _MOST_CENTRAL:
        msg = (
            f"central weights for {len(ends)} rank blocks need {needed:,} numbers (at most "
            f"{_MOST_CENTRAL:,}); ask for fewer blocks or set central = False."
        )
        raise RecipeError(msg)


def _add(parts: Iterable[Part], number: int, progress: Callable[[int, int], None] | None) -> Part:
    def coming() -> Iterator[Part]:
        for done, part in enumerate(parts, start=1):
            if progress:
                progress(done, number)
            yield part

    return reduce(_both, coming())


def _both(one: Part, other: Part) -> Part:
    return Part(
        one.counts + other.counts, one.sums + other.sums,
        one.wins + other.wins, one.met + other.met,
    )  # fmt: skip


def _labels(ends: Sequence[int]) -> list[str]:
    starts = [1, *(end + 1 for end in ends[:-1])]
    pairs = zip(starts, ends, strict=True)
    return [str(end) if start == end else f"{start}-{end}" for start, end in pairs]


def _central(
    total: Part, form: Linear, labels: list[str], everywhere: pd.Index
) -> dict[str, pd.DataFrame]:
    with np.errstate(invalid="ignore"):
        means = total.sums / total.counts[:, :, None]
    return {
        label: pd.DataFrame(means[:, place], form.regions, list(form.layers)).reindex(everywhere)
        for place, label in enumerate(labels)
    }


def _wins(total: Part, chosen: list[str]) -> pd.DataFrame:
    with np.errstate(invalid="ignore"):
        shares = total.wins / total.met
    np.fill_diagonal(shares, np.nan)
    return pd.DataFrame(shares, index=chosen, columns=chosen)
