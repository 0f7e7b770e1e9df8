import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from strategies import dataset, flat, indicator, layer, means, nested, tables

from layers import Recipe, score
from layers.errors import RecipeError
from layers.study.influence import (
    double_counting,
    effective_weights,
    member_values,
    uneven,
    variance_shares,
)

REGIONS = [f"R{i}" for i in range(4)]


def frame(**columns):
    return pd.DataFrame(columns, index=REGIONS, dtype=float)


def recipe(method="arithmetic", **weights):
    return Recipe.parse({
        "normalise": {"range": [1, 100]}, "weights": weights,
        "aggregate": {"method": method, "min_coverage": 0.0},
    })  # fmt: skip


def test_unrelated_members_of_equal_spread_weigh_by_the_square_of_their_weights():
    # y = (a + 3 b) / 4 with a and b unrelated: r^2 is 1/10 and 9/10.
    values = frame(a=[0, 0, 1, 1], b=[0, 1, 0, 1])
    table = effective_weights(score(flat(values), recipe(**{"layer:layer_b": 3.0})))
    assert table.loc[["layer:layer_a", "layer:layer_b"], "nominal"].tolist() == [0.25, 0.75]
    np.testing.assert_allclose(table.loc["layer:layer_a", "main_effect"], 1 / 10)
    np.testing.assert_allclose(
        table.loc["layer:layer_b", ["effective", "ratio"]].astype(float), [0.9, 1.2]
    )
    assert table.loc["indicator:a", ["parent", "effective"]].tolist() == ["layer_a", 1]


def test_equal_weights_are_not_equal_influence():
    # Two equal members outvote the third: y = (2 a + c) / 3, r^2 = 4/5, 4/5, 1/5.
    values = frame(a=[0, 0, 1, 1], b=[0, 0, 1, 1], c=[0, 1, 0, 1])
    table = effective_weights(score(flat(values), recipe()))
    top = table[table["parent"] == ""]
    np.testing.assert_allclose(top["main_effect"], [4 / 5, 4 / 5, 1 / 5])
    np.testing.assert_allclose(top["effective"], [4 / 9, 4 / 9, 1 / 9])


def test_influence_within_a_layer_is_measured_on_that_layer():
    # one = (a + b) / 2 with a and b unrelated: half each. In the index a would outweigh b by far.
    values = frame(a=[0, 0, 1, 1], b=[0, 1, 0, 1], c=[0, 0, 1, 1])
    layers = [layer("one", indicator("a"), indicator("b")), layer("two", indicator("c"))]
    table = effective_weights(score(dataset(layers, values), recipe()))
    inside = table[table["parent"] == "one"]
    assert inside.index.tolist() == ["indicator:a", "indicator:b"]
    np.testing.assert_allclose(inside["correlation"], np.sqrt(1 / 2))
    np.testing.assert_allclose(inside[["nominal", "main_effect", "effective"]], 1 / 2)
    np.testing.assert_allclose(inside["ratio"], 1)


def test_members_that_decide_without_a_straight_line_have_no_effect():
    # The worse of the two counts: P (0, 100) and Q (100, 0) get 0, R (50, 50) gets 50.
    values = pd.DataFrame({"a": [0.0, 2, 1], "b": [2.0, 0, 1]}, index=list("PQR"))
    worst = Recipe.parse({"aggregate": {"method": "owa", "order_weights": [0, 1]}})
    table = effective_weights(score(flat(values), worst)).loc[["layer:layer_a", "layer:layer_b"]]
    assert table["correlation"].tolist() == [0, 0]
    assert table["effective"].isna().all()
    assert table["reason"].tolist() == ["no effect", "no effect"]


def test_three_regions_of_the_same_score_are_enough_to_say_so():
    values = frame(a=[0, 1, 2, np.nan], b=[2, 1, 0, np.nan])
    table = effective_weights(score(flat(values), Recipe()))
    assert table.loc[["layer:layer_a", "layer:layer_b"], "reason"].tolist() == ["constant"] * 2


