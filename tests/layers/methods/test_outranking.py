"""What must be true of outranking: worked by hand, and against comparing pair by pair.

Shapes covered: a clear order, a cycle, an even pair, gaps, no common member, one region.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.errors import RecipeError
from layers.methods import outranking as module
from layers.methods.outranking import copeland, outranking

NAN = np.nan
#: The first region is best on two members, the last on none.
VALUES = np.array([[3.0, 3.0, 1.0], [2.0, 2.0, 3.0], [1.0, 1.0, 2.0]])


def test_copeland_by_hand():
    np.testing.assert_array_equal(copeland(VALUES, np.ones(3)), [2, 0, -2])
    # The third member alone outweighs the others: 3 of 5.
    np.testing.assert_array_equal(copeland(VALUES, np.array([1, 1, 3])), [-2, 2, 0])


def test_shares_of_pairs_by_hand():
    expected = [[1 / 2, 2 / 3, 2 / 3], [1 / 3, 1 / 2, 1], [1 / 3, 0, 1 / 2]]
    np.testing.assert_allclose(outranking(VALUES, np.ones(3)), expected)


def test_in_a_cycle_nobody_wins():
    cycle = np.array([[3, 1, 2], [2, 3, 1], [1, 2, 3]])
    np.testing.assert_array_equal(copeland(cycle, np.ones(3)), [0, 0, 0])


def test_an_even_pair_is_even_whatever_the_rounding():
    # 0.1 + 0.2 against 0.3, which differ in floating point
    pair = np.array([[1, 1, 0], [0, 0, 1]])
    np.testing.assert_array_equal(copeland(pair, np.array([0.1, 0.2, 0.3])), [0, 0])


def test_gaps_leave_a_member_out_of_a_pair():
    values = np.array([[5, NAN], [4, 9], [NAN, 8], [NAN, NAN]])
    # first and third have nothing in common; the last has nothing at all
    np.testing.assert_array_equal(copeland(values, np.array([1, 10])), [1, 0, -1, NAN])
    assert np.isnan(outranking(values, np.ones(2))[0, 2])


def test_the_output_range_is_reached_by_who_beats_all():
    score = copeland(VALUES, np.ones(3), output=(1, 100))
    np.testing.assert_allclose(score, [100, (1 + 100) / 2, 1])
    two = copeland(np.array([[7.0], [8.0]]), np.ones(1), output=(0, 100))
    np.testing.assert_array_equal(two, [0, 100])
    assert copeland(np.array([[7.0]]), np.ones(1), output=(0, 100)) == [50]
    with pytest.raises(RecipeError, match="rising"):
        copeland(VALUES, np.ones(3), output=(1, 1))


whole = st.integers(0, 4).map(float)
tables = arrays(float, (7, 3), elements=whole | st.just(NAN))
weights = arrays(float, 3, elements=st.integers(1, 9).map(float))


def pair_by_pair(values, weight):
    score = np.zeros(len(values))
    for i, mine in enumerate(values):
        for j, theirs in enumerate(values):
            won = weight[mine > theirs].sum() - weight[mine < theirs].sum()
            score[i] += np.sign(won) if i != j else 0
    return np.where(np.isnan(values).all(axis=1), NAN, score)


@given(tables, weights)
def test_copeland_equals_comparing_pair_by_pair(values, weight):
    np.testing.assert_array_equal(copeland(values, weight), pair_by_pair(values, weight))


@given(tables, weights)
def test_blocks_of_rows_make_no_difference(values, weight):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CELLS", 10)
        small = copeland(values, weight)
    np.testing.assert_array_equal(small, copeland(values, weight))


@given(tables, weights)
def test_what_one_wins_another_loses_and_only_the_order_counts(values, weight):
    assert np.nansum(copeland(values, weight)) == 0
    np.testing.assert_array_equal(copeland(np.exp(values), weight), copeland(values, weight))
