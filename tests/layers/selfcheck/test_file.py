"""The file of a self-check: what somebody saved comes back, whatever else is refused in a line."""

from __future__ import annotations

import datetime as dt

import pytest
from checks import ANNA, BEN, BOTH, DAY, rater, selfcheck
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import SelfCheckError
from layers.selfcheck.file import (
    LARGEST,
    LONGEST_NOTE,
    MOST_RATERS,
    NOT_OURS,
    Chosen,
    Rater,
    SelfCheck,
    Step,
    load,
    merge,
    new_rater,
    parse,
    to_toml,
)
from layers.selfcheck.statements import statements

HEAD = 'format = 1\nkind = "selfcheck"\nregion = "A1"\n'
RATED = f"{HEAD}[[rater]]\ndate = 2026-11-21\n"
ANY = st.dictionaries(
    st.sampled_from(list(statements())), st.sampled_from([0, 1, 2, 3, 4, NOT_OURS]), max_size=5
)
TEXT = st.text(max_size=30)


def test_what_was_saved_comes_back_and_can_be_read_by_people():
    chosen = Chosen(strengths=("work.partners",), next_steps=(Step(text="Antrag", who="Rat"),))
    check = BOTH.model_copy(update={"chosen": chosen})
    text = to_toml(check)
    assert parse(text.encode(), "a.toml") == check
    assert '[[rater]]\nname = "Anna"\ndate = 2026-11-21\n' in text
    assert '"governance.budget" = "not_ours"' in text


@settings(max_examples=25)
@given(ratings=ANY, notes=st.dictionaries(st.sampled_from(list(statements())), TEXT, max_size=2),
       name=TEXT, place=TEXT)  # fmt: skip
def test_any_self_check_comes_back_the_same(ratings, notes, name, place):
    one = Rater(id="0a", name=name, date=DAY, ratings=ratings, notes=notes)
    check = SelfCheck(region="A1", place=place, raters=(one,))
    assert parse(to_toml(check).encode(), "a.toml") == check


def test_text_of_people_loses_control_and_direction_signs_and_nothing_else():
    one = rater("A\u202eb\tc\n", notes={"work.levels": "eins\r\nzwei\x07 <b> =1+1"})
    assert one.name == "Ab c"
    assert one.notes["work.levels"] == "eins\nzwei <b> =1+1"


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("", "foreign", ["kind", "selfcheck"]),
        ('name = "Gleich"\n[weights]\n"layer:housing" = 1', "foreign", ["kind"]),
        ("x = [", "not_toml", ["not valid TOML"]),
        ("x=" + "[" * 5_000, "not_toml", ["not valid TOML"]),
        ("x=" + "1" * 5_000, "not_toml", ["not valid TOML"]),
        (HEAD.replace("1\n", "2\n", 1), "newer", ["format 2", "reads 1"]),
        (HEAD.replace("1\n", "true\n", 1), "damaged", ["format"]),
        ('format = 1\nkind = "selfcheck"', "damaged", ["region"]),
        (f"{HEAD}answers = 3", "damaged", ["unknown key 'answers'"]),
        (f"{RATED}ratings = {{ 'work.partners' = 5 }}", "damaged", ["work.partners", "0 to 4"]),
        (f"{RATED}ratings = {{ 'work.partners' = true }}", "damaged", ["0 to 4"]),
        (f"{RATED}ratings = {{ 'work.partners' = 2.0 }}", "damaged", ["0 to 4"]),
        (f"{RATED}ratings = {{ 'work.rain' = 1 }}", "damaged", ["'work.rain'", "work.partners"]),
        (f"{RATED}ratings = {{ 'rain' = 1 }}", "damaged", ["'rain'", "governance."]),
        (f"{RATED}notes = {{ 'work.rain' = 'x' }}", "damaged", ["'work.rain'"]),
        (f"{HEAD}chosen = {{ gaps = ['work.rain'] }}", "damaged", ["'work.rain'"]),
        (f"{HEAD}[[rater]]\ndate = '2026-11-21'", "damaged", ["date", "2026-11-21"]),
        (f"{HEAD}[[rater]]\ndate = 0001-01-01", "damaged", ["date"]),
        (f"{HEAD}[[rater]]\nname = 'Anna'", "damaged", ["date", "missing"]),
        (f"{RATED}name = 3", "damaged", ["name"]),
        (f"{RATED}name = '{'a' * 81}'", "damaged", ["name", "80"]),
        (f"{RATED}notes = {{ 'work.levels' = '{'a' * (LONGEST_NOTE + 1)}' }}", "damaged", ["2000"]),
        (HEAD + "[[rater]]\ndate = 2026-11-21\n" * (MOST_RATERS + 1), "damaged", ["50"]),
        (HEAD + "[[rater]]\nname='Anna'\ndate=2026-11-21\n" * 2, "damaged", ["same person (Anna"]),
        (f"#{'a' * LARGEST}", "too_large", ["1,000,000"]),
    ],
)  # fmt: skip
def test_a_damaged_or_foreign_file_is_refused_in_one_line(content, code, words):
    with pytest.raises(SelfCheckError) as caught:
        parse(content.encode(), "a.toml")
    message = str(caught.value)
    assert caught.value.code == code
    assert message.startswith("a.toml: ")
    assert "\n" not in message
    assert all(word in message for word in words), message


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SelfCheckError, match=r"none\.toml: cannot be read"):
        load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"name = \xff")
    with pytest.raises(SelfCheckError, match="UTF-8"):
        load(tmp_path / "latin.toml")


