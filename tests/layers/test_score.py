"""Shapes of input: three levels of layers, gaps, ties, a region missing, one and two regions.

The toy dataset, normalised by hand to 0-100 with directions turned (wells: 2021):

======  =========  ======  =====  ========
region  fertility  stones  wells  quarrels
======  =========  ======  =====  ========
A1              0       0      0       100
B2             50      50    100         0
C3            100     100     50        50
D4            100      25      -       100
======  =========  ======  =====  ========
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal, assert_series_equal
from strategies import coverages, dataset, flat, indicator, layer, means, methods, nested, tables

from layers.errors import RecipeError
from layers.methods.frozen import from_dict, to_dict
from layers.recipe import Aggregate, Normalise, Recipe
from layers.score import rank, reweighed, score
from layers.weigh import plan

POSITIVE = {"method": "minmax", "range": (1, 100)}


def tree(values, recipe):
    return score(nested(values), recipe)


recipes = st.builds(
    Recipe,
    normalise=methods.map(lambda one: one.model_copy(update={"constant": "drop"})),
    aggregate=st.builds(Aggregate, method=means, min_coverage=coverages),
    weights=st.fixed_dictionaries({"layer:left": st.sampled_from([0, 0.5, 3]),
                                   "indicator:b": st.sampled_from([0, 1, 7])}),
    directions=st.dictionaries(st.sampled_from(["a", "d", "layer:left"]), st.sampled_from("+-")),
)  # fmt: skip


# --- By hand


def test_every_stage_of_the_toy_dataset(toy):
    result = score(toy, Recipe())
    assert result.normalised["stones"].to_list() == [0, 50, 100, 25]
    assert result.layers["soil"].to_list() == [0, 50, 100, (100 + 25) / 2]
    land = [0, (3 * 50 + 1 * 100) / 4, (3 * 100 + 1 * 50) / 4, (100 + 25) / 2]
    assert result.layers["land"].to_list() == land
    assert result.layers["people"].to_list() == [100, 0, 50, 100]
    assert result.index.to_list() == [
        (a + b) / 2 for a, b in zip(land, [100, 0, 50, 100], strict=True)
    ]
    assert result.ranks.to_list() == [3, 4, 2, 1]
    assert result.coverage.loc["D4"].to_dict() == {
        "land": 3 / 4, "soil": 1, "water": 0, "people": 1, "index": (3 / 4 + 1) / 2,
    }  # fmt: skip
    assert result.normalised["songs"].isna().all()


def test_contributions_of_the_toy_dataset(toy):
    result = score(toy, Recipe())
    assert_allclose(result.contributions.loc["C3", ["fertility", "stones", "wells", "quarrels"]],
                    [100 * 3 / 16, 100 * 3 / 16, 50 * 1 / 8, 50 / 2])  # fmt: skip
    assert_allclose(result.layer_contributions.loc["C3"], [87.5 / 2, 50 / 2])
    # Without wells the soil stands for the whole land.
    assert_allclose(result.contributions.loc["D4", ["fertility", "stones"]], [100 / 4, 25 / 4])


def test_the_geometric_mean_of_the_toy_dataset(toy):
    recipe = Recipe(normalise={"range": (1, 101)}, aggregate={"method": "geometric"})
    land = (101**0.5 * 101**0.5) ** (3 / 4) * 51 ** (1 / 4)
    assert_allclose(score(toy, recipe).index["C3"], (land * 51) ** 0.5)


def test_too_little_coverage_is_missing_not_guessed(toy):
    result = score(toy, Recipe(aggregate={"min_coverage": 0.8}))
    assert np.isnan(result.layers.loc["D4", "land"])
    assert result.coverage.loc["D4", "index"] == 1 / 2
    assert result.reason.to_dict() == {"A1": "", "B2": "", "C3": "", "D4": "coverage"}
    assert result.ranks.to_list()[:3] == [2, 3, 1]
    assert result.ranks.isna().to_list() == [False, False, False, True]
    assert result.contributions.loc["D4"].isna().all()


def test_a_region_that_was_screened_out_says_so(toy):
    """D4 has two of its three scored values."""
    result = score(toy, Recipe(screen={"minimum": 0.9}))
    assert result.reason.to_dict() == {"A1": "", "B2": "", "C3": "", "D4": "screened"}
    assert result.reason.name == "reason"


def test_warnings_say_what_is_meant_in_words_that_translators_know(toy):
    same = toy.values.assign(value=toy.values["value"].where(toy.values["indicator"] != "wells", 7))
    recipe = Recipe(dataset="toy@0", normalise={"constant": "drop"})
    told = {one.code: one for one in score(replace(toy, values=same), recipe).warnings}
    assert told["other_version"].about == "toy@0"
    assert told["constant"].about == "wells"
    assert told["constant"].message == (
        "Indicator 'wells' is left out: it has the same value in all regions compared."
    )


def test_every_stage_is_read_by_region(toy):
    result = score(toy, Recipe())
    for stage in (result.raw, result.imputed, result.treated, result.normalised, result.layers):
        assert list(stage.index) == ["A1", "B2", "C3", "D4"]


def test_without_any_score_a_warning_says_why(toy):
    """The layer `people` has half of the weight, and no value."""
    empty = replace(toy, values=toy.values[toy.values["indicator"] != "quarrels"])
    result = score(empty, Recipe())
    assert result.index.isna().all()
    assert (result.reason == "coverage").all()
    assert [(one.code, "0.66" in one.message) for one in result.warnings] == [("no_score", True)]
    own = Recipe.parse({"aggregate": {"levels": {"index": {"min_coverage": 0.9}}}})
    (warning,) = score(empty, own).warnings
    assert "less than 0.9 of the weight" in warning.message


def test_coverage_exactly_at_the_limit_is_enough():
    values = pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, 2, 3], "c": [1, 2, np.nan]})
    made = dataset([layer("one", *map(indicator, "abc"))], values.set_axis(list("XYZ")))
    assert score(made, Recipe(aggregate={"min_coverage": 2 / 3})).index.notna().all()


def test_reference_all_scores_everybody_and_marks_the_selection(toy):
    result = score(toy, Recipe(filter={"coast": ["yes"]}))
    assert_series_equal(result.index, score(toy, Recipe()).index)
    assert result.selected.to_list() == [True, False, True, False]
    assert (result.reason == "").all()


def test_reference_filtered_knows_only_the_selection(toy):
    result = score(toy, Recipe(filter={"size": {"min": 20}}, reference={"set": "filtered"}))
    assert result.normalised["quarrels"].to_list()[1:] == [0, 50, 100]
    assert_allclose(result.normalised["stones"].iloc[1:], [100 / 3, 100, 0])
    assert result.reason.to_list() == ["outside", "", "", ""]
    assert np.isnan(result.index["A1"])
    assert_allclose(
        result.index["B2":],
        [((3 * (0 + 100 / 3) / 2 + 100) / 4 + 0) / 2, ((3 * 100 + 0) / 4 + 50) / 2, (50 + 100) / 2],
    )
    assert result.ranks["B2":].to_list() == [3, 2, 1]


@pytest.mark.parametrize("coverage", [0, 0.7, 1])
@pytest.mark.parametrize(
    "key", ["layer:people", "layer:water", "layer:soil", "indicator:stones", "indicator:quarrels"]
)
def test_other_weights_give_the_score_of_a_whole_run(toy, key, coverage):
    before = score(toy, Recipe(aggregate={"min_coverage": coverage}))
    for weight in (0, 5):
        other = Recipe(aggregate={"min_coverage": coverage}, weights={key: weight})
        whole = score(toy, other).index
        assert_series_equal(reweighed(before, other), whole, check_exact=True)


@pytest.mark.parametrize(
    "stage",
    [{"screen": {"minimum": 0.9}}, {"impute": {"method": "median"}},
     {"treat": {"method": "shifted_log", "always": True}}],
)  # fmt: skip
def test_what_gets_a_weight_is_screened_imputed_and_treated_then(toy, stage):
    """D4 has no wells, which had no weight before; A1 has none of them, B2 has most."""
    before = score(toy, Recipe(weights={"indicator:wells": 0}, **stage))
    other = Recipe(**stage)
    assert_series_equal(reweighed(before, other), score(toy, other).index, check_exact=True)


@pytest.mark.parametrize("stage", [{}, {"impute": {"method": "median"}}])
def test_other_weights_are_measured_with_the_same_yardsticks(toy, stage):
    values = toy.values.copy()
    values.loc[values["indicator"] == "stones", "value"] += 10
    later, kept = replace(toy, values=values), score(toy, Recipe()).yardsticks
    other = Recipe(weights={"layer:soil": 5}, **stage)
    whole = score(later, other, yardsticks=kept).index
    changed = reweighed(score(later, Recipe(**stage), yardsticks=kept), other)
    assert_series_equal(changed, whole, check_exact=True)


def test_other_weights_leave_out_what_could_not_be_scored_before(toy):
    same = toy.values.assign(value=toy.values["value"].where(toy.values["indicator"] != "wells", 7))
    alike = replace(toy, values=same)
    before = score(alike, Recipe(dataset="toy@0", normalise={"constant": "drop"}))
    for weights in ({"indicator:stones": 3}, {"indicator:wells": 0}):
        other = Recipe(
            normalise={"constant": "drop"}, weights=weights, aggregate={"min_coverage": 1}
        )
        strict = score(alike, other).index
        assert_series_equal(reweighed(before, other), strict, check_exact=True)


def test_a_plan_that_is_known_is_taken_as_it_is(toy):
    scheme = plan(toy.catalogue, Recipe(), left_out=frozenset({"stones"}))
    without = score(toy, Recipe(weights={"indicator:stones": 0})).index
    assert_series_equal(reweighed(score(toy, Recipe()), Recipe(), scheme=scheme), without)


def test_a_layer_changes_when_all_layers_below_it_do(toy):
    other = Recipe(weights={"indicator:stones": 5, "indicator:wells": 2})
    assert_series_equal(reweighed(score(toy, Recipe()), other), score(toy, other).index)


def test_the_raw_stage_keeps_values_years_and_flags(toy):
    result = score(toy, Recipe(year=2020, weights={"layer:people": 0}))
    assert result.years["wells"] == 2019
    assert result.raw.loc["A1", "wells"] == 7
    assert result.flags.loc["D4", "fertility"] == "calculated"


def test_ties_share_the_best_place_or_their_mean():
    index = pd.Series([5.0, 7, 5, np.nan, 1])
    assert rank(index).to_list()[:3] == [2, 1, 2]
    assert rank(index).dtype == "Int64"
    assert rank(index)[4] == 4
    assert rank(index, "average").to_list()[:3] == [2.5, 1, 2.5]
    assert rank(index, "average").dtype == "Float64"
    assert rank(index).isna().to_list() == [False, False, False, True, False]


def test_ties_are_ranked_as_the_recipe_says():
    level = flat(pd.DataFrame({"a": [1.0, 5, 5, 0]}, index=list("WXYZ")))
    assert score(level, Recipe()).ranks.to_list() == [3, 1, 1, 4]
    assert score(level, Recipe(ties="average")).ranks.to_list() == [3, 1.5, 1.5, 4]


def test_another_version_of_the_dataset_is_a_warning(toy):
    assert score(toy, Recipe(dataset="toy@1")).warnings == ()
    (warning,) = score(toy, Recipe(dataset="toy@0")).warnings
    assert warning.code == "other_version"
    assert "toy@0" in warning.message
    assert "toy@1" in warning.message


# --- Bad input


def constant():
    return flat(pd.DataFrame({"a": [1.0, 2, 3], "b": [5.0, 5, 5]}, index=list("XYZ")))


def test_a_constant_indicator_is_an_error_that_names_it():
    with pytest.raises(RecipeError, match="indicator 'b' has the same value") as caught:
        score(constant(), Recipe())
    assert caught.value.code == "constant"


def test_a_constant_indicator_can_be_left_out_with_a_warning():
    result = score(constant(), Recipe(normalise={"constant": "drop"}))
    assert result.index.to_list() == [0, 50, 100]
    assert [(one.code, one.about) for one in result.warnings] == [("constant", "b")]


@pytest.mark.parametrize(
    "choice",
    [{"weights": {"layer:layer_b": 0}}, {"weights": {"indicator:b": 0}},
     {"directions": {"layer:layer_b": "0"}}, {"directions": {"b": "0"}}],
)  # fmt: skip
def test_a_constant_indicator_that_does_not_count_disturbs_nobody(choice):
    assert score(constant(), Recipe(**choice)).warnings == ()


def test_one_region_cannot_be_compared():
    one = flat(pd.DataFrame({"a": [1.0]}, index=["X"]))
    with pytest.raises(RecipeError, match=r"has the same value in all regions .*\(1\)"):
        score(one, Recipe())
    with pytest.raises(RecipeError, match="no indicator with a weight differs"):
        score(one, Recipe(normalise={"constant": "drop"}))


@pytest.mark.parametrize(
    ("method", "expected"),
    [("minmax", [0, 100]), ("percentile", [0, 100]), ("rank", [1, 2]),
     ("zscore", [-(0.5**0.5), 0.5**0.5])],
)  # fmt: skip
def test_two_regions_are_enough(method, expected):
    two = flat(pd.DataFrame({"a": [1.0, 9.0]}, index=["X", "Y"]))
    assert_allclose(score(two, Recipe(normalise={"method": method})).index, expected)


@pytest.mark.parametrize("choice", [{"method": "zscore"}, {"range": (0, 100)}, {"range": (-1, 1)}])
def test_a_geometric_mean_over_values_not_above_zero_is_an_error(toy, choice):
    with pytest.raises(RecipeError, match="range that starts at 1"):
        score(toy, Recipe(normalise=choice, aggregate={"method": "geometric"}))


def test_a_year_before_all_values_is_an_error(toy):
    with pytest.raises(RecipeError, match=r"has any value \(year = 1950") as caught:
        score(toy, Recipe(year=1950))
    assert caught.value.code == "no_value"


def test_values_of_what_does_not_count_are_no_values():
    made = flat(pd.DataFrame({"a": [1.0, 2, 3], "b": [np.nan] * 3}, index=list("XYZ")))
    with pytest.raises(RecipeError, match="no indicator with a weight has any value"):
        score(made, Recipe(weights={"indicator:a": 0}))


def test_a_filter_that_leaves_no_region_is_an_error(toy):
    with pytest.raises(RecipeError, match=r"no region meets \[filter\]"):
        score(toy, Recipe(filter={"size": {"min": 41}}))


# --- What must always hold


@given(tables(), recipes)
def test_scores_and_layers_stay_in_the_range_of_the_normalised_values(values, recipe):
    result = tree(values, recipe)
    high = len(values) if recipe.normalise.method == "rank" else 100
    for stage in (result.index, *(result.layers[key] for key in result.layers)):
        assert stage.dropna().between(1 - 1e-9, high + 1e-9).all()
    assert ((result.coverage >= 0) & (result.coverage <= 1)).all(axis=None)


@given(tables(), recipes)
def test_contributions_add_up_to_the_score(values, recipe):
    result = tree(values, recipe)
    there = result.index.notna()
    for parts in (result.contributions, result.layer_contributions):
        assert_allclose(parts[there].sum(axis=1), result.index[there], rtol=1e-9)
        assert parts[~there].isna().all(axis=None)


@given(tables(), recipes, st.randoms())
def test_row_order_changes_no_bit(values, recipe, chance):
    order = list(values.index)
    chance.shuffle(order)
    one, other = tree(values, recipe), tree(values.loc[order], recipe)
    assert_series_equal(other.index.loc[values.index], one.index, check_exact=True)
    assert_frame_equal(other.contributions.loc[values.index], one.contributions, check_exact=True)


@given(tables(), recipes, st.sampled_from(list("abcd")), st.data())
def test_more_of_a_good_thing_never_lowers_a_score(values, recipe, key, data):
    """Inside the spread of the others, so that the scale stays what it is."""
    recipe = recipe.model_copy(update={"directions": {"b": "+"}})
    column = values[key].dropna()
    region = data.draw(st.sampled_from(list(column.index)))
    rest = column.drop(region)
    assume(rest.min() <= column[region] < rest.max() and rest.min() < rest.max())
    better = values.copy()
    better.loc[region, key] = data.draw(st.floats(column[region], rest.max()))
    before, after = tree(values, recipe).index[region], tree(better, recipe).index[region]
    assert np.isnan(before) or after >= before - 1e-9


@given(tables(), recipes, st.sampled_from([0.25, 2, 1024]), st.integers(-500, 500))
def test_units_do_not_matter_under_minmax(values, recipe, factor, shift):
    recipe = recipe.model_copy(update={"normalise": Normalise(range=(1, 100), constant="drop")})
    changed = values.assign(a=values["a"] * factor + shift)
    assert_allclose(tree(changed, recipe).index, tree(values, recipe).index, rtol=1e-9)


@given(tables(), recipes, st.sampled_from([0.001, 3, 1e4]))
def test_only_ratios_of_weights_matter(values, recipe, factor):
    usual = {"layer:top": 1, "layer:right": 1.5, "layer:left": 3, "indicator:c": 2,
             "indicator:a": 1, "indicator:b": 1, "indicator:d": 1} | recipe.weights  # fmt: skip
    scaled = {key: weight * factor for key, weight in usual.items()}
    one = tree(values, recipe.model_copy(update={"weights": usual}))
    other = tree(values, recipe.model_copy(update={"weights": scaled}))
    assert_allclose(other.index, one.index, rtol=1e-12)


@given(tables(), means)
def test_weight_zero_equals_absence(values, method):
    recipe = Recipe(normalise=POSITIVE | {"constant": "drop"}, aggregate={"method": method},
                    weights={"indicator:b": 0, "layer:right": 0})  # fmt: skip
    without = dataset(
        [
            layer("top", indicator("c", weight=2)),
            layer("left", indicator("a"), parent="top", weight=3),
        ],
        values[["a", "c"]],
    )
    lean = score(without, recipe.model_copy(update={"weights": {}}))
    full = tree(values, recipe)
    assert_series_equal(full.index, lean.index, check_exact=True)
    assert_series_equal(full.coverage["index"], lean.coverage["index"], check_exact=True)


@given(tables(gaps=False), methods)
def test_all_directions_turned_is_the_mirrored_score(values, method):
    turned = {"layer:top": "-", "layer:right": "-"}
    recipe = Recipe(normalise=method.model_copy(update={"constant": "drop"}))
    mirrored = tree(values, recipe.model_copy(update={"directions": turned}))
    ends = 1 + (len(values) if method.method == "rank" else 100)
    assert_allclose(mirrored.index, ends - tree(values, recipe).index, atol=1e-9)


@given(tables(gaps=False), st.sampled_from(list("abcd")), st.sampled_from([1.5, 4, 100]))
def test_raising_a_weight_never_lowers_the_rank_of_the_best_on_it(values, key, factor):
    """Arithmetic mean, no gaps: the best on a layer gains most, so nobody overtakes it.

    Scores of which one is higher by rounding alone are let pass.
    """
    recipe = Recipe(normalise={"constant": "drop"})
    raised = recipe.model_copy(update={"weights": {f"layer:layer_{key}": factor}})
    before, after = score(flat(values), recipe).index, score(flat(values), raised).index
    best = values[key].idxmax()
    assert (after > after[best] + 1e-9).sum() <= (before > before[best] - 1e-9).sum()


@given(tables(), recipes, coverages)
def test_a_stricter_coverage_rule_only_takes_away(values, recipe, least):
    loose = recipe.aggregate.model_copy(update={"min_coverage": 0})
    strict = recipe.aggregate.model_copy(update={"min_coverage": least})
    everything = tree(values, recipe.model_copy(update={"aggregate": loose}))
    some = tree(values, recipe.model_copy(update={"aggregate": strict}))
    assert set(some.index.dropna().index) <= set(everything.index.dropna().index)
    assert (some.coverage.loc[some.index.notna(), "index"] >= least - 1e-9).all()
    assert (some.reason[some.index.isna()] == "coverage").all()


@given(tables(min_regions=4), recipes)
def test_filtered_is_the_same_as_a_dataset_of_the_selection(values, recipe):
    regions = pd.DataFrame({"name": values.index, "kept": 1}, index=values.index)
    regions.iloc[-1, 1] = 0
    wanted = {"filter": {"kept": [1]}, "reference": {"set": "filtered"}}
    inside = score(nested(values, regions=regions), Recipe.parse(recipe.model_dump() | wanted))
    alone = tree(values.iloc[:-1], recipe)
    assert_series_equal(inside.index.iloc[:-1], alone.index, check_exact=True)
    assert_series_equal(inside.ranks.iloc[:-1], alone.ranks)
    assert inside.reason.iloc[-1] == "outside"


@given(tables(gaps=False), methods)
def test_a_yardstick_from_elsewhere_makes_scores_comparable(values, scale):
    """A region whose values are those of before has the score of before, whoever else changed."""
    recipe = Recipe(normalise=scale)
    assume(values.nunique().gt(1).all())
    before = score(nested(values), recipe)
    later = values.copy()
    later.iloc[1:] = later.iloc[1:] + 8.0
    kept = {key: from_dict(to_dict(one)) for key, one in before.yardsticks.items()}
    after = score(nested(later), recipe, yardsticks=kept)
    assert after.index.iloc[0] == before.index.iloc[0]
    assert after.yardsticks.keys() == before.yardsticks.keys()


def test_a_yardstick_measures_where_nothing_differs(toy):
    """Three of three wells is the best of 2021, even in a year in which all have three."""
    kept = score(toy, Recipe()).yardsticks
    values = toy.values.copy()
    values.loc[values["indicator"] == "wells", "value"] = 3.0
    alike = score(replace(toy, values=values), Recipe(), yardsticks=kept)
    assert alike.layers["water"].eq(100).all()


def test_a_yardstick_for_one_indicator_leaves_the_others_as_usual(toy):
    usual = score(toy, Recipe())
    kept = {"fertility": usual.yardsticks["fertility"]}
    assert_frame_equal(score(toy, Recipe(), yardsticks=kept).normalised, usual.normalised)


def rated(a):
    """Build three regions with a rating from 0 to 10 beside an amount."""
    values = pd.DataFrame({"a": a, "b": [1, 2, 3]}, index=list("XYZ"), dtype=float)
    return dataset(
        [layer("one", indicator("a", scale=(0, 10))), layer("two", indicator("b"))], values
    )


def test_a_rating_is_placed_between_its_own_ends_even_where_nothing_differs():
    for a in ([2, 4, 6], [5, 5, 5]):
        result = score(rated(a), Recipe())
        assert result.normalised["a"].to_list() == [10 * one for one in a]
        assert result.warnings == ()


def test_a_method_without_ends_leaves_a_rating_out_and_says_so():
    made, endless = rated([2, 4, 6]), Recipe(normalise={"method": "zscore"})
    unweighted = endless.model_copy(update={"weights": {"indicator:a": 0.0}})
    result = score(made, endless)
    (warning,) = result.warnings
    assert (warning.code, warning.about) == ("fixed_scale", "a")
    assert "indicator 'a'" in warning.message.lower()
    assert "'zscore'" in warning.message
    assert_series_equal(result.index, score(made, unweighted).index)
    # What does not count, or has a yardstick from elsewhere, is none of the warning's business.
    assert score(made, unweighted).warnings == ()
    kept = {"a": score(made, Recipe()).yardsticks["a"]}
    assert score(made, endless, yardsticks=kept).warnings == ()


def test_goalposts_are_asked_for_only_where_an_indicator_counts():
    made = flat(pd.DataFrame({"a": [1.0, 4, 9], "b": [1.0, 2, 3]}, index=list("XYZ")))
    posts = {"normalise": {"method": "goalposts", "goalposts": {"a": [0, 10]}}}
    with pytest.raises(RecipeError, match="indicator 'b'"):
        score(made, Recipe.parse(posts))
    alone = score(made, Recipe.parse(posts | {"weights": {"indicator:b": 0}}))
    assert_allclose(alone.index, [10, 40, 90])


def test_senseless_yardsticks_are_refused(toy):
    kept = score(toy, Recipe()).yardsticks
    with pytest.raises(RecipeError, match="there is no indicator 'sea' in toy@1"):
        score(toy, Recipe(), yardsticks={"sea": kept["wells"]})
    with pytest.raises(RecipeError, match=r"set treat\.method = 'none'") as caught:
        score(toy, Recipe.parse({"treat": {"method": "winsorise"}}), yardsticks=kept)
    assert caught.value.code == "treated_frozen"
