"""Several people's weightings laid over each other: where they agree, where they do not.

Every person's weights give scores of their own. Two things are compared: the shares that layers
and indicators get (what people want), and the ranks that follow (what it means for the regions).
People may want very different things and still mean the same regions, or the other way round.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6 (budget
allocation), doi:10.1787/9789264043466-en; for the concordance see `layers.weighting.judgement`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.catalogue import INDEX
from layers.errors import RecipeError
from layers.study.wishes import wishes
from layers.weigh import plan
from layers.weighting.judgement import Budget, kendall_w

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.catalogue import Catalogue
    from layers.dataset import Dataset
    from layers.recipe import Recipe
    from layers.score import Scores
    from layers.study.wishes import Wishes

__all__ = ["AGREED", "Group", "group", "layer_shares"]

#: The best quarter of the regions; its size is rounded up, as in `layers.robust`.
_QUARTER = 0.25
#: Fewest people who can agree or disagree.
_SEVERAL = 2
#: Range of ranks, relative to the regions ranked, up to which people count as agreed.
AGREED = 0.1
#: A share above 0 that is only rounding.
_SPECK = 1e-12


@dataclass(frozen=True)
class Group:
    """Several weightings of the same regions.

    Attributes
    ----------
    wishes : Wishes
        What everybody wants, in the grouping of the group.
    shares : DataFrame
        People x layers directly below the index; fractions, each row adds up to 1 (less what lies
        outside the grouping, `Wishes.outside`).
    layers : Budget
        Mean share of every layer, how far people differ, and the concordance of their orders.
    indicators : DataFrame
        The same by indicator: ``layer``, ``mean``, ``median``, ``deviation``, ``lowest``,
        ``highest`` (fractions of the index), and how many people read it as more is better
        (``up``), less is better (``down``) or give it no weight (``unscored``).
    indicators_w : float or None
        Concordance of the orders of the indicators that anybody weighs; None if there is none.
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
    spearman : float or None
        Mean of Spearman's rank correlations over all pairs of people; None as above, or if
        somebody ranks all regions alike.
    """

    wishes: Wishes
    shares: pd.DataFrame
    layers: Budget
    indicators: pd.DataFrame
    indicators_w: float | None
    ranks: pd.DataFrame
    regions: pd.DataFrame
    kendall_w: float | None
    spearman: float | None

    @property
    def people(self) -> int:
        """How many weightings."""
        return len(self.shares)

    @property
    def chance_w(self) -> float:
        """Kendall's W to be expected of people whose orders have nothing to do with each other.

        Under independent orders without ties ``m (n - 1) W`` has the mean n - 1, so W has the
        mean 1 / m with m people.
        """
        return 1.0 / self.people

    def always(self) -> pd.DataFrame:
        """Regions in everybody's best quarter, by mean rank."""
        return self._with_quarter(self.people)

    def never(self) -> pd.DataFrame:
        """Regions in nobody's best quarter, by mean rank."""
        return self._with_quarter(0)

    def disputed(self, count: int = 10) -> pd.DataFrame:
        """Regions whose ranks lie farthest apart; equal ranges by standard deviation."""
        known = self.regions[self.regions["range"] > 0]
        return known.sort_values(["range", "deviation"], ascending=False, kind="stable").head(count)

    def limit(self, share: float = AGREED) -> int:
        """Widest range of ranks that counts as agreed: this share of the regions ranked by all."""
        return floor(share * self._ranked + _SPECK)

    def agreed(self, share: float = AGREED) -> pd.DataFrame:
        """Regions whose rank hardly depends on the person, by mean rank.

        Their range is at most `limit` places.
        """
        near = self.regions["range"].le(self.limit(share))
        return self.regions[near].sort_values("rank_mean", kind="stable")

    def quarter_of_mean(self) -> pd.Series:
        """Quarter of the order by mean rank, 1 (best) to 4; missing unless everybody ranks it.

        Of n regions the first quarter holds the best ceil(n / 4), as everywhere; equal means
        share the better quarter.
        """
        place = self.regions["rank_mean"].rank(method="min")
        return -(-place // ceil(_QUARTER * self._ranked))

    def turned(self) -> pd.DataFrame:
        """Return layers that some read as usual and others the other way round.

        Columns ``usual`` and ``turned``: how many people who give the layer weight do which.
        """
        catalogue = self.wishes.catalogue
        rows = {}
        for key, one in catalogue.layer_by_id.items():
            weighed = self.wishes.shares[f"layer:{key}"] > _SPECK
            signs = self.wishes.layer_signs[key][weighed]
            usual = -1 if one.direction == "-" else 1
            rows[key] = {"usual": int(signs.eq(usual).sum()), "turned": int(signs.eq(-usual).sum())}
        table = pd.DataFrame.from_dict(rows, orient="index")
        return table[table.min(axis=1) > 0]

    def opposed(self) -> pd.DataFrame:
        """Return indicators that some read as more is better and others as less is better.

        Rows of `indicators`, those first of which the smaller side is larger; of equal ones those
        with the larger mean share.
        """
        known = self.indicators.assign(smaller=self.indicators[["up", "down"]].min(axis=1))
        both = known[known["smaller"] > 0]
        order = both.sort_values(["smaller", "mean"], ascending=False, kind="stable")
        return order.drop(columns="smaller")

    def apart(self) -> pd.DataFrame:
        """Return indicators with a share, those first whose shares lie farthest apart."""
        known = self.indicators[self.indicators["highest"] > 0]
        span = (known["highest"] - known["lowest"]).round(12)
        order = pd.DataFrame({"span": span, "deviation": known["deviation"].round(12)})
        order = order.sort_values(["span", "deviation"], ascending=False, kind="stable")
        return known.loc[order.index]

    @property
    def _ranked(self) -> int:
        """How many regions everybody ranks."""
        return int(self.regions["range"].notna().sum())

    def _with_quarter(self, people: int) -> pd.DataFrame:
        found = self.regions[self.regions["quarter"].eq(people)]
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


def group(
    voices: Mapping[str, Scores] | Iterable[tuple[str, Scores]], *, lens: str | None = None
) -> Group:
    """Lay several people's scores over each other.

    Parameters
    ----------
    voices : mapping, or pairs
        Person -> scores under that person's weights; same dataset, same regions compared. Of pairs
        that are made one after the other only one needs to be held at a time.
    lens : str, optional
        Grouping in which shares are compared; that of the first person if not given.

    Raises
    ------
    RecipeError
        If there are fewer than two people or they rank different sets of regions.
    """
    dataset, recipes, ranks = _gather(voices.items() if isinstance(voices, Mapping) else voices)
    given = next(iter(recipes.values())).lens if lens is None else lens
    found = wishes(dataset, recipes, lens=given)
    common = ranks.dropna()
    return Group(
        wishes=found, shares=found.layers, layers=_budget(found),
        indicators=_indicators(found), indicators_w=_order_of_indicators(found),
        ranks=ranks, regions=_regions(ranks),
        kendall_w=kendall_w(common.T), spearman=_mean_correlation(common),
    )  # fmt: skip


def _gather(
    voices: Iterable[tuple[str, Scores]],
) -> tuple[Dataset, dict[str, Recipe], pd.DataFrame]:
    """Take of everybody's scores what is compared, and check that it can be."""
    recipes: dict[str, Recipe] = {}
    ranks: dict[str, pd.Series] = {}
    first: Scores | None = None
    for name, one in voices:
        first = one if first is None else first
        _check_same(next(iter(recipes), name), first, name, one)
        recipes[name], ranks[name] = one.recipe, one.ranks.astype("float64")
    if first is None or len(recipes) < _SEVERAL:
        msg = f"group: {len(recipes)} weighting given; at least two are needed to be compared."
        raise RecipeError(msg)
    return first.dataset, recipes, pd.DataFrame(ranks)


def _budget(found: Wishes) -> Budget:
    members = _summary(found.layers)
    weights = (members["mean"] / members["mean"].sum()).rename("weight")
    # Where there is nothing to weigh, nobody agrees with anybody.
    there = [key for key in found.layers if found.catalogue.below(str(key))]
    return Budget(weights, members, kendall_w(found.layers[there]), len(found.shares))


def _order_of_indicators(found: Wishes) -> float | None:
    """Concordance of the indicators that anybody weighs; the others would all be last alike."""
    shares = found.indicators
    return kendall_w(shares.loc[:, (shares > _SPECK).any()])


def _summary(shares: pd.DataFrame) -> pd.DataFrame:
    # Sorted, so that sums are the same to the last bit in whatever order people stand.
    ordered = pd.DataFrame(np.sort(shares.to_numpy(), axis=0), columns=shares.columns)
    return pd.DataFrame({
        "mean": ordered.mean(), "median": ordered.median(), "deviation": ordered.std(ddof=1),
        "lowest": ordered.min(), "highest": ordered.max(),
    })  # fmt: skip


def _indicators(found: Wishes) -> pd.DataFrame:
    weighed = found.indicators > _SPECK
    layers = pd.Series(found.catalogue.layer_of, name="layer")
    return pd.concat([layers, _summary(found.indicators)], axis=1).assign(
        up=(weighed & found.directions.eq(1)).sum(),
        down=(weighed & found.directions.eq(-1)).sum(),
        unscored=(~weighed).sum(),
    )


def _mean_correlation(ranks: pd.DataFrame) -> float | None:
    """Mean of Spearman's correlations over all pairs of columns."""
    matrix = ranks.rank().corr().to_numpy()
    pairs = matrix[np.triu_indices_from(matrix, k=1)]
    return float(np.sort(pairs).mean()) if np.isfinite(pairs).all() else None


def _regions(ranks: pd.DataFrame) -> pd.DataFrame:
    """Summarise the ranks of every region over the people."""
    limits = (ranks.notna().sum() * _QUARTER).map(ceil)
    everybody = ranks.notna().all(axis=1)
    best, worst = ranks.min(axis=1), ranks.max(axis=1)
    table = pd.DataFrame({
        "rank_mean": ranks.mean(axis=1), "rank_best": best, "rank_worst": worst,
        "range": worst - best, "deviation": ranks.std(axis=1, ddof=1),
        "quarter": ranks.le(limits, axis=1).sum(axis=1),
    }).where(everybody)  # fmt: skip
    return table.astype({"quarter": "Int64"}).assign(people=ranks.notna().sum(axis=1))


def _check_same(first: str, one: Scores, name: str, other: Scores) -> None:
    same = one.index.index.equals(other.index.index) and np.array_equal(
        one.reason == "outside", other.reason == "outside"
    )
    if not same:
        msg = (
            f"group: '{first}' and '{name}' rank different regions; give both the same "
            "[filter] and [reference]."
        )
        raise RecipeError(msg)
