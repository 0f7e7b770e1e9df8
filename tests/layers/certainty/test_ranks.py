"""What must be true of ranks: they are those of a comparison of all with all, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import rankdata

from layers.certainty.ranks import ranks_of

NAN, INF = np.nan, np.inf
#: The next number above 1: too close for the digits of a sorting key.
ABOVE_ONE = np.nextafter(1.0, 2.0)


def compared(values):
    """Number of regions that are higher; n for a gap."""
    higher = (values[:, None, :] > values[:, :, None]).sum(axis=2)
    return np.where(np.isnan(values), values.shape[1], higher)


@pytest.mark.parametrize(
    ("row", "ranks"),
    [
        ([3.0, 1.0, 2.0], [0, 2, 1]),
        ([1.0, 2.0, 2.0, 0.0], [2, 0, 0, 3]),
        ([5.0, 5.0, 5.0], [0, 0, 0]),
        ([0.0, -0.0, -1.0], [0, 0, 2]),
        ([1.0, NAN, 2.0], [1, 3, 0]),
        ([NAN, NAN], [2, 2]),
        ([INF, 1.0, -INF, 1.0], [0, 1, 3, 1]),
        ([1.0, ABOVE_ONE, -1e300], [1, 0, 2]),
        ([5e-324, 0.0], [0, 1]),
        ([1.7e308, -1.7e308, 0.0], [0, 2, 1]),
        ([7.0], [0]),
        ([], []),
    ],
)
def test_ties_share_the_best_place_and_gaps_have_none(row, ranks):
    assert ranks_of(np.array([row, row])).tolist() == [ranks, ranks]


@given(
    st.integers(1, 5).flatmap(
        lambda size: st.lists(
            st.lists(
                st.floats(-10, 10)
                | st.sampled_from([1.0, ABOVE_ONE, np.nextafter(ABOVE_ONE, 2.0), 3e5])
                | st.floats(allow_nan=True),
                min_size=size, max_size=size,
            ),
            min_size=1, max_size=4,
        )
    )
)  # fmt: skip
@example([[1.0, ABOVE_ONE, 1e9], [ABOVE_ONE, 1.0, 1e9]])
def test_ranks_are_those_of_comparing_all_with_all(rows):
    values = np.array(rows)
    np.testing.assert_array_equal(ranks_of(values), compared(values))


@pytest.mark.parametrize("regions", [2, 255, 256, 400, 10_956])
def test_ranks_of_many_regions_are_those_of_scipy(regions):
    values = np.random.default_rng(regions).normal(size=(7, regions))
    values[3:5] = np.round(values[3:5], 1)
    expected = rankdata(-values, method="min", axis=1) - 1
    np.testing.assert_array_equal(ranks_of(values), expected)


@pytest.mark.parametrize("size", [1, 255, 256])
@pytest.mark.parametrize("filling", ["different", "tied", "gaps", "infinite", "close"])
def test_ranks_take_no_more_memory_than_the_number_of_regions_needs(size, filling):
    rows = {
        "different": np.arange(float(size)),
        "tied": np.ones(size),
        "gaps": np.full(size, NAN),
        "infinite": np.where(np.arange(size) == 0, INF, 1.0),
        "close": np.where(np.arange(size) == 0, ABOVE_ONE, 1.0),
    }
    assert ranks_of(rows[filling][None]).dtype == (np.uint8 if size < 256 else np.uint16)


def test_a_row_is_ranked_alike_whatever_stands_beside_it():
    values = np.random.default_rng(1).normal(size=(20, 50)) ** 9
    together = ranks_of(values)
    np.testing.assert_array_equal(together, np.vstack([ranks_of(row[None]) for row in values]))
