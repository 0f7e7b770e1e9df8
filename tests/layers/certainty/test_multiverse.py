"""What must be true when all choices are made at once.

Toy ranks with equal weights: D4 1, C3 2, A1 3, B2 4. By `land` alone (87.5 for C3, 62.5 for B2 and
D4, 0 for A1): C3 1, B2 and D4 2, A1 4.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from strategies import flat

from layers import Recipe, RecipeError, score
from layers.certainty.multiverse import NO_GEOMETRIC_ZSCORE, NotApplicable, multiverse, vary

WEIGHTS = {"equal": {}, "land": {"layer:people": 0.0}}
NAN = np.nan


def test_two_presets_by_hand(toy):
    result = multiverse(toy, Recipe(), {"weights": WEIGHTS})
    assert result.settings["weights"].tolist() == ["equal", "land"]
    assert result.settings.index.name == result.ranks.columns.name == "variant"
    assert result.ranks[0].to_dict() == {"A1": 3, "B2": 4, "C3": 2, "D4": 1}
    assert result.ranks[1].to_dict() == {"A1": 4, "B2": 2, "C3": 1, "D4": 2}
    assert result.influence.loc["weights", "mean_change"] == (1 + 2 + 1 + 1) / 4
    assert result.influence.loc["weights", "largest_change"] == 2
    assert result.bands.loc["D4", ["rank", "best", "worst"]].tolist() == [1, 1, 2]
    assert result.bands.loc["D4", "top_quarter"] == 1 / 2


def test_bands_and_influence_of_three_variants_by_hand():
    # Ranks by both columns 4, 1, 2, 3, none, none; by a alone 1 to 5, none; by b alone 4, 1, 3, 2,
    # none, none. The best quarter of four is one place, that of five is two.
    values = {"a": [100, 75, 50, 25, 0, NAN], "b": [0, 100, 60, 80, NAN, NAN]}
    table = pd.DataFrame(values, index=[f"R{i}" for i in range(6)], dtype=float)
    weights = {"both": {}, "a": {"layer:layer_b": 0.0}, "b": {"layer:layer_a": 0.0}}
    result = multiverse(flat(table), Recipe(), {"weights": weights})
    expected = {
        "rank": [4, 1, 2, 3, None, None],
        "best": [1, 1, 2, 2, 5, None],
        "rank_p05": [1, 1, 2, 2, 5, None],
        "rank_median": [4, 1, 3, 3, 5, None],
        "rank_p95": [4, 2, 3, 4, 5, None],
        "worst": [4, 2, 3, 4, 5, None],
    }
    whole = pd.DataFrame(expected, index=table.index.rename("region"), dtype="Int64")
    shares = {"top_quarter": [1 / 3, 1, 0, 0, 0, NAN], "ranked": [1, 1, 1, 1, 1 / 3, 0]}
    assert_frame_equal(result.bands, whole.assign(**shares))
    # Both and a: 3, 1, 1, 1; both and b: 0, 0, 1, 1; a and b: 3, 1, 0, 2.
    changes = {"mean_change": [14 / 12], "largest_change": [3.0], "pairs": [3]}
    assert_frame_equal(result.influence, pd.DataFrame(changes, index=["weights"]))


def test_what_several_variants_notice_is_said_once(toy):
    table = pd.DataFrame({"a": [0.0, 1, 3], "b": [7.0, 7, 7]}, index=list("XYZ"))
    base = Recipe.parse({"normalise": {"constant": "drop"}})
    result = multiverse(flat(table), base, {"normalise.method": ["minmax", "zscore"]})
    assert [(notice.code, notice.about) for notice in result.warnings] == [("constant", "b")]


def test_progress_counts_the_variants_that_are_done_or_not_applicable(toy):
    steps = []
    multiverse(toy, Recipe(), SENSELESS, progress=lambda *step: steps.append(step))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_choice_that_moves_most_comes_first(toy):
    still = {"ties": ["min", "average"], "leave_out": ["", "indicator:songs"]}
    choices = still | {"directions.wells": ["+", "0"], "weights": WEIGHTS}
    influence = multiverse(toy, Recipe(), choices).influence
    # What moves no rank stays in the order in which it was named.
    assert influence.index.tolist() == ["weights", "directions.wells", "ties", "leave_out"]
    # Songs are not scored, so leaving them out changes nothing; 8 pairs differ in one choice.
    assert influence.loc["leave_out", ["mean_change", "pairs"]].tolist() == [0, 8]


def test_a_choice_of_one_value_moves_nothing_and_says_so(toy):
    choices = {"weights": WEIGHTS, "normalise.range": [[1.0, 100.0]]}
    row = multiverse(toy, Recipe(), choices).influence.loc["normalise.range"]
    assert row["pairs"] == 0
    assert row[["mean_change", "largest_change"]].isna().all()


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
    choices = SENSELESS | {"leave_out": [""]}
    named = r"\(normalise = zscore, aggregate.method = geometric, leave_out = nothing\): "
    with pytest.raises(RecipeError, match=named) as caught:
        multiverse(toy, Recipe(), choices, not_applicable=())
    assert caught.value.code == "needs_positive"


def test_standardised_values_on_a_positive_range_have_a_geometric_mean(toy):
    base = Recipe.parse({"normalise": {"method": "zscore", "range": [1.0, 100.0]}})
    choices = {"aggregate.method": ["arithmetic", "geometric"]}
    assert multiverse(toy, base, choices).settings["reason"].tolist() == ["", ""]


def test_a_declaration_looks_at_the_whole_recipe_not_only_at_what_varies(toy):
    base = Recipe.parse({"normalise": {"method": "zscore"}})
    choices = {"aggregate.method": ["arithmetic", "geometric"]}
    assert multiverse(toy, base, choices).settings["reason"].tolist() == ["", "needs_positive"]


@pytest.mark.parametrize(
    "when",
    [
        {"weights": {"layer:people": 0.0}},
        {"weights.layer:people": 0.0},
        {"weights.layer:people": 0.0, "normalise.range": [0.0, 100.0]},
    ],
)
def test_a_declaration_is_written_as_in_a_recipe_file(toy, when):
    base = Recipe.parse({"normalise": {"range": [0, 100]}})
    declared = (NotApplicable({"year.month": 1}, "never"), NotApplicable(when, "one_sided"))
    result = multiverse(toy, base, {"weights": WEIGHTS}, not_applicable=declared)
    assert result.settings["reason"].tolist() == ["", "one_sided"]


def test_a_region_without_score_in_a_variant_counts_where_it_is_ranked(toy):
    result = multiverse(toy, Recipe(), {"leave_out": ["", "layer:soil"]})
    # Without soil D4 has no value on land, half of the index.
    assert np.isnan(result.ranks.loc["D4", 1])
    assert result.bands.loc["D4", ["ranked", "top_quarter"]].tolist() == [1 / 2, 1]
    assert result.bands.loc["D4", "worst"] == 1


def test_leaving_out_wins_over_the_weights():
    table = {"layer:land": 2.0, "layer:people": 3.0}
    recipe = vary(Recipe(), {"leave_out": "layer:land", "weights": table})
    assert recipe.weights == {"layer:land": 0.0, "layer:people": 3.0}
    assert vary(recipe, {"leave_out": "layer:land", "weights.layer:land": 2.0}) == recipe


def test_what_else_varies_is_changed_beside_what_is_left_out():
    recipe = vary(Recipe(), {"leave_out": "layer:land", "normalise.method": "rank", "year": 2020})
    assert recipe == Recipe.parse(
        {"weights": {"layer:land": 0.0}, "normalise": {"method": "rank"}, "year": 2020}
    )


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
        ({"weights": ["equal"], "leave_out": ["layer:land"]}, "'weights' is no table"),
        ({f"directions.a{i}": list("+-0") for i in range(9)}, "19,683 variants"),
        ({f"directions.a{i}": list("+-0") for i in range(9)}, r"\(directions.a0: 3, directions.a1"),
    ],
)
def test_nonsense_is_an_error_of_one_line(toy, choices, words):
    with pytest.raises(RecipeError, match=words) as caught:
        multiverse(toy, Recipe(), choices)
    assert "\n" not in str(caught.value)


def test_as_many_variants_as_are_allowed_are_run(toy, monkeypatch):
    monkeypatch.setattr("layers.certainty.multiverse._MOST_VARIANTS", 2)
    assert len(multiverse(toy, Recipe(), {"weights": WEIGHTS}).settings) == 2
    with pytest.raises(RecipeError, match=r"3 variants \(ties: 3\).* at most 2 variants"):
        multiverse(toy, Recipe(), {"ties": ["min", "average", "max"]})


def test_nothing_left_to_run_is_an_error(toy):
    declared = (NO_GEOMETRIC_ZSCORE, NotApplicable({"ties": "min"}, "never"))
    with pytest.raises(RecipeError, match="no variant is left"):
        multiverse(toy, Recipe(), {"weights": WEIGHTS}, not_applicable=declared)
