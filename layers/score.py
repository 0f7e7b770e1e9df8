"""From a dataset and a recipe to scores, keeping every stage for inspection.

select years and regions -> normalise (directions turned) -> aggregate up the tree -> rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers import aggregate, normalise
from layers.catalogue import INDEX
from layers.errors import Notice, RecipeError
from layers.regions import choose
from layers.weigh import Plan, plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.dataset import Dataset
    from layers.recipe import Recipe

__all__ = ["Scores", "score"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Scores:
    """Result of one scoring run with all its stages; every frame is indexed by region.

    Attributes
    ----------
    recipe, dataset : Recipe, Dataset
        What was asked, of which data.
    raw, flags : DataFrame
        Regions x indicators in the indicators' units, and the flags of each value.
    years : Series
        Year of each indicator.
    normalised : DataFrame
        Regions x indicators on the common scale, directions turned; NaN where there is no value,
        the indicator is not scored, or the region lies outside a reference set "filtered".
    layers : DataFrame
        Regions x layers (every level), on the common scale.
    index : Series
        The score.
    ranks : Series
        1 is the best; among the regions of the reference set. Missing where the score is.
    coverage : DataFrame
        Regions x layers and ``index``: share of the weight that is backed by data.
    contributions : DataFrame
        Regions x indicators; a row adds up to the score.
    layer_contributions : DataFrame
        Regions x layers directly below the index; a row adds up to the score.
    selected : Series of bool
        Regions that the filter keeps.
    reason : Series of str
        Why a score is missing: "outside" the reference set or too little "coverage"; else "".
    plan : Plan
        Weights and directions as used.
    warnings : tuple of Notice
        What the run had to leave out or noticed.
    """

    recipe: Recipe
    dataset: Dataset
    raw: pd.DataFrame
    flags: pd.DataFrame
    years: pd.Series
    normalised: pd.DataFrame
    layers: pd.DataFrame
    index: pd.Series
    ranks: pd.Series
    coverage: pd.DataFrame
    contributions: pd.DataFrame
    layer_contributions: pd.DataFrame
    selected: pd.Series
    reason: pd.Series
    plan: Plan
    warnings: tuple[Notice, ...] = ()


def score(dataset: Dataset, recipe: Recipe) -> Scores:
    """Score every region of the reference set.

    Raises
    ------
    RecipeError
        If the recipe names something unknown, leaves no region or no weight, meets an indicator
        without spread (unless told to leave it out), or asks for a mean that the values forbid.
    """
    selected = choose(dataset.regions, recipe.filter)
    reference = selected if recipe.reference.set == "filtered" else selected | True
    selection = dataset.select(recipe.year_limit)
    scope = reference.to_numpy()
    raw = selection.values.to_numpy()
    wanted = plan(dataset.catalogue, recipe).scored()
    constant = _without_spread(dataset, recipe, raw[scope], wanted)
    scheme = plan(dataset.catalogue, recipe, left_out=frozenset(constant))
    normalised = _normalise(recipe, np.where(scope[:, None], raw, np.nan), scheme)
    _require_values(dataset, recipe, normalised, scheme)
    values, covered = _aggregate(dataset, recipe, normalised, scheme)
    index = pd.Series(values[INDEX], index=dataset.regions.index, name="score")
    parts = _contributions(dataset, recipe, normalised, values, scheme)
    return Scores(
        recipe=recipe, dataset=dataset, raw=selection.values, flags=selection.flags,
        years=selection.years, normalised=_frame(normalised, selection.values),
        layers=_by_layer(dataset, values), index=index, ranks=rank(index, recipe.ties),
        coverage=_by_layer(dataset, covered).assign(index=covered[INDEX]),
        contributions=_by_key(dataset, parts, dataset.catalogue.indicator_by_id),
        layer_contributions=_by_key(
            dataset, parts, [f"layer:{one.id}" for one in dataset.catalogue.sublayers()]
        ).rename(columns=lambda key: key.removeprefix("layer:")),
        selected=selected, reason=_reasons(index, reference), plan=scheme,
        warnings=(*_version_warning(dataset, recipe), *_spread_warnings(constant)),
    )  # fmt: skip


def rank(index: pd.Series, ties: str = "min") -> pd.Series:
    """Rank scores, 1 for the highest; equal scores share a rank, a missing score has none."""
    if ties == "min":
        return index.rank(ascending=False, method="min").astype("Int64")
    return index.rank(ascending=False, method="average").astype("Float64")


def _without_spread(
    dataset: Dataset, recipe: Recipe, reference: Array, wanted: frozenset[str]
) -> tuple[str, ...]:
    constant = tuple(
        key
        for key, column in zip(dataset.catalogue.indicator_by_id, reference.T, strict=True)
        if key in wanted and normalise.is_constant(column[~np.isnan(column)])
    )
    if constant and recipe.normalise.constant == "error":
        msg = (
            f"recipe: indicator '{constant[0]}' has the same value in all regions of the "
            f"reference set ({len(reference)}), so there is nothing to compare; give it weight 0 "
            "or set normalise.constant = 'drop'."
        )
        raise RecipeError(msg, code="constant")
    return constant


def _normalise(recipe: Recipe, values: Array, scheme: Plan) -> Array:
    """Normalise every column that has a direction and some spread; `values` in catalogue order."""
    result = np.full(values.shape, np.nan)
    for position, direction in enumerate(scheme.directions.values()):
        column = values[:, position]
        known = column[~np.isnan(column)]
        if direction and known.size and not normalise.is_constant(known):
            result[:, position] = normalise.fit(known, recipe.normalise)(column, direction)
    return result


def _require_values(dataset: Dataset, recipe: Recipe, normalised: Array, scheme: Plan) -> None:
    wanted = scheme.scored()
    scored = [key in wanted for key in dataset.catalogue.indicator_by_id]
    if np.isnan(normalised[:, scored]).all():
        msg = (
            f"recipe: no indicator with a weight has any value (year = {recipe.year!r}, "
            f"reference.set = '{recipe.reference.set}'); choose a later year or more regions."
        )
        raise RecipeError(msg, code="no_value")


def _aggregate(
    dataset: Dataset, recipe: Recipe, normalised: Array, scheme: Plan
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Values and coverage of every node of the tree, the index under ``""``."""
    method, least = recipe.aggregate.method, recipe.aggregate.min_coverage
    columns = {f"indicator:{key}": normalised[:, i] for i, key in _numbered(dataset)}
    present = {key: (~np.isnan(column)).astype(float) for key, column in columns.items()}
    values, covered = {}, {}
    for node in dataset.catalogue.bottom_up():
        keys, weights = _member_keys(scheme, node), scheme.weights(node)
        covered[node] = aggregate.coverage(_stack(present, keys, normalised), weights)
        value = aggregate.weighted_mean(_stack(columns, keys, normalised), weights, method)
        # A hair of tolerance: 2 of 3 equal weights must pass 2/3 whatever the rounding.
        value[covered[node] < least - 1e-12] = np.nan
        values[node] = columns[f"layer:{node}"] = value
        present[f"layer:{node}"] = np.where(np.isnan(value), 0.0, covered[node])
    return values, covered


