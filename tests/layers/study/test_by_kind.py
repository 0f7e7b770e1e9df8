"""Kinds side by side: counts add up, quartiles are those of the group, nobody is lost."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from layers import Dataset, Recipe, score
from layers.kinds import COLUMNS, PARTS
from layers.study.by_kind import by_kind, cross, has_kinds, official_types

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def kreise():
    return Dataset.open(ROOT / "data" / "kreise")


@pytest.fixture(scope="module")
def scores(kreise):
    return score(kreise, Recipe())


def test_quartiles_are_those_of_the_group(scores):
    found = by_kind(scores)
    row = found.query("part == 'kind_population' and kind == 'shrinking' and measure == 'housing'")
    inside = scores.dataset.regions["kind_population"] == "shrinking"
    expected = scores.layers.loc[inside, "housing"].quantile([0.25, 0.5, 0.75])
    assert row[["q25", "median", "q75"]].iloc[0].tolist() == pytest.approx(expected.tolist())
    assert row["regions"].iloc[0] == 60


def test_only_the_selection_is_compared(kreise):
    chosen = score(kreise, Recipe(filter={"land": ["01"]}))
    found = by_kind(chosen).query("measure == 'score'")
    assert (found.groupby("part")["regions"].sum() == 15).all()


@pytest.mark.parametrize("column", ["thuenen_type", "land", "bbsr_type_2015"])
def test_a_cross_table_holds_every_region_once(scores, column):
    found = cross(scores, column)
    assert (found.groupby("part")["regions"].sum() == 400).all()
    missing = scores.dataset.regions[column].isna().sum()
    assert found[found["value"] == ""].groupby("part")["regions"].sum().tolist() == (
        [missing] * len(PARTS) if missing else []
    )


def test_computed_columns_are_no_official_types(scores):
    assert set(official_types(scores)).isdisjoint(COLUMNS)
    assert "thuenen_type" in official_types(scores)


def test_a_region_without_a_kind_stays_in_sight(kreise):
    """Flensburg has no density of 2019."""
    found = score(kreise, Recipe.parse({"kinds": {"last": 2019}}))
    row = by_kind(found).query("part == 'kind_population' and kind == '' and measure == 'score'")
    assert row["median"].tolist() == pytest.approx([found.index["01001"]])


def test_a_dataset_without_the_series_has_none():
    toy = Dataset.open(ROOT / "tests" / "toy")
    assert not has_kinds(score(toy, Recipe()))
    assert isinstance(toy.regions, pd.DataFrame)
