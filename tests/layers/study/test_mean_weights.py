"""The mean of several people's weights: everybody's shares count alike.

Cases: one person, unanimous people, opposite directions with and without a tie, a turn of a layer
against a turn of its indicators, a layer nobody weighs, layers inside layers, usual weights that
are not 1.
"""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import dataset, indicator, layer, nested

from layers import Recipe
from layers.catalogue import Text
from layers.errors import RecipeError
from layers.study.mean_weights import mean_of, mean_weights
from layers.study.wishes import wishes_in
from layers.weigh import plan

CATALOGUE = nested(
    pd.DataFrame({key: [1.0, 2.0] for key in "abcd"}, index=["P", "Q"])
).catalogue  # fmt: skip
NEAR = 0.011
"""Weights have two decimals; these shares follow them to a hundredth."""

weights = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0])
keys = [*(f"layer:{key}" for key in ("top", "left")), *(f"indicator:{key}" for key in "abc")]
people = st.lists(
    st.builds(lambda given: Recipe(weights=given), st.dictionaries(st.sampled_from(keys), weights)),
    min_size=1, max_size=4,
)  # fmt: skip


def shares(recipe):
    return plan(CATALOGUE, recipe).shares()["share_of_index"]


def numbers(mean):
    """Return what a mean computes with, without the people behind it."""
    return mean.weights, mean.directions


def weigh(**given):
    return Recipe(weights={f"layer:{key}": weight for key, weight in given.items()})


def test_two_people_by_hand():
    # Top : right is 1 : 3 for Ann and 3 : 1 for Ben, so 1 : 1 for both; usual are 1 and 1.5.
    mean = mean_weights(CATALOGUE, [weigh(top=0.5, right=1.5), weigh(top=3.0, right=1.0)])
    assert mean.weights == {"layer:top": 2.5 / 2, "layer:right": 2.5 / 2}
    assert mean.directions == {}


def test_only_ratios_count():
    small, large = weigh(top=1.0, right=2.0), weigh(top=2.0, right=4.0)
    other = weigh(top=4.0, right=1.0)
    mean = mean_weights(CATALOGUE, [small, other])
    assert numbers(mean) == numbers(mean_weights(CATALOGUE, [large, other]))


@given(people)
def test_everything_gets_the_mean_of_its_shares(recipes):
    wanted = sum(map(shares, recipes)) / len(recipes)
    assert (shares(mean_weights(CATALOGUE, recipes)) - wanted).abs().max() < NEAR


@given(people)
def test_the_order_of_people_does_not_matter(recipes):
    turned = mean_weights(CATALOGUE, recipes[::-1])
    assert numbers(mean_weights(CATALOGUE, recipes)) == numbers(turned)


@settings(max_examples=10)
@given(people)
def test_everybody_twice_is_the_same_mean(recipes):
    assert numbers(mean_weights(CATALOGUE, recipes * 2)) == numbers(
        mean_weights(CATALOGUE, recipes)
    )


@settings(max_examples=10)
@given(people.filter(lambda all_of: len(all_of) > 1))
def test_the_mean_without_one_is_that_of_the_others(recipes):
    named = {str(place): one for place, one in enumerate(recipes)}
    mean = mean_of(wishes_in(CATALOGUE, named), without="0")
    assert numbers(mean) == numbers(mean_weights(CATALOGUE, recipes[1:]))


def test_the_mean_carries_its_people_in_the_order_given():
    ann = weigh(top=2.0).model_copy(update={"name": Text(de="Ann", en="Ann")})
    nobody = Recipe(directions={"d": "-"})
    members = mean_weights(CATALOGUE, [ann, nobody]).members
    assert [one.name for one in members] == ["Ann", ""]
    assert [one.weights for one in members] == [{"layer:top": 2.0}, {}]
    assert members[1].directions == {"d": "-"}


def test_usual_weights_need_no_words():
    assert numbers(mean_weights(CATALOGUE, [Recipe(), Recipe()])) == ({}, {})


