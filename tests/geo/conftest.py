"""Fixtures of exports: the invented dataset with boundaries, scored with a gap, with rank bands."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.document import Document
from layers import Dataset, Recipe, score
from layers.robust import robust_scores

#: Third parts and gaps need all digits and empty cells.
RECIPE = Recipe.parse(
    {"weights": {"layer:soil": 1 / 3, "layer:people": 0.1}, "aggregate": {"min_coverage": 0.95}}
)


def square(x, y):
    return shapely.box(500_000 + x, 5_600_000 + y, 510_000 + x, 5_610_000 + y)


@pytest.fixture(scope="session")
def squares():
    """Two that touch, one of two parts, one with a hole."""
    return gpd.GeoDataFrame(
        {
            "region": ["A1", "B2", "C3", "D4"],
            "geometry": [
                square(0, 0),
                square(10_000, 0),
                shapely.union_all([square(30_000, 0), square(50_000, 0)]),
                square(0, 20_000) - square(0, 20_000).buffer(-2_000),
            ],
        },
        crs="EPSG:25832",
    )


@pytest.fixture(scope="session")
def recipe():
    return RECIPE


@pytest.fixture(scope="session")
def mapped(toy_folder, squares, tmp_path_factory):
    """Return the folder of the invented dataset with boundaries; do not change it."""
    copy = Path(shutil.copytree(toy_folder, tmp_path_factory.mktemp("toy") / "toy"))
    squares.to_parquet(copy / "boundaries.parquet")
    return copy


@pytest.fixture(scope="session")
def mapped_scores(mapped):
    return score(Dataset.open(mapped), RECIPE)


@pytest.fixture(scope="session")
def mapped_bands(mapped_scores):
    return robust_scores(mapped_scores, draws=300)


@pytest.fixture(scope="session")
def mapped_document(mapped_scores, mapped_bands):
    return Document(mapped_scores, mapped_bands, "scores", "de")


@pytest.fixture
def document(mapped_scores, mapped_bands):
    """Return the same, for tests that change it."""
    return Document(mapped_scores, mapped_bands, "scores", "de")
