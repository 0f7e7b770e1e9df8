"""What must be true of the smallest change of weights that turns an order round.

With the share w of `land`, the toy scores are A1: 100 (1 - w), B2: 62.5 w, C3: 50 + 37.5 w,
D4: 100 - 37.5 w; w = 1/2 to begin with.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import flat

from layers import Recipe, RecipeError, score
from layers.certainty.flip import flip, smallest_change
from layers.certainty.simplex import Simplex


@pytest.fixture(scope="module")
def scores(toy):
    return score(toy, Recipe())


def test_the_toy_dataset_by_hand(toy, scores):
    answer = flip(scores, "D4", "C3")
    # C3 leads D4 from w = 2/3 on: land gains 1/6, people lose 1/6.
    assert (answer.status, answer.reason) == ("possible", "")
    assert answer.before.to_dict() == {"land": 0.5, "people": 0.5}
    assert answer.before.name == answer.weights.name == "share"
    assert answer.distance == pytest.approx(2 * (2 / 3 - 1 / 2), abs=1e-5)
    assert answer.weights["land"] == pytest.approx(2 / 3, abs=1e-5)
    weights = {f"layer:{key}": float(share) for key, share in answer.weights.items()}
    turned = score(toy, Recipe.parse({"weights": weights}))
    assert turned.index["C3"] > turned.index["D4"]


@pytest.mark.parametrize(
    ("ahead", "behind", "status", "reason"),
    [
        ("C3", "D4", "already", ""),
        ("D4", "A1", "impossible", "dominance"),
        # B2 can draw level with D4 (w = 1), but never overtake.
        ("D4", "B2", "impossible", "dominance"),
    ],
)
def test_there_is_not_always_a_change(scores, ahead, behind, status, reason):
    answer = flip(scores, ahead, behind)
    assert (answer.status, answer.reason) == (status, reason)
    if status == "already":
        assert (answer.distance, answer.weights.to_dict()) == (0, answer.before.to_dict())
    else:
        assert answer.distance is answer.weights is None
    assert answer.before.to_dict() == {"land": 0.5, "people": 0.5}


@pytest.mark.parametrize(
    ("values", "land", "status"),
    [
        # The one behind has 100 and 0, the one ahead 0 and 100: level at 1/2, then 0.2 points.
        ([[0, 100], [100, 0]], 0.5, "possible"),
        ([[0, 100], [100, 0]], 0.501, "already"),
        # Better by half a point in one of the two layers is not nowhere.
        ([[0, 100], [0.5, 0], [100, 50]], 0.5, "possible"),
    ],
)
def test_little_is_enough_but_a_tie_is_not(values, land, status):
    made = flat(pd.DataFrame(values, list("XYZ")[: len(values)], ["land", "sea"], float))
    weights = {"layer:layer_land": land, "layer:layer_sea": 1 - land}
    answer = flip(score(made, Recipe(weights=weights)), "X", "Y")
    assert answer.status == status


def test_limits_can_stand_in_the_way(scores):
    answer = flip(scores, "D4", "C3", upper={"land": 0.6})
    assert (answer.status, answer.reason) == ("impossible", "limits")
    assert answer.before.to_dict() == {"land": 0.5, "people": 0.5}
    assert flip(scores, "D4", "C3", upper={"land": 0.7}).status == "possible"
    # C3 leads from 2/3 for `land` on, so with up to 1/3 for `people`.
    assert flip(scores, "D4", "C3", lower={"people": 0.4}).reason == "limits"
    assert flip(scores, "D4", "C3", lower={"people": 0.3}).status == "possible"


def test_different_gaps_leave_it_undecided(toy):
    # Only wells are left in `land`; D4 has none, so it is scored by `people` alone.
    recipe = Recipe.parse({"weights": {"layer:soil": 0.0}, "aggregate": {"min_coverage": 0.4}})
    answer = flip(score(toy, recipe), "D4", "C3")
    assert (answer.status, answer.reason) == ("undecided", "gaps")
    assert answer.before.to_dict() == {"land": 0.5, "people": 0.5}


values = st.lists(st.integers(-20, 20), min_size=2, max_size=5)


@given(values, st.data())
def test_the_change_works_and_no_draw_is_nearer(difference, data):
    k = len(difference)
    parts = data.draw(st.lists(st.integers(1, 9), min_size=k, max_size=k))
    shares, rows = np.array(parts) / sum(parts), np.array(difference, float)
    assume(rows.max() > 0 and rows @ shares <= 0)
    space = Simplex(np.zeros(k), np.ones(k))
    found = smallest_change(rows, shares, space, np.empty((0, k)), 0.0)
    assert found is not None
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()
    assert rows @ found > 0
    draws = np.random.default_rng(1).dirichlet(np.ones(k), 500)
    turned = draws[draws @ rows > 1e-3]
    if len(turned):
        nearest = np.abs(turned - shares).sum(axis=1).min()
        assert np.abs(found - shares).sum() <= nearest + 1e-4


def test_two_layers_have_a_closed_form():
    # w1 d1 + (1 - w1) d2 = 0 at w1 = d2 / (d2 - d1) = -3 / (-3 - 1) = 3/4.
    space = Simplex(np.zeros(2), np.ones(2))
    found = smallest_change(
        np.array([1.0, -3.0]), np.array([0.5, 0.5]), space, np.ones((2, 2)), 0.5
    )
    assert found == pytest.approx([3 / 4, 1 / 4], abs=1e-5)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_of_the_values_does_not_matter(unit):
    difference, shares = unit * np.array([1.0, -3.0]), np.array([0.5, 0.5])
    space = Simplex(np.zeros(2), np.ones(2))
    found = smallest_change(difference, shares, space, np.ones((2, 2)), 0.5)
    assert found == pytest.approx([3 / 4, 1 / 4], abs=1e-5)


def test_both_regions_must_keep_enough_data_for_a_rank():
    """Only the second layer has data; it keeps 1/4 after the smallest change."""
    difference, shares = np.array([1.0, -3.0]), np.array([0.5, 0.5])
    space, covered = Simplex(np.zeros(2), np.ones(2)), np.array([[0.0, 1.0], [0.0, 1.0]])
    found = smallest_change(difference, shares, space, covered, 0.2)
    assert found == pytest.approx([3 / 4, 1 / 4], abs=1e-5)
    assert smallest_change(difference, shares, space, covered, 0.3) is None


@pytest.mark.parametrize(
    ("ahead", "behind", "words"), [("A1", "A1", "overtake itself"), ("A1", "Z9", "region 'Z9'")]
)
def test_nonsense_is_an_error_of_one_line(scores, ahead, behind, words):
    with pytest.raises(RecipeError, match=words):
        flip(scores, ahead, behind)
