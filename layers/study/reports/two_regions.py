"""Report on two regions: how often one is ahead, and what it would take to turn that round."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from layers.catalogue import Text
from layers.certainty.flip import Flip, flip
from layers.certainty.smaa import smaa
from layers.study.reports.report import assemble, percent, sentence
from layers.study.reports.services import services_tables
from layers.table import names

if TYPE_CHECKING:
    from layers.score import Scores
    from layers.study.reports.report import Report

__all__ = ["report_two_regions"]

#: Changes of a share below this are a solver's dust, not worth a word.
_SPECK = 5e-5


def report_two_regions(
    scores: Scores, first: str, second: str, *, draws: int = 10_000, seed: int = 1,
    spread: float | None = None,
) -> Report:  # fmt: skip
    """Compare two regions over many weightings and find the nearest weights that change places.

    Tables: ``wins`` (share of the weightings in which a region ranks above its rival), ``flips``
    (smallest change of weights after which the one behind overtakes, both ways), ``new_weights``
    (the weights that do it); where the dataset has the data, ``services`` and ``pace``: both
    regions beside all others in supply and newcomers.

    Raises
    ------
    RecipeError
        If a region has no rank, both are the same, or draws, seed or spread make no sense.
    """
    ways = ((first, second), (second, first))
    flips = {way: flip(scores, *way) for way in ways}
    found = smaa(
        scores, chosen=(first, second), draws=draws, seed=seed, spread=spread, central=False
    )
    shares = found.wins.to_numpy()
    wins = [(*way, float(shares[place])) for way, place in zip(ways, ((0, 1), (1, 0)), strict=True)]
    tables = {
        "wins": pd.DataFrame([_win_row(scores, *row) for row in wins]),
        "flips": pd.DataFrame([_flip_row(scores, *way, one) for way, one in flips.items()]),
        "new_weights": pd.concat(
            [_weight_rows(*way, one) for way, one in flips.items()], ignore_index=True
        ),
        **services_tables(scores, (first, second)),
    }
    words = [_wins_words(scores, first, second, wins[0][2], wins[1][2])]
    words += [_flip_words(scores, *way, one) for way, one in flips.items()]
    settings = {"draws": draws, "seed": seed, "spread": spread}
    return assemble("compare", tables, words, scores, settings=settings)


def _win_row(scores: Scores, region: str, rival: str, share: float) -> dict[str, object]:
    called = names(scores)
    return {
        "region": region, "name": called[region], "rank": scores.ranks[region],
        "rival": rival, "rival_name": called[rival], "share": share,
    }  # fmt: skip


def _flip_row(scores: Scores, ahead: str, behind: str, found: Flip) -> dict[str, object]:
    called = names(scores)
    distance = float("nan") if found.distance is None else found.distance
    return {
        "behind": behind, "behind_name": called[behind], "ahead": ahead,
        "ahead_name": called[ahead], "status": found.status, "reason": found.reason,
        "distance": distance, "moved": distance / 2,
    }  # fmt: skip


def _weight_rows(ahead: str, behind: str, found: Flip) -> pd.DataFrame:
    after = found.weights if found.weights is not None else found.before * float("nan")
    return pd.DataFrame({
        "behind": behind, "ahead": ahead, "layer": found.before.index,
        "share_before": found.before.to_numpy(), "share_after": after.to_numpy(),
        "change": (after - found.before).to_numpy(),
    })  # fmt: skip


def _wins_words(scores: Scores, first: str, second: str, wins: float, losses: float) -> Text:
    if math.isnan(wins):
        return sentence("wins_never", a=names(scores)[first], b=names(scores)[second])
    return sentence(
        "wins", a=names(scores)[first], b=names(scores)[second], rank_a=scores.ranks[first],
        rank_b=scores.ranks[second], wins=percent(wins, 1), losses=percent(losses, 1),
        ties=percent(max(0.0, 1 - wins - losses), 1),
    )  # fmt: skip


def _flip_words(scores: Scores, ahead: str, behind: str, found: Flip) -> Text:
    called = {"ahead": names(scores)[ahead], "behind": names(scores)[behind]}
    if found.weights is None or found.distance is None or found.status != "possible":
        return sentence(f"flip_{found.reason or found.status}", **called)
    changed = (found.weights - found.before).abs() > _SPECK
    layers = scores.dataset.catalogue.layer_by_id
    parts = [
        sentence("flip_layer", layer=layers[str(key)].name, before=percent(found.before[key], 1),
                 after=percent(found.weights[key], 1))
        for key in found.before.index[changed]
    ]  # fmt: skip
    if not parts:
        return sentence("flip_least", **called)
    steps = Text(de="; ".join(one.de for one in parts), en="; ".join(one.en for one in parts))
    return sentence("flip_possible", moved=percent(found.distance / 2, 2), steps=steps, **called)
