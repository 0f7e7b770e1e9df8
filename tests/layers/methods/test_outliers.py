"""What must be true of the outlier test and of each treatment: by hand and against scipy.

Shapes covered: tails to either side, ties at the end, gaps, constants, two distinct values, few
values, huge and tiny values, both sides treated.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from layers.errors import RecipeError
from layers.methods.outliers import (
    Rule,
    box_cox,
    fails,
    log,
    shape,
    shifted_log,
    winsorise,
)

NAN = np.nan
WIN = Rule("winsorise")
BODY = np.arange(1.0, 31)


def with_tail(*tail):
    return np.concatenate([BODY, tail])


def test_the_numbers_by_hand():
    # of 0, 0, 0, 4: mean 1, m2 = 12/4, m3 = (27 - 3)/4, m4 = (81 + 3)/4
    values = np.array([0, 0, 0, 4.0])
    assert shape(values).skewness == pytest.approx(math.sqrt(4 * 3) / 2 * (24 / 4) / 3**1.5)
    assert shape(values).kurtosis == pytest.approx(3 / (2 * 1) * (5 * ((84 / 4) / 3**2 - 3) + 6))


def test_no_spread_or_too_few_values_are_no_failure():
    for values in ([], [1], [1, 9], [NAN] * 5, [0.1] * 400):
        assert not fails(np.array(values, dtype=float), WIN)
    assert np.isnan(shape(np.array([0.1] * 400)).skewness)
    assert np.isnan(shape(np.array([1.0, 2, 9])).kurtosis)


def test_each_column_of_a_table_is_looked_at_by_itself():
    # on scales of their own, one with a gap, one without spread, one with nothing
    columns = [
        [0, 0, 0, 4, 5], [1e6, 3e6, 4e6, 4e6, 9e6], [-8, -2, NAN, -1, -1], [7] * 5, [NAN] * 5
    ]  # fmt: skip
    together = shape(np.array(columns).T)
    for place, column in enumerate(columns):
        alone = shape(np.array(column, dtype=float))
        np.testing.assert_allclose(together.skewness[place], alone.skewness)
        np.testing.assert_allclose(together.kurtosis[place], alone.kurtosis)
    assert np.isnan(together).tolist() == [[False] * 3 + [True] * 2] * 2


def test_tables_of_very_different_units_have_their_own_shapes():
    # the fourth powers of both columns together would leave the range of numbers
    tiny, huge = 1e-200 * np.array([0, 0, 0, 4.0]), 1e200 * np.array([0, 0, 0, 4.0])
    found = shape(np.column_stack([tiny, huge]))
    assert found.skewness[0] == pytest.approx(found.skewness[1])
    assert found.kurtosis[0] == pytest.approx(found.kurtosis[1])


def test_equal_values_have_no_shape_whatever_the_rounding():
    # 0.1 + 0.1 + 0.1 is not 0.3 in floating point
    assert np.isnan(shape(np.array([0.1] * 3)).skewness)
    for other in (0, 10):  # beside a table's lower and higher values
        table = np.column_stack([[0.1] * 3, np.array([-1.0, 0, 7]) + other])
        assert np.isnan(shape(table).skewness).tolist() == [True, False]


def test_three_values_have_a_skewness():
    assert shape(np.array([1.0, 2, 9])).skewness == pytest.approx(stats.skew([1, 2, 9], bias=False))


def test_a_limit_of_0_lets_the_kurtosis_alone_decide():
    assert fails(with_tail(1000), Rule(skew=0))


def test_both_limits_must_be_reached():
    values = with_tail(1000)
    assert fails(values, WIN)
    assert not fails(values, Rule(skew=100))
    assert not fails(values, Rule(kurtosis=100))
    g1, g2 = (float(one[0]) for one in shape(values[:, None]))
    assert fails(values, Rule(skew=g1, kurtosis=g2))  # reached exactly


def test_winsorising_moves_the_end_to_the_next_value_inside():
    np.testing.assert_array_equal(winsorise(with_tail(1000), WIN), with_tail(30))
    np.testing.assert_array_equal(winsorise(-with_tail(1000), WIN), -with_tail(30))
    np.testing.assert_array_equal(winsorise(with_tail(1000, NAN), WIN), with_tail(30, NAN))


def test_equal_values_move_together_and_the_limit_is_never_overshot():
    values = with_tail(500, 500, 500)
    np.testing.assert_array_equal(
        winsorise(values, Rule("winsorise", max=3)), with_tail(30, 30, 30)
    )
    np.testing.assert_array_equal(winsorise(values, Rule("winsorise", max=2)), values)


def test_cells_moved_before_count_again_when_they_move_on():
    # two at 5000, then two at 4000: the second step moves all four
    values = with_tail(4000, 4000, 5000, 5000)
    four = winsorise(values, Rule("winsorise", max=4))
    np.testing.assert_array_equal(four, with_tail(30, 30, 30, 30))
    three = winsorise(values, Rule("winsorise", max=3))
    np.testing.assert_array_equal(three, with_tail(4000, 4000, 4000, 4000))


def test_winsorising_never_wipes_out_all_differences():
    values = np.array([0.0] * 50 + [1.0])
    assert fails(values, WIN)
    np.testing.assert_array_equal(winsorise(values, WIN), values)
    # of three different values one step leaves two
    three = np.array([0.0] * 50 + [1.0, 50.0])
    np.testing.assert_array_equal(winsorise(three, WIN), [0.0] * 50 + [1, 1])


def test_forced_winsorising_goes_up_to_the_limit():
    forced = winsorise(BODY, Rule("winsorise", max=2, always=True))
    assert np.count_nonzero(forced != BODY) == 2


def test_without_any_skewness_the_upper_end_moves_first():
    even = np.array([1.0, 2, 3, 4, 5])
    one, two = (winsorise(even, Rule("winsorise", max=most, always=True)) for most in (1, 2))
    np.testing.assert_array_equal(one, [1, 2, 3, 4, 4])
    np.testing.assert_array_equal(two, [2, 2, 3, 4, 4])  # now the longer tail is below


def test_logarithms_by_hand():
    np.testing.assert_allclose(log(np.array([1, math.e, NAN])), [0, 1, NAN], atol=1e-15)
    shifted = shifted_log(np.array([-10, 90, NAN]))
    np.testing.assert_allclose(shifted, [math.log(0.01 * 100), math.log(100 + 0.01 * 100), NAN])
    np.testing.assert_array_equal(shifted_log(np.array([7, 7, NAN])), [7, 7, NAN])
    np.testing.assert_array_equal(shifted_log(np.array([NAN])), [NAN])
    assert shifted_log(np.array([])).size == 0


def test_without_any_skewness_the_logarithm_is_not_mirrored():
    expected = [math.log(1), math.log(50 + 1), math.log(100 + 1)]
    np.testing.assert_allclose(shifted_log(np.array([0.0, 50, 100])), expected)


def test_a_tail_to_the_left_is_mirrored_before_the_logarithm():
    values = np.array([0.0, 80, 90, 100, NAN])
    expected = [0 + 100 - math.log(100 - x + 0.01 * 100) for x in values[:4]]
    np.testing.assert_allclose(shifted_log(values), [*expected, NAN])
    tail = np.concatenate([100 - BODY, [-900, -1000]])
    assert abs(shape(shifted_log(tail)).skewness) < abs(shape(tail).skewness)
    np.testing.assert_allclose(
        np.diff(shifted_log(-tail)), -np.diff(shifted_log(tail)), atol=1e-12
    )  # the mirror of the mirrored


def test_box_cox_by_hand_for_a_given_power():
    # the geometric mean of 1 and 9 is 3
    result, power = box_cox(np.array([1, 9, NAN]), 2)
    assert power == 2
    np.testing.assert_allclose(result, [((1 / 3) ** 2 - 1) / 2, (3**2 - 1) / 2, NAN])
    np.testing.assert_allclose(box_cox(np.array([1.0, 9.0]), 0)[0], [-math.log(3), math.log(3)])
    # of 1, 1 and 8 it is 2
    np.testing.assert_allclose(box_cox(np.array([1.0, 1, 8]), 1)[0], [1 / 2 - 1, 1 / 2 - 1, 3])


@pytest.mark.parametrize("values", [[4.0, 4.0, NAN], [4.0], [NAN, NAN], []])
def test_without_spread_there_is_no_power_to_find(values):
    result, power = box_cox(np.array(values))
    np.testing.assert_array_equal(result, values)
    assert power == 1


def test_box_cox_finds_the_power_that_scipy_finds():
    values = np.exp(np.random.default_rng(7).normal(3, 0.8, 300)) ** 2
    result, power = box_cox(values)
    expected, known = stats.boxcox(values)
    assert power == pytest.approx(known, abs=1e-4)
    assert np.corrcoef(result, expected)[0, 1] == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(("treatment", "method"), [(log, "log"), (box_cox, "boxcox")])
def test_logarithms_of_nothing_are_refused_by_name(treatment, method):
    words = f"'{method}' needs .* indicator 'births' starts at 0; choose 'shifted_log'"
    with pytest.raises(RecipeError, match=words) as caught:
        treatment(np.array([0.0, 1.0]), name="births")
    assert caught.value.code == "needs_positive"
    with pytest.raises(RecipeError, match="an indicator starts at 0"):
        treatment(np.array([0.0, 1.0]))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"method": "trim"}, "'trim' is unknown; allowed: none, winsorise"),
        ({"skew": -1}, "treat.skew = -1"),
        ({"kurtosis": NAN}, "treat.kurtosis = nan"),
        ({"max": -1}, "treat.max = -1"),
        ({"method": "winsorise_then_log", "always": True}, "treat.always has no meaning"),
    ],
)
def test_senseless_rules_are_refused(rule, words):
    with pytest.raises(RecipeError, match=words):
        Rule(**rule)


cells = st.integers(-800, 800).map(lambda whole: whole / 8)
columns = arrays(float, st.integers(4, 30), elements=cells | st.just(NAN))
heavy = st.tuples(columns, st.sampled_from([1, 100, -100, 1e4])).map(
    lambda drawn: np.concatenate([drawn[0], BODY, np.resize([drawn[1]], 2)])
)


@given(columns)
def test_scipy_agrees(values):
    known = values[~np.isnan(values)]
    if known.size >= 4 and np.ptp(known) > 0:
        assert shape(values).skewness == pytest.approx(stats.skew(known, bias=False), abs=1e-9)
        assert shape(values).kurtosis == pytest.approx(stats.kurtosis(known, bias=False), abs=1e-9)


@given(columns, st.sampled_from([1e-90, 1e90]))
def test_the_size_of_the_unit_makes_no_difference(values, factor):
    np.testing.assert_allclose(shape(factor * values).skewness, shape(values).skewness, atol=1e-9)
    np.testing.assert_allclose(shape(factor * values).kurtosis, shape(values).kurtosis, atol=1e-9)


@given(heavy, st.integers(0, 6), st.booleans())
def test_winsorising_keeps_the_order_and_the_limit(values, limit, always):
    result = winsorise(values, Rule("winsorise", max=limit, always=always))
    known = ~np.isnan(values)
    assert np.count_nonzero(result[known] != values[known]) <= limit
    np.testing.assert_array_equal(np.isnan(result), ~known)
    order = np.argsort(values[known], kind="stable")
    assert (np.diff(result[known][order]) >= 0).all()
    equal = np.diff(values[known][order]) == 0
    assert (np.diff(result[known][order])[equal] == 0).all()


@given(heavy)
def test_transformations_keep_the_order(values):
    positive = values - np.nanmin(values) + 1
    known = ~np.isnan(values)
    order = np.argsort(values[known], kind="stable")
    for result in (shifted_log(values), log(positive), box_cox(positive)[0]):
        assert np.isfinite(result[known]).all()
        assert (np.diff(result[known][order]) >= 0).all()
