"""Several people's weightings laid over each other: where they agree, where they do not.

Every person's weights give scores of their own. Two things are compared: the shares that the
layers get (what people want), and the ranks that follow (what it means for the regions). People
may want very different things and still mean the same regions, or the other way round.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6 (budget
allocation), doi:10.1787/9789264043466-en; for the concordance see `layers.weighting.judgement`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.catalogue import INDEX
from layers.errors import RecipeError
from layers.weigh import plan
from layers.weighting.judgement import Budget, budget, kendall_w

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.catalogue import Catalogue
    from layers.recipe import Recipe
    from layers.score import Scores

__all__ = ["Group", "group", "layer_shares"]

#: The best quarter of the regions; its size is rounded up, as in `layers.robust`.
_QUARTER = 0.25
#: Fewest people who can agree or disagree.
_SEVERAL = 2


@dataclass(frozen=True)
class Group:
    """Several weightings of the same regions.

    Attributes
    ----------
    shares : DataFrame
        People x layers directly below the index; fractions, each row adds up to 1.
    layers : Budget
        Mean share of every layer, how far people differ, and the concordance of their orders.
    ranks : DataFrame
        Regions x people; missing where a person's weights give no score.
    regions : DataFrame
        By region: ``rank_mean``, ``rank_best``, ``rank_worst`` (lowest and highest rank anybody
        gives), ``range`` (worst - best), ``deviation`` (sample standard deviation of the ranks),
        ``quarter`` (number of people who have it in their best quarter) and ``people`` (who rank
        it at all). All but ``people`` are missing unless everybody ranks the region.
    kendall_w : float or None
        Concordance of the ranks of the regions that everybody ranks, 0 (none) to 1 (the same
        order); None if there are fewer than two of them.
    """

    shares: pd.DataFrame
    layers: Budget
    ranks: pd.DataFrame
    regions: pd.DataFrame
    kendall_w: float | None

    @property
    def people(self) -> int:
        """How many weightings."""
        return len(self.shares)

    def always(self) -> pd.DataFrame:
        """Regions in everybody's best quarter, by mean rank."""
        return self._with_quarter(self.people)

    def never(self) -> pd.DataFrame:
        """Regions in nobody's best quarter, by mean rank."""
        return self._with_quarter(0)

    def disputed(self, count: int = 10) -> pd.DataFrame:
        """Regions whose ranks lie farthest apart; equal ranges by standard deviation."""
        known = self.regions.dropna(subset=["range"])
        known = known[known["range"] > 0]
        return known.sort_values(["range", "deviation"], ascending=False, kind="stable").head(count)

    def _with_quarter(self, people: int) -> pd.DataFrame:
        found = self.regions[self.regions["quarter"].eq(people).fillna(value=False)]
        return found.sort_values("rank_mean", kind="stable")


def layer_shares(catalogue: Catalogue, recipe: Recipe) -> pd.Series:
    """Shares of the layers directly below the index that a recipe gives: fractions of 1.

    Raises
    ------
    RecipeError
        If no indicator keeps a weight, or the recipe names what the catalogue lacks.
    """
    scheme = plan(catalogue, recipe)
    weights = scheme.weights(INDEX)
    keys = [member.key for member in scheme.members[INDEX]]
    return pd.Series(weights / weights.sum(), keys, name="share")


def group(voices: Mapping[str, Scores]) -> Group:
    """Lay several people's scores over each other.

    Parameters
    ----------
    voices : mapping
        Person -> scores under that person's weights; same dataset, same regions compared.

    Raises
    ------
    RecipeError
        If there are fewer than two people or they rank different sets of regions.
    """
    _check(voices)
    shares = pd.DataFrame(
        {name: layer_shares(one.dataset.catalogue, one.recipe) for name, one in voices.items()}
    ).T
    ranks = pd.DataFrame({name: one.ranks.astype("float64") for name, one in voices.items()})
    common = ranks.dropna()
    return Group(
        shares=shares, layers=budget(shares, total=1.0), ranks=ranks, regions=_regions(ranks),
        kendall_w=kendall_w(common.T) if len(common) >= _SEVERAL else None,
    )  # fmt: skip


def _regions(ranks: pd.DataFrame) -> pd.DataFrame:
    """Summarise the ranks of every region over the people."""
    limits = (ranks.notna().sum() * _QUARTER).map(ceil)
    everybody = ranks.notna().all(axis=1)
    best, worst = ranks.min(axis=1), ranks.max(axis=1)
    table = pd.DataFrame({
        "rank_mean": ranks.mean(axis=1), "rank_best": best, "rank_worst": worst,
        "range": worst - best, "deviation": ranks.std(axis=1, ddof=1),
        "quarter": ranks.le(limits, axis=1).sum(axis=1).astype("float64"),
    }).where(everybody)  # fmt: skip
    return table.astype({"quarter": "Int64"}).assign(people=ranks.notna().sum(axis=1))


def _check(voices: Mapping[str, Scores]) -> None:
    if len(voices) < _SEVERAL:
        msg = f"group: {len(voices)} weighting given; at least two are needed to be compared."
        raise RecipeError(msg)
    (first, one), *others = voices.items()
    for name, other in others:
        same = one.index.index.equals(other.index.index) and np.array_equal(
            one.reason == "outside", other.reason == "outside"
        )
        if not same:
            msg = (
                f"group: '{first}' and '{name}' rank different regions; give both the same "
                "[filter] and [reference]."
            )
            raise RecipeError(msg)
