"""Which choice moves the ranks: Sobol indices over uncertain choices and weights together.

The variance of an outcome Y is split by the inputs that cause it. With inputs ``u_1 .. u_d``,
independent and uniform on [0, 1]:

* first order ``S_i = Var(E[Y | u_i]) / Var(Y)``: the part that input i explains alone;
* total ``T_i = 1 - Var(E[Y | all but u_i]) / Var(Y)``: the part it has any share in. T - S is
  interaction; T near 0 means that the choice may be fixed without loss.

Samples (Saltelli's scheme on a scrambled Sobol sequence), estimators and bootstrap intervals are
those of SALib. A discrete choice with m values takes value ``floor(m u)``: equal bins of [0, 1],
whatever the sample. Estimates may lie slightly outside [0, 1]; the interval says how much that is.

References: Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018; Jansen (1999),
doi:10.1016/S0010-4655(98)00154-4; Herman & Usher (2017), SALib, doi:10.21105/joss.00097.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers.certainty.linear import Linear, linear
from layers.certainty.multiverse import Values, _labelled, _ranks, vary
from layers.certainty.ranks import ranks_of
from layers.errors import RecipeError
from layers.robust import check_draws, evaluate
from layers.score import score

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from layers.recipe import Recipe
    from layers.score import Scores

__all__ = ["Sobol", "indices", "sobol"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
#: Prefix of the inputs that are weights of layers.
_WEIGHT = "weight:"
_ROWS = 1_024


@dataclass(frozen=True)
class Sobol:
    """Result of `sobol`.

    Attributes
    ----------
    indices : DataFrame
        Per input (field of the recipe, ``weight:LAYER``): ``first``, ``first_low``,
        ``first_high``, ``total``, ``total_low``, ``total_high``; strongest total first.
    outcome : str
        "mean_rank_change" or "rank:REGION".
    mean, deviation : float
        Of the outcome over all evaluations, in ranks.
    evaluations, seed, samples, resamples, confidence, spread
        What was run.
    """

    indices: pd.DataFrame
    outcome: str
    mean: float
    deviation: float
    evaluations: int
    seed: int
    samples: int
    resamples: int
    confidence: float
    spread: float | None


def indices(
    model: Callable[[Array], Array], names: Sequence[str], *, samples: int = 1_024, seed: int = 1,
    resamples: int = 200, confidence: float = 0.95,
) -> tuple[pd.DataFrame, Array]:  # fmt: skip
    """First-order and total Sobol indices of any function of uniform inputs.

    Parameters
    ----------
    model : callable
        Takes an array (rows, d) of inputs in [0, 1], returns one finite outcome per row.
    names : sequence of str
        Names of the d inputs.
    samples : int
        Base samples, a power of two from 2 upwards; the model sees ``samples (d + 2)`` rows.
    resamples : int
        Bootstrap resamples for the intervals, which are estimate +- z times their deviation; from
        2 upwards.
    confidence : float
        Level of the intervals, in (0, 1).

    Returns
    -------
    (DataFrame, array)
        Indices as in `Sobol.indices`, in the order of `names`; and all outcomes.

    Raises
    ------
    RecipeError
        If the settings make no sense, or the outcome is not finite or never changes.
    """
    # SALib takes a second to import, which only this analysis should pay.
    from SALib.analyze.sobol import analyze  # type: ignore[import-not-found,unused-ignore]
    from SALib.sample.sobol import sample  # type: ignore[import-not-found,unused-ignore]

    _check_settings(names, samples, seed, resamples, confidence)
    frame = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    rows = sample(frame, samples, calc_second_order=False, scramble=True, seed=seed)
    outcomes = np.asarray(model(rows), dtype=np.float64)
    _check_outcomes(outcomes)
    found = analyze(
        frame, outcomes, calc_second_order=False, num_resamples=resamples, conf_level=confidence,
        seed=seed,
    )  # fmt: skip
    columns: dict[str, Array] = {}
    for name, key in (("first", "S1"), ("total", "ST")):
        centre, half = np.asarray(found[key]), np.asarray(found[f"{key}_conf"])
        columns |= {name: centre, f"{name}_low": centre - half, f"{name}_high": centre + half}
    return pd.DataFrame(columns, index=list(names)), outcomes


def sobol(
    dataset: Dataset, base: Recipe, choices: Mapping[str, Values] | None = None, *,
    weights: bool = True, spread: float | None = None, region: str | None = None,
    samples: int = 256, seed: int = 1, resamples: int = 200, confidence: float = 0.95,
    progress: Callable[[int, int], None] | None = None,
) -> Sobol:  # fmt: skip
    """Sobol indices of the ranks over uncertain choices and layer weights.

    The outcome is the mean absolute change of rank against the base recipe, over the regions that
    both rank; or the rank of one region. Ties count as the best of the shared places.

    Parameters
    ----------
    choices : dict, optional
        As in `layers.certainty.multiverse.multiverse`; each of m values is as likely as the others.
    weights : bool
        Whether the weights of the layers below the index vary as well.
    spread : float, optional
        As in `layers.robust.robust`: None for all weightings alike, else plus or minus this part.
    region : str, optional
        Region whose rank is the outcome.
    samples, seed, resamples, confidence
        As in `indices`.
    progress : callable, optional
        Called with the evaluations done and those needed.

    Raises
    ------
    RecipeError
        If a combination of choices cannot be scored (there can be no holes in the design: choose
        values that go with each other), the region is unknown or sometimes has no rank, or the
        settings make no sense.
    """
    check_draws(1, seed, spread)
    labelled = {field: _labelled(field, values) for field, values in (choices or {}).items()}
    form = linear(score(dataset, base), plain=True)
    form.places([] if region is None else [region])
    varied = form.layers if weights else ()
    model = _Model(
        dataset, base, labelled, varied=varied, spread=spread, region=region, progress=progress
    )
    table, outcomes = indices(
        model, [*labelled, *(_WEIGHT + key for key in varied)], samples=samples, seed=seed,
        resamples=resamples, confidence=confidence,
    )  # fmt: skip
    return Sobol(
        indices=table.sort_values("total", ascending=False, kind="stable"),
        outcome="mean_rank_change" if region is None else f"rank:{region}",
        mean=float(outcomes.mean()), deviation=float(outcomes.std()), evaluations=len(outcomes),
        seed=seed, samples=samples, resamples=resamples, confidence=confidence, spread=spread,
    )  # fmt: skip


class _Model:
    """Ranks as a function of inputs in [0, 1]: choices first, then weights."""

    def __init__(
        self, dataset: Dataset, base: Recipe, labelled: Mapping[str, Mapping[str, Any]],
        *, varied: tuple[str, ...], spread: float | None, region: str | None,
        progress: Callable[[int, int], None] | None,
    ) -> None:  # fmt: skip
        self._progress = progress
        self._dataset, self._base, self._labelled = dataset, base, labelled
        self._varied, self._spread, self._region = varied, spread, region
        self._before = _ranks(score(dataset, base)).to_numpy()

    def __call__(self, inputs: Array) -> Array:
        """Outcome of each row; rows with the same choices are ranked together."""
        sizes = np.array([len(values) for values in self._labelled.values()], dtype=np.int64)
        picked = np.minimum((inputs[:, : len(sizes)] * sizes).astype(np.int64), sizes - 1)
        outcomes, done = np.empty(len(inputs)), 0
        combinations, which = np.unique(picked, axis=0, return_inverse=True)
        for number, combination in enumerate(combinations):
            scores = self._scores([int(place) for place in combination])
            rows = np.flatnonzero(which.reshape(-1) == number)
            for part in np.array_split(rows, -(-len(rows) // _ROWS)):
                outcomes[part] = self._outcomes(scores, inputs[part, len(sizes) :])
                done += len(part)
                if self._progress:
                    self._progress(done, len(inputs))
        return outcomes

    def _outcomes(self, scores: Scores, inputs: Array) -> Array:
        ranks = (
            self._drawn_ranks(scores, inputs) if self._varied else _ranks(scores).to_numpy()[None]
        )
        if self._region is not None:
            column: Array = ranks[:, self._dataset.regions.index.get_loc(self._region)]
            return column
        change = np.abs(ranks - self._before)
        with np.errstate(invalid="ignore"):
            mean: Array = np.nansum(change, axis=1) / (~np.isnan(change)).sum(axis=1)
        return mean

    def _drawn_ranks(self, scores: Scores, inputs: Array) -> Array:
        """Rank of each region of the dataset under each row of weights; NaN where it has none."""
        form = linear(scores, plain=True)
        places = ranks_of(evaluate(form.problem, self._weights(form, inputs))).astype(float) + 1
        ranks = np.full((len(inputs), len(self._before)), np.nan)
        ranked = self._dataset.regions.index.get_indexer(form.regions)
        ranks[:, ranked] = np.where(places > form.problem.regions, np.nan, places)
        return ranks

    def _scores(self, combination: Sequence[int]) -> Scores:
        """Score one combination of choices."""
        pairs = zip(self._labelled.items(), combination, strict=True)
        changes = {field: list(values.values())[place] for (field, values), place in pairs}
        try:
            return score(self._dataset, vary(self._base, changes))
        except RecipeError as cause:
            words = ", ".join(f"{field} = {value!r}" for field, value in changes.items())
            raise RecipeError(f"choices ({words}): {cause}", code=cause.code) from cause

    def _weights(self, form: Linear, inputs: Array) -> Array:
        """Shares, shape (rows, k); a layer that the base recipe leaves out keeps its weight."""
        # Scaled to a mean of 1, that of the exponential draws beside which some may stand.
        raw = np.tile(form.problem.weights * len(form.layers), (len(inputs), 1))
        for place, key in enumerate(form.layers):
            if key in self._varied:
                drawn = inputs[:, self._varied.index(key)]
                if self._spread is None:
                    # -ln(1 - u) is exponential, and exponential shares are uniform weightings.
                    raw[:, place] = np.maximum(-np.log1p(-drawn), np.finfo(float).tiny)
                else:
                    raw[:, place] *= 1 + self._spread * (2 * drawn - 1)
        shares: Array = raw / raw.sum(axis=1, keepdims=True)
        return shares


def _check_settings(
    names: Sequence[str], samples: int, seed: int, resamples: int, confidence: float
) -> None:
    check_draws(1, seed, None)
    if len(names) == 0:
        raise RecipeError("sobol: nothing is uncertain; name a choice or let the weights vary.")
    # A single sample has no spread, and nor has a single resample.
    if samples <= 1 or samples & (samples - 1):
        msg = f"samples = {samples}: a power of two is needed, such as 256 or 1024."
        raise RecipeError(msg)
    if resamples <= 1 or not 0 < confidence < 1:
        msg = (
            f"resamples = {resamples}, confidence = {confidence}: at least 2 resamples and a "
            "level between 0 and 1 are needed."
        )
        raise RecipeError(msg)


def _check_outcomes(outcomes: Array) -> None:
    if not np.isfinite(outcomes).all():
        missing = int((~np.isfinite(outcomes)).sum())
        msg = (
            f"sobol: the outcome is missing in {missing} of {len(outcomes)} evaluations, because "
            "too little data backs a region under some weights; choose another region or lower "
            "aggregate.min_coverage."
        )
        raise RecipeError(msg)
    if np.ptp(outcomes) == 0:
        raise RecipeError("sobol: the outcome never changes, so there is nothing to attribute.")
