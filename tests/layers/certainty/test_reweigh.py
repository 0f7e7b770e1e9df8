"""A link to weights that an analysis found must open exactly these weights."""

from __future__ import annotations

import pandas as pd
import pytest

from layers import Recipe, RecipeError, score
from layers.certainty.flip import flip
from layers.certainty.reweigh import with_shares
from layers.query import from_query, to_query


@pytest.fixture(scope="module")
def scores(toy):
    return score(toy, Recipe())


def test_the_shares_are_those_asked_for(toy, scores):
    shares = pd.Series({"land": 0.7, "people": 0.3})
    found = score(toy, with_shares(scores.recipe, toy.catalogue, shares)).plan.shares()
    assert found.loc["layer:land", "share_of_index"] == pytest.approx(0.7)
    assert found.loc["layer:people", "share_of_index"] == pytest.approx(0.3)


def test_what_keeps_its_share_keeps_its_weight(toy):
    recipe = Recipe.parse({"weights": {"layer:land": 3.0, "layer:people": 1.0}})
    kept = with_shares(recipe, toy.catalogue, pd.Series({"land": 0.75, "people": 0.25}))
    assert kept == recipe


def test_the_turned_order_survives_the_link(toy, scores):
    answer = flip(scores, "D4", "C3")
    recipe = with_shares(scores.recipe, toy.catalogue, answer.weights)
    turned = score(toy, from_query(to_query(recipe), columns=toy.regions))
    assert turned.index["C3"] > turned.index["D4"]


def test_a_layer_may_lose_all_of_its_weight(toy):
    recipe = with_shares(Recipe(), toy.catalogue, pd.Series({"land": 1.0, "people": 0.0}))
    assert recipe.weights == {"layer:land": 2.0, "layer:people": 0.0}


def test_shares_add_up_to_1_but_for_rounding(toy):
    rounded = pd.Series({"land": 0.7, "people": 0.3 + 9e-7})
    weights = with_shares(Recipe(), toy.catalogue, rounded).weights
    assert weights == {"layer:land": 1.4, "layer:people": 0.6000018}
    with pytest.raises(RecipeError, match="add up"):
        with_shares(Recipe(), toy.catalogue, rounded + 1e-6)


@pytest.mark.parametrize(
    ("shares", "about"),
    [
        ({"sea": 1.0}, "unknown layer 'sea'; allowed: land, soil, water, people"),
        ({"land": 1.5, "people": -0.5}, "negative"),
        ({"land": 0.5, "people": 0.2}, "add up"),
        ({"land": 0.51239, "people": 0.2}, "{'land': 0.512, 'people': 0.2} must not be"),
    ],
)
def test_shares_that_make_no_sense_are_refused(toy, scores, shares, about):
    with pytest.raises(RecipeError, match=about):
        with_shares(scores.recipe, toy.catalogue, pd.Series(shares))