def _contributions(
    dataset: Dataset, recipe: Recipe, normalised: Array, values: dict[str, Array], scheme: Plan
) -> dict[str, Array]:
    """Contribution of every layer (``layer:ID``) and indicator (``ID``) to the index."""
    columns = {f"indicator:{key}": normalised[:, i] for i, key in _numbered(dataset)}
    columns |= {f"layer:{node}": value for node, value in values.items()}
    factor = {INDEX: np.where(np.isnan(values[INDEX]), np.nan, 1.0)}
    parts: dict[str, Array] = {}
    for node in reversed(list(dataset.catalogue.bottom_up())):
        keys, weights = _member_keys(scheme, node), scheme.weights(node)
        members = _stack(columns, keys, normalised)
        slopes = aggregate.multipliers(members, weights, recipe.aggregate.method)
        for position, key in enumerate(keys):
            slope = factor[node] * slopes[:, position]
            kind, _, name = key.partition(":")
            if kind == "layer":
                factor[name] = slope
            parts[key if kind == "layer" else name] = slope * members[:, position]
    return parts


def _member_keys(scheme: Plan, node: str) -> list[str]:
    return [
        f"{'layer' if member.is_layer else 'indicator'}:{member.key}"
        for member in scheme.members[node]
    ]


def _stack(columns: dict[str, Array], keys: list[str], like: Array) -> Array:
    return np.column_stack([columns[key] for key in keys]) if keys else np.empty((len(like), 0))


def _numbered(dataset: Dataset) -> list[tuple[int, str]]:
    return list(enumerate(dataset.catalogue.indicator_by_id))


def _frame(values: Array, like: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(values, index=like.index, columns=like.columns)


def _by_layer(dataset: Dataset, values: dict[str, Array]) -> pd.DataFrame:
    keys = [layer.id for layer in dataset.catalogue.layers]
    return pd.DataFrame({key: values[key] for key in keys}, index=dataset.regions.index)


def _by_key(dataset: Dataset, parts: dict[str, Array], keys: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame({key: parts[key] for key in keys}, index=dataset.regions.index)


def _reasons(index: pd.Series, reference: pd.Series) -> pd.Series:
    words = np.where(index.notna(), "", np.where(reference, "coverage", "outside"))
    return pd.Series(words, index=index.index, name="reason")


def _version_warning(dataset: Dataset, recipe: Recipe) -> list[Notice]:
    if recipe.dataset in ("", dataset.reference):
        return []
    message = f"The recipe was made for {recipe.dataset}; this is {dataset.reference}."
    return [Notice("other_version", message, recipe.dataset)]


def _spread_warnings(constant: tuple[str, ...]) -> list[Notice]:
    message = "Indicator '{}' is left out: it has the same value in all regions compared."
    return [Notice("constant", message.format(key), key) for key in constant]
