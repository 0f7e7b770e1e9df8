"""How much does a ranking hang on a single indicator or layer? Leave each out and see.

Each run sets one weight to 0; its siblings share what it had. A large change is no fault, but
must be known: the ranking stands or falls with that indicator.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 7,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from layers.certainty.multiverse import vary
from layers.errors import RecipeError
from layers.score import rank, score

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.dataset import Dataset
    from layers.recipe import Recipe
    from layers.score import Scores

__all__ = ["LeaveOut", "leave_out"]

_COLUMNS = ("mean_change", "largest_change", "region", "lost", "reason")


@dataclass(frozen=True)
class LeaveOut:
    """Ranks without each one.

    Attributes
    ----------
    base : Series
        Rank of each region with all of them; ties share the best place.
    ranks : DataFrame
        Regions x what was left out (``indicator:ID`` or ``layer:ID``).
    changes : DataFrame
        ``ranks - base``: positive means that the region falls; missing where either is.
    summary : DataFrame
        Per key, largest first: ``mean_change``, ``largest_change`` (absolute, over the regions
        ranked both times), ``region`` that moves most, ``lost`` (regions that have no rank without
        it, because too little data is left), ``reason``: "" or "no_weight" if nothing would remain
        to be scored, so that it was not run.
    """

    base: pd.Series
    ranks: pd.DataFrame
    changes: pd.DataFrame
    summary: pd.DataFrame


def leave_out(
    dataset: Dataset, recipe: Recipe, kind: Literal["indicator", "layer"] = "indicator",
    *, progress: Callable[[int, int], None] | None = None,
) -> LeaveOut:  # fmt: skip
    """Score `dataset` once without each scored indicator or layer (of every level).

    Parameters
    ----------
    progress : callable, optional
        Called with the number of runs done and that of all.

    Raises
    ------
    RecipeError
        As `score` does.
    """
    if kind not in ("indicator", "layer"):
        msg = f"leave out '{kind}': choose 'indicator' or 'layer'."
        raise RecipeError(msg)
    everything = score(dataset, recipe)
    base = _ranks(everything)
    runs, keys = {}, _scored(everything, kind)
    for done, key in enumerate(keys, start=1):
        runs[key] = _without(dataset, recipe, key)
        if progress:
            progress(done, len(keys))
    ranks = pd.DataFrame(
        {key: run for key, run in runs.items() if run is not None}, index=base.index
    )
    changes = ranks.sub(base, axis=0)
    rows = {key: _row(changes.get(key), base) for key in runs}
    summary = pd.DataFrame.from_dict(rows, orient="index", columns=list(_COLUMNS))
    return LeaveOut(base, ranks, changes, summary.sort_values(
        "mean_change", ascending=False, kind="stable"))  # fmt: skip


def _scored(scores: Scores, kind: str) -> list[str]:
    """Keys of what has a share of the index, in the order of the tree."""
    shares = scores.plan.shares()
    used = shares.index[shares["share_of_index"] > 0]
    return [key for key in used if key.startswith(f"{kind}:")]


def _without(dataset: Dataset, recipe: Recipe, key: str) -> pd.Series | None:
    """Ranks without `key`; None if nothing remains to be scored."""
    try:
        return _ranks(score(dataset, vary(recipe, {"leave_out": key})))
    except RecipeError as cause:
        if cause.code == "no_weight":
            return None
        raise RecipeError(f"without {key}: {cause}", code=cause.code) from cause


def _ranks(scores: Scores) -> pd.Series:
    return rank(scores.index).astype("Float64").astype(float)


def _row(
    change: pd.Series | None, base: pd.Series
) -> tuple[float | None, float | None, str, int, str]:
    if change is None:
        return None, None, "", 0, "no_weight"
    size = change.abs()
    lost = int((change.isna() & base.notna()).sum())
    if size.isna().all():
        return None, None, "", lost, ""
    return float(size.mean()), float(size.max()), str(size.idxmax()), lost, ""
