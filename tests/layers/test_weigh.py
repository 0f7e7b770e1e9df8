from __future__ import annotations

import numpy as np
import pytest

from layers.errors import RecipeError
from layers.recipe import Recipe
from layers.weigh import plan


def shares(toy, **choices):
    return plan(toy.catalogue, Recipe(**choices)).shares()["share_of_index"]


def test_shares_by_hand(toy):
    share = shares(toy)
    assert share["layer:land"] == 1 / 2
    assert share["layer:soil"] == 1 / 2 * 3 / 4
    assert share["indicator:stones"] == 1 / 2 * 3 / 4 * 1 / 2
    assert share["indicator:wells"] == 1 / 2 * 1 / 4
    assert share["indicator:quarrels"] == 1 / 2


def test_beside_the_shares_stand_the_weights_that_they_come_from(toy):
    table = plan(toy.catalogue, Recipe(weights={"layer:land": 0.5})).shares()
    # soil has 3 and water 1 of the 4 below land, and land 0.5 of 1.5 at the top.
    assert table.loc["layer:soil"].to_dict() == {
        "weight": 3, "share_of_parent": 3 / 4, "share_of_index": 0.5 / 1.5 * 3 / 4,
    }  # fmt: skip


def test_the_largest_weight_of_a_layer_counts_as_1(toy):
    scheme = plan(toy.catalogue, Recipe(weights={"layer:soil": 0, "layer:water": 4e-300}))
    assert scheme.weights("land").tolist() == [0, 1]
    assert plan(toy.catalogue, Recipe()).weights("land").tolist() == [1, 1 / 3]


def test_shares_below_each_parent_add_up_to_one(toy):
    table = plan(toy.catalogue, Recipe(weights={"layer:land": 0.3, "layer:people": 7})).shares()
    assert np.isclose(table.loc[["layer:land", "layer:people"], "share_of_parent"].sum(), 1)
    indicators = table[table.index.str.startswith("indicator:")]
    assert np.isclose(indicators["share_of_index"].sum(), 1)


def test_what_is_shown_but_not_scored_has_no_share(toy):
    assert shares(toy)["indicator:songs"] == 0
    assert shares(toy, directions={"songs": "+"})["indicator:songs"] == 1 / 4


def test_a_layer_without_scored_indicators_loses_its_weight(toy):
    share = shares(toy, weights={"indicator:wells": 0})
    assert share["layer:water"] == 0
    assert share["layer:soil"] == 1 / 2


def test_directions_multiply_down_the_tree(toy):
    scheme = plan(toy.catalogue, Recipe(directions={"layer:land": "-", "layer:soil": "-"}))
    assert scheme.directions == {
        "fertility": 1, "stones": -1, "wells": -1, "quarrels": -1, "songs": 0,
    }  # fmt: skip


def test_a_layer_switched_off_takes_all_below_it_along(toy):
    scheme = plan(toy.catalogue, Recipe(directions={"layer:land": "0"}))
    assert scheme.scored() == {"quarrels"}


def test_scored_needs_weight_on_the_whole_way_down(toy):
    assert plan(toy.catalogue, Recipe()).scored() == {"fertility", "stones", "wells", "quarrels"}
    assert plan(toy.catalogue, Recipe(weights={"layer:land": 0})).scored() == {"quarrels"}


@pytest.mark.parametrize(
    "key", ["indicator:wells", "indicator:stones", "indicator:quarrels", "layer:soil", "layer:land"]
)
def test_a_plan_without_something_is_that_of_weight_0(toy, key):
    assert plan(toy.catalogue, Recipe()).without(key) == plan(
        toy.catalogue, Recipe(weights={key: 0})
    )


def test_a_plan_without_its_last_indicator_is_refused(toy):
    last = plan(toy.catalogue, Recipe(weights={"layer:land": 0}))
    with pytest.raises(RecipeError, match="all weights are zero"):
        last.without("indicator:quarrels")


def test_tiny_weights_keep_their_ratios(toy):
    share = shares(toy, weights={"layer:land": 5e-324, "layer:people": 5e-324})
    assert share["layer:land"] == share["layer:people"] == 1 / 2


@pytest.mark.parametrize(
    "choices",
    [
        {"weights": {"layer:land": 0, "layer:people": 0}},
        {"weights": {"layer:land": 0}, "directions": {"quarrels": "0"}},
    ],
)
def test_all_weights_zero_is_an_error(toy, choices):
    with pytest.raises(RecipeError, match="all weights are zero") as caught:
        plan(toy.catalogue, Recipe(**choices))
    assert caught.value.code == "no_weight"


def test_nothing_left_that_differs_is_another_error(toy):
    everything = frozenset(toy.catalogue.indicator_by_id)
    with pytest.raises(RecipeError, match="no indicator with a weight differs"):
        plan(toy.catalogue, Recipe(), left_out=everything)


def test_unknown_keys_are_named(toy):
    with pytest.raises(RecipeError, match=r"'layer:sea' in \[weights\]; allowed: layer:land"):
        plan(toy.catalogue, Recipe(weights={"layer:sea": 1}))
    with pytest.raises(RecipeError, match=r"'sea' in \[directions\]"):
        plan(toy.catalogue, Recipe(directions={"sea": "+"}))
