"""Population potential: the convolution against plain summation, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.rasters.population import open_grid
from geo.rasters.potential import OWN_CELL, RADIUS, kernel, potential


def direct(people, row, column, radius, cell):
    """Sum over all cells, by the formula."""
    rows, columns = np.nonzero(people)
    distance = cell * np.hypot(rows - row, columns - column)
    distance[(rows == row) & (columns == column)] = OWN_CELL * cell
    weight = np.maximum(0, 1 - distance / radius)
    return (people[rows, columns] * weight).sum()


def test_it_is_the_sum_over_all_cells_for_a_sample_of_germany():
    """Lower Saxony to Berlin. Stated error: less than a millionth of a person."""
    grid = open_grid()
    people = grid.people[150:400, 150:550].astype(float)
    found = potential(people)
    for place in np.random.default_rng(1).choice(np.flatnonzero(people), 25, replace=False):
        row, column = divmod(int(place), people.shape[1])
        expected = direct(people, row, column, RADIUS, 1_000)
        assert found[row, column] == pytest.approx(expected, abs=1e-6)


@settings(max_examples=10)
@given(
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 8), st.integers(1, 9_999)), min_size=1),
    st.sampled_from([1_500.0, 4_000.0, 20_000.0]),
)
def test_small_grids_are_summed_up_exactly(rows, radius):
    people = np.zeros((12, 9))
    for row, column, count in rows:
        people[row, column] = count
    found = potential(people, radius=radius)
    expected = [[direct(people, r, c, radius, 1_000) for c in range(9)] for r in range(12)]
    assert found == pytest.approx(np.array(expected), abs=1e-6)


def test_weights_fall_evenly_from_the_centre_to_nothing_at_the_radius():
    weights = kernel(5_000, 1_000)
    assert weights.shape == (9, 9)
    assert weights[4] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1 - OWN_CELL / 5, 0.8, 0.6, 0.4, 0.2])
    assert weights[0, 0] == 0


def test_the_mean_distance_within_a_cell_is_that_of_random_points():
    rng = np.random.default_rng(1)
    one, other = rng.random((2, 200_000, 2))
    assert np.hypot(*(one - other).T).mean() == pytest.approx(OWN_CELL, abs=0.002)


def test_nobody_has_less_than_nothing():
    people = np.zeros((60, 60))
    people[0, 0] = 1e6
    assert potential(people, radius=3_000).min() == 0
