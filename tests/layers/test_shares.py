"""Percentages beside the weights must add up to 100 and be close to the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.shares import percentages


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([1, 1, 1, 1, 1, 1, 1, 1], [12.5] * 8),
        ([1, 1, 1], [33.4, 33.3, 33.3]),
        ([2, 1, 0], [66.7, 33.3, 0.0]),
        ([0, 0], [0.0, 0.0]),
    ],
)
def test_shares_a_planner_can_add_up(weights, expected):
    assert percentages(np.array(weights, dtype=float), 1) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda w: sum(w) > 1e-3))
def test_percentages_add_up_and_stay_within_one_unit(weights):
    array = np.array(weights)
    rounded = percentages(array, 1)
    assert sum(rounded) == pytest.approx(100, abs=1e-9)
    assert np.abs(np.array(rounded) - array / array.sum() * 100).max() <= 0.1 + 1e-6
