"""What must be true of the means: worked by hand, against scipy, and for any values.

Shapes covered: unequal weights, weight 0, a gap, a row of gaps, zeros, equal values, one member.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from layers.errors import RecipeError
from layers.methods.means import (
    METHODS,
    combine,
    harmonic,
    mazziotta_pareto,
    median,
    order_shares,
    owa,
    power,
)

NAN = np.nan
EQUAL = np.ones(3)


def row(*values):
    return np.array([values], dtype=float)


def test_harmonic_by_hand():
    assert harmonic(row(1, 2, 4), EQUAL)[0] == pytest.approx(3 / (1 + 1 / 2 + 1 / 4))
    assert harmonic(row(1, NAN, 4), np.array([2, 5, 1]))[0] == pytest.approx(3 / (2 / 1 + 1 / 4))


def test_power_by_hand():
    assert power(row(1, 2, 4), EQUAL, 2)[0] == pytest.approx(((1 + 4 + 16) / 3) ** 0.5)
    assert power(row(1, NAN, 4), np.array([3, 5, 1]), 2)[0] == pytest.approx((19 / 4) ** 0.5)
    assert power(row(0, 0, 4), EQUAL, 2)[0] == pytest.approx((16 / 3) ** 0.5)
    assert power(row(0, 0, 0), EQUAL, 2)[0] == 0


def test_power_runs_from_the_lowest_to_the_highest_value():
    assert power(row(1, 2, 1000), EQUAL, -2000)[0] == pytest.approx(1, rel=1e-3)
    assert power(row(1, 2, 1000), EQUAL, 2000)[0] == pytest.approx(1000, rel=1e-3)


def test_median_by_hand():
    assert median(row(3, 1, 2), EQUAL)[0] == 2
    assert median(row(4, 1, 3, 2), np.ones(4))[0] == (2 + 3) / 2
    assert median(row(1, 2, 3), np.array([3, 1, 1]))[0] == 1
    assert median(row(1, 2, 3), np.array([2, 1, 1]))[0] == (1 + 2) / 2
    assert median(row(5, NAN, 3), np.array([1, 9, 1]))[0] == (3 + 5) / 2
    assert median(row(*range(10)), np.full(10, 0.1))[0] == (4 + 5) / 2


def test_owa_by_hand():
    assert owa(row(10, 20, 60), EQUAL, [1, 1, 0])[0] == pytest.approx((60 + 20) / 2)
    assert owa(row(10, 20, 60), EQUAL, [0, 0, 2])[0] == pytest.approx(10)
    # the better half holds all of the best and half of the second best
    assert owa(row(10, 20, 60), EQUAL, [1, 0])[0] == pytest.approx(60 * 2 / 3 + 20 * 1 / 3)
    # the first member counts twice, so the better half is 60 and 20
    assert owa(row(10, 20, 60), np.array([2, 1, 1]), [1, 0])[0] == pytest.approx((60 + 20) / 2)
    # without the gap the better half of two members is the better one
    assert owa(row(10, NAN, 60), EQUAL, [1, 0])[0] == pytest.approx(60)


def test_owa_shares_by_hand():
    # Of three members the best two places of the better half: all of 60 and half of 20.
    np.testing.assert_allclose(order_shares(row(10, 20, 60), EQUAL, [1, 0]), row(0, 1 / 3, 2 / 3))
    # A member of weight 0 or with a gap has no share, whatever its place.
    np.testing.assert_allclose(
        order_shares(row(10, 20, 60), np.array([1, 1, 0]), [1, 0]), row(0, 1, 0)
    )
    np.testing.assert_allclose(order_shares(row(10, 20, NAN), EQUAL, [1, 0]), row(0, 1, 0))
    np.testing.assert_allclose(order_shares(row(10, 20, 60), np.zeros(3), [1, 0]), row(0, 0, 0))


def test_mazziotta_pareto_by_hand():
    # mean 100, deviation 10, so the coefficient of variation is 0.1
    assert mazziotta_pareto(row(90, 110), np.ones(2))[0] == pytest.approx(100 - 10 * 0.1)
    assert mazziotta_pareto(row(90, 110), np.ones(2), "+")[0] == pytest.approx(100 + 10 * 0.1)
    assert mazziotta_pareto(row(90, NAN), np.ones(2))[0] == pytest.approx(90)


@pytest.mark.parametrize("p", [0.5, 1, 2])
def test_a_value_of_0_counts_as_one_of_three(p):
    expected = ((0 + 1 + 4**p) / 3) ** (1 / p)
    np.testing.assert_allclose(power(row(0, 1, 4), EQUAL, p), [expected])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: harmonic(row(0, 1, 2), EQUAL), "'harmonic' needs values above 0"),
        (lambda: power(row(0, 1, 2), EQUAL, 0), "'power' needs values above 0"),
        (lambda: power(row(-1, 1, 2), EQUAL, 2), "'power' needs values from 0"),
        (lambda: power(row(1, 1, 2), EQUAL, np.inf), "p = inf is not"),
        (lambda: owa(row(1, 2, 3), EQUAL, [0, 0]), r"order_weights = \[0, 0\]"),
        (lambda: owa(row(1, 2, 3), EQUAL, [1, -1]), r"order_weights = \[1, -1\]"),
        (lambda: owa(row(1, 2, 3), EQUAL, []), r"order_weights = \[\]"),
        (lambda: mazziotta_pareto(row(-1, 1, 2), EQUAL), "'mpi' needs values above 0"),
        (lambda: mazziotta_pareto(row(1, 1, 2), EQUAL, "x"), "penalty = 'x' is unknown"),
        (lambda: combine(row(1, 2, 3), EQUAL, "modal"), "'modal' is unknown; allowed: arithmetic"),
    ],
)
def test_nonsense_is_refused_in_one_line_that_names_it(call, words):
    with pytest.raises(RecipeError, match=words) as refused:
        call()
    assert "\n" not in str(refused.value)


amounts = st.integers(8, 8000).map(lambda whole: whole / 8)
weights = arrays(float, 4, elements=st.integers(0, 20).map(float)).filter(np.any)


def tables(elements):
    return arrays(float, (5, 4), elements=elements)


OPTIONS = {"power": {"p": -2.5}, "owa": {"order_weights": [1, 2, 4]}}
AVERAGES = ["arithmetic", "geometric", "harmonic", "power", "median", "owa"]
any_average = st.sampled_from(AVERAGES)
with_gaps = tables(amounts | st.just(NAN))


def take(values, weight, method):
    return combine(values, weight, method, **OPTIONS.get(method, {}))


@given(with_gaps, weights, any_average)
def test_an_average_lies_between_the_lowest_and_the_highest_value_present(values, weight, method):
    used = values[:, weight > 0]
    result = take(values, weight, method)
    empty = np.isnan(used).all(axis=1)
    np.testing.assert_array_equal(np.isnan(result), empty)
    low, high = np.fmin.reduce(used, axis=1)[~empty], np.fmax.reduce(used, axis=1)[~empty]
    assert (low * (1 - 1e-12) <= result[~empty]).all()
    assert (result[~empty] <= high * (1 + 1e-12)).all()


@given(tables(amounts), weights, any_average, st.integers(0, 3), amounts)
def test_a_better_value_never_lowers_an_average(values, weight, method, column, more):
    better = values.copy()
    better[:, column] += more
    before, after = take(values, weight, method), take(better, weight, method)
    assert (after >= before * (1 - 1e-12)).all()


every_method = st.sampled_from(sorted(METHODS))


@given(with_gaps, weights, every_method, st.sampled_from([0.5, 3.0, 7.0]))
def test_only_ratios_of_weights_matter(values, weight, method, factor):
    once, again = take(values, weight, method), take(values, factor * weight, method)
    np.testing.assert_allclose(again, once, rtol=1e-9)


@given(with_gaps, weights, every_method)
def test_weight_0_is_the_same_as_being_absent(values, weight, method):
    used = weight > 0
    once, again = take(values, weight, method), take(values[:, used], weight[used], method)
    np.testing.assert_array_equal(once, again)


@given(with_gaps, weights, every_method, st.permutations(range(5)))
def test_the_order_of_rows_makes_no_difference(values, weight, method, order):
    once, again = take(values, weight, method), take(values[order], weight, method)
    np.testing.assert_allclose(again, once[order], rtol=1e-9)


@given(tables(amounts), weights)
def test_scipy_agrees(values, weight):
    with np.errstate(all="ignore"):
        for p in (-3, 0.5, 2):
            expected = stats.pmean(values, p, axis=1, weights=weight)
            np.testing.assert_allclose(power(values, weight, p), expected, rtol=1e-10)
        np.testing.assert_allclose(
            harmonic(values, weight), stats.hmean(values, axis=1, weights=weight), rtol=1e-12
        )
    np.testing.assert_allclose(median(values, np.ones(4)), np.median(values, axis=1))


@given(with_gaps, weights)
def test_the_families_meet_where_they_should(values, weight):
    for p, method in ((1, "arithmetic"), (0, "geometric"), (-1, "harmonic")):
        np.testing.assert_allclose(power(values, weight, p), take(values, weight, method), 1e-12)
    np.testing.assert_allclose(
        owa(values, weight, [1, 1]), take(values, weight, "arithmetic"), 1e-12
    )


@given(with_gaps, weights)
def test_the_penalty_is_as_large_either_way_and_0_for_equal_values(values, weight):
    mean = take(values, weight, "arithmetic")
    down, up = mazziotta_pareto(values, weight), mazziotta_pareto(values, weight, "+")
    np.testing.assert_allclose((down + up) / 2, mean, 1e-12)
    assert not (down > mean * (1 + 1e-12)).any()
    level = np.repeat(mean[:, None], 4, axis=1)
    np.testing.assert_allclose(mazziotta_pareto(level, weight), mean, 1e-12)
