"""How much does a ranking hang on a single indicator or layer? Leave each out and see.

Each run sets one weight to 0; its siblings share what it had. A large change is no fault, but
must be known: the ranking stands or falls with that indicator.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 7,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from layers.certainty.multiverse import vary
from layers.errors import RecipeError
from layers.score import reweighed, score

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.dataset import Dataset
    from layers.recipe import Recipe
    from layers.score import Scores

__all__ = ["LeaveOut", "leave_out"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

#: Errors that say that nothing but what is left out can be scored.
_NOTHING_LEFT = ("no_weight", "no_value")
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
        it, because too little data is left), ``reason`` why the changes are missing: "no_weight" if
        nothing with a weight would remain, "no_value" if nothing with a value would, so that it
        was not run; "no_rank" if no region has a rank both times; else "".
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
    base = _ranked(everything.index.to_frame()).iloc[:, 0]
    runs: dict[str, pd.Series | str] = {}
    keys = _scored(everything, kind)
    for done, key in enumerate(keys, start=1):
        runs[key] = _without(everything, key)
        if progress:
            progress(done, len(keys))
    ranks = _ranked(pd.DataFrame(
        {key: run for key, run in runs.items() if not isinstance(run, str)}, index=base.index
    ))  # fmt: skip
    changes = ranks.sub(base, axis=0)
    rows = {
        key: (None, None, "", 0, run) if isinstance(run, str)
        else _row(changes[key].to_numpy(), base.to_numpy(), base.index)
        for key, run in runs.items()
    }  # fmt: skip
    summary = pd.DataFrame.from_dict(rows, orient="index", columns=list(_COLUMNS))
    return LeaveOut(base, ranks, changes, summary.sort_values(
        "mean_change", ascending=False, kind="stable"))  # fmt: skip


def _scored(scores: Scores, kind: str) -> list[str]:
    """Keys of what has a share of the index, in the order of the tree."""
    shares = scores.plan.shares()
    used = shares.index[shares["share_of_index"] > 0]
    return [key for key in used if key.startswith(f"{kind}:")]


def _without(everything: Scores, key: str) -> pd.Series | str:
    """Scores without `key`, or why nothing remains to be scored."""
    try:
        return reweighed(everything, vary(everything.recipe, {"leave_out": key}))
    except RecipeError as cause:
        if cause.code in _NOTHING_LEFT:
            return cause.code
        raise RecipeError(f"without {key}: {cause}", code=cause.code) from cause


def _ranked(scores: pd.DataFrame) -> pd.DataFrame:
    """Rank every column as `layers.score.rank` does; missing where the score is."""
    return scores.rank(ascending=False, method="min")


def _row(
    change: Array, base: Array, regions: pd.Index
) -> tuple[float | None, float | None, str, int, str]:
    size, gone = np.abs(change), np.isnan(change)
    lost = int((gone & ~np.isnan(base)).sum())
    if gone.all():
        return None, None, "", lost, "no_rank"
    most = int(np.nanargmax(size))
    return float(np.nanmean(size)), float(size[most]), str(regions[most]), lost, ""
