"""Shapes of input: gaps, members without weight, rows without any value, values not above 0."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from layers.aggregate import coverage, quasi_arithmetic, weighted_mean
from layers.errors import RecipeError
from layers.methods.means import combine
from layers.recipe import Combine

NAN = np.nan
METHODS = ["arithmetic", "geometric"]
#: Not so small that products with them leave the range of floating-point numbers.
WEIGHTS = st.just(0.0) | st.floats(1e-9, 10)


@st.composite
def problems(draw, low=1.0):
    rows, members = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    cell = st.floats(low, 100) | st.just(NAN)
    values = draw(st.lists(cell, min_size=rows * members, max_size=rows * members))
    weights = draw(st.lists(WEIGHTS, min_size=members, max_size=members))
    return np.array(values).reshape(rows, members), np.array(weights)


def test_arithmetic_mean_by_hand():
    values, weights = np.array([[10.0, 40.0], [NAN, 7.0], [NAN, NAN]]), np.array([1.0, 3.0])
    expected = [(1 * 10 + 3 * 40) / (1 + 3), 3 * 7 / 3, NAN]
    assert_allclose(weighted_mean(values, weights, "arithmetic"), expected)


def test_geometric_mean_by_hand():
    values, weights = np.array([[2.0, 8.0], [NAN, 7.0]]), np.array([1.0, 1.0])
    assert_allclose(weighted_mean(values, weights, "geometric"), [np.sqrt(2 * 8), 7])
    assert_allclose(
        weighted_mean(values[:1], np.array([1.0, 2.0]), "geometric"), (2 * 8 * 8) ** (1 / 3)
    )


@pytest.mark.parametrize("p", [2, 0.5, 0.005])
def test_what_a_power_turns_comes_back_even_a_0(p):
    mean = quasi_arithmetic(Combine(method="power", p=p))
    assert_allclose(mean.inverse(mean.transform(np.array([0.0, 4.0]))), [0, 4])


def test_the_power_is_1_unless_another_is_asked_for():
    values, weights = np.array([[10.0, 40.0]]), np.array([1.0, 3.0])
    assert_allclose(weighted_mean(values, weights, "power"), [(10 + 3 * 40) / 4])


def test_coverage_is_the_share_of_the_weight_backed_by_data():
    present = np.array([[1.0, 1.0], [0.0, 1.0], [0.5, 0.0]])
    weights = np.array([1.0, 3.0])
    assert_allclose(coverage(present, weights), [1, 3 / 4, 0.5 * 1 / 4])
    assert_allclose(coverage(present, weights / 10), coverage(present, weights))
    assert_array_equal(coverage(present, np.zeros(2)), [0, 0, 0])


@pytest.mark.parametrize("bad", [0.0, -1.0])
def test_a_geometric_mean_needs_values_above_zero(bad):
    with pytest.raises(RecipeError, match=r"'geometric' needs values above 0") as caught:
        weighted_mean(np.array([[bad, 1.0]]), np.ones(2), "geometric")
    assert caught.value.code == "needs_positive"


def test_a_member_without_weight_may_be_anything():
    values = np.array([[-1.0, 4.0]])
    assert_allclose(weighted_mean(values, np.array([0.0, 2.0]), "geometric"), [4])


@given(problems(), st.sampled_from(METHODS))
def test_a_mean_lies_between_the_least_and_the_greatest(problem, method):
    values, weights = problem
    result = weighted_mean(values, weights, method)
    used = np.where(weights > 0, values, NAN)
    for row, mean in zip(used, result, strict=True):
        there = row[~np.isnan(row)]
        assert np.isnan(mean) == (there.size == 0)
        if there.size:
            assert there.min() * (1 - 1e-12) <= mean <= there.max() * (1 + 1e-12)


@given(problems(), st.sampled_from(METHODS))
def test_weight_zero_equals_absence(problem, method):
    values, weights = problem
    weights[0] = 0
    assert_array_equal(
        weighted_mean(values, weights, method), weighted_mean(values[:, 1:], weights[1:], method)
    )


@given(problems(), st.sampled_from(METHODS))
def test_rows_do_not_know_of_each_other(problem, method):
    values, weights = problem
    turned = weighted_mean(values[::-1], weights, method)
    assert_array_equal(turned[::-1], weighted_mean(values, weights, method))


@given(problems(low=0.01), st.sampled_from([-50, -1, 0, 1e-9, 0.5, 2, 50]))
def test_every_transform_leads_to_the_mean_of_its_name(problem, p):
    """What rank bands work on is the same mean as that of the score."""
    values, weights = problem
    for choice in (Combine(method="power", p=p), Combine(method="harmonic")):
        mean = quasi_arithmetic(choice)
        expected = combine(values, weights, choice.method, **choice.options)
        assert_allclose(weighted_mean(values, weights, choice.method, p), expected, rtol=1e-6)
        rising = mean.transform(np.array([0.01, 1.0, 2.0]))
        assert (np.diff(rising) > 0).all()


@pytest.mark.parametrize(
    ("p", "mean"),
    [
        (2, ((1 + 16) / 2) ** 0.5),
        (0, (1 * 4) ** 0.5),
        (-1, 2 / (1 + 1 / 4)),
        (0.001, ((1 + 4**0.001) / 2) ** 1000),
    ],
)
def test_power_means_by_hand(p, mean):
    made = quasi_arithmetic(Combine(method="power", p=p))
    halves = made.transform(np.array([1.0, 4.0])).mean()
    assert_allclose(made.inverse(np.array([halves])), [mean])
    assert_allclose(weighted_mean(np.array([[1.0, 4.0]]), np.ones(2), "power", p), [mean])


@pytest.mark.parametrize("p", [-2, -0.5, -1e-9, 0, 1e-9, 0.5, 1, 2])
def test_a_better_value_is_better_under_every_power(p):
    rising = quasi_arithmetic(Combine(method="power", p=p)).transform(np.array([0.01, 1.0, 2.0]))
    assert (np.diff(rising) > 0).all()


def test_a_zero_is_no_obstacle_to_a_power_above_zero():
    values = np.array([[0.0, 4.0]])
    half = ((0 + 4**0.5) / 2) ** 2
    assert_allclose(weighted_mean(values, np.ones(2), "power", 0.5), [half])


def test_a_zero_counts_under_a_small_power_without_a_warning():
    # x^0.001 is 0 at 0 and close to 1 elsewhere, so that the mean is close to (1/2)^1000.
    with np.errstate(all="raise"):
        mean = weighted_mean(np.array([[0.0, 4.0], [0.0, 0.0]]), np.ones(2), "power", 0.001)
    assert_allclose(mean, [(4**0.001 / 2) ** 1000, 0], rtol=1e-9)


def test_a_zero_has_no_mean_of_a_power_below_zero():
    with pytest.raises(RecipeError, match=r"needs values above 0, .* start at 0; .*\[1, 100\]\."):
        weighted_mean(np.array([[0.0, 4.0]]), np.ones(2), "power", -1)


def test_a_median_is_no_quasi_arithmetic_mean():
    assert quasi_arithmetic(Combine(method="median")) is None
