"""Who in a group would change what, by hand and against the library's own scores."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import flat

from layers import Recipe, score
from layers.catalogue import Text
from layers.study.group import group
from layers.study.persons import group_recipe, persons

# P is best in a, R in b, S in neither.
VALUES = pd.DataFrame({"a": [100.0, 60, 0, 20], "b": [0.0, 70, 100, 10]}, index=list("PQRS"))
DATASET = flat(VALUES)


def weigh(**weights):
    return Recipe(weights={f"layer:layer_{key}": weight for key, weight in weights.items()})


def together(**people):
    found = group({name: score(DATASET, one) for name, one in people.items()})
    return found, persons(DATASET, Recipe(), found)


def test_a_person_is_compared_with_the_mean_of_the_others():
    # Ann 1 : 0, Ben 1 : 1, Cem 1 : 3; the others of Ann give a (1/2 + 1/4) / 2.
    _, each = together(Ann=weigh(b=0.0), Ben=weigh(), Cem=weigh(b=3.0))
    assert each.layers.loc["Ann", "layer_a"] == pytest.approx(1 - (1 / 2 + 1 / 4) / 2)
    assert each.layers.loc["Cem", "layer_b"] == pytest.approx(3 / 4 - (0 + 1 / 2) / 2)
    assert each.more("Ann").index.tolist() == ["layer_a"]
    assert each.less("Ann").index.tolist() == ["layer_b"]


def test_who_would_rise_and_fall_by_hand():
    # The mean of Ann (only a) and Ben (only b) is half and half: P 50, Q 65, R 50, S 15.
    found, each = together(Ann=weigh(b=0.0), Ben=weigh(a=0.0))
    assert each.group.ranks.tolist() == [2, 1, 2, 4]
    assert found.ranks["Ann"].tolist() == [1, 2, 4, 3]
    assert each.moves["Ann"].tolist() == [1, -1, -2, 1]
    assert each.rises("Ann").index.tolist() == ["P", "S"]
    assert each.falls("Ann", 1).to_dict() == {"R": -2}


def test_lists_are_short_and_name_the_most_first():
    _, each = together(Ann=weigh(b=0.0), Ben=weigh(a=0.0))
    # s is rounding, and u and v weigh alike.
    shares = {"s": 1e-12, "t": 0.1, "u": 0.05, "v": 0.05, "w": 0.2, "x": -0.1, "y": -0.29}
    more = pd.DataFrame([shares], ["Ann"])
    each = dataclasses.replace(each, layers=more, moves=(more.T * 100).round())
    assert each.more("Ann").to_dict() == {"w": 0.2, "t": 0.1, "u": 0.05}
    assert list(each.more("Ann", 9).index) == ["w", "t", "u", "v"]
    assert each.less("Ann").to_dict() == {"y": -0.29, "x": -0.1}
    assert each.rises("Ann").to_dict() == {"w": 20, "t": 10, "u": 5}
    assert list(each.rises("Ann", 9).index) == ["w", "t", "u", "v"]
    assert each.falls("Ann").to_dict() == {"y": -29, "x": -10}
    turned = dataclasses.replace(each, layers=-each.layers, moves=-each.moves)
    assert turned.less("Ann").to_dict() == {"w": -0.2, "t": -0.1, "u": -0.05}
    assert turned.falls("Ann").to_dict() == {"w": -20, "t": -10, "u": -5}
    assert list(turned.less("Ann", 2).index) == list(turned.falls("Ann", 2).index) == ["w", "t"]


def test_equals_stand_in_the_order_of_the_dataset():
    _, each = together(Ann=weigh(b=0.0), Ben=weigh(a=0.0))
    moves = pd.DataFrame({"Ann": [2.0, -2.0, 0.0] * 20})
    each = dataclasses.replace(each, layers=moves.T, moves=moves)
    assert list(each.rises("Ann", 99).index) == list(range(0, 60, 3))
    assert list(each.more("Ann", 99).index) == list(range(0, 60, 3))
    assert list(each.falls("Ann", 99).index) == list(range(1, 60, 3))
    assert list(each.less("Ann", 99).index) == list(range(1, 60, 3))


def test_regions_without_a_rank_neither_rise_nor_fall():
    # S has no value in b, which is all that counts for Ben.
    holed = flat(VALUES.assign(b=[0.0, 70, 100, float("nan")]))
    people = {"Ann": weigh(b=0.0), "Ben": weigh(a=0.0)}
    found = group({name: score(holed, one) for name, one in people.items()})
    each = persons(holed, Recipe(), found)
    assert each.moves["Ben"].isna().tolist() == [False, False, False, True]
    assert "S" not in each.rises("Ben", 9).index.union(each.falls("Ben", 9).index)


def test_a_draw_is_no_order_to_compare_with():
    # Without Ben or Cem one wants a alone and one b alone: P and Q are level.
    two = flat(pd.DataFrame({"a": [1.0, 0], "b": [0.0, 1]}, index=list("PQ")))
    people = {"Ann": weigh(b=0.0), "Ben": weigh(a=0.0), "Cem": weigh(a=0.0)}
    found = group({name: score(two, one) for name, one in people.items()})
    without = persons(two, Recipe(), found).without
    assert without["spearman"].tolist() == pytest.approx(
        [1, float("nan"), float("nan")], nan_ok=True
    )
    assert without["most"].tolist() == [0, 1, 1]


def test_what_one_weighs_oneself_has_no_say():
    # Both read a as less is better: 0 40 100 80; and b, which counts more, gives 0 70 100 10.
    turned = [one.model_copy(update={"directions": {"a": "-"}}) for one in (weigh(), weigh(b=3.0))]
    found = group({name: score(DATASET, one) for name, one in zip("AB", turned, strict=True)})
    mine = group_recipe(Recipe(), found, turned, Text(de="Wir", en="Us"))
    own = mine.model_copy(update={"weights": {"layer:layer_b": 0.0}, "directions": {"b": "-"}})
    each = persons(DATASET, own, found)
    assert each.group.ranks.tolist() == [4, 2, 1, 3]
    assert each.group.recipe.directions == {"a": "-"}
    assert each.group.recipe.members == ()


def test_progress_counts_people():
    found = group({name: score(DATASET, weigh()) for name in ("Ann", "Ben", "Cem")})
    told = []
    persons(DATASET, Recipe(), found, progress=lambda *one: told.append(one))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_group_without_a_person_by_hand():
    # Without Ann only b counts: ranks 4 2 1 3 instead of 2 1 2 4.
    _, each = together(Ann=weigh(b=0.0), Ben=weigh(a=0.0))
    assert each.without.loc["Ann", "places"] == (2 + 1 + 1 + 1) / 4
    assert each.without.loc["Ann", "most"] == 2
    ranks = pd.DataFrame({"with": [2.5, 1, 2.5, 4], "without": [4.0, 2, 1, 3]})
    wanted = ranks["with"].corr(ranks["without"])
    assert each.without.loc["Ann", "spearman"] == pytest.approx(wanted)


def test_somebody_who_thinks_as_all_others_changes_nothing():
    _, each = together(Ann=weigh(b=3.0), Ben=weigh(b=3.0), Cem=weigh(b=3.0))
    assert each.without["places"].tolist() == [0, 0, 0]
    assert each.without["spearman"].tolist() == pytest.approx([1, 1, 1])
    assert each.more("Ann").empty
    assert each.rises("Ann").empty


def test_the_group_recipe_gives_the_groups_numbers_and_carries_its_people():
    people = [one.model_copy(update={"name": Text(de=name, en=name)})
              for name, one in (("Ann", weigh(b=0.0)), ("Ben", weigh(a=0.0)))]  # fmt: skip
    found, each = together(Ann=people[0], Ben=people[1])
    mine = Recipe(
        ties="average", description=Text(de="Meins", en="Mine"), directions={"a": "-"},
        weights={"layer:layer_a": 9.0},
    )  # fmt: skip
    recipe = group_recipe(mine, found, people, Text(de="Wir", en="Us"))
    assert (recipe.name.en, recipe.ties) == ("Us", "average")
    # Half and half is the usual, and nobody has described it.
    assert (recipe.weights, recipe.directions, recipe.description.en) == ({}, {}, "")
    assert [one.name for one in recipe.members] == ["Ann", "Ben"]
    pd.testing.assert_series_equal(score(DATASET, recipe).index, each.group.index)
    bare = recipe.model_copy(update={"members": ()})
    pd.testing.assert_series_equal(score(DATASET, bare).ranks, score(DATASET, recipe).ranks)


@settings(max_examples=5)
@given(st.lists(st.sampled_from([0.25, 0.5, 1.0, 2.0, 4.0]), min_size=2, max_size=4))
def test_what_must_hold_for_any_group(weights):
    people = {f"P{place}": weigh(b=weight) for place, weight in enumerate(weights)}
    _, each = together(**people)
    _, turned = together(**dict(reversed(people.items())))
    pd.testing.assert_series_equal(each.group.ranks, turned.group.ranks)
    pd.testing.assert_frame_equal(each.without, turned.without.loc[each.without.index])
    # What some give more of the whole, others give less.
    assert each.layers.sum(axis=1).abs().max() == pytest.approx(0, abs=1e-12)
    assert each.layers.sum().abs().max() == pytest.approx(0, abs=1e-12)
    assert (each.without["places"] <= each.without["most"]).all()
