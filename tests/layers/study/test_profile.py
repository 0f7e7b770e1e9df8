import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from strategies import dataset, flat, indicator, layer, nested, tables

from layers import Recipe, score
from layers.errors import RecipeError
from layers.study.profile import peers, profile, strengths, weaknesses

OPEN = Recipe.parse({"aggregate": {"min_coverage": 0.0}})


def frame(size=5, **columns):
    return pd.DataFrame(columns, index=[f"R{i}" for i in range(size)], dtype=float)


def test_percentiles_by_hand():
    scores = score(flat(frame(a=[0, 1, 2, 3, 4], b=[1, 1, 1, 5, 9])), Recipe())
    table = profile(scores, "R1")
    # Of four others one is lower in a; in b none is lower and two are equal.
    assert table.loc["indicator:a", "percentile"] == 100 * 1 / 4
    assert table.loc["indicator:b", "percentile"] == 100 * (0 + 2 / 2) / 4
    assert table.loc["layer:layer_a", "percentile"] == 100 * 1 / 4
    assert table.loc["indicator:a", "raw"] == 1
    assert table.loc["indicator:a", "value"] == pytest.approx(100 / 4)
    assert np.isnan(table.loc["layer:layer_a", "raw"])
    assert table.loc["index", "share_of_index"] == 1
    assert table.loc["indicator:a", "share_of_index"] == 1 / 2


def test_percentiles_follow_the_direction():
    scores = score(flat(frame(a=[0, 1, 2, 3, 4]), {"a": "-"}), Recipe())
    assert profile(scores, "R0").loc["indicator:a", "percentile"] == 100


def test_percentiles_inside_the_group(toy):
    # Coast: Alpha (stones 4) and Gamma (stones 0, best as stones count against a region).
    table = profile(score(toy, OPEN), "C3", by="coast")
    assert table.loc["indicator:stones", ["percentile", "group_percentile"]].tolist() == [100, 100]
    assert table.loc["indicator:stones", ["regions", "group_regions"]].tolist() == [4, 2]


def test_every_missing_percentile_has_a_reason(toy):
    table = profile(score(toy, OPEN), "D4")
    assert table.loc["indicator:wells", "reason"] == "gap"
    assert table.loc["indicator:songs", "reason"] == "not scored"
    assert (table["percentile"].isna() == (table["reason"] != "")).all()


def test_a_region_that_alone_has_a_value():
    values = frame(a=[0, 1, 2, 3, 4], b=[0, 1, 2, np.nan, np.nan])
    grouped = dataset(
        [layer("one", indicator("a"), indicator("b"))], values,
        regions=pd.DataFrame({"name": values.index, "kind": list("xyyxx")}, index=values.index),
    )  # fmt: skip
    table = profile(score(grouped, OPEN), "R0", by="kind")
    assert np.isnan(table.loc["indicator:b", "group_percentile"])
    assert table.loc["indicator:b", "group_regions"] == 1
    assert table.loc["indicator:b", "percentile"] == 0


def test_who_alone_has_a_value_is_above_and_below_nobody():
    # Only R0 has both a and b, which the layer asks for.
    nan = np.nan
    values = frame(a=[0, 1, 2, nan, nan], b=[1, nan, nan, 0, 2], c=[1, 2, nan, nan, nan])
    layers = [layer("one", indicator("a"), indicator("b")), layer("two", indicator("c"))]
    strict = Recipe.parse({"aggregate": {"min_coverage": 1.0}, "weights": {"layer:two": 0.0}})
    table = profile(score(dataset(layers, values), strict), "R0")
    assert table["regions"].tolist() == [3, 3, 2, 1, 2, 1]
    assert table["reason"].tolist() == ["", "", "", "alone", "", "alone"]
    assert np.isnan(table.loc["layer:one", "percentile"])


@given(tables())
def test_percentiles_of_all_regions_average_fifty(values):
    scores = score(nested(values), OPEN)
    every = pd.DataFrame({key: profile(scores, key)["percentile"] for key in values.index})
    known = every.dropna(how="all")
    assert known.min(axis=None) >= 0
    assert known.max(axis=None) <= 100
    np.testing.assert_allclose(known.mean(axis=1), 50)


def test_strengths_and_weaknesses_are_the_ends_of_the_profile():
    size = {"a": [0, 1, 2, 3, 4], "b": [4, 3, 2, 1, 0], "c": [1, 2, 4, 0, 3], "d": [0, 1, 2, 4, 3]}
    scores = score(flat(frame(**size)), Recipe(weights={"layer:layer_d": 0.0}))
    table = profile(scores, "R4")
    # d would be at 75 as c is, but has no weight.
    assert strengths(table).index.tolist() == ["indicator:a", "indicator:c"]
    assert strengths(table, count=1).index.tolist() == ["indicator:a"]
    assert weaknesses(table).index.tolist() == ["indicator:b"]


