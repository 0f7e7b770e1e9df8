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
from layers.seen import seen
from layers.tree import contributions, up_the_tree
from layers.weigh import Plan, plan

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from collections.abc import Set as AbstractSet

    from layers.dataset import Dataset
    from layers.normalise import Fitted
    from layers.recipe import Recipe

__all__ = ["Scores", "rank", "reweighed", "score"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


#: Warnings about indicators that cannot be scored.
_LEFT_OUT = ("constant", "fixed_scale")


@dataclass(frozen=True)
class Scores:
    """Result of one scoring run with all its stages; every frame is indexed by region.

    Attributes
    ----------
    recipe, dataset : Recipe, Dataset
        What was asked, of which data; grouped as the recipe says (`layers.seen`).
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
    yardsticks : dict
        Fitted normalisation of each indicator that has one.
    frozen : mapping
        The yardsticks that were given, not fitted here; see `score`.
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
    yardsticks: dict[str, Fitted]
    frozen: Mapping[str, Fitted]
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


def score(
    dataset: Dataset, recipe: Recipe, *, yardsticks: Mapping[str, Fitted] | None = None
) -> Scores:
    """Score every region of the reference set.

    Parameters
    ----------
    yardsticks : mapping, optional
        Indicator -> a normalisation fitted elsewhere, such as `Scores.yardsticks` of another year
        or dataset, or one kept by `layers.methods.frozen`. It is applied as it is, so that both
        are comparable; values may leave its range. Other indicators are fitted as usual.

    Raises
    ------
    RecipeError
        If the recipe names something unknown, leaves no region or no weight, meets an indicator
        without spread (unless told to leave it out), or asks for a mean that the values forbid;
        if outliers are to be treated although yardsticks are given (code "treated_frozen").
    """
    dataset, frozen = seen(dataset, recipe), dict(yardsticks or {})
    _check_frozen(dataset, recipe, frozen)
    selected = choose(dataset.regions, recipe.filter)
    reference = selected if recipe.reference.set == "filtered" else selected | True
    selection = dataset.select(recipe.year_limit)
    nominal = plan(dataset.catalogue, recipe)
    scored = nominal.scored()
    turns = {key: sign for key, sign in nominal.directions.items() if key in scored}
    prepared = prepare(dataset, recipe, selection, reference, turns)
    values = prepared.treated.to_numpy(dtype=np.float64)
    scales = {key: one.scale for key, one in dataset.catalogue.indicator_by_id.items() if one.scale}
    constant = _without_spread(recipe, values, nominal, prepared, {*frozen, *scales})
    unplaced = _without_place(recipe, nominal, scales, frozen)
    left_out = frozenset((*constant, *unplaced))
    scheme = plan(dataset.catalogue, recipe, left_out=left_out) if left_out else nominal
    fitted = frozen | _fitted(recipe, values, scheme, frozen, scales)
    normalised = _normalise(values, scheme, fitted)
    _require_values(recipe, normalised, scheme)
    columns = dict(zip(scheme.directions, normalised.T, strict=True))
    tree = up_the_tree(dataset.catalogue, recipe, scheme, columns)
    index = pd.Series(tree.values[INDEX], index=dataset.regions.index, name="score")
    parts = contributions(dataset.catalogue, recipe, scheme, tree)
    layers = [one.id for one in dataset.catalogue.layers]
    return Scores(
        recipe=recipe, dataset=dataset, raw=selection.values, flags=prepared.flags,
        years=selection.years, normalised=_frame(normalised, selection.values),
        layers=_table(dataset, {key: tree.values[key] for key in layers}),
        index=index, ranks=rank(index, recipe.ties),
        coverage=_table(
            dataset, {key: tree.coverage[key] for key in layers} | {"index": tree.coverage[INDEX]}
        ),
        contributions=_table(
            dataset, {key: parts[key] for key in dataset.catalogue.indicator_by_id}
        ),
        layer_contributions=_table(
            dataset, {one.id: parts[f"layer:{one.id}"] for one in dataset.catalogue.sublayers()}
        ),
        selected=selected, reason=_reasons(index, reference, prepared.compared), plan=scheme,
        prepared=prepared, yardsticks=fitted, frozen=frozen,
        warnings=(
            *_version_warning(dataset, recipe), *prepared.warnings, *_spread_warnings(constant),
            *_place_warnings(unplaced, recipe),
            *_empty_warning(recipe, index),
        ),
    )  # fmt: skip


def reweighed(scores: Scores, recipe: Recipe, *, scheme: Plan | None = None) -> pd.Series:
    """Score under other weights only; the same numbers as `score` gives, without its stages.

    What comes before the weights is taken over where no weight has a say in it, that is unless the
    recipe screens, imputes or treats what is scored; so are layers in which all weigh the same.

    Parameters
    ----------
    recipe : Recipe
        That of `scores` but for weights; what has none there is given none here either.
    scheme : Plan, optional
        Its weights and directions, where they are known: without indicators that cannot be scored.

    Raises
    ------
    RecipeError
        As `score` does.
    """
    given = scores.recipe
    if given.screen != type(given.screen)() or given.impute.active or given.treat.active:
        return score(scores.dataset, recipe, yardsticks=scores.frozen).index
    catalogue = scores.dataset.catalogue
    scheme = _plan_like(scores, recipe) if scheme is None else scheme
    values = scores.normalised.to_numpy()
    _require_values(recipe, values, scheme)
    columns = dict(zip(scheme.directions, values.T, strict=True))
    tree = up_the_tree(catalogue, recipe, scheme, columns, known=_unchanged(scores, scheme))
    return pd.Series(tree.values[INDEX], index=scores.index.index, name="score")


def _plan_like(scores: Scores, recipe: Recipe) -> Plan:
    """Plan of a recipe without the indicators that could not be scored before either."""
    catalogue = scores.dataset.catalogue
    without = {one.about for one in scores.warnings if one.code in _LEFT_OUT}
    nominal = plan(catalogue, recipe)
    left_out = without & nominal.scored()
    return plan(catalogue, recipe, left_out=frozenset(left_out)) if left_out else nominal


def _unchanged(scores: Scores, scheme: Plan) -> dict[str, tuple[Array, Array]]:
    """Values and coverage of the layers below which `scheme` weighs everything as `scores` did."""
    catalogue = scores.dataset.catalogue
    if any(one.optional for one in catalogue.layers):
        return {}
    layers = scores.layers.columns
    covered = scores.coverage[layers].to_numpy().T
    found = dict(zip(layers, zip(scores.layers.to_numpy().T, covered, strict=True), strict=True))
    same: dict[str, tuple[Array, Array]] = {}
    for node in catalogue.bottom_up():
        members = scheme.members[node]
        whole = all(one.key in same for one in members if one.is_layer)
        if node != INDEX and whole and members == scores.plan.members[node]:
            same[node] = found[node]
    return same


def rank(index: pd.Series, ties: str = "min") -> pd.Series:
    """Rank scores, 1 for the highest; equal scores share a rank, a missing score has none."""
    if ties == "min":
        return index.rank(ascending=False, method="min").astype("Int64")
    return index.rank(ascending=False, method="average").astype("Float64")


def _check_frozen(dataset: Dataset, recipe: Recipe, frozen: Mapping[str, Fitted]) -> None:
    for key in frozen:
        # One that only the lens leaves out is known, and needed by nothing.
        if key not in dataset.plain.catalogue.indicator_by_id:
            msg = f"yardsticks: there is no indicator '{key}' in {dataset.reference}; leave it out."
            raise RecipeError(msg)
    if frozen and recipe.treat.active:
        msg = (
            "yardsticks: outliers would be moved by an amount of their own here, so that nothing "
            "could be compared; set treat.method = 'none'."
        )
        raise RecipeError(msg, code="treated_frozen")


def _without_spread(
    recipe: Recipe, values: Array, nominal: Plan, prepared: Prepared, given: AbstractSet[str]
) -> tuple[str, ...]:
    """Scored indicators whose values are all the same, so that nothing can be fitted on them.

    Those that are `given` a yardstick or a scale need no spread.
    """
    if not recipe.normalise.needs_spread:
        return ()
    wanted = nominal.scored() - given
    constant = tuple(
        key
        for key, column in zip(nominal.directions, values.T, strict=True)
        if key in wanted and normalise.is_constant(column[~np.isnan(column)])
    )
    if constant and recipe.normalise.constant == "error":
        msg = (
            f"recipe: indicator '{constant[0]}' has the same value in all regions of the "
            f"reference set ({int(prepared.compared.sum())}), so there is nothing to compare; "
            "give it weight 0 or set normalise.constant = 'drop'."
        )
        raise RecipeError(msg, code="constant")
    return constant


def _without_place(
    recipe: Recipe, nominal: Plan, scales: Collection[str], frozen: Mapping[str, Fitted]
) -> tuple[str, ...]:
    """Scored indicators of a fixed scale, where the method has no ends to put its ends on."""
    if recipe.normalise.ends is not None:
        return ()
    wanted = nominal.scored() - frozen.keys()
    return tuple(key for key in scales if key in wanted)


def _fitted(
    recipe: Recipe, values: Array, scheme: Plan, frozen: Mapping[str, Fitted],
    scales: Mapping[str, tuple[float, float]],
) -> dict[str, Fitted]:  # fmt: skip
    """Fit every indicator that has a direction and some spread; `values` in catalogue order."""
    scored = scheme.scored()
    fitted: dict[str, Fitted] = {}
    for column, (key, direction) in zip(values.T, scheme.directions.items(), strict=True):
        if key in frozen:
            continue
        known = column[~np.isnan(column)]
        choice, needed = recipe.normalise, key in scored
        found = normalise.fit_known(
            known, choice, key, direction, required=needed, scale=scales.get(key)
        )
        if found is not None:
            fitted[key] = found
    return fitted


def _normalise(values: Array, scheme: Plan, fitted: Mapping[str, Fitted]) -> Array:
    """Put every indicator that has a direction and a yardstick on the common scale."""
    result = np.full(values.shape, np.nan)
    for place, (key, direction) in enumerate(scheme.directions.items()):
        if direction and key in fitted:
            result[:, place] = fitted[key](values[:, place], direction)
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


def _table(dataset: Dataset, columns: Mapping[str, Array]) -> pd.DataFrame:
    """Frame of one block, which is several times quicker than column by column."""
    regions = dataset.regions.index
    block = np.array([*columns.values()]).reshape(len(columns), len(regions))
    return pd.DataFrame(block.T, index=regions, columns=[*columns], copy=False)


def _reasons(index: pd.Series, reference: pd.Series, compared: pd.Series) -> pd.Series:
    words = pd.array(["", "outside", "screened", "coverage"], dtype="str")
    why = np.select(
        [index.notna().to_numpy(), ~reference.to_numpy(), ~compared.to_numpy()], [0, 1, 2], 3
    )
    return pd.Series(words.take(why), index=index.index, name="reason")


def _version_warning(dataset: Dataset, recipe: Recipe) -> list[Notice]:
    if recipe.dataset in ("", dataset.reference):
        return []
    message = f"The recipe was made for {recipe.dataset}; this is {dataset.reference}."
    return [Notice("other_version", message, recipe.dataset)]


def _spread_warnings(constant: tuple[str, ...]) -> list[Notice]:
    message = "Indicator '{}' is left out: it has the same value in all regions compared."
    return [Notice("constant", message.format(key), key) for key in constant]


def _place_warnings(unplaced: tuple[str, ...], recipe: Recipe) -> list[Notice]:
    message = (
        "Indicator '{}' is left out: it has a fixed scale, which normalise.method = '{}' cannot "
        "honour; choose 'minmax' or give normalise.range."
    )
    method = recipe.normalise.method
    return [Notice("fixed_scale", message.format(key, method), key) for key in unplaced]


def _empty_warning(recipe: Recipe, index: pd.Series) -> list[Notice]:
    if index.notna().any():
        return []
    least = recipe.aggregate.at(INDEX, 0).min_coverage
    message = (
        f"No region has a score: less than {least:g} of the weight is backed by data everywhere "
        "(aggregate.min_coverage); choose another year or give weight 0 to what has no values."
    )
    return [Notice("no_score", message)]
