"""Choosing regions by their attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.errors import RecipeError
from layers.recipe import Range

if TYPE_CHECKING:
    from collections.abc import Mapping


def choose(
    regions: pd.DataFrame, conditions: Mapping[str, Range | list[str | int | float | bool]]
) -> pd.Series:
    """Return which regions meet all conditions; a region without the attribute meets none.

    Raises
    ------
    RecipeError
        If a column or value is unknown, or no region is left.
    """
    chosen = pd.Series(True, index=regions.index)
    for column, allowed in conditions.items():
        if column not in regions.columns:
            known = ", ".join(regions.columns)
            msg = f"recipe: unknown key '{column}' in [filter]; attributes of regions: {known}."
            raise RecipeError(msg)
        chosen &= _meets(regions[column], allowed)
    if not chosen.any():
        msg = f"recipe: no region meets [filter] {_words(conditions)}; widen it."
        raise RecipeError(msg, code="no_region")
    return chosen


def _meets(column: pd.Series, allowed: Range | list[str | int | float | bool]) -> pd.Series:
    numeric = pd.api.types.is_numeric_dtype(column)
    if isinstance(allowed, Range):
        if not numeric:
            msg = f"recipe: 'filter.{column.name}' holds text; list its values, no min or max."
            raise RecipeError(msg)
        low = -float("inf") if allowed.min is None else allowed.min
        high = float("inf") if allowed.max is None else allowed.max
        return column.between(low, high).fillna(value=False).astype(bool)
    items = allowed if numeric else list(map(str, allowed))
    there = set(column.dropna().tolist())
    unknown = [item for item in items if item not in there]
    if unknown:
        known = ", ".join(map(str, sorted(there)[:20]))
        msg = f"recipe: 'filter.{column.name}' has no value '{unknown[0]}'; values: {known}."
        raise RecipeError(msg, code="filter_value")
    return column.isin(items).fillna(value=False).astype(bool)


def _words(conditions: Mapping[str, Range | list[str | int | float | bool]]) -> str:
    def words(allowed: Range | list[str | int | float | bool]) -> str:
        if isinstance(allowed, Range):
            return f"{allowed.min} to {allowed.max}"
        return ", ".join(map(str, allowed))

    return "; ".join(f"{column} = {words(allowed)}" for column, allowed in conditions.items())
