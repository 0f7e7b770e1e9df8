"""Counting one layer double must be the same as saying so in the recipe."""

from __future__ import annotations

import pytest

from layers import Recipe, RecipeError, score
from layers.certainty.emphasis import emphasised


def test_doubling_is_a_run_with_twice_the_weight(toy):
    scores = score(toy, Recipe(weights={"layer:land": 3.0}))
    table = emphasised(scores)
    assert list(table) == ["layer:land", "layer:people"]
    doubled = score(toy, Recipe(weights={"layer:land": 6.0})).ranks
    assert table["layer:land"].tolist() == doubled.tolist()


def test_unless_asked_for_a_layer_counts_double(toy):
    """C3 overtakes D4 from a share of 2/3 for `land` on, so at 3 times 0.8 but not at twice."""
    scores = score(toy, Recipe(weights={"layer:land": 0.8}))
    assert emphasised(scores).loc[["D4", "C3"], "layer:land"].tolist() == [1, 2]
    assert emphasised(scores, 3.0).loc[["D4", "C3"], "layer:land"].tolist() == [2, 1]


def test_a_region_without_a_rank_has_none_here_either(toy):
    # Only wells are left, and D4 has none.
    table = emphasised(score(toy, Recipe(weights={"layer:people": 0.0, "layer:soil": 0.0})))
    assert table["layer:land"].drop("D4").to_dict() == {"A1": 3, "B2": 1, "C3": 2}
    assert table["layer:land"].isna()["D4"]


def test_a_factor_of_one_changes_nothing(toy):
    scores = score(toy, Recipe())
    table = emphasised(scores, 1.0)
    assert (scores.ranks.astype(float) == table.T).all(axis=None)


def test_a_layer_without_weight_stays_out(toy):
    assert list(emphasised(score(toy, Recipe(weights={"layer:land": 0.0})))) == ["layer:people"]


@pytest.mark.parametrize("factor", [0.0, -1.0, float("inf"), float("nan")])
def test_other_factors_are_refused(toy, factor):
    with pytest.raises(RecipeError, match="above 0"):
        emphasised(score(toy, Recipe()), factor)
