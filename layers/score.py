"""From a dataset and a recipe to scores, keeping every stage for inspection.

select years and regions -> counts to rates -> screen -> impute -> treat outliers -> normalise
(directions turned) -> aggregate up the tree -> rank. The parameters of every stage come from the
regions that are compared: the reference set, less those that the screening leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers import normalise
from layers.catalogue import INDEX
from layers.errors import Notice, RecipeError
from layers.prepare import Prepared, prepare
from layers.regions import choose
from layers.tree import contributions, up_the_tree
from layers.weigh import Plan, plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.dataset import Dataset
    from layers.recipe import Recipe

__all__ = ["Scores", "rank", "score"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Scores:
    """Result of one scoring run with all its stages; every frame is indexed by region.

    Attributes
    ----------
    recipe, dataset : Recipe, Dataset
        What was asked, of which data.
    raw, flags : DataFrame
        Regions x indicators in the indicators' units, and the flags of each value; those of
        imputed and treated values hold the words ``imputed`` and ``treated`` as well.
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
        Why a score is missing: "outside" the reference set, "screened" out for want of data, or
        too little "coverage"; else "".
    plan : Plan
        Weights and directions as used.
    prepared : Prepared
        The stages between raw and normalised, with the cells that were imputed or treated.
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
    prepared: Prepared
    warnings: tuple[Notice, ...] = ()

    @property
    def imputed(self) -> pd.DataFrame:
        """Regions x indicators with gaps filled, counts as rates; NaN for regions left out."""
        return self.prepared.imputed

    @property
    def imputed_cells(self) -> pd.DataFrame:
        """Which cells of `imputed` were filled; regions x indicators."""
        return self.prepared.imputed_cells

    @property
    def treated(self) -> pd.DataFrame:
        """Regions x indicators after the treatment of outliers."""
        return self.prepared.treated

    @property
    def treatment(self) -> pd.DataFrame:
        """One row per cell that the treatment changed: indicator, region, before, after, method."""
        return self.prepared.treatment

    @property
    def treatment_summary(self) -> pd.DataFrame:
        """Per scored indicator what was done and why; empty if no treatment was asked for."""
        return self.prepared.treatment_summary


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
    nominal = plan(dataset.catalogue, recipe)
    scored = nominal.scored()
    turns = {key: sign for key, sign in nominal.directions.items() if key in scored}
    prepared = prepare(dataset, recipe, selection, reference, turns)
    values = prepared.treated.to_numpy(dtype=np.float64)
    constant = _without_spread(recipe, prepared, turns)
    scheme = plan(dataset.catalogue, recipe, left_out=frozenset(constant)) if constant else nominal
    normalised = _normalise(recipe, values, scheme)
    _require_values(recipe, normalised, scheme)
    columns = dict(zip(scheme.directions, normalised.T, strict=True))
    tree = up_the_tree(dataset.catalogue, recipe, scheme, columns)
    index = pd.Series(tree.values[INDEX], index=dataset.regions.index, name="score")
    parts = contributions(dataset.catalogue, recipe, scheme, tree)
    return Scores(
        recipe=recipe, dataset=dataset, raw=selection.values, flags=prepared.flags,
        years=selection.years, normalised=_frame(normalised, selection.values),
        layers=_by_layer(dataset, tree.values), index=index, ranks=rank(index, recipe.ties),
        coverage=_by_layer(dataset, tree.coverage).assign(index=tree.coverage[INDEX]),
        contributions=_by_key(dataset, parts, dataset.catalogue.indicator_by_id),
        layer_contributions=_by_key(
            dataset, parts, [f"layer:{one.id}" for one in dataset.catalogue.sublayers()]
        ).rename(columns=lambda key: key.removeprefix("layer:")),
        selected=selected, reason=_reasons(index, reference, prepared.compared), plan=scheme,
        prepared=prepared,
        warnings=(
            *_version_warning(dataset, recipe), *prepared.warnings, *_spread_warnings(constant)
        ),
    )  # fmt: skip


def rank(index: pd.Series, ties: str = "min") -> pd.Series:
    """Rank scores, 1 for the highest; equal scores share a rank, a missing score has none."""
    if ties == "min":
        return index.rank(ascending=False, method="min").astype("Int64")
    return index.rank(ascending=False, method="average").astype("Float64")


def _without_spread(recipe: Recipe, prepared: Prepared, scored: Iterable[str]) -> tuple[str, ...]:
    if not recipe.normalise.needs_spread:
        return ()
    values = prepared.treated[list(scored)].to_numpy()
    constant = tuple(
        key
        for key, column in zip(scored, values.T, strict=True)
        if normalise.is_constant(column[~np.isnan(column)])
    )
    if constant and recipe.normalise.constant == "error":
        msg = (
            f"recipe: indicator '{constant[0]}' has the same value in all regions of the "
            f"reference set ({int(prepared.compared.sum())}), so there is nothing to compare; "
            "give it weight 0 or set normalise.constant = 'drop'."
        )
        raise RecipeError(msg, code="constant")
    return constant


def _normalise(recipe: Recipe, values: Array, scheme: Plan) -> Array:
    """Normalise every column that has a direction and some spread; `values` in catalogue order."""
    result = np.full(values.shape, np.nan)
    scored, choice = scheme.scored(), recipe.normalise
    for position, (key, direction) in enumerate(scheme.directions.items()):
        column = values[:, position]
        known = column[~np.isnan(column)]
        fitted = normalise.fit_known(known, choice, key, direction, required=key in scored)
        if fitted is not None:
            result[:, position] = fitted(column, direction)
    return result


def _require_values(recipe: Recipe, normalised: Array, scheme: Plan) -> None:
    wanted = scheme.scored()
    scored = [key in wanted for key in scheme.directions]
    if np.isnan(normalised[:, scored]).all():
        msg = (
            f"recipe: no indicator with a weight has any value (year = {recipe.year!r}, "
            f"reference.set = '{recipe.reference.set}'); choose a later year or more regions."
        )
        raise RecipeError(msg, code="no_value")


def _frame(values: Array, like: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(values, index=like.index, columns=like.columns)


def _by_layer(dataset: Dataset, values: dict[str, Array]) -> pd.DataFrame:
    keys = [layer.id for layer in dataset.catalogue.layers]
    return pd.DataFrame({key: values[key] for key in keys}, index=dataset.regions.index)


def _by_key(dataset: Dataset, parts: dict[str, Array], keys: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame({key: parts[key] for key in keys}, index=dataset.regions.index)


def _reasons(index: pd.Series, reference: pd.Series, compared: pd.Series) -> pd.Series:
    words = np.select(
        [index.notna(), ~reference, ~compared], ["", "outside", "screened"], default="coverage"
    )
    return pd.Series(words, index=index.index, name="reason")


def _version_warning(dataset: Dataset, recipe: Recipe) -> list[Notice]:
    if recipe.dataset in ("", dataset.reference):
        return []
    message = f"The recipe was made for {recipe.dataset}; this is {dataset.reference}."
    return [Notice("other_version", message, recipe.dataset)]


def _spread_warnings(constant: tuple[str, ...]) -> list[Notice]:
    message = "Indicator '{}' is left out: it has the same value in all regions compared."
    return [Notice("constant", message.format(key), key) for key in constant]
