"""Reports on whole runs: coherence, two runs side by side, several years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from layers.study.coherence import Kind, coherence
from layers.study.compare import compare, movers
from layers.study.panel import panel
from layers.study.reports.report import assemble, number, sentence, with_names
from layers.table import names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.catalogue import Text
    from layers.score import Scores
    from layers.study.compare import Comparison
    from layers.study.reports.report import Report

__all__ = ["report_coherence", "report_comparison", "report_panel"]


def report_coherence(
    scores: Scores, *, kind: Kind = "pearson", collinear: float = 0.9, negative: float = -0.4
) -> Report:
    """Run `layers.study.coherence.coherence`.

    Tables: ``weights`` (nominal and effective), ``pairs`` (correlations), ``layers`` (alpha,
    dimensions), ``variance``, ``groups`` (counted several times).
    """
    found = coherence(scores, kind=kind, collinear=collinear, negative=negative)
    flags = found.pairs["flag"].value_counts()
    words = [
        sentence("coherence_flags", collinear=int(flags.get("collinear", 0)),
                 negative=int(flags.get("negative", 0)), pairs=len(found.pairs)),
        sentence("coherence_groups", groups=found.groups["group"].nunique()),
    ]  # fmt: skip
    tables = {
        "weights": found.weights.rename_axis("key").reset_index(),
        "pairs": found.pairs,
        "layers": found.layers.rename_axis("layer").reset_index(),
        "variance": found.variance.reset_index(),
        "groups": found.groups,
    }
    settings = {"kind": kind, "collinear": collinear, "negative": negative}
    return assemble("coherence", tables, words, scores, settings=settings)


def report_comparison(before: Scores, after: Scores, *, count: int = 10) -> Report:
    """Run `layers.study.compare.compare` on two runs.

    Tables: ``comparison`` (one row per region), ``movers`` (the `count` regions that rose or fell
    most), ``agreement`` (correlations of the scores).
    """
    found = compare(before, after)
    tables = {
        "comparison": _named(found.table, before, after),
        "movers": _named(movers(found, count=count), before, after),
        "agreement": pd.DataFrame([{
            "regions": found.regions, "spearman": found.spearman, "kendall": found.kendall,
            "differs": " ".join(found.differs),
        }]).astype({"spearman": float, "kendall": float}),
    }  # fmt: skip
    words = [
        sentence(f"compare_differs_{cause}" if cause else "compare_same")
        for cause in found.differs or ("",)
    ]
    words += _agreement(found)
    return assemble(
        "compare", tables, words, before, after,
        settings={"before": before.recipe.to_dict(), "after": after.recipe.to_dict()},
        notices=tuple(notice for notice in after.warnings if notice not in before.warnings),
    )  # fmt: skip


def report_panel(
    scores: Scores, years: Sequence[int], *, base: int | Literal["pooled"] = "pooled",
    max_age: int | None = 0, complete: bool = False,
) -> Report:  # fmt: skip
    """Run `layers.study.panel.panel` with the dataset and recipe of `scores`.

    Tables: ``panel`` (one row per region and year), ``availability`` (indicator and year),
    ``partial`` (what a region has in some of the years only).
    """
    found = panel(
        scores.dataset, scores.recipe, years, base=base, max_age=max_age, complete=complete
    )
    table = found.table.copy()
    table.insert(1, "name", table["region"].map(names(scores)))
    scored = table["score"].notna().groupby(table["year"]).sum()
    words = [
        sentence("panel_year", year=year, regions=int(regions)) for year, regions in scored.items()
    ]
    words.append(sentence("panel_left_out", count=len(found.left_out)))
    settings = {"years": sorted(years), "base": base, "max_age": max_age, "complete": complete}
    tables = {"panel": table, "availability": found.availability, "partial": found.partial}
    return assemble(
        "panel", tables, words, scores, settings=settings, notices=found.warnings
    )  # fmt: skip


def _named(table: pd.DataFrame, before: Scores, after: Scores) -> pd.DataFrame:
    """Names from the second run, for regions it lacks from the first."""
    named = with_names(table, after)
    return named.assign(name=named["name"].fillna(named["region"].map(names(before))))


def _agreement(found: Comparison) -> list[Text]:
    if found.spearman is None:
        return [sentence("compare_few", regions=found.regions)]
    return [sentence("compare_agreement", regions=found.regions, rho=number(found.spearman))]
