from math import ceil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import dataset, flat, indicator, layer, nested, tables

from layers import Recipe, score
from layers.errors import RecipeError
from layers.lenses import Group as LensGroup
from layers.lenses import Lens
from layers.recipe import Reference
from layers.study.group import group, layer_shares

# P is best in a, R in b, S in neither.
VALUES = pd.DataFrame({"a": [100.0, 60, 0, 20], "b": [0.0, 70, 100, 10]}, index=list("PQRS"))


def weigh(**weights):
    return Recipe(weights={f"layer:layer_{key}": weight for key, weight in weights.items()})


def voices(values=VALUES, **recipes):
    made = flat(values)
    return {name: score(made, recipe) for name, recipe in recipes.items()}


def orders(regions, **ranks):
    """Lay people over each other who rank the regions as given: one layer for each of them."""
    values = -pd.DataFrame(ranks, index=list(regions), dtype="float64")
    weights = {name: {key: float(key == name) for key in ranks} for name in ranks}
    return group(voices(values, **{name: weigh(**one) for name, one in weights.items()}))


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


def test_everybody_has_the_same_regions_in_the_best_quarter():
    # Both: Q 65, P and R 50, S 15.
    found = group(voices(Ann=weigh(), Ben=weigh()))
    assert found.always().index.tolist() == ["Q"]
    assert found.never().index.tolist() == ["P", "R", "S"]
    assert found.regions["quarter"].dtype == pd.Int64Dtype()


def test_disputed_regions_come_by_range_and_then_by_deviation():
    found = orders("PQRSTU", ann=(1, 2, 3, 5, 4, 6), ben=(1, 3, 2, 6, 4, 5), cem=(1, 2, 4, 5, 6, 3))
    # Ranges 0, 1, 2, 1, 2, 3; of R and T the ranks 4 4 6 lie farther apart than 3 2 4.
    assert found.disputed().index.tolist()[:3] == ["U", "T", "R"]
    assert set(found.disputed().index[3:]) == {"Q", "S"}


def test_ten_disputed_regions_are_named():
    found = orders("ABCDEFGHIJKL", ann=range(12), ben=range(12, 0, -1))
    assert found.disputed().index.tolist() == [*"ALBKCJDIEH"]
    assert len(found.disputed(20)) == 12


def test_equal_mean_ranks_stand_in_the_order_of_the_regions():
    # Of 80 regions 0, 4, 8, ... have the ranks 61 to 80 of one person and 80 to 61 of the other,
    # 1, 5, 9, ... share the ranks 41 to 60 in the same way, and so on.
    places = np.arange(80)
    block, inside = 20 * (3 - places % 4), places // 4
    found = orders(places, ann=block + inside, ben=block + 19 - inside)
    assert found.regions["rank_mean"].head(4).tolist() == [70.5, 50.5, 30.5, 10.5]
    ordered = [place for first in (3, 2, 1, 0) for place in range(first, 80, 4)]
    assert found.agreed(1.0).index.tolist() == ordered
    assert found.always().index.tolist() == ordered[:20]
    assert found.never().index.tolist() == ordered[20:]


def test_shares_of_layers_are_their_weights_over_the_sum():
    found = layer_shares(flat(VALUES).catalogue, weigh(a=3.0))
    expected = pd.Series({"layer_a": 3 / 4, "layer_b": 1 / 4}, name="share")
    pd.testing.assert_series_equal(found, expected)


def test_shares_are_what_the_weights_say():
    found = group(voices(Ann=weigh(a=3.0), Ben=weigh()))
    mean = pd.Series({"layer_a": 5 / 8, "layer_b": 3 / 8}, name="weight")
    pd.testing.assert_series_equal(found.layers.weights, mean)
    assert found.layers.people == 2
    assert found.shares.loc["Ann"].tolist() == [3 / 4, 1 / 4]
    assert found.shares.loc["Ben"].tolist() == [1 / 2, 1 / 2]
    assert found.layers.members.loc["layer_a", "mean"] == pytest.approx((3 / 4 + 1 / 2) / 2)
    assert found.people == 2


