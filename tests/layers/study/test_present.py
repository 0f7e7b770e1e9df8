"""The present distribution: rate times the inhabitants of the same year, where these are known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from strategies import SOURCE, dataset, indicator, layer

from layers import Recipe, score
from layers.population import DENSITY
from layers.study.present import PRESENT, present

VALUES = pd.DataFrame({"a": [1.0, 2], PRESENT: [10.0, np.nan], DENSITY: [100.0, 50]},
                      index=["P", "Q"])  # fmt: skip
REGIONS = pd.DataFrame(
    {"name": ["Pe", "Qu"], "population": [12_000, 20_000], "population_year": 2023,
     "area_km2": [100.0, 400.0]},
    index=["P", "Q"],
)  # fmt: skip
LAYERS = [layer("la", indicator("a")),
          layer("lb", *(indicator(key, direction="0") for key in (PRESENT, DENSITY)))]  # fmt: skip


def scores(values=VALUES, regions=REGIONS, **recipe):
    return score(dataset(LAYERS, values, regions.copy()), Recipe.parse(recipe))


def test_people_by_hand():
    # 10 per 1,000 of 100 per km2 on 100 km2.
    found = present(scores())
    assert found.people["P"] == pytest.approx(10 / 1_000 * 100 * 100)
    assert np.isnan(found.people["Q"])
    assert found.whole.tolist() == [100, 0]
    assert (found.year, found.population_year) == (2020, 2020)


def test_without_densities_the_known_inhabitants_stand_in_and_their_year_is_said():
    found = present(scores(VALUES.drop(columns=DENSITY)))
    assert found.people["P"] == pytest.approx(10 / 1_000 * 12_000)
    assert (found.year, found.population_year) == (2020, 2023)
    undated = present(scores(VALUES.drop(columns=DENSITY), REGIONS.drop(columns="population_year")))
    assert undated.people["P"] == pytest.approx(10 / 1_000 * 12_000)
    assert undated.population_year == 0


def test_the_source_is_that_of_the_rate_in_its_year():
    one = scores().dataset
    own = SOURCE.model_copy(update={"title": "Benefits 2020"})
    rows = one.values.assign(source=np.where(one.values["indicator"] == PRESENT, "own", ""))
    earlier = one.values.assign(year=2019)
    named = dataclasses.replace(
        one, values=pd.concat([rows, earlier]), sources=dict(one.sources) | {"own": own}
    )
    assert present(score(named, Recipe())).source == own
    assert present(score(named, Recipe(year=2019))).source == SOURCE


def test_the_newest_year_up_to_that_of_the_recipe_counts():
    one = scores()
    earlier = one.dataset.values.assign(year=2015, value=one.dataset.values["value"] * 2)
    both = dataclasses.replace(one.dataset, values=pd.concat([one.dataset.values, earlier]))
    assert present(score(both, Recipe())).year == 2020
    assert present(score(both, Recipe(year=2016))).year == 2015
    assert present(score(both, Recipe(year=2015))).year == 2015
    assert present(score(both, Recipe(year=2016))).people["P"] == pytest.approx(20 / 1_000 * 20_000)


def test_none_where_there_is_nothing_to_go_by():
    assert present(scores(VALUES[["a"]])) is None
    assert present(scores(VALUES[["a", PRESENT]], REGIONS[["name"]])) is None
