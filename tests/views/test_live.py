"""The browser must be told exactly what the server scores with, and nothing it cannot follow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import strategies as make

from layers import Dataset, Recipe, score
from layers.robust import random_numbers, robust_scores
from views import live
from views.figures import figure
from views.i18n import words
from views.state import PageState

EQUAL = {"normalise": {"constant": "drop"}}


@pytest.fixture(scope="module")
def toy(request):
    return Dataset.open(request.config.rootpath / "tests" / "toy")


def told(toy, recipe=None, spread=None, **state):
    page = PageState(recipe=Recipe.parse(recipe or EQUAL), **state)
    scores = score(toy, page.recipe)
    bands = robust_scores(scores, draws=64, spread=spread)
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
    assert told(toy, spread=0.5)[0]["spread"] is None


@pytest.mark.parametrize("spread", [None, 0.25])
def test_the_browser_can_draw_the_weightings_behind_the_bands(toy, spread):
    model, _, bands = told(toy, spread=spread)
    stream = model["stream"]
    assert (stream["draws"], stream["spread"]) == (bands.draws, spread)
    drawn = numbers(stream["address"], "<f8").reshape(stream["chunk"], len(model["layers"]))
    np.testing.assert_array_equal(
        drawn, random_numbers(bands.seed, 0, 2, around=spread is not None)
    )


def test_a_layer_that_is_silent_for_now_has_random_numbers_for_when_it_speaks(toy):
    silent = told(toy, EQUAL | {"weights": {"layer:people": 0}})[0]
    assert silent["stream"] == told(toy)[0]["stream"]


def test_doubt_is_worked_out_only_if_it_is_shown(toy):
    assert told(toy)[0]["doubt"]
    assert not told(toy, doubt=False)[0]["doubt"]


def test_an_area_without_any_indicator_has_no_weight_to_move():
    """So that the shares in the browser are those of the areas that have data."""
    values = pd.DataFrame({"a": [1.0, 2.0, 4.0]}, index=["A", "B", "C"])
    dataset = make.dataset([make.layer("full", make.indicator("a")), make.layer("empty")], values)
    model, scores, _ = told(dataset)
    assert model["layers"] == ["full", "empty"]
    assert model["scored"] == [True, False]
    assert model["stream"]["address"] == told(make.flat(values))[0]["stream"]["address"]
    assert (scores.coverage["empty"] == 0).all()


def test_an_unknown_table_is_none():
    assert live.table("forgotten") is None