def test_a_quarter_begins_at_75_and_ends_at_25():
    # Seven at each end, the first of them just outside; equals keep their order.
    places = [74.9, 75, 75, 80, 90, 90, 100, 25.1, 25, 25, 20, 10, 10, 0]
    keys = [f"indicator:{key}" for key in "abcdefghijklmn"]
    table = pd.DataFrame({"percentile": places, "share_of_index": 0.1}, keys)
    assert [key[-1] for key in strengths(table).index] == list("gefdb")
    assert [key[-1] for key in strengths(table, count=99).index] == list("gefdbc")
    assert [key[-1] for key in weaknesses(table).index] == list("nlmki")
    assert [key[-1] for key in weaknesses(table, count=99).index] == list("nlmkij")


def test_distance_by_hand():
    # On 0 to 100: R0 is (0, 0), R1 (50, 0), R2 (100, 100) and R3 lacks b.
    scores = score(flat(frame(4, a=[0, 1, 2, 1.9], b=[0, 0, 7, np.nan])), OPEN)
    table = peers(scores, "R0")
    assert table.index.tolist() == ["R1", "R2"]
    np.testing.assert_allclose(table["distance"], [np.sqrt(50**2 / 2), 100])
    assert peers(scores, "R0", min_shared=0.5).loc["R3"].tolist() == pytest.approx([95, 0.5])
    assert peers(scores, "R0", count=1).index.tolist() == ["R1"]


def test_equal_distances_keep_the_order_of_the_regions():
    scores = score(flat(frame(a=[2, 0, 4, 4, 0])), Recipe())
    assert peers(scores, "R0").index.tolist() == ["R1", "R2", "R3", "R4"]
    many = score(flat(frame(41, a=[0, *[1, 2] * 20])), Recipe())
    order = [*(f"R{i}" for i in range(1, 41, 2)), *(f"R{i}" for i in range(2, 41, 2))]
    assert peers(many, "R0", count=99).index.tolist() == order


def test_ten_peers_are_named_unless_more_are_asked_for():
    scores = score(flat(frame(12, a=range(12))), Recipe())
    assert peers(scores, "R0").index.tolist() == [f"R{i}" for i in range(1, 11)]
    assert len(peers(scores, "R0", count=11)) == 11


def test_peers_may_be_asked_to_share_everything():
    scores = score(flat(frame(4, a=[0, 1, 2, 3], b=[0, 1, 3, np.nan])), OPEN)
    assert peers(scores, "R0", min_shared=1).index.tolist() == ["R1", "R2"]


def test_who_has_no_value_resembles_nobody():
    scores = score(flat(frame(4, a=[0, 1, 2, np.nan], b=[0, 1, 3, np.nan])), OPEN)
    assert peers(scores, "R3").empty


@given(tables())
def test_distances_are_mutual_and_twins_are_nearest(values):
    values.loc["twin"] = values.iloc[0]
    scores = score(nested(values), OPEN)
    first = values.index[0]
    if not len(found := peers(scores, first, count=99)):
        return
    assert found.loc["twin", "distance"] == 0
    assert found["distance"].is_monotonic_increasing
    for other in found.index:
        assert peers(scores, other, count=99).loc[first, "distance"] == found.loc[other, "distance"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda scores: profile(scores, "X9"), "unknown region 'X9'; keys look like 'A1'"),
        (lambda scores: peers(scores, "X9"), "unknown region 'X9'"),
        (lambda scores: profile(scores, "A1", by="x"), "unknown column 'x'; allowed: name, size"),
        (lambda scores: peers(scores, "A1", count=0), "count = 0"),
        (lambda scores: peers(scores, "A1", min_shared=0), "min_shared = 0"),
        (lambda scores: peers(scores, "A1", min_shared=1.5), r"min_shared = 1\.5"),
        (lambda scores: strengths(profile(scores, "A1"), count=0), "count = 0"),
        (
            lambda scores: strengths(profile(scores, "A1"), within="group_percentile"),
            "no column 'group_percentile'",
        ),
    ],
)
def test_nonsense_is_refused(toy, call, message):
    with pytest.raises(RecipeError, match=message):
        call(score(toy, OPEN))


@pytest.mark.parametrize(
    "groups", [[*"xxyy", None], pd.array([1, 1, 2, 2, None], dtype="Int64")], ids=["text", "whole"]
)
def test_a_region_without_a_group_is_refused(groups):
    values = frame(a=[0, 1, 2, 3, 4])
    regions = pd.DataFrame({"name": values.index, "kind": groups}, values.index)
    scores = score(dataset([layer("one", indicator("a"))], values, regions=regions), Recipe())
    with pytest.raises(RecipeError, match="region 'R4' has no value in the column 'kind'"):
        profile(scores, "R4", by="kind")
    # The others' groups are not disturbed by the gap.
    assert profile(scores, "R0", by="kind").loc["index", "group_regions"] == 2
