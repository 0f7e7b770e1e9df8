"""What a self-check says: worked out by hand, and what must hold for any answers."""

from __future__ import annotations

import math

import pytest
from checks import ANNA, BEN, BOTH, DAY, rater, selfcheck
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import SelfCheckError
from layers.selfcheck.file import NOT_OURS, Rater
from layers.selfcheck.result import (
    compare,
    disagreement,
    field_results,
    gaps_first,
    statement_results,
    strengths_first,
)
from layers.selfcheck.statements import statements

SOME = list(statements())[::4]
ANSWERS = st.dictionaries(
    st.sampled_from(SOME), st.sampled_from([0, 1, 2, 3, 4, NOT_OURS]), max_size=6
)
PEOPLE = st.lists(ANSWERS, max_size=4).map(
    lambda all_: [Rater(id=f"{i:x}", date=DAY, ratings=one) for i, one in enumerate(all_)]
)


def test_every_person_counts_once_however_much_they_answered():
    found = field_results(BOTH)
    anna, ben = (4 + 1) / 2, 1.0
    work = found.loc["work"]
    assert work["mean"] == (anna + ben) / 2
    assert (work["lowest"], work["highest"]) == (ben, anna)
    assert work["sd"] == pytest.approx(math.sqrt((anna - 1.75) ** 2 + (ben - 1.75) ** 2))
    assert list(work[["raters", "answered", "not_ours", "open"]]) == [2, 3, 0, 2 * 9 - 3]


def test_what_nobody_answered_has_no_result_and_one_person_no_deviation():
    found = field_results(BOTH)
    assert found.loc["governance", ["mean", "lowest", "sd"]].isna().all()
    assert list(found.loc["governance", ["answered", "not_ours", "open"]]) == [0, 1, 19]
    health = found.loc["health"]
    assert (health["mean"], health["raters"], health["answered"]) == (3.0, 1, 6)
    assert math.isnan(health["sd"])
    assert field_results(selfcheck())["mean"].isna().all()


def test_statements_are_ordered_by_how_far_people_are_apart():
    found = disagreement(BOTH)
    assert list(found.index) == ["work.partners"]
    assert found.loc["work.partners", "range"] == 4 - 1
    assert disagreement(selfcheck(ANNA)).empty


def test_lists_to_choose_from_hold_answered_statements_only():
    best, worst = strengths_first(BOTH), gaps_first(BOTH)
    assert best[0].startswith("health.")
    assert worst[0] == "work.levels"
    assert set(best) == set(worst)
    assert "governance.budget" not in best


def test_two_dates_are_compared_where_there_are_answers_both_times():
    before = selfcheck(rater("A", work__partners=1, work__levels=2, housing__market=0))
    after = selfcheck(
        rater("B", work__partners=3, work__levels=1, health__access=4),
        rater("C", work__partners=4),
    )
    found = compare(before, after)
    states = found.statements["state"]
    assert dict(states[states != "open"]) == {
        "work.partners": "rose", "work.levels": "fell", "housing.market": "gone",
        "health.access": "new",
    }  # fmt: skip
    work = found.fields.loc["work"]
    assert (work["before"], work["after"]) == ((1 + 2) / 2, (3.5 + 1) / 2)
    assert work["change"] == ((3.5 - 1) + (1 - 2)) / 2
    assert work["statements"] == 2
    assert found.fields.loc["housing", "change"] != found.fields.loc["housing", "change"]
    assert (compare(BOTH, BOTH).statements["change"].dropna() == 0).all()


def test_another_region_cannot_be_compared():
    with pytest.raises(SelfCheckError, match="'A1' is not 'B2'"):
        compare(selfcheck(ANNA), selfcheck(BEN, region="B2"))


@settings(max_examples=12)
@given(people=PEOPLE, shift=st.integers(0, 3))
def test_results_lie_on_the_scale_and_no_order_of_people_matters(people, shift):
    check, turned = selfcheck(*people), selfcheck(*people[shift:], *people[:shift])
    for table in (field_results(check), statement_results(check)):
        means = table[["lowest", "mean", "highest"]].dropna()
        assert ((means >= 0) & (means <= 4)).all(axis=None)
        assert (means["lowest"] <= means["mean"]).all()
        assert (means["mean"] <= means["highest"]).all()
        counts = table[["answered", "not_ours", "open"]].sum().sum()
        assert counts == 40 * len(people)
    assert field_results(check).equals(field_results(turned))
    assert statement_results(check).equals(statement_results(turned))
    assert strengths_first(check) == strengths_first(turned)
