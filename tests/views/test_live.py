"""The browser must be told exactly what the server scores with, and nothing it cannot follow."""

from __future__ import annotations

import numpy as np
import pytest

from layers import Dataset, Recipe, score
from layers.robust import robust_scores
from views import live
from views.figures import figure
from views.i18n import words
from views.state import PageState

EQUAL = {"normalise": {"constant": "drop"}}


@pytest.fixture(scope="module")
def toy(request):
    return Dataset.open(request.config.rootpath / "tests" / "toy")


def told(toy, recipe=None, **state):
    page = PageState(recipe=Recipe.parse(recipe or EQUAL), **state)
    scores = score(toy, page.recipe)
    bands = robust_scores(scores, draws=64)
    shown = figure(page, scores, bands, words("de"))
    codes = shown.codes(scores.reason != "outside")
    model = live.model(page, shown, scores, bands, codes=codes, words=words("de"))
    return model, scores, bands


def numbers(address, kind):
    return np.frombuffer(live.table(address.rpartition("/")[2]), dtype=kind)


def test_values_and_coverage_of_the_layers_arrive_whole(toy):
    model, scores, _ = told(toy)
    values, coverage = numbers(model["address"], "<f8").reshape(2, 2, 4)
    np.testing.assert_array_equal(values.T, scores.layers[["land", "people"]])
    np.testing.assert_array_equal(coverage.T, scores.coverage[["land", "people"]])
    assert model["layers"] == ["land", "people"]


def test_the_spread_of_ranks_counts_the_draws(toy):
    model, _scores, bands = told(toy)
    table = numbers(model["spread"], "<u2").reshape(4, 4)
    assert (table[:, -1] == bands.draws).all()
    best = bands.bands["best"].astype(int)
    for row, place in zip(table, best, strict=True):
        assert row[place - 1] > 0
        assert place == 1 or row[place - 2] == 0


def test_a_layer_without_scored_indicators_is_told_apart(toy):
    model, _, _ = told(toy, EQUAL | {"weights": {"indicator:quarrels": 0}})
    assert model["scored"] == [True, False]


@pytest.mark.parametrize("show", ["width", "top_quarter", "layer:land", "indicator:wells"])
def test_what_does_not_follow_from_the_weights_alone_is_left_to_the_server(toy, show):
    assert told(toy, show=show)[0] is None


def test_weightings_around_the_chosen_ones_have_no_spread_that_lasts(toy):
    page = PageState(recipe=Recipe.parse(EQUAL))
    scores = score(toy, page.recipe)
    bands = robust_scores(scores, draws=64, spread=0.5)
    shown = figure(page, scores, bands, words("de"))
    model = live.model(page, shown, scores, bands, codes=shown.codes(scores.reason == ""),
                       words=words("de"))  # fmt: skip
    assert model["spread"] is None


def test_an_unknown_table_is_none():
    assert live.table("forgotten") is None
