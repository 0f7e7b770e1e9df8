"""Shapes of input: two regions, identical regions, gaps on a layer, nobody ranked, many threads."""

from __future__ import annotations

import sys
import tracemalloc
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from strategies import OPTIONS, all_means, coverages, dataset, flat, indicator, layer, tables

from layers.errors import RecipeError
from layers.recipe import Recipe
from layers.robust import (
    CHUNK,
    Problem,
    draw,
    evaluate,
    fingerprint,
    problem_of,
    random_numbers,
    rank_chunk,
    robust,
    robust_scores,
)
from layers.score import score

DROP = {"normalise": {"constant": "drop"}}
QUANTILES = {"rank_p05": 0.05, "rank_median": 0.5, "rank_p95": 0.95, "best": 0, "worst": 1}


def two_regions(a, b):
    """Build A and B between the ends 0 and 100, which two more regions hold on both layers."""
    values = pd.DataFrame(
        {"x": [a[0], b[0], 0, 100], "y": [a[1], b[1], 0, 100]}, index=list("ABLH")
    )
    return flat(values.astype(float))


def all_ranks(made, recipe, draws, seed=1):
    """Return the rank from 0 under every draw, draws x ranked regions; the slow, plain way."""
    scores = score(made, recipe)
    names = tuple(member.key for member in scores.plan.members[""] if member.weight > 0)
    problem = problem_of(scores, names, None, plain=True)
    chunks = [
        rank_chunk(problem, seed, number, min(CHUNK, draws - number * CHUNK))[0]
        for number in range(-(-draws // CHUNK))
    ]
    return scores, np.concatenate(chunks).astype(int)


# --- By hand


@pytest.mark.parametrize(
    ("a", "b"), [((80, 20), (40, 50)), ((10, 90), (20, 10)), ((55, 45), (50, 60))]
)
def test_the_share_in_which_a_beats_b_is_the_one_worked_out_by_hand(a, b):
    """A beats B where ``w (a1 - b1) + (1 - w) (a2 - b2) > 0``, with w uniform on [0, 1].

    L and H hold the ends, so that A and B have ranks 2 and 3, and B's mean rank tells the share.
    """
    first, second = a[0] - b[0], a[1] - b[1]
    border = second / (second - first)
    share = 1 - border if first > 0 else border
    draws = 20_000
    bands = robust(two_regions(a, b), Recipe(), draws=draws).bands
    error = 4 * np.sqrt(share * (1 - share) / draws)
    assert bands.loc["B", "rank_mean"] - 2 == pytest.approx(share, abs=error)
    assert bands.loc["A", "rank_mean"] + bands.loc["B", "rank_mean"] == pytest.approx(2 + 3)
    assert bands.loc[["H", "L"], "rank_mean"].to_list() == [1, 4]


def test_central_weights_are_the_mean_of_those_that_favour_a_region():
    """A is the best where w < 1/2, B where w > 1/2: their central weights are 1/4 and 3/4."""
    values = pd.DataFrame({"x": [0.0, 100, 10, 10], "y": [100.0, 0, 10, 10]}, index=list("ABCD"))
    bands = robust(flat(values), Recipe(), draws=20_000)
    assert bands.top == 1
    assert bands.bands["top_quarter"].to_list() == pytest.approx([0.5, 0.5, 0, 0], abs=0.02)
    assert bands.central.loc["A"].to_list() == pytest.approx([1 / 4, 3 / 4], abs=0.01)
    assert bands.central.loc["B"].to_list() == pytest.approx([3 / 4, 1 / 4], abs=0.01)
    assert bands.central.loc[["C", "D"]].isna().all(axis=None)


def test_identical_regions_tie_in_everydraw():
    values = pd.DataFrame(
        np.random.default_rng(3).random((9, 3)), index=list("ABCDEFGHI"), columns=list("abc")
    )
    values.loc["H"] = values.loc["B"]
    bands = robust(flat(values), Recipe(), draws=2_000).bands
    assert bands.loc["H"].to_list() == bands.loc["B"].to_list()
    assert bands.loc["H", "worst"] <= 8


def test_one_layer_leaves_no_doubt():
    values = pd.DataFrame({"a": [3.0, 1, 2]}, index=list("ABC"))
    bands = robust(flat(values), Recipe(), draws=10).bands
    assert bands["best"].to_list() == bands["worst"].to_list() == [1, 3, 2]


def test_layers_without_weight_stay_out():
    made = two_regions((80, 20), (40, 50))
    bands = robust(made, Recipe(weights={"layer:layer_y": 0}), draws=10)
    assert bands.varied == ("layer_x",)
    assert list(bands.central.columns) == ["layer_x"]


def test_missing_layers_are_judged_anew_under_everydraw():
    """B lacks y, so it keeps a rank where x weighs at least 0.66: in 0.34 of the draws."""
    values = pd.DataFrame({"x": [80.0, 40, 0, 100], "y": [20, np.nan, 0, 100]}, index=list("ABLH"))
    recipe = Recipe(weights={"layer:layer_x": 3})
    draws = 20_000
    bands = robust(flat(values), recipe, draws=draws).bands
    error = 4 * np.sqrt(0.34 * 0.66 / draws)
    assert bands.loc["B", "ranked"] == pytest.approx(0.34, abs=error)
    assert bands.loc["A", "ranked"] == 1
    # Where B has a rank it scores 40 on x; A scores 80 w + 20 (1 - w) >= 59.6 there.
    assert bands.loc["B", ["best", "worst"]].to_list() == [3, 3]
    assert bands.loc["A", "worst"] == 2


def test_where_a_layer_is_missing_the_others_stand_for_the_whole():
    """B has 40 on x and nothing else: its index is 40 under every draw that lets it have one."""
    values = pd.DataFrame({"x": [80.0, 40, 0, 100], "y": [20, np.nan, 0, 100]}, index=list("ABLH"))
    scores = score(flat(values), Recipe(weights={"layer:layer_x": 3}))
    problem = problem_of(scores, ("layer_x", "layer_y"), None)
    index = evaluate(problem, np.array([[0.75, 0.25], [0.9, 0.1], [0.5, 0.5]]))
    np.testing.assert_allclose(index[:, 1], [40, 40, np.nan])
    np.testing.assert_allclose(index[:, 0], [65, 74, 50])


def test_a_thin_layer_is_judged_anew_under_every_draw():
    """Z has half of layer one, so it keeps a rank where that weighs 0.4 at most."""
    values = pd.DataFrame(
        {"a": [0.0, 5, 9, 7], "b": [0, 5, 9, np.nan], "c": [9.0, 1, 0, 5]}, index=list("WXYZ")
    )
    layers = [layer("one", indicator("a"), indicator("b")), layer("two", indicator("c"))]
    recipe = Recipe.parse(
        {"aggregate": {"min_coverage": 0.8, "layers": {"one": {"min_coverage": 0}}},
         "weights": {"layer:two": 3}}
    )  # fmt: skip
    bands = robust(dataset(layers, values), recipe, draws=2_000).bands
    assert bands.loc["Z", "ranked"] == pytest.approx(0.4, abs=0.05)
    assert (bands.loc[list("WXY"), "ranked"] == 1).all()


def test_coverage_exactly_at_the_limit_is_enough_under_every_draw():
    values = pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, 2, 3], "c": [1, 2, np.nan]})
    made = dataset([layer("one", *map(indicator, "abc"))], values.set_axis(list("XYZ")))
    bands = robust(made, Recipe(aggregate={"min_coverage": 2 / 3}), draws=3).bands
    assert (bands["ranked"] == 1).all()


