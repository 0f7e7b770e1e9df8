"""What must be true of kept draws: they are the ones behind the bands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import flat, tables

from layers.certainty.draws import weightings
from layers.errors import RecipeError
from layers.recipe import Recipe
from layers.robust import robust_scores
from layers.score import rank, score


@given(tables(gaps=False), st.integers(0, 5), st.sampled_from([None, 0.4]))
def test_the_bands_can_be_worked_out_again_from_the_draws(values, seed, spread):
    scores = score(flat(values), Recipe())
    drawn = weightings(scores, draws=40, seed=seed, spread=spread)
    assert list(drawn.index) == list(range(1, 41))
    np.testing.assert_allclose(drawn.sum(axis=1), 1.0, rtol=1e-12)
    index = scores.layers[list(drawn)] @ drawn.T
    ranks = index.round(9).apply(rank)
    bands = robust_scores(scores, draws=40, seed=seed, spread=spread).bands
    assert list(bands["best"]) == list(ranks.min(axis=1))
    assert list(bands["worst"]) == list(ranks.max(axis=1))


def test_fewer_draws_are_the_beginning_of_more(toy):
    scores = score(toy, Recipe())
    few, many = (weightings(scores, draws=number) for number in (3, 1_000))
    np.testing.assert_array_equal(few, many.head(3))


def test_who_asks_for_nothing_gets_the_draws_of_the_usual_bands(toy):
    scores = score(toy, Recipe())
    drawn, bands = weightings(scores), robust_scores(scores)
    asked = weightings(scores, draws=bands.draws, seed=bands.seed, spread=bands.spread)
    pd.testing.assert_frame_equal(drawn, asked)
    assert (drawn.index.name, list(drawn)) == ("draw", ["land", "people"])


def test_the_draws_do_not_depend_on_the_mean_of_the_index(toy):
    drawn = [
        weightings(score(toy, Recipe.parse({"aggregate": {"method": mean}})), draws=5)
        for mean in ("arithmetic", "median")
    ]
    pd.testing.assert_frame_equal(*drawn)


@pytest.mark.parametrize(
    ("asked", "words"),
    [({"draws": 0}, "draws = 0"), ({"seed": -1}, "seed = -1"), ({"spread": 2.0}, "spread = 2.0")],
)
def test_settings_that_make_no_sense_are_refused(toy, asked, words):
    with pytest.raises(RecipeError, match=words):
        weightings(score(toy, Recipe()), **asked)
