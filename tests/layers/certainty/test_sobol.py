"""What must be true of Sobol indices: closed forms, and what choices do on the toy dataset."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from strategies import flat

from layers import Recipe, RecipeError
from layers.certainty.sobol import indices, sobol

A, B = 7.0, 0.1
NAN = np.nan
#: Ranks of B2: 4 and 2 (with D4).
WEIGHTS = {"weights": {"equal": {}, "land": {"layer:people": 0.0}}}


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
    two, same = indices(ishigami, list("abc"), samples=64, seed=3)
    other, changed = indices(ishigami, list("abc"), samples=64, seed=4)
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert not one.equals(other)
    # The sample is another one, not only the intervals.
    assert not np.isin(changed, same).any()


def test_what_is_asked_for_unless_told_otherwise():
    table, outcomes = indices(lambda rows: rows[:, 0], ["x"])
    options = {"samples": 1_024, "seed": 1, "resamples": 200, "confidence": 0.95}
    same, _ = indices(lambda rows: rows[:, 0], ["x"], **options)
    pd.testing.assert_frame_equal(table, same, check_exact=True)
    assert len(outcomes) == 1_024 * (1 + 2)


def test_intervals_are_wider_the_surer_they_are_to_hold():
    def widths(**options):
        table, _ = indices(ishigami, list("abc"), samples=64, **options)
        return table[["first_high", "total_high"]] - table[["first_low", "total_low"]].to_numpy()

    half, most = widths(confidence=0.5), widths(confidence=0.99)
    factor = norm.ppf(0.995) / norm.ppf(0.75)
    pd.testing.assert_frame_equal(half * factor, most)
    assert not widths(resamples=2).equals(widths(resamples=3))


def test_an_outcome_may_be_yes_or_no(capsys):
    table, _ = indices(lambda rows: rows[:, 0] > 0.5, ["x", "y"], samples=64)
    assert table[["first", "total"]].to_numpy().tolist() == [pytest.approx([1, 1]), [0, 0]]
    assert capsys.readouterr().out == ""


def test_missing_outcomes_are_counted():
    def holes(rows):
        return np.where(np.arange(len(rows)) < 5, NAN, rows[:, 0])

    with pytest.raises(RecipeError, match="is missing in 5 of 12 evaluations, because too little"):
        indices(holes, ["x"], samples=4)


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
    assert result.outcome == "mean_rank_change"


def test_inputs_without_effect_stay_in_the_order_in_which_they_were_named(toy):
    signs = {"fertility": "+", "stones": "-", "wells": "+", "quarrels": "-", "songs": "0"}
    names = [*signs, *(f"layer:{key}" for key in ("land", "soil", "water", "people"))]
    weights = {"layer:land": 1.0, "layer:soil": 3.0, "layer:water": 1.0, "layer:people": 1.0}
    still = {f"directions.{key}": [signs.get(key, "+")] for key in reversed(names)}
    still |= {
        f"weights.{key}": [weights.get(key, 1.0)] for key in map("indicator:{}".format, signs)
    }
    still |= {f"weights.{key}": [weight] for key, weight in weights.items()}
    choices = still | {"leave_out": ["", "layer:people"]}
    result = sobol(toy, Recipe(), choices, weights=False, samples=4, resamples=2)
    assert result.indices.index.tolist() == ["leave_out", *still]
    assert result.indices["total"].iloc[1:].tolist() == [0] * 18


def test_the_settings_are_kept_and_used(toy):
    plain = sobol(toy, Recipe(), samples=32)
    for seed in (1, 3):
        options = {"samples": 32, "seed": seed, "resamples": 200, "confidence": 0.95}
        result = sobol(toy, Recipe(), **options)
        assert {key: getattr(result, key) for key in options} == options
        assert result.spread is None
        assert result.indices.equals(plain.indices) == (seed == 1)
    assert sobol(toy, Recipe(), WEIGHTS, spread=0.5, samples=2).spread == 0.5
    assert sobol(toy, Recipe()).evaluations == 256 * (2 + 2)


def outcomes_of(monkeypatch, inputs, *args, **options):
    """Outcome of `sobol` for each row of inputs that are chosen by hand."""
    caught = []

    def by_hand(model, names, **_):
        caught.append(model(np.array(inputs, float)))
        return pd.DataFrame({"total": 0.0}, index=names), caught[0]

    monkeypatch.setattr("layers.certainty.sobol.indices", by_hand)
    sobol(*args, **options)
    return caught[0].tolist()


def test_each_value_of_a_choice_has_an_equal_part_of_the_inputs(toy, monkeypatch):
    inputs = [[0.0], [0.49], [0.5], [0.99], [1.0]]
    options = {"weights": False, "region": "B2"}
    ranks = outcomes_of(monkeypatch, inputs, toy, Recipe(), WEIGHTS, **options)
    assert ranks == [4, 4, 2, 2, 2]


def test_shares_are_those_of_exponential_numbers(toy, monkeypatch):
    # D4 is the second from a share of land of 2/3 on: -ln(1 - 0.5) > -2 ln(1 - u).
    inputs = [[0.5, 0.2], [0.5, 0.3], [0.2, 0.5], [0.0, 0.0]]
    assert outcomes_of(monkeypatch, inputs, toy, Recipe(), region="D4") == [2, 1, 1, 1]


def test_a_spread_multiplies_each_chosen_weight(toy, monkeypatch):
    # Weights 1.5 (0.5 + u) and 0.5 + v; D4 is the second where the first is more than twice the
    # second.
    base = Recipe.parse({"weights": {"layer:land": 1.5}})
    inputs = [[0.5, 0.2], [0.5, 0.3], [0.9, 0.5], [0.8, 0.5], [1, 1], [0, 0], [1, 0], [0, 1]]
    ranks = outcomes_of(monkeypatch, inputs, toy, base, region="D4", spread=0.5)
    assert ranks == [2, 1, 2, 1, 1, 1, 2, 1]


def test_a_layer_that_the_recipe_leaves_out_keeps_the_weight_of_a_choice(toy, monkeypatch):
    # People stay at one half, so 1 against -ln(1 - u): twice as much from u = 1 - 1 / e² on.
    base = Recipe.parse({"weights": {"layer:people": 0.0}})
    choices = {"weights": {"equal": {}}}
    inputs = [[0, 0.6], [0, 0.86], [0, 0.87]]
    assert outcomes_of(monkeypatch, inputs, toy, base, choices, region="D4") == [1, 1, 2]


def test_a_rank_is_missing_where_too_little_data_backs_it(toy, monkeypatch):
    # D4 has no wells, the only indicator left in `land`: it is ranked while people >= 0.66.
    base = Recipe.parse({"weights": {"layer:soil": 0.0, "layer:people": 3.0}})
    inputs = [[0.1, 0.9], [0.5, 0.5], [0.5, 0.8]]
    ranks = outcomes_of(monkeypatch, inputs, toy, base, region="D4")
    assert ranks == [1, pytest.approx(NAN, nan_ok=True), 1]


def test_the_change_is_the_mean_over_all_regions_of_each_evaluation(toy, monkeypatch):
    # Much land: C3, D4, B2, A1 instead of D4, C3, A1, B2; much people: D4, A1, C3, B2.
    inputs = [[0.7, 0.1], [0.1, 0.7], [0.5, 0.5]]
    assert outcomes_of(monkeypatch, inputs, toy, Recipe()) == [1, 2 / 4, 0]


def test_where_no_region_keeps_a_rank_the_outcome_is_missing():
    # R3 and R4 are only known in b, whose weight is too small for a rank; the others in a.
    table = pd.DataFrame({"a": [1, 2, 3, NAN, NAN], "b": [NAN, NAN, NAN, 1, 2]}, dtype=float)
    base = Recipe.parse({"weights": {"layer:layer_a": 3.0}})
    with pytest.raises(RecipeError, match="the outcome is missing in"):
        sobol(flat(table.rename("R{}".format)), base, samples=16)


def test_an_index_that_is_a_median_is_taken_anew_under_every_draw(toy):
    # The heavier layer is the median: D4 is the first in people, the second in land.
    base = Recipe.parse({"aggregate": {"levels": {"index": {"method": "median"}}}})
    assert sobol(toy, base, region="D4", samples=64).mean == pytest.approx(1.5, abs=0.05)


def test_without_weights_any_method_may_be_a_choice(toy):
    choices = {"aggregate.method": ["arithmetic", "bod"]}
    result = sobol(toy, Recipe(), choices, weights=False, samples=4)
    assert result.indices.index.tolist() == ["aggregate.method"]


def test_progress_counts_evaluations_and_those_with_the_same_choices_are_done_together(toy):
    steps = []
    options = {"weights": False, "samples": 4, "progress": lambda *step: steps.append(step)}
    sobol(toy, Recipe(), WEIGHTS, **options)
    assert steps == [(6, 12), (12, 12)]


def test_weights_decide_the_rank_of_one_region(toy):
    # D4 leads while the share of land is below 2/3, then it is second: mean 1 * 2/3 + 2 * 1/3.
    result = sobol(toy, Recipe(), region="D4", samples=1024)
    assert result.outcome == "rank:D4"
    assert result.mean == pytest.approx(4 / 3, abs=0.03)
    assert result.deviation == pytest.approx((1 / 3 * 2 / 3) ** 0.5, abs=0.03)
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
        ({"samples": 1}, "power of two"),
        ({"seed": -1}, "seed = -1"),
        ({"spread": 3.0}, "spread = 3.0"),
        ({"resamples": 1}, "resamples = 1, confidence = 0.95: at least 2 resamples"),
        ({"confidence": 0.0}, "confidence = 0.0"),
        ({"confidence": 1.0}, "confidence = 1.0"),
        ({"region": "Z9"}, "region 'Z9'"),
        ({"choices": {"aggregate.method": ["geometric"]}, "samples": 4}, "choices .aggregate"),
        ({"choices": {"colour": ["red"]}, "samples": 4}, "unknown key 'colour'"),
        ({"choices": {"ties": []}}, "'ties' needs a list"),
    ],
)
def test_nonsense_is_an_error_of_one_line(toy, options, words):
    with pytest.raises(RecipeError, match=words) as caught:
        sobol(toy, Recipe(), **options)
    assert "\n" not in str(caught.value)


def test_a_combination_that_cannot_be_scored_keeps_its_code(toy):
    base = Recipe.parse({"normalise": {"method": "zscore"}})
    choices = {"aggregate.method": ["arithmetic", "geometric"]}
    with pytest.raises(RecipeError, match=r"choices \(aggregate.method = 'geometric'\)") as caught:
        sobol(toy, base, choices, samples=2)
    assert caught.value.code == "needs_positive"


def test_a_rank_that_is_missing_under_some_weights_is_an_error(toy):
    recipe = Recipe.parse({"weights": {"layer:soil": 0.0, "layer:people": 3.0}})
    with pytest.raises(RecipeError, match="the outcome is missing in"):
        sobol(toy, recipe, region="D4", samples=64)
