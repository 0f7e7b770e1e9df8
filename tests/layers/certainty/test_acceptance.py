"""Verdicts and shares must say what the draws say, of every region.

Toy example, with the share w of `land` uniform on [0, 1]: D4 is first for w < 2/3, C3 after that;
see `test_smaa`. The best quarter of four regions is the first place.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
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
    assert verdicts(bands).name == "verdict"


def test_a_share_at_the_border_is_on_the_side_of_the_clear_verdict(bands):
    share = bands.bands["top_quarter"]
    said = verdicts(bands, sure=share["D4"], never=share["C3"])
    assert said[["C3", "D4"]].tolist() == ["never", "sure"]
    # The strictest borders that can be asked for: in none of the draws, in all of them.
    strict = verdicts(bands, sure=1.0, never=0.0)
    assert strict[["A1", "C3", "D4"]].tolist() == ["never", "open", "open"]


def test_a_region_without_a_rank_has_no_verdict(toy):
    # Only wells are left, and D4 has none: B2 3, C3 2, A1 1.
    recipe = Recipe(weights={"layer:people": 0.0, "layer:soil": 0.0})
    bands = robust_scores(score(toy, recipe), draws=10)
    assert verdicts(bands).to_dict() == {"A1": "never", "B2": "sure", "C3": "never", "D4": ""}
    shares = best_shares(bands, [0.25, 0.5])
    assert list(shares.index) == ["A1", "B2", "C3", "D4"]
    assert shares.loc["A1":"C3"].to_numpy().tolist() == [[0, 0], [1, 1], [0, 1]]
    assert shares.loc["D4"].isna().all()


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


def test_unless_asked_for_there_are_at_most_40_blocks(bands):
    """Of 41 regions, each at its own rank in both draws."""
    regions = pd.Index([f"R{place}" for place in range(1, 42)])
    many = dataclasses.replace(
        bands, bands=pd.DataFrame({"ranked": 1.0}, index=regions),
        distribution=2 * np.eye(41, 42, dtype=np.int64),
    )  # fmt: skip
    table = block_shares(many, "R41")
    assert table["first"].tolist() == list(range(1, 42, 2))
    # The last block holds what is left.
    assert table.iloc[-1].tolist() == [41, 41, 1.0]
    assert table["share"].sum() == 1.0
    assert len(block_shares(many, "R41", blocks=41)) == 41


def test_what_makes_no_sense_is_refused(bands):
    with pytest.raises(RecipeError, match="never < sure"):
        verdicts(bands, sure=0.1, never=0.1)
    with pytest.raises(RecipeError, match=r"shares 0\.1 and 1\.5"):
        verdicts(bands, sure=1.5)
    for parts, shown in (([0.0], "0"), ([0.25, 1.5], r"0\.25, 1\.5")):
        with pytest.raises(RecipeError, match=rf"best parts \({shown}\)"):
            best_shares(bands, parts)
    with pytest.raises(RecipeError, match="has no rank"):
        block_shares(bands, "nowhere")


@pytest.mark.parametrize(("part", "regions", "place"), [(0.1, 30, 3), (0.25, 10, 3), (0.1, 4, 1)])
def test_parts_are_rounded_up_to_whole_places(part, regions, place):
    assert last_place(part, regions) == place


def test_too_many_regions_keep_no_ranks(bands):
    with pytest.raises(RecipeError, match="kept for up to"):
        best_shares(dataclasses.replace(bands, distribution=None))
    assert np.isfinite(bands.bands["top_quarter"].astype(float).dropna()).all()
