"""The part of the method page on the population grid, its figures filled in from the build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo import rurality
from geo.rasters.population import open_facts
from layers.errors import SourceError
from layers.paths import data_folder
from views.i18n import prose

if TYPE_CHECKING:
    from geo.rurality import Facts
    from views.i18n import Words

__all__ = ["section"]

#: Kreisregionen named as those farthest from the official index.
_APART = 4


def section(words: Words) -> str:
    """Return the section in Markdown; empty where no grid lies beside the dataset."""
    folder = data_folder() / "grid"
    try:
        grid, facts = open_facts(folder), rurality.facts(folder)
    except SourceError:
        return ""
    found = facts.agreement
    ratios = {
        f"{end}_{year}": words.number(values[place], 2)
        for year, values in grid["ratios"].items()
        for end, place in (("low", 0), ("high", 2))
    }
    counts = ("people", "cells", "attached_cells", "attached_people")
    return prose("method_grid", words.language).format(
        **{name: words.number(grid[name]) for name in counts},
        **ratios,
        year=grid["year"],
        regions=words.number(len(facts.regions)),
        explained=words.percent(facts.explained),
        loadings=_loadings(facts, words),
        pearson=words.number(found.pearson, 3),
        spearman=words.number(found.spearman, 3),
        same=words.percent(found.same),
        kappa=words.number(found.kappa, 2),
        confusion=_confusion(facts, words),
        apart=_apart(facts, words),
    )


def _loadings(facts: Facts, words: Words) -> str:
    rows = [
        f"| {words(f'rurality.{name}')} | {words.number(value, 2)} |"
        for name, value in facts.loadings.items()
    ]
    head = f"| {words('rurality.input')} | {words('rurality.loading')} |"
    return "\n".join([head, "|---|---:|", *rows])


def _confusion(facts: Facts, words: Words) -> str:
    called = [words(f"rurality.{name}") for name in rurality.CLASSES]
    counts = facts.agreement.confusion.to_numpy()
    rows = [
        f"| {name} | {' | '.join(words.number(count) for count in row)} |"
        for name, row in zip(called, counts, strict=True)
    ]
    head = f"| {words('rurality.official')} | {' | '.join(called)} |"
    return "\n".join([head, "|---|---:|---:|---:|", *rows])


def _apart(facts: Facts, words: Words) -> str:
    table = facts.regions
    distance = (table["index"] - table["official_index"]).abs()
    rows = table.loc[distance.nlargest(_APART).index]
    return "; ".join(
        words(
            "rurality.apart", name=row["name"], own=words.number(row["index"], 2),
            official=words.number(row["official_index"], 2),
        )
        for _, row in rows.iterrows()
    )  # fmt: skip
