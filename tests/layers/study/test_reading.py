"""The reading aid says nothing that a reader with a pencil could not check."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    assert histogram(nothing).empty
    assert np.isnan(contrast(nothing, pd.Series(["x", "y"], index=["a", "b"])).explained)


def test_ends_name_the_outermost_first():
    values = of(3, 9, 1, np.nan, 7)
    assert ends(values, highest=True, count=2).to_dict() == {"b": 9, "e": 7}
    assert ends(values, highest=False, count=2).to_dict() == {"c": 1, "a": 3}


def test_nobody_is_singled_out_among_equals():
    values = of(0, 0, 0, 0, 5)
    assert list(ends(values, highest=False, count=3).index) == ["a", "b", "c", "d"]
    assert ends(values, highest=True, count=1).to_dict() == {"e": 5}


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


def test_equal_values_have_no_contrast():
    assert np.isnan(contrast(of(4, 4, 4), pd.Series(list("xxy"), index=list("abc"))).explained)


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


def test_an_unknown_indicator_is_named(kreise):
    with pytest.raises(DatasetError, match="unknown indicator 'nothing'"):
        over_years(kreise, "nothing")
