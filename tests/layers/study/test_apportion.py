"""Whole people: totals exact, bounds kept, nobody a whole person away from the quota."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.study.apportion import apportion, dissimilarity, evenly

FREE = 10**9


def share_out(total, claims, high=None, low=None):
    """Share out with exact numbers, and assert that 64 bits give the same."""
    size = len(claims)
    rows = [np.array(claims), np.array(low or [0] * size), np.array(high or [FREE] * size)]
    short = apportion(total, rows[0][None, :], *rows[1:])[0].tolist()
    long = apportion(total, *(row.astype(object)[None, :] if place == 0 else row.astype(object)
                              for place, row in enumerate(rows)))[0].tolist()  # fmt: skip
    assert long == short
    return short


def test_quotas_by_hand():
    # 10 people by 6 : 3 : 1 come out even; 11 make 6.6, 3.3 and 1.1: 6 + 3 + 1, one to the first.
    assert share_out(10, [6, 3, 1]) == [6, 3, 1]
    assert share_out(11, [6, 3, 1]) == [7, 3, 1]


def test_of_equal_remainders_the_first_is_served():
    assert share_out(10, [1, 1, 1]) == [4, 3, 3]
    # 0.5 and 2.5, which sixths in binary would not hit.
    assert share_out(3, [1, 5]) == [1, 2]


def test_what_a_bound_cuts_off_is_shared_out_by_the_same_claims():
    # 6, 3, 1: the first stops at 4; the other 6 go 3 : 1, which is 4.5 and 1.5.
    assert share_out(10, [6, 3, 1], high=[4, 10, 10]) == [4, 5, 1]
    # The second then stops as well, and the last takes what is left.
    assert share_out(10, [6, 3, 1], high=[4, 3, 10]) == [4, 3, 3]


def test_what_somebody_has_already_is_taken_from_the_others():
    # 5, 5, 0 by claim; but the third keeps 2, so 8 are left for the first two.
    assert share_out(10, [10, 10, 1], low=[0, 0, 2]) == [4, 4, 2]
    assert share_out(10, [1, 1, 1], low=[8, 0, 0]) == [8, 1, 1]


def test_a_bound_above_and_one_below_at_once():
    # Quotas 8, 1, 1: the first stops at 3, which lets the others rise to 3.5: 4 is kept anyway.
    assert share_out(10, [8, 1, 1], high=[3, FREE, FREE], low=[0, 4, 0]) == [3, 4, 3]


def test_without_a_claim_nobody_comes():
    assert share_out(7, [0, 2, 0]) == [0, 7, 0]


def test_without_a_claim_those_who_are_there_stay():
    assert share_out(8, [0, 1], low=[3, 0], high=[3, 5]) == [3, 5]
    assert share_out(3, [0, 0], low=[1, 2]) == [1, 2]


def test_one_person_more_can_take_one_away():
    """The Alabama paradox: with quotas 4.29, 4.29, 1.43 the third has 2 of 10, but 1 of 11."""
    assert share_out(10, [6, 6, 2]) == [4, 4, 2]
    assert share_out(11, [6, 6, 2]) == [5, 5, 1]


def quotas(total, claims, high, low=None):
    """Return quotas by the definition: min(max(t w, l), u) with the one t that fits."""
    low = low or [0] * len(claims)

    def at(rise):
        return [
            min(max(rise * claim, least), most)
            for claim, least, most in zip(claims, low, high, strict=True)
        ]

    # Between two of these the sum is a straight line.
    ends = zip([*low, *high], [*claims, *claims], strict=True)
    turns = {Fraction(end, claim) for end, claim in ends} | {0}
    early = max(turn for turn in turns if sum(at(turn)) <= total)
    late = min(turn for turn in turns if sum(at(turn)) >= total)
    if late <= early:
        return at(late)
    below, above = sum(at(early)), sum(at(late))
    return at(early + (late - early) * (total - below) / (above - below))


def test_quotas_by_definition():
    assert quotas(10, [6, 3, 1], [4, 10, 10]) == [4, Fraction(9, 2), Fraction(3, 2)]
    assert quotas(10, [8, 1, 1], [3, 9, 9], [0, 4, 0]) == [3, 4, 3]


@st.composite
def problems(draw):
    size = draw(st.integers(1, 8))
    claims = draw(st.lists(st.integers(1, 30), min_size=size, max_size=size))
    high = draw(st.lists(st.integers(0, 40), min_size=size, max_size=size))
    total = draw(st.integers(0, sum(high)))
    return total, claims, high


@given(problems(), st.data())
def test_totals_bounds_and_quotas_hold_for_whatever_numbers(problem, data):
    total, claims, high = problem
    low = [data.draw(st.integers(0, top)) for top in high]
    total = max(total, sum(low))
    found = share_out(total, claims, high=high, low=low)
    assert sum(found) == total
    assert all(least <= one <= top for least, one, top in zip(low, found, high, strict=True))
    wanted = quotas(total, claims, high, low)
    assert all(abs(one - quota) < 1 for one, quota in zip(found, wanted, strict=True))


@given(problems(), st.data())
def test_each_row_is_shared_out_by_itself(problem, data):
    total, claims, high = problem
    rows = [claims, claims[::-1], data.draw(st.permutations(claims)), [1] * len(claims)]
    low = np.array([data.draw(st.integers(0, top)) for top in high])
    total = max(total, int(low.sum()))
    found = apportion(total, np.array(rows), low, np.array(high))
    alone = [apportion(total, np.array([row]), low, np.array(high))[0] for row in rows]
    np.testing.assert_array_equal(found, alone)


@given(problems())
def test_equal_claims_and_bounds_get_equal_within_one(problem):
    total, claims, high = problem
    found = share_out(total, claims * 2, high=high * 2)
    for one, twin in zip(found[: len(claims)], found[len(claims) :], strict=True):
        assert 0 <= one - twin <= 1


@given(problems())
def test_a_wider_bound_for_one_never_takes_people_from_it_by_more_than_rounding(problem):
    """Its quota never falls, nor does that of anybody else rise; whole people follow within 1."""
    total, claims, high = problem
    wider = [high[0] + 7, *high[1:]]
    before, after = quotas(total, claims, high), quotas(total, claims, wider)
    assert after[0] >= before[0]
    assert all(late <= early for late, early in zip(after[1:], before[1:], strict=True))
    assert share_out(total, claims, high=wider)[0] >= share_out(total, claims, high=high)[0] - 1


@given(problems(), st.integers(0, 20))
def test_whoever_has_some_keeps_them(problem, more):
    total, claims, high = problem
    before = share_out(total, claims, high=high)
    later = min(total + more, sum(high))
    after = share_out(later, claims, high=high, low=before)
    assert sum(after) == later
    assert all(low <= one <= top for low, one, top in zip(before, after, high, strict=True))


def test_ten_million_people_are_shared_out_to_the_last():
    claims = np.random.default_rng(1).integers(1, 2**29, (20, 400))
    none, free = np.zeros(400, np.int64), np.full(400, 10_000_000)
    found = apportion(10_000_000, claims, none, free)
    assert (found.sum(axis=1) == 10_000_000).all()
    exact = apportion(10_000_000, claims.astype(object), none.astype(object), free.astype(object))
    assert (found == exact.astype(np.int64)).all()


def test_numbers_that_64_bits_cannot_hold_are_refused_and_not_wrong():
    none = np.zeros(2, np.int64)
    with pytest.raises(OverflowError, match="64 bits"):
        apportion(10_000_000, np.array([[2**40, 1]]), none, none + 10_000_000)
    # The sum of these claims alone is 2^64, which 64 bits hold as 0.
    with pytest.raises(OverflowError, match="64 bits"):
        apportion(1, np.full((1, 4), 2**62), np.zeros(4, np.int64), np.ones(4, np.int64))
    # 2 x 2^61 is the first number that is too large; half of it is not.
    with pytest.raises(OverflowError, match=f"^{2**62} is too large"):
        apportion(2, np.array([[2**61, 0]]), none, none + 2)
    assert apportion(1, np.array([[2**61, 0]]), none, none + 1).tolist() == [[1, 0]]


def test_steps_differ_by_one_at_most():
    assert evenly(10, 3) == (4, 3, 3)
    assert evenly(2, 1) == (2,)


def test_dissimilarity_by_hand():
    # Shares 1/2, 1/2, 0 and 1/4, 1/4, 1/2: half of 1/4 + 1/4 + 1/2.
    found = dissimilarity(np.array([5.0, 5, 0]), np.array([1.0, 1, 2]))
    assert found == pytest.approx((1 / 4 + 1 / 4 + 1 / 2) / 2)
    assert dissimilarity(np.array([1.0, 2]), np.array([10.0, 20])) == 0
    assert dissimilarity(np.array([1.0, 0]), np.array([0.0, 9])) == 1
    # A single person is a distribution as well.
    assert dissimilarity(np.array([0.0, 1]), np.array([1.0, 1])) == 1 / 2
    assert dissimilarity(np.array([1.0, 1]), np.array([0.0, 1])) == 1 / 2
    assert np.isnan(dissimilarity(np.zeros(2), np.array([1.0, 1])))
