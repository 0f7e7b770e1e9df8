"""What must be true of Sobol indices: closed forms, and what choices do on the toy dataset."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import Recipe, RecipeError
from layers.certainty.sobol import indices, sobol

A, B = 7.0, 0.1


def ishigami(rows):
    """sin x1 + a sin^2 x2 + b x3^4 sin x1 with x uniform on [-pi, pi]."""
    x = math.pi * (2 * rows - 1)
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_ishigami_function():
    table, outcomes = indices(ishigami, ["x1", "x2", "x3"], samples=4096, resamples=100)
    first = (1 + B * math.pi**4 / 5) ** 2 / 2
    second = A**2 / 8
    both = 8 * B**2 * math.pi**8 / 225
    variance = first + second + both
    assert table["first"].tolist() == pytest.approx(
        [first / variance, second / variance, 0], abs=0.02
    )
    assert table["total"].tolist() == pytest.approx(
        [(first + both) / variance, second / variance, both / variance], abs=0.02
    )
    assert len(outcomes) == 4096 * (3 + 2)
    assert (table["total_low"] <= table["total"]).all()
    assert (table["total"] <= table["total_high"]).all()


@given(st.lists(st.integers(1, 5), min_size=2, max_size=4))
def test_a_sum_has_shares_of_its_squared_factors_and_no_interaction(factors):
    weights = np.array(factors, float)
    names = [f"x{i}" for i in range(len(factors))]
    table, _ = indices(lambda rows: rows @ weights, names, samples=512, resamples=2)
    assert table["first"].tolist() == pytest.approx(weights**2 / (weights**2).sum(), abs=0.05)
    assert table["total"].tolist() == pytest.approx(weights**2 / (weights**2).sum(), abs=0.05)


def test_the_seed_fixes_every_number():
    one, _ = indices(ishigami, list("abc"), samples=64, seed=3)
    two, _ = indices(ishigami, list("abc"), samples=64, seed=3)
    other, _ = indices(ishigami, list("abc"), samples=64, seed=4)
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert not one.equals(other)


def test_a_choice_without_effect_gets_nothing_and_the_other_all(toy):
    # Ties change no rank here, so all of the variance is that of the direction.
    choices = {"directions.layer:people": ["+", "-"], "ties": ["min", "average"]}
    result = sobol(toy, Recipe(), choices, weights=False, samples=256)
    assert result.indices.index.tolist() == ["directions.layer:people", "ties"]
    assert result.indices["first"].tolist() == pytest.approx([1, 0], abs=0.05)
    assert result.indices["total"].tolist() == pytest.approx([1, 0], abs=0.05)
    assert result.evaluations == 256 * (2 + 2)
    # Half of the evaluations are the base recipe, which changes nothing; turned, land + (100 -
    # people) gives C3 68.75, B2 81.25, D4 31.25, A1 0: ranks change by 0, 3, 2 and 1.
    assert result.mean == pytest.approx((0 + 3 + 2 + 1) / 4 / 2, rel=0.05)


def test_weights_decide_the_rank_of_one_region(toy):
    # D4 leads while the share of land is below 2/3, then it is second: mean 1 * 2/3 + 2 * 1/3.
    result = sobol(toy, Recipe(), region="D4", samples=1024)
    assert result.outcome == "rank:D4"
    assert result.mean == pytest.approx(4 / 3, abs=0.03)
    assert sorted(result.indices.index) == ["weight:land", "weight:people"]
    assert (result.indices["total"] > result.indices["first"]).all()


def test_a_spread_keeps_the_weights_near_the_chosen_ones(toy):
    # From w = 1/2 a spread of 10 % never reaches 2/3, so D4 stays first.
    with pytest.raises(RecipeError, match="never changes"):
        sobol(toy, Recipe(), region="D4", spread=0.1, samples=16)


def test_a_layer_may_be_left_out_by_one_of_the_choices(toy):
    result = sobol(toy, Recipe(), {"leave_out": ["", "layer:people"]}, samples=32)
    assert np.isfinite(result.indices).all(axis=None)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"weights": False}, "nothing is uncertain"),
        ({"samples": 100}, "power of two"),
        ({"samples": 0}, "power of two"),
        ({"seed": -1}, "seed = -1"),
        ({"spread": 3.0}, "spread = 3.0"),
        ({"resamples": 0}, "resamples = 0"),
        ({"confidence": 1.0}, "confidence = 1.0"),
        ({"region": "Z9"}, "region 'Z9'"),
        ({"choices": {"aggregate.method": ["geometric"]}, "samples": 4}, "choices .aggregate"),
        ({"choices": {"colour": ["red"]}, "samples": 4}, "unknown key 'colour'"),
    ],
)
def test_nonsense_is_an_error_of_one_line(toy, options, words):
    with pytest.raises(RecipeError, match=words) as caught:
        sobol(toy, Recipe(), **options)
    assert "\n" not in str(caught.value)


def test_a_rank_that_is_missing_under_some_weights_is_an_error(toy):
    recipe = Recipe.parse({"weights": {"layer:soil": 0.0, "layer:people": 3.0}})
    with pytest.raises(RecipeError, match="the outcome is missing in"):
        sobol(toy, recipe, region="D4", samples=64)
