"""What must be true of the further normalisations: by hand, and for any reference set.

Shapes covered: ties, gaps, both directions, values outside the reference set, given output ranges.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from layers import normalise
from layers.errors import RecipeError
from layers.methods.scales import fit, with_range
from layers.recipe import Normalise

NAN = np.nan
REFERENCE = np.array([2.0, 4.0, 4.0, 10.0])


def test_borda_counts_the_regions_that_are_worse():
    borda = fit(REFERENCE, "borda")
    np.testing.assert_array_equal(borda(np.array([2, 4, 10, NAN]), 1), [0, (1 + 2) / 2, 3, NAN])
    np.testing.assert_array_equal(borda(REFERENCE, -1), [3, 1.5, 1.5, 0])
    np.testing.assert_array_equal(borda(np.array([1, 3, 11]), 1), [0, 0.5, 3])
    ranged = fit(REFERENCE, "borda", output=(1, 100))
    np.testing.assert_allclose(ranged(REFERENCE, 1), [1, 1 + 99 / 2, 1 + 99 / 2, 100])


def test_goalposts_by_hand():
    posts = fit(REFERENCE, "goalposts", posts=(1, 9), output=(20, 100))
    np.testing.assert_allclose(posts(REFERENCE, 1), [20 + 80 * 1 / 8, 50, 50, 100])
    np.testing.assert_allclose(posts(REFERENCE, -1), [20 + 80 * 7 / 8, 70, 70, 20])
    free = fit(REFERENCE, "goalposts", posts=(1, 9), truncate=False)
    np.testing.assert_allclose(free(REFERENCE, 1), [1 / 8, 3 / 8, 3 / 8, 9 / 8])


def test_distance_to_max_by_hand():
    leader = fit(REFERENCE, "distance_to_max", output=(0, 100))
    np.testing.assert_allclose(leader(REFERENCE, 1), [100 * 2 / 10, 40, 40, 100])
    np.testing.assert_allclose(leader(REFERENCE, -1), [100, 100 * 2 / 4, 50, 100 * 2 / 10])


def test_distance_to_target_by_hand():
    target = fit(REFERENCE, "distance_to_target", target=6)
    np.testing.assert_allclose(target(REFERENCE, 1), [0, 2 / 4, 2 / 4, 1])
    np.testing.assert_allclose(target(REFERENCE, -1), [1, 1, 1, 0])
    np.testing.assert_allclose(target(np.array([8.0]), -1), [(10 - 8) / (10 - 6)])
    # outside the reference set: worse than its worst region, and beyond the target
    np.testing.assert_array_equal(target(np.array([1.0, 11.0]), 1), [0, 1])
    np.testing.assert_array_equal(target(np.array([1.0, 11.0]), -1), [1, 0])
    free = fit(REFERENCE, "distance_to_target", target=6, truncate=False)
    np.testing.assert_allclose(free(REFERENCE, 1), [0, 2 / 4, 2 / 4, 8 / 4])


def test_robust_by_hand():
    # the median of 1, 3, 4, 9, 100 is 4, its distances are 3, 1, 0, 5, 96 with median 3
    values = np.array([1, 3, 4, 9, 100.0])
    robust = fit(values, "robust", mean=50, sd=10)
    expected = 50 + 10 * (values - 4) / (1.4826 * 3)
    np.testing.assert_allclose(robust(values, 1), expected)
    np.testing.assert_allclose(robust(values, -1), 100 - expected)
    deviation = stats.median_abs_deviation(values, scale="normal")
    np.testing.assert_allclose(robust(values, 1), 50 + 10 * (values - 4) / deviation, rtol=1e-5)
    plain = fit(values, "robust")
    np.testing.assert_allclose(plain(values, 1), (values - 4) / (1.4826 * 3))


def test_any_method_can_be_given_an_output_range():
    ranks = normalise.fit(REFERENCE, Normalise(method="rank"))
    ranged = with_range(ranks, REFERENCE, (1, 100))
    # ranks 1, 2.5, 2.5, 4
    np.testing.assert_allclose(ranged(REFERENCE, 1), [1, 50.5, 50.5, 100])
    np.testing.assert_allclose(ranged(REFERENCE, -1), [100, 50.5, 50.5, 1])


@pytest.mark.parametrize(
    ("reference", "options", "words"),
    [
        ([1, 2], {"method": "best"}, "'best' is unknown; allowed: borda"),
        ([], {"method": "borda"}, "indicator 'x' has no finite values"),
        ([1, NAN], {"method": "borda"}, "no finite values"),
        ([3, 3], {"method": "borda"}, "indicator 'x' has the same value"),
        ([3, 3, 3, 9], {"method": "robust"}, "half of the values of indicator 'x'"),
        ([1, 2, 4], {"method": "robust", "sd": 0}, "sd = 0"),
        ([1, 2], {"method": "borda", "output": (1, 1)}, "normalise.range of indicator 'x'"),
        (
            [1, 2],
            {"method": "goalposts"},
            r"normalise.goalposts is missing for indicator 'x'; give \[low, high\]\.",
        ),
        ([1, 2], {"method": "goalposts", "posts": (2, 1)}, "normalise.goalposts of indicator 'x'"),
        (
            [1, 2],
            {"method": "distance_to_target"},
            r"normalise.targets is missing for indicator 'x'; give a finite number\.",
        ),
        ([-1, 2], {"method": "distance_to_max"}, "indicator 'x' runs from -1 to 2"),
        ([0, 0], {"method": "distance_to_max"}, "indicator 'x' runs from 0 to 0"),
    ],
)
def test_nonsense_is_refused_by_name(reference, options, words):
    with pytest.raises(RecipeError, match=words):
        fit(np.array(reference, dtype=float), name="x", **options)


@pytest.mark.parametrize(
    ("reference", "method", "code"),
    [
        ([NAN], "borda", "no_value"),
        ([3, 3], "borda", "constant"),
        ([3, 3], "robust", "constant"),
        ([3, 3, 3, 9], "robust", "constant"),
        ([-1, 2], "distance_to_max", "needs_positive"),
    ],
)
def test_what_the_data_do_not_allow_has_a_name_for_translators(reference, method, code):
    with pytest.raises(RecipeError) as caught:
        fit(np.array(reference, dtype=float), method)
    assert caught.value.code == code


def test_equal_values_are_named_as_such_by_every_method_that_needs_differences():
    for method in ("borda", "robust"):
        with pytest.raises(RecipeError, match=r"same value in all regions .* \(2\)"):
            fit(np.array([3.0, 3.0]), method)


def test_an_indicator_without_a_name_is_an_indicator():
    with pytest.raises(RecipeError, match="recipe: an indicator has no finite values"):
        fit(np.array([]), "borda")
    ranks = normalise.fit(REFERENCE, Normalise(method="rank"))
    with pytest.raises(RecipeError, match="recipe: an indicator has the same value"):
        with_range(ranks, np.array([3.0, 3.0]), (1, 100))
    with pytest.raises(RecipeError, match=r"normalise.range of an indicator .* got \[5, 1\]"):
        with_range(ranks, REFERENCE, (5, 1))


def test_a_target_must_lie_beyond_the_worst_region():
    # of 2 to 10 the worst is 2 where more is better, else 10
    for target, direction, words in (
        (1, 1, r"target 1 is no better than the worst region \(2, direction '\+'\)"),
        (2, 1, r"target 2 is no better than the worst region \(2, direction '\+'\)"),
        (10, -1, r"target 10 is no better than the worst region \(10, direction '-'\)"),
    ):
        with pytest.raises(RecipeError, match=words):
            fit(REFERENCE, "distance_to_target", target=target)(REFERENCE, direction)


def test_where_less_is_better_there_is_no_ratio_to_0():
    leader = fit(np.array([0.0, 1.0]), "distance_to_max")
    for values in ([1.0], [NAN]):
        with pytest.raises(RecipeError, match=r"all must be above 0 \(lowest: 0\)") as caught:
            leader(np.array(values), -1)
        assert caught.value.code == "needs_positive"
    with pytest.raises(RecipeError, match=r"all must be above 0 \(lowest: -3\)"):
        fit(REFERENCE, "distance_to_max")(np.array([0.0, NAN, -3.0]), -1)
    with pytest.raises(RecipeError, match=r"\(lowest: 0\)"):
        fit(REFERENCE, "distance_to_max")(np.array([0.0, NAN]), -1)


cells = st.integers(1, 800).map(lambda whole: whole / 8)
references = arrays(float, st.integers(4, 12), elements=cells, unique=True)
CHOICES = {
    "borda": {},
    "goalposts": {"posts": (-10.0, 120.0)},
    "distance_to_max": {},
    "distance_to_target": {"target": 50.0},
    "robust": {},
}
choices = st.sampled_from(sorted(CHOICES))
directions = st.sampled_from([1, -1])


def fitted(reference, method, **given):
    if method == "distance_to_target":
        given["target"] = float(np.median(reference))
    return fit(reference, method, **CHOICES[method] | given)


@given(references, choices, directions)
def test_more_in_the_good_direction_is_never_worse_and_gaps_stay(values, method, direction):
    result = fitted(values, method)(np.append(np.sort(values), NAN), direction)
    assert np.isnan(result[-1])
    assert (direction * np.diff(result[:-1]) >= -1e-12).all()


@given(references, choices, directions)
def test_a_given_output_range_holds_for_the_reference_set(values, method, direction):
    result = fitted(values, method, output=(1.0, 100.0))(values, direction)
    assert result.min() >= 1 - 1e-9
    assert result.max() <= 100 + 1e-9
    if method != "goalposts":
        assert result.max() == pytest.approx(100)


@given(references, choices, directions, st.permutations(range(4)))
def test_the_order_of_the_reference_set_makes_no_difference(values, method, direction, order):
    shuffled = np.concatenate([values[:4][list(order)], values[4:]])
    once, again = fitted(values, method), fitted(shuffled, method)
    np.testing.assert_array_equal(once(values, direction), again(values, direction))


@given(references, st.sampled_from(["borda", "robust", "distance_to_max"]), directions)
def test_a_change_of_unit_makes_no_difference(values, method, direction):
    once = fitted(values, method)(values, direction)
    again = fitted(1000 * values, method)(1000 * values, direction)
    np.testing.assert_allclose(again, once, rtol=1e-9, atol=1e-9)
