"""A rule survives file and link, and what is no rule is refused in one clear line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import RecipeError
from layers.study.distribution_rule import PARTS, Rule, mixture_of

weights = st.floats(1e-3, 1e3)
rules = st.builds(
    Rule,
    mixture=st.dictionaries(
        st.sampled_from([*PARTS, "indicator:tax", "indicator:a_1"]), weights, min_size=1
    ),
    cap=st.none() | st.floats(0.001, 1_000), count_present=st.booleans(),
    land=st.lists(st.sampled_from(["01", "03", "16"]), max_size=3), selected=st.booleans(),
)  # fmt: skip


@given(rules)
def test_a_rule_comes_back_from_file_and_link_as_it_was(tmp_path_factory, rule):
    path = tmp_path_factory.getbasetemp() / "rule.toml"
    path.write_text(rule.to_toml(), encoding="utf-8")
    assert Rule.load(path) == rule
    assert Rule.from_link(rule.to_link()) == rule


def test_a_link_is_short_and_leaves_out_what_is_usual():
    assert Rule().to_link() == {"mix": "population!1"}
    asked = Rule(mixture={"population": 50, "score": 50}, cap=2.5, land=("16", "03", "16"))
    assert asked.to_link() == {"mix": "population!50~score!50", "cap": "2.5", "land": "03~16"}
    assert Rule.from_link({"n": "1", "view": "moon"}) == Rule()


def test_a_rule_as_plain_values_leaves_out_what_is_usual():
    assert Rule().to_dict() == {"mixture": {"population": 1}}
    asked = Rule(mixture={"area": 2}, land=("16", "03"), selected=True)
    assert asked.to_dict() == {"mixture": {"area": 2}, "land": ["03", "16"], "selected": True}


def test_only_the_ratio_of_weights_counts():
    assert Rule(mixture={"area": 3, "score": 1}).shares == {"area": 3 / 4, "score": 1 / 4}
    assert Rule(mixture={"area": 3, "score": 0}) == Rule(mixture={"area": 3})
    assert Rule(mixture={"area": 1, "score": 1}).uses_score
    assert not Rule(mixture={"area": 1, "score": 0}).uses_score


def test_a_mixture_is_read_as_people_type_it():
    assert mixture_of("population=0.5, score=0.5") == {"population": 0.5, "score": 0.5}
    assert mixture_of("area") == {"area": 1.0}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ({"mixture": {"wealth": 1}}, "unknown part 'wealth'"),
        ({"mixture": {"<b>" * 99: 1}}, "unknown part"),
        ({"mixture": {}}, "weight above 0"),
        ({"mixture": {"area": 0}}, "weight above 0"),
        ({"mixture": {"area": -1}}, "mixture.area"),
        ({"mixture": {"area": float("nan")}}, "mixture.area"),
        ({"mixture": {f"indicator:a{one}": 1 for one in range(13)}}, "at most 12"),
        ({"cap": 0}, "cap"),
        ({"cap": float("inf")}, "cap"),
        ({"land": ["x" * 99]}, "land"),
        ({"wish": 1}, "unknown key 'wish'"),
        ("population", "rule:"),
    ],
)
def test_what_is_no_rule_is_refused_in_one_line(content, word):
    with pytest.raises(RecipeError, match=word) as refused:
        Rule.parse(content)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["=[", "mixture = 3", "cap = 'much'", "\x00"])
def test_a_damaged_file_is_refused_with_its_name(tmp_path, text):
    path = tmp_path / "rule.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecipeError, match=r"rule\.toml"):
        Rule.load(path)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"mix": "area!x"}, "rule: 'x' is no number"), ({"mix": "!"}, "link: .*unknown part ''"),
        ({"mix": "area~area"}, "'area' is named twice"), ({"cap": "²"}, "'²' is no number"),
        ({"cap": "-1"}, "^link: 'cap'"),
    ],
)  # fmt: skip
def test_a_damaged_link_is_refused(link, said):
    with pytest.raises(RecipeError, match=said):
        Rule.from_link(link)
