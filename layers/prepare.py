"""Stages before normalising: counts to rates, screening, imputing, treating outliers.

Only the regions that are compared inform any parameter; only indicators that are scored are
imputed and treated, since anything else would invent values that nobody asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers.errors import Notice, RecipeError
from layers.impute import ImputedFrame, impute
from layers.screen import Rate, denominate_table, screen
from layers.treat import Treated, treat, untreated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.dataset import Dataset, Selection
    from layers.recipe import Impute, Recipe

__all__ = ["Prepared", "prepare"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Prepared:
    """Values after each stage, regions x indicators.

    Attributes
    ----------
    rates : DataFrame
        As selected, counts divided by their denominators.
    compared : Series of bool
        Regions of the reference set that passed the screening.
    imputed : DataFrame
        Rates with gaps filled; NaN for regions that are not compared.
    imputed_cells : DataFrame of bool
        Which of them were filled.
    value_years : DataFrame
        Year that each value stems from: an imputed one may be older.
    treated : DataFrame
        After the treatment of outliers.
    treatment, treatment_summary : DataFrame
        As `layers.treat.Treated.cells` and ``summary``.
    flags : DataFrame
        Flags of the selection, with the words ``imputed`` and ``treated`` added.
    warnings : tuple of Notice
    """

    rates: pd.DataFrame
    compared: pd.Series
    imputed: pd.DataFrame
    imputed_cells: pd.DataFrame
    value_years: pd.DataFrame
    treated: pd.DataFrame
    treatment: pd.DataFrame
    treatment_summary: pd.DataFrame
    flags: pd.DataFrame
    warnings: tuple[Notice, ...]


def prepare(
    dataset: Dataset, recipe: Recipe, selection: Selection, reference: pd.Series,
    directions: Mapping[str, int],
) -> Prepared:  # fmt: skip
    """Run these stages as the recipe says.

    Parameters
    ----------
    selection : Selection
        Values of one year, with their years and flags.
    reference : Series of bool
        Regions of the reference set.
    directions : mapping
        Scored indicator -> 1 or -1.

    Raises
    ------
    RecipeError
        If the recipe names unknown regions, attributes or denominators, leaves no region, or asks
        for a treatment that the values forbid.
    """
    rates, warnings = _rates(dataset, recipe, selection.values)
    directions = _expected(dataset, directions)
    wanted = list(directions)
    compared = _screened(recipe, rates, wanted, reference)
    filled = _imputed(
        dataset, recipe, rates, selection.years, compared=compared, directions=directions
    )
    treated = _treated(recipe, filled.values, compared, wanted)
    return Prepared(
        rates=rates, compared=compared, imputed=filled.values, imputed_cells=filled.imputed,
        value_years=filled.years, treated=treated.values, treatment=treated.cells,
        treatment_summary=treated.summary,
        flags=_flags(selection.flags, filled.imputed, treated.cells), warnings=warnings,
    )  # fmt: skip


def _expected(dataset: Dataset, directions: Mapping[str, int]) -> Mapping[str, int]:
    """Leave out what is expected of some regions only: gaps there are none, nor outliers."""
    catalogue = dataset.catalogue
    optional = {one.id for layer in catalogue.layers if layer.optional for one in layer.indicators}
    if optional.isdisjoint(directions):
        return directions
    return {key: sign for key, sign in directions.items() if key not in optional}


def _rates(
    dataset: Dataset, recipe: Recipe, values: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    if not recipe.denominate:
        return values, ()
    rates = {key: Rate(one.by, one.scale) for key, one in recipe.denominate.items()}
    result, reasons = denominate_table(values, _denominators(dataset, values), rates)
    message = "Indicator '{}' is no rate in {} regions: '{}' is missing or 0 there."
    lost = {key: int((~reasons[key].isin(["", "no_value"])).sum()) for key in rates}
    return result, tuple(
        Notice("no_denominator", message.format(key, count, rates[key].by), key)
        for key, count in lost.items()
        if count
    )


def _denominators(dataset: Dataset, values: pd.DataFrame) -> pd.DataFrame:
    """Numeric attributes of the regions, and the indicators as selected."""
    attributes = dataset.regions.select_dtypes("number")
    return values.join(attributes[attributes.columns.difference(values.columns)])


def _screened(
    recipe: Recipe, values: pd.DataFrame, wanted: list[str], reference: pd.Series
) -> pd.Series:
    choice = recipe.screen
    if choice == type(choice)():
        return reference
    found = screen(
        values[wanted],
        choice.minimum,
        non_zero=choice.non_zero,
        always=choice.always,
        never=choice.never,
    )
    compared = reference & found.kept
    if not compared.any():
        msg = "recipe: [screen] and [filter] together leave no region; ask for less of one of them."
        raise RecipeError(msg)
    return compared


def _imputed(
    dataset: Dataset, recipe: Recipe, rates: pd.DataFrame, years: pd.Series, *,
    compared: pd.Series, directions: Mapping[str, int],
) -> ImputedFrame:  # fmt: skip
    scope = compared.to_numpy(dtype=bool)
    values = np.where(scope[:, None], rates.to_numpy(dtype=np.float64), np.nan)
    cells = np.zeros(values.shape, dtype=bool)
    when = np.broadcast_to(years.reindex(rates.columns).to_numpy(dtype=np.int64), values.shape)
    if recipe.impute.active:
        when = when.copy()
        inside, table = rates.loc[scope, list(directions)], _rated_table(dataset, recipe)
        for choice, keys in _alike(recipe, directions):
            filled = impute(
                dataset, inside, years, choice.method, by=choice.by, max_age=choice.max_age,
                neighbours=choice.neighbours, directions=directions, table=table,
            )  # fmt: skip
            place = np.ix_(scope, rates.columns.get_indexer(pd.Index(keys)))
            values[place] = filled.values[keys].to_numpy()
            cells[place] = filled.imputed[keys].to_numpy()
            when[place] = filled.years[keys].to_numpy()
    return ImputedFrame(_like(values, rates), _like(cells, rates), _like(when, rates))


def _alike(recipe: Recipe, directions: Mapping[str, int]) -> list[tuple[Impute, list[str]]]:
    """Each choice that fills anything, with its indicators."""
    groups: list[tuple[Impute, list[str]]] = []
    for key in directions:
        choice = recipe.impute.of(key)
        same = [keys for other, keys in groups if other == choice]
        if same:
            same[0].append(key)
        else:
            groups.append((choice, [key]))
    return [group for group in groups if group[0].method != "none"]


def _rated_table(dataset: Dataset, recipe: Recipe) -> pd.DataFrame:
    """Build the long table with counts as rates, so that an earlier year is filled in alike.

    An earlier count is divided by the denominator in use, as far as that has no year of its own.
    """
    table = dataset.values
    if not recipe.denominate:
        return table
    table = table.assign(value=table["value"].astype("float64"))
    divisors = _denominators(dataset, dataset.select(recipe.year_limit).values)
    for key, one in recipe.denominate.items():
        rows = table["indicator"] == key
        counts = table.loc[rows].set_index("region")["value"]
        divisor = divisors[one.by].reindex(counts.index)
        rated = one.scale * counts / divisor.where(divisor > 0)
        table.loc[rows, "value"] = rated.to_numpy()
    return table


def _treated(
    recipe: Recipe, values: pd.DataFrame, compared: pd.Series, wanted: list[str]
) -> Treated:
    if not recipe.treat.active:
        return untreated(values)
    own = {key: recipe.treat.rule(key) for key in recipe.treat.indicators if key in wanted}
    scope = compared.to_numpy(dtype=bool)
    found = treat(values.loc[scope, wanted], recipe.treat.rule(), own)
    after = values.to_numpy(dtype=np.float64, copy=True)
    after[np.ix_(scope, values.columns.get_indexer(pd.Index(wanted)))] = found.values.to_numpy()
    return found._replace(values=_like(after, values))


def _flags(flags: pd.DataFrame, imputed: pd.DataFrame, treated: pd.DataFrame) -> pd.DataFrame:
    cells = imputed.to_numpy()
    if not cells.any() and treated.empty:
        return flags
    words = flags.to_numpy(dtype=object, copy=True)
    moved = np.zeros(words.shape, dtype=bool)
    moved[
        flags.index.get_indexer(pd.Index(treated["region"])),
        flags.columns.get_indexer(pd.Index(treated["indicator"])),
    ] = True
    for mask, word in ((cells, "imputed"), (moved, "treated")):
        words[mask] = [f"{old} {word}".strip() for old in words[mask]]
    return _like(words, flags)


def _like(content: np.ndarray[Any, Any], frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(content, index=frame.index, columns=frame.columns, copy=False)
