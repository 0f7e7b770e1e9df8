"""What must be true of acceptability, central weights and pairwise wins.

With the share w of `land`, uniform on [0, 1], the toy scores are A1: 100 (1 - w), B2: 62.5 w,
C3: 50 + 37.5 w, D4: 100 - 37.5 w. Orders change at w = 4/11 (A1, C3), 8/13 (A1, B2), 2/3 (C3, D4).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import flat

from layers import Recipe, RecipeError, score
from layers.certainty.linear import linear
from layers.certainty.smaa import quarters, smaa, smaa_chunk
from layers.robust import CHUNK, draw, rank_chunk, robust_scores

DRAWS = 20_000
#: Four standard errors of a share.
NEAR = 4 * 0.5 / DRAWS**0.5


@pytest.fixture(scope="module")
def scores(toy):
    return score(toy, Recipe())


@pytest.fixture(scope="module")
def result(scores):
    return smaa(scores, chosen=["A1", "B2", "C3", "D4"], draws=DRAWS)


def test_acceptability_has_a_closed_form(result):
    expected = {
        "A1": [0, 4 / 11, 8 / 13 - 4 / 11, 1 - 8 / 13],
        "B2": [0, 0, 1 - 8 / 13, 8 / 13],
        "C3": [1 - 2 / 3, 2 / 3 - 4 / 11, 4 / 11, 0],
        "D4": [2 / 3, 1 - 2 / 3, 0, 0],
    }
    table = pd.DataFrame.from_dict(expected, orient="index", columns=list("1234"))
    assert (result.acceptability - table).abs().max(axis=None) < NEAR


def test_pairwise_wins_have_a_closed_form(result):
    assert result.wins.loc["D4", "C3"] == pytest.approx(2 / 3, abs=NEAR)
    assert result.wins.loc["A1", "C3"] == pytest.approx(4 / 11, abs=NEAR)
    assert result.wins.loc["D4", "A1"] == 1
    assert result.wins.loc["A1", "D4"] == 0
    assert np.isnan(result.wins.loc["A1", "A1"])


def test_central_weights_are_the_middle_of_the_interval(result):
    assert result.central["1"].loc["C3", "land"] == pytest.approx((2 / 3 + 1) / 2, abs=NEAR)
    assert result.central["2"].loc["A1", "land"] == pytest.approx(4 / 11 / 2, abs=NEAR)
    assert result.central["1"].loc["A1"].isna().all()


def test_best_quarter_and_central_weights_are_those_of_the_bands(scores):
    bands = robust_scores(scores, draws=700, seed=5, spread=0.5)
    result = smaa(scores, draws=700, seed=5, spread=0.5)
    assert list(result.acceptability["1"]) == list(bands.bands["top_quarter"])
    pd.testing.assert_frame_equal(result.central["1"], bands.central)
    asked = (result.varied, result.draws, result.seed, result.spread)
    assert asked == (("land", "people"), 700, 5, 0.5) == (bands.varied, 700, 5, 0.5)


def test_an_index_that_is_a_median_is_taken_anew_under_every_draw(toy):
    scores = score(toy, Recipe.parse({"aggregate": {"levels": {"index": {"method": "median"}}}}))
    result = smaa(scores, chosen=["A1", "D4"], draws=300)
    bands = robust_scores(scores, draws=300).bands
    assert list(result.acceptability["1"]) == list(bands["top_quarter"])
    # The heavier of the two layers is the median: by people A1 and D4 are both the first, by land
    # D4 is ahead and A1 the last.
    last = result.acceptability.loc["A1", "4"]
    assert result.wins.loc["D4", "A1"] == last == pytest.approx(0.5, abs=0.1)


def test_a_thousand_draws_are_made_unless_told_otherwise(scores):
    result = smaa(scores)
    assert (result.draws, result.seed, result.spread) == (1_000, 1, None)
    same = smaa(scores, draws=1_000, seed=1)
    pd.testing.assert_frame_equal(result.acceptability, same.acceptability, check_exact=True)


def test_a_part_is_the_same_as_counting_by_hand(scores):
    problem = linear(scores).problem
    part = smaa_chunk(problem, 3, 1, 100, ends=(1, 3), places=(0, 2))
    ranks, _ = rank_chunk(problem, 3, 1, 100)
    ranks = ranks.astype(int) + 1
    assert part.counts[:, 0].tolist() == (ranks == 1).sum(axis=0).tolist()
    assert part.counts[:, 1].tolist() == ((ranks == 2) | (ranks == 3)).sum(axis=0).tolist()
    first, second = ranks[:, [0, 2]].T
    assert part.wins.tolist() == [[0, (first < second).sum()], [(second < first).sum(), 0]]
    assert part.met.tolist() == [[100, 100], [100, 100]]
    best = (ranks == 1).T @ draw(problem, 3, 1, 100)
    np.testing.assert_allclose(part.sums[:, 0], best, rtol=1e-12)


def test_a_part_holds_no_more_than_was_asked_for(scores):
    part = smaa_chunk(linear(scores).problem, 3, 1, 100, ends=(1, 3), central=False)
    assert part.counts.shape == (4, 3)
    assert part.sums.shape == (4, 3, 0)
    assert part.wins.shape == part.met.shape == (0, 0)


def test_a_tie_is_a_win_of_neither():
    table = pd.DataFrame({"a": [1.0, 1, 0, 3], "b": [2.0, 2, 3, 0]}, index=list("ABCD"))
    result = smaa(score(flat(table), Recipe()), chosen=["A", "B", "C"], draws=100)
    assert result.wins.loc["A", "B"] == result.wins.loc["B", "A"] == 0
    assert result.wins.loc["A", "C"] + result.wins.loc["C", "A"] == 1


def test_two_that_never_have_a_rank_together_are_not_compared():
    # Each has one of two layers, and half of the weight must be backed by data.
    table = pd.DataFrame({"a": [1.0, np.nan, 0, 3], "b": [np.nan, 2, 3, 0]}, index=list("ABCD"))
    recipe = Recipe.parse({"aggregate": {"min_coverage": 0.5}})
    result = smaa(score(flat(table), recipe), chosen=["A", "B"], draws=100)
    assert result.acceptability.loc[["A", "B"]].sum(axis=1).sum() == pytest.approx(1)
    assert result.wins.isna().all(axis=None)


def test_blocks_are_named_by_their_ranks(scores):
    for ends, names in {(1, 3): ["1", "2-3"], (2, 3, 4): ["1-2", "3", "4"], (4,): ["1-4"]}.items():
        result = smaa(scores, ends=ends, draws=10)
        assert list(result.acceptability) == list(result.central) == names


def test_progress_counts_the_chunks(scores):
    steps = []
    smaa(scores, draws=2 * CHUNK + 1, progress=lambda *step: steps.append(step))
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_threads_change_nothing_and_draws_are_extended(scores):
    one = smaa(scores, draws=2 * CHUNK + 9, workers=1)
    two = smaa(scores, draws=2 * CHUNK + 9, workers=2)
    pd.testing.assert_frame_equal(one.acceptability, two.acceptability, check_exact=True)
    for label, table in one.central.items():
        pd.testing.assert_frame_equal(table, two.central[label], check_exact=True)


@given(st.integers(0, 1000), st.sets(st.integers(1, 3), min_size=0, max_size=3))
def test_blocks_that_reach_to_the_end_hold_every_draw(toy, seed, cuts):
    result = smaa(score(toy, Recipe()), ends=[*sorted(cuts), 4], draws=50, seed=seed, workers=1)
    assert result.acceptability.sum(axis=1).tolist() == pytest.approx([1] * 4)
    for label, central in result.central.items():
        there = result.acceptability[label] > 0
        assert central[there].sum(axis=1).tolist() == pytest.approx([1] * there.sum())
        assert central[~there].isna().all(axis=None)


def test_draws_without_enough_data_are_in_no_block(toy):
    # D4 has no wells, the only indicator left in `land`: it is ranked while people >= 0.66.
    recipe = Recipe.parse({"weights": {"layer:soil": 0.0, "layer:people": 3.0}})
    result = smaa(score(toy, recipe), chosen=["D4", "A1"], draws=DRAWS)
    assert result.acceptability.loc["D4"].sum() == pytest.approx(1 - 0.66, abs=NEAR)
    # Where both are ranked, A1 has at most what D4 has (100 for people).
    assert result.wins.loc["D4", "A1"] == 1
    assert result.wins.loc["A1", "D4"] == 0


def test_a_region_without_score_is_missing(toy):
    recipe = Recipe.parse({"weights": {"layer:soil": 0.0}})
    result = smaa(score(toy, recipe), draws=10)
    assert result.acceptability.loc["D4"].isna().all()
    for table in result.central.values():
        assert table.index.equals(result.acceptability.index)
        assert table.loc["D4"].isna().all()


def test_central_weights_that_take_too_much_memory_are_refused(scores, monkeypatch):
    # Four blocks and what is in none, four regions, two layers.
    monkeypatch.setattr("layers.certainty.smaa._MOST_CENTRAL", 40)
    assert len(smaa(scores, draws=10).central) == 4
    monkeypatch.setattr("layers.certainty.smaa._MOST_CENTRAL", 39)
    about = r"for 4 rank blocks need 40 numbers \(at most 39\); ask for fewer blocks or set central"
    with pytest.raises(RecipeError, match=about):
        smaa(scores, draws=10)
    assert smaa(scores, draws=10, central=False).central == {}


def test_quarters_join_where_regions_are_few():
    assert quarters(400) == (100, 200, 300, 400)
    assert quarters(2) == (1, 2)
    assert quarters(1) == (1,)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"draws": 0}, "draws = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"spread": 2.0}, "spread = 2.0"),
        ({"ends": []}, r"ends of rank blocks \(none\): rising"),
        ({"ends": [2, 2]}, r"\(2, 2\): rising ranks from 1 to 4"),
        ({"ends": range(12)}, r"\(0, 1, 2, 3, 4, 5, 6, 7, 8, 9\): rising"),
        ({"ends": [5]}, "rising ranks from 1 to 4"),
        ({"chosen": ["Z9"]}, "region 'Z9'"),
    ],
)
def test_nonsense_is_an_error_of_one_line(scores, options, words):
    with pytest.raises(RecipeError, match=words):
        smaa(scores, **options)
