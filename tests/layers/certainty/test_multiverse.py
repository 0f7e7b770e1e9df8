"""What must be true when all choices are made at once.

Toy ranks with equal weights: D4 1, C3 2, A1 3, B2 4. By `land` alone (87.5 for C3, 62.5 for B2 and
D4, 0 for A1): C3 1, B2 and D4 2, A1 4.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import Recipe, RecipeError, score
from layers.certainty.multiverse import NO_GEOMETRIC_ZSCORE, NotApplicable, multiverse, vary

WEIGHTS = {"equal": {}, "land": {"layer:people": 0.0}}


def test_two_presets_by_hand(toy):
    result = multiverse(toy, Recipe(), {"weights": WEIGHTS})
    assert result.settings["weights"].tolist() == ["equal", "land"]
    assert result.ranks[0].to_dict() == {"A1": 3, "B2": 4, "C3": 2, "D4": 1}
    assert result.ranks[1].to_dict() == {"A1": 4, "B2": 2, "C3": 1, "D4": 2}
    assert result.influence.loc["weights", "mean_change"] == (1 + 2 + 1 + 1) / 4
    assert result.influence.loc["weights", "largest_change"] == 2
    assert result.bands.loc["D4", ["rank", "best", "worst"]].tolist() == [1, 1, 2]
    assert result.bands.loc["D4", "top_quarter"] == 1 / 2


def test_the_choice_that_moves_most_comes_first(toy):
    choices = {"ties": ["min", "average"], "weights": WEIGHTS, "leave_out": ["", "indicator:songs"]}
    influence = multiverse(toy, Recipe(), choices).influence
    assert influence.index[0] == "weights"
    # Songs are not scored, so leaving them out changes nothing; 2 x 2 pairs differ in one choice.
    assert influence.loc["leave_out", ["mean_change", "pairs"]].tolist() == [0, 4]


def test_a_choice_of_one_value_moves_nothing_and_says_so(toy):
    choices = {"weights": WEIGHTS, "normalise.range": [[1.0, 100.0]]}
    row = multiverse(toy, Recipe(), choices).influence.loc["normalise.range"]
    assert row["pairs"] == 0
    assert np.isnan(row["mean_change"])


@given(
    st.sets(st.sampled_from(["minmax", "zscore", "rank", "percentile"]), min_size=1),
    st.sets(st.sampled_from(["+", "-", "0"]), min_size=1),
    st.sets(st.sampled_from(["", "layer:soil", "indicator:stones"]), min_size=1),
)
def test_every_variant_is_what_scoring_it_alone_gives(toy, methods, directions, left_out):
    choices = {
        "normalise.method": sorted(methods),
        "directions.wells": sorted(directions),
        "leave_out": sorted(left_out),
    }
    result = multiverse(toy, Recipe(), choices)
    assert len(result.settings) == len(methods) * len(directions) * len(left_out)
    for number, row in result.settings.iterrows():
        recipe = vary(Recipe(), {field: row[field] for field in choices})
        alone = score(toy, recipe).index.rank(ascending=False, method="min")
        np.testing.assert_array_equal(result.ranks[number], alone)
    bands = result.bands[["best", "rank_p05", "rank_median", "rank_p95", "worst"]].dropna()
    assert (bands.astype(float).diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


SENSELESS = {
    "normalise": {
        "minmax": {"method": "minmax", "range": [1.0, 100.0]},
        "zscore": {"method": "zscore"},
    },
    "aggregate.method": ["arithmetic", "geometric"],
}


def test_what_is_declared_not_applicable_is_listed_with_its_reason(toy):
    result = multiverse(toy, Recipe(), SENSELESS)
    assert result.settings["reason"].tolist() == ["", "", "", "needs_positive"]
    assert list(result.ranks.columns) == [0, 1, 2]


def test_a_failure_that_was_not_declared_is_an_error_that_names_the_variant(toy):
    with pytest.raises(RecipeError, match=r"normalise = zscore, aggregate.method = geom"):
        multiverse(toy, Recipe(), SENSELESS, not_applicable=())


def test_standardised_values_on_a_positive_range_have_a_geometric_mean(toy):
    base = Recipe.parse({"normalise": {"method": "zscore", "range": [1.0, 100.0]}})
    choices = {"aggregate.method": ["arithmetic", "geometric"]}
    assert multiverse(toy, base, choices).settings["reason"].tolist() == ["", ""]


def test_a_declaration_looks_at_the_whole_recipe_not_only_at_what_varies(toy):
    base = Recipe.parse({"normalise": {"method": "zscore"}})
    choices = {"aggregate.method": ["arithmetic", "geometric"]}
    assert multiverse(toy, base, choices).settings["reason"].tolist() == ["", "needs_positive"]


def test_a_region_without_score_in_a_variant_counts_where_it_is_ranked(toy):
    result = multiverse(toy, Recipe(), {"leave_out": ["", "layer:soil"]})
    # Without soil D4 has no value on land, half of the index.
    assert np.isnan(result.ranks.loc["D4", 1])
    assert result.bands.loc["D4", ["ranked", "top_quarter"]].tolist() == [1 / 2, 1]
    assert result.bands.loc["D4", "worst"] == 1


def test_leaving_out_wins_over_the_weights():
    recipe = vary(Recipe(), {"leave_out": "layer:land", "weights": {"layer:land": 2.0}})
    assert recipe.weights == {"layer:land": 0.0}


def test_a_table_and_one_of_its_keys_can_both_vary():
    changes = {"normalise.range": [1.0, 9.0], "normalise": {"method": "percentile"}}
    recipe = vary(Recipe(), changes)
    assert (recipe.normalise.method, recipe.normalise.range) == ("percentile", (1, 9))


def test_a_field_that_is_no_table_has_no_keys():
    with pytest.raises(RecipeError, match="is no table, so there is no 'year"):
        vary(Recipe(year=2020), {"year.month": 1})


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({}, "no choice given"),
        ({"weights": []}, "'weights' needs a list"),
        ({"ties": "min"}, "'ties' needs a list"),
        ({"ties": ["min", "min"]}, "lists a value twice"),
        ({"ties": ["max"]}, "'ties'"),
        ({"colour": ["red"]}, "unknown key 'colour'"),
        ({"year.month": [1]}, "'year'"),
        ({"leave_out": ["layer:moon"]}, "layer:moon"),
        ({"directions.moon": ["+"]}, "moon"),
        ({f"directions.a{i}": list("+-0") for i in range(9)}, "19,683 variants"),
    ],
)
def test_nonsense_is_an_error_of_one_line(toy, choices, words):
    with pytest.raises(RecipeError, match=words) as caught:
        multiverse(toy, Recipe(), choices)
    assert "\n" not in str(caught.value)


def test_nothing_left_to_run_is_an_error(toy):
    declared = (NO_GEOMETRIC_ZSCORE, NotApplicable({"ties": "min"}, "never"))
    with pytest.raises(RecipeError, match="no variant is left"):
        multiverse(toy, Recipe(), {"weights": WEIGHTS}, not_applicable=declared)
