"""The reading aid says nothing that a reader with a pencil could not check."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import dataset, indicator, layer

from layers import Dataset, paths
from layers.errors import DatasetError
from layers.study.reading import (
    contrast,
    course,
    ends,
    histogram,
    over_years,
    place,
    spread,
)

LETTERS = list("abcdefghij")


def of(*values):
    return pd.Series(values, index=LETTERS[: len(values)], dtype="float64")


@pytest.fixture(scope="module")
def kreise():
    return Dataset.open(paths.data_folder() / "kreise")


def test_spread_counts_only_what_is_there():
    found = spread(of(1, 2, 3, 4, 5, np.nan))
    assert (found.regions, found.missing) == (5, 1)
    assert (found.lowest, found.quarter, found.median, found.three_quarters, found.highest) == (
        1, 2, 3, 4, 5)  # fmt: skip
    assert found.iqr == 4 - 2
    assert found.ratio == pytest.approx((1 + 0.9 * 4) / (1 + 0.1 * 4))


@pytest.mark.parametrize("lowest", [0, -1])
def test_a_ratio_is_not_given_where_it_would_mislead(lowest):
    assert np.isnan(spread(of(lowest, 5, 10)).ratio)


def test_without_any_value_all_is_missing():
    nothing = of(np.nan, np.nan)
    found = spread(nothing)
    assert (found.regions, found.missing) == (0, 2)
    assert np.isnan(found.median)
    assert ends(nothing, highest=True).empty
    assert np.isnan(found.iqr)
    assert np.isnan(found.ratio)
    assert histogram(nothing).empty
    assert histogram(nothing).columns.tolist() == ["low", "high", "regions"]
    compared = contrast(nothing, pd.Series(["x", "y"], index=["a", "b"]))
    assert np.isnan([compared.explained, compared.by_chance]).all()


def test_ends_name_the_outermost_first():
    values = of(3, 9, 1, np.nan, 7)
    assert ends(values, highest=True, count=2).to_dict() == {"b": 9, "e": 7}
    assert ends(values, highest=False, count=2).to_dict() == {"c": 1, "a": 3}


def test_nobody_is_singled_out_among_equals():
    values = of(0, 0, 0, 0, 5)
    assert list(ends(values, highest=False, count=3).index) == ["a", "b", "c", "d"]
    assert ends(values, highest=True, count=1).to_dict() == {"e": 5}


def test_three_regions_stand_at_an_end_unless_more_are_asked_for():
    values = of(6, 5, 4, 3, 2)
    assert list(ends(values, highest=True).index) == ["a", "b", "c"]
    assert list(ends(values, highest=False).index) == ["e", "d", "c"]


def test_place_counts_from_the_highest_and_ties_share_it():
    values = of(5, 8, 8, 2, np.nan)
    assert [place(values, one) for one in "bcad"] == [1, 1, 3, 4]
    assert place(values, "e") is None


def test_eta_squared_by_hand():
    """Groups 1, 3 and 5, 7: means 2 and 6 around 4; between 4 * 4, in all 9 + 1 + 1 + 9."""
    found = contrast(of(1, 3, 5, 7), pd.Series(["low", "low", "high", "high"], index=list("abcd")))
    assert found.explained == pytest.approx(16 / 20)
    assert found.by_chance == pytest.approx((2 - 1) / (4 - 1))
    assert found.table["median"].to_dict() == {"high": 6, "low": 2}
    assert list(found.table.index) == ["high", "low"]


def test_gaps_in_values_and_in_groups_are_left_out():
    groups = pd.Series(["x", "x", "y", None, "y"], index=list("abcde"))
    found = contrast(of(1, np.nan, 3, 100, 3), groups)
    assert found.table["regions"].to_dict() == {"x": 1, "y": 2}
    assert found.explained == pytest.approx(1)


@pytest.mark.parametrize("value", [4, 0.1, 0.7])
def test_equal_values_have_no_contrast(value):
    groups = pd.Series(list("xxyzzz"), index=list("abcdef"))
    assert np.isnan(contrast(of(*[value] * 6), groups).explained)


def test_small_units_have_the_same_contrast():
    groups = pd.Series(list("xxyy"), index=list("abcd"))
    assert contrast(of(0.001, 0.003, 0.005, 0.007), groups).explained == pytest.approx(16 / 20)


def test_two_regions_are_the_fewest_that_chance_can_part():
    groups = pd.Series(["x", "y"], index=["a", "b"])
    assert contrast(of(1, 2), groups).by_chance == 1
    assert np.isnan(contrast(of(1, np.nan), groups).by_chance)


def test_a_group_that_nobody_is_in_is_not_compared():
    groups = pd.Series(pd.Categorical(list("xxyy"), categories=list("xyz")), index=list("abcd"))
    found = contrast(of(1, 3, 5, 7), groups)
    assert list(found.table.index) == ["y", "x"]
    assert found.by_chance == pytest.approx(1 / 3)


def test_groups_of_the_same_median_stand_by_name():
    names = [f"g{number:02}" for number in range(40)]
    values = pd.Series([1.0, 2.0] * 20)
    assert list(contrast(values, pd.Series(names)).table.index) == names[1::2] + names[::2]


@given(st.lists(st.tuples(st.integers(-99, 99), st.sampled_from("xyz")), min_size=3, max_size=10))
def test_a_share_stays_a_share(rows):
    values = of(*(value for value, _ in rows))
    found = contrast(values, pd.Series([group for _, group in rows], index=values.index))
    assert np.isnan(found.explained) or -1e-9 <= found.explained <= 1 + 1e-9


def test_groups_drawn_at_random_explain_what_chance_says():
    random = np.random.default_rng(1)
    values = pd.Series(random.normal(size=400))
    drawn = [contrast(values, pd.Series(random.integers(0, 16, 400))) for _ in range(200)]
    average = np.mean([one.explained for one in drawn])
    assert average == pytest.approx(drawn[0].by_chance, abs=0.003)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_every_region_stands_in_one_bar(values):
    bars = histogram(pd.Series([*values, np.nan]))
    assert bars["regions"].sum() == len(values)
    assert len(bars) <= 40


def test_bars_by_hand():
    # Quartiles 15.75 and 47.25, so 2 * 31.5 / 4 = 15.75 wide: four bars from 0 to 63.
    bars = histogram(pd.Series(range(64)))
    assert bars.columns.tolist() == ["low", "high", "regions"]
    assert bars["low"].tolist() == [0, 15.75, 31.5, 47.25]
    assert bars["high"].tolist() == [15.75, 31.5, 47.25, 63]
    assert bars["regions"].tolist() == [16, 16, 16, 16]
    # Quartiles 0 and 10: a bar would be 20 / 4 ** (1 / 3) = 12.6 wide.
    assert histogram(of(0, 0, 10, 10))["regions"].tolist() == [4]
    assert histogram(of(10, 10, 10, 10, 20))["regions"].tolist() == [5]
    assert histogram(of(0, 0, 0))["regions"].tolist() == [3]


def test_a_long_tail_does_not_ask_for_hundreds_of_bars():
    bars = histogram(pd.Series([*range(64), 10_000]))
    assert len(bars) == 40
    assert bars["regions"].iloc[[0, -1]].tolist() == [64, 1]


@pytest.mark.parametrize("size", [1, 1e6, 1e-6])
def test_what_differs_by_rounding_only_is_one_bar(size):
    # Three tenths, and one and two of them added: 5e-17 apart.
    bars = histogram(size * pd.Series([0.3] * 100 + [0.1 + 0.2] * 100))
    assert bars["regions"].tolist() == [200]


@pytest.fixture
def thin():
    """Return 25 regions, of which fewer have a value from year to year."""
    values = pd.DataFrame({"a": np.arange(25.0)}, [f"R{i:02}" for i in range(25)])
    made = dataset([layer("one", indicator("a"))], values)
    years = {2019: 25, 2020: 17, 2021: 14, 2022: 13}
    rows = [made.values.iloc[:size].assign(year=year) for year, size in years.items()]
    return dataclasses.replace(made, values=pd.concat(rows))


def test_exactly_the_share_asked_for_is_enough(thin):
    # 0.56 * 25 is 14.000000000000002 for a computer.
    table = over_years(thin, "a", min_share=0.56)
    assert table["regions"].to_dict() == {2019: 25, 2020: 17, 2021: 14, 2022: 13}
    assert table.loc[2021, ["quarter", "median", "three_quarters"]].tolist() == [3.25, 6.5, 9.75]
    assert table.loc[2022, ["quarter", "median", "three_quarters"]].isna().all()
    assert set(table["source"]) == {"s"}


def test_two_thirds_of_the_regions_are_asked_for(thin):
    assert over_years(thin, "a")["median"].notna().tolist() == [True, True, False, False]


def test_the_course_of_years_agrees_with_the_map(kreise):
    selection = kreise.select()
    for key in ("unemployment_rate", "vacancies_per_100_unemployed"):
        table, year = over_years(kreise, key), selection.years[key]
        assert table.index.is_monotonic_increasing
        assert table.loc[year, "median"] == selection.values[key].median()
        assert table.loc[year, "regions"] == selection.values[key].notna().sum()
        assert set(table["source"]) <= set(kreise.sources)
        assert course(kreise, key, "09477")[year] == selection.values.loc["09477", key]


def test_a_year_of_few_regions_has_no_median(kreise):
    table = over_years(kreise, "vacancies_per_100_unemployed", min_share=1.0)
    thin = table["regions"] < len(kreise.regions)
    assert thin.any()
    assert table.loc[thin, ["quarter", "median", "three_quarters"]].isna().all(axis=None)


def test_an_unknown_indicator_is_named(thin):
    with pytest.raises(DatasetError, match=r"unknown indicator 'nothing'; known: a\."):
        over_years(thin, "nothing")
    with pytest.raises(DatasetError, match="unknown indicator 'nothing'"):
        course(thin, "nothing", "R00")
