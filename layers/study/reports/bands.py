"""What may stand beside rank bands: acceptability by blocks of ranks, and possible ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from layers.certainty.extremes import extremes
from layers.certainty.smaa import smaa
from layers.provenance import Run
from layers.study.reports.report import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layers.robust import Bands
    from layers.score import Scores
    from layers.table import Column

__all__ = ["Extra", "extra_columns"]

_SIDES = ("best", "best_bound", "best_exact", "worst", "worst_bound", "worst_exact")


@dataclass(frozen=True)
class Extra:
    """Further columns for the table of rank bands, by region, explained, and how they were made."""

    table: pd.DataFrame
    columns: tuple[Column, ...]
    run: Run


def extra_columns(
    scores: Scores, bands: Bands, *, blocks: Sequence[int] | None = None,
    time_limit: float | None = None, progress: Callable[[int, int], None] | None = None,
) -> Extra | None:  # fmt: skip
    """Compute further columns for `bands`, with the same draws; None if none is asked for.

    Parameters
    ----------
    blocks : sequence of int, optional
        Last rank of each block; gives ``block:1-10`` and so on, see `layers.certainty.smaa.smaa`.
    time_limit : float, optional
        Seconds of search per region and side; gives ``possible_best``, ``possible_worst`` with
        their bounds over all weightings, see `layers.certainty.extremes.extremes`.

    Raises
    ------
    RecipeError
        If the blocks or the limit make no sense.
    """
    parts = []
    if blocks is not None:
        accepted = smaa(
            scores, ends=blocks, draws=bands.draws, seed=bands.seed, spread=bands.spread,
            central=False,
        ).acceptability  # fmt: skip
        parts.append(accepted.add_prefix("block:"))
    if time_limit is not None:
        ranked = scores.index.index[scores.selected & scores.index.notna()]
        found = extremes(scores, ranked, time_limit=time_limit, progress=progress)
        parts.append(found[list(_SIDES)].add_prefix("possible_"))
    if not parts:
        return None
    table = pd.concat(parts, axis=1).reindex(scores.index.index)
    columns = explain("robust", table.columns, scores.dataset.catalogue)
    settings = {"blocks": list(blocks) if blocks else None, "time_limit": time_limit}
    return Extra(table, tuple(columns), Run("robust", settings))
