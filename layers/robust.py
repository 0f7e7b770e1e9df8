"""How sure is a rank? Rank bands and acceptability over many weightings.

Instead of one weighting, many are drawn, and every region is ranked under each. The spread of its
ranks is the band; the share of weightings under which it belongs to the best quarter is its
acceptability.

References: Lahdelma & Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220; OECD/JRC (2008),
Handbook on Constructing Composite Indicators, step 7, doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.aggregate import quasi_arithmetic
from layers.catalogue import INDEX
from layers.certainty.ranks import Ranks, ranks_of
from layers.certainty.tally import Tally, blocks, share_between
from layers.errors import Notice, RecipeError
from layers.score import Scores, score
from layers.tree import COVERED, combine_members

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.dataset import Dataset
    from layers.recipe import Combine, Recipe

__all__ = [
    "CHUNK", "Bands", "Problem", "check_draws", "draw", "evaluate", "fingerprint", "problem_of",
    "random_numbers", "rank_chunk", "robust", "robust_scores",
]  # fmt: skip

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

#: Draws per chunk. Part of the definition of the numbers: chunk c of seed s is always the same.
CHUNK = 512
#: Most regions for which `Bands` keeps the whole distribution of ranks.
KEPT = 2_000
#: Shares are multiples of 1 / _GRID: any sum of up to two million of them is exact in any order.
_GRID = 2.0**32


@dataclass(frozen=True)
class Bands:
    """Ranks of every region over the draws.

    Attributes
    ----------
    bands : DataFrame
        Indexed by region: ``rank_mean``, ``rank_median``, ``rank_p05``, ``rank_p95``, ``best``,
        ``worst`` (ranks; best and worst are those seen in the draws), ``top_quarter`` (share of
        the draws in which the region is ranked among the best quarter), ``ranked`` (share of the
        draws in which it has a rank at all). A quantile is the smallest rank that at least that
        share of the draws attains. Ties count as the best of the shared places.
    central : DataFrame
        Regions x varied layers: mean share of the weights under which the region belongs to the
        best quarter (central weights); missing where it never does.
    varied : tuple of str
        Layers whose weights were drawn.
    top : int
        Number of places in the best quarter.
    draws, seed, spread
        As asked for.
    distribution : array of shape (m, m + 1), or None
        How often each of the m scored regions had each rank, the last column: none at all. Kept
        for up to `KEPT` regions only, since it grows with their square.
    """

    bands: pd.DataFrame
    central: pd.DataFrame
    varied: tuple[str, ...]
    top: int
    draws: int
    seed: int
    spread: float | None
    warnings: tuple[Notice, ...] = ()
    distribution: Counts | None = None

    @property
    def counted(self) -> bool:
        """Whether it is kept how often each region had each rank, which `stays_within` needs."""
        return self.distribution is not None

    def stays_within(self, groups: pd.Series, ranks: pd.Series) -> pd.Series:
        """Share of the draws in which a region's rank stays in the span of its group's ranks.

        Parameters
        ----------
        groups : Series
            Group of each region, such as its class on a map; -1 for none.
        ranks : Series
            Rank of each region under the chosen weights.

        Returns
        -------
        Series
            Shares of the draws in which the region is ranked; NaN where there is no group or rank.

        Raises
        ------
        RecipeError
            If there are too many regions for the distribution to have been kept.
        """
        if self.distribution is None:
            raise RecipeError(f"the distribution of ranks is kept for up to {KEPT} regions only.")
        place = ranks.to_numpy(dtype=np.float64, na_value=np.nan)
        group = groups.to_numpy(dtype=np.int64)
        scored = np.isfinite(place)
        low, high = np.full((2, len(place)), np.nan)
        for one in np.unique(group[group >= 0]):
            inside = (group == one) & scored
            if inside.any():
                low[inside], high[inside] = place[inside].min(), place[inside].max()
        known = np.full(len(place), np.nan)
        # Nothing lies between two gaps.
        known[scored] = share_between(self.distribution, low[scored], high[scored])
        return pd.Series(np.where(np.isfinite(low), known, np.nan), index=ranks.index)


@dataclass(frozen=True)
class Problem:
    """All that a chunk of draws needs; small, and free of names.

    Attributes
    ----------
    terms : array, shape (k, n)
        Transformed values of n regions on k layers; 0 where missing.
    present, covered : array, shape (k, g)
        For the g regions with gaps: 1 where the value is there, and the data coverage behind it.
    gappy : array, shape (g,)
        Which regions have gaps.
    weights : array, shape (k,)
        Chosen shares, used if `spread` is given.
    spread : float or None
        As in `robust`.
    least : float
        Coverage below which a region has no rank.
    top : int
        Places in the best quarter.
    plain : Combine or None
        The mean of the index if it is no sum of transformed values (median, owa, mpi, copeland):
        it is then taken anew under every draw. `terms` holds the values themselves, and every
        region counts as gappy.
    """

    terms: Array
    present: Array
    covered: Array
    gappy: np.ndarray[tuple[int], np.dtype[np.intp]]
    weights: Array
    spread: float | None
    least: float
    top: int
    plain: Combine | None = None

    @property
    def regions(self) -> int:
        """Number of regions."""
        return int(self.terms.shape[1])


def robust(
    dataset: Dataset, recipe: Recipe, *, draws: int = 1_000, seed: int = 1,
    spread: float | None = None, workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Bands:  # fmt: skip
    """Rank all regions under many weightings of the layers directly below the index.

    Layers that the recipe weights with 0 stay out; weights inside the layers stay as they are.

    Parameters
    ----------
    draws : int
        Number of weightings, at least 1; memory does not grow with it.
    seed : int
        Non-negative; the same seed gives the same numbers on any number of threads.
    spread : float, optional
        None: uniform over all weightings (flat Dirichlet distribution on the simplex). A number s
        in (0, 1]: each chosen weight is multiplied by ``1 + s u``, u uniform on [-1, 1].
    workers : int, optional
        Threads; all cores by default.
    progress : callable, optional
        Called with the number of draws finished so far, from the calling thread.

    Notes
    -----
    Ranked are the regions that have a score under the recipe's own weights; who would have one
    under drawn weights only is no rival of theirs.

    An arithmetic, geometric, harmonic or power mean of the layers is one matrix product for all
    draws. Other means are taken draw by draw: for 400 regions and 8 layers a median, an OWA or an
    MPI takes about 0.2 s per 1,000 draws on one core, copeland, which compares all pairs of
    regions, about 5 s, growing with the square of the regions.

    Raises
    ------
    RecipeError
        As `score` does; if draws, seed or spread make no sense, or the index is a benefit of the
        doubt (code "not_linear"), under which every region has weights of its own anyway.
    """
    return robust_scores(
        score(dataset, recipe), draws=draws, seed=seed, spread=spread, workers=workers,
        progress=progress,
    )  # fmt: skip


def robust_scores(
    scores: Scores, *, draws: int = 1_000, seed: int = 1, spread: float | None = None,
    workers: int | None = None, progress: Callable[[int], None] | None = None,
) -> Bands:  # fmt: skip
    """Do what `robust` does, starting from scores that are there already."""
    check_draws(draws, seed, spread)
    varied = tuple(member.key for member in scores.plan.members[INDEX] if member.weight > 0)
    problem = problem_of(scores, varied, spread, plain=True)
    tally = Tally(problem.regions, len(varied), problem.top, draws)

    def work(number: int) -> None:
        tally.add(*rank_chunk(problem, seed, number, min(CHUNK, draws - number * CHUNK)))

    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        for done, _ in enumerate(pool.map(work, range(-(-draws // CHUNK))), start=1):
            if progress is not None:
                progress(min(done * CHUNK, draws))
    everywhere = scores.index.index
    regions = everywhere[scores.index.notna()]
    return Bands(
        bands=tally.bands(regions).reindex(everywhere),
        central=tally.central(regions, varied).reindex(everywhere),
        varied=varied, top=problem.top, draws=draws, seed=seed, spread=spread,
        warnings=scores.warnings,
        distribution=tally.counts if len(regions) <= KEPT else None,
    )  # fmt: skip


def fingerprint(scores: Scores, *, spread: float | None = None) -> str:
    """Return a text that is the same for two scores whose rank bands are the same.

    Uniform over all weightings (spread None) the chosen weights do not count, only which layers
    have one: whoever moves a weight keeps the bands.
    """
    varied = tuple(member.key for member in scores.plan.members[INDEX] if member.weight > 0)
    problem = problem_of(scores, varied, spread, plain=True)
    about = (varied, problem.least, problem.top, problem.spread, problem.plain)
    digest = hashlib.sha256(repr(about).encode())
    arrays = (problem.terms, problem.present, problem.covered, problem.gappy,
              scores.index.notna().to_numpy())  # fmt: skip
    for array in (*arrays, problem.weights) if spread is not None else arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def rank_chunk(problem: Problem, seed: int, number: int, draws: int) -> tuple[Ranks, Array]:
    """Rank all regions under one chunk of draws; a pure function of its arguments.

    Fewer draws are the beginning of more. Every sum runs layer by layer or is exact, so that a
    region's ranks depend neither on its place in the table nor on the machine.

    Returns
    -------
    (array of shape (draws, n), array of shape (n, k))
        Rank of each region from 0, n where it has none; and the sum of the weight shares under
        which it was among the best `top`.
    """
    size = problem.regions
    weights = draw(problem, seed, number, draws)
    ranks: Ranks = np.empty((draws, size), np.min_scalar_type(size))
    sums = np.zeros((size, weights.shape[1]))
    for rows in blocks(draws, size):
        ranks[rows] = ranks_of(evaluate(problem, weights[rows]))
        sums += (ranks[rows] < problem.top).astype(np.float64).T @ weights[rows]
    return ranks, sums


def check_draws(draws: int, seed: int, spread: float | None) -> None:
    """Raise RecipeError if the number of draws, the seed or the spread make no sense."""
    if draws < 1 or draws != int(draws):
        msg = f"draws = {draws}: a whole number from 1 upwards is needed."
        raise RecipeError(msg)
    if seed < 0 or seed != int(seed):
        msg = f"seed = {seed}: a seed is a whole number from 0 upwards."
        raise RecipeError(msg)
    if spread is not None and not 0 < spread <= 1:
        msg = f"spread = {spread}: it must lie above 0 and at most at 1 (1 = plus or minus 100 %)."
        raise RecipeError(msg)


def problem_of(
    scores: Scores, varied: tuple[str, ...], spread: float | None, *, plain: bool = False
) -> Problem:
    """Bring scores into the form that draws of weights work on.

    Parameters
    ----------
    varied : tuple of str
        Layers directly below the index that have a weight.
    spread : float or None
        As in `robust`.
    plain : bool
        Whether a mean that is no sum of transformed values will do, too; see `Problem.plain`.

    Raises
    ------
    RecipeError
        With code "not_linear" if the mean of the index is of a kind that will not do.
    """
    choice = scores.recipe.aggregate.at(INDEX, 0)
    ranked, columns = scores.index.notna().to_numpy(), list(varied)
    values = scores.layers[columns].to_numpy()[ranked].T
    present = ~np.isnan(values)
    # Where an optional layer is silent, nothing is missing; see `layers.catalogue.Layer`.
    known = scores.dataset.catalogue.layer_by_id
    silent = np.array([float(known[key].optional) for key in varied]).reshape(-1, 1)
    covered = np.where(present, scores.coverage[columns].to_numpy()[ranked].T, silent)
    # The same hair of tolerance as in the score.
    least = choice.min_coverage - COVERED
    gappy = np.flatnonzero((~present | (covered < least)).any(axis=0))
    mean = quasi_arithmetic(choice)
    if mean is None:
        _require_plain(choice, allowed=plain)
        terms, gappy = values, np.arange(values.shape[1])
    else:
        terms = np.where(present, mean.transform(np.where(present, values, 1.0)), 0.0)
    chosen = {member.key: member.weight for member in scores.plan.members[INDEX]}
    weights = np.array([chosen[key] for key in varied])
    return Problem(
        terms=terms, present=present[:, gappy].astype(np.float64), covered=covered[:, gappy],
        gappy=gappy, weights=weights / weights.sum(), spread=spread, least=least,
        top=-(-int(ranked.sum()) // 4), plain=choice if mean is None else None,
    )  # fmt: skip


def _require_plain(choice: Combine, *, allowed: bool) -> None:
    if choice.method == "bod":
        msg = (
            "recipe: aggregate.method = 'bod' gives every region the weights that suit it best, so "
            "that drawing weights says nothing; choose another method for the index."
        )
        raise RecipeError(msg, code="not_linear")
    if not allowed:
        msg = (
            f"recipe: aggregate.method = '{choice.method}' of the index is no linear function of "
            "the weights, which this analysis needs; choose 'arithmetic', 'geometric', 'harmonic' "
            "or 'power'."
        )
        raise RecipeError(msg, code="not_linear")


def draw(problem: Problem, seed: int, number: int, draws: int) -> Array:
    """Weight shares, shape (draws, k), of chunk `number` of stream `seed`; each row sums to 1.

    The whole chunk is drawn even if fewer draws are wanted, so that more draws only add to fewer.
    """
    raw = random_numbers(seed, number, len(problem.weights), around=problem.spread is not None)
    if problem.spread is not None:
        raw = problem.weights * (1 + problem.spread * (1 - 2 * raw))
    shares: Array = np.round(raw / raw.sum(axis=1, keepdims=True) * _GRID) / _GRID
    # What rounding left over goes to the largest share, where it is felt least.
    shares[np.arange(CHUNK), shares.argmax(axis=1)] += 1 - shares.sum(axis=1)
    return shares[:draws]


def random_numbers(seed: int, number: int, width: int, *, around: bool) -> Array:
    """Return what `draw` starts from, shape (CHUNK, width).

    Read row by row, fewer layers take the beginning of what more take: the numbers for all layers
    are enough for any of them.

    Parameters
    ----------
    around : bool
        Whether weights are drawn around the chosen ones (uniform on [0, 1)) or from everywhere
        (exponential, mean 1).
    """
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
    shape = (CHUNK, width)
    return generator.random(shape) if around else generator.standard_exponential(shape)


def evaluate(problem: Problem, weights: Array) -> Array:
    """Return the transformed index, shape (draws, n); NaN where too little data backs it."""
    if problem.plain is not None:
        return _evaluate_plain(problem, weights, problem.plain)
    total = _weighted_sum(weights, problem.terms)
    if len(problem.gappy):
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = total[:, problem.gappy] / _weighted_sum(weights, problem.present)
        mean[_weighted_sum(weights, problem.covered) < problem.least] = np.nan
        total[:, problem.gappy] = mean
    return total


def _evaluate_plain(problem: Problem, weights: Array, choice: Combine) -> Array:
    """Return the index itself, taken anew under every draw."""
    enough = _weighted_sum(weights, problem.covered) >= problem.least
    values = np.ascontiguousarray(problem.terms.T)
    return np.array(
        [combine_members(values, one, choice, enough=row)
         for one, row in zip(weights, enough, strict=True)]
    )  # fmt: skip


def _weighted_sum(weights: Array, terms: Array) -> Array:
    """Return ``weights @ terms``, summed term by term: equal columns give equal sums, always."""
    total: Array = weights[:, :1] * terms[0]
    part = np.empty_like(total)
    for weight, term in zip(weights.T[1:], terms[1:], strict=True):
        total += np.multiply(weight[:, None], term, out=part)
    return total
