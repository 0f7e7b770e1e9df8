"""What must be true of the benefit of the doubt: by hand, against the full programme, for any data.

Shapes covered: regions on and below the frontier, restricted shares, gaps, equal rows, zeros.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from layers.errors import RecipeError
from layers.methods.doubt import benefit_of_the_doubt, doubt_weights

NAN = np.nan
#: Two specialists on the frontier, a generalist between them, and half of the first.
VALUES = np.array([[1, 0.2], [0.2, 1], [0.5, 0.5], [0.5, 0.1]])
TWO = np.ones(2)


def test_scores_by_hand():
    # the generalist's best weights are equal: both specialists limit them to 1 / 1.2
    expected = [1, 1, (0.5 + 0.5) / 1.2, 0.5]
    np.testing.assert_allclose(benefit_of_the_doubt(VALUES, TWO), expected, atol=1e-9)


def test_without_any_choice_of_shares_by_hand():
    # u_k x_ik is the same for both members, so the score is 2 / max_j sum_k x_jk / x_ik
    expected = [2 / (0.2 / 1 + 1 / 0.2), 2 / (1 / 0.2 + 0.2 / 1), 2 / (1 / 0.5 + 0.2 / 0.5)]
    score = benefit_of_the_doubt(VALUES, TWO, spread=0)
    np.testing.assert_allclose(score[:3], expected, atol=1e-9)


def test_shares_stay_within_their_limits():
    nominal = np.array([0.75, 0.25])
    shares = doubt_weights(VALUES, np.array([3, 1]), spread=0.2)
    assert (shares >= 0.8 * nominal - 1e-9).all()
    assert (shares <= 1.2 * nominal + 1e-9).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_shares_may_lie_below_the_chosen_ones_as_far_as_the_limit():
    # The first specialist gives the second member as little as it may.
    shares = doubt_weights(VALUES, TWO, spread=0.4)
    np.testing.assert_allclose(shares[0], [0.5 * 1.4, 0.5 * 0.6], atol=1e-9)


def test_a_member_of_weight_0_takes_no_part():
    np.testing.assert_allclose(
        benefit_of_the_doubt(VALUES, np.array([1, 0])), VALUES[:, 0] / 1, atol=1e-9
    )
    np.testing.assert_allclose(doubt_weights(VALUES, np.array([1, 0]))[:, 1], 0)


def test_nothing_at_all_has_no_score_and_zeros_score_0():
    values = np.array([[NAN, NAN], [0, 0], [1, 2]])
    np.testing.assert_allclose(benefit_of_the_doubt(values, TWO), [NAN, 0, 1])
    assert benefit_of_the_doubt(np.empty((0, 2)), TWO).shape == (0,)  # no regions, no scores
    assert np.isnan(doubt_weights(values, TWO)[:2]).all()
    # Where nothing is weighed, a member of weight 0 has no share of it either.
    assert np.isnan(doubt_weights(values, np.array([1, 0]))[:2]).all()


def test_a_member_that_is_0_everywhere_adds_nothing():
    nothing = np.column_stack([VALUES, np.zeros(len(VALUES))])
    np.testing.assert_allclose(
        benefit_of_the_doubt(nothing, np.ones(3)), benefit_of_the_doubt(VALUES, TWO), atol=1e-9
    )


@pytest.mark.parametrize(
    ("values", "spread", "words"),
    [
        (VALUES - 1, None, "'bod' needs values from 0"),
        (VALUES * [1, 0], 0.5, "'bod' needs values above 0"),
        (VALUES, -1, "spread = -1"),
        (VALUES, NAN, "spread = nan"),
    ],
)
def test_nonsense_is_refused(values, spread, words):
    with pytest.raises(RecipeError, match=words):
        benefit_of_the_doubt(values, TWO, spread)


amounts = st.integers(1, 80).map(lambda whole: whole / 8)
tables = arrays(float, (8, 3), elements=amounts)
THREE = np.ones(3)


def full_programme(values):
    """All regions as constraints at once."""
    return [
        -linprog(-row, A_ub=values, b_ub=np.ones(len(values)), method="highs").fun for row in values
    ]


@given(tables)
def test_meeting_peers_one_by_one_gives_the_same_as_all_at_once(values):
    np.testing.assert_allclose(
        benefit_of_the_doubt(values, THREE), full_programme(values), atol=1e-7
    )


@given(tables, st.sampled_from([None, 0.3, 2.0]))
def test_scores_lie_in_0_to_1_somebody_is_best_and_units_do_not_matter(values, spread):
    score = benefit_of_the_doubt(values, THREE, spread)
    assert ((score > 0) & (score <= 1 + 1e-12)).all()
    rescaled = benefit_of_the_doubt(values * [1000, 1, 0.01], THREE, spread)
    np.testing.assert_allclose(rescaled, score, atol=1e-7)
    if spread is None:
        assert score.max() == pytest.approx(1)


@given(tables)
def test_less_choice_never_raises_a_score(values):
    free, near, none = (benefit_of_the_doubt(values, THREE, one) for one in (None, 0.4, 0))
    assert (free >= near - 1e-7).all()
    assert (near >= none - 1e-7).all()


@given(tables, st.integers(0, 7), st.integers(0, 2))
def test_a_gap_never_raises_the_own_score_nor_lowers_another(values, row, column):
    holed = values.copy()
    holed[row, column] = NAN
    before, after = benefit_of_the_doubt(values, THREE), benefit_of_the_doubt(holed, THREE)
    assert after[row] <= before[row] + 1e-7
    others = np.arange(8) != row
    assert (after[others] >= before[others] - 1e-7).all()


@given(tables)
def test_equal_rows_have_equal_scores(values):
    score = benefit_of_the_doubt(np.vstack([values, values]), THREE)
    np.testing.assert_array_equal(score[:8], score[8:])
