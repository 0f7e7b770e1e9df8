"""What must be true of the best and worst rank a region can reach.

The toy dataset has two layers below the index. With the share w of `land`, the scores are
A1: 100 (1 - w), B2: 62.5 w, C3: 50 + 37.5 w, D4: 100 - 37.5 w.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import Recipe, RecipeError, score
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


def test_the_toy_dataset_by_hand(toy):
    table = extremes(score(toy, Recipe()), ["A1", "B2", "C3", "D4"])
    # A1 ties with D4 at w = 0, B2 with D4 at w = 1: ties count as the best of the shared places.
    assert list(table["best"]) == [1, 2, 1, 1]
    assert list(table["worst"]) == [4, 4, 3, 2]
    assert table[["best_exact", "worst_exact"]].all(axis=None)
    assert table.loc["C3", "best_weight:land"] > 2 / 3
    assert table.loc["C3", "worst_weight:land"] < 4 / 11


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


def test_without_time_the_answer_is_a_bound_and_says_so():
    values = np.random.default_rng(7).random((40, 5))
    case = problem(values)
    weakest = int(values.mean(axis=1).argmin())
    quick = extreme_rank(case, weakest, "best", free(5), time_limit=0)
    full = extreme_rank(case, weakest, "best", free(5))
    assert quick.bound <= full.rank <= quick.rank
    assert not quick.exact


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