def test_a_region_without_a_score_has_no_band():
    values = pd.DataFrame({"x": [80.0, 40, 0, 100], "y": [20, np.nan, 0, 100]}, index=list("ABLH"))
    bands = robust(flat(values), Recipe(), draws=50)
    assert bands.bands.loc["B"].isna().all()
    assert bands.central.loc["B"].isna().all()
    assert list(bands.bands.index) == list("ABLH")


def test_nobody_ranked_is_no_crash():
    values = pd.DataFrame({"x": [1.0, 2, np.nan, np.nan], "y": [np.nan, np.nan, 1, 2]})
    bands = robust(flat(values.set_axis(list("ABCD"))), Recipe(), draws=5).bands
    assert bands.isna().all(axis=None)


def test_a_small_spread_gives_the_ranks_of_the_score(toy):
    recipe = Recipe(weights={"layer:people": 2})
    ranks = score(toy, recipe).ranks
    bands = robust(toy, recipe, draws=100, spread=1e-6).bands
    for column in QUANTILES:
        assert bands[column].to_list() == ranks.to_list()


def test_a_spread_stays_around_the_chosen_weights():
    problem = Problem(np.zeros((3, 1)), np.zeros((3, 0)), np.zeros((3, 0)), np.zeros(0, int),
                      np.array([0.6, 0.3, 0.1]), 0.5, 0.66, 1)  # fmt: skip
    weights = draw(problem, 1, 0, CHUNK)
    ratio = weights[:, 0] / weights[:, 1]
    assert ratio.min() >= (0.6 * 0.5) / (0.3 * 1.5) - 1e-6
    assert ratio.max() <= (0.6 * 1.5) / (0.3 * 0.5) + 1e-6


