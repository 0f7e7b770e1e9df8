"""Stage: gaps -> imputed values, each marked as such; off by default.

`layers.methods.gaps` holds the methods on plain arrays; here they are given what they need of a
dataset.

Reference: OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 3,
doi:10.1787/9789264043466-en.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from layers.errors import RecipeError
from layers.methods import gaps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.dataset import Dataset
    from layers.methods.gaps import Imputed, Statistic

__all__ = ["METHODS", "ImputedFrame", "impute", "previous_year"]

Years = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

#: Names in a recipe.
METHODS = (
    "none", "median", "mean", "group_median", "group_mean", "layer_mean", "knn", "previous_year",
)  # fmt: skip
_STATISTICS: dict[str, Statistic] = {"group_median": "median", "group_mean": "mean"}


class ImputedFrame(NamedTuple):
    """Filled values, which of them are imputed, and the year that each stems from."""

    values: pd.DataFrame
    imputed: pd.DataFrame
    years: pd.DataFrame


def previous_year(
    values: pd.DataFrame, years: pd.Series, table: pd.DataFrame, max_age: int = 5
) -> ImputedFrame:
    """Fill a gap with the region's own newest earlier value of that indicator.

    Parameters
    ----------
    values : DataFrame
        Regions x indicators, as `Selection.values`.
    years : Series
        Year of each indicator, as `Selection.years`.
    table : DataFrame
        Long table with region, indicator, year and value, as `Dataset.values`.
    max_age : int
        How many years older the value may be, at least 1.

    Returns
    -------
    ImputedFrame
        ``years`` holds the earlier year where a cell was filled.

    Raises
    ------
    RecipeError
        If `max_age` is below 1.
    """
    if max_age < 1:
        msg = f"recipe: impute.max_age = {max_age} must be a whole number of years from 1."
        raise RecipeError(msg)
    limit = table["indicator"].astype(object).map(years.to_dict()).astype("float64")
    age = limit - table["year"]
    usable = table[table["value"].notna() & (age >= 1) & (age <= max_age)].sort_values("year")
    usable = usable.drop_duplicates(["region", "indicator"], keep="last")
    rows = values.index.get_indexer(pd.Index(usable["region"]))
    columns = values.columns.get_indexer(pd.Index(usable["indicator"].astype(object)))
    known = (rows >= 0) & (columns >= 0)
    place = (rows[known], columns[known])
    guess, year = np.full(values.shape, np.nan), _year_matrix(values, years)
    guess[place] = usable["value"].to_numpy()[known]
    filled = gaps.fill(values.to_numpy(), guess)
    older = year.copy()
    older[place] = usable["year"].to_numpy()[known]
    return _frames(values, filled, np.where(filled.imputed, older, year))


def impute(
    dataset: Dataset, values: pd.DataFrame, years: pd.Series, method: str, *,
    by: str = "", neighbours: int = 5, max_age: int = 5,
    directions: Mapping[str, int] | None = None, table: pd.DataFrame | None = None,
) -> ImputedFrame:  # fmt: skip
    """Fill the gaps of a selection by the method of that name.

    Parameters
    ----------
    values, years : DataFrame, Series
        As in `Selection`; the rows of the reference set.
    method : str
        One of `METHODS`.
    by : str
        Attribute column of the regions table, for group_median and group_mean.
    neighbours, max_age : int
        For knn and previous_year.
    directions : mapping, optional
        Indicator -> 1, -1 or 0, for layer_mean, as `Plan.directions`; by default all 1.
    table : DataFrame, optional
        Long table for previous_year, in the units of `values`; by default that of the dataset.

    Raises
    ------
    RecipeError
        If method, attribute or a number is none that can be used.
    """
    array = values.to_numpy(dtype=np.float64)
    match method:
        case "none":
            filled = gaps.none(array)
        case "median" | "mean":
            filled = gaps.by_column(array, method)
        case "group_median" | "group_mean":
            groups = _attribute(dataset, by).reindex(values.index)
            filled = gaps.by_group(array, list(groups), _STATISTICS[method])
        case "layer_mean":
            layers = [dataset.catalogue.layer_of[key] for key in values.columns]
            turn = [(directions or {}).get(key, 1) for key in values.columns]
            filled = gaps.layer_mean(array, layers, turn)
        case "knn":
            filled = gaps.nearest(array, neighbours)
        case "previous_year":
            earlier = dataset.values if table is None else table
            return previous_year(values, years, earlier, max_age)
        case _:
            msg = f"recipe: impute.method = '{method}' is unknown; allowed: {', '.join(METHODS)}."
            raise RecipeError(msg)
    return _frames(values, filled, _year_matrix(values, years))


def _attribute(dataset: Dataset, by: str) -> pd.Series:
    if by not in dataset.regions.columns:
        allowed = ", ".join(map(str, dataset.regions.columns))
        msg = f"recipe: impute.by = '{by}' is no attribute of the regions; allowed: {allowed}."
        raise RecipeError(msg)
    column: pd.Series = dataset.regions[by]
    return column


def _year_matrix(values: pd.DataFrame, years: pd.Series) -> Years:
    row = years.reindex(values.columns).to_numpy(dtype=np.int64)
    return np.broadcast_to(row, values.shape).copy()


def _frames(like: pd.DataFrame, filled: Imputed, years: Years) -> ImputedFrame:
    def frame(content: np.ndarray[Any, Any]) -> pd.DataFrame:
        return pd.DataFrame(content, index=like.index, columns=like.columns)

    return ImputedFrame(frame(filled.values), frame(filled.imputed), frame(years))
