"""What must be true of the set of weightings that limits allow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from layers import RecipeError
from layers.certainty.simplex import Simplex

NAMES = ("land", "people", "sea")


def test_without_limits_the_highest_sum_is_the_largest_entry():
    space = Simplex.of(NAMES)
    assert space.highest(np.array([[1.0, 5.0, 2.0]])) == pytest.approx([5])
    assert space.lowest(np.array([[1.0, 5.0, 2.0]])) == pytest.approx([1])


def test_limits_are_filled_from_the_best_entry_on():
    space = Simplex.of(NAMES, lower={"land": 0.2}, upper={"people": 0.5})
    assert space.highest(np.array([[1.0, 5.0, 2.0]])) == pytest.approx(
        [0.2 * 1 + 0.5 * 5 + 0.3 * 2]
    )


def test_points_begin_with_a_corner_for_each_member_and_are_fixed_by_the_seed():
    space = Simplex.of(NAMES, lower={"sea": 0.1}, upper=dict.fromkeys(NAMES, 0.6))
    points = space.points(4, seed=3)
    # What a member leaves goes to the others in their order.
    corners = [[0.6, 0.3, 0.1], [0.3, 0.6, 0.1], [0.4, 0.0, 0.6]]
    assert points[:3].tolist() == [pytest.approx(corner) for corner in corners]
    np.testing.assert_array_equal(points, space.points(4, seed=3))
    assert not np.array_equal(points, space.points(4, seed=4))


def test_what_a_member_leaves_goes_to_the_first_of_very_many_others():
    names = [f"layer{place}" for place in range(20)]
    corners = Simplex.of(names, upper=dict.fromkeys(names, 0.4)).points(1, seed=1)[:20]
    for place, corner in enumerate(corners):
        first, second, *_ = [other for other in range(20) if other != place]
        expected = np.zeros(20)
        expected[[place, first, second]] = 0.4, 0.4, 0.2
        assert corner == pytest.approx(expected)


def test_half_of_the_points_lie_uniformly_between_the_corners():
    mixed = Simplex.of(NAMES).points(3_000, seed=1)[3_003:]
    # Uniform on a triangle: the mean of w is 1/3, that of its square 1/6.
    assert mixed.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.01)
    assert (mixed**2).mean(axis=0) == pytest.approx([1 / 6] * 3, abs=0.01)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # Too high by a hair: cut at the limit.
        ([0.3, 0.5 + 1e-6, 0.2], [0.3, 0.5, 0.2]),
        # Too much in all: taken from the share farthest above its lower limit.
        ([0.45 + 2e-6, 0.4, 0.15], [0.45 + 2e-6, 0.4 - 2e-6, 0.15]),
        # Too little in all: given to that share, or the next one if there is no room.
        ([0.45 - 2e-6, 0.4, 0.15], [0.45 - 2e-6, 0.4 + 2e-6, 0.15]),
        ([0.3 - 2e-6, 0.5, 0.2], [0.3 - 2e-6, 0.5, 0.2 + 2e-6]),
        ([0.4 - 2e-6, 0.5 - 1e-6, 0.1], [0.4 + 1e-6, 0.5 - 1e-6, 0.1]),
        # Dust on a lower limit is wiped off, and does not come back elsewhere.
        ([0.1 + 5e-11, 0.5 - 5e-11, 0.4], [0.1, 0.5, 0.4]),
        ([0.5 - 5e-11, 0.5, 5e-11], [0.5, 0.5, 0.0]),
        ([0.5 + 1e-6, 0.5, -1e-6], [0.5 + 1e-6, 0.5 - 1e-6, 0.0]),
        # A small share is no dust.
        ([0.1 + 2e-10, 0.5, 0.4 - 2e-10], [0.1 + 2e-10, 0.5, 0.4 - 2e-10]),
    ],
)
def test_an_answer_beside_the_set_is_put_back_into_it(answer, expected):
    space = Simplex.of(NAMES, lower={"land": 0.1}, upper={"people": 0.5})
    assert space.inside(np.array(answer)) == pytest.approx(expected, rel=0, abs=1e-15)


def test_a_share_may_be_fixed_and_limits_may_leave_one_weighting_alone():
    row = np.array([[1.0, 5.0, 2.0]])
    fixed = Simplex.of(NAMES, lower={"land": 0.3}, upper={"land": 0.3})
    assert fixed.highest(row) == pytest.approx([0.3 * 1 + 0.7 * 5])
    only = {"land": 0.5, "people": 0.25, "sea": 0.25}
    for space in (Simplex.of(NAMES, lower=only), Simplex.of(NAMES, upper=only)):
        assert space.highest(row) == pytest.approx([2.25])
        assert space.lowest(row) == pytest.approx([2.25])


@given(
    st.lists(st.integers(-9, 9), min_size=3, max_size=3),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
    st.lists(st.integers(4, 10), min_size=3, max_size=3),
)
def test_the_closed_form_agrees_with_a_linear_programme(row, lower, upper):
    space = Simplex.of(
        NAMES,
        dict(zip(NAMES, [one / 10 for one in lower], strict=True)),
        dict(zip(NAMES, [one / 10 for one in upper], strict=True)),
    )
    bounds = list(zip(space.lower, space.upper, strict=True))
    answer = linprog([-one for one in row], A_eq=[[1, 1, 1]], b_eq=[1], bounds=bounds)
    assert space.highest(np.array([row], float))[0] == pytest.approx(-answer.fun, abs=1e-9)
    points = space.points(20, seed=3)
    assert points.sum(axis=1) == pytest.approx(np.ones(43))
    assert (points >= space.lower - 1e-12).all()
    assert (points <= space.upper + 1e-12).all()


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [
        ({"moon": 0.1}, {}, "'moon' is no layer"),
        ({"land": 0.5}, {"land": 0.4}, "limits of 'land': 0.5 to 0.4"),
        ({}, {"land": 1.5}, "limits of 'land': 0 to 1.5 is no range"),
        ({"land": float("nan")}, {}, "limits of 'land': nan"),
        ({"land": 0.6, "sea": 0.6}, {}, "add up to 1.2"),
        ({}, {"land": 0.1, "people": 0.1, "sea": 0.1}, "to 0.3"),
    ],
)
def test_senseless_limits_are_named(lower, upper, words):
    with pytest.raises(RecipeError, match=words) as caught:
        Simplex.of(NAMES, lower, upper)
    assert "\n" not in str(caught.value)
