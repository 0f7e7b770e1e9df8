"""Scores of several years that can be compared, because one yardstick is used for all of them.

Normalised year by year, a score only says where a region stands among the others of that year.
Here the parameters of the normalisation (min, max, mean, ...) are fixed once: on a base year or on
all years together. Everything else is as in `layers.score`; counts are turned into rates, regions
screened and gaps filled in each year by itself. Outliers cannot be treated: winsorising or a
logarithm would move each year by an amount of its own.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from layers import normalise
from layers.catalogue import INDEX
from layers.errors import Notice, RecipeError
from layers.prepare import prepare
from layers.regions import choose
from layers.score import rank
from layers.seen import seen
from layers.tree import up_the_tree
from layers.weigh import Plan, plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layers.catalogue import Catalogue
    from layers.dataset import Dataset
    from layers.normalise import Fitted
    from layers.recipe import Recipe

__all__ = ["Panel", "panel"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Panel:
    """Scores over years.

    Attributes
    ----------
    table : DataFrame
        Long: ``region``, ``year``, ``score``, ``rank`` (among the regions of that year),
        ``coverage`` (share of the weight backed by data), ``layer_<id>``, ``reason`` why a score
        is missing: "outside" the reference set, "screened" or "coverage", else "".
    availability : DataFrame
        Long: ``indicator``, ``year``, ``year_used`` (0 if none), ``regions`` with a value,
        ``state``: "own" (values of that year), "carried" (of an earlier year), "none" (no value
        in the years allowed) or "no yardstick" (no value or no spread in the base, so that
        nothing can be compared, or a fixed scale that the method has no ends for); for all
        indicators with a weight.
    left_out : tuple of str
        Indicators without spread in the base or with a fixed scale that the method has no ends
        for, and if only complete ones were asked for those that lack a value in one of the years
        or in the base. They weigh nothing in any year.
    base : int or "pooled"
        As asked for.
    yardsticks : dict
        The fitted normalisation of each indicator (`layers.methods.frozen.to_dict` keeps it).
    partial : DataFrame
        Long: ``region``, ``indicator``: what a region has in some of the years only. If complete
        indicators were asked for, these values count in no year.
    warnings : tuple of Notice
        One for each indicator that is left out or cannot be used in some year, and for each
        year in which no region has a score.
    """

    table: pd.DataFrame
    availability: pd.DataFrame
    left_out: tuple[str, ...]
    base: int | Literal["pooled"]
    yardsticks: dict[str, Fitted]
    partial: pd.DataFrame
    warnings: tuple[Notice, ...]


def panel(
    dataset: Dataset,
    recipe: Recipe,
    years: Sequence[int],
    *,
    base: int | Literal["pooled"] = "pooled",
    max_age: int | None = 0,
    complete: bool = False,
) -> Panel:
    """Score several years against one yardstick.

    Each indicator is normalised with parameters from the reference set (see `Recipe.reference`)
    of the base year, or of all `years` pooled, each value once. Outside the base, min-max values
    may leave their range. The recipe's own year has no effect.

    Parameters
    ----------
    years : sequence of int
        Each once, in any order.
    base : int or "pooled"
        A year, which need not be among `years`.
    max_age : int or None
        How many years old a value may be (0: of that very year; None: any age). As in
        `Dataset.select`, the newest year in which any region has a value counts.
    complete : bool
        Leave out indicators that have no value in one of the years or in the base, and of each
        region those that it lacks in one of the years (`Panel.partial`), so that all years of a
        region rest on the same indicators. Otherwise such a gap hands its weight on to the other
        indicators of that year, as in any score, and part of a change is only that: compare
        `Panel.availability` and `Panel.partial` then.

    Raises
    ------
    RecipeError
        If years, base or age make no sense, nothing can be scored, outliers are to be treated, or
        an indicator has no spread in the base and `normalise.constant` is "error".
    """
    _check(recipe, years, base, max_age)
    dataset = seen(dataset, recipe)
    chosen = choose(dataset.regions, recipe.filter)
    scope = (chosen if recipe.reference.set == "filtered" else chosen | True).to_numpy(dtype=bool)
    nominal = plan(dataset.catalogue, recipe)
    source = _Source(dataset, recipe, nominal, scope, max_age)
    waves = {year: _wave(source, year) for year in sorted(years)}
    yardsticks = waves if base == "pooled" else {base: _wave(source, base)}
    fitted, unfit = _fit(recipe, nominal, yardsticks, dataset.catalogue)
    wanted = [key for key in nominal.directions if key in nominal.scored()]
    gone = [
        key for key in wanted
        if key in unfit or (complete and not _always(key, waves, fitted))
    ]  # fmt: skip
    if not any(key in fitted and key not in gone for key in wanted):
        raise _nothing_left(base)
    partial = _partial(waves, [key for key in wanted if key not in gone])
    if complete:
        waves = {year: _without(wave, partial) for year, wave in waves.items()}
    final = plan(dataset.catalogue, recipe, left_out=frozenset(gone))
    availability = _availability(waves, wanted, fitted)
    run = _Run(dataset, recipe, final, fitted, scope)
    table = pd.concat([_score(run, wave) for wave in waves.values()], ignore_index=True)
    return Panel(
        table=table, availability=availability, left_out=tuple(gone), base=base,
        yardsticks=fitted, partial=_cells(partial),
        warnings=(*_warnings(availability, gone), *_empty_years(table)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Wave:
    """Values of one year (regions x indicators) and the year they are from; 0 for none.

    Only the regions compared in that year have values: those in scope that pass the screening.
    """

    year: int
    values: pd.DataFrame
    years: pd.Series
    compared: Mask


@dataclass(frozen=True)
class _Source:
    """Where the values of a year come from."""

    dataset: Dataset
    recipe: Recipe
    plan: Plan
    scope: Mask
    max_age: int | None


def _check(recipe: Recipe, years: Sequence[int], base: int | str, max_age: int | None) -> None:
    if recipe.treat.active:
        msg = (
            "panel: outliers would be moved in each year by an amount of its own, so that years "
            "could not be compared; set treat.method = 'none'."
        )
        raise RecipeError(msg, code="treated_panel")
    if not years or len(set(years)) < len(years):
        msg = f"panel: years = {list(years)}; at least one year and each only once is needed."
        raise RecipeError(msg)
    if isinstance(base, str) and base != "pooled":
        msg = f"panel: base = '{base}'; a year or 'pooled' is needed."
        raise RecipeError(msg)
    if max_age is not None and max_age < 0:
        msg = f"panel: max_age = {max_age}; 0 or more years are needed, or none for any age."
        raise RecipeError(msg)


def _wave(source: _Source, year: int) -> _Wave:
    selection = source.dataset.select(year)
    fresh = selection.years >= (0 if source.max_age is None else year - source.max_age)
    selection = dataclasses.replace(
        selection,
        # `where` along columns breaks in pandas 3.0.0.
        values=selection.values.loc[:, fresh].reindex(columns=selection.values.columns),
        years=selection.years.where(fresh, 0),
    )  # fmt: skip
    scored = source.plan.scored()
    turns = {key: sign for key, sign in source.plan.directions.items() if key in scored}
    scope = pd.Series(source.scope, index=selection.values.index)
    # The recipe's own year would say which denominators turn the counts of earlier years to rates.
    recipe = source.recipe.model_copy(update={"year": year})
    prepared = prepare(source.dataset, recipe, selection, scope, turns)
    compared = prepared.compared.to_numpy(dtype=bool)
    return _Wave(year, prepared.imputed, selection.years, compared)


@dataclass(frozen=True)
class _Run:
    """What is the same in all years."""

    dataset: Dataset
    recipe: Recipe
    plan: Plan
    fitted: Mapping[str, Fitted]
    scope: Mask


def _reference(yardsticks: Mapping[int, _Wave], key: str) -> Array:
    """Known values of one indicator in the reference set, those of each year once."""
    by_year = {int(wave.years[key]): wave.values[key] for wave in yardsticks.values()}
    columns = [column.to_numpy(dtype=np.float64) for column in by_year.values()]
    values: Array = np.concatenate(columns)
    return values[~np.isnan(values)]


def _fit(
    recipe: Recipe, nominal: Plan, yardsticks: Mapping[int, _Wave], catalogue: Catalogue
) -> tuple[dict[str, Fitted], set[str]]:
    """Fix the parameters of every indicator with a direction; and scored ones that have none.

    Those have no spread, or a fixed scale that the method has no ends for, as in `layers.score`.
    """
    fitted, unfit = {}, set()
    scored = nominal.scored()
    for key, direction in nominal.directions.items():
        reference, scale = _reference(yardsticks, key), catalogue.indicator_by_id[key].scale
        yardstick = normalise.fit_known(
            reference, recipe.normalise, key, direction, required=key in scored, scale=scale
        )
        if yardstick is not None:
            fitted[key] = yardstick
        elif reference.size and key in scored:
            if scale is None and recipe.normalise.constant == "error":
                raise _constant(key)
            unfit.add(key)
    return fitted, unfit


def _constant(key: str) -> RecipeError:
    msg = (
        f"panel: indicator '{key}' has the same value everywhere in the base, so there is nothing "
        "to compare; give it weight 0 or set normalise.constant = 'drop'."
    )
    return RecipeError(msg, code="constant")


def _always(key: str, waves: Mapping[int, _Wave], fitted: Mapping[str, Fitted]) -> bool:
    return key in fitted and all(wave.years[key] > 0 for wave in waves.values())


def _partial(waves: Mapping[int, _Wave], keys: list[str]) -> pd.DataFrame:
    """Whether a region has an indicator in some of the years, but not in all."""
    known = [wave.values[keys].notna() for wave in waves.values()]
    always, ever = known[0], known[0]
    for one in known[1:]:
        always, ever = always & one, ever | one
    return ever & ~always


def _without(wave: _Wave, cells: pd.DataFrame) -> _Wave:
    values = wave.values.copy()
    values[cells.columns] = values[cells.columns].mask(cells)
    return dataclasses.replace(wave, values=values)


def _cells(marked: pd.DataFrame) -> pd.DataFrame:
    rows, columns = np.nonzero(marked.to_numpy())
    return pd.DataFrame({"region": marked.index[rows], "indicator": marked.columns[columns]})


def _nothing_left(base: int | str) -> RecipeError:
    msg = (
        f"panel: no indicator with a weight can be compared over these years (base = {base}); "
        "choose other years or a larger max_age, or do not ask for complete indicators."
    )
    return RecipeError(msg, code="no_value")


def _score(run: _Run, wave: _Wave) -> pd.DataFrame:
    columns = {}
    for key, direction in run.plan.directions.items():
        known = wave.values[key].to_numpy(dtype=np.float64)
        yardstick = run.fitted.get(key)
        columns[key] = yardstick(known, direction) if yardstick else known * np.nan
    tree = up_the_tree(run.dataset.catalogue, run.recipe, run.plan, columns)
    regions = run.dataset.regions.index
    score = pd.Series(tree.values[INDEX])
    head = {
        "region": regions, "year": wave.year, "score": tree.values[INDEX],
        "rank": rank(score, run.recipe.ties).array, "coverage": tree.coverage[INDEX],
    }  # fmt: skip
    layers = {f"layer_{one.id}": tree.values[one.id] for one in run.dataset.catalogue.layers}
    why = np.select(
        [score.notna(), ~run.scope, ~wave.compared], ["", "outside", "screened"], "coverage"
    )
    return pd.DataFrame(head | layers | {"reason": why})


def _availability(
    waves: Mapping[int, _Wave], wanted: list[str], fitted: Mapping[str, Fitted]
) -> pd.DataFrame:
    rows = [
        (key, year, int(wave.years[key]), int(wave.values[key].notna().sum()),
         _state(key, wave, fitted))
        for key in wanted
        for year, wave in waves.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["indicator", "year", "year_used", "regions", "state"])


def _state(key: str, wave: _Wave, fitted: Mapping[str, Fitted]) -> str:
    if wave.years[key] == 0:
        return "none"
    if key not in fitted:
        return "no yardstick"
    return "own" if wave.years[key] == wave.year else "carried"


def _warnings(availability: pd.DataFrame, left_out: list[str]) -> tuple[Notice, ...]:
    notices = [Notice("left_out", f"Indicator '{key}' is left out.", key) for key in left_out]
    unusable = availability["state"].isin(["none", "no yardstick"])
    for key, years in availability[unusable].groupby("indicator", sort=False)["year"]:
        if key not in left_out:
            message = f"Indicator '{key}' cannot be used in {', '.join(map(str, years))}."
            notices.append(Notice("no_value_in_year", message, str(key)))
    return tuple(notices)


def _empty_years(table: pd.DataFrame) -> list[Notice]:
    scored = table["score"].notna().groupby(table["year"]).any()
    message = (
        "No region has a score in {}: too much of the weight has no value. Allow older values "
        "(max_age), ask for complete indicators only, or lower aggregate.min_coverage."
    )
    empty = [str(year) for year, any_score in scored.items() if not any_score]
    return [Notice("no_score_in_year", message.format(year), year) for year in empty]
