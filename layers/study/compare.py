"""What changed between two scoring runs, and through what: data, weights or method.

The change of each region's score (and rank) is divided among three causes by replacing one after
the other and averaging over all six orders (Shapley value). The parts add up to the change, none
depends on an arbitrary order, and a cause that is the same in both runs gets exactly 0.

* data: dataset (with its catalogue) and year;
* weights: weights and directions of the recipe;
* method: everything else in the recipe (reference set, normalisation, aggregation, ties, ...).

Reference: Shorrocks (2013), Decomposition procedures for distributional analysis: a unified
framework based on the Shapley value, doi:10.1007/s10888-011-9214-z.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import factorial
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from layers.errors import RecipeError
from layers.recipe import Recipe
from layers.score import score
from layers.study.influence import LEAST_REGIONS, uneven

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from layers.score import Scores

__all__ = ["CAUSES", "METHOD", "WEIGHTS", "Comparison", "Mix", "compare", "divide", "movers"]

#: What a change is divided among, in the order of the columns.
CAUSES = ("data", "weights", "method")
#: Recipe fields by cause; all others but the labels are the method.
_DATA, WEIGHTS = frozenset({"year"}), frozenset({"lens", "weights", "directions"})
_LABELS = {"name", "description", "dataset"}
METHOD = frozenset(Recipe.model_fields) - _DATA - WEIGHTS - _LABELS
#: Per cause whether it is taken from the second run.
Mix = tuple[bool, ...]
_BEFORE: Mix = (False, False, False)
_AFTER: Mix = (True, True, True)


@dataclass(frozen=True)
class Comparison:
    """Two scoring runs side by side.

    Attributes
    ----------
    table : DataFrame
        By region of either run: ``before``, ``after``, ``change`` (after - before) and its parts
        ``data``, ``weights``, ``method``; ``rank_before``, ``rank_after``, ``places`` (rank
        before - rank after, so that a rise is positive) and its parts ``places_data``,
        ``places_weights``, ``places_method``; ``reason``, "" or why something is missing:
        "not before", "not after" (no score there), "not between" (no score in a run that mixes
        the two, so that there are no parts).
    spearman, kendall : float or None
        Rank correlations (rho, tau-b) over the regions scored in both; None if fewer than three
        are, or all of them are tied.
    regions : int
        Scored in both.
    differs : tuple of str
        The causes that differ between the runs at all.
    """

    table: pd.DataFrame
    spearman: float | None
    kendall: float | None
    regions: int
    differs: tuple[str, ...]


def compare(before: Scores, after: Scores) -> Comparison:
    """Divide the change from one run to another among data, weights and method.

    Up to six further runs are scored, each with some of the causes of the second run. Scores on
    different scales (another normalisation) can be subtracted but say little: see the ranks then.

    Raises
    ------
    RecipeError
        If a mixed run cannot be scored; the message says which.
    """
    runs = _mixed(before, after)
    regions = before.index.index.union(after.index.index, sort=False)
    return divide(
        {mix: run.index.reindex(regions) for mix, run in runs.items()},
        {mix: run.ranks.reindex(regions) for mix, run in runs.items()},
        _differing(before, after),
    )


def divide(
    scores: dict[Mix, pd.Series], ranks: dict[Mix, pd.Series], differs: tuple[str, ...]
) -> Comparison:
    """Divide a change among its causes, from the scores and ranks of all eight mixed runs.

    Parameters
    ----------
    scores, ranks : dict of Series
        By mixture, over the same regions; ``(False, False, False)`` is the first run,
        ``(True, True, True)`` the second.
    differs : tuple of str
        As in `Comparison`.
    """
    before, after = scores[_BEFORE], scores[_AFTER]
    points = _shapley(scores)
    places = _shapley({mix: -one.astype("float64") for mix, one in ranks.items()})
    table = pd.DataFrame({"before": before, "after": after, "change": after - before})
    table = table.join(points).assign(rank_before=ranks[_BEFORE], rank_after=ranks[_AFTER])
    table["places"] = table["rank_before"] - table["rank_after"]
    table = table.join(places.add_prefix("places_"))
    missing = [table["before"].isna(), table["after"].isna(), table["data"].isna()]
    table["reason"] = np.select(missing, ["not before", "not after", "not between"], default="")
    both = table[["before", "after"]].dropna()
    return Comparison(
        table=table, spearman=_agreement(both, "spearman"), kendall=_agreement(both, "kendall"),
        regions=len(both), differs=differs,
    )  # fmt: skip


def movers(comparison: Comparison, *, count: int = 10) -> pd.DataFrame:
    """Return the regions that rose or fell by the most places.

    Equal numbers of places are ordered by the size of the score's change, then by region order.
    Regions without a rank in either run are left out, as are those that kept their place.
    """
    if count < 1:
        msg = f"compare: count = {count}; a whole number from 1 upwards is needed."
        raise RecipeError(msg)
    table = comparison.table[comparison.table["places"].fillna(0) != 0]
    order = pd.DataFrame({"places": table["places"].abs(), "change": table["change"].abs()})
    ordered = order.sort_values(["places", "change"], ascending=False, kind="stable")
    return table.loc[ordered.index].head(count)


def _mixed(before: Scores, after: Scores) -> dict[Mix, Scores]:
    """Run every mixture of causes; one that changes nothing is not run again."""
    differs = tuple(cause in _differing(before, after) for cause in CAUSES)
    done: dict[Mix, Scores] = {differs: after, _BEFORE: before}
    runs: dict[Mix, Scores] = {}
    for mix in product((False, True), repeat=len(CAUSES)):
        # A cause that is the same in both runs counts as taken from the first.
        plain = tuple(taken and other for taken, other in zip(mix, differs, strict=True))
        if plain not in done:
            done[plain] = _run(before, after, plain)
        runs[mix] = done[plain]
    return runs


def _run(before: Scores, after: Scores, mix: Mix) -> Scores:
    data, weights, method = (after if taken else before for taken in mix)
    content = {key: getattr(data.recipe, key) for key in (*_DATA, "dataset")}
    content |= {key: getattr(weights.recipe, key) for key in WEIGHTS}
    try:
        recipe = method.recipe.model_copy(update=content)
        return score(data.dataset, recipe, yardsticks=method.frozen)
    except RecipeError as error:
        parts = [f"{cause} of the {'second' if taken else 'first'}"
                 for cause, taken in zip(CAUSES, mix, strict=True)]  # fmt: skip
        msg = f"compare: a run with the {', '.join(parts)} cannot be scored: {error}"
        raise RecipeError(msg, code=error.code) from error


def _differing(before: Scores, after: Scores) -> tuple[str, ...]:
    one, other = before.recipe, after.recipe
    differ = (
        _other_data(before.dataset, after.dataset) or _differ(one, other, _DATA),
        _differ(one, other, WEIGHTS),
        _differ(one, other, METHOD) or before.frozen != after.frozen,
    )
    return tuple(cause for cause, yes in zip(CAUSES, differ, strict=True) if yes)


def _other_data(one: Dataset, other: Dataset) -> bool:
    one, other = one.plain, other.plain
    return one is not other and not (
        one.catalogue == other.catalogue
        and one.regions.equals(other.regions)
        and one.values.equals(other.values)
    )


def _differ(one: Recipe, other: Recipe, fields: frozenset[str]) -> bool:
    return any(getattr(one, key) != getattr(other, key) for key in fields)


def _shapley(values: dict[Mix, pd.Series]) -> pd.DataFrame:
    """Mean change when a cause is switched to the second run, over all orders of switching."""
    size = len(CAUSES)
    parts: dict[str, pd.Series] = {}
    for place, cause in enumerate(CAUSES):
        total = values[_BEFORE] * 0.0
        for mix, value in values.items():
            if not mix[place]:
                orders = factorial(sum(mix)) * factorial(size - sum(mix) - 1)
                switched = values[*mix[:place], True, *mix[place + 1 :]]
                total = total + (switched - value) * orders
        parts[cause] = total / factorial(size)
    return pd.DataFrame(parts)


def _agreement(both: pd.DataFrame, kind: Literal["spearman", "kendall"]) -> float | None:
    if len(both) < LEAST_REGIONS or not uneven(both).all():
        return None
    return float(both["before"].corr(both["after"], method=kind))
