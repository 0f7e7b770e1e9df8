"""Which choices a multiverse varies: a standard set for any dataset, or those of a file.

A choice file (TOML) has one table ``[choices]``: a field of the recipe as in
`layers.certainty.multiverse`, and its values as a list or as a table of labels and values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.certainty.multiverse import vary
from layers.errors import RecipeError
from layers.score import score
from layers.seen import seen
from layers.toml import parse_toml, read_toml

if TYPE_CHECKING:
    from pathlib import Path

    from layers.catalogue import Catalogue
    from layers.certainty.multiverse import Values
    from layers.dataset import Dataset
    from layers.recipe import Recipe

__all__ = ["parse_choice", "read_choices", "standard_choices"]

#: Starts at 1 because geometric means need values above 0.
_RANGE = [1.0, 100.0]
_TREATMENT = "winsorise_then_log"
_TURNED = {"+": "-", "-": "+", "0": "0"}


def standard_choices(dataset: Dataset, base: Recipe, *, whole: bool = False) -> dict[str, Values]:
    """Return the choices that are varied unless somebody names others.

    ``normalise``: minmax and percentile on 1 to 100, rank, zscore; ``aggregate.method``:
    arithmetic, geometric; ``treat``: outliers left, or winsorised or else put as logarithms, if
    there are any; ``impute``: gaps left, or filled with the median, if there are any; both also as
    the recipe has it; ``weights``: as chosen, or equal for all layers of a level, if that differs;
    ``directions``: as chosen, or with all contested ones turned, if there are any.

    Parameters
    ----------
    whole : bool
        Only what goes with everything else (no zscore, which no geometric mean can take), as a
        design without holes needs; and no ``weights``, which are varied there by themselves.
    """
    dataset = seen(dataset, base)
    choices: dict[str, Values] = {
        "normalise": _scales(base, whole=whole),
        "aggregate.method": ["arithmetic", "geometric"],
    }
    choices |= _repairs(dataset, base)
    given = dict(base.weights)
    equal = given | _equal(dataset.catalogue, base)
    if not whole and _differ(dataset.catalogue, base):
        choices["weights"] = {"chosen": given, "equal": equal}
    if turned := _contested(dataset.catalogue, base):
        before = dict(base.directions)
        choices["directions"] = {"chosen": before, "turned": before | turned}
    return choices


def read_choices(path: Path) -> dict[str, Values]:
    """Read a choice file.

    Raises
    ------
    RecipeError
        If it cannot be read or has anything but a table ``[choices]`` of lists and tables.
    """
    content = read_toml(path, RecipeError)
    choices = content.get("choices")
    if set(content) != {"choices"} or not isinstance(choices, dict) or not choices:
        msg = f'{path}: one table [choices] is needed, such as "normalise.method" = ["minmax"].'
        raise RecipeError(msg)
    for field, values in choices.items():
        if not isinstance(values, (list, dict)):
            msg = f"{path}: '{field}' needs a list of values or a table of labels and values."
            raise RecipeError(msg)
    return choices


def parse_choice(words: str) -> tuple[str, list[Any]]:
    """Read ``FIELD=VALUE,VALUE`` as typed on a command line; a value is TOML or plain text.

    Raises
    ------
    RecipeError
        If there is no field or no value.
    """
    field, equals, values = words.partition("=")
    if not (field.strip() and equals and values.strip()):
        msg = f"'{words}': FIELD=VALUE,VALUE is needed, such as normalise.method=minmax,rank."
        raise RecipeError(msg)
    return field.strip(), [_value(value.strip()) for value in values.split(",")]


def _value(word: str) -> Any:
    try:
        return parse_toml(f"value = {word}".encode("utf-8", "replace"), word, RecipeError)["value"]
    except RecipeError:
        return word


def _scales(base: Recipe, *, whole: bool) -> dict[str, dict[str, Any]]:
    scales: dict[str, dict[str, Any]] = {
        "minmax": {"method": "minmax", "range": _RANGE},
        "percentile": {"method": "percentile", "range": _RANGE},
        "rank": {"method": "rank"},
    }
    if not whole:
        scales["zscore"] = {"method": "zscore"}
    constant = base.normalise.constant
    return {label: scale | {"constant": constant} for label, scale in scales.items()}


def _repairs(dataset: Dataset, base: Recipe) -> dict[str, Values]:
    """Treatment of outliers and filling of gaps, where there is something to treat or to fill."""
    own, bare = base.to_dict(), {"treat": {"method": _TREATMENT}, "impute": {}}
    tried = score(dataset, vary(base, bare))
    values = tried.imputed.loc[tried.prepared.compared, list(tried.plan.scored())]
    repairs: dict[str, Values] = {}
    if len(tried.treatment):
        repairs["treat"] = _beside(own.get("treat", {}), _TREATMENT)
    if values.isna().any(axis=None):
        repairs["impute"] = _beside(own.get("impute", {}), "median")
    return repairs


def _beside(chosen: dict[str, Any], method: str) -> dict[str, dict[str, Any]]:
    """Nothing or `method`, and what the recipe has chosen if that is neither."""
    usual: dict[str, dict[str, Any]] = {"none": {}, method: {"method": method}}
    return usual if chosen in usual.values() else {"chosen": chosen} | usual


def _layer_weights(catalogue: Catalogue, base: Recipe) -> dict[str, float]:
    """Weights of the layers that hold anything."""
    return {
        one.id: base.weight("layer", one.id, one.weight)
        for one in catalogue.layers
        if catalogue.below(one.id)
    }


def _equal(catalogue: Catalogue, base: Recipe) -> dict[str, float]:
    weights = _layer_weights(catalogue, base)
    return {f"layer:{key}": 1.0 for key, weight in weights.items() if weight > 0}


def _differ(catalogue: Catalogue, base: Recipe) -> bool:
    """Whether layers of the same level have different weights, those of weight 0 apart."""
    weights = _layer_weights(catalogue, base)
    levels: dict[str, set[float]] = {}
    for one in catalogue.layers:
        if weights.get(one.id, 0) > 0:
            levels.setdefault(one.parent, set()).add(weights[one.id])
    return any(len(level) > 1 for level in levels.values())


def _contested(catalogue: Catalogue, base: Recipe) -> dict[str, str]:
    """Turn the directions of contested layers, and of contested indicators in other layers."""
    turned = {}
    for layer in catalogue.layers:
        if layer.contested:
            now = base.direction("layer", layer.id, layer.direction)
            turned[f"layer:{layer.id}"] = _TURNED[now]
            continue
        for one in layer.indicators:
            if one.contested and (now := base.direction("indicator", one.id, one.direction)) != "0":
                turned[one.id] = _TURNED[now]
    return turned