def test_a_spread_multiplies_every_weight_by_a_uniform_number():
    """Of sixty equal weights each share is a sixtieth of its factor, nearly: 0.5 to 1.5."""
    none, chosen = np.zeros((60, 0)), np.full(60, 1 / 60)
    problem = Problem(np.zeros((60, 1)), none, none, np.zeros(0, int), chosen, 0.5, 0.66, 1)
    factors = 60 * draw(problem, 1, 0, CHUNK)
    assert np.quantile(factors, [0.05, 0.5, 0.95]) == pytest.approx([0.55, 1, 1.45], abs=0.03)
    # Which random number goes with which weight is part of what a seed means.
    exact = 1 + 0.5 * (1 - 2 * random_numbers(1, 0, 60, around=True))
    np.testing.assert_allclose(factors, 60 * exact / exact.sum(axis=1, keepdims=True), atol=1e-6)


def test_weights_are_uniform_on_the_simplex():
    """Under the flat Dirichlet distribution of k shares, P(w_1 > t) = (1 - t)^(k - 1)."""
    problem = Problem(np.zeros((4, 1)), np.zeros((4, 0)), np.zeros((4, 0)), np.zeros(0, int),
                      np.full(4, 0.25), None, 0.66, 1)  # fmt: skip
    weights = np.concatenate([draw(problem, 7, number, CHUNK) for number in range(40)])
    assert (weights.sum(axis=1) == 1).all()
    assert (weights >= 0).all()
    for limit in (0.1, 0.25, 0.5):
        assert (weights[:, 0] > limit).mean() == pytest.approx((1 - limit) ** 3, abs=0.015)


# --- What must always hold


