"""Report on the computed kinds of place and how far they hang on their choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.catalogue import Text
from layers.kinds import counts, kinds, name_of_series, trends
from layers.kinds_doubt import SIZE_STEP, STEP, sensitivity
from layers.study.by_kind import by_kind, cross, official_types
from layers.study.reports.report import assemble, number, percent, sentence, with_names

if TYPE_CHECKING:
    from layers.kinds import Trend
    from layers.kinds_doubt import Sensitivity
    from layers.score import Scores
    from layers.study.reports.report import Report

__all__ = ["report_kinds"]


def report_kinds(scores: Scores, *, step: float = STEP, found: Sensitivity | None = None) -> Report:
    """Hand over the kinds that the recipe of `scores` chooses.

    Tables: ``kinds`` (one row per region), ``counts`` (one per kind), ``sensitivity`` (one per
    choice made otherwise), ``changes`` (which region changes under which), ``comparison`` (scores
    and layers by kind) and ``types`` (against the official types).

    Parameters
    ----------
    step : float
        By which the bounds of the trends are moved.
    found : Sensitivity, optional
        What `layers.kinds_doubt.sensitivity` said with that step, if it is known.

    Raises
    ------
    RecipeError
        If the dataset lacks a series, or it has no two years in the period.
    """
    dataset, choices = scores.dataset, scores.recipe.kinds
    table = kinds(dataset, choices)
    economy, people = trends(dataset, choices)
    one = dataset.plain.catalogue.indicator_by_id.get(choices.economy)
    turned = one is not None and one.direction == "-"
    found = found or sensitivity(dataset, choices, step=step)
    doubt = found.regions.drop(columns="kind_of_place")
    known = int(table["kind_of_place"].notna().sum())
    words = [
        sentence(
            "kinds_period", series=name_of_series(dataset, choices.economy),
            economy_from=economy.years[0], economy_to=economy.years[-1],
            population_from=people.years[0], population_to=people.years[-1],
            economy=_per_year(economy, turned=turned), population=_per_year(people),
        ),
        *([sentence("kinds_turned")] if turned else []),
        sentence("kinds_yardstick" if choices.yardstick == "national" else "kinds_absolute"),
        sentence(
            "kinds_sure", known=known, variants=len(found.variants),
            sure=int(doubt["sure"].sum()), but_series=int(doubt["sure_but_series"].sum()),
            step=number(step, 1), size_step=percent(SIZE_STEP),
        ),
    ]  # fmt: skip
    tables = {
        "kinds": with_names(table.join(doubt), scores), "counts": counts(table),
        "sensitivity": found.variants.rename_axis("variant").reset_index(),
        "changes": _changes(found, scores), "comparison": by_kind(scores),
    }  # fmt: skip
    types = [cross(scores, column) for column in official_types(scores)]
    if types:
        tables["types"] = pd.concat(types, ignore_index=True)
    settings = {"kinds": choices.model_dump(mode="json"), "step": step, "size_step": SIZE_STEP}
    return assemble("kinds", tables, words, scores, settings=settings)


def _per_year(trend: Trend, *, turned: bool = False) -> Text:
    """Write the change of all regions together, as the series itself goes."""
    whole = -trend.whole if turned else trend.whole
    if not trend.points:
        return percent(whole / 100, 2)
    plain = number(whole)
    return Text(de=f"{plain.de} Prozentpunkte", en=f"{plain.en} percentage points")


def _changes(found: Sensitivity, scores: Scores) -> pd.DataFrame:
    """One row per region and variant that changes its kind."""
    region, variant = found.changed.to_numpy().nonzero()
    rows = pd.DataFrame({"variant": variant}, index=found.changed.index[region])
    return with_names(rows, scores).sort_values(["variant", "region"], ignore_index=True)
