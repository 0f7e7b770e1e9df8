"""The few lines that appear beside a region on the map."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from views.i18n import words as words_of
from views.selfcheck.marks import marked_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers import Bands, Scores
    from views.figures import Figure
    from views.i18n import Language, Words

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
    places = ([_place(rank) for rank in one.tolist()] for one in (ranks, lows, highs))
    points = words.numbers(scores.index.to_numpy(), 1)
    return [
        (missing[reason],)
        if reason
        else (rank_line(rank=rank, of=of, low=low, high=high), score_line(score=point))
        for reason, rank, low, high, point in zip(
            scores.reason.tolist(), *places, points, strict=True
        )
    ]


@lru_cache(maxsize=1_024)
def _place(rank: float) -> str:
    return f"{rank:g}"


def _layer_lines(scores: Scores, words: Words) -> Sequence[tuple[str, ...]]:
    """Strongest and weakest layer by their place among all regions, so that scales don't matter."""
    counted = ~np.isnan(scores.layer_contributions.to_numpy()).all(axis=0)
    used = scores.layer_contributions.columns[counted]
    if len(used) < 2:  # noqa: PLR2004 -- with one layer there is nothing to contrast
        return [()] * len(scores.index)
    named = tuple(words.of(scores.dataset.catalogue.layer_by_id[key].name) for key in used)
    return _contrasts(scores.layers[used].to_numpy().tobytes(), named, words.language)


# Other weights between the layers leave them as they are; 0.1 MB each.
@lru_cache(maxsize=32)
def _contrasts(
    content: bytes, named: tuple[str, ...], language: Language
) -> tuple[tuple[str, ...], ...]:
    """Lines of all regions, from the values of the layers, region by region, and their names."""
    words = words_of(language)
    values = np.frombuffer(content).reshape(-1, len(named))
    place = pd.DataFrame(values).rank(pct=True).to_numpy()
    known = ~np.isnan(place).all(axis=1)
    rows = np.arange(len(values))
    best = np.where(np.isnan(place), -np.inf, place).argmax(axis=1)
    worst = np.where(np.isnan(place), np.inf, place).argmin(axis=1)

    best_line, worst_line = words.raw("map.tip_best").format, words.raw("map.tip_worst").format
    contrasts = zip(
        known.tolist(), best.tolist(), words.numbers(values[rows, best], 1),
        worst.tolist(), words.numbers(values[rows, worst], 1), strict=True,
    )  # fmt: skip
    return tuple(
        (best_line(name=named[high], value=much), worst_line(name=named[low], value=little))
        if there
        else ()
        for there, high, much, low, little in contrasts
    )


def _shown_lines(show: str, shown: Figure, scores: Scores, bands: Bands, words: Words) -> list[str]:
    kind, _, key = show.partition(":")
    if kind == "indicator":
        one = scores.dataset.catalogue.indicator_by_id[key]
        fixed = {"name": words.of(one.name), "unit": words.of(one.unit), "year": scores.years[key]}
        line, texts = words.raw("map.tip_value").format, shown.write_all(words)
        return [line(value=text, **fixed) for text in texts]
    if kind == "layer":
        name = words.of(scores.dataset.catalogue.layer_by_id[key].name)
        line = words.raw("map.tip_layer").format
        return [line(name=name, value=text) for text in shown.write_all(words)]
    line, shares = words.raw("map.tip_top").format, bands.bands["top_quarter"].astype("float64")
    return ["" if math.isnan(one) else line(share=words.percent(one)) for one in shares.tolist()]
