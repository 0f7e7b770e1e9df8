"""What must be true of imputed selections: flagged, dated, and asked for by name.

Shapes covered: a withheld value, an earlier value, none early enough, an unknown attribute.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import Dataset
from layers.errors import RecipeError
from layers.impute import METHODS, impute, previous_year

NAN = np.nan


def long(*rows):
    return pd.DataFrame(rows, columns=["region", "indicator", "year", "value"])


@pytest.fixture
def holed(toy):
    """The toy selection, and the table with an earlier value for the withheld cell."""
    selection = toy.select()
    return selection.values, selection.years


def test_every_method_of_the_recipe_can_be_asked_for(toy, holed):
    values, years = holed
    for method in METHODS:
        by = "coast" if method.startswith("group") else ""
        filled = impute(toy, values, years, method, by=by)
        assert filled.values.shape == filled.imputed.shape == filled.years.shape == values.shape
        assert filled.imputed.dtypes.eq(bool).all()


def test_the_withheld_value_is_filled_and_marked(toy, holed):
    values, years = holed
    assert np.isnan(values.loc["D4", "wells"])
    filled = impute(toy, values, years, "median")
    assert filled.values.loc["D4", "wells"] == 2
    assert filled.imputed.to_numpy().sum() == 1
    assert filled.imputed.loc["D4", "wells"]
    by_coast = impute(toy, values, years, "group_mean", by="coast")
    assert by_coast.values.loc["D4", "wells"] == 3  # B2 is the only other region inland


def test_each_method_takes_its_own_statistic(toy, holed):
    values, years = holed
    values = values.copy()
    values["wells"] = [1.0, 9, 2, NAN]
    assert impute(toy, values, years, "median").values.loc["D4", "wells"] == 2
    assert impute(toy, values, years, "mean").values.loc["D4", "wells"] == (1 + 9 + 2) / 3
    everybody = replace(toy, regions=toy.regions.assign(all="x"))
    for method, expected in (("group_median", 2), ("group_mean", 4)):
        filled = impute(everybody, values, years, method, by="all")
        assert filled.values.loc["D4", "wells"] == expected


def test_regions_in_another_order_have_their_own_group(toy, holed):
    values, years = holed
    order = ["A1", "C3", "D4", "B2"]
    turned = impute(toy, values.loc[order], years, "group_mean", by="coast")
    assert turned.values.loc["D4", "wells"] == 3


def test_the_mean_of_a_layer_heeds_directions_where_they_are_named(toy, holed):
    values, years = holed
    values = pd.DataFrame(
        {"fertility": [1.0, 2, 3, 4], "stones": [1.0, 2, 3, NAN]}, index=values.index
    )
    same = impute(toy, values, years, "layer_mean")
    assert same.values.equals(
        impute(toy, values, years, "layer_mean", directions={"fertility": 1}).values
    )
    turned = impute(toy, values, years, "layer_mean", directions={"fertility": -1})
    assert turned.values.loc["D4", "stones"] < same.values.loc["D4", "stones"]


def test_a_table_in_other_units_stands_in_for_that_of_the_dataset(toy, holed):
    values, years = holed
    table = long(("D4", "wells", 2020, 4000))
    filled = impute(toy, values, years, "previous_year", table=table)
    assert filled.values.loc["D4", "wells"] == 4000


def test_five_neighbours_and_five_years_unless_others_are_asked_for(toy):
    values = pd.DataFrame(
        {"a": np.arange(7.0), "b": [NAN, 10, 20, 30, 40, 50, 900]}, index=list("PQRSTUV")
    )
    years = pd.Series({"a": 2022, "b": 2022})
    near = impute(toy, values, years, "knn").values
    assert near.loc["P", "b"] == pytest.approx((10 + 20 + 30 + 40 + 50) / 5)
    for when, expected in ((2017, 8), (2016, NAN)):
        filled = impute(toy, values, years, "previous_year", table=long(("P", "b", when, 8)))
        np.testing.assert_equal(filled.values.loc["P", "b"], expected)


def test_each_value_has_the_year_of_its_indicator(toy, holed):
    values, years = holed
    filled = impute(toy, values[["wells", "stones"]], years, "median")
    assert (filled.years["wells"] == 2021).all()
    assert (filled.years["stones"] == 2020).all()


def test_a_gap_can_be_filled_from_a_part_of_the_regions_only(toy, holed):
    values, years = holed
    inland = values.loc[["B2", "D4"]]
    assert impute(toy, inland, years, "mean").values.loc["D4", "wells"] == 3


def test_nobody_has_an_earlier_value_so_the_gap_stays(toy, holed):
    values, years = holed
    filled = impute(toy, values, years, "previous_year")
    assert np.isnan(filled.values.loc["D4", "wells"])
    assert not filled.imputed.to_numpy().any()


def test_the_newest_earlier_value_is_taken_and_its_year_told():
    values = pd.DataFrame({"a": [1, NAN, NAN, NAN]}, index=list("PQRS"))
    table = long(
        ("P", "a", 2022, 1), ("P", "a", 2021, 7), ("Q", "a", 2020, 5), ("Q", "a", 2019, 4),
        ("Q", "a", 2021, NAN),
        ("R", "a", 2016, 3), ("S", "a", 2023, 8), ("elsewhere", "a", 2021, 9),
    )  # fmt: skip
    filled = previous_year(values, pd.Series({"a": 2022}), table)
    np.testing.assert_array_equal(filled.values["a"], [1, 5, NAN, NAN])
    assert list(filled.years["a"]) == [2022, 2020, 2022, 2022]
    older = previous_year(values, pd.Series({"a": 2022}), table, max_age=6)
    assert older.values.loc["R", "a"] == 3
    assert older.years.loc["R", "a"] == 2016


def test_the_kept_table_of_a_dataset_is_read_as_it_is(toy):
    selection = toy.select(2021)
    values = selection.values.copy()
    values.loc["A1", "wells"] = NAN
    filled = impute(toy, values, selection.years, "previous_year")
    assert filled.values.loc["A1", "wells"] == 7  # of 2019
    assert filled.years.loc["A1", "wells"] == 2019


@pytest.mark.parametrize(
    ("method", "options", "words"),
    [
        ("guess", {}, "'guess' is unknown; allowed: none, median"),
        ("group_mean", {}, "impute.by = '' is no attribute"),
        ("group_mean", {"by": "land"}, "'land' is no attribute of the regions; allowed: name, "),
        ("previous_year", {"max_age": 0}, "max_age = 0"),
        ("knn", {"neighbours": 0}, "neighbours = 0"),
    ],
)
def test_nonsense_is_refused(toy, holed, method, options, words):
    with pytest.raises(RecipeError, match=words):
        impute(toy, *holed, method, **options)


years = st.integers(2010, 2024)
rows = st.tuples(st.sampled_from("PQR"), st.sampled_from("ab"), years)


@given(st.dictionaries(rows, st.integers(0, 9).map(float), max_size=20), years, st.integers(1, 15))
def test_a_filled_value_is_never_too_old_nor_from_later(cells, year, max_age):
    table = long(*[(*key, value) for key, value in cells.items()])
    values = pd.DataFrame(NAN, index=list("PQR"), columns=list("ab"))
    filled = previous_year(values, pd.Series({"a": year, "b": year}), table, max_age)
    for region in "PQR":
        for key in "ab":
            usable = [
                when for (r, k, when) in cells
                if (r, k) == (region, key) and year - max_age <= when < year
            ]  # fmt: skip
            assert filled.imputed.loc[region, key] == bool(usable)
            if usable:
                assert filled.values.loc[region, key] == cells[region, key, max(usable)]
                assert filled.years.loc[region, key] == max(usable)


def test_the_dataset_is_not_changed(toy, toy_folder, holed):
    impute(toy, *holed, "median")
    fresh = Dataset.open(toy_folder).select().values
    pd.testing.assert_frame_equal(toy.select().values, fresh)