def test_what_nobody_weighs_is_left_as_it_is_inside():
    mean = mean_weights(CATALOGUE, [weigh(left=0.0), weigh(left=0.0)])
    assert mean.weights == {"layer:left": 0.0}


def test_the_larger_share_decides_a_direction():
    up, down = Recipe(weights={"indicator:d": 1.0}), Recipe(directions={"d": "-"})
    heavy = Recipe(directions={"d": "-"}, weights={"layer:right": 6.0})
    assert mean_weights(CATALOGUE, [up, heavy]).directions == {"d": "-"}
    assert mean_weights(CATALOGUE, [up, up, down]).directions == {}


def test_in_a_tie_the_usual_direction_holds():
    assert mean_weights(CATALOGUE, [Recipe(), Recipe(directions={"d": "-"})]).directions == {}


def test_a_layer_that_all_turn_is_turned_once():
    # Turning its indicators as well would turn them back.
    mean = mean_weights(CATALOGUE, [Recipe(directions={"layer:right": "-"})] * 2)
    assert mean.directions == {"layer:right": "-"}


def test_whoever_leaves_something_out_has_no_say_in_its_direction():
    out = Recipe(directions={"layer:right": "0", "c": "0"})
    turned = Recipe(directions={"layer:right": "-", "c": "-"})
    mean = mean_weights(CATALOGUE, [out, turned])
    assert mean.directions == {"layer:right": "-", "c": "-"}
    # Nothing for one, 1.5 of 2.5 for the other.
    assert shares(mean)["layer:right"] == pytest.approx((0 + 1.5 / 2.5) / 2, abs=NEAR)


#: Beside what counts, a, stands what is usually only shown: x in a layer of that kind, y and z.
SHOWN = dataset(
    [
        layer("one", indicator("a"), indicator("z", direction="0")),
        layer("kind", indicator("x"), direction="0"),
        layer("other", indicator("y", direction="0")),
    ],
    pd.DataFrame({key: [1.0, 2.0] for key in "axyz"}, index=["P", "Q"]),
).catalogue  # fmt: skip


def test_what_is_only_shown_keeps_its_usual_weight():
    # Whoever takes it in later on, by its direction, need not find out that it weighs nothing.
    mean = mean_weights(SHOWN, [Recipe(), Recipe(weights={"layer:one": 2.0})])
    assert numbers(mean) == ({}, {})


def test_what_somebody_takes_in_gets_its_share():
    taken = {"layer:kind": "+", "y": "-", "z": "+"}
    mean = mean_weights(SHOWN, [Recipe(), Recipe(directions=taken)])
    assert mean.directions == taken
    wanted = plan(SHOWN, mean).shares()["share_of_index"]
    # Everything in one for the first; a third for each layer for the second.
    half = {"layer:one": 2 / 3, "layer:kind": 1 / 6, "layer:other": 1 / 6, "indicator:z": 1 / 12}
    assert wanted[list(half)].to_dict() == pytest.approx(half, abs=NEAR)


def test_what_all_leave_out_on_purpose_weighs_nothing():
    mean = mean_weights(CATALOGUE, [Recipe(directions={"c": "0"})] * 2)
    assert numbers(mean) == ({"indicator:c": 0.0}, {})


def test_turning_a_layer_is_turning_all_that_is_in_it():
    layer = Recipe(directions={"layer:right": "-"})
    indicator = Recipe(directions={"d": "-"})
    mean = mean_weights(CATALOGUE, [layer, indicator])
    assert plan(CATALOGUE, mean).directions["d"] == -1


def test_a_share_too_small_for_two_decimals_is_not_lost():
    # 0.001 of 1.001 would be 0.002 of the usual sum 2.5.
    mean = mean_weights(CATALOGUE, [weigh(top=0.001, right=1.0)])
    assert mean.weights == {"layer:top": 0.01, "layer:right": 2.5}


def test_nobody_is_an_error_that_says_so():
    with pytest.raises(RecipeError, match="at least one"):
        mean_weights(CATALOGUE, [])
