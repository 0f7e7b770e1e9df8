"""One recipe for several people: the mean of what each of them wants.

What is averaged are shares, not weights, because only the ratios of one person's weights mean
anything: 2 and 1 is the same wish as 4 and 2. The arithmetic mean of budget allocations is usual;
see OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.catalogue import INDEX
from layers.errors import RecipeError
from layers.recipe import Recipe
from layers.weigh import plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from layers.catalogue import Catalogue, Direction, Layer
    from layers.weigh import Plan

__all__ = ["mean_weights"]

#: Decimals of a weight: with eight layers their shares are exact to 0.1 percentage points.
_DECIMALS = 2
#: Votes below this are rounding.
_SPECK = 1e-12
_SIGN = {"+": 1, "-": -1, "0": 0}


def mean_weights(catalogue: Catalogue, recipes: Sequence[Recipe]) -> Recipe:
    """Return the weights and directions that stand for several recipes together.

    Every layer and indicator gets the mean of its shares in the index; its weight is that share
    scaled to the usual weights of its neighbours. Where people read something in opposite
    directions, the greater sum of shares decides, and in a tie the catalogue.

    Raises
    ------
    RecipeError
        If there are no recipes, or one has no weight or names what the catalogue lacks.
    """
    if not recipes:
        msg = "mean weights: no recipe given; at least one is needed."
        raise RecipeError(msg)
    plans = [plan(catalogue, recipe) for recipe in recipes]
    every = [one.shares()["share_of_index"] for one in plans]
    shares: pd.Series = sum(every[1:], start=every[0]) / len(every)
    weights: dict[str, float] = {}
    for members in _neighbours(catalogue):
        weights |= _scaled(members, shares)
    return Recipe(weights=weights, directions=_directions(catalogue, recipes, plans, every))


def _neighbours(catalogue: Catalogue) -> list[dict[str, float]]:
    """Usual weights of what stands side by side, for every node of the tree."""
    found = []
    for node in catalogue.bottom_up():
        members = {f"layer:{one.id}": one.weight for one in catalogue.sublayers(node)}
        if node != INDEX:
            indicators = catalogue.layer_by_id[node].indicators
            members |= {f"indicator:{one.id}": one.weight for one in indicators}
        found.append(members)
    return found


def _scaled(members: dict[str, float], shares: pd.Series) -> dict[str, float]:
    """Turn shares into weights that add up to the usual ones; usual weights are left out."""
    wanted = {key: float(shares[key]) for key in members}
    total = sum(wanted.values())
    if not total:
        # Nobody weighs anything here, so nobody says how these weigh against each other.
        return {}
    scale = (sum(members[key] for key in members if wanted[key]) or len(members)) / total
    weights = {
        key: max(round(scale * share, _DECIMALS), 10**-_DECIMALS) if share else 0.0
        for key, share in wanted.items()
    }
    return {key: weight for key, weight in weights.items() if weight != members[key]}


def _directions(
    catalogue: Catalogue, recipes: Sequence[Recipe], plans: list[Plan], every: list[pd.Series]
) -> dict[str, Direction]:
    found: dict[str, Direction] = {}
    product = {INDEX: 1}
    for layer in _top_down(catalogue):
        votes = sum(
            shares[f"layer:{layer.id}"]
            * _SIGN[recipe.direction("layer", layer.id, layer.direction)]
            for recipe, shares in zip(recipes, every, strict=True)
        )
        own = _decided(votes, layer.direction)
        product[layer.id] = product[layer.parent] * _SIGN[own]
        if own != layer.direction:
            found[f"layer:{layer.id}"] = own
    for key, one in catalogue.indicator_by_id.items():
        # What a person means is the product: two turns, of layer and indicator, cancel out.
        votes = sum(
            shares[f"indicator:{key}"] * scheme.directions[key]
            for scheme, shares in zip(plans, every, strict=True)
        )
        own = _decided(votes * product[catalogue.layer_of[key]], one.direction)
        if own != one.direction:
            found[key] = own
    return found


def _top_down(catalogue: Catalogue) -> list[Layer]:
    above_first = [key for key in catalogue.bottom_up() if key != INDEX][::-1]
    return [catalogue.layer_by_id[key] for key in above_first]


def _decided(votes: float, usual: Direction) -> Direction:
    """Direction with more votes; shares that cancel out but for rounding are a tie."""
    if abs(votes) < _SPECK:
        return usual
    return "+" if votes > 0 else "-"
