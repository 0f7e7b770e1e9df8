"""Who in a group would change what: each person against the others, and the group without each.

Nobody is to dominate unseen. For every person stands what they weigh more and less than the mean
of the others, which regions would rise and fall if their weights held instead of the group's, and
how far the group's ranks move when they are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from layers.recipe import Recipe
from layers.score import score
from layers.study.group_recipe import members_of
from layers.study.mean_weights import mean_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layers.catalogue import Text
    from layers.dataset import Dataset
    from layers.score import Scores
    from layers.study.group import Group

__all__ = ["Persons", "group_recipe", "persons"]

#: Differences of shares below this are rounding.
_SPECK = 1e-9


@dataclass(frozen=True)
class Persons:
    """Each person of a group beside the others.

    Attributes
    ----------
    group : Scores
        Under the group's weights: the mean of everybody's shares.
    layers : DataFrame
        People x layers directly below the index: share of the person minus the mean share of the
        others, -1 to 1.
    moves : DataFrame
        Regions x people: places by which a region would rise (above 0) or fall if this person's
        weights held instead of the group's; missing where either gives no rank.
    without : DataFrame
        By person, the group's ranks without this person beside those with everybody:
        ``spearman`` (rank correlation; missing if either order has no differences), ``places``
        (mean places that a region moves) and ``most`` (largest number of places).
    """

    group: Scores
    layers: pd.DataFrame
    moves: pd.DataFrame
    without: pd.DataFrame

    def more(self, person: str, count: int = 3) -> pd.Series:
        """Layers that a person weighs more than the others, most first."""
        found = self.layers.T[person].sort_values(ascending=False, kind="stable")
        return found[found > _SPECK].head(count)

    def less(self, person: str, count: int = 3) -> pd.Series:
        """Layers that a person weighs less than the others, most first."""
        found = self.layers.T[person].sort_values(kind="stable")
        return found[found < -_SPECK].head(count)

    def rises(self, person: str, count: int = 3) -> pd.Series:
        """Regions that would rise most under a person's weights, with their places."""
        found = self.moves[person].dropna().sort_values(ascending=False, kind="stable")
        return found[found > 0].head(count)

    def falls(self, person: str, count: int = 3) -> pd.Series:
        """Regions that would fall most under a person's weights, with their places (below 0)."""
        found = self.moves[person].dropna().sort_values(kind="stable")
        return found[found < 0].head(count)


def group_recipe(recipe: Recipe, found: Group, people: Sequence[Recipe], name: Text) -> Recipe:
    """Return `recipe` with the group's weights and directions; it carries its people.

    Parameters
    ----------
    recipe : Recipe
        Gives selection, method and the lens under which `found` compares.
    people : sequence of Recipe
        Those behind `found`, with their names.
    name : Text
        Of the group.
    """
    mean = mean_of(found.wishes)
    return recipe.model_copy(
        update={
            "name": name, "description": Recipe().description, "weights": mean.weights,
            "directions": mean.directions, "members": members_of(people),
        }
    )  # fmt: skip


def persons(
    dataset: Dataset, recipe: Recipe, found: Group, *,
    progress: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 -- its names say what it takes
) -> Persons:  # fmt: skip
    """Set every person of a group beside the others.

    Parameters
    ----------
    recipe : Recipe
        Gives selection, method and the lens under which `found` compares; its weights do not
        count.
    progress : callable
        Told after every person how many of how many are done.
    """
    everybody = score(dataset, _with(recipe, mean_of(found.wishes)))
    ranks = everybody.ranks.astype("float64")
    total, rows = len(found.shares), {}
    for done, name in enumerate(found.shares.index, start=1):
        left = score(dataset, _with(recipe, mean_of(found.wishes, without=name)))
        rows[name] = _apart(ranks, left.ranks.astype("float64"))
        progress(done, total)
    others = (found.shares.sum() - found.shares) / (total - 1)
    return Persons(
        group=everybody, layers=found.shares - others,
        moves=-found.ranks.sub(ranks, axis=0), without=pd.DataFrame.from_dict(rows, orient="index"),
    )  # fmt: skip


def _with(recipe: Recipe, mean: Recipe) -> Recipe:
    return recipe.model_copy(
        update={"weights": mean.weights, "directions": mean.directions, "members": ()}
    )


def _apart(ranks: pd.Series, other: pd.Series) -> dict[str, float]:
    both = pd.DataFrame({"one": ranks, "other": other}).dropna()
    places = (both["one"] - both["other"]).abs()
    return {
        "spearman": float(both["one"].rank().corr(both["other"].rank())),
        "places": float(places.mean()), "most": float(places.max()),
    }  # fmt: skip
