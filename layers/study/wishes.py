"""What several people want: the share of every layer and indicator, and how they read it.

Shares are compared, not weights, because only the ratios of one person's weights mean anything: 2
and 1 is the same wish as 4 and 2. Everybody's shares are laid out in one grouping of the
indicators. Whoever weighed under another grouping (`layers.lenses`) counts with the shares of the
single indicators, summed into this one; what this grouping does not hold lies outside and is kept
apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from layers.catalogue import INDEX
from layers.errors import RecipeError
from layers.seen import seen
from layers.weigh import plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.catalogue import Catalogue, Direction
    from layers.dataset import Dataset
    from layers.recipe import Recipe

__all__ = ["Wishes", "wishes", "wishes_in"]

_SIGN: dict[Direction, int] = {"+": 1, "-": -1, "0": 0}


@dataclass(frozen=True)
class Wishes:
    """The wishes of several people in one grouping.

    Attributes
    ----------
    catalogue : Catalogue
        Of the grouping.
    shares : DataFrame
        People x ``layer:ID`` and ``indicator:ID``: share of the index, 0 to 1.
    layer_signs : DataFrame
        People x layers: own direction of the layer, 1, -1 or 0; the usual one for whoever weighed
        under another grouping, where the layer does not exist.
    directions : DataFrame
        People x indicators: how the person reads it after all, the product with its layers.
    outside : Series
        By person: share on indicators that this grouping does not hold, 0 to 1.
    """

    catalogue: Catalogue
    shares: pd.DataFrame
    layer_signs: pd.DataFrame
    directions: pd.DataFrame
    outside: pd.Series

    @property
    def layers(self) -> pd.DataFrame:
        """People x layers directly below the index."""
        keys = [one.id for one in self.catalogue.sublayers(INDEX)]
        return self.shares[[f"layer:{key}" for key in keys]].set_axis(keys, axis=1)

    @property
    def indicators(self) -> pd.DataFrame:
        """People x indicators."""
        keys = list(self.catalogue.indicator_by_id)
        return self.shares[[f"indicator:{key}" for key in keys]].set_axis(keys, axis=1)


def wishes_in(catalogue: Catalogue, people: Mapping[str, Recipe]) -> Wishes:
    """Lay out the wishes of people who all weighed under the grouping of `catalogue`.

    Raises
    ------
    RecipeError
        If nobody is there, or somebody gives no weight or names what the catalogue lacks.
    """
    return _together(catalogue, {name: _same(catalogue, one) for name, one in people.items()})


def wishes(dataset: Dataset, people: Mapping[str, Recipe], *, lens: str) -> Wishes:
    """Lay out the wishes of people, each under a grouping of their own, in that of `lens`.

    Raises
    ------
    RecipeError
        As `wishes_in`; also if the dataset has no such lens.
    """
    given = dict(people)
    if not given:
        raise _nobody()
    first = next(iter(given.values()))
    catalogue = seen(dataset, first.model_copy(update={"lens": lens})).catalogue
    found = {
        name: _same(catalogue, one)
        if one.lens == lens
        else _carried(catalogue, seen(dataset, one).catalogue, one)
        for name, one in given.items()
    }
    return _together(catalogue, found)


#: Shares, own directions of layers, directions of indicators, share outside.
_Wish = tuple[pd.Series, dict[str, int], dict[str, int], float]


def _same(catalogue: Catalogue, recipe: Recipe) -> _Wish:
    scheme = plan(catalogue, recipe)
    signs = {
        key: _SIGN[recipe.direction("layer", key, one.direction)]
        for key, one in catalogue.layer_by_id.items()
    }
    return scheme.shares()["share_of_index"], signs, scheme.directions, 0.0


def _carried(catalogue: Catalogue, own: Catalogue, recipe: Recipe) -> _Wish:
    """Sum the shares of single indicators into another grouping."""
    scheme = plan(own, recipe)
    given = scheme.shares()["share_of_index"]
    held = {key: float(given.get(f"indicator:{key}", 0.0)) for key in catalogue.indicator_by_id}
    shares = {f"indicator:{key}": share for key, share in held.items()}
    for layer in (key for key in catalogue.bottom_up() if key != INDEX):
        inside = [f"indicator:{one.id}" for one in catalogue.layer_by_id[layer].indicators]
        inside += [f"layer:{one.id}" for one in catalogue.sublayers(layer)]
        shares[f"layer:{layer}"] = sum(shares[key] for key in inside)
    signs = {key: _SIGN[one.direction] for key, one in catalogue.layer_by_id.items()}
    net = {key: scheme.directions.get(key, 0) for key in catalogue.indicator_by_id}
    return pd.Series(shares), signs, net, max(0.0, 1.0 - sum(held.values()))


def _together(catalogue: Catalogue, found: Mapping[str, _Wish]) -> Wishes:
    if not found:
        raise _nobody()
    names = list(found)
    return Wishes(
        catalogue=catalogue,
        shares=pd.DataFrame([one[0] for one in found.values()], names),
        layer_signs=pd.DataFrame([one[1] for one in found.values()], names),
        directions=pd.DataFrame([one[2] for one in found.values()], names),
        outside=pd.Series([one[3] for one in found.values()], names),
    )


def _nobody() -> RecipeError:
    return RecipeError("mean weights: no recipe given; at least one is needed.")
