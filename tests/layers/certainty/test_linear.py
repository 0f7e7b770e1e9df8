"""What must be true of scores as linear terms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from layers import Recipe, RecipeError, score
from layers.certainty.linear import linear


def test_only_layers_with_weight_and_regions_with_score_take_part(toy):
    recipe = Recipe.parse({"weights": {"layer:people": 0.0, "layer:soil": 0.0}})
    form = linear(score(toy, recipe))
    assert form.layers == ("land",)
    # Only wells are left, and D4 has none.
    assert list(form.regions) == ["A1", "B2", "C3"]
    assert form.places(["C3", "A1"]) == [2, 0]


def test_another_kind_of_mean_is_refused(toy):
    scores = score(toy, Recipe())
    method = scores.recipe.aggregate.model_copy(update={"method": "median"})
    recipe = scores.recipe.model_copy(update={"aggregate": method})
    with pytest.raises(RecipeError, match="'median' of the index is no linear function"):
        linear(replace(scores, recipe=recipe))


def test_who_only_draws_weights_may_take_any_mean(toy):
    scores = score(toy, Recipe.parse({"aggregate": {"method": "median"}}))
    form = linear(scores, plain=True)
    assert form.problem.plain == scores.recipe.aggregate.at("", 0)
    with pytest.raises(RecipeError, match="no linear function"):
        linear(scores)


def test_a_region_without_score_is_named(toy):
    with pytest.raises(RecipeError, match="region 'Z9' has no rank"):
        linear(score(toy, Recipe())).places(["A1", "Z9"])