@pytest.mark.parametrize("normalise", [{}, {"method": "zscore"}])
def test_what_rounding_leaves_of_opposites_is_no_difference(normalise):
    # Thirds of 1 to 7 and what is missing to 10: their mean is the same but for the last digits.
    thirds = np.array([1, 2, 5, 7]) / 3
    values = frame(a=thirds, b=10 - thirds, c=[1, 3, 2, 5])
    layers = [layer("one", indicator("a"), indicator("b")), layer("two", indicator("c"))]
    given = {"normalise": normalise}
    table = effective_weights(score(dataset(layers, values), Recipe.parse(given)))
    constant = ["indicator:a", "indicator:b", "layer:one"]
    assert table.loc[constant, "reason"].tolist() == ["constant"] * 3
    assert table.loc["layer:two", ["effective", "reason"]].tolist() == [pytest.approx(1), ""]
    alone = Recipe.parse(given | {"weights": {"layer:two": 0}})
    scores = score(dataset(layers, values), alone)
    assert scores.index.max() > scores.index.min()
    with pytest.raises(RecipeError, match="all regions have the same score"):
        variance_shares(scores)


def test_what_differs_by_rounding_is_even():
    values = pd.DataFrame({
        "halves": [50.0, 49.99999999999999], "large": [1e6, 1e6 + 1e-5], "nothing": [0.0, 0.0],
        "unknown": [np.nan, np.nan], "small": [1e-12, 2e-12], "apart": [50, 50.001],
    })  # fmt: skip
    assert uneven(values).tolist() == [False, False, False, False, True, True]


def test_missing_effects_have_a_reason():
    nan = np.nan
    values = frame(a=[0, 1, nan, nan], b=[0, 1, 3, 2])
    table = effective_weights(score(flat(values), recipe()))
    assert table.loc["layer:layer_a", "reason"] == "regions"
    assert table.loc["layer:layer_b", "reason"] == ""
    # Exact opposites leave the same score everywhere.
    opposed = score(flat(frame(a=[0, 1, 2, 3], b=[3, 2, 1, 0])), Recipe())
    assert effective_weights(opposed).loc["layer:layer_a", "reason"] == "constant"


@given(tables(), means)
def test_effective_weights_of_a_layer_add_up(values, method):
    table = effective_weights(score(nested(values), recipe(method)))
    known = table[table["effective"].notna()]
    np.testing.assert_allclose(known.groupby("parent")["effective"].sum(), 1)
    np.testing.assert_allclose(table.groupby("parent")["nominal"].sum(), 1)
    assert (table["effective"].isna() == (table["reason"] != "")).all()


def test_variance_shares_by_hand():
    # y = (a + 3 b) / 4, unrelated: shares 1/10 and 9/10 as well.
    values = frame(a=[0, 0, 1, 1], b=[0, 1, 0, 1])
    table = variance_shares(score(flat(values), recipe(**{"layer:layer_b": 3.0})))
    np.testing.assert_allclose(table["variance_share"], [1 / 10, 9 / 10])
    np.testing.assert_allclose(table["nominal"], [1 / 4, 3 / 4])
    np.testing.assert_allclose(table["ratio"], [4 / 10, 12 / 10])
    assert table.index.tolist() == ["a", "b"]
    assert table.index.name == "indicator"


def test_an_absent_indicator_contributes_nothing():
    # R3 lacks b and keeps a alone: scores 0, 50, 50, 100, of which b gives 0, 50, 0 and nothing.
    values = frame(a=[0, 0, 1, 1], b=[0, 1, 0, np.nan])
    table = variance_shares(score(flat(values), Recipe.parse({"aggregate": {"min_coverage": 0}})))
    # Deviations -50, 0, 0, 50: of a (0, 0, 50, 100) they make 5000 of 5000, of b nothing.
    np.testing.assert_allclose(table["variance_share"], [1, 0], atol=1e-12)


def test_an_indicator_that_narrows_the_differences_has_a_negative_share():
    # y = (3 a - a) / 4 up to a constant: 3 a / 4 explains 3/2 of it.
    values = frame(a=[0, 1, 2, 3], b=[3, 2, 1, 0])
    table = variance_shares(score(flat(values), recipe(**{"layer:layer_a": 3.0})))
    np.testing.assert_allclose(table["variance_share"], [3 / 2, -1 / 2])


@given(tables(), means)
def test_variance_shares_add_up_exactly(values, method):
    scores = score(nested(values), recipe(method))
    assume(scores.index.std() > 1e-6)
    assert variance_shares(scores)["variance_share"].sum() == pytest.approx(1)


