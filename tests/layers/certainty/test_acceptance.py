"""Verdicts and shares must say what the draws say, of every region.

Toy example, with the share w of `land` uniform on [0, 1]: D4 is first for w < 2/3, C3 after that;
see `test_smaa`. The best quarter of four regions is the first place.
"""

from __future__ import annotations

import numpy as np
import pytest

from layers import Recipe, RecipeError, score
from layers.certainty.acceptance import best_shares, block_shares, last_place, verdicts
from layers.robust import robust_scores

DRAWS = 5_000
NEAR = 4 * 0.5 / DRAWS**0.5


@pytest.fixture(scope="module")
def bands(toy):
    return robust_scores(score(toy, Recipe()), draws=DRAWS)


def test_verdicts_follow_from_the_share_in_the_best_quarter(bands):
    assert verdicts(bands).loc[["A1", "B2", "C3", "D4"]].tolist() == [
        "never", "never", "open", "open"
    ]  # fmt: skip
    # D4 is first in two thirds of the weightings, C3 in one third.
    assert verdicts(bands, sure=0.6, never=0.4)[["C3", "D4"]].tolist() == ["never", "sure"]


def test_a_region_without_a_rank_has_no_verdict(bands):
    unranked = bands.bands["rank_median"].isna()
    assert (verdicts(bands)[unranked] == "").all()
    assert best_shares(bands)[unranked].isna().all(axis=None)


def test_the_best_quarter_is_that_of_the_bands(bands):
    shares = best_shares(bands, [0.25, 0.5, 1.0])
    known = bands.bands["top_quarter"].astype(float)
    assert shares[0.25].dropna().tolist() == known.dropna().tolist()
    # Among the better half: first or second. B2 never is, D4 always.
    assert shares.loc[["B2", "D4"], 0.5].tolist() == [0, 1]
    assert shares[1.0].dropna().eq(1).all()


def test_blocks_add_up_and_say_where_a_region_stands(bands):
    table = block_shares(bands, "C3")
    assert table["share"].sum() == pytest.approx(1)
    assert table[["first", "last"]].to_numpy().tolist() == [[1, 1], [2, 2], [3, 3], [4, 4]]
    assert table["share"].to_numpy() == pytest.approx([1 / 3, 2 / 3 - 4 / 11, 4 / 11, 0], abs=NEAR)
    assert block_shares(bands, "C3", blocks=2)[["first", "last"]].to_numpy().tolist() == [
        [1, 2], [3, 4]
    ]  # fmt: skip


def test_what_makes_no_sense_is_refused(bands):
    with pytest.raises(RecipeError, match="never < sure"):
        verdicts(bands, sure=0.1, never=0.1)
    with pytest.raises(RecipeError, match="best parts"):
        best_shares(bands, [0.0])
    with pytest.raises(RecipeError, match="has no rank"):
        block_shares(bands, "nowhere")


@pytest.mark.parametrize(("part", "regions", "place"), [(0.1, 30, 3), (0.25, 10, 3), (0.1, 4, 1)])
def test_parts_are_rounded_up_to_whole_places(part, regions, place):
    assert last_place(part, regions) == place


def test_too_many_regions_keep_no_ranks(bands):
    import dataclasses

    with pytest.raises(RecipeError, match="kept for up to"):
        best_shares(dataclasses.replace(bands, distribution=None))
    assert np.isfinite(bands.bands["top_quarter"].astype(float).dropna()).all()
