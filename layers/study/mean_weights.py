"""One recipe for several people: the mean of what each of them wants.

What is averaged are shares, not weights; see `layers.study.wishes`. The arithmetic mean of budget
allocations is usual; see OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.catalogue import INDEX, Text
from layers.recipe import Recipe
from layers.study.group_recipe import members_of
from layers.study.wishes import wishes_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.catalogue import Catalogue, Direction, Layer
    from layers.study.wishes import Wishes

__all__ = ["mean_of", "mean_weights"]

#: Decimals of a weight: with eight layers their shares are exact to 0.1 percentage points.
_DECIMALS = 2
#: Votes below this are rounding.
_SPECK = 1e-12
_SIGN = {"+": 1, "-": -1, "0": 0}


def mean_weights(catalogue: Catalogue, recipes: Sequence[Recipe]) -> Recipe:
    """Return the weights and directions that stand for several recipes together.

    The result carries the people behind it as its `members`, in the order given; a recipe that
    never got a name of its own is that of somebody without one.

    Raises
    ------
    RecipeError
        If there are no recipes, or one has no weight or names what the catalogue lacks.
    """
    found = wishes_in(catalogue, {str(place): one for place, one in enumerate(recipes)})
    people = [one.model_copy(update={"name": _own_name(one)}) for one in recipes]
    return mean_of(found).model_copy(update={"members": members_of(people)})


def _own_name(recipe: Recipe) -> Text:
    return Text(de="", en="") if recipe.name == Recipe().name else recipe.name


def mean_of(found: Wishes, *, without: str | None = None) -> Recipe:
    """Return the weights and directions that stand for several people, or all of them but one.

    Every layer and indicator gets the mean of its shares in the index; its weight is that share
    scaled to the usual weights of its neighbours. Where people read something in opposite
    directions, the greater sum of shares decides, and in a tie the catalogue. Weights have two
    decimals, everywhere alike, so that a file gives the numbers that were shown.
    """
    kept = np.array([name != without for name in found.shares.index])
    shares = dict(zip(found.shares.columns, _total(found.shares.to_numpy()[kept]), strict=True))
    directions = _directions(found, kept)
    unread = _unread(found.catalogue, directions)
    weights: dict[str, float] = {}
    for members in _neighbours(found.catalogue).values():
        weights |= _scaled(members, shares)
    return Recipe(
        weights={key: weight for key, weight in weights.items() if key not in unread},
        directions=directions,
    )


def _total(rows: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> list[float]:
    """Sum over people, to the last bit the same in whatever order they stand."""
    return [float(value) for value in np.sort(rows, axis=0).sum(axis=0)]


def _neighbours(catalogue: Catalogue) -> dict[str, dict[str, float]]:
    """Usual weights of what stands side by side, for every node of the tree, from below."""
    found = {}
    for node in catalogue.bottom_up():
        layers = [one for one in catalogue.sublayers(node) if catalogue.below(one.id)]
        members = {f"layer:{one.id}": one.weight for one in layers}
        if node != INDEX:
            indicators = catalogue.layer_by_id[node].indicators
            members |= {f"indicator:{one.id}": one.weight for one in indicators}
        found[node] = members
    return found


def _scaled(members: dict[str, float], shares: dict[str, float]) -> dict[str, float]:
    """Turn shares into weights that add up to the usual ones; usual weights are left out."""
    wanted = {key: shares[key] for key in members}
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


def _unread(catalogue: Catalogue, directions: dict[str, Direction]) -> set[str]:
    """Name what has no direction, so no share; its weight is left usual, if it is read one day."""
    unread = {
        f"indicator:{key}"
        for key, one in catalogue.indicator_by_id.items()
        if directions.get(key, one.direction) == "0"
    }
    for node, members in _neighbours(catalogue).items():
        key, layer = f"layer:{node}", catalogue.layer_by_id.get(node)
        if layer and (directions.get(key, layer.direction) == "0" or unread.issuperset(members)):
            unread.add(key)
    return unread


def _directions(
    found: Wishes, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> dict[str, Direction]:
    catalogue, chosen = found.catalogue, {}
    keys = list(catalogue.layer_by_id)
    held = found.shares[[f"layer:{key}" for key in keys]].to_numpy()
    votes = _total((held * found.layer_signs[keys].to_numpy())[kept])
    of_layer = dict(zip(keys, votes, strict=True))
    product = {INDEX: 1}
    for layer in _top_down(catalogue):
        own = _decided(of_layer[layer.id], layer.direction)
        product[layer.id] = product[layer.parent] * _SIGN[own]
        if own != layer.direction:
            chosen[f"layer:{layer.id}"] = own
    # What a person means is the product: two turns, of layer and indicator, cancel out.
    read = _total((found.indicators.to_numpy() * found.directions.to_numpy())[kept])
    for (key, one), vote in zip(catalogue.indicator_by_id.items(), read, strict=True):
        own = _decided(vote * product[catalogue.layer_of[key]], one.direction)
        if own != one.direction:
            chosen[key] = own
    return chosen


def _top_down(catalogue: Catalogue) -> list[Layer]:
    above_first = [key for key in catalogue.bottom_up() if key != INDEX][::-1]
    return [catalogue.layer_by_id[key] for key in above_first]


def _decided(votes: float, usual: Direction) -> Direction:
    """Direction with more votes; shares that cancel out but for rounding are a tie."""
    if abs(votes) < _SPECK:
        return usual
    return "+" if votes > 0 else "-"
