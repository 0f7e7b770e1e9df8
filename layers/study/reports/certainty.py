"""Reports on the certainty of ranks: sobol, multiverse, extremes, leave-out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from layers.certainty.extremes import extremes
from layers.certainty.leave_out import leave_out
from layers.certainty.multiverse import multiverse
from layers.certainty.sobol import sobol
from layers.study.reports.report import assemble, number, percent, sentence, with_names
from layers.table import names

if TYPE_CHECKING:
    from layers.catalogue import Text
    from layers.certainty.multiverse import Values
    from layers.score import Scores
    from layers.study.reports.report import Report

__all__ = ["report_extremes", "report_leave_out", "report_multiverse", "report_sobol"]

Progress = Callable[[int, int], None]


def report_sobol(
    scores: Scores, choices: Mapping[str, Values], *, progress: Progress | None = None,
    **settings: Any,
) -> Report:  # fmt: skip
    """Run `layers.certainty.sobol.sobol` around the recipe of `scores`; settings as there.

    Tables: ``indices``.
    """
    found = sobol(scores.dataset, scores.recipe, choices, progress=progress, **settings)
    top = found.indices.iloc[0]
    words = [
        sentence("sobol_outcome" if found.outcome == "mean_rank_change" else "sobol_region",
                 region=found.outcome.removeprefix("rank:"), mean=number(found.mean, 1),
                 deviation=number(found.deviation, 1), evaluations=found.evaluations),
        sentence("sobol_strongest", input=found.indices.index[0], total=number(top["total"]),
                 low=number(top["total_low"]), high=number(top["total_high"]),
                 confidence=percent(found.confidence)),
    ]  # fmt: skip
    run = {
        "choices": _plain(choices), "outcome": found.outcome, "evaluations": found.evaluations,
        "mean": found.mean, "deviation": found.deviation, "seed": found.seed,
        "samples": found.samples, "resamples": found.resamples, "confidence": found.confidence,
        "spread": found.spread,
    }  # fmt: skip
    tables = {"indices": found.indices.rename_axis("input").reset_index()}
    return assemble("sobol", tables, words, scores, settings=run)


def report_multiverse(
    scores: Scores, choices: Mapping[str, Values], *, progress: Progress | None = None
) -> Report:
    """Run `layers.certainty.multiverse.multiverse` around the recipe of `scores`.

    Tables: ``bands`` (one row per region), ``influence``, ``variants``, ``ranks``.
    """
    found = multiverse(scores.dataset, scores.recipe, choices, progress=progress)
    words = [sentence("multiverse_run", run=found.ranks.shape[1], all=len(found.settings))]
    if found.influence["mean_change"].notna().any():
        strongest = found.influence.iloc[0]
        words.append(sentence("multiverse_strongest", choice=found.influence.index[0],
                              places=number(strongest["mean_change"], 1),
                              largest=number(strongest["largest_change"], 0)))  # fmt: skip
    tables = {
        "bands": with_names(found.bands[scores.selected], scores).sort_values(
            ["rank", "region"], na_position="last", ignore_index=True
        ),
        "influence": found.influence.rename_axis("choice").reset_index(),
        "variants": found.settings.reset_index(),
        "ranks": with_names(found.ranks[scores.selected].add_prefix("variant:"), scores),
    }
    known = set(scores.warnings)
    notices = tuple(notice for notice in found.warnings if notice not in known)
    return assemble("multiverse", tables, words, scores, notices=notices,
                    settings={"choices": _plain(choices)})  # fmt: skip


def report_extremes(
    scores: Scores, regions: Iterable[str], *, lower: Mapping[str, float] | None = None,
    upper: Mapping[str, float] | None = None, time_limit: float = 5.0,
    progress: Progress | None = None,
) -> Report:  # fmt: skip
    """Run `layers.certainty.extremes.extremes`. Tables: ``extremes``."""
    found = extremes(
        scores, regions, lower=lower, upper=upper, time_limit=time_limit, progress=progress
    )
    found.insert(0, "rank", scores.ranks.reindex(found.index))
    called = names(scores).reindex(found.index)
    rows = zip(called, found.to_dict("records"), strict=True)
    words = [_extreme_words(name, row) for name, row in rows]
    settings = {"time_limit": time_limit, "lower": lower or {}, "upper": upper or {}}
    tables = {"extremes": with_names(found, scores)}
    return assemble("extremes", tables, words, scores, settings=settings)


def report_leave_out(
    scores: Scores, kind: Literal["indicator", "layer"] = "indicator", *,
    progress: Progress | None = None,
) -> Report:  # fmt: skip
    """Run `layers.certainty.leave_out.leave_out` on the recipe of `scores`.

    Tables: ``summary`` (one row for each that was left out), ``ranks``, ``changes``.
    """
    found = leave_out(scores.dataset, scores.recipe, kind, progress=progress)
    summary = found.summary.rename_axis("left_out").reset_index()
    place = list(summary.columns).index("region")
    summary.insert(place + 1, "name", summary["region"].map(names(scores)))
    words = []
    if summary["mean_change"].notna().any():
        first = summary.iloc[0]
        words = [sentence("leave_out_strongest", key=first["left_out"], name=first["name"],
                          places=number(first["mean_change"], 1),
                          largest=number(first["largest_change"], 0))]  # fmt: skip
    tables = {
        "summary": summary,
        "ranks": with_names(found.ranks.assign(rank=found.base), scores),
        "changes": with_names(found.changes, scores),
    }
    return assemble("leave-out", tables, words, scores, settings={"kind": kind})


def _extreme_words(name: str, row: dict[Hashable, Any]) -> Text:
    def side(which: str) -> Text:
        key = "extreme_exact" if row[f"{which}_exact"] else f"extreme_{which}_bound"
        return sentence(key, rank=int(row[which]), bound=int(row[f"{which}_bound"]))

    return sentence("extreme", name=name, best=side("best"), worst=side("worst"))


def _plain(choices: Mapping[str, Values]) -> dict[str, Any]:
    return {
        field: dict(values) if isinstance(values, Mapping) else list(values)
        for field, values in choices.items()
    }
