"""Whether a service has kept pace: supply and newcomers over the years that have both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pandas as pd

from layers.errors import RecipeError
from layers.study.strain_services import newcomers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.dataset import Dataset
    from layers.study.strain_services import Service

__all__ = ["Pace", "pace"]

#: What became of supply while the number of newcomers changed.
Pace: TypeAlias = Literal["kept", "fell_behind", "no_rise"]

#: A change of at most this share of the first value counts as none.
_LEVEL = 0.05
#: Years at either end whose mean is compared, as single years of small regions swing.
_ENDS = 3
#: Columns of `pace`.
_PACE = (
    "first", "first_end", "last_begin", "last", "supply_before", "supply_after", "supply_median",
    "supply_way", "newcomers_before", "newcomers_after", "newcomers_median", "newcomers_way",
    "pace",
)  # fmt: skip


def pace(
    dataset: Dataset, region: str, service: Service, arrived: str, *, year: int | None = None
) -> pd.DataFrame:
    """Say how supply and newcomers changed over the years that a region has both for.

    The mean of the first three common years is held against that of the last three. A change
    counts as none if it is at most 5 % of the first mean. Measures of supply are rates: one that
    stays level has grown with the people it is for. So supply has kept pace if newcomers became
    more and supply did not fall.

    Parameters
    ----------
    arrived : str
        Indicator that stands for newcomers.
    year : int, optional
        No year after it is looked at.

    Returns
    -------
    DataFrame
        By measure of supply with six common years or more: ``first``, ``first_end``,
        ``last_begin`` and ``last`` (years), ``supply_before``, ``supply_after`` (means, in its
        unit), ``supply_median`` (median change of all regions with values in those years),
        ``supply_way`` (1 more supply, -1 less, 0 level), the same four of ``newcomers_``, and
        ``pace`` (see `Pace`).

    Raises
    ------
    RecipeError
        If the region is unknown.
    """
    if region not in dataset.regions.index:
        msg = f"services: unknown region '{region}'; keys look like '{dataset.regions.index[0]}'."
        raise RecipeError(msg)
    by_year = _by_year(dataset, [*(one.indicator for one in service.supply), arrived], year)
    since = by_year[arrived].loc[:, newcomers(arrived).since :]
    rows = {
        one.indicator: row
        for one in service.supply
        if (row := _change(by_year[one.indicator], since, region, one.more))
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(_PACE))
    return table.rename_axis("indicator")


def _change(
    supply: pd.DataFrame, arrived: pd.DataFrame, region: str, more: Literal["+", "-"]
) -> list[object]:
    """One row of `pace`; empty without six common years."""
    own = pd.DataFrame({"supply": supply.loc[region], "newcomers": arrived.loc[region]}).dropna()
    years = [int(str(year)) for year in own.index]
    if len(years) < 2 * _ENDS:
        return []
    begin, end = years[:_ENDS], years[-_ENDS:]
    before, after = own.loc[begin].mean(), own.loc[end].mean()
    sides = {"supply": supply, "newcomers": arrived}
    signs = {"supply": 1 if more == "+" else -1, "newcomers": 1}
    ways = {key: sign * _way(before[key], after[key]) for key, sign in signs.items()}
    changes = [
        value
        for key, table in sides.items()
        for value in (before[key], after[key], _median_change(table, begin, end), ways[key])
    ]
    return [begin[0], begin[-1], end[0], end[-1], *changes, _pace(ways)]


def _median_change(table: pd.DataFrame, begin: list[int], end: list[int]) -> float:
    before, after = (table[years].to_numpy().mean(axis=1) for years in (begin, end))
    return float(pd.Series(after - before).median())


def _way(before: float, after: float) -> int:
    change = after - before
    return 0 if abs(change) <= _LEVEL * abs(before) else int(np.sign(change))


def _pace(ways: Mapping[str, int]) -> Pace:
    if ways["newcomers"] <= 0:
        return "no_rise"
    return "fell_behind" if ways["supply"] < 0 else "kept"


def _by_year(dataset: Dataset, keys: list[str], year: int | None) -> dict[str, pd.DataFrame]:
    """Regions x years of each indicator, as far as there are values."""
    return {key: dataset.by_year(key).loc[:, :year] for key in keys}
