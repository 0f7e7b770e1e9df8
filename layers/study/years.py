"""What two years have in common, and what changed between them on one yardstick.

Official statistics rarely offer the same indicators in two years. Only those with values in both
are compared here, and `SharedYears` says how much of the weight they carry. Each keeps the weight
that it has in the whole score (`carried`): a layer of which little is left does not count in full.
The years in between that have all of them as well join the yardstick and the lines over time.

A change is divided among data, weights and method as in `layers.study.compare`, but all runs that
are compared are panels (`layers.study.panel`): normalised once for all years, not year by year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from layers.catalogue import INDEX
from layers.errors import RecipeError
from layers.recipe import Treat
from layers.seen import seen
from layers.study.compare import CAUSES, METHOD, WEIGHTS, divide
from layers.study.panel import panel
from layers.weigh import plan

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from layers.recipe import Recipe
    from layers.study.compare import Comparison, Mix
    from layers.study.panel import Panel

__all__ = [
    "SharedYears", "YearChange", "best_years", "carried", "indicator_changes", "known_years",
    "leading_layers", "shared_years", "untreated", "year_change",
]  # fmt: skip


@dataclass(frozen=True)
class SharedYears:
    """What two years have in common under a recipe.

    Attributes
    ----------
    years : tuple of int
        The two years and those in between in which all `indicators` have values, rising.
    indicators : tuple of str
        Indicators with a weight that have values in both years.
    missing : tuple of str
        Those that lack one of the years.
    share : float
        Share of all weight that `indicators` carry, in [0, 1].
    by_layer : Series
        By layer with indicators of its own: the share of their weight that is carried.
    """

    years: tuple[int, ...]
    indicators: tuple[str, ...]
    missing: tuple[str, ...]
    share: float
    by_layer: pd.Series


@dataclass(frozen=True)
class YearChange:
    """Change between the first and the last of some years.

    Attributes
    ----------
    shared : SharedYears
        What the years have in common under the recipe.
    panel : Panel
        Scores of all years under the recipe, on one yardstick, with the weights of `carried`; each
        region by what it has in all years (`Panel.partial` lists the rest).
    comparison : Comparison
        First and last year, divided among the causes.
    layers : DataFrame
        Regions x layers with a value: change of the layer's value on the common scale.
    """

    shared: SharedYears
    panel: Panel
    comparison: Comparison
    layers: pd.DataFrame


def known_years(dataset: Dataset, recipe: Recipe) -> dict[str, frozenset[int]]:
    """Years with values, of every indicator that has a weight and a direction."""
    dataset = seen(dataset, recipe)
    scheme = plan(dataset.catalogue, recipe)
    scored = [key for key in scheme.directions if key in scheme.scored()]
    table = dataset.values[dataset.values["value"].notna()]
    years = table.groupby("indicator")["year"].unique()
    return {key: frozenset(map(int, years.get(key, ()))) for key in scored}


def shared_years(
    dataset: Dataset, recipe: Recipe, first: int, last: int, *, max_age: int = 0
) -> SharedYears:
    """Find the indicators that can be compared between two years.

    Parameters
    ----------
    max_age : int
        How many years old a value may be (0: of that very year).

    Raises
    ------
    RecipeError
        If the first year is not before the last, or nothing has values in both.
    """
    if first >= last:
        msg = f"years {first} and {last}: the first must lie before the last."
        raise RecipeError(msg)
    dataset = seen(dataset, recipe)
    known = known_years(dataset, recipe)
    both = tuple(key for key, years in known.items() if _has(years, (first, last), max_age))
    if not both:
        msg = (
            f"years {first} and {last}: no indicator with a weight has values in both; choose "
            "other years or allow older values (max_age)."
        )
        raise RecipeError(msg, code="no_value")
    between = (year for year in range(first + 1, last)
               if all(_has(known[key], (year,), max_age) for key in both))  # fmt: skip
    weight = _weights(dataset, recipe, known)
    layer = pd.Series(dataset.catalogue.layer_of)
    carried = weight.where(weight.index.isin(both), 0.0)
    return SharedYears(
        years=(first, *between, last), indicators=both,
        missing=tuple(key for key in known if key not in both),
        share=float(carried.sum() / weight.sum()),
        by_layer=carried.groupby(layer, sort=False).sum() / weight.groupby(layer, sort=False).sum(),
    )  # fmt: skip


def best_years(
    dataset: Dataset, recipe: Recipe, *, apart: int = 5, max_age: int = 0
) -> tuple[int, int]:
    """Find the two years, so many apart, that have most of the weight in common.

    Of equally good ones the latest; fewer years apart if there are not as many.

    Raises
    ------
    RecipeError
        If no indicator has values in two years.
    """
    known = known_years(dataset, recipe)
    weight = _weights(dataset, recipe, known)
    every = sorted(set().union(*known.values()))
    span = every[-1] - every[0] if every else 0
    for gap in range(min(apart, span), 0, -1):
        pairs = [(year - gap, year) for year in every]
        shares = {
            pair: sum(weight[key] for key, years in known.items() if _has(years, pair, max_age))
            for pair in pairs
        }
        best = max(shares, key=lambda pair: (round(shares[pair], 9), pair))
        if shares[best] > 0:
            return best
    msg = "years: no indicator with a weight has values in two years."
    raise RecipeError(msg, code="no_value")


def carried(dataset: Dataset, recipe: Recipe, shared: SharedYears) -> Recipe:
    """Return the recipe with the weight of each layer cut down to what its shared indicators carry.

    Their shares of the index then stand to each other as in the whole score. Under arithmetic
    means, a change is the part of the whole score's change that is known, divided by
    `SharedYears.share`.
    """
    catalogue = seen(dataset, recipe).catalogue
    nominal = plan(catalogue, recipe).shares()["share_of_index"]
    whole = dict.fromkeys(catalogue.layer_by_id, 0.0)
    left = dict(whole)
    for key, layer in catalogue.layer_of.items():
        share, above = float(nominal[f"indicator:{key}"]), layer
        while above != INDEX:
            whole[above] += share
            left[above] += share if key in shared.indicators else 0.0
            above = catalogue.layer_by_id[above].parent
    weights = {
        f"layer:{key}": recipe.weight("layer", key, layer.weight) * left[key] / whole[key]
        for key, layer in catalogue.layer_by_id.items()
        if 0 < left[key] < whole[key]
    }
    return recipe.model_copy(update={"weights": dict(recipe.weights) | weights})


def untreated(recipe: Recipe) -> Recipe:
    """Return the recipe with outliers left alone, without which years cannot be compared."""
    return recipe.model_copy(update={"treat": Treat()})


def year_change(
    dataset: Dataset, recipe: Recipe, first: int, last: int, *,
    base: Literal["pooled", "first"] = "pooled", max_age: int = 0, before: Recipe | None = None,
) -> YearChange:  # fmt: skip
    """Compare two years on one yardstick, and divide the change among its causes.

    Parameters
    ----------
    recipe : Recipe
        Of the last year; see `untreated` if it treats outliers. Its weights count as `carried`
        says.
    base : "pooled" or "first"
        Whether the yardstick rests on all years compared or on the first.
    max_age : int
        As in `shared_years`.
    before : Recipe, optional
        Of the first year, if weights or methods changed as well; its own year has no effect.
        What lacks a value in one of the years is left out under either recipe.

    Raises
    ------
    RecipeError
        As `shared_years` and `layers.study.panel.panel` do.
    """
    shared = shared_years(dataset, recipe, first, last, max_age=max_age)
    yardstick: int | Literal["pooled"] = "pooled" if base == "pooled" else first
    recipe = carried(dataset, recipe, shared)
    other = recipe if before is None else carried(
        dataset, before, _shared_as(dataset, before, shared, max_age)
    )  # fmt: skip
    runs: dict[tuple[bool, bool], Panel] = {}
    for weights, method in product((True, False), repeat=2):
        mixed = _mixed(other, recipe, weights=weights, method=method)
        same = next((key for key in runs if _mixed(other, recipe, *key) == mixed), None)
        runs[weights, method] = runs[same] if same else panel(
            dataset, mixed, shared.years, base=yardstick, max_age=max_age, complete=True
        )  # fmt: skip
    whole = runs[True, True]
    scores, ranks = ({mix: _at(runs, mix, (first, last), column) for mix in _mixes()}
                     for column in ("score", "rank"))  # fmt: skip
    return YearChange(
        shared=shared, panel=whole, layers=_layer_changes(whole, first, last),
        comparison=divide(scores, ranks, _differing(other, recipe)),
    )  # fmt: skip


def leading_layers(dataset: Dataset, recipe: Recipe, found: YearChange) -> pd.Series:
    """Name the layer behind each region's change of score through the data.

    Of the layers directly below the index the one with the largest change times weight in the
    direction in which the score moved.

    Returns
    -------
    Series of str
        Layer per region; "" where the data changed nothing or no layer moved that way.
    """
    dataset = seen(dataset, recipe)
    weighed = carried(dataset, recipe, found.shared)
    shares = plan(dataset.catalogue, weighed).shares()["share_of_index"]
    top = [one.id for one in dataset.catalogue.sublayers() if one.id in found.layers]
    weight = shares[[f"layer:{key}" for key in top]].set_axis(top)
    sense = np.sign(found.comparison.table["data"])
    pushed = (found.layers[top] * weight).mul(sense, axis=0)
    moved = pushed.max(axis=1) > 0
    leading = pd.Series("", index=sense.index, name="leading")
    leading[moved] = pushed[moved].idxmax(axis=1).astype(str)
    return leading


def indicator_changes(
    dataset: Dataset, recipe: Recipe, region: str, shared: SharedYears
) -> pd.DataFrame:
    """Values of one region in the first and the last year, as published.

    Returns
    -------
    DataFrame
        By shared indicator: ``layer``, ``year_before``, ``before``, ``year_after``, ``after``,
        ``change``, ``effect``: 1 if the change is for the better in the sense of the recipe, -1
        for the worse, 0 without a change; missing where a value is.
    """
    dataset = seen(dataset, recipe)
    first, last = (dataset.select(shared.years[place]) for place in (0, -1))
    keys = list(shared.indicators)
    before, after = (one.values.loc[region, keys] for one in (first, last))
    directions = pd.Series(plan(dataset.catalogue, recipe).directions).reindex(keys)
    change = after - before
    return pd.DataFrame({
        "layer": pd.Series(dataset.catalogue.layer_of).reindex(keys),
        "year_before": first.years[keys], "before": before,
        "year_after": last.years[keys], "after": after,
        "change": change, "effect": np.sign(change) * directions,
    })  # fmt: skip


def _has(years: frozenset[int], wanted: tuple[int, ...], max_age: int) -> bool:
    return all(any(year - age in years for age in range(max_age + 1)) for year in wanted)


def _shared_as(dataset: Dataset, recipe: Recipe, found: SharedYears, max_age: int) -> SharedYears:
    """Name those indicators that another recipe weighs and that have values in the same years."""
    known = known_years(dataset, recipe)
    both = tuple(key for key, years in known.items() if _has(years, found.years, max_age))
    return replace(found, indicators=both)


def _weights(dataset: Dataset, recipe: Recipe, known: dict[str, frozenset[int]]) -> pd.Series:
    """Nominal share in the index of each indicator."""
    shares = plan(seen(dataset, recipe).catalogue, recipe).shares()["share_of_index"]
    return shares[[f"indicator:{key}" for key in known]].set_axis(list(known))


def _mixes() -> list[Mix]:
    return list(product((False, True), repeat=len(CAUSES)))


def _mixed(before: Recipe, after: Recipe, weights: bool, method: bool) -> Recipe:  # noqa: FBT001 -- a key of `runs`
    """Weights and method each of either recipe."""
    content = {key: getattr(after if weights else before, key) for key in WEIGHTS}
    content |= {key: getattr(after if method else before, key) for key in METHOD}
    return after.model_copy(update=content)


def _at(
    runs: dict[tuple[bool, bool], Panel], mix: Mix, years: tuple[int, int], column: str
) -> pd.Series:
    data, weights, method = mix
    table = runs[weights, method].table
    return table[table["year"] == years[data]].set_index("region")[column]


def _differing(before: Recipe, after: Recipe) -> tuple[str, ...]:
    def differ(fields: frozenset[str]) -> bool:
        return any(getattr(before, key) != getattr(after, key) for key in fields)

    return ("data", *(cause for cause, fields in (("weights", WEIGHTS), ("method", METHOD))
                      if differ(fields)))  # fmt: skip


def _layer_changes(found: Panel, first: int, last: int) -> pd.DataFrame:
    table = found.table.set_index("region")
    columns = [key for key in table if str(key).startswith("layer_")]
    before, after = (table.loc[table["year"] == year, columns] for year in (first, last))
    change = (after - before).rename(columns=lambda key: str(key).removeprefix("layer_"))
    return change.dropna(axis=1, how="all")
