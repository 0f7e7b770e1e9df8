"""Kinds side by side: counts add up, quartiles are those of the group, nobody is lost."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from strategies import dataset, indicator, layer

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


@pytest.fixture
def made():
    """Give four regions; the size of the third is not known, and nobody knows the other parts."""
    regions = pd.DataFrame(
        {"name": list("PQRS"), "kind_size": ["large", "small", None, "large"],
         "kind_economy": None, "kind_population": None, "coast": [True, None, False, True]},
        index=list("PQRS"),
    )  # fmt: skip
    values = pd.DataFrame({"a": [0.0, 40, 60, 100]}, index=list("PQRS"))
    return score(dataset([layer("la", indicator("a"))], values, regions), Recipe())


def test_four_regions_by_hand(made):
    found = by_kind(made)
    assert found.index.tolist() == list(range(len(found)))
    assert found.columns.tolist() == ["part", "kind", "measure", "regions", "q25", "median", "q75"]
    rows = found[(found["part"] == "kind_size") & (found["measure"] == "score")]
    assert rows.drop(columns=["part", "measure"]).to_numpy().tolist() == [
        ["", 1, 60, 60, 60], ["large", 2, 25, 50, 75], ["small", 1, 40, 40, 40]
    ]  # fmt: skip
    assert sorted(found.loc[found["part"] == "kind_economy", "measure"]) == ["la", "score"]


def test_a_cross_table_by_hand(made):
    found = cross(made, "coast")
    assert found.index.tolist() == list(range(len(found)))
    assert found.columns.tolist() == ["attribute", "value", "part", "kind", "regions"]
    assert set(found["attribute"]) == {"coast"}
    rows = found[found["part"] == "kind_size"].set_index(["value", "kind"])["regions"]
    assert rows.to_dict() == {
        ("", ""): 0, ("", "large"): 0, ("", "small"): 1,
        ("False", ""): 1, ("False", "large"): 0, ("False", "small"): 0,
        ("True", ""): 0, ("True", "large"): 2, ("True", "small"): 0,
    }  # fmt: skip
    assert rows.index.is_monotonic_increasing
    rest = found[(found["part"] == "kind_economy") & (found["value"] == "True")]
    assert rest[["kind", "regions"]].to_numpy().tolist() == [["", 2]]


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
