"""How many people live in each region in a given year.

The publisher gives densities by year, not counts. Times the area they are people again:

    people(t) = density(t) x area,    area = people(c) / density(c)

with the official count of one year c (a column ``population_<c>`` of the regions), since the area
behind the densities is not always that of the regions table: water, or land that changed hands
(Bremerhaven 8 %, two Kreise in Thüringen 5 %). Without such a count the area is ``area_km2``.

Densities are rounded to 0.01 people per km²: at the least density of a Kreis, 35, and with two
densities in the formula, the error is at most 0.03 %. Where the area itself changed, the years
before are wrong by that change (Bremerhaven until 2009: 19 % too many).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from layers.dataset import Dataset

__all__ = ["DENSITY", "people_by_year", "population", "series"]

#: Indicator that holds people per km².
DENSITY = "population_density"
_AREA = "area_km2"
_COUNT = re.compile(r"population_([0-9]{4})")


def population(dataset: Dataset, year: int) -> pd.Series:
    """Return the people of each region at the end of `year`.

    Returns
    -------
    Series
        Persons, not rounded, indexed by region; NaN where density or area is unknown.
    """
    return people_by_year(dataset).reindex(columns=[year])[year].rename("population")


def people_by_year(dataset: Dataset) -> pd.DataFrame:
    """Return the people of each region in all years that have densities; regions x years."""
    densities = series(dataset, DENSITY)
    return densities.mul(_areas(dataset, densities), axis=0)


def series(dataset: Dataset, indicator: str) -> pd.DataFrame:
    """Return all values of one indicator: regions x years, NaN for gaps; no columns if unknown.

    What a lens leaves out of a dataset is found nevertheless.
    """
    values = dataset.plain.values
    rows = values[(values["indicator"] == indicator) & values["value"].notna()]
    table = rows.pivot(index="region", columns="year", values="value")  # noqa: PD010 -- each occurs once, and it takes half the time
    return table.reindex(dataset.regions.index).rename(columns=int)


def _areas(dataset: Dataset, densities: pd.DataFrame) -> pd.Series:
    """Area in km² that turns densities into people."""
    regions = dataset.regions
    known = regions.get(_AREA, pd.Series(np.nan, index=regions.index))
    areas = pd.to_numeric(known, errors="coerce").astype("float64")
    for column in regions.columns:
        found = _COUNT.fullmatch(column)
        if found and int(found[1]) in densities:
            counted = pd.to_numeric(regions[column], errors="coerce") / densities[int(found[1])]
            areas = counted.astype("float64").fillna(areas)
    return areas
