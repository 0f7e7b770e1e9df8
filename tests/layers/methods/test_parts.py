"""What must be true of the parts of a mean: they add up to it, whatever the mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from strategies import MEANS, OPTIONS

from layers.methods.means import combine
from layers.methods.parts import shares, slopes
from layers.recipe import Combine

NAN = np.nan
EQUAL = np.ones(2)


def test_slopes_of_the_arithmetic_mean_by_hand():
    values, weights = np.array([[10.0, 40.0], [NAN, 7.0]]), np.array([1.0, 3.0])
    assert_allclose(slopes(values, weights, Combine()), [[1 / 4, 3 / 4], [NAN, 1]])


def test_slopes_of_an_ordered_average_follow_the_order_of_the_row():
    choice = Combine(method="owa", order_weights=(3, 1))
    values = np.array([[10.0, 40.0], [40.0, 10.0]])
    assert_allclose(slopes(values, EQUAL, choice), [[1 / 4, 3 / 4], [3 / 4, 1 / 4]])


def test_who_takes_no_part_in_an_ordered_average_has_no_slope():
    choice = Combine(method="owa", order_weights=(3, 1))
    assert_array_equal(slopes(np.array([[NAN, 10.0]]), EQUAL, choice), [[NAN, 1]])
    without = np.array([1.0, 0.0])
    assert_array_equal(slopes(np.array([[10.0, 40.0]]), without, choice), [[1, NAN]])


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Combine(method="geometric"), [1 / 4, 3 / 4]),  # ln 10 and ln 1000
        (Combine(method="owa", order_weights=(3, 1)), [10 / 3010, 3 * 1000 / 3010]),
        (Combine(method="power", p=1), [10 / 1010, 1000 / 1010]),
        (Combine(method="power", p=0.5), [1 / 11, 10 / 11]),  # the roots are as 1 to 10
        (Combine(method="power", p=0), [1 / 4, 3 / 4]),
        (Combine(method="power", p=-1), [1 / 2, 1 / 2]),
        (Combine(method="harmonic"), [1 / 2, 1 / 2]),
        (Combine(method="median"), [1 / 2, 1 / 2]),
    ],
)
def test_shares_by_hand(choice, expected):
    assert_allclose(shares(np.array([[10.0, 1000.0]]), EQUAL, choice), [expected])


def test_where_sizes_have_both_signs_the_weights_divide():
    weights = np.array([1.0, 3.0])
    assert_allclose(shares(np.array([[-1.0, 2.0]]), weights, Combine()), [[1 / 4, 3 / 4]])
    assert_allclose(
        shares(np.array([[0.1, 2.0]]), weights, Combine(method="geometric")), [[1 / 4, 3 / 4]]
    )


def test_whose_value_is_0_adds_nothing_to_a_sum():
    assert_array_equal(shares(np.array([[0.0, 2.0]]), EQUAL, Combine()), [[0, 1]])


def test_a_row_with_both_signs_leaves_the_other_rows_as_they_are():
    values = np.array([[-1.0, 2.0], [10.0, 40.0]])
    assert_allclose(shares(values, EQUAL, Combine()), [[1 / 2, 1 / 2], [1 / 5, 4 / 5]])


@pytest.mark.parametrize("unit", [1e-200, 1, 1e200])
def test_no_unit_is_too_small_or_too_large_for_a_power(unit):
    choice = Combine(method="power", p=2)
    assert_allclose(shares(unit * np.array([[1.0, 3.0]]), EQUAL, choice), [[1 / 10, 9 / 10]])


def test_where_nobody_has_anything_the_weights_divide():
    choice = Combine(method="power", p=2)
    assert_allclose(shares(np.zeros((1, 2)), np.array([1.0, 3.0]), choice), [[1 / 4, 3 / 4]])


def test_shares_of_the_best_score_are_those_of_the_weights_that_suit_the_region():
    # Both others limit the last: its best weights are equal, and so 9 to 3 is what they give.
    values = np.array([[1.0, 0.2], [0.2, 1.0], [0.9, 0.3]])
    best = Combine(method="bod")
    assert_allclose(shares(values, EQUAL, best)[2], [9 / 12, 3 / 12])
    assert_allclose(
        shares(values, np.array([3.0, 2.0]), Combine(method="bod", spread=0))[2], [3 / 5, 2 / 5]
    )
    assert_allclose(
        shares(np.array([[0.0, 0.0], [2.0, 8.0]]), EQUAL, best)[0], [1 / 2, 1 / 2]
    )  # without a score the weights divide


rows = st.lists(st.lists(st.floats(1, 100) | st.just(NAN), min_size=3, max_size=3), min_size=2,
                max_size=4).map(np.array)  # fmt: skip


@given(rows, st.lists(st.sampled_from([0, 0.5, 2]), min_size=3, max_size=3), st.sampled_from(MEANS))
def test_parts_add_up_and_the_absent_have_none(values, weights, method):
    weights = np.array(weights, dtype=float)
    choice = Combine(method=method, **OPTIONS)
    there = ~np.isnan(values) & (weights > 0)
    part = shares(values, weights, choice)
    assert_array_equal(np.isnan(part), ~there)
    assert_allclose(np.nansum(part, axis=1)[there.any(axis=1)], 1)
    assert (part[there] >= 0).all()
    slope = slopes(values, weights, choice)
    if slope is not None:
        mean = combine(values, weights, method, **choice.options)
        assert_array_equal(np.isnan(slope), ~there)
        assert_allclose(np.nansum(slope * values, axis=1)[there.any(axis=1)],
                        mean[there.any(axis=1)])  # fmt: skip
