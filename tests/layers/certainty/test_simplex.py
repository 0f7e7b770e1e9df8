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
        ({"land": float("nan")}, {}, "limits of 'land': nan"),
        ({"land": 0.6, "sea": 0.6}, {}, "add up to 1.2"),
        ({}, {"land": 0.1, "people": 0.1, "sea": 0.1}, "to 0.3"),
    ],
)
def test_senseless_limits_are_named(lower, upper, words):
    with pytest.raises(RecipeError, match=words) as caught:
        Simplex.of(NAMES, lower, upper)
    assert "\n" not in str(caught.value)
