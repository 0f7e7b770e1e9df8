"""The weightings behind rank bands, for those who want to check or reuse them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.certainty.linear import linear
from layers.robust import CHUNK, check_draws, draw

if TYPE_CHECKING:
    from layers.score import Scores

__all__ = ["weightings"]


def weightings(
    scores: Scores, *, draws: int = 1_000, seed: int = 1, spread: float | None = None
) -> pd.DataFrame:
    """Return the weightings that `layers.robust.robust_scores` draws with the same settings.

    Returns
    -------
    DataFrame
        Draws (numbered from 1) x varied layers: shares of the index, each row adds up to 1.

    Raises
    ------
    RecipeError
        If draws, seed or spread make no sense.
    """
    check_draws(draws, seed, spread)
    form = linear(scores, spread, plain=True)
    chunks = [
        draw(form.problem, seed, number, min(CHUNK, draws - number * CHUNK))
        for number in range(-(-draws // CHUNK))
    ]
    rows = pd.RangeIndex(1, draws + 1, name="draw")
    return pd.DataFrame(np.concatenate(chunks), index=rows, columns=list(form.layers))
