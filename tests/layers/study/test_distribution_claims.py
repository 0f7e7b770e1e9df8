"""What a region may claim: who takes part, what stands where nothing is known, and every draw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sharing import REGIONS, VALUES, rule, scores

from layers import Recipe
from layers.errors import RecipeError
from layers.study.distribution_claims import claims, drawn_claims, inhabitants, scope
from layers.study.distribution_rule import Rule

#: Weight of every layer as chosen: what is drawn around it hardly differs from it.
STILL = {"draws": 3, "seed": 1, "spread": 1e-9}


def shares(of, asked):
    """Shares of P, Q, R by the exact claims."""
    keys = pd.Index(list("PQR"))
    claimed = claims(of, keys, asked)
    return (claimed / claimed.sum()).astype(float).tolist()


def drawn(of, asked, **drawing):
    chunks = drawn_claims(of, scope(of, asked), asked, **(STILL | drawing))
    return list(chunks)


def test_whose_inhabitants_are_not_known_is_served_last():
    bare = REGIONS.assign(population=[None, 0, 1])
    assert scope(scores(regions=bare), rule(equal=1)).tolist() == ["R", "Q", "P"]
    nobody = REGIONS.assign(population=[None, None, 1]).loc[list("QPR")]
    assert scope(scores(regions=nobody), rule(equal=1)).tolist() == ["R", "P", "Q"]


def test_inhabitants_are_missing_for_every_region_of_a_dataset_without_them():
    found = inhabitants(scores(regions=REGIONS[["name"]]))
    expected = pd.Series(np.nan, index=pd.Index(list("PQR"), name="region"))
    pd.testing.assert_series_equal(found, expected)


@pytest.mark.parametrize(
    ("asked", "regions", "expected"),
    [
        (rule(population=1), REGIONS.assign(population=[3, None, 1]), [3 / 4, 0, 1 / 4]),
        (rule(area=1), REGIONS.assign(area_km2=[3, None, 1]), [3 / 4, 0, 1 / 4]),
        # Inhabitants times score: 3 x 100, an unknown number x 50, 1 x 0.
        (rule(score=1), REGIONS.assign(population=[3, None, 1]), [1, 0, 0]),
    ],
)
def test_what_is_not_known_claims_nothing(asked, regions, expected):
    assert shares(scores(regions=regions), asked) == expected


def test_no_score_claims_nothing_by_score_alone():
    # P, Q, R would have 1, 1/2 and 0; Q has no value.
    small = Recipe.parse({"weights": {"layer:lb": 0.0}, "normalise": {"range": [0, 1]}})
    gap = scores(small, VALUES.assign(a=[4.0, np.nan, 2]))
    assert shares(gap, rule(score_only=1)) == [1, 0, 0]


def test_an_indicator_may_be_nought_somewhere():
    # Inhabitants times b: 10 x 0, 20 x 8, 30 x 4.
    found = shares(scores(), Rule(mixture={"indicator:b": 1}))
    assert found == pytest.approx([0, 160 / 280, 120 / 280])


def test_whatever_a_rule_lacks_is_refused_with_a_code_and_named():
    bare = scores(regions=REGIONS[["name"]])
    low = Recipe.parse({"normalise": {"range": [-10, 100]}})
    below = VALUES.assign(a=-1.0, b=[1.0, 2, 3])
    for of, asked, code, words in [
        (bare, rule(area=1), "no_attribute", "'area' needs the attribute 'area_km2'"),
        (bare, rule(score=1), "no_attribute", "'score' needs the attribute 'population'"),
        (scores(), rule(score=1, population=1, land=("02",)), "nothing", "anything for 'score'"),
        (scores(), Rule(mixture={"indicator:tax": 1}), "", "'tax'; allowed: a, b, asylum"),
        # Each region has an index above 0 out of layers that are not.
        (scores(low), rule(score=1), "negative_score", "instead of normalise.method = 'minmax'"),
        (scores(values=below, recipe=Recipe.parse({"normalise": {"constant": "drop"}})),
         Rule(mixture={"indicator:a": 1}), "negative_value", "indicator 'a' has values below 0"),
    ]:  # fmt: skip
        with pytest.raises(RecipeError, match=words) as refused:
            claims(of, scope(of, asked), asked)
        assert refused.value.code == code
    assert scores(low).index.min() > 0
    narrow = scores(Recipe.parse({"filter": {"land": ["02"]}}))
    with pytest.raises(RecipeError, match="no region takes part") as refused:
        scope(narrow, rule(land=("01",), selected=True))
    assert refused.value.code == "nobody"


def test_draws_come_in_chunks_of_whole_numbers():
    chunks = drawn(scores(Recipe()), rule(score=1), draws=600, spread=None)
    assert [one.shape for one in chunks] == [(512, 3), (88, 3)]
    assert {one.dtype for one in chunks} == {np.dtype(np.int64)}
    assert all((np.abs(one.sum(axis=1) - 2**38) <= 3).all() for one in chunks)
    with pytest.raises(RecipeError, match="spread = -1"):
        drawn(scores(), rule(score=1), spread=-1)


@pytest.mark.parametrize(
    "asked",
    [
        rule(score=1), rule(score_only=1), rule(score=1, score_only=2),
        rule(population=1, area=3, equal=2, score=2, score_only=1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("population", [[10_000, 20_000, 30_000], [3, None, 1]])
@pytest.mark.parametrize("top", [100, 0.01])
def test_draws_around_the_chosen_weights_claim_what_these_do(asked, population, top):
    recipe = Recipe.parse({"normalise": {"range": [0, top]}})
    of = scores(recipe, regions=REGIONS.assign(population=population))
    expected = pd.Series(shares(of, asked), list("PQR"))[scope(of, asked)]
    (found,) = drawn(of, asked)
    assert len(found) == STILL["draws"]
    for row in found:
        assert (row / 2**38).tolist() == pytest.approx(expected.tolist(), abs=1e-6)


def test_draws_follow_the_mean_of_the_index_and_not_that_of_a_layer():
    recipe = Recipe.parse({
        "normalise": {"range": [1, 100]},
        "aggregate": {"levels": {"index": {"method": "geometric"}, "1": {"method": "harmonic"}}},
    })  # fmt: skip
    of = scores(recipe)
    expected = pd.Series(shares(of, rule(score_only=1)), list("PQR"))[list("RQP")]
    (found,) = drawn(of, rule(score_only=1))
    assert (found[0] / 2**38).tolist() == pytest.approx(expected.tolist(), abs=1e-6)


def test_a_draw_in_which_nobody_has_a_score_is_left_out():
    # P is alone in its Land and has layer b only: where b weighs less than half, it has no score.
    gap = VALUES.assign(a=[np.nan, 3, 2], b=[8.0, 4, 0])
    recipe = Recipe.parse({"aggregate": {"min_coverage": 0.5}})
    of = scores(recipe, gap, REGIONS.assign(land=["01", "02", "02"]))
    (found,) = drawn(of, rule(score=1, score_only=1, land=("01",)), draws=50, spread=None)
    assert 0 < len(found) < 50
    assert (found == 2**38).all()


def test_a_draw_in_which_one_part_has_nothing_to_go_by_is_left_out():
    # As before, but Q is there too: it always has a score, though nobody knows its inhabitants.
    gap = VALUES.assign(a=[np.nan, 3, 2], b=[8.0, 4, 0])
    recipe = Recipe.parse({"aggregate": {"min_coverage": 0.5}})
    of = scores(recipe, gap, REGIONS.assign(population=[10_000, None, 1], land=["01", "01", "02"]))
    (alone,) = drawn(of, rule(score_only=1, land=("01",)), draws=50, spread=None)
    (found,) = drawn(of, rule(score=1, score_only=1, land=("01",)), draws=50, spread=None)
    assert 0 < len(found) < len(alone) == 50
