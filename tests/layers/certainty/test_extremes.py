"""What must be true of the best and worst rank a region can reach.

The toy dataset has two layers below the index. With the share w of `land`, the scores are
A1: 100 (1 - w), B2: 62.5 w, C3: 50 + 37.5 w, D4: 100 - 37.5 w.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import Recipe, RecipeError, score
from layers.certainty import extremes as module
from layers.certainty.extremes import extreme_rank, extremes
from layers.certainty.simplex import Simplex
from layers.robust import Problem, rank_chunk


def problem(values, least=0.5):
    """Build a problem from regions x layers; NaN is a gap."""
    values = np.asarray(values, float).T
    known = ~np.isnan(values)
    gappy = np.flatnonzero(~known.all(axis=0))
    return Problem(
        terms=np.where(known, values, 0.0), present=known[:, gappy].astype(float),
        covered=known[:, gappy].astype(float), gappy=gappy,
        weights=np.full(len(values), 1 / len(values)), spread=None, least=least, top=1,
    )  # fmt: skip


def free(k):
    return Simplex(np.zeros(k), np.ones(k))


def reach(values, space=None, **options):
    """Rank and bound of the first region, at best and at worst."""
    case, space = problem(values, options.pop("least", 0.5)), space or free(len(values[0]))
    found = [extreme_rank(case, 0, side, space, **options) for side in ("best", "worst")]
    return [(one.rank, one.bound) for one in found]


#: With the share w of the first layer, the second region leads the first one from w = 1/2 on, the
#: third one up to w = 0.5001: in between both do, and no trial weights happen to lie there.
NARROW_WORST = [[50, 50], [100, 0], [0, 100.02]]
#: Here the third one leads up to w = 0.4999 only: in between neither does.
NARROW_BEST = [[50, 50], [100, 0], [0, 99.98]]


def test_the_toy_dataset_by_hand(toy):
    table = extremes(score(toy, Recipe()), ["A1", "B2", "C3", "D4"])
    # A1 ties with D4 at w = 0, B2 with D4 at w = 1: ties count as the best of the shared places.
    assert list(table["best"]) == [1, 2, 1, 1]
    assert list(table["worst"]) == [4, 4, 3, 2]
    assert table[["best_exact", "worst_exact"]].all(axis=None)
    assert table.loc["C3", "best_weight:land"] > 2 / 3
    assert table.loc["C3", "worst_weight:land"] < 4 / 11


def test_each_region_is_reported_as_it_is_done(toy):
    told = []
    extremes(score(toy, Recipe()), ["A1", "C3", "A1"], progress=lambda *done: told.append(done))
    assert told == [(1, 2), (2, 2)]


def test_limits_narrow_the_range(toy):
    scores = score(toy, Recipe())
    table = extremes(scores, ["C3"], lower={"land": 0.4}, upper={"land": 0.6})
    assert (table.loc["C3", "best"], table.loc["C3", "worst"]) == (2, 2)


GEOMETRIC = {"normalise": {"range": [1.0, 100.0]}, "aggregate": {"method": "geometric"}}


@pytest.mark.parametrize("choices", [{}, GEOMETRIC])
def test_the_weights_returned_give_the_rank(toy, choices):
    scores = score(toy, Recipe.parse(choices))
    row = extremes(scores, ["C3"]).loc["C3"]
    for side in ("best", "worst"):
        names = ("layer:land", "layer:people")
        weights = {key: float(row[f"{side}_weight:{key[6:]}"]) for key in names}
        assert score(toy, Recipe.parse(choices | {"weights": weights})).ranks["C3"] == row[side]


def brute_force(values, target):
    """Best and worst rank for three layers, exactly, over all cells of the triangle of weights.

    Lines through the triangle are rows of differences in homogeneous coordinates, their crossings
    are cross products. Closed conditions are met at a corner of a cell, strict ones inside.
    """
    rows = [[a - b for a, b in zip(row, values[target], strict=True)] for row in values]
    lines = [*rows, [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    corners = set()
    for (a, b, c), (d, e, f) in combinations(lines, 2):
        crossing = (b * f - c * e, c * d - a * f, a * e - b * d)
        total = sum(crossing)
        if total and all(one / Fraction(total) >= 0 for one in crossing):
            corners.add(tuple(one / Fraction(total) for one in crossing))

    def rank(weights):
        above = [sum(a * w for a, w in zip(row, weights, strict=True)) > 0 for row in rows]
        return 1 + sum(above)

    inside = [[sum(one) for one in zip(*three, strict=True)] for three in combinations(corners, 3)]
    return min(map(rank, corners)), max(map(rank, [*inside, *corners]))


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=5
    )
)
def test_small_cases_agree_with_brute_force(values):
    best = extreme_rank(problem(values), 0, "best", free(3))
    worst = extreme_rank(problem(values), 0, "worst", free(3))
    assert (best.bound, worst.bound) == brute_force(values, 0)
    assert best.exact
    assert worst.exact


@given(st.integers(0, 2**32 - 1), st.floats(0, 0.3))
def test_no_draw_is_outside_the_bounds_with_gaps_or_without(seed, gaps):
    generator = np.random.default_rng(seed)
    values = generator.random((7, 4))
    values[generator.random(values.shape) < gaps] = np.nan
    values[0] = generator.random(4)
    case = problem(values)
    ranks, _ = rank_chunk(case, 1, 0, 300)
    for region in (0, 1 + np.isnan(values[1:]).sum(axis=1).argmax()):
        own = ranks[:, region].astype(int) + 1
        own = own[own <= len(values)]
        if len(own):
            best = extreme_rank(case, region, "best", free(4), time_limit=1)
            worst = extreme_rank(case, region, "worst", free(4), time_limit=1)
            assert best.bound <= best.rank <= worst.rank <= worst.bound
            assert best.bound <= own.min()
            assert own.max() <= worst.bound


def test_without_gaps_the_extremes_are_at_least_those_of_the_draws():
    values = np.random.default_rng(7).random((40, 5))
    case = problem(values)
    ranks, _ = rank_chunk(case, 1, 0, 512)
    for region in (0, 20):
        best = extreme_rank(case, region, "best", free(5))
        worst = extreme_rank(case, region, "worst", free(5))
        assert best.exact
        assert worst.exact
        assert best.rank <= ranks[:, region].min() + 1
        assert ranks[:, region].max() + 1 <= worst.rank


def test_without_time_the_answer_is_a_bound_and_says_so(monkeypatch):
    values = np.random.default_rng(7).random((40, 5))
    case = problem(values)
    weakest, strongest = int(values.mean(axis=1).argmin()), int(values.mean(axis=1).argmax())
    full = extreme_rank(case, weakest, "best", free(5))
    monkeypatch.delattr(module, "milp")
    quick = extreme_rank(case, weakest, "best", free(5), time_limit=0)
    # Whoever is better everywhere is always above, whoever is better nowhere never is.
    assert quick.bound == 1 + (values > values[weakest]).all(axis=1).sum()
    assert quick.bound <= full.rank <= quick.rank
    assert not quick.exact
    worst = extreme_rank(case, strongest, "worst", free(5), time_limit=0)
    assert worst.bound == 1 + (values > values[strongest]).any(axis=1).sum()
    assert worst.rank < worst.bound


def test_the_same_question_gives_the_same_weights():
    """The first region leads where no layer has 0.6 or more, so among the random weightings."""
    case = problem([[60, 60, 60], [100, 0, 0], [0, 100, 0], [0, 0, 100]])
    once, again = (extreme_rank(case, 0, "best", free(3), time_limit=0) for _ in range(2))
    assert once.rank == 1
    np.testing.assert_array_equal(once.weights, again.weights)


def test_what_few_weightings_do_is_found_by_search_only():
    assert reach(NARROW_BEST, time_limit=0.5)[0] == (1, 1)
    assert reach(NARROW_BEST, time_limit=0)[0] == (2, 1)
    assert reach(NARROW_WORST, time_limit=0.5)[1] == (3, 3)
    assert reach(NARROW_WORST, time_limit=0)[1] == (2, 3)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_of_the_values_does_not_matter(unit):
    assert reach(unit * np.array(NARROW_BEST)) == [(1, 1), (2, 2)]
    assert reach(unit * np.array(NARROW_WORST)) == [(2, 2), (3, 3)]


def test_a_lead_that_no_weighting_makes_larger_is_a_tie():
    # At w = 1/2 all three are level, elsewhere one of the two others leads.
    assert reach([[50, 50], [100, 0], [0, 100]]) == [(1, 1), (2, 2)]


#: The second region leads unless the first layer has 0.35, the third one unless the second has.
TWO_NEEDS = [[65, 65, 65], [0, 100, 100], [100, 0, 100]]


def test_the_search_keeps_the_limits():
    least = Simplex(np.array([0, 0, 0.4]), np.ones(3))
    assert reach(TWO_NEEDS)[0] == (1, 1)
    # Either need can be met beside 0.4 for the third layer, but not both.
    assert reach(TWO_NEEDS, least)[0] == (2, 2)


def test_the_weights_found_are_as_far_from_a_tie_as_the_limits_allow():
    least = Simplex(np.array([0, 0, 0.299]), np.ones(3))
    found = extreme_rank(problem(TWO_NEEDS), 0, "best", least)
    assert found.rank == 1
    assert found.weights == pytest.approx([0.3505, 0.3505, 0.299], abs=1e-6)


def test_nothing_is_searched_where_arithmetic_settles_it(monkeypatch):
    monkeypatch.delattr(module, "milp")
    assert reach([[1, 1], [2, 3], [0, 1]]) == [(2, 2), (2, 2)]


def test_the_search_is_given_the_time_that_is_asked_for(monkeypatch):
    given, solve = [], module.milp

    def milp(*args, **options):
        given.append(options["options"]["time_limit"])
        return solve(*args, **options)

    monkeypatch.setattr(module, "milp", milp)
    reach(NARROW_BEST, time_limit=0.25)
    assert given == [0.25, 0.25]


@pytest.mark.parametrize(
    ("status", "bound"), [(1, -np.inf), (1, None), (4, -1.0), (4, 1.0)],
    ids=["no time for a bound", "no bound", "in trouble", "in trouble with a bound"],
)  # fmt: skip
def test_a_solver_that_comes_to_no_end_proves_nothing(monkeypatch, status, bound):
    answer = SimpleNamespace(status=status, x=None, mip_dual_bound=bound)
    monkeypatch.setattr(module, "milp", lambda *_, **__: answer)
    # At any weights one of the two others leads, never both; see above.
    assert reach([[50, 50], [100, 0.1], [0.1, 100]])[0] == (2, 1)
    assert reach([[50, 50], [100, 0], [0, 100]])[1] == (2, 3)


def test_regions_with_gaps_are_settled_by_the_ranges_of_their_values():
    """The first region has 2 throughout; all regions have a rank whatever the weights."""
    gap, space = np.nan, Simplex(np.full(3, 0.1), np.ones(3))
    above, tied, below, apart = [gap, 3, 4], [2, gap, 2], [gap, 1, 2], [1, gap, 3]
    for other, best, worst in ((above, 2, 2), (tied, 1, 1), (below, 1, 1), (apart, 1, 2)):
        found = reach([[2, 2, 2], other], space, least=0)
        assert [bound for _, bound in found] == [best, worst]
    # Beside regions without gaps, both kinds add up.
    assert reach([[2, 2, 2], above, [3, 3, 3], below], space, least=0) == [(3, 3), (3, 3)]


def test_a_region_may_lose_its_rank_though_little_data_is_enough():
    """All weight on five layers that the second region lacks leaves it without a rank."""
    space = Simplex(np.zeros(10), np.full(10, 0.2))
    for lacking in [*combinations(range(10), 5)][::25]:
        other = np.full(10, 3.0)
        other[[*lacking]] = np.nan
        assert reach([np.full(10, 2.0), other], space, least=0)[0][1] == 1


def test_only_who_is_surely_ranked_is_surely_above():
    """The second region leads where its layer has half of the weight, else it has no rank."""
    values, shares = [[2, 2], [np.nan, 3]], np.ones(2)
    assert [bound for _, bound in reach(values)] == [1, 2]
    assert [bound for _, bound in reach(values, Simplex(np.array([0, 0.5]), shares))] == [2, 2]


def test_weightings_without_a_rank_are_passed_over():
    # The first region is the last one wherever it has a rank at all.
    assert reach([[np.nan, 0], [1, 1]])[0] == (2, 2)
    assert reach([[np.nan, 0], [1, 1]])[1] == (2, 2)
    little = Simplex(np.zeros(2), np.array([1, 0.4]))
    with pytest.raises(RecipeError, match="too little data backs the region"):
        reach([[np.nan, 0], [1, 1]], little)


def test_a_region_that_is_nowhere_better_stays_below_whatever_the_weights():
    case = problem([[1, 1], [2, 3], [4, 2], [0, 5]])
    assert extreme_rank(case, 0, "best", free(2)).rank == 3
    assert extreme_rank(case, 0, "worst", free(2)).rank == 4


def test_equal_regions_share_their_rank_and_a_lone_region_is_first():
    assert extreme_rank(problem([[1, 2], [1, 2]]), 0, "worst", free(2)).rank == 1
    lone = extreme_rank(problem([[1, 2]]), 0, "worst", free(2))
    assert (lone.rank, lone.exact) == (1, True)


@pytest.mark.parametrize(
    ("region", "options", "words"),
    [
        ("Z9", {}, "region 'Z9' has no rank"),
        ("A1", {"time_limit": -1.0}, "time_limit = -1.0"),
        ("A1", {"lower": {"land": 2.0}}, "limits of 'land'"),
    ],
)
def test_nonsense_is_an_error_of_one_line(toy, region, options, words):
    with pytest.raises(RecipeError, match=words):
        extremes(score(toy, Recipe()), [region], **options)


def test_at_least_one_region_must_be_named(toy):
    with pytest.raises(RecipeError, match="no region is named"):
        extremes(score(toy, Recipe()), [])