def test_files_of_one_place_go_together_each_person_once():
    later = rater("anna", work__partners=0)
    nobody = new_rater(DAY)
    merged = merge(selfcheck(ANNA), selfcheck(later, BEN, nobody))
    assert merged.check.raters == (later, BEN, nobody)
    assert (merged.added, merged.replaced, merged.kept, merged.same) == (2, 1, 0, 0)
    kept = merge(selfcheck(ANNA), selfcheck(later, BEN), replace=False)
    assert kept.check.raters == (ANNA, BEN)
    assert (kept.added, kept.kept) == (1, 1)
    assert merge(BOTH, BOTH) == (BOTH, 0, 0, 0, 2)


def test_another_day_is_another_set_of_answers_and_nameless_people_are_never_mixed_up():
    again = rater("Anna", day=dt.date(2027, 3, 1), work__partners=4)
    assert merge(selfcheck(ANNA), selfcheck(again)).added == 1
    assert merge(selfcheck(rater(work__levels=1)), selfcheck(rater(work__levels=2))).added == 1
    marked = [selfcheck(rater(mark="ab", work__levels=value)) for value in (1, 2)]
    assert merge(*marked).replaced == 1


def test_two_people_of_one_name_are_told_apart_in_one_file():
    twice = selfcheck(rater("Anna", mark="aa", work__levels=1),
                      rater("Anna", mark="bb", work__levels=3))  # fmt: skip
    assert parse(to_toml(twice).encode(), "a.toml") == twice
    assert merge(selfcheck(), twice).check == twice
    assert merge(twice, twice).same == 2
    one, other = merge(selfcheck(ANNA), twice).check.raters
    assert (one.ratings, other.ratings) == ({"work.levels": 1}, {"work.levels": 3})


def test_an_empty_check_takes_place_and_conclusions_of_the_file():
    chosen = Chosen(gaps=("work.levels",))
    merged = merge(selfcheck(), selfcheck(place="Dorf", chosen=chosen)).check
    assert (merged.place, merged.chosen) == ("Dorf", chosen)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (selfcheck(BEN, region="B2"), "other_region"),
        (selfcheck(BEN, place="Stadt"), "other_place"),
        (selfcheck(*(new_rater(DAY) for _ in range(MOST_RATERS))), "too_many"),
    ],
)
def test_files_that_do_not_go_together_are_refused(other, code):
    with pytest.raises(SelfCheckError) as caught:
        merge(BOTH, other)
    assert caught.value.code == code
