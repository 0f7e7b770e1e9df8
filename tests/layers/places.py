"""Invented regions with series of people and of the economy, as kinds of place need them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from strategies import dataset, indicator, layer

from layers.population import DENSITY
from layers.recipe import Kinds

COLUMNS_OF_VALUES = ["region", "indicator", "year", "value", "flag", "source"]
#: Two years, so that ten percent more are ten percent a year.
YEAR = Kinds(first=2020, last=2021, economy_bounds=(-1.0, 1.0), population_bounds=(-2.0, 2.0))
LAYERS = [
    layer(
        "top", indicator(DENSITY, direction="0"), indicator("gdp_per_head"),
        indicator("unemployment_rate", direction="-", unit="%"),
    )
]  # fmt: skip


def made(**series):
    """Regions of 1,000 km² with values by year from 2020: series -> a list per region."""
    size = len(next(iter(series.values())))
    keys = [f"R{place}" for place in range(size)]
    regions = pd.DataFrame({"name": keys, "area_km2": 1000.0}, index=keys)
    start = dataset(LAYERS, pd.DataFrame({DENSITY: 1.0}, index=keys), regions)
    rows = [
        (keys[place], key, year, float(value), "", "")
        for key, lists in series.items()
        for place, values in enumerate(lists)
        for year, value in enumerate(values, start=2020)
    ]
    return replace(start, values=pd.DataFrame(rows, columns=COLUMNS_OF_VALUES))


#: People 100,000 -> 110,000, 200,000 -> 190,000, 300,000 -> 300,000; GDP x 1.2, x 0.95, x 1.
EXAMPLE = made(
    **{DENSITY: [[100, 110], [200, 190], [300, 300]]},
    gdp_per_head=[[11, 12], [40, 40], [30, 30]],
)
