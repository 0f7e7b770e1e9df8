"""What must be true of filled gaps: worked by hand, against scikit-learn, and for any values.

Shapes covered: an empty column, an empty row, a group without values, no group, a constant column,
regions without a common column, fewer neighbours than asked for, no rows at all.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.impute import KNNImputer
from sklearn.preprocessing import StandardScaler

from layers.errors import RecipeError
from layers.methods.gaps import by_column, by_group, layer_mean, nearest, none

NAN = np.nan


def column(*values):
    return np.array(values, dtype=float)[:, None]


def test_none_leaves_every_gap():
    values = column(1, NAN)
    filled = none(values)
    np.testing.assert_array_equal(filled.values, values)
    assert not filled.imputed.any()


def test_column_statistics_by_hand():
    values = column(1, NAN, 2, 9, 20)
    assert by_column(values, "median").values[1] == (2 + 9) / 2
    assert by_column(values, "mean").values[1] == (1 + 2 + 9 + 20) / 4
    np.testing.assert_array_equal(by_column(values, "mean").imputed, values != values)  # noqa: PLR0124 - NaN


@pytest.mark.parametrize("statistic", ["median", "mean"])
def test_a_single_value_stands_for_its_column(statistic):
    assert by_column(column(NAN, 7, NAN), statistic).values[:, 0].tolist() == [7, 7, 7]


def test_an_empty_column_stays_empty():
    filled = by_column(np.full((3, 2), NAN), "median")
    assert np.isnan(filled.values).all()
    assert not filled.imputed.any()
    assert by_column(np.empty((0, 2)), "mean").values.shape == (0, 2)


def test_group_statistics_by_hand():
    values = column(1, 3, NAN, 100, NAN, NAN, NAN)
    groups = ["a", "a", "a", "b", "b", "c", None]
    expected = column(1, 3, (1 + 3) / 2, 100, 100, NAN, NAN)
    filled = by_group(values, groups, "mean")
    np.testing.assert_array_equal(filled.values, expected)
    np.testing.assert_array_equal(filled.imputed[:, 0], [0, 0, 1, 0, 1, 0, 0])


def test_layer_mean_by_hand():
    # a has mean 2 and deviation 1, b (less is better) mean 30 and deviation 10
    values = np.array([[1, 40.0], [3, 20.0], [NAN, 20.0], [1, 40.0], [3, NAN]])
    filled = layer_mean(values, ["one", "one"], [1, -1])
    assert filled.values[2, 0] == pytest.approx(2 + 1 * 1)
    assert filled.values[4, 1] == pytest.approx(30 - 10 * 1)
    other = layer_mean(values, ["one", "two"], [1, -1])
    assert not other.imputed.any()


def test_layer_mean_weighs_its_members_and_ignores_what_is_not_scored():
    values = np.array([[0, 0, 2.0], [2, 2, 0.0], [2, 0, NAN], [0, 2, NAN]])
    alike = layer_mean(values, ["x"] * 3, [1, 1, 1])
    np.testing.assert_allclose(alike.values[2:, 2], [1, 1])
    first = layer_mean(values, ["x"] * 3, [1, 1, 1], np.array([1, 0, 1]))
    np.testing.assert_allclose(first.values[2:, 2], [1 + 1, 1 - 1])
    unscored = layer_mean(values, ["x"] * 3, [1, 1, 0])
    assert not unscored.imputed.any()


def test_a_constant_member_gives_nothing_and_gets_its_constant():
    # 0.1 + 0.1 + 0.1 is not 0.3 in floating point; other columns go below and above
    values = np.array([[-1, 0.1, NAN], [2, 0.1, NAN], [3, NAN, NAN], [NAN, 0.1, NAN]])
    filled = layer_mean(values, ["x"] * 3, [1, 1, 1])
    assert filled.values[2, 1] == 0.1
    assert np.isnan(filled.values[3, 0])
    assert np.isnan(filled.values[:, 2]).all()


def test_nearest_by_hand():
    # the two regions most like the first have 10 and 20, the unlike one 90
    values = np.array([[1, 5, NAN], [1, 5, 10], [1.1, 5.1, 20], [9, 9, 90]])
    assert nearest(values, 2).values[0, 2] == pytest.approx((10 + 20) / 2)
    assert nearest(values, 1).values[0, 2] == pytest.approx(10)
    assert nearest(values, 99).values[0, 2] == pytest.approx((10 + 20 + 90) / 3)


def test_small_numbers_tell_regions_apart_as_well_as_large_ones():
    # The second region differs in the hundredth part of its inhabitants, the third ninefold in the
    # share in front.
    values = np.array([[0.001, 500, NAN], [0.001, 505, 10], [0.009, 500, 90], [0.005, 900, 50]])
    assert nearest(values, 1).values[0, 2] == pytest.approx(10)


def test_a_region_without_neighbours_keeps_its_gaps():
    values = np.array([[NAN, NAN, NAN], [1, NAN, NAN], [2, 3, NAN], [NAN, 4, 7], [5, NAN, NAN]])
    filled = nearest(values, 1)
    assert np.isnan(filled.values[0]).all()
    # the second region shares its only column with none that has the third one
    assert np.isnan(filled.values[1, 2])
    assert filled.values[1, 1] == pytest.approx(3)


def test_where_there_are_no_regions_nothing_is_filled():
    nobody = np.empty((0, 2))
    for filled in (
        by_group(nobody, [], "mean"), layer_mean(nobody, ["x"] * 2, [1, -1]), nearest(nobody)
    ):  # fmt: skip
        assert filled.values.shape == filled.imputed.shape == (0, 2)


def test_no_neighbours_are_refused():
    with pytest.raises(RecipeError, match="neighbours = 0"):
        nearest(column(1, NAN), 0)


cells = st.integers(-800, 800).map(lambda whole: whole / 8)
tables = arrays(float, (8, 4), elements=cells | st.just(NAN))
METHODS = {
    "median": lambda values: by_column(values, "median"),
    "mean": lambda values: by_column(values, "mean"),
    "group": lambda values: by_group(values, list("aabbbccc"), "median"),
    "layer": lambda values: layer_mean(values, list("xxyy"), [1, -1, 1, 1]),
    "knn": lambda values: nearest(values, 2),
}
every_method = st.sampled_from(sorted(METHODS))


@given(tables, every_method)
def test_only_gaps_are_filled_and_the_mask_says_which(values, method):
    filled = METHODS[method](values)
    known = ~np.isnan(values)
    np.testing.assert_array_equal(filled.values[known], values[known])
    np.testing.assert_array_equal(filled.imputed, ~known & ~np.isnan(filled.values))


@given(tables, st.sampled_from(["median", "mean", "group", "knn"]))
def test_a_filled_value_lies_within_its_column(values, method):
    filled = METHODS[method](values)
    for before, after in zip(values.T, filled.values.T, strict=True):
        if not np.isnan(before).all():
            low, high = np.nanmin(before), np.nanmax(before)
            assert np.nanmin(after) >= low - 1e-9
            assert np.nanmax(after) <= high + 1e-9


@given(tables, every_method, st.integers(1, 9), cells)
def test_a_change_of_units_changes_nothing_else(values, method, factor, shift):
    if method == "knn":
        values = values + np.arange(32).reshape(8, 4) ** 2 * 1e-3  # no equal distances
    once = METHODS[method](values)
    again = METHODS[method](factor * values + shift)
    np.testing.assert_array_equal(again.imputed, once.imputed)
    if method != "knn":
        np.testing.assert_allclose(again.values, factor * once.values + shift, atol=1e-8)


@given(tables, st.sampled_from(["median", "mean", "layer"]), st.permutations(range(8)))
def test_the_order_of_rows_makes_no_difference(values, method, order):
    once, again = METHODS[method](values), METHODS[method](values[order])
    np.testing.assert_array_equal(again.values, once.values[order])


@given(arrays(float, (8, 3), elements=cells), st.integers(1, 8))
def test_scikit_learn_agrees(values, neighbours):
    values[0, 0] = values[3, 1] = NAN
    values[1:3] = [[1, 2, 3], [4, 6, 8.5]]
    scaler = StandardScaler()
    imputer = KNNImputer(n_neighbors=neighbours)
    expected = scaler.inverse_transform(imputer.fit_transform(scaler.fit_transform(values)))
    ours = nearest(values, neighbours).values
    constant = np.nanmin(values, axis=0) == np.nanmax(values, axis=0)
    np.testing.assert_allclose(ours[:, ~constant], expected[:, ~constant], atol=1e-9)