def test_no_variance_no_shares():
    with pytest.raises(RecipeError, match="all regions have the same score"):
        variance_shares(score(flat(frame(a=[0, 0, 1, 1], b=[1, 1, 0, 0])), Recipe()))


def test_double_counting_by_hand():
    # b repeats a, in another layer; c stands alone. Layer one (a, c) and two (b) weigh the same.
    values = frame(a=[0, 1, 2, 3], b=[0, 2, 4, 6], c=[0, 3, 3, 0])
    layers = [layer("one", indicator("a"), indicator("c")), layer("two", indicator("b"))]
    table = double_counting(score(dataset(layers, values), Recipe()))
    assert table["indicator"].tolist() == ["a", "b"]
    assert table["layer"].tolist() == ["one", "two"]
    assert table["share_of_index"].tolist() == [1 / 4, 1 / 2]
    assert table["group_share"].tolist() == [3 / 4, 3 / 4]
    assert table["factor"].tolist() == [3 / 2, 3 / 2]
    assert table["group"].tolist() == [1, 1]
    assert table["lowest"].tolist() == pytest.approx([1, 1])
    assert table.columns.tolist() == [
        "group", "indicator", "layer", "share_of_index", "group_share", "factor", "lowest"
    ]  # fmt: skip
    assert table.index.tolist() == [0, 1]


def test_the_heaviest_group_stands_first():
    values = frame(a=[0, 1, 2, 3], b=[0, 2, 4, 6], c=[0, 3, 3, 0], d=[1, 2, 2, 1])
    weights = {"layer:layer_c": 2.0, "layer:layer_d": 2.0}
    table = double_counting(score(flat(values), recipe(**weights)))
    assert table["indicator"].tolist() == ["c", "d", "a", "b"]
    assert table["group"].tolist() == [1, 1, 2, 2]
    assert table["group_share"].tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1 / 3])


def test_exactly_repeated_indicators_are_found_at_the_strictest_limit():
    values = frame(a=[0.1, 0.2, 0.7, 0.3], b=[0.3, 0.6, 2.1, 0.9])
    table = double_counting(score(flat(values), Recipe()), least=1)
    assert table["indicator"].tolist() == ["a", "b"]


def test_two_regions_tell_nothing_of_two_indicators():
    # Only R0 and R1 have a, where it rises as b and c do; any two values rise or fall.
    nan = np.nan
    values = frame(a=[0, 1, nan, nan], b=[0, 3, 3, 0], c=[0, 1, 3, 2])
    open_ = Recipe.parse({"aggregate": {"min_coverage": 0}})
    assert double_counting(score(flat(values), open_), least=0.7).empty


def test_no_group_is_an_empty_table_with_its_columns():
    table = double_counting(score(flat(frame(a=[0, 1, 2, 3], b=[0, 3, 3, 0])), Recipe()))
    assert table.empty
    assert "factor" in table


@given(tables())
def test_every_pair_of_a_group_is_as_correlated_as_asked(values):
    scores = score(nested(values), recipe())
    table = double_counting(scores, least=0.5)
    matrix = scores.normalised.corr(min_periods=3)
    assert not table["indicator"].duplicated().any()
    for _, group in table.groupby("group"):
        names = group["indicator"].tolist()
        assert len(names) > 1
        assert matrix.loc[names, names].min(axis=None) >= 0.5 - 1e-9
        assert 1 < group["factor"].iloc[0] <= len(names) + 1e-9


@pytest.mark.parametrize("least", [0, 1.1, -0.5])
def test_a_limit_outside_its_range_is_refused(least):
    scores = score(flat(frame(a=[0, 1, 2, 3], b=[0, 3, 3, 0])), Recipe())
    with pytest.raises(RecipeError, match="a correlation in"):
        double_counting(scores, least=least)


def test_members_below_a_layer_without_weight_are_not_scored():
    values = frame(a=[0, 1, 2, 3], b=[0, 1, 3, 2], c=[1, 1, 2, 0], d=[3, 2, 0, 1])
    scores = score(nested(values), recipe(**{"layer:top": 0.0}))
    assert member_values(scores, "left").shape == (4, 0)
    assert member_values(scores, "right").columns.tolist() == ["indicator:d"]
    assert member_values(scores, "").columns.tolist() == ["layer:right"]
