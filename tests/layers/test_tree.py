"""What must be true of the way up the tree and back: every mean, alone and mixed, by hand.

Shapes covered: three levels, another mean per level and per layer, gaps, zeros, a region with too
little data among those that are compared, layers without weight.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from strategies import (
    OPTIONS,
    all_means,
    coverages,
    dataset,
    flat,
    indicator,
    layer,
    nested,
    tables,
)

from layers.errors import RecipeError
from layers.recipe import Recipe
from layers.score import score
from layers.tree import up_the_tree

ONE_TO_100 = {"normalise": {"range": [1, 100], "constant": "drop"}}


def recipe(**aggregate):
    return Recipe.parse(ONE_TO_100 | {"aggregate": OPTIONS | aggregate})


def two(a, b, **aggregate):
    """Score two layers whose normalised values are `a` and `b` (0 and 100 among them)."""
    values = pd.DataFrame({"a": a, "b": b}, index=[f"R{i}" for i in range(len(a))], dtype=float)
    return score(flat(values), Recipe.parse({"aggregate": aggregate}))


# --- By hand


def test_every_mean_of_the_index_by_hand():
    """The third region has 25 on one layer and 100 on the other."""
    a, b = [0, 100, 25, 50], [0, 50, 100, 100]

    def third(**aggregate):
        return two(a, b, **aggregate).index["R2"]

    assert third(method="arithmetic") == (25 + 100) / 2
    assert third(method="power", p=2) == pytest.approx(((25**2 + 100**2) / 2) ** 0.5)
    assert third(method="power", p=0.5) == pytest.approx(((5 + 10) / 2) ** 2)
    assert third(method="median") == (25 + 100) / 2
    assert third(method="owa", order_weights=[1, 3]) == pytest.approx((100 + 3 * 25) / 4)
    # R1 and R2 beat each other once, R3 beats R2 on a and ties with it on b, R0 loses to all.
    assert third(method="copeland") == 1 + 0 - 1
    assert third(method="bod") == 1


def test_means_that_need_more_than_0():
    values = pd.DataFrame({"a": [1, 4, 10], "b": [10, 1, 4]}, index=list("XYZ"), dtype=float)

    def first(method):
        chosen = {"normalise": {"range": [1, 10]}, "aggregate": {"method": method}}
        return score(flat(values), Recipe.parse(chosen)).index["X"]

    assert first("geometric") == pytest.approx(10**0.5)
    assert first("harmonic") == pytest.approx(2 / (1 + 1 / 10))
    assert first("mpi") == pytest.approx(5.5 - 4.5**2 / 5.5)
    for method in ("harmonic", "mpi", "geometric"):
        with pytest.raises(RecipeError, match="range that starts at 1") as caught:
            score(flat(values), Recipe.parse({"aggregate": {"method": method}}))
        assert caught.value.code == "needs_positive"


def test_a_geometric_index_over_arithmetic_layers(toy):
    chosen = Recipe.parse(
        {
            "normalise": {"range": [1, 101]},
            "aggregate": {"levels": {"index": {"method": "geometric"}}},
        }
    )
    land = (3 * 51 + 101) / 4
    assert score(toy, chosen).layers.loc["B2", "land"] == pytest.approx(land)
    assert score(toy, chosen).index["B2"] == pytest.approx((land * 1) ** 0.5)


def test_a_layer_can_have_its_own_mean_and_coverage(toy):
    own = {"soil": {"method": "owa", "order_weights": [0, 1]}, "land": {"min_coverage": 0.8}}
    chosen = Recipe.parse({"aggregate": {"layers": own}})
    result = score(toy, chosen)
    assert result.layers["soil"].to_list() == [0, 50, 100, 25]
    assert np.isnan(result.layers.loc["D4", "land"])  # 3/4 of its weight is there
    assert result.reason["D4"] == "coverage"


@pytest.mark.parametrize(("optional", "third"), [(True, 50), (False, np.nan)])
def test_where_an_optional_layer_is_silent_nothing_is_missing(optional, third):
    values = pd.DataFrame(
        {"a": [0, 100, 50, np.nan], "b": [0, 100, np.nan, 100]}, index=list("WXYZ"), dtype=float
    )
    layers = [layer("one", indicator("a")), layer("own", indicator("b"), optional=optional)]
    result = score(dataset(layers, values), Recipe(aggregate={"min_coverage": 0.6}))
    assert_allclose(result.index, [0, 100, third, np.nan])
    # Half of the weight is backed by values either way, and that is what is reported.
    assert result.coverage["index"].to_list() == [1, 1, 1 / 2, 1 / 2]
    assert result.reason["Z"] == "coverage"


@pytest.mark.parametrize(("least", "third"), [(0.6, 50), (0.7, np.nan)])
def test_a_silent_optional_layer_stands_in_for_no_other(least, third):
    values = pd.DataFrame(
        {"a": [0, 100, 50], "b": [0, 100, np.nan], "c": [0, 100, np.nan]}, index=list("XYZ")
    )
    layers = [layer(key, indicator(key), optional=key == "c") for key in "abc"]
    result = score(dataset(layers, values), Recipe(aggregate={"min_coverage": least}))
    # Of Z two thirds of the weight are settled: one by a value, one by not being asked for.
    assert_allclose(result.index, [0, 100, third])


@pytest.mark.parametrize("optional", [True, False])
def test_a_layer_that_has_no_indicators_yet_is_shown_and_never_scored(optional):
    values = pd.DataFrame({"a": [0.0, 100, 25], "b": [100.0, 0, 25]}, index=list("XYZ"))
    layers = [layer("one", indicator("a")), layer("two", indicator("b"))]
    empty = [layer("bare"), layer("barer", parent="bare"), layer("own", optional=optional)]
    result = score(dataset(layers + empty, values), Recipe(aggregate={"min_coverage": 1}))
    assert result.index.to_list() == [50, 50, 25]
    assert result.coverage[["index", "bare", "own"]].to_numpy().tolist() == [[1, 0, 0]] * 3
    assert result.layers[["bare", "barer", "own"]].isna().all(axis=None)
    parts = result.layer_contributions
    assert parts[["one", "two"]].to_numpy().tolist() == [[0, 50], [50, 0], [12.5, 12.5]]
    assert parts[["bare", "own"]].isna().all(axis=None)


def test_a_compared_layer_is_brought_onto_the_scale_of_the_others(toy):
    chosen = Recipe.parse({"aggregate": {"layers": {"people": {"method": "copeland"}}}})
    # quarrels: A1 = D4 > C3 > B2; scores 2, -3, -1, 2 of at most 3 either way
    people = [100 * (2 / 3 + 1) / 2, 0, 100 * (-1 / 3 + 1) / 2, 100 * (2 / 3 + 1) / 2]
    assert_allclose(score(toy, chosen).layers["people"], people)
    doubt = Recipe.parse({"aggregate": {"layers": {"soil": {"method": "bod"}}}})
    assert_allclose(score(toy, doubt).layers["soil"], [0, 50, 100, 100])


def test_a_compared_layer_without_a_scale_is_refused(toy):
    chosen = {"normalise": {"method": "zscore"}, "aggregate": {"method": "copeland"}}
    with pytest.raises(RecipeError, match=r"of layer 'soil'.*give normalise.range") as caught:
        score(toy, Recipe.parse(chosen))
    assert caught.value.code == "no_scale"
    only_index = {"method": "arithmetic", "levels": {"index": {"method": "copeland"}}}
    assert score(toy, Recipe.parse(chosen | {"aggregate": only_index})).index.notna().all()


def test_a_region_with_too_little_data_is_no_rival():
    a, b = [0, 100, 50, 75], [0, 100, 50, np.nan]
    with_rival = two(a, b, method="copeland", min_coverage=0.5).index
    alone = two(a, b, method="copeland", min_coverage=0.9).index
    assert with_rival.to_list() == [-3, 3, -1, 1]
    assert alone.to_list()[:3] == [-2, 2, 0]
    assert np.isnan(alone.iloc[3])


def test_layers_that_are_known_already_are_taken_as_they_are(toy):
    """D4 lacks a quarter of the land, which has no value there, and its index is of people."""
    strict = {"min_coverage": 0.4, "layers": {"land": {"min_coverage": 0.8}}}
    chosen = Recipe.parse({"aggregate": strict})
    whole = score(toy, chosen)
    columns = dict(zip(whole.plan.directions, whole.normalised.to_numpy().T, strict=True))
    known = {
        key: (whole.layers[key].to_numpy(), whole.coverage[key].to_numpy())
        for key in ("soil", "water", "land")
    }
    tree = up_the_tree(toy.catalogue, chosen, whole.plan, columns, known=known)
    for node in ("land", "people"):
        np.testing.assert_array_equal(tree.columns[f"layer:{node}"], whole.layers[node])
    np.testing.assert_array_equal(tree.values[""], whole.index)
    np.testing.assert_array_equal(tree.coverage[""], whole.coverage["index"])
    assert whole.index["D4"] == whole.layers.loc["D4", "people"]


def test_contributions_below_a_median_divide_by_weight_and_below_that_by_size(toy):
    chosen = Recipe.parse({"aggregate": {"levels": {"index": {"method": "median"}}}})
    result = score(toy, chosen)
    # C3: land 87.5, people 50; the two halves of their median
    median = (87.5 + 50) / 2
    assert_allclose(result.layer_contributions.loc["C3"], [median / 2, median / 2])
    soil = median / 2 * 75 / 87.5
    assert_allclose(result.contributions.loc["C3", ["fertility", "stones", "wells"]],
                    [soil / 2, soil / 2, median / 2 * 12.5 / 87.5])  # fmt: skip


def test_below_arithmetic_means_a_contribution_is_the_share_times_the_value(toy):
    result = score(toy, Recipe(normalise={"method": "zscore"}))
    shares = result.plan.shares()["share_of_index"]
    # C3 has no gap; its values lie on both sides of 0.
    for key in ("fertility", "stones", "wells", "quarrels"):
        expected = shares[f"indicator:{key}"] * result.normalised.loc["C3", key]
        assert result.contributions.loc["C3", key] == pytest.approx(expected)


def test_contributions_that_cancel_out_in_their_layer_are_told_one_by_one():
    values = pd.DataFrame({"a": [1.0, 2, 3], "b": [3.0, 2, 1], "c": [1.0, 2, 3]}, list("XYZ"))
    made = dataset([layer("one", indicator("a"), indicator("b")), layer("two", indicator("c"))],
                   values)  # fmt: skip
    result = score(made, Recipe(normalise={"method": "zscore"}))
    assert_allclose(result.layers.loc["X", "one"], 0, atol=1e-12)
    assert_allclose(result.contributions.loc["X", ["a", "b", "c"]], [-1 / 4, 1 / 4, -1 / 2])


def test_a_contribution_follows_the_mean_of_its_own_layer(toy):
    worst = {"soil": {"method": "owa", "order_weights": [0, 1]}}
    result = score(toy, Recipe.parse({"aggregate": {"layers": worst}}))
    # D4 has 100 and 25, of which the worse one counts; without wells the soil is the land.
    parts = result.contributions.loc["D4", ["fertility", "stones", "quarrels"]]
    assert_allclose(parts, [0, 25 / 2, 100 / 2])


def test_the_benefit_of_the_doubt_of_the_index_runs_from_0_to_1():
    assert two([0, 100, 25], [0, 50, 100], method="bod").index["R0"] == 0


def test_a_layer_of_the_benefit_of_the_doubt_takes_its_range_and_options(toy):
    def soil(**chosen):
        layers = {"soil": {"method": "bod"} | chosen}
        ranged = {"normalise": {"range": [1, 101]}, "aggregate": {"layers": layers}}
        return score(toy, Recipe.parse(ranged)).layers["soil"]

    assert soil()["C3"] == pytest.approx(101)
    assert soil()["D4"] == pytest.approx(101)
    # Without room for the shares the worse of the two counts as much as the better one.
    assert soil(spread=0)["D4"] < 100


# --- What must always hold


#: The penalty of mpi may lead below 0 on this scale, which only the index can take.
inner = all_means.filter(lambda one: one != "mpi")
changes = st.fixed_dictionaries(
    {"method": inner, "min_coverage": coverages},
    optional={
        "levels": st.fixed_dictionaries({}, optional={
            "index": st.fixed_dictionaries({"method": all_means}),
            "1": st.fixed_dictionaries({"method": inner}),
        }),
    },
)  # fmt: skip


@given(tables(), changes)
def test_contributions_add_up_to_the_score_under_every_mean(values, aggregate):
    result = score(nested(values), recipe(**aggregate))
    there = result.index.notna()
    for parts in (result.contributions, result.layer_contributions):
        assert_allclose(parts[there].sum(axis=1), result.index[there], rtol=1e-9, atol=1e-9)
        assert parts[~there].isna().all(axis=None)


@given(tables(), changes)
def test_weight_zero_equals_absence_under_every_mean(values, aggregate):
    chosen = recipe(**aggregate)
    without = dataset(
        [
            layer("top", indicator("c", weight=2)),
            layer("left", indicator("a"), parent="top", weight=3),
        ],
        values[["a", "c"]],
    )
    unweighted = chosen.model_copy(update={"weights": {"indicator:b": 0.0, "layer:right": 0.0}})
    full, lean = score(nested(values), unweighted), score(without, chosen)
    pd.testing.assert_series_equal(full.index, lean.index, check_exact=True)
    pd.testing.assert_series_equal(full.reason, lean.reason)


@given(tables(), changes, st.randoms())
def test_row_order_changes_no_bit_under_every_mean(values, aggregate, chance):
    order = list(values.index)
    chance.shuffle(order)
    one = score(nested(values), recipe(**aggregate))
    other = score(nested(values.loc[order]), recipe(**aggregate))
    pd.testing.assert_series_equal(other.index.loc[values.index], one.index, check_exact=True)


@given(tables(), changes)
def test_layers_stay_on_the_scale_under_every_mean(values, aggregate):
    result = score(nested(values), recipe(**aggregate))
    layers = result.layers.to_numpy()
    known = layers[~np.isnan(layers)]
    assert ((known >= 1 - 1e-9) & (known <= 100 + 1e-9)).all()
