"""What must be true of screening and of rates.

Shapes covered: exactly the minimum, nothing but gaps, zeros, forced regions, a denominator of 0,
a missing denominator, shuffled regions.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.errors import RecipeError
from layers.screen import Rate, denominate, denominate_table, screen

NAN = np.nan
VALUES = pd.DataFrame(
    [[1, 2, 3], [1, 2, NAN], [NAN, NAN, 0], [NAN, NAN, NAN]],
    index=list("PQRS"),
    columns=list("abc"),
)


def test_a_region_with_enough_data_stays_and_exactly_enough_is_enough():
    screened = screen(VALUES, 2 / 3)
    assert list(screened.kept) == [True, True, False, False]
    assert list(screened.share) == [1, 2 / 3, 1 / 3, 0]
    assert list(screened.reason) == ["", "", "share", "share"]


def test_values_of_0_can_be_asked_to_be_few():
    screened = screen(VALUES, 1 / 3, non_zero=0.5)
    assert list(screened.reason) == ["", "", "non_zero", "share"]
    np.testing.assert_array_equal(screened.non_zero, [1, 1, 0, NAN])


def test_what_is_told_of_regions_carries_its_name():
    screened = screen(VALUES[["a"]], 1)
    assert [one.name for one in screened] == ["kept", "share", "non_zero", "reason"]
    assert list(screened.share) == [1, 1, 0, 0]
    rates = denominate(VALUES["a"], VALUES["b"])
    assert [one.name for one in rates] == ["a", "a"]
    assert rates.values["P"] == 1 / 2


def test_regions_can_be_forced_in_and_out():
    screened = screen(VALUES, 1, always=["S"], never=["P"])
    assert list(screened.reason) == ["never", "share", "share", ""]


@pytest.mark.parametrize(
    ("minimum", "options", "words"),
    [
        (1.5, {}, "screen.minimum = 1.5 must be a share from 0 to 1"),
        (NAN, {}, "screen.minimum = nan"),
        (0, {"non_zero": -1}, "screen.non_zero = -1"),
        (0, {"always": ["X"]}, "no region 'X'; keys look like 'P'"),
        (0, {"always": ["P"], "never": ["P"]}, "'P' is in both"),
        (1, {"never": ["P"]}, "leaves no region"),
    ],
)
def test_nonsense_is_refused(minimum, options, words):
    with pytest.raises(RecipeError, match=words):
        screen(VALUES, minimum, **options)


def test_rates_by_hand_and_every_gap_has_its_reason():
    counts = pd.Series([5, 8, NAN, 3, 4], index=list("PQRST"), name="doctors")
    people = pd.Series([2000, 4000, 9, 0, NAN], index=list("PQRST"), name="people")
    rates = denominate(counts, people[::-1], 1000)
    np.testing.assert_array_equal(rates.values, [1000 * 5 / 2000, 1000 * 8 / 4000, NAN, NAN, NAN])
    assert list(rates.reason) == ["", "", "no_value", "zero_denominator", "no_denominator"]


def test_only_the_named_columns_become_rates():
    values = pd.DataFrame({"doctors": [5.0], "income": [7.0]}, index=["P"])
    area = pd.DataFrame({"km2": [10.0]}, index=["P"])
    rates, reasons = denominate_table(values, area, {"doctors": Rate("km2")})
    assert rates.loc["P"].tolist() == [5 / 10, 7]
    assert (reasons == "").all().all()
    assert values.loc["P", "doctors"] == 5


def test_a_table_of_rates_keeps_the_scale_of_each():
    values = pd.DataFrame({"doctors": [5.0], "beds": [8.0]}, index=["P"])
    people = pd.DataFrame({"people": [2000.0]}, index=["P"])
    chosen = {"doctors": Rate("people", 1000), "beds": Rate("people", 100)}
    rates, _ = denominate_table(values, people, chosen)
    assert rates.loc["P"].tolist() == [1000 * 5 / 2000, 100 * 8 / 2000]


@pytest.mark.parametrize(
    ("by", "scale", "words"),
    [
        ([1, -2], 1, "region 'Q' is -2"),
        ([0, -2], 1, "region 'Q' is -2"),
        ([1, 2], 0, "scale = 0"),
        ([1, 2], np.inf, "scale = inf"),
    ],
)
def test_senseless_rates_are_refused(by, scale, words):
    counts = pd.Series([1.0, 2.0], index=list("PQ"), name="doctors")
    with pytest.raises(RecipeError, match=f"'doctors'.*{words}"):
        denominate(counts, pd.Series(by, index=list("PQ"), name="people"), scale)


def test_unknown_names_are_refused():
    counts = pd.Series([1.0], index=["P"], name="doctors")
    with pytest.raises(RecipeError, match="region 'P' has no row in 'people'"):
        denominate(counts, pd.Series([1.0], index=["Q"], name="people"))
    with pytest.raises(RecipeError, match="no indicator 'nurses'; allowed: doctors"):
        denominate_table(counts.to_frame(), counts.to_frame(), {"nurses": Rate("doctors")})
    by = pd.DataFrame({"people": [1.0], "area": [1.0]}, index=["P"])
    with pytest.raises(RecipeError, match=r"no denominator 'km2'; allowed: people, area\."):
        denominate_table(counts.to_frame(), by, {"doctors": Rate("km2")})


tables = arrays(float, (6, 4), elements=st.integers(0, 3).map(float) | st.just(NAN))


@given(tables, st.floats(0, 1))
def test_asking_for_more_never_keeps_more(values, minimum):
    frame = pd.DataFrame(values, index=list("PQRSTU"), columns=list("abcd"))
    less, more = (screen(frame, one, always=["P"]).kept for one in (minimum / 2, minimum))
    assert (less | ~more).all()
    assert (more.drop("P") == (frame.notna().mean(axis=1) >= minimum - 1e-12).drop("P")).all()


@given(
    arrays(float, 6, elements=st.integers(0, 500).map(float) | st.just(NAN)),
    arrays(float, 6, elements=st.integers(0, 50).map(float) | st.just(NAN)),
    st.permutations(range(6)),
)
def test_a_rate_times_its_denominator_is_the_count(counts, people, order):
    names = list("PQRSTU")
    numerator = pd.Series(counts, index=names, name="x")
    denominator = pd.Series(people, index=names, name="d").iloc[order]
    rates = denominate(numerator, denominator, 100)
    there = rates.reason == ""
    assert (there == rates.values.notna()).all()
    back = rates.values[there] * denominator.reindex(names)[there] / 100
    np.testing.assert_allclose(back, numerator[there], rtol=1e-12)
