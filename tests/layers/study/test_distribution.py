"""People shared out by hand, by property, and under the same draws as the rank bands."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sharing import REGIONS, VALUES, rule, scores

from layers import Recipe, score
from layers.certainty.draws import weightings
from layers.errors import RecipeError
from layers.study.distribution import distribute, room
from layers.study.distribution_rule import Rule
from layers.study.present import PRESENT


def persons(people, asked, of=None):
    one = [people] if isinstance(people, int) else people
    found = distribute(of or scores(), one, asked, draws=0)
    return found.regions["persons"].tolist()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (rule(population=1), [10, 20, 30]),
        (rule(area=1), [15, 15, 30]),
        (rule(equal=1), [20, 20, 20]),
        # Inhabitants times score: 10 x 100, 20 x 50, 30 x 0.
        (rule(score=1), [30, 30, 0]),
        # Scores alone: 100, 50, 0.
        (rule(score_only=1), [40, 20, 0]),
        # Half of 1/6, 1/3, 1/2 and half of 1/2, 1/2, 0.
        (rule(population=1, score=1), [20, 25, 15]),
        (rule(population=3, equal=1), [12, 20, 28]),
        # Inhabitants times a: 10 x 4, 20 x 3, 30 x 2.
        (Rule(mixture={"indicator:a": 1}), [15, 22, 23]),
    ],
)
def test_sixty_people_by_each_rule(asked, expected):
    assert persons(60, asked) == expected


def test_ties_go_to_more_inhabitants_and_then_to_the_smaller_key():
    # 4 people, a third each: one is left, and R has most inhabitants.
    assert persons(4, rule(equal=1)) == [1, 1, 2]
    even = scores(regions=REGIONS.assign(population=10_000))
    assert persons(4, rule(equal=1), even) == [2, 1, 1]


def test_a_bound_per_thousand_counts_whole_people_and_those_present():
    # By score P and Q get 30 each; 2.9 per 1,000 leave P 29, so Q takes one more.
    assert persons(60, rule(score=1, cap=2.9)) == [29, 31, 0]
    # 10, 1 and 5 per 1,000 are 100, 20 and 150 people: room for 20 in P, 220 in Q, 210 in R.
    asked = rule(population=1, cap=12, count_present=True)
    assert room(scores(), asked) == 20 + 220 + 210
    assert persons(300, asked) == [20, 112, 168]
    found = distribute(scores(), [300], asked).regions
    assert found["bound"].tolist() == [20, 220, 210]
    assert found["at_bound"].tolist() == [True, False, False]


def test_a_bound_has_no_surprise_of_binary_fractions():
    # 0.3 x 10,000 / 1,000 is 3, though 0.3 is a little less in binary.
    assert room(scores(), rule(population=1, cap=0.3)) == 3 + 6 + 9


def test_room_is_that_of_the_regions_that_can_get_somebody():
    assert room(scores(), rule(population=1)) is None
    # As many newcomers as inhabitants; nobody knows how many live in Q, so that it takes none.
    asked = rule(equal=1, cap=1_000)
    assert room(scores(), asked) == 60_000
    assert room(scores(regions=REGIONS.assign(population=[10_000, None, 30_000])), asked) == 40_000
    # R has no score.
    assert room(scores(), rule(score=1, cap=1)) == 10 + 20
    # 100 of 50, 20 of 100 and 150 of 150 places are taken.
    assert room(scores(), rule(equal=1, cap=5, count_present=True)) == 0 + 80 + 0


def test_bounds_that_cannot_hold_all_say_how_many_they_can():
    # R has no score and takes nobody, so that its room does not count.
    with pytest.raises(RecipeError, match="at most 30 people, not 31") as refused:
        persons(31, rule(score=1, cap=1))
    assert refused.value.code == "no_room"
    assert persons(30, rule(score=1, cap=1)) == [10, 20, 0]


def test_steps_see_what_earlier_ones_filled():
    found = distribute(scores(), [30, 25], rule(score=1, cap=2), draws=0)
    wide = found.steps.pivot_table(index="region", columns="step", values="persons")
    # 15 and 15; then P has room for 5 more, and Q takes the other 20.
    assert wide[1].tolist() == [15, 15, 0]
    assert wide[2].tolist() == [5, 20, 0]
    assert found.regions["persons"].tolist() == [20, 35, 0]
    so_far = found.steps.set_index(["step", "region"])["so_far"]
    assert so_far[2].tolist() == [20, 35, 0]


def test_many_small_steps_end_where_one_large_one_does_within_one():
    asked = rule(population=2, area=1)
    many = np.array(persons([1] * 24, asked))
    assert many.sum() == 24
    assert np.abs(many - np.array(persons(24, asked))).max() <= 1


def test_only_chosen_laender_or_the_selection_take_part():
    found = distribute(scores(), [30], rule(population=1, land=("01",)), draws=0)
    assert found.regions["persons"].to_dict() == {"P": 10, "Q": 20}
    narrow = scores(Recipe.parse({"filter": {"land": ["02"]}}))
    assert persons(30, rule(population=1, selected=True), narrow) == [30]
    assert persons(60, rule(population=1), narrow) == [10, 20, 30]
    with pytest.raises(RecipeError, match="unknown Land '09'; allowed: 01, 02"):
        persons(30, rule(land=("09",)))
    with pytest.raises(RecipeError, match="no region takes part"):
        persons(30, rule(land=("01",), selected=True), narrow)


def test_what_stands_beside_it_by_hand():
    found = distribute(scores(), [60], rule(score=1), draws=0)
    table = found.regions
    assert table["by_population"].tolist() == [10, 20, 30]
    assert table["difference"].tolist() == [20, 10, -30]
    assert table["per_1000"].tolist() == [3, 1.5, 0]
    assert table["difference_per_1000"].tolist() == [2, 0.5, -1]
    assert table["against_population"].tolist() == ["more", "more", "fewer"]
    # 10, 1 and 5 per 1,000 of 10, 20 and 30 thousand.
    assert table["present"].tolist() == [100, 20, 150]
    assert table["present_scaled"].tolist() == [22, 5, 33]
    apart = found.distances["dissimilarity"].tolist()
    assert apart[0] == pytest.approx((1 / 2 - 1 / 6 + 1 / 2 - 1 / 3 + 1 / 2) / 2)
    assert apart[2] == pytest.approx(
        (abs(1 / 6 - 10 / 27) + abs(1 / 3 - 2 / 27) + abs(1 / 2 - 15 / 27)) / 2
    )
    assert found.lands["persons"].to_dict() == {"01": 60, "02": 0}
    assert found.present.year == 2020
    assert found.present.population_year == 2023


def test_the_range_is_that_of_the_draws_of_the_rank_bands():
    """Weigh, score and share out by hand under each weighting that the bands draw."""
    both = scores(Recipe())
    found = distribute(both, [600], rule(score=1), draws=200, seed=3)
    values = both.layers[["la", "lb"]].to_numpy()
    people = REGIONS["population"].to_numpy()
    drawn = []
    for shares in weightings(both, draws=200, seed=3).to_numpy():
        claim = people * (values @ shares)
        quota = 600 * claim / claim.sum()
        whole = np.floor(quota).astype(int)
        whole[np.argsort(-(quota - whole))[: 600 - whole.sum()]] += 1
        drawn.append(whole)
    ordered = np.sort(drawn, axis=0)
    assert found.draws == 200
    assert found.regions["persons_p05"].tolist() == ordered[9].tolist()
    assert found.regions["persons_p95"].tolist() == ordered[189].tolist()
    more = (np.array(drawn) > [100, 200, 300]).mean(axis=0)
    assert found.regions["more"].tolist() == pytest.approx(more.tolist())
    sums = np.sort(np.array(drawn)[:, :2].sum(axis=1))
    assert found.lands.loc["01", ["persons_p05", "persons_p95"]].tolist() == [sums[9], sums[189]]
    # Sums do not vary as much as their parts together.
    parts = found.regions.loc[["P", "Q"]]
    assert sums[189] - sums[9] < (parts["persons_p95"] - parts["persons_p05"]).sum()


def test_around_the_chosen_weights_the_range_is_narrower():
    wide, narrow = (
        distribute(scores(Recipe()), [600], rule(score=1), draws=300, spread=spread).regions
        for spread in (None, 0.1)
    )
    assert ((narrow["persons_p95"] - narrow["persons_p05"])
            < (wide["persons_p95"] - wide["persons_p05"])).all()  # fmt: skip


@pytest.mark.parametrize("method", ["geometric", "harmonic", "mpi"])
def test_other_means_are_turned_back_into_scores_before_they_count(method):
    recipe = Recipe.parse({"aggregate": {"method": method}, "normalise": {"range": [1, 100]}})
    both = scores(recipe)
    found = distribute(both, [600], rule(score=1), draws=50, spread=1e-9)
    # All draws lie at the chosen weights, so that the range closes on what was computed exactly.
    assert (found.regions["persons_p05"] - found.regions["persons"]).abs().max() <= 1
    assert found.regions["persons_p05"].tolist() == found.regions["persons_p95"].tolist()


def test_a_rule_without_score_has_no_range():
    found = distribute(scores(Recipe()), [60], rule(population=1))
    assert found.draws == 0
    assert found.regions["persons_p05"].isna().all()
    assert found.regions["against_population"].tolist() == ["same"] * 3


def test_what_no_weighting_changes_is_called_the_same_and_not_open():
    alone = distribute(scores(Recipe()), [60], rule(score=1, land=("02",)), draws=50)
    assert alone.regions["against_population"].tolist() == ["same"]


def test_a_region_without_score_gets_nothing_by_score_and_is_counted():
    gap = VALUES.copy()
    gap.loc["Q", "a"] = np.nan
    found = distribute(scores(values=gap), [60], rule(score=1, population=1))
    assert found.unscored == ("Q",)
    assert distribute(scores(values=gap), [60], rule(population=1)).unscored == ()
    assert found.regions["persons"].tolist() == [35, 10, 15]
    assert persons(60, rule(score=1), scores(values=gap)) == [60, 0, 0]


def test_draws_in_which_too_few_have_a_claim_for_the_bounds_are_left_out():
    # Q has layer b only: where b weighs less than half, it has no score and takes nobody.
    gap = VALUES.assign(a=[4.0, np.nan, 2])
    recipe = Recipe.parse({"aggregate": {"min_coverage": 0.5}})
    found = distribute(scores(recipe, gap), [60], rule(score=1, cap=1), draws=50)
    assert found.regions["persons"].tolist() == [10, 20, 30]
    assert 0 < found.draws < found.asked_draws == 50


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ([], "people: 0 steps"), ([1] * 25, "people: 25 steps"), ([3, 0], "people = 0: whole"),
        ([-1], "people = -1:"), ([1.5], r"people = 1\.5:"), ([float("nan")], "people = nan:"),
        ([10_000_000, 1], "people = 10000001:"),
    ],
)  # fmt: skip
def test_senseless_numbers_of_people_are_refused(people, said):
    with pytest.raises(RecipeError, match=said):
        distribute(scores(), people, rule())


def test_ten_million_people_and_not_one_more_can_be_shared_out():
    assert persons([9_999_999, 1], rule(area=1)) == [2_500_000, 2_500_000, 5_000_000]


def test_what_a_part_needs_and_is_missing_is_named():
    bare = scores(regions=REGIONS[["name"]])
    for asked, word in [
        (rule(population=1), "population"), (rule(area=1), "area_km2"), (rule(score=1), "popu"),
        (rule(equal=1, cap=1), "population"), (rule(land=("01",)), "Land"),
    ]:  # fmt: skip
        with pytest.raises(RecipeError, match=word) as refused:
            persons(9, asked, bare)
        assert refused.value.code == ("" if asked.land else "no_attribute")
    assert persons(9, rule(equal=1), bare) == [3, 3, 3]
    assert persons(9, rule(score_only=1), bare) == [6, 3, 0]
    with pytest.raises(RecipeError, match="no indicator 'tax'"):
        persons(9, Rule(mixture={"indicator:tax": 1}))


def test_values_below_zero_are_refused():
    low = scores(Recipe.parse({"normalise": {"method": "zscore"}}))
    with pytest.raises(RecipeError, match="below 0") as refused:
        persons(9, rule(score=1), low)
    assert refused.value.code == "negative_score"
    with pytest.raises(RecipeError, match="below 0"):
        persons(9, Rule(mixture={"indicator:a": 1}), scores(values=VALUES - 3))


def test_without_recipients_the_bound_cannot_count_them():
    bare = scores(values=VALUES.drop(columns=PRESENT))
    with pytest.raises(RecipeError, match="count_present") as refused:
        persons(9, rule(cap=1, count_present=True), bare)
    assert refused.value.code == "no_present"
    assert distribute(bare, [9], rule(), draws=0).present is None


def test_a_distribution_says_what_was_asked_for():
    asked = rule(score=1, cap=5)
    found = distribute(scores(), [30.0, 25], asked, draws=10, seed=3, spread=0.2)
    assert (found.rule, found.people, found.total) == (asked, (30, 25), 55)
    assert (found.draws, found.asked_draws, found.seed, found.spread) == (10, 10, 3, 0.2)
    usual = distribute(scores(Recipe()), [600], rule(score=1))
    assert (usual.draws, usual.asked_draws, usual.seed, usual.spread) == (1_000, 1_000, 1, None)
    again = distribute(scores(Recipe()), [600], rule(score=1), draws=1_000, seed=1)
    pd.testing.assert_frame_equal(usual.regions, again.regions)


@settings(max_examples=5)
@given(
    st.lists(st.integers(1, 50_000), min_size=3, max_size=3), st.integers(1, 5_000),
    st.permutations("PQR"),
)  # fmt: skip
def test_totals_are_exact_and_the_order_of_rows_is_of_no_account(population, people, order):
    asked = rule(population=1, score=2, equal=0.5)
    given = scores(Recipe(), regions=REGIONS.assign(population=population))
    found = distribute(given, [people], asked, draws=10)
    assert found.regions["persons"].sum() == people
    assert (found.regions["persons"] >= 0).all()
    assert (found.regions["persons_p05"] <= found.regions["persons_p95"]).all()
    shuffled = dataclasses.replace(given.dataset, regions=given.dataset.regions.loc[list(order)])
    again = distribute(score(shuffled, Recipe()), [people], asked, draws=10)
    pd.testing.assert_frame_equal(again.regions.loc[list("PQR")], found.regions,
                                  check_names=False)  # fmt: skip


def test_all_kreise_to_the_last_person(kreise_scores):
    asked = rule(population=1, score=1, cap=50)
    found = distribute(kreise_scores, [3_333_333], asked, draws=20)
    assert found.regions["persons"].sum() == 3_333_333
    assert (found.regions["persons"] <= found.regions["bound"]).all()
    assert found.lands["persons"].sum() == 3_333_333
    assert found.present.year == found.present.population_year


@pytest.fixture(scope="module")
def kreise_scores():
    from layers import Dataset
    from layers.paths import data_folder, default_recipe

    kreise = Dataset.open(data_folder() / "kreise")
    return score(kreise, default_recipe(kreise))
