"""What every region may claim under a rule: exactly, and under many weightings of the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.aggregate import quasi_arithmetic
from layers.catalogue import INDEX
from layers.errors import RecipeError
from layers.robust import CHUNK, check_draws, draw, evaluate, problem_of
from layers.study.distribution_rule import INDICATOR, USES_SCORE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.score import Scores
    from layers.study.apportion import Whole
    from layers.study.distribution_rule import Rule

__all__ = ["claims", "drawn_claims", "inhabitants", "scope"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

#: Values count to nine decimals, weights of a mixture to six: beyond that they are whole numbers.
_VALUE, _WEIGHT = 10**9, 10**6
#: Share 1 under a drawn weighting, so that ten million people times it stay below 2^63.
_GRID = 2.0**38


def scope(scores: Scores, rule: Rule) -> pd.Index:
    """Regions that take part, in the order in which equal remainders are served.

    More inhabitants come first, and of equally many the smaller key.

    Raises
    ------
    RecipeError
        If a Land is unknown or no region is left.
    """
    regions = scores.dataset.regions
    inside = scores.selected.copy() if rule.selected else pd.Series(True, index=regions.index)
    if rule.land:
        inside &= _in_land(regions, rule.land)
    if not inside.any():
        msg = "rule: no region takes part; choose another Land, or a wider selection."
        raise RecipeError(msg, code="nobody")
    keys = regions.index[inside.to_numpy()]
    # NaN comes last.
    people = -inhabitants(scores).reindex(keys).to_numpy()
    return keys[np.lexsort((keys.astype(str), people))]


def inhabitants(scores: Scores) -> pd.Series:
    """Inhabitants of all regions; NaN where the dataset does not say."""
    regions = scores.dataset.regions
    if "population" not in regions:
        return pd.Series(np.nan, index=regions.index)
    return regions["population"].astype("float64")


def claims(scores: Scores, keys: pd.Index, rule: Rule) -> Whole:
    """Claims of `keys`, in proportion to `Rule.mixture`: whole numbers of any length, shape (n,).

    With whole weights W and bases B, ``claim_i = sum_k W_k B_ki prod_(j != k) sum B_j``, which is
    the share times one common factor.

    Raises
    ------
    RecipeError
        If what a part needs is missing, or a score or value below 0 has a weight.
    """
    bases = {part: _whole(_base(scores, keys, part)) for part in rule.mixture}
    totals = {part: int(base.sum()) for part, base in bases.items()}
    _require_some(totals)
    result: Whole = np.zeros(len(keys), dtype=object)
    for part, weight in rule.mixture.items():
        factor = round(weight * _WEIGHT)
        for other, total in totals.items():
            factor *= total if other != part else 1
        result = result + bases[part] * factor
    return result


def drawn_claims(
    scores: Scores, keys: pd.Index, rule: Rule, *, draws: int, seed: int, spread: float | None
) -> Iterator[Whole]:
    """Yield the claims under the draws of `layers.robust.robust`, int64, up to (512, n) at a time.

    Parts without a score are the same under all of them. A draw in which no region has a score is
    left out.
    """
    check_draws(draws, seed, spread)
    shares = rule.shares
    steady: Array = np.zeros(len(keys))
    for part, share in shares.items():
        if part not in USES_SCORE:
            base = _base(scores, keys, part)
            steady += share * base / base.sum()
    people = inhabitants(scores).reindex(keys).fillna(0).to_numpy()
    for index in _drawn_scores(scores, keys, draws, seed, spread):
        claimed = np.tile(steady, (len(index), 1))
        some = np.ones(len(index), dtype=bool)
        for part in (one for one in shares if one in USES_SCORE):
            base = index * people if part == "score" else index
            whole = base.sum(axis=1, keepdims=True)
            some &= whole[:, 0] > 0
            claimed += shares[part] * base / np.where(whole > 0, whole, 1)
        yield np.rint(claimed[some] * _GRID).astype(np.int64)


def _drawn_scores(
    scores: Scores, keys: pd.Index, draws: int, seed: int, spread: float | None
) -> Iterator[Array]:
    """Yield the score of `keys`, 0 where a draw leaves none, chunk by chunk."""
    varied = tuple(member.key for member in scores.plan.members[INDEX] if member.weight > 0)
    problem = problem_of(scores, varied, spread, plain=True)
    mean = quasi_arithmetic(scores.recipe.aggregate.at(INDEX, 0))
    place = scores.index.index[scores.index.notna()].get_indexer(keys)
    for number in range(-(-draws // CHUNK)):
        weights = draw(problem, seed, number, min(CHUNK, draws - number * CHUNK))
        found = evaluate(problem, weights)
        index = mean.inverse(found) if mean is not None else found
        index = np.column_stack([np.nan_to_num(index), np.zeros(len(index))])
        # Regions that have no score stand at the end, where the column of noughts is.
        yield index[:, place]


def _in_land(regions: pd.DataFrame, land: tuple[str, ...]) -> pd.Series:
    if "land" not in regions:
        raise RecipeError("rule: this dataset does not say in which Land a region lies.")
    known = sorted(regions["land"].astype(str).unique())
    unknown = [one for one in land if one not in known]
    if unknown:
        msg = f"rule: unknown Land '{unknown[0]:.20}'; allowed: {', '.join(known)}."
        raise RecipeError(msg)
    return regions["land"].astype(str).isin(land)


def _base(scores: Scores, keys: pd.Index, part: str) -> Array:
    """Return what one part goes by, 0 where a region has no value."""
    regions = scores.dataset.regions
    if part == "equal":
        return np.ones(len(keys))
    if part == "area":
        return _known(regions, "area_km2", part).reindex(keys).fillna(0).to_numpy(np.float64)
    if part == "score_only":
        return _scored(scores).reindex(keys).fillna(0).to_numpy()
    people = _known(regions, "population", part).reindex(keys).fillna(0).to_numpy(np.float64)
    if part == "population":
        return people
    weighed = _scored(scores) if part == "score" else _indicator(scores, part)
    return np.asarray(people * weighed.reindex(keys).fillna(0).to_numpy())


def _known(regions: pd.DataFrame, column: str, part: str) -> pd.Series:
    if column not in regions:
        msg = f"rule: '{part}' needs the attribute '{column}' of the regions, which is missing."
        raise RecipeError(msg, code="no_attribute")
    return regions[column]


def _scored(scores: Scores) -> pd.Series:
    """Scores, if they and all they come from are fit to share out by."""
    layers = scores.layers.loc[scores.index.notna()]
    if scores.index.min() < 0 or layers.min().min() < 0:
        msg = (
            "rule: scores below 0 cannot be shared out by; choose a scale that begins at 0, such "
            f"as minmax or percentile, instead of normalise.method = "
            f"'{scores.recipe.normalise.method}'."
        )
        raise RecipeError(msg, code="negative_score")
    return scores.index


def _indicator(scores: Scores, part: str) -> pd.Series:
    key = part.removeprefix(INDICATOR)
    if key not in scores.raw:
        allowed = ", ".join(map(str, scores.raw))
        msg = f"rule: there is no indicator '{key:.40}'; allowed: {allowed}."
        raise RecipeError(msg)
    if scores.raw[key].min() < 0:
        msg = f"rule: indicator '{key}' has values below 0, which cannot be shared out by."
        raise RecipeError(msg, code="negative_value")
    return scores.raw[key]


def _whole(base: Array) -> Whole:
    """Return values in units of a billionth, as whole numbers of any length."""
    return np.array([round(value * _VALUE) for value in base.tolist()], dtype=object)


def _require_some(totals: dict[str, int]) -> None:
    empty = [part for part, total in totals.items() if total == 0]
    if empty:
        msg = f"rule: no region that takes part has anything for '{empty[0]}'; leave it out."
        raise RecipeError(msg, code="nothing")