@given(tables(), coverages, st.sampled_from([1, 2, 60, CHUNK + 9]))
def test_bands_are_the_quantiles_of_all_ranks(values, least, draws):
    made, recipe = flat(values), Recipe.parse(DROP | {"aggregate": {"min_coverage": least}})
    scores, ranks = all_ranks(made, recipe, draws)
    table = robust(made, recipe, draws=draws).bands.loc[scores.index.notna()]
    for (_, row), column in zip(table.iterrows(), ranks.T, strict=True):
        there = column[column < ranks.shape[1]] + 1
        assert row["ranked"] == there.size / draws
        if there.size == 0:
            assert row.drop("ranked").isna().all()
            continue
        assert row["rank_mean"] == pytest.approx(there.mean())
        assert row["top_quarter"] == (there <= -(-ranks.shape[1] // 4)).mean()
        for name, share in QUANTILES.items():
            assert row[name] == np.quantile(there, share, method="inverted_cdf")


@given(tables(), all_means)
def test_every_draw_is_a_scoring_run_with_these_weights(values, method):
    """The fast way gives the ranks that `score` gives when it is run once per draw."""
    recipe = Recipe.parse(
        {"normalise": {"constant": "drop", "range": [1, 100]},
         "aggregate": OPTIONS | {"min_coverage": 0.4, "levels": {"index": {"method": method}}}}
    )  # fmt: skip
    made = flat(values)
    scores, ranks = all_ranks(made, recipe, 3)
    names = [member.key for member in scores.plan.members[""] if member.weight > 0]
    weights = draw(problem_of(scores, tuple(names), None, plain=True), 1, 0, 3)
    for row, drawn in zip(ranks, weights, strict=True):
        given_weights = {f"layer:{key}": float(w) for key, w in zip(names, drawn, strict=True)}
        again = score(made, recipe.model_copy(update={"weights": given_weights}))
        unranked = scores.index.isna()
        if method == "copeland" and again.index[unranked].notna().any():
            continue  # Here it is a rival in every duel, in the bands it is none.
        kept = again.index[~unranked]
        expected = kept.rank(ascending=False, method="min").fillna(len(kept) + 1) - 1
        # Sums in another order may part or join two regions by rounding; then scores are equal.
        moved = kept[expected.to_numpy() != row]
        gaps = np.abs(np.subtract.outer(moved.to_numpy(), kept.to_numpy()))
        assert (np.sort(gaps, axis=1)[:, 1:2] < 1e-9).all()


@given(tables(), st.randoms())
def test_row_order_changes_no_bit(values, chance):
    order = list(values.index)
    chance.shuffle(order)
    recipe = Recipe.parse(DROP)
    one = robust(flat(values), recipe, draws=40)
    other = robust(flat(values.loc[order]), recipe, draws=40)
    assert_frame_equal(other.bands.loc[values.index], one.bands, check_exact=True)
    assert_frame_equal(other.central.loc[values.index], one.central, check_exact=True)


@pytest.fixture(scope="module")
def forty():
    values = np.random.default_rng(5).random((40, 5))
    values[3, 2] = np.nan
    return flat(pd.DataFrame(values, index=[f"R{i}" for i in range(40)], columns=list("abcde")))


@pytest.mark.parametrize("spread", [None, 0.5])
def test_one_thread_and_many_give_the_same_numbers(forty, spread):
    runs = [
        robust(forty, Recipe(), draws=3_000, seed=4, spread=spread, workers=n) for n in (1, 2, 5)
    ]
    assert runs[0].top == 40 / 4
    for run in runs[1:]:
        assert_frame_equal(run.bands, runs[0].bands, check_exact=True)
        assert_frame_equal(run.central, runs[0].central, check_exact=True)


def test_the_seed_decides(forty):
    one, same, other = (robust(forty, Recipe(), draws=100, seed=seed) for seed in (1, 1, 2))
    assert_frame_equal(one.bands, same.bands, check_exact=True)
    assert not one.bands.equals(other.bands)


def test_more_draws_extend_fewer(forty):
    _, few = all_ranks(forty, Recipe(), 700)
    _, many = all_ranks(forty, Recipe(), 1_100)
    assert (many[:700] == few).all()


def test_memory_does_not_grow_with_draws(forty):
    def peak(draws):
        tracemalloc.start()
        robust(forty, Recipe(), draws=draws, workers=1)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(60_000) < 1.2 * peak(6_000) + 100_000


def test_weights_inside_the_layers_stay_as_they_are():
    values = pd.DataFrame({"a": [0.0, 1, 2], "b": [2.0, 1, 0], "c": [0.0, 2, 1]}, index=list("XYZ"))
    made = dataset([layer("one", indicator("a", weight=3), indicator("b")),
                    layer("two", indicator("c"))], values)  # fmt: skip
    assert robust(made, Recipe(), draws=20).varied == ("one", "two")


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"draws": 0}, "draws = 0"),
        ({"draws": -5}, "draws = -5"),
        ({"draws": 1.5}, "draws = 1.5"),
        ({"seed": -1}, "seed = -1"),
        ({"spread": 0}, "spread = 0"),
        ({"spread": 1.1}, "spread = 1.1"),
        ({"spread": float("nan")}, "spread = nan"),
    ],
)
def test_senseless_choices_are_named(toy, choice, words):
    with pytest.raises(RecipeError, match=words):
        robust(toy, Recipe(), **choice)


def test_the_first_seed_is_0_and_the_widest_spread_1(toy):
    bands = robust(toy, Recipe(dataset="toy@0"), draws=1, seed=0, spread=1)
    assert bands.bands["ranked"].eq(1).all()
    assert (bands.draws, bands.seed, bands.spread) == (1, 0, 1)
    assert [one.code for one in bands.warnings] == ["other_version"]


def test_the_index_may_have_another_mean_than_the_layers():
    """Under a geometric index the even region beats the uneven one of equal arithmetic mean."""
    values = pd.DataFrame({"x": [10.0, 50, 0, 100], "y": [90.0, 50, 100, 0]}, index=list("ABLH"))
    geometric = {"normalise": {"range": [1, 101]},
                 "aggregate": {"levels": {"index": {"method": "geometric"}}}}  # fmt: skip
    arithmetic = robust(flat(values), Recipe(), draws=2_000).bands["rank_mean"]
    even = robust(flat(values), Recipe.parse(geometric), draws=2_000).bands["rank_mean"]
    assert even["B"] < arithmetic["B"]