def test_opposite_orders_do_not_agree_and_equal_ones_do_fully():
    # Rank sums of opposite orders of three are all the same, so W is 0.
    three = VALUES.assign(b=100 - VALUES["a"]).head(3)
    assert group(voices(three, Ann=weigh(b=0.0), Ben=weigh(a=0.0))).kendall_w == pytest.approx(0)
    assert group(voices(Ann=weigh(), Ben=weigh())).kendall_w == pytest.approx(1)


def test_kendalls_w_with_ties_by_hand():
    # Ranks, ties averaged: 1 2.5 2.5 4, 1.5 1.5 3 4 and 1 2 3 4; sums 3.5 6 8.5 12 about 7.5.
    tied = pd.DataFrame(
        {"a": [100.0, 60, 60, 20], "b": [90.0, 90, 50, 10], "c": [100.0, 70, 40, 0]},
        index=list("PQRS"),
    )
    people = {
        "Ann": weigh(b=0.0, c=0.0), "Ben": weigh(a=0.0, c=0.0), "Cem": weigh(a=0.0, b=0.0)
    }  # fmt: skip
    found = group(voices(tied, **people))
    squares = 4**2 + 1.5**2 + 1**2 + 4.5**2
    ties = (2**3 - 2) + (2**3 - 2)
    assert found.kendall_w == pytest.approx(12 * squares / (3**2 * (4**3 - 4) - 3 * ties))
    assert found.chance_w == 1 / 3


def test_the_mean_of_spearmans_correlations_by_hand():
    # Orders 1 2 3, 1 2 3 and 3 2 1: pairs of 1, -1 and -1.
    three = pd.DataFrame({"a": [9.0, 5, 0], "b": [8.0, 4, 1], "c": [0.0, 1, 7]}, list("PQR"))
    people = {
        "Ann": weigh(b=0.0, c=0.0), "Ben": weigh(a=0.0, c=0.0), "Cem": weigh(a=0.0, b=0.0)
    }  # fmt: skip
    assert group(voices(three, **people)).spearman == pytest.approx((1 - 1 - 1) / 3)


def test_who_ranks_all_regions_alike_agrees_with_nobody():
    # Ann: 50 everywhere.
    even = VALUES.assign(b=100 - VALUES["a"])
    found = group(voices(even, Ann=weigh(), Ben=weigh(b=0.0)))
    assert found.ranks["Ann"].tolist() == [1] * 4
    assert found.spearman is None


def test_two_regions_that_everybody_ranks_are_enough_to_agree():
    gap = VALUES.assign(a=[np.nan, 60, 0, 20], b=[0, 70, 100, np.nan])
    found = group(voices(gap, Ann=weigh(b=0.0), Ben=weigh(a=0.0)))
    assert found.regions["people"].tolist() == [1, 2, 2, 1]
    assert (found.kendall_w, found.spearman) == (0, pytest.approx(-1))


@pytest.mark.parametrize("a", [[np.nan, 60, 0, 20], [np.nan, np.nan, 0, 20]])
def test_where_one_region_or_none_is_ranked_by_everybody_nothing_is_said(a):
    gap = VALUES.assign(a=a, b=[0, 70, np.nan, np.nan])
    found = group(voices(gap, Ann=weigh(b=0.0), Ben=weigh(a=0.0)))
    assert (found.kendall_w, found.spearman) == (None, None)
    assert found.quarter_of_mean().notna().sum() == found.regions["range"].notna().sum() <= 1
    assert found.never().empty
    assert (
        found.disputed().index.tolist() == found.regions.index[found.regions["range"] > 0].tolist()
    )


def test_agreed_is_whose_ranks_lie_close_together():
    # Ranges 3, 0, 3, 0 of four regions: a quarter of four is one place.
    found = group(voices(Ann=weigh(b=0.0), Ben=weigh(a=0.0)))
    assert [found.limit(share) for share in (0.0, 0.2, 0.25, 0.75)] == [0, 0, 1, 3]
    assert found.agreed(0.25).index.tolist() == ["Q", "S"]
    assert found.agreed(0.75).index.tolist() == ["Q", "P", "R", "S"]


