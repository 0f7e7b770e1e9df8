"""Rules on offer add up to 100, fit the dataset, and keep adding up when one part is moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sharing import REGIONS, scores

from layers import Dataset, Recipe, score
from layers.paths import data_folder, default_recipe
from layers.study.distribution_presets import parts_on_offer, presets, rebalanced
from layers.study.distribution_rule import Rule

DROP = Recipe.parse({"normalise": {"constant": "drop"}})


@pytest.fixture(scope="module")
def kreise():
    dataset = Dataset.open(data_folder() / "kreise")
    return score(dataset, default_recipe(dataset))


def test_every_rule_on_offer_adds_up_and_can_be_followed(kreise):
    offered = presets(kreise)
    assert {"score", "population", "tax"} <= set(offered)
    for one in offered.values():
        assert sum(one.mixture.values()) == 100
        assert set(one.mixture) <= set(parts_on_offer(kreise))
        assert Rule(mixture={part: float(share) for part, share in one.mixture.items()})


def test_what_a_dataset_lacks_is_not_on_offer(toy):
    assert parts_on_offer(score(toy, DROP)) == ["equal", "score_only"]
    assert list(presets(score(toy, DROP))) == ["equal"]


def test_parts_stand_in_the_order_of_the_rules_on_offer():
    assert parts_on_offer(scores()) == ["score", "population", "area", "equal", "score_only"]
    assert list(presets(scores())) == ["score", "half", "population", "area", "equal"]
    # Who knows the area alone can go by it, but by nothing per inhabitant.
    bare = scores(regions=REGIONS[["name", "area_km2"]])
    assert parts_on_offer(bare) == ["area", "equal", "score_only"]
    assert list(presets(bare)) == ["equal"]


def test_the_others_give_way_in_proportion():
    assert rebalanced({"a": 60, "b": 30, "c": 10}, "c", 55) == {"a": 30, "b": 15, "c": 55}
    # Nothing to keep in proportion: the first takes the rest.
    assert rebalanced({"a": 0, "b": 100, "c": 0}, "b", 70) == {"a": 30, "b": 70, "c": 0}


@given(st.lists(st.integers(0, 100), min_size=2, max_size=6), st.integers(0, 100))
def test_shares_always_add_up_to_100(shares, to):
    mixture = {str(place): share for place, share in enumerate(shares)}
    after = rebalanced(mixture, "1", to)
    assert sum(after.values()) == 100
    assert after["1"] == to
    assert all(0 <= share <= 100 for share in after.values())
    assert list(after) == list(mixture)
