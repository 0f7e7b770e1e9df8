"""What the tests of the report share: the embedded dataset under the default recipe, once."""

from __future__ import annotations

import datetime as dt

import pytest
from spread import SPREAD

from layers import Dataset, Recipe, score
from layers.paths import data_folder, default_recipe
from layers.robust import robust_scores
from views.report.background import background

DAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="session")
def scores():
    dataset = Dataset.open(data_folder() / "kreise")
    return score(dataset, default_recipe(dataset))


@pytest.fixture(scope="session")
def bands(scores):
    return robust_scores(scores, draws=1000, seed=1)


@pytest.fixture(scope="session")
def german(scores, bands):
    return background(scores, bands, "de", date=DAY, regions=SPREAD)


@pytest.fixture(scope="session")
def english(scores, bands):
    return background(scores, bands, "en", date=DAY, regions=["09477"])


@pytest.fixture(scope="session")
def little(toy):
    """Return the invented dataset: no boundaries, no types, no long series."""
    scores = score(toy, Recipe())
    return background(scores, robust_scores(scores, draws=100, seed=1), "de", date=DAY)
