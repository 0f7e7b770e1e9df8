"""Shapes of input: ties, gaps, negative values, values outside the reference set, no spread."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from strategies import cells

from layers.errors import RecipeError
from layers.normalise import fit, fit_known, is_constant
from layers.recipe import Normalise

METHODS = ["minmax", "zscore", "rank", "percentile"]
X = np.array([2.0, 4.0, 4.0, 10.0])

columns = (
    st.lists(cells, min_size=2, max_size=12).map(np.array).filter(lambda x: not is_constant(x))
)


def apply(method, values, direction=1, reference=None, **choice):
    reference = values[~np.isnan(values)] if reference is None else reference
    return fit(reference, Normalise(method=method, **choice))(values, direction)


def test_minmax_by_hand():
    assert_allclose(apply("minmax", X), [0, 100 * 2 / 8, 100 * 2 / 8, 100])
    assert_allclose(apply("minmax", X, -1), [100, 100 * 6 / 8, 100 * 6 / 8, 0])
    assert_allclose(apply("minmax", X, range=(1, 9)), [1, 1 + 8 * 2 / 8, 1 + 8 * 2 / 8, 9])


def test_zscore_by_hand():
    mean = (2 + 4 + 4 + 10) / 4
    deviation = np.sqrt(((2 - mean) ** 2 + 2 * (4 - mean) ** 2 + (10 - mean) ** 2) / 3)
    assert_allclose(apply("zscore", X), (X - mean) / deviation)
    assert_allclose(apply("zscore", X, -1, mean=50, sd=10), 50 - 10 * (X - mean) / deviation)


def test_rank_counts_from_the_worst_and_ties_share_their_mean():
    assert_array_equal(apply("rank", X), [1, (2 + 3) / 2, (2 + 3) / 2, 4])
    assert_array_equal(apply("rank", X, -1), [4, (2 + 3) / 2, (2 + 3) / 2, 1])


def test_percentile_by_hand():
    middle = 100 * (2.5 - 1) / (4 - 1)
    assert_allclose(apply("percentile", X), [0, middle, middle, 100])


def test_equal_worst_values_share_their_place_whatever_the_range():
    # Two of three share the places 1 and 2: half a step above the end of the scale.
    tied = np.array([2.0, 2.0, 10.0])
    assert_allclose(apply("percentile", tied), [25, 25, 100])
    assert_allclose(apply("percentile", tied, range=(0, 100)), [25, 25, 100])


def test_the_robust_score_takes_the_mean_and_deviation_asked_for():
    assert_allclose(apply("robust", X, mean=50, sd=10), 50 + 10 * apply("robust", X))


@pytest.mark.parametrize("method", ["minmax", "percentile", "goalposts"])
def test_fixed_ends_of_an_indicator_are_those_of_the_common_scale(method):
    choice = Normalise(method=method, range=(0, 10))
    fitted = fit_known(X, choice, "a", 1, required=True, scale=(0, 20))
    assert_allclose(fitted(X, 1), [10 * 2 / 20, 10 * 4 / 20, 10 * 4 / 20, 10 * 10 / 20])
    assert_allclose(fitted(X, -1), [10 * 18 / 20, 10 * 16 / 20, 10 * 16 / 20, 10 * 10 / 20])
    # Nothing to place: no direction, no value, or a method without ends.
    assert fit_known(X, choice, "a", 0, required=True, scale=(0, 20)) is None
    assert fit_known(X[:0], choice, "a", 1, required=True, scale=(0, 20)) is None
    endless = Normalise(method="zscore")
    assert fit_known(X, endless, "a", 1, required=True, scale=(0, 20)) is None


@pytest.mark.parametrize("method", METHODS)
def test_a_gap_stays_a_gap(method):
    values = np.array([1.0, np.nan, 3.0])
    assert_array_equal(np.isnan(apply(method, values)), [False, True, False])
    assert_array_equal(np.isnan(apply(method, values, -1)), [False, True, False])


def test_parameters_come_from_the_reference_set_only():
    reference = np.array([0.0, 10.0])
    outside = np.array([-5.0, 5.0, 20.0])
    assert_allclose(apply("minmax", outside, reference=reference), [-50, 50, 200])
    assert_allclose(apply("rank", outside, reference=reference), [0.5, 1.5, 2.5])
    assert_allclose(apply("percentile", outside, reference=reference), [0, 50, 100])


def test_only_a_column_with_one_value_is_constant():
    assert is_constant(np.array([3.0, 3.0]))
    assert is_constant(np.array([3.0]))
    assert not is_constant(np.array([3.0, 4.0]))
    assert not is_constant(np.array([]))


@given(columns)
def test_results_stay_in_range_and_reach_both_ends(values):
    for method in (*METHODS, "borda"):
        for direction in (1, -1):
            result = apply(method, values, direction, range=(1, 100))
            # By place equal values share the mean of theirs, so that none may reach the end.
            assert result.min() >= 1 - 1e-9
            assert method in ("percentile", "borda") or result.min() == pytest.approx(1)
            assert result.max() <= 100 + 1e-9
    assert apply("minmax", values).min() == 0
    assert apply("minmax", values).max() == 100
    assert apply("rank", values).min() >= 1
    assert apply("rank", values).max() <= values.size


def test_a_scale_of_its_own_stays_if_no_range_is_given():
    assert_allclose(apply("rank", X, range=(0, 3)), [0, 1.5, 1.5, 3])
    assert_allclose(apply("zscore", X, range=(0, 100)), apply("minmax", X))
    assert_allclose(apply("borda", X), [0, (1 + 2) / 2, (1 + 2) / 2, 3])
    assert_allclose(apply("distance_to_max", X), [100 * 2 / 10, 100 * 4 / 10, 100 * 4 / 10, 100])
    assert Normalise(method="zscore").ends is None
    assert Normalise(method="goalposts").ends == (0, 100)


def test_goalposts_and_targets_are_found_by_name():
    posts = Normalise(method="goalposts", goalposts={"a": (0, 5)})
    assert_allclose(fit(X, posts, "a")(X, 1), [40, 80, 80, 100])
    assert_allclose(fit(X, posts.model_copy(update={"truncate": False}), "a")(X, 1)[-1], 200)
    target = Normalise(method="distance_to_target", targets={"a": 6})
    assert_allclose(fit(X, target, "a")(X, 1), [0, 50, 50, 100])
    for choice, words in ((posts, r"goalposts is missing for indicator 'b'"), (target, "targets")):
        with pytest.raises(RecipeError, match=words):
            fit(X, choice, "b")


def test_what_is_only_shown_and_cannot_be_placed_is_left_empty():
    posts = Normalise(method="goalposts")
    assert fit_known(X, posts, "a", 1, required=False) is None
    with pytest.raises(RecipeError):
        fit_known(X, posts, "a", 1, required=True)
    # Fitted without complaint, and refused by the values: there is no ratio to a lowest value of 0.
    ratio = Normalise(method="distance_to_max")
    assert fit_known(X - 2, ratio, "a", -1, required=False) is None
    assert fit_known(X, ratio, "a", -1, required=False) is not None
    assert fit_known(X, Normalise(), "a", 0, required=True) is None
    assert fit_known(X[:1], Normalise(), "a", 1, required=True) is None


@given(columns, st.sampled_from(METHODS))
def test_order_is_kept_and_turned_with_the_direction(values, method):
    order = np.argsort(values)
    assert (np.diff(apply(method, values)[order]) >= 0).all()
    assert (np.diff(apply(method, values, -1)[order]) <= 0).all()


@given(columns, st.sampled_from(METHODS))
def test_turning_the_direction_mirrors_the_scale(values, method):
    middle = {"minmax": 100, "percentile": 100, "zscore": 0, "rank": values.size + 1}[method]
    assert_allclose(apply(method, values, -1), middle - apply(method, values), atol=1e-9)


@given(columns, st.sampled_from(METHODS), st.randoms())
def test_row_order_changes_no_bit(values, method, chance):
    order = list(range(values.size))
    chance.shuffle(order)
    assert_array_equal(apply(method, values[order]), apply(method, values)[order])


@given(columns, st.sampled_from(METHODS), st.sampled_from([0.5, 1, 8]), st.integers(-99, 99))
def test_units_do_not_matter(values, method, factor, shift):
    assert_allclose(apply(method, factor * values + shift), apply(method, values), atol=1e-9)
