"""Whoever sees the score sees that it contains a self-assessment."""

from __future__ import annotations

import pytest
from checks import BOTH

from layers import robust, score
from layers.paths import default_recipe
from layers.selfcheck.as_layer import LAYER, add_to
from views import live
from views.embed.matter import Matter, scope
from views.figures import figure
from views.i18n import words
from views.picture_words import note, view
from views.score_table import describe
from views.selfcheck.marks import mark_words, marked_names
from views.state import PageState
from views.tips import tips


@pytest.fixture
def scores(toy):
    extended = add_to(toy, [BOTH])
    return score(extended, default_recipe(extended))


def test_map_table_and_pictures_carry_the_mark(scores):
    told, bands = words("en"), robust(scores.dataset, scores.recipe, draws=20)
    state = PageState(recipe=scores.recipe, language="en")
    shown = figure(state, scores, bands, told)
    titles = [lines[0] for lines in tips("score", shown, scores, bands, told)]
    assert [one.endswith(" †") for one in titles] == [True, False, False, False]
    columns = describe(state, shown, scores, bands, told)["columns"]
    listed = next(one["values"] for one in columns if one["kind"] == "name")
    assert sum(one.endswith(" †") for one in listed) == 1
    said = mark_words(scores, told)
    assert said.startswith("† contains a self-assessment: ")
    assert said in note(view(state, scores, bands, told))
    assert said in scope(Matter(state, scores, bands, told))
    assert live.weights(state, scores) is None


def test_without_one_there_is_no_mark(toy, scores):
    plain = score(toy, default_recipe(toy))
    assert mark_words(plain, words("de")) == ""
    assert not marked_names(plain).str.contains("†").any()
    without = scores.recipe.model_copy(update={"weights": {f"layer:{LAYER}": 0.0}})
    assert mark_words(score(scores.dataset, without), words("de")) == ""