def test_the_limit_is_not_lost_to_rounding():
    # 0.3 of ten regions are three places, although 0.3 * 10 is a little less in floating point.
    ten = pd.DataFrame({"a": range(10), "b": range(10, 0, -1)}, dtype="float64")
    found = group(voices(ten.set_axis([f"R{one}" for one in ten.index]), A=weigh(), B=weigh()))
    assert [found.limit(share) for share in (0.1, 0.3, 0.7)] == [1, 3, 7]


def test_quarters_of_the_mean_rank_are_as_large_as_everywhere():
    # Of five regions the best quarter are two, so that the last one is empty.
    five = pd.DataFrame({"a": [5.0, 4, 3, 2, 1]}, index=list("PQRST"))
    found = group(voices(five, A=Recipe(), B=Recipe()))
    assert found.quarter_of_mean().tolist() == [1, 1, 2, 2, 3]


def test_shares_of_indicators_and_their_spread_by_hand():
    # Ann gives a 3 of 4, Ben 1 of 2: mean 5/8, sample deviation (1/4) / sqrt 2.
    found = group(voices(Ann=weigh(a=3.0), Ben=weigh())).indicators
    assert found.loc["a", "mean"] == pytest.approx((3 / 4 + 1 / 2) / 2)
    assert found.loc["a", "median"] == pytest.approx((3 / 4 + 1 / 2) / 2)
    assert found.loc["a", "deviation"] == pytest.approx((3 / 4 - 1 / 2) / np.sqrt(2))
    assert found.loc["a", ["lowest", "highest"]].tolist() == [1 / 2, 3 / 4]
    assert found.loc["a", "layer"] == "layer_a"


def test_opposite_readings_are_found_only_among_those_who_weigh():
    people = {
        "Ann": weigh(), "Ben": Recipe(directions={"b": "-"}),
        "Cem": Recipe(directions={"b": "-"}, weights={"layer:layer_b": 0.0}),
    }  # fmt: skip
    found = group(voices(**people))
    assert found.opposed().index.tolist() == ["b"]
    assert found.opposed().loc["b", ["up", "down", "unscored"]].tolist() == [1, 1, 1]
    assert found.turned().empty
    turned = group(voices(Ann=weigh(), Ben=Recipe(directions={"layer:layer_b": "-"})))
    assert turned.turned().loc["layer_b"].tolist() == [1, 1]


def test_a_layer_is_turned_against_its_usual_direction():
    layers = [layer("la", indicator("a"), direction="-"), layer("lb", indicator("b"))]
    made = dataset(layers, VALUES)
    people = {
        "Ann": Recipe(), "Ben": Recipe(), "Cem": Recipe(directions={"layer:la": "+"}),
        "Dan": Recipe(directions={"layer:lb": "-"}),
    }  # fmt: skip
    found = group({name: score(made, one) for name, one in people.items()}).turned()
    assert found.T.to_dict() == {key: {"usual": 3, "turned": 1} for key in ("la", "lb")}


def test_the_most_even_oppositions_come_first_and_of_equal_ones_the_heavier():
    three, heavy = VALUES.assign(c=[1.0, 2, 3, 4]), {"layer:layer_c": 2.0}
    found = group(voices(
        three, Ann=Recipe(weights=heavy), Ben=Recipe(weights=heavy, directions={"b": "-"}),
        Cem=Recipe(weights=heavy, directions={"a": "-"}),
        Dan=Recipe(weights=heavy, directions={"b": "-", "c": "-"}),
    ))  # fmt: skip
    # b is read either way by two people, a and c the other way by one each.
    assert found.opposed().index.tolist() == ["b", "c", "a"]
    pd.testing.assert_frame_equal(found.opposed(), found.indicators.loc[["b", "c", "a"]])


def test_indicators_are_ordered_by_how_far_shares_lie_apart():
    assert group(voices(A=weigh(b=3.0), B=weigh())).apart().index.tolist() == ["a", "b"]
    three = VALUES.assign(c=[1.0, 2, 3, 4])
    apart = group(voices(three, A=weigh(c=4.0), B=weigh())).apart()
    assert apart.index.tolist() == ["c", "a", "b"]
    # What nobody weighs does not lie apart.
    none = group(voices(three, A=weigh(b=3.0, c=0.0), B=weigh(c=0.0))).apart()
    assert none.index.tolist() == ["a", "b"]


