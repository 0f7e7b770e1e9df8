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


def test_a_region_without_a_group_is_refused():
    values = frame(a=[0, 1, 2, 3, 4])
    regions = pd.DataFrame({"name": values.index, "kind": [*"xxyy", None]}, values.index)
    scores = score(dataset([layer("one", indicator("a"))], values, regions=regions), Recipe())
    with pytest.raises(RecipeError, match="region 'R4' has no value in the column 'kind'"):
        profile(scores, "R4", by="kind")
    # The others' groups are not disturbed by the gap.
    assert profile(scores, "R0", by="kind").loc["index", "group_regions"] == 2
