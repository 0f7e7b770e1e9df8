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

from layers import Recipe, RecipeError, score
from layers.certainty.linear import linear
from layers.certainty.smaa import quarters, smaa, smaa_chunk
from layers.robust import CHUNK, rank_chunk, robust_scores

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


def test_a_part_is_the_same_as_counting_by_hand(scores):
    problem = linear(scores).problem
    part = smaa_chunk(problem, 3, 1, 100, ends=(1, 3), places=(0, 2))
    ranks, _ = rank_chunk(problem, 3, 1, 100)
    ranks = ranks.astype(int) + 1
    assert part.counts[:, 0].tolist() == (ranks == 1).sum(axis=0).tolist()
    assert part.counts[:, 1].tolist() == ((ranks == 2) | (ranks == 3)).sum(axis=0).tolist()
    assert part.wins[0, 1] == (ranks[:, 0] < ranks[:, 2]).sum()
    assert part.met.tolist() == [[100, 100], [100, 100]]


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


def test_a_region_without_score_is_missing(toy):
    recipe = Recipe.parse({"weights": {"layer:soil": 0.0}})
    assert smaa(score(toy, recipe), draws=10).acceptability.loc["D4"].isna().all()


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
        ({"ends": []}, "ends of rank blocks"),
        ({"ends": [2, 2]}, "rising ranks from 1 to 4"),
        ({"ends": [5]}, "rising ranks from 1 to 4"),
        ({"chosen": ["Z9"]}, "region 'Z9'"),
    ],
)
def test_nonsense_is_an_error_of_one_line(scores, options, words):
    with pytest.raises(RecipeError, match=words):
        smaa(scores, **options)