def test_a_mean_that_cannot_be_drawn_is_refused(forty):
    doubt = Recipe.parse({"aggregate": {"levels": {"index": {"method": "bod"}}}})
    with pytest.raises(RecipeError, match="drawing weights says nothing") as caught:
        robust(forty, doubt, draws=1)
    assert caught.value.code == "not_linear"
    scores = score(forty, Recipe.parse({"aggregate": {"method": "median"}}))
    with pytest.raises(RecipeError, match="'median' of the index is no linear") as caught:
        problem_of(scores, scores_layers(scores), None)
    assert caught.value.code == "not_linear"
    assert robust_scores(scores, draws=3).bands["ranked"].notna().all()


def scores_layers(scores):
    return tuple(member.key for member in scores.plan.members[""])


def test_a_region_stays_in_its_class_in_the_share_of_draws_that_is_counted():
    values = pd.DataFrame(np.random.default_rng(8).random((9, 3)), list("ABCDEFGHI"), list("abc"))
    values.loc["I"] = np.nan
    scores, ranks = all_ranks(flat(values), Recipe(), 60)
    groups = pd.Series([0, 0, 1, 1, 0, 1, 2, -1, 0], index=values.index)
    stays = robust_scores(scores, draws=60).stays_within(groups, scores.ranks)
    assert stays.isna().to_dict() == {key: key in "HI" for key in values.index}
    for place, key in enumerate("ABCDEFG"):
        own = scores.ranks[groups == groups[key]]
        there = ranks[:, place] + 1
        assert stays[key] == ((there >= own.min()) & (there <= own.max())).mean()


def test_two_scores_have_one_fingerprint_where_they_have_the_same_bands(forty):
    def mark(spread=None, made=forty, **content):
        return fingerprint(score(made, Recipe.parse(content)), spread=spread)

    heavy = {"layer:layer_a": 3}
    # From everywhere, the chosen weights do not count.
    assert mark() == mark(weights=heavy)
    assert mark(0.5) == mark(0.5)
    values = forty.values.copy()
    values.loc[values.index[0], "value"] += 0.01
    others = [
        mark(), mark(0.5), mark(0.3), mark(0.5, weights=heavy),
        mark(weights={"layer:layer_a": 0}), mark(weights={"layer:layer_b": 0}),
        mark(aggregate={"min_coverage": 0.5}), mark(aggregate={"min_coverage": 1}),
        mark(aggregate={"method": "median"}), mark(made=replace(forty, values=values)),
        mark(aggregate={"method": "copeland"}),
        mark(aggregate={"levels": {"index": {"min_coverage": 0.4}}}),
    ]  # fmt: skip
    assert len(set(others)) == len(others)


def test_the_fingerprint_knows_layers_of_the_same_values_apart():
    values = pd.DataFrame({"a": [1.0, 2, 4], "b": [1.0, 2, 4]}, index=list("XYZ"))
    one, other = (
        score(flat(values), Recipe(weights={f"layer:layer_{key}": 0})) for key in values.columns
    )
    assert fingerprint(one) != fingerprint(other)


def test_a_chunk_that_is_ranked_in_pieces_is_counted_whole():
    terms, none = np.random.default_rng(9).random((2, 200)), np.zeros((2, 0))
    problem = Problem(terms, none, none, np.zeros(0, int), np.full(2, 0.5), None, 0.66, 50)
    ranks, sums = rank_chunk(problem, 1, 0, CHUNK)
    np.testing.assert_allclose(sums, (ranks < 50).T @ draw(problem, 1, 0, CHUNK))
    # Every draw has fifty regions among the best, and shares that add up to 1.
    assert sums.sum() == pytest.approx(50 * CHUNK)


def test_of_very_many_regions_no_distribution_is_kept(toy, monkeypatch):
    monkeypatch.setattr(sys.modules["layers.robust"], "KEPT", 3)
    scores = score(toy, Recipe())
    bands = robust_scores(scores, draws=5)
    assert not bands.counted
    with pytest.raises(RecipeError, match="up to 3 regions"):
        bands.stays_within(scores.ranks, scores.ranks)
    monkeypatch.setattr(sys.modules["layers.robust"], "KEPT", 4)
    assert robust_scores(scores, draws=5).counted


def test_a_thousand_weightings_are_drawn_unless_told_otherwise(toy):
    for bands in (robust(toy, Recipe()), robust_scores(score(toy, Recipe()))):
        assert (bands.draws, bands.seed) == (1_000, 1)


def test_progress_counts_the_draws_that_are_done(forty):
    seen = []
    robust(forty, Recipe(), draws=2 * CHUNK + 7, progress=seen.append)
    assert seen == [CHUNK, 2 * CHUNK, 2 * CHUNK + 7]
