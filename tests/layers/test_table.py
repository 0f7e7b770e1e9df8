"""What must be true of the tables that people take away.

Shapes covered: complete rows, a gap, a filter, a reference set that leaves regions out, labels.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from layers import Dataset, Recipe, score
from layers.robust import robust_scores
from layers.table import (
    bands_table,
    code_book,
    indicator_table,
    result_table,
    stage_tables,
    values_table,
)

TOY = Path(__file__).parents[1] / "toy"


@pytest.fixture(scope="module")
def toy():
    return Dataset.open(TOY)


@pytest.fixture(scope="module")
def scores(toy):
    return score(toy, Recipe())


@pytest.fixture(scope="module")
def bands(scores):
    return robust_scores(scores, draws=200)


def test_rows_come_by_rank_with_the_numbers_of_the_run(scores):
    table = result_table(scores)
    assert list(table["region"]) == ["D4", "C3", "A1", "B2"]
    assert list(table["rank"]) == [1, 2, 3, 4]
    # soil counts 3, water 1; land and people count the same
    assert table.set_index("region").loc["B2", "layer_land"] == (3 * 50 + 1 * 100) / 4
    assert table.set_index("region").loc["B2", "score"] == ((3 * 50 + 100) / 4 + 0) / 2


def test_a_filter_leaves_rows_out_but_ranks_among_all(toy):
    recipe = Recipe.parse({"filter": {"coast": ["no"]}})
    table = result_table(score(toy, recipe))
    assert list(table["region"]) == ["D4", "B2"]
    assert list(table["rank"]) == [1, 4]


def test_a_region_without_a_score_comes_last_and_says_why(toy):
    recipe = Recipe.parse({"aggregate": {"min_coverage": 1.0}})
    last = result_table(score(toy, recipe)).iloc[-1]
    assert (last["region"], last["reason"]) == ("D4", "coverage")
    assert np.isnan(last["score"])
    assert last["rank"] is pd.NA


def test_every_row_says_how_old_its_data_are_and_which_are_flagged(scores):
    table = result_table(scores).set_index("region")
    assert (table["year_oldest"] == 2020).all()
    assert (table["year_newest"] == 2021).all()
    assert table.loc["D4", "flags"] == "calculated withheld"
    assert table.loc["A1", "flags"] == ""


def test_a_label_is_preferred_to_a_name_because_it_is_unique(toy):
    regions = toy.regions.assign(name="Rosenheim", label=["a", "b", "c", "d"])
    table = result_table(score(dataclasses.replace(toy, regions=regions), Recipe()))
    assert sorted(table["name"]) == ["a", "b", "c", "d"]


def test_bands_stand_beside_the_ranks(scores, bands):
    table = result_table(scores, bands).set_index("region")
    assert (table["rank_p05"] <= table["rank_median"]).all()
    assert (table["rank_median"] <= table["rank_p95"]).all()
    full = bands_table(scores, bands).set_index("region")
    pd.testing.assert_series_equal(full["top_quarter"], table["top_quarter"])
    winners = full[full["top_quarter"] > 0]
    weights = winners[["central_land", "central_people"]].sum(axis=1)
    np.testing.assert_allclose(weights, 1)


def test_the_indicator_table_holds_scored_values_with_year_and_flag(scores):
    table = indicator_table(scores).set_index("region")
    assert "songs" not in table  # direction 0: shown, not scored
    assert table.loc["A1", "wells"] == 1
    assert table.loc["A1", "wells.year"] == 2021
    assert table.loc["D4", "wells.year"] is pd.NA
    assert table.loc["D4", "wells.flag"] == "withheld"
    assert "stones.flag" not in table


def test_stages_lead_from_raw_values_to_ranks(scores):
    stages = {key: one.set_index(one.columns[0]) for key, one in stage_tables(scores).items()}
    index = stages["aggregated"]["index"]
    assert list(stages["raw"].columns) == ["fertility", "stones", "wells", "quarrels", "songs"]
    np.testing.assert_allclose(stages["contributions"].sum(axis=1), index)
    np.testing.assert_allclose(stages["layer_contributions"].sum(axis=1), index)
    pd.testing.assert_series_equal(stages["ranks"]["score"], index, check_names=False)
    assert stages["weights"].loc["indicator:stones", "direction"] == -1
    assert stages["weights"].loc["indicator:stones", "share_of_index"] == 1 / 2 * 3 / 4 * 1 / 2
    assert stages["years"].loc["wells", "year"] == 2021


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_code_book_explains_every_column(scores, bands, language):
    for table in (result_table(scores, bands), bands_table(scores, bands), indicator_table(scores)):
        book = code_book(scores, table, bands)
        assert [one.name for one in book] == list(table.columns)
        assert all(one.text[language] for one in book)
        assert not any("{" in one.text[language] for one in book)


def test_every_value_stands_in_its_row_with_year_flag_and_source(toy):
    scores = score(toy, Recipe.parse({"filter": {"coast": ["no"]}}))
    table = values_table(scores)
    assert list(table.columns) == [
        "region", "indicator", "year", "value", "scored", "flag", "source",
    ]  # fmt: skip
    assert list(table["region"].unique()) == ["B2", "D4"]
    assert not table.duplicated(["region", "indicator"]).any()
    cells = table.set_index(["region", "indicator"])
    assert cells.loc[("B2", "wells")].tolist() == [2021, 3.0, 3.0, "", "invented"]
    gap = cells.loc[("D4", "wells")]
    assert gap["flag"] == "withheld"
    assert gap[["year", "value", "scored"]].isna().all()
    assert "songs" not in cells.index.get_level_values("indicator")


def test_an_estimate_stands_beside_the_gap_that_it_fills(toy):
    scores = score(toy, Recipe.parse({"impute": {"method": "median"}}))
    row = values_table(scores).set_index(["region", "indicator"]).loc[("D4", "wells")]
    assert np.isnan(row["value"])
    assert (row["scored"], row["year"], row["flag"]) == (2.0, 2021, "withheld imputed")


def test_a_row_with_a_source_of_its_own_names_it(toy):
    own = (
        toy.values["source"]
        .astype("str")
        .where((toy.values["region"] != "A1") | (toy.values["indicator"] != "wells"), "diary")
    )
    sources = toy.sources | {"diary": toy.sources["invented"]}
    dataset = dataclasses.replace(toy, values=toy.values.assign(source=own), sources=sources)
    table = values_table(score(dataset, Recipe())).set_index(["region", "indicator"])
    assert table.loc[("A1", "wells"), "source"] == "diary"
    assert table.loc[("B2", "wells"), "source"] == "invented"


def test_the_code_book_explains_the_columns_of_the_values(scores):
    table = values_table(scores)
    assert [one.name for one in code_book(scores, table)] == list(table.columns)
