"""Scores as a linear function of the layers' shares: where every question about weights starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.catalogue import INDEX
from layers.errors import RecipeError
from layers.robust import Problem, problem_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.score import Scores

__all__ = ["Linear", "linear"]


@dataclass(frozen=True)
class Linear:
    """The layers below the index that have a weight, and the regions that have a score.

    Attributes
    ----------
    problem : Problem
        Arrays, one column per region of `regions`, one row per layer of `layers`.
    layers : tuple of str
    regions : Index
    """

    problem: Problem
    layers: tuple[str, ...]
    regions: pd.Index

    def places(self, names: Iterable[str]) -> list[int]:
        """Columns of the named regions.

        Raises
        ------
        RecipeError
            If a region is unknown or has no score.
        """
        wanted = list(names)
        found = self.regions.get_indexer(pd.Index(wanted, dtype=self.regions.dtype))
        for name, place in zip(wanted, found, strict=True):
            if place < 0:
                msg = f"region '{name}' has no rank under this recipe; choose one that has a score."
                raise RecipeError(msg)
        return [int(place) for place in np.asarray(found)]


def linear(scores: Scores, spread: float | None = None, *, plain: bool = False) -> Linear:
    """Bring scores into that form; `spread` as in `layers.robust.robust`.

    Parameters
    ----------
    plain : bool
        Whether the index may be a mean that is taken anew under every draw, such as a median:
        enough for analyses that only draw weights.

    Raises
    ------
    RecipeError
        With code "not_linear" if the index is a mean of a kind that will not do.
    """
    layers = tuple(member.key for member in scores.plan.members[INDEX] if member.weight > 0)
    regions = scores.index.index[scores.index.notna()]
    return Linear(problem_of(scores, layers, spread, plain=plain), layers, regions)
