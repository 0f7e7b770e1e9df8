"""Stage: nominal weights and directions of a recipe -> one plan for the whole tree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.catalogue import INDEX
from layers.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from layers.catalogue import Catalogue, Indicator, Layer
    from layers.recipe import Recipe

__all__ = ["Member", "Plan", "plan"]

_SIGN = {"+": 1, "-": -1, "0": 0}


@dataclass(frozen=True)
class Member:
    """A layer or indicator as member of its parent, with the weight it has there."""

    key: str
    is_layer: bool
    weight: float

    @property
    def name(self) -> str:
        """Its key in recipes: ``layer:ID`` or ``indicator:ID``."""
        return f"{'layer' if self.is_layer else 'indicator'}:{self.key}"


@dataclass(frozen=True)
class Plan:
    """Weights and directions after recipe and catalogue have been brought together.

    Attributes
    ----------
    members : dict
        Node (layer id, "" for the index) -> its members in display order, sublayers first. A
        member that is not scored has weight 0.
    directions : dict
        Indicator -> 1, -1 or 0; the product of its own direction and those of its layers.
    """

    members: dict[str, tuple[Member, ...]]
    directions: dict[str, int]

    def weights(self, node: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Weights of the members of `node`, scaled so that the largest is 1."""
        weights = np.array([member.weight for member in self.members[node]], dtype=np.float64)
        return weights / weights.max() if weights.any() else weights

    def scored(self) -> frozenset[str]:
        """Return the indicators that have a weight, as have all layers above them."""
        return frozenset(self._scored(INDEX))

    def _scored(self, node: str) -> Iterator[str]:
        for member in self.members[node]:
            if member.weight > 0:
                yield from self._scored(member.key) if member.is_layer else (member.key,)

    def without(self, key: str) -> Plan:
        """Return the plan in which ``layer:ID`` or ``indicator:ID`` weighs nothing.

        Raises
        ------
        RecipeError
            If no indicator keeps a weight.
        """
        gone, members = {key}, dict(self.members)
        # Every layer stands before the one above it.
        for node, ones in self.members.items():
            if any(one.name in gone for one in ones):
                ones = members[node] = tuple(  # noqa: PLW2901 -- what counts from here on
                    replace(one, weight=0.0) if one.name in gone else one for one in ones
                )
            if not any(one.weight > 0 for one in ones):
                gone.add(f"layer:{node}")
        if not any(one.weight > 0 for one in members[INDEX]):
            raise _nothing_left(frozenset())
        return Plan(members, self.directions)

    def shares(self) -> pd.DataFrame:
        """Nominal shares of every layer and indicator.

        Returns
        -------
        DataFrame
            Index: ``layer:ID`` and ``indicator:ID``; columns ``weight``, ``share_of_parent`` and
            ``share_of_index`` (fractions that add up to 1 below each parent that is scored).
        """
        return self._shares.copy()

    @cached_property
    def _shares(self) -> pd.DataFrame:
        rows: dict[str, tuple[float, float, float]] = {}
        self._walk(INDEX, 1.0, rows)
        columns = ["weight", "share_of_parent", "share_of_index"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns)

    def _walk(self, node: str, share: float, rows: dict[str, tuple[float, float, float]]) -> None:
        weights = self.weights(node)
        shares = weights / weights.sum() if weights.any() else weights
        for member, inside in zip(self.members[node], map(float, shares), strict=True):
            kind = "layer" if member.is_layer else "indicator"
            rows[f"{kind}:{member.key}"] = (member.weight, inside, share * inside)
            if member.is_layer:
                self._walk(member.key, share * inside, rows)


def plan(catalogue: Catalogue, recipe: Recipe, *, left_out: frozenset[str] = frozenset()) -> Plan:
    """Bring recipe and catalogue together.

    Parameters
    ----------
    left_out : set of str
        Indicators that cannot be scored (no spread); their weight becomes 0.

    Raises
    ------
    RecipeError
        If a key is unknown or no indicator keeps a weight.
    """
    recipe.check(catalogue)
    directions = _directions(catalogue, recipe)
    unscored = left_out | {key for key, direction in directions.items() if direction == 0}
    members: dict[str, tuple[Member, ...]] = {}
    for node in catalogue.bottom_up():
        layers = [
            Member(one.id, is_layer=True, weight=_layer_weight(one, members, recipe))
            for one in catalogue.sublayers(node)
        ]
        indicators = [
            Member(one.id, is_layer=False, weight=_indicator_weight(one, unscored, recipe))
            for one in (() if node == INDEX else catalogue.layer_by_id[node].indicators)
        ]
        members[node] = (*layers, *indicators)
    if not any(member.weight > 0 for member in members[INDEX]):
        raise _nothing_left(left_out)
    return Plan(members, directions)


def _nothing_left(left_out: frozenset[str]) -> RecipeError:
    if left_out:
        msg = (
            "recipe: no indicator with a weight differs between the regions compared; compare "
            "more regions ([filter], reference.set) or give weight to other indicators."
        )
    else:
        msg = "recipe: all weights are zero; at least one layer with an indicator needs a weight."
    return RecipeError(msg, code="no_weight")


def _indicator_weight(one: Indicator, unscored: AbstractSet[str], recipe: Recipe) -> float:
    return 0.0 if one.id in unscored else recipe.weight("indicator", one.id, one.weight)


def _layer_weight(one: Layer, members: dict[str, tuple[Member, ...]], recipe: Recipe) -> float:
    """Weight of a layer, 0 if nothing in it is scored."""
    if not any(member.weight > 0 for member in members[one.id]):
        return 0.0
    return recipe.weight("layer", one.id, one.weight)


def _directions(catalogue: Catalogue, recipe: Recipe) -> dict[str, int]:
    below: dict[str, int] = {INDEX: 1}

    def of_layer(layer: str) -> int:
        if layer not in below:
            one = catalogue.layer_by_id[layer]
            own = _SIGN[recipe.direction("layer", layer, one.direction)]
            below[layer] = own * of_layer(one.parent)
        return below[layer]

    return {
        key: _SIGN[recipe.direction("indicator", key, one.direction)]
        * of_layer(catalogue.layer_of[key])
        for key, one in catalogue.indicator_by_id.items()
    }
