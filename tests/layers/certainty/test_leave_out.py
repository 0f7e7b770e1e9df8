"""What must be true when one indicator or layer is left out.

Toy ranks with all: D4 1, C3 2, A1 3, B2 4. `people` alone: A1 and D4 100, C3 50, B2 0. `land`
alone: C3 87.5, B2 and D4 62.5, A1 0.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import flat

from layers import Recipe, RecipeError, score
from layers.certainty import leave_out as module
from layers.certainty.leave_out import leave_out
from layers.certainty.multiverse import vary
from layers.score import reweighed


def test_layers_by_hand(toy):
    result = leave_out(toy, Recipe(), "layer")
    assert result.base.to_dict() == {"A1": 3, "B2": 4, "C3": 2, "D4": 1}
    assert result.changes["layer:people"].to_dict() == {"A1": 1, "B2": -2, "C3": -1, "D4": 1}
    assert result.changes["layer:land"].to_dict() == {"A1": -2, "B2": 0, "C3": 1, "D4": 0}
    assert result.summary.loc["layer:land", "mean_change"] == (2 + 0 + 1 + 0) / 4
    assert result.summary.loc["layer:people"].tolist() == [5 / 4, 2, "B2", 0, ""]
    assert result.summary["mean_change"].is_monotonic_decreasing


def test_each_run_is_reported_as_it_is_done(toy):
    told = []
    leave_out(toy, Recipe(), "layer", progress=lambda *done: told.append(done))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_what_is_known_is_not_scored_again(toy, monkeypatch):
    known = score(toy, Recipe())
    asked = leave_out(toy, Recipe(), "layer")
    monkeypatch.delattr(module, "score")
    pd.testing.assert_frame_equal(leave_out(toy, Recipe(), "layer", known=known).ranks, asked.ranks)


def test_a_region_that_loses_its_rank_is_counted_not_guessed(toy):
    result = leave_out(toy, Recipe(), "layer")
    # Without soil, land is wells, of which D4 has no value.
    assert result.summary.loc["layer:soil", "lost"] == 1
    assert result.changes["layer:soil"].isna().to_dict()["D4"]


def test_only_what_is_scored_is_left_out(toy):
    keys = list(leave_out(toy, Recipe()).ranks.columns)
    assert sorted(keys) == [
        f"indicator:{key}" for key in ("fertility", "quarrels", "stones", "wells")
    ]


def test_the_last_one_cannot_be_left_out_and_the_reason_is_listed(toy):
    recipe = Recipe.parse({"weights": {"layer:land": 0.0}})
    result = leave_out(toy, recipe, "layer")
    assert list(result.ranks) == []
    assert list(result.ranks.index) == ["A1", "B2", "C3", "D4"]
    assert result.summary.loc["layer:people", ["lost", "reason"]].tolist() == [0, "no_weight"]


def test_what_cannot_be_scored_without_one_says_so():
    """Without a, region Z has half of its values; without Z, all b are the same."""
    values = pd.DataFrame({"a": [1.0, 2, 3], "b": [5.0, 5, 6], "c": [1, 2, np.nan]}, list("XYZ"))
    with pytest.raises(RecipeError, match=r"without indicator:a: .* 'b' has the same") as told:
        leave_out(flat(values), Recipe.parse({"screen": {"minimum": 0.6}}))
    assert told.value.code == "constant"


@pytest.mark.parametrize("kind", ["indicator", "layer"])
@pytest.mark.parametrize("mean", ["arithmetic", "geometric", "median", "copeland"])
@pytest.mark.parametrize("changes", [
    {}, {"treat": {"method": "winsorise"}}, {"impute": {"method": "median"}},
    {"weights": {"layer:soil": 0.0, "indicator:stones": 2.0}},
])  # fmt: skip
def test_what_is_taken_over_from_the_whole_run_changes_no_number(toy, kind, mean, changes):
    asked = {"aggregate": {"method": mean}, "normalise": {"range": [1, 100], "constant": "drop"}}
    try:
        recipe = Recipe.parse(asked | changes)
        everything = score(toy, recipe)
    except RecipeError as error:
        pytest.skip(str(error))
    shares = everything.plan.shares()["share_of_index"]
    table = leave_out(toy, recipe, kind)
    assert list(table.reasons) == list(shares[shares > 0].filter(like=f"{kind}:").index)
    for key, reason in table.reasons.items():
        without = vary(recipe, {"leave_out": key})
        expected, found = _index(score, toy, without), _index(reweighed, everything, without)
        if reason:
            assert found == expected == reason
        else:
            assert repr(found.to_dict()) == repr(expected.to_dict())
            ranks = expected.rank(ascending=False, method="min")
            pd.testing.assert_series_equal(table.ranks[key], ranks, check_names=False)


def _index(work, *asked):
    try:
        found = work(*asked)
    except RecipeError as error:
        return error.code
    return found.index if work is score else found


@given(st.lists(st.floats(0.1, 9), min_size=4, max_size=4))
def test_leaving_out_is_a_weight_of_zero(toy, weights):
    keys = ["layer:soil", "layer:water", "indicator:stones", "indicator:fertility"]
    chosen = dict(zip(keys, weights, strict=True))
    result = leave_out(toy, Recipe.parse({"weights": chosen}))
    without = score(toy, Recipe.parse({"weights": chosen | {"indicator:stones": 0.0}}))
    ranks = without.index.rank(ascending=False, method="min")
    np.testing.assert_array_equal(result.ranks["indicator:stones"], ranks)


def test_where_nobody_is_ranked_the_reason_is_listed(toy):
    """Without a value in `people` every region lacks half of the weight."""
    empty = replace(toy, values=toy.values[toy.values["indicator"] != "quarrels"])
    layers = leave_out(empty, Recipe(), "layer").summary["reason"]
    assert layers.to_dict() == {
        "layer:land": "no_value", "layer:soil": "no_rank", "layer:water": "no_rank",
        "layer:people": "no_rank",
    }  # fmt: skip
    assert set(leave_out(empty, Recipe()).summary["reason"]) == {"no_rank"}
    row = leave_out(empty, Recipe(), "layer").summary.loc["layer:soil"]
    assert row[["mean_change", "largest_change"]].isna().all()
    assert row[["region", "lost"]].tolist() == ["", 0]


def test_nonsense_is_an_error_of_one_line(toy):
    with pytest.raises(RecipeError, match="choose 'indicator' or 'layer'"):
        leave_out(toy, Recipe(), "region")
