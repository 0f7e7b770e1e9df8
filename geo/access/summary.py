r"""From distances of cells to figures of regions, weighted by the people in each cell.

.. math::

   \text{mean} = \frac{\sum_i p_i d_i}{\sum_i p_i} \qquad
   \text{share within } D = \frac{\sum_{d_i \le D} p_i}{\sum_i p_i}

The median is the smallest distance within which at least half of the people live.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike

__all__ = ["WITHIN", "summary"]

#: In km.
WITHIN = (5.0, 10.0, 20.0)


def summary(
    cells: pd.DataFrame, distance: ArrayLike, region: ArrayLike, within: Iterable[float] = WITHIN
) -> pd.DataFrame:
    """Sum up distances per region.

    Parameters
    ----------
    cells : DataFrame
        With ``people``, persons per cell.
    distance : (n,) array
        In km, one per cell; any other quantity of cells is summed up in the same way. A cell
        without a number is left out, with its people.
    region : (n,) array of str
        Key of the region of each cell; a cell with an empty key counts nowhere.
    within : iterable of float
        Limits in km; a cell at the limit is within.

    Returns
    -------
    DataFrame
        Indexed by region, sorted; columns people (persons), km_mean, km_median, and for each limit
        ``share_within_5km`` (% of people). A region without people has no row.
    """
    table = pd.DataFrame(
        {
            "region": np.asarray(region, dtype=object).astype(str),
            "people": cells["people"].to_numpy(np.float64),
            "distance": np.asarray(distance, np.float64),
        }
    )
    table = table[(table["region"] != "") & (table["people"] > 0) & table["distance"].notna()]
    people = table.groupby("region")["people"].sum()
    result = pd.DataFrame({"people": people})
    result["km_mean"] = _sums(table, table["distance"]) / people
    result["km_median"] = _medians(table)
    for limit in within:
        reached = _sums(table, table["distance"] <= limit)
        result[f"share_within_{limit:g}km"] = 100 * reached / people
    return result


def _sums(table: pd.DataFrame, value: pd.Series) -> pd.Series:
    return (table["people"] * value).groupby(table["region"]).sum()


def _medians(table: pd.DataFrame) -> pd.Series:
    ordered = table.sort_values(["region", "distance"], kind="stable")
    of_region = ordered.groupby("region")["people"]
    half = 2 * of_region.cumsum() >= of_region.transform("sum")
    return ordered[half].groupby("region")["distance"].first()
