from math import ceil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import flat, nested, tables

from layers import Recipe, score
from layers.errors import RecipeError
from layers.recipe import Reference
from layers.study.group import group, layer_shares

# P is best in a, R in b, S in neither.
VALUES = pd.DataFrame({"a": [100.0, 60, 0, 20], "b": [0.0, 70, 100, 10]}, index=list("PQRS"))


def weigh(**weights):
    return Recipe(weights={f"layer:layer_{key}": weight for key, weight in weights.items()})


def voices(values=VALUES, **recipes):
    dataset = flat(values)
    return {name: score(dataset, recipe) for name, recipe in recipes.items()}


def test_two_people_by_hand():
    # Ann: P 100, Q 60, S 20, R 0; Ben: R 100, Q 70, S 10, P 0. The best quarter of four is one.
    found = group(voices(Ann=weigh(b=0.0), Ben=weigh(a=0.0)))
    assert found.ranks["Ann"].tolist() == [1, 2, 4, 3]
    assert found.ranks["Ben"].tolist() == [4, 2, 1, 3]
    assert found.regions["rank_mean"].tolist() == [2.5, 2, 2.5, 3]
    assert found.regions["range"].tolist() == [3, 0, 3, 0]
    assert found.regions["quarter"].tolist() == [1, 0, 1, 0]
    assert found.regions.loc["P", "deviation"] == pytest.approx(3 / np.sqrt(2))
    assert found.always().empty
    assert found.never().index.tolist() == ["Q", "S"]
    assert found.disputed().index.tolist() == ["P", "R"]
    assert found.disputed(1).index.tolist() == ["P"]


def test_shares_are_what_the_weights_say():
    found = group(voices(Ann=weigh(a=3.0), Ben=weigh()))
    assert found.shares.loc["Ann"].tolist() == [3 / 4, 1 / 4]
    assert found.shares.loc["Ben"].tolist() == [1 / 2, 1 / 2]
    assert found.layers.members.loc["layer_a", "mean"] == pytest.approx((3 / 4 + 1 / 2) / 2)
    assert found.people == 2


def test_opposite_orders_do_not_agree_and_equal_ones_do_fully():
    # Rank sums of opposite orders of three are all the same, so W is 0.
    three = VALUES.assign(b=100 - VALUES["a"]).head(3)
    assert group(voices(three, Ann=weigh(b=0.0), Ben=weigh(a=0.0))).kendall_w == pytest.approx(0)
    assert group(voices(Ann=weigh(), Ben=weigh())).kendall_w == pytest.approx(1)


def test_a_region_that_somebody_cannot_rank_is_counted_but_not_summed_up():
    gap = VALUES.copy()
    gap.loc["S", "a"] = np.nan
    found = group(voices(gap, Ann=weigh(b=0.0), Ben=weigh(a=0.0)))
    assert found.regions.loc["S", "people"] == 1
    assert found.regions.loc["S"].drop("people").isna().all()
    assert found.never().index.tolist() == ["Q"]


def test_one_person_is_no_group():
    with pytest.raises(RecipeError, match="1 weighting"):
        group(voices(Ann=weigh()))


def test_people_who_compare_other_regions_are_not_laid_over_each_other():
    some = Recipe(filter={"name": ["P", "Q"]}, reference=Reference(set="filtered"))
    with pytest.raises(RecipeError, match="'Ann' and 'Ben' rank different regions"):
        group(voices(Ann=weigh(), Ben=some))


def test_no_weight_at_all_has_no_shares():
    with pytest.raises(RecipeError, match="all weights are zero"):
        layer_shares(flat(VALUES).catalogue, weigh(a=0.0, b=0.0))


@settings(max_examples=20)
@given(tables(), st.lists(st.floats(0.1, 5), min_size=2, max_size=4))
def test_what_must_hold_for_any_group(values, weights):
    dataset = nested(values)
    given_voices = {
        str(place): score(dataset, Recipe(weights={"layer:top": weight}))
        for place, weight in enumerate(weights)
    }
    found = group(given_voices)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)
    known = found.regions.dropna()
    assert (known["rank_best"] <= known["rank_mean"]).all()
    assert (known["rank_mean"] <= known["rank_worst"]).all()
    assert not found.always().index.intersection(found.never().index).size
    places = max(ceil(one.ranks.notna().sum() / 4) for one in given_voices.values())
    assert (found.always()["rank_worst"] <= places).all()
    # Who is asked in which order does not matter.
    turned = group(dict(reversed(given_voices.items())))
    pd.testing.assert_frame_equal(turned.regions, found.regions)
