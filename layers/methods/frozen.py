"""Keeping the parameters of a normalisation, so that years and datasets are comparable.

`to_dict` gives plain values that TOML and JSON can hold; `from_dict` gives back a method that
turns any values into the very same numbers.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from layers import normalise
from layers.errors import RecipeError
from layers.methods import scales

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.normalise import Fitted

__all__ = ["from_dict", "to_dict"]

_CLASSES: dict[str, type[Any]] = {
    "minmax": normalise.MinMax, "zscore": normalise.ZScore, "rank": normalise.Rank,
    "percentile": normalise.Percentile, "goalposts": scales.Goalposts, "borda": scales.Borda,
    "distance_to_max": scales.DistanceToMax, "distance_to_target": scales.DistanceToTarget,
    "robust": scales.Robust, "ranged": scales.Ranged,
}  # fmt: skip
_NAMES = {cls: name for name, cls in _CLASSES.items()}


def to_dict(fitted: Fitted) -> dict[str, Any]:
    """Parameters of a fitted method as plain values, fit for TOML or JSON; see `from_dict`."""
    if type(fitted) not in _NAMES:
        msg = f"normalise: parameters of {type(fitted).__name__} cannot be kept."
        raise RecipeError(msg)
    fields = dataclasses.fields(cast("Any", fitted))
    content = {field.name: _plain(getattr(fitted, field.name)) for field in fields}
    kept = {key: value for key, value in content.items() if value is not None}
    return {"method": _NAMES[type(fitted)]} | kept


def from_dict(content: Mapping[str, Any]) -> Fitted:
    """Rebuild a fitted method from `to_dict`, for another year: the results are comparable.

    Raises
    ------
    RecipeError
        If the method is unknown or a parameter is missing or unknown.
    """
    name = content.get("method")
    if name not in _CLASSES:
        msg = f"frozen parameters: method = {name!r} is unknown; allowed: {', '.join(_CLASSES)}."
        raise RecipeError(msg)
    fields = [field.name for field in dataclasses.fields(_CLASSES[name])]
    given = {key: value for key, value in content.items() if key != "method"}
    if "output" in fields:
        given.setdefault("output", None)
    if set(given) != set(fields):
        msg = (
            f"frozen parameters: '{name}' needs exactly {', '.join(fields)}; "
            f"given: {', '.join(given)}."
        )
        raise RecipeError(msg)
    fitted: Fitted = _CLASSES[name](**{key: _rebuilt(key, given[key]) for key in fields})
    return fitted


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return list(value)
    return to_dict(cast("Any", value)) if dataclasses.is_dataclass(value) else value


def _rebuilt(key: str, value: Any) -> Any:
    if key == "inner":
        return from_dict(value)
    if key == "truncate" or value is None:
        return value
    numbers = np.asarray(value)
    if numbers.dtype.kind not in "fiu" or not np.isfinite(numbers).all():
        msg = f"frozen parameters: {key} = {value!r:.60} must hold finite numbers."
        raise RecipeError(msg)
    if key == "reference":
        return np.sort(numbers.astype(np.float64))
    return tuple(map(float, value)) if key == "output" else float(value)
