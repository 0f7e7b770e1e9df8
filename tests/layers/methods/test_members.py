"""What must be true before any mean is taken: usable weights; gaps hand on their weight."""

from __future__ import annotations

import numpy as np
import pytest

from layers.errors import RecipeError
from layers.methods.members import mean_over_present, members, relative_weights, require_at_least

NAN = np.nan
VALUES = np.array([[1.0, 2.0, 3.0], [4.0, NAN, 6.0], [NAN, NAN, NAN]])


def test_a_member_of_weight_0_is_absent():
    used, weights = members(VALUES, np.array([2.0, 0.0, 1.0]))
    np.testing.assert_array_equal(used, VALUES[:, [0, 2]])
    np.testing.assert_array_equal(weights, [2.0, 1.0])


def test_without_any_weight_every_mean_is_missing():
    used, weights = members(VALUES, np.zeros(3))
    assert np.isnan(mean_over_present(used, weights)).all()


def test_a_gap_hands_on_its_weight_and_a_row_of_gaps_has_no_mean():
    weights = np.array([1.0, 5.0, 3.0])
    expected = [(1 * 1 + 5 * 2 + 3 * 3) / 9, (1 * 4 + 3 * 6) / 4, NAN]
    np.testing.assert_allclose(mean_over_present(VALUES, weights), expected)
    np.testing.assert_allclose(
        relative_weights(VALUES, weights), [[1 / 9, 5 / 9, 3 / 9], [1 / 4, 0, 3 / 4], [0, 0, 0]]
    )


def test_weights_may_add_up_to_less_than_1():
    small = np.array([0.1, 0.5, 0.3])
    np.testing.assert_allclose(
        relative_weights(VALUES, small), relative_weights(VALUES, 10 * small)
    )


@pytest.mark.parametrize(
    ("weights", "words"),
    [([0, -1, 1], "weight 2 is -1"), ([1, 1, NAN], "weight 3 is nan"), ([1, 1], "2 weights")],
)
def test_unusable_weights_are_refused(weights, words):
    with pytest.raises(RecipeError, match=words):
        members(VALUES, np.array(weights))


def test_an_infinite_value_is_refused_with_its_place():
    with pytest.raises(RecipeError, match="row 2, column 1 is infinite"):
        members(np.array([[1.0], [np.inf]]), np.ones(1))


def test_values_too_low_are_refused_with_the_way_out():
    require_at_least(np.array([0.0, NAN]), "power", zero=True)
    with pytest.raises(RecipeError, match=r"needs values above 0.*start at 0; .*\[1, 100\]"):
        require_at_least(np.array([0.0, NAN]), "harmonic")
    with pytest.raises(RecipeError, match=r"'power' needs values from 0.*start at -1; .* at 0\.$"):
        require_at_least(np.array([-1.0, NAN]), "power", zero=True)
