"""A group as one recipe: its people come and go whole, and without names nothing tells them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import Recipe, RecipeError
from layers.catalogue import Text
from layers.recipe import MOST_MEMBERS, GroupMember
from layers.study.group_recipe import as_people, called, members_of, nameless, with_wishes

ANN = GroupMember(name="Ann", weights={"layer:a": 3.0})
BEN = GroupMember(name="Ben", weights={"layer:a": 1.0}, directions={"b": "-"}, lens="aims")
members = st.lists(
    st.builds(
        GroupMember,
        name=st.sampled_from(["", "Ann", "Ben"]),
        weights=st.dictionaries(st.sampled_from(["layer:a", "indicator:b"]), st.floats(0, 5)),
        directions=st.dictionaries(st.sampled_from(["b", "layer:a"]), st.sampled_from("+-0")),
        lens=st.sampled_from(["", "aims"]),
    ),
    max_size=5,
)


def named(name, **given_parts):
    return Recipe(name=Text(de=name, en=name), **given_parts)


@settings(max_examples=15)
@given(members)
def test_a_group_recipe_comes_back_from_its_file(tmp_path_factory, people):
    path = tmp_path_factory.mktemp("group") / "group.toml"
    recipe = named("Us", members=tuple(people), weights={"layer:a": 2.0})
    path.write_text(recipe.to_toml(), encoding="utf-8")
    assert Recipe.load(path) == recipe
    assert members_of(as_people(recipe)) == (recipe.members or members_of([recipe]))


def test_a_recipe_without_members_stands_for_itself():
    assert as_people(named("Ann")) == (named("Ann"),)


def test_members_keep_selection_and_method_of_the_group():
    said = Text(de="Wir alle", en="All of us")
    group = named("Us", description=said, ties="average", filter={"land": ["09"]},
                  members=(ANN, BEN))  # fmt: skip
    first, second = as_people(group)
    assert (first.name.de, first.weights, first.members) == ("Ann", ANN.weights, ())
    assert (second.lens, second.directions) == ("aims", {"b": "-"})
    assert second.description == Text(de="", en="")
    assert first.ties == second.ties == "average"
    assert first.filter == group.filter


def test_wishes_are_taken_over_and_nothing_else():
    base = named("Base", ties="average", members=(ANN,))
    other = named("Ann", weights={"layer:a": 3.0}, year=2019)
    found = with_wishes(base, other)
    assert (found.name.de, found.weights, found.ties) == ("Ann", {"layer:a": 3.0}, "average")
    assert (found.year, found.members) == ("latest", ())


@settings(max_examples=15)
@given(members)
def test_without_names_the_order_of_people_says_nothing(people):
    hidden = nameless(people)
    assert hidden == nameless(people[::-1])
    assert all(one.name == "" for one in hidden)
    assert len(hidden) == len(people)


def test_the_rule_of_the_order_is_lens_then_weights_then_directions():
    light, heavy = GroupMember(weights={"layer:a": 1.0}), GroupMember(weights={"layer:a": 2.0})
    turned = GroupMember(weights={"layer:a": 1.0}, directions={"b": "+"})
    other = GroupMember(lens="aims")
    assert nameless([other, heavy, turned, light]) == (light, turned, heavy, other)


def test_everybody_gets_a_name_of_their_own():
    people = [named("Ann"), Recipe(name=Text(de="", en="")), named("Ann")]
    found = called(people, "Person {number}")
    assert list(found) == ["Ann", "Person 2", "Ann (2)"]
    assert [one.name.de for one in found.values()] == ["Ann", "", "Ann"]


def test_what_is_no_plain_text_does_not_become_a_name():
    assert members_of([named("An\u202en\ta")])[0].name == "Anna"
    assert members_of([named("")])[0].name == ""
    # A name takes up 80 letters at most.
    assert members_of([named("x" * 99)])[0].name == "x" * 80


def test_too_many_people_are_refused():
    assert len(members_of([Recipe()] * MOST_MEMBERS)) == MOST_MEMBERS
    with pytest.raises(RecipeError, match=f"at most {MOST_MEMBERS}") as refused:
        members_of([Recipe()] * (MOST_MEMBERS + 1))
    assert refused.value.code == "too_many"
