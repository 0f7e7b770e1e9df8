"""The few lines that appear beside a region on the map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from views.selfcheck.marks import marked_names

if TYPE_CHECKING:
    from layers import Bands, Scores
    from views.figures import Figure
    from views.i18n import Words

__all__ = ["tips"]


def tips(show: str, shown: Figure, scores: Scores, bands: Bands, words: Words) -> list[list[str]]:
    """Lines per region: name, rank with band, score, strongest and weakest layer, shown value."""
    titles = marked_names(scores).tolist()
    ranks = _rank_lines(scores, bands, words)
    layers = _layer_lines(scores, words)
    extra = _shown_lines(show, shown, scores, bands, words)
    return [
        [title, *filter(None, (*lines, *more, last))]
        for title, lines, more, last in zip(titles, ranks, layers, extra, strict=True)
    ]


def _rank_lines(scores: Scores, bands: Bands, words: Words) -> list[tuple[str, ...]]:
    ranks = scores.ranks.astype("float64")
    count = int(ranks.notna().sum())
    lows, highs = (bands.bands[key].astype("float64") for key in ("rank_p05", "rank_p95"))
    missing = {key: words("map.tip_none") for key in ("coverage", "screened")}
    missing["outside"] = words("map.tip_outside")
    of = words.whole(count)
    rank_line, score_line = words.raw("map.tip_rank").format, words.raw("map.tip_score").format
    rows = (one.tolist() for one in (scores.reason, ranks, lows, highs, scores.index))
    return [
        (missing[reason],)
        if reason
        else (
            rank_line(rank=f"{rank:g}", of=of, low=f"{low:g}", high=f"{high:g}"),
            score_line(score=words.number(value, 1)),
        )
        for reason, rank, low, high, value in zip(*rows, strict=True)
    ]


def _layer_lines(scores: Scores, words: Words) -> list[tuple[str, ...]]:
    """Strongest and weakest layer by their place among all regions, so that scales don't matter."""
    used = scores.layer_contributions.columns[scores.layer_contributions.notna().any()]
    if len(used) < 2:  # noqa: PLR2004 -- with one layer there is nothing to contrast
        return [()] * len(scores.index)
    values = scores.layers[used].to_numpy()
    place = scores.layers[used].rank(pct=True).to_numpy()
    named = [words.of(scores.dataset.catalogue.layer_by_id[key].name) for key in used]
    known = ~np.isnan(place).all(axis=1)
    rows = np.arange(len(values))
    best = np.where(np.isnan(place), -np.inf, place).argmax(axis=1)
    worst = np.where(np.isnan(place), np.inf, place).argmin(axis=1)

    best_line, worst_line = words.raw("map.tip_best").format, words.raw("map.tip_worst").format
    contrasts = zip(
        known.tolist(), best.tolist(), values[rows, best].tolist(),
        worst.tolist(), values[rows, worst].tolist(), strict=True,
    )  # fmt: skip
    return [
        (
            best_line(name=named[high], value=words.number(much, 1)),
            worst_line(name=named[low], value=words.number(little, 1)),
        )
        if there
        else ()
        for there, high, much, low, little in contrasts
    ]


def _shown_lines(show: str, shown: Figure, scores: Scores, bands: Bands, words: Words) -> list[str]:
    kind, _, key = show.partition(":")
    if kind == "indicator":
        one = scores.dataset.catalogue.indicator_by_id[key]
        fixed = {"name": words.of(one.name), "unit": words.of(one.unit), "year": scores.years[key]}
        texts = (shown.write(value, words) for value in shown.values.tolist())
        return [words("map.tip_value", value=text, **fixed) for text in texts]
    if kind == "layer":
        name = words.of(scores.dataset.catalogue.layer_by_id[key].name)
        texts = (shown.write(value, words) for value in shown.values.tolist())
        return [words("map.tip_layer", name=name, value=text) for text in texts]
    line, shares = words.raw("map.tip_top").format, bands.bands["top_quarter"].astype("float64")
    return ["" if math.isnan(one) else line(share=words.percent(one)) for one in shares.tolist()]
