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


@pytest.mark.parametrize(
    ("shares", "about"),
    [
        ({"sea": 1.0}, "sea"),
        ({"land": 1.5, "people": -0.5}, "negative"),
        ({"land": 0.5, "people": 0.2}, "add up"),
    ],
)
def test_shares_that_make_no_sense_are_refused(toy, scores, shares, about):
    with pytest.raises(RecipeError, match=about):
        with_shares(scores.recipe, toy.catalogue, pd.Series(shares))
