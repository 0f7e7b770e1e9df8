"""People by year: the published counts must come out, whatever area stands beside the densities."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from strategies import dataset, indicator, layer

from layers import Dataset, Recipe
from layers.population import DENSITY, people_by_year, population
from layers.seen import seen

ROOT = Path(__file__).parents[2]
COLUMNS_OF_VALUES = ["region", "indicator", "year", "value", "flag", "source"]


def made(densities, **columns):
    """Regions A, B, ... with densities by year (one list per region)."""
    keys = [chr(ord("A") + place) for place in range(len(densities))]
    regions = pd.DataFrame({"name": keys, **columns}, index=keys)
    start = pd.DataFrame({DENSITY: 1.0}, index=keys)
    found = dataset([layer("top", indicator(DENSITY, direction="0"))], start, regions)
    rows = [
        (key, DENSITY, year, value, "", "")
        for key, values in zip(keys, densities, strict=True)
        for year, value in enumerate(values, start=2020)
    ]
    return replace(found, values=pd.DataFrame(rows, columns=COLUMNS_OF_VALUES))


def test_people_are_density_times_area():
    found = population(made([[10, 20], [5, 5]], area_km2=[3.0, 7.0]), 2021)
    assert found.to_dict() == {"A": 20 * 3, "B": 5 * 7}


def test_a_counted_year_says_which_area_the_densities_mean():
    """The area of the table may be another one: of B a part is water."""
    counts = made([[10, 20], [5, 10]], area_km2=[3.0, 7.0], population_2020=[30, 20])
    assert population(counts, 2020).tolist() == [30, 20]
    assert population(counts, 2021).tolist() == [60, 20 * 10 / 5]


def test_without_a_count_of_the_same_year_the_area_holds():
    assert population(made([[10.0]], area_km2=[3.0], population_1999=[1]), 2020).tolist() == [30]


@pytest.mark.parametrize("year", [2019, 2030])
def test_a_year_without_densities_has_no_people(year):
    assert population(made([[10.0]], area_km2=[3.0]), year).isna().all()


def test_a_gap_stays_a_gap():
    found = people_by_year(made([[10.0, np.nan], [1.0, 2.0]], area_km2=[3.0, np.nan]))
    assert found.isna().to_numpy().tolist() == [[False, True], [True, True]]


def test_a_dataset_without_densities_has_no_people():
    assert people_by_year(Dataset.open(ROOT / "tests" / "toy")).shape == (4, 0)


def test_the_national_figures_of_the_publisher_come_out():
    """Destatis: 83,237,124 people on 31.12.2021, 84,358,845 a year later."""
    kreise = Dataset.open(ROOT / "data" / "kreise")
    assert population(kreise, 2021).sum() == pytest.approx(83_237_124)
    assert population(kreise, 2022).sum() == pytest.approx(84_358_845, rel=1e-4)


def test_a_lens_that_leaves_densities_out_changes_nothing():
    kreise = Dataset.open(ROOT / "data" / "kreise")
    for lens in kreise.lenses:
        looked = seen(kreise, Recipe(lens=lens))
        pd.testing.assert_series_equal(population(looked, 2021), population(kreise, 2021))