def test_how_far_shares_lie_apart_is_their_whole_span_and_not_their_deviation():
    # Percent of a 20 30 30 40 (deviation 8.2), of b 35 35 50 50 (8.7), of c 45 35 20 10.
    three = VALUES.assign(c=[1.0, 2, 3, 4])
    people = {
        "A": weigh(a=20.0, b=35.0, c=45.0), "B": weigh(a=30.0, b=35.0, c=35.0),
        "C": weigh(a=30.0, b=50.0, c=20.0), "D": weigh(a=40.0, b=50.0, c=10.0),
    }  # fmt: skip
    found = group(voices(three, **people))
    assert found.indicators.loc["b", "deviation"] > found.indicators.loc["a", "deviation"]
    assert found.apart().index.tolist() == ["c", "a", "b"]


def test_shares_are_compared_in_the_grouping_asked_for_or_that_of_the_first():
    made = flat(VALUES.assign(c=[1.0, 2, 3, 4]))
    parts = [LensGroup(id=key, name=key, indicators=(key[0],)) for key in ("a_only", "b_only")]
    made.lenses["two"] = Lens(id="two", name="Two", source="invented", group=parts)
    people = {"Ann": Recipe(lens="two"), "Ben": Recipe(weights={"layer:layer_c": 2.0})}
    given = {name: score(made, one) for name, one in people.items()}
    assert group(given, lens="").shares.columns.tolist() == ["layer_a", "layer_b", "layer_c"]
    found = group(given)
    assert found.shares.columns.tolist() == ["a_only", "b_only"]
    # Ben gives half of all to c, which this grouping does not hold; the rest is the weights.
    assert found.shares.loc["Ben"].tolist() == [1 / 4, 1 / 4]
    assert found.layers.weights.tolist() == [1 / 2, 1 / 2]


def test_what_nobody_weighs_makes_no_agreement():
    # Of three indicators one counts for nobody; the orders of the other two are opposite.
    three = VALUES.assign(c=[1.0, 2, 3, 4])
    people = {"A": weigh(a=2.0, b=1.0, c=0.0), "B": weigh(a=1.0, b=2.0, c=0.0)}
    found = group(voices(three, **people))
    assert found.indicators_w == pytest.approx(0)
    # A layer that both leave out is a wish of both: rank sums 3, 3 and 6 about 4.
    assert found.layers.kendall_w == pytest.approx(12 * (1 + 1 + 4) / (2**2 * (3**3 - 3)))


def test_people_can_be_handed_in_one_by_one():
    given = voices(Ann=weigh(b=0.0), Ben=weigh(a=0.0))
    pd.testing.assert_frame_equal(group(iter(given.items())).regions, group(given).regions)


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


def test_people_who_leave_out_the_same_regions_can_be_compared():
    some = {"filter": {"name": ["P", "Q", "R"]}, "reference": Reference(set="filtered")}
    people = {"Ann": Recipe(**some), "Ben": Recipe(**some, weights={"layer:layer_b": 2.0})}
    found = group(voices(**people))
    assert found.regions["people"].tolist() == [2, 2, 2, 0]


def test_no_weight_at_all_has_no_shares():
    with pytest.raises(RecipeError, match="all weights are zero"):
        layer_shares(flat(VALUES).catalogue, weigh(a=0.0, b=0.0))


@settings(max_examples=8)
@given(tables(), st.lists(st.floats(0.1, 5), min_size=2, max_size=4))
def test_what_must_hold_for_any_group(values, weights):
    made = nested(values)
    given_voices = {
        str(place): score(made, Recipe(weights={"layer:top": weight}))
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
    pd.testing.assert_frame_equal(turned.indicators, found.indicators)
    assert (turned.kendall_w, turned.spearman) == (found.kendall_w, found.spearman)
    assert found.agreed(1.0).index.isin(known.index).all()
    assert len(found.agreed(0.0)) <= len(found.agreed(0.3)) <= len(known)
