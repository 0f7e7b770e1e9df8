"""Report on two years side by side on one yardstick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.study.reports.report import assemble, sentence, with_names
from layers.table import names

if TYPE_CHECKING:
    from layers.score import Scores
    from layers.study.reports.report import Report
    from layers.study.years import YearChange

__all__ = ["report_years"]


def report_years(scores: Scores, found: YearChange, settings: dict[str, Any]) -> Report:
    """Hand over what `layers.study.years.year_change` found with the dataset of `scores`.

    Tables: ``comparison`` (one row per region, first against last year), ``panel`` (one row per
    region and year), ``availability`` (indicator and year), ``partial`` (what a region has in
    some of the years only, and counts in none).

    Parameters
    ----------
    settings : dict
        What was asked for beyond the recipe of `scores`.
    """
    table = found.panel.table.copy()
    table.insert(1, "name", table["region"].map(names(scores)))
    scored = table["score"].notna().groupby(table["year"]).sum()
    words = [
        sentence("panel_year", year=year, regions=int(regions)) for year, regions in scored.items()
    ]
    words.append(sentence("panel_left_out", count=len(found.panel.left_out)))
    words += [sentence(f"compare_differs_{cause}") for cause in found.comparison.differs]
    tables = {
        "comparison": with_names(found.comparison.table, scores), "panel": table,
        "availability": found.panel.availability, "partial": found.panel.partial,
    }  # fmt: skip
    settings = settings | {"years": list(found.shared.years), "share": found.shared.share}
    return assemble("years", tables, words, scores, settings=settings,
                    notices=found.panel.warnings)  # fmt: skip
