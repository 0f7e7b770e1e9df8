"""How much does a ranking hang on a single indicator or layer? Leave each out and see.

Each run sets one weight to 0; its siblings share what it had. A large change is no fault, but
must be known: the ranking stands or falls with that indicator.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 7,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

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
    reasons : dict
        What was left out -> why it was not run: "no_weight" if nothing with a weight would remain,
        "no_value" if nothing with a value would; "" if it was run.
    """

    base: pd.Series
    ranks: pd.DataFrame
    reasons: dict[str, str]

    @cached_property
    def changes(self) -> pd.DataFrame:
        """``ranks - base``: positive means that the region falls; missing where either is."""
        return self.ranks.sub(self.base, axis=0)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Per key, largest first, what becomes of the ranking.

        ``mean_change``, ``largest_change`` (absolute, over the regions ranked both times),
        ``region`` that moves most, ``lost`` (regions that have no rank without it, because too
        little data is left), ``reason`` why the changes are missing: as in `reasons`; "no_rank" if
        no region has a rank both times; else "".
        """
        rows = {
            key: (None, None, "", 0, reason) if reason
            else _row(self.changes[key].to_numpy(), self.base.to_numpy(), self.base.index)
            for key, reason in self.reasons.items()
        }  # fmt: skip
        table = pd.DataFrame.from_dict(rows, orient="index", columns=list(_COLUMNS))
        return table.sort_values("mean_change", ascending=False, kind="stable")


def leave_out(
    dataset: Dataset, recipe: Recipe, kind: Literal["indicator", "layer"] = "indicator",
    *, known: Scores | None = None, progress: Callable[[int, int], None] | None = None,
) -> LeaveOut:  # fmt: skip
    """Score `dataset` once without each scored indicator or layer (of every level).

    Parameters
    ----------
    known : Scores, optional
        What `score` gives for them, if it has been asked already.
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
    everything = score(dataset, recipe) if known is None else known
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
    reasons = {key: run if isinstance(run, str) else "" for key, run in runs.items()}
    return LeaveOut(base, ranks, reasons)


def _scored(scores: Scores, kind: str) -> list[str]:
    """Keys of what has a share of the index, in the order of the tree."""
    shares = scores.plan.shares()
    used = shares.index[shares["share_of_index"] > 0]
    return [key for key in used if key.startswith(f"{kind}:")]


def _without(everything: Scores, key: str) -> pd.Series | str:
    """Scores without `key`, or why nothing remains to be scored."""
    try:
        scheme = everything.plan.without(key)
        return reweighed(everything, _leaving_out(everything.recipe, key), scheme=scheme)
    except RecipeError as cause:
        if cause.code in _NOTHING_LEFT:
            return cause.code
        raise RecipeError(f"without {key}: {cause}", code=cause.code) from cause


def _leaving_out(recipe: Recipe, key: str) -> Recipe:
    """Take the weight of `key`; as all else stays, there is nothing to be checked anew."""
    return recipe.model_copy(update={"weights": {**recipe.weights, key: 0.0}})


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
