"""Report on people shared out over the regions by a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.catalogue import Text
from layers.provenance import Run
from layers.study.distribution import distribute
from layers.study.distribution_rule import INDICATOR
from layers.study.reports.bands import Extra
from layers.study.reports.report import (
    assemble,
    explain,
    number,
    percent,
    sentence,
    with_names,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from layers.score import Scores
    from layers.study.distribution import Distribution
    from layers.study.distribution_rule import Rule
    from layers.study.reports.report import Report

__all__ = ["distribution_columns", "report_distribution", "report_shared"]


def report_distribution(
    scores: Scores, people: Sequence[int], rule: Rule, *, draws: int = 1_000, seed: int = 1,
    spread: float | None = None,
) -> Report:  # fmt: skip
    """Run `layers.study.distribution.distribute`; tables as in `report_shared`.

    Raises
    ------
    RecipeError
        As `distribute` does.
    """
    found = distribute(scores, people, rule, draws=draws, seed=seed, spread=spread)
    return report_shared(scores, found)


def report_shared(scores: Scores, found: Distribution) -> Report:
    """Hand over what `distribute` found.

    Tables: ``distribution`` (one row per region), ``lands`` (sums per Land), ``steps`` (one row
    per region and step), ``distances`` (how far apart the distributions are).
    """
    tables = {"distribution": with_names(found.regions, scores)}
    if not found.lands.empty:
        tables["lands"] = _land_names(found.lands, scores)
    tables |= {"steps": found.steps, "distances": found.distances}
    return assemble("distribute", tables, _words(found, scores), scores, settings=_settings(found))


def distribution_columns(scores: Scores, found: Distribution) -> Extra:
    """Return the people of each region as columns to stand beside rank bands in a map file."""
    table = found.regions.reindex(scores.index.index)
    columns = explain("distribution", table.columns, scores.dataset.catalogue)
    return Extra(table, tuple(columns), Run("distribute", _settings(found)))


def _settings(found: Distribution) -> dict[str, Any]:
    settings: dict[str, Any] = {"people": list(found.people), "rule": found.rule.to_dict()}
    if found.draws:
        settings |= {
            "draws": found.asked_draws, "draws_used": found.draws, "seed": found.seed,
            "spread": found.spread,
        }  # fmt: skip
    if found.present is not None:
        settings["present"] = {
            "year": found.present.year, "population_year": found.present.population_year,
        }  # fmt: skip
    return settings


def _land_names(lands: pd.DataFrame, scores: Scores) -> pd.DataFrame:
    """Turn the index of Länder into the columns ``land`` and ``name``."""
    regions, table = scores.dataset.regions, lands.rename_axis("land").reset_index()
    if "land_name" in regions:
        called = regions.drop_duplicates("land").set_index("land")["land_name"]
        table.insert(1, "name", table["land"].map(called))
    return table


def _words(found: Distribution, scores: Scores) -> list[Text]:
    apart = found.distances["dissimilarity"]
    words = [
        sentence(
            "distribute_rule", people=_thousands(found.total), regions=len(found.regions),
            steps=len(found.people), rule=_rule_words(found.rule, scores),
        )
    ]  # fmt: skip
    if found.rule.cap is not None:
        full = int(found.regions["at_bound"].sum())
        words.append(sentence("distribute_cap", cap=number(found.rule.cap), full=full))
    if apart.notna().iloc[0]:
        words.append(sentence("distribute_apart", share=percent(apart.iloc[0], 1)))
    if found.present is not None and apart.notna().iloc[1]:
        words.append(sentence(
            "distribute_present", share=percent(apart.iloc[1], 1), year=found.present.year,
            population_year=found.present.population_year,
        ))  # fmt: skip
    if found.draws:
        counts = found.regions["against_population"].value_counts()
        kinds = {key: int(counts.get(key, 0)) for key in ("more", "fewer", "same", "open")}
        words.append(sentence("distribute_sure", **kinds))
    if found.unscored:
        words.append(sentence("distribute_unscored", count=len(found.unscored)))
    return [*words, sentence("distribute_limits")]


def _thousands(people: int) -> Text:
    written = f"{people:,}"
    return Text(de=written.replace(",", "."), en=written)


def _rule_words(rule: Rule, scores: Scores) -> Text:
    """Parts of the rule with their shares, in words."""
    known = scores.dataset.plain.catalogue.indicator_by_id
    said = None
    for part, share in rule.shares.items():
        key = part.removeprefix(INDICATOR)
        if key in known:
            name = sentence("distribute_part_indicator", name=known[key].name)
        else:
            name = sentence(f"distribute_part_{part}")
        one = sentence("distribute_part", name=name, share=percent(share))
        said = one if said is None else sentence("distribute_join", first=said, second=one)
    return said or sentence("distribute_part_population")
