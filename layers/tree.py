"""From comparable indicators up the tree of layers to the index, and back down as contributions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from layers.aggregate import coverage
from layers.catalogue import INDEX
from layers.errors import RecipeError
from layers.methods.means import combine
from layers.methods.parts import shares, slopes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.catalogue import Catalogue
    from layers.recipe import Combine, Recipe
    from layers.weigh import Plan

__all__ = ["Tree", "combine_members", "contributions", "up_the_tree"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

#: A hair of tolerance: 2 of 3 equal weights must pass 2/3 whatever the rounding.
COVERED = 1e-12
#: Methods whose result for a region depends on the others, and is on a scale of its own.
_COMPARING = ("copeland", "bod")


@dataclass(frozen=True)
class Tree:
    """Values and coverage of every node, the index under ``""``.

    Attributes
    ----------
    values : dict
        Node -> array, shape (n,); NaN where too little of its weight is present.
    coverage : dict
        Node -> array, shape (n,): share of the weight behind which there are values, 0 to 1.
    columns : dict
        ``indicator:ID`` and ``layer:ID`` -> array, shape (n,).
    """

    values: dict[str, Array]
    coverage: dict[str, Array]
    columns: dict[str, Array]

    def members(self, scheme: Plan, node: str) -> Array:
        """Values of the members of `node`, shape (n, k)."""
        return _stack(self.columns, _keys(scheme, node), len(self.values[INDEX]))


def up_the_tree(
    catalogue: Catalogue, recipe: Recipe, scheme: Plan, indicators: Mapping[str, Array], *,
    known: Mapping[str, tuple[Array, Array]] | None = None,
) -> Tree:  # fmt: skip
    """Combine the members of every node, from the deepest layers up to the index.

    Parameters
    ----------
    indicators : mapping
        Indicator -> comparable values, shape (n,); NaN is a gap.
    known : mapping, optional
        Layer -> its values and its coverage, each of shape (n,), where they are known already:
        from a run that differs in nothing below that layer. Only without optional layers.

    Raises
    ------
    RecipeError
        If a mean cannot be taken of these values.
    """
    taken = known or {}
    columns = {
        f"indicator:{key}": column
        for key, column in indicators.items() if catalogue.layer_of[key] not in taken
    }  # fmt: skip
    present = {key: (~np.isnan(column)).astype(float) for key, column in columns.items()}
    # As `present`, but where an optional layer is silent nothing is missing.
    asked = dict(present) if any(one.optional for one in catalogue.layers) else present
    size = len(next(iter(indicators.values())))
    values: dict[str, Array] = {}
    covered: dict[str, Array] = {}
    for node in catalogue.bottom_up():
        if node in taken:
            values[node], covered[node] = taken[node]
            columns[f"layer:{node}"] = values[node]
            present[f"layer:{node}"] = np.where(np.isnan(values[node]), 0.0, covered[node])
            continue
        choice = recipe.aggregate.at(node, catalogue.depth(node))
        keys, weights = _keys(scheme, node), scheme.weights(node)
        covered[node] = coverage(_stack(present, keys, size), weights)
        backed = covered[node]
        if asked is not present:
            backed = coverage(_stack(asked, keys, size), weights)
        enough = backed >= choice.min_coverage - COVERED
        output = recipe.normalise.ends if node else None
        with_weight = bool(node) and weights.any() and choice.method in _COMPARING
        if with_weight and output is None:
            raise _no_scale(node, choice, recipe)
        value = combine_members(
            _stack(columns, keys, size), weights, choice, enough=enough, output=output
        )
        values[node] = columns[f"layer:{node}"] = value
        present[f"layer:{node}"] = np.where(np.isnan(value), 0.0, covered[node])
        if asked is not present:
            silent = 1.0 if node and catalogue.layer_by_id[node].optional else 0.0
            asked[f"layer:{node}"] = np.where(np.isnan(value), silent, backed)
    return Tree(values, covered, columns)


def combine_members(
    values: Array, weights: Array, choice: Combine, *, enough: Mask,
    output: tuple[float, float] | None = None,
) -> Array:  # fmt: skip
    """Combine the members of one node.

    Parameters
    ----------
    values : array, shape (n, k)
    weights : array, shape (k,)
    choice : Combine
        The mean and its options.
    enough : array of bool, shape (n,)
        Regions with enough data; the others have no value, and where regions are compared with
        each other (copeland, bod) they are no rivals either.
    output : (float, float), optional
        Range for copeland (all others outrank, outranks all others) and bod (0, 1); their own
        scale without one. Other methods keep the scale of the values.
    """
    if choice.method not in _COMPARING:
        value = combine(values, weights, choice.method, **choice.options)
        return np.where(enough, value, np.nan)
    rivals = np.where(enough[:, None], values, np.nan)
    if choice.method == "copeland":
        return combine(rivals, weights, "copeland", output=output)
    score = combine(rivals, weights, "bod", **choice.options)
    low, high = output or (0.0, 1.0)
    return low + (high - low) * score


class _Part(NamedTuple):
    """Part of the index that a node stands for: ``part``, and ``factor`` with part = factor x.

    The factor is None once a mean on the way down has no slopes.
    """

    part: Array
    factor: Array | None


def contributions(
    catalogue: Catalogue, recipe: Recipe, scheme: Plan, tree: Tree
) -> dict[str, Array]:
    """Contribution of every layer (``layer:ID``) and indicator (``ID``) to the index.

    Those of the indicators add up to the index, as do those of the members of each layer to its
    own. As long as all means from the index down have slopes they are exact; below another mean
    they divide the part of their layer by `layers.methods.parts.shares`.
    """
    index = tree.values[INDEX]
    known = {INDEX: _Part(index, np.where(np.isnan(index), np.nan, 1.0))}
    parts: dict[str, Array] = {}
    for node in reversed(list(catalogue.bottom_up())):
        choice = recipe.aggregate.at(node, catalogue.depth(node))
        below = _divide(known[node], tree.members(scheme, node), scheme.weights(node), choice)
        for position, member in enumerate(scheme.members[node]):
            part = below.part[:, position]
            parts[f"layer:{member.key}" if member.is_layer else member.key] = part
            if member.is_layer:
                factor = None if below.factor is None else below.factor[:, position]
                known[member.key] = _Part(part, factor)
    return parts


def _divide(whole: _Part, values: Array, weights: Array, choice: Combine) -> _Part:
    """Parts of the members, shape (n, k), of the part of their node."""
    slope = None if whole.factor is None else slopes(values, weights, choice)
    if slope is not None and whole.factor is not None:
        factor = whole.factor[:, None] * slope
        return _Part(factor * values, factor)
    return _Part(whole.part[:, None] * shares(values, weights, choice), None)


def _no_scale(node: str, choice: Combine, recipe: Recipe) -> RecipeError:
    return RecipeError(
        f"recipe: aggregate.method = '{choice.method}' of layer '{node}' has a scale of its own; "
        f"give normalise.range, such as [0, 100], so that it fits the others under "
        f"normalise.method = '{recipe.normalise.method}'.",
        code="no_scale",
    )


def _keys(scheme: Plan, node: str) -> list[str]:
    return [f"{'layer' if one.is_layer else 'indicator'}:{one.key}" for one in scheme.members[node]]


def _stack(columns: Mapping[str, Array], keys: list[str], size: int) -> Array:
    return np.column_stack([columns[key] for key in keys]) if keys else np.empty((size, 0))
