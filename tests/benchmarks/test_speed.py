"""Speed and memory of the core on two cores; `make bench` runs these, `make test` does not.

The numbers behind the benchmarks are random: 40 indicators in 8 layers.
"""

from __future__ import annotations

import resource
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from strategies import dataset, indicator, layer

from layers.recipe import Recipe
from layers.robust import robust_scores
from layers.score import score

pytestmark = pytest.mark.benchmark

KREISE, GEMEINDEN = 400, 10_956


def made(regions):
    keys = [f"i{number:02}" for number in range(40)]
    values = pd.DataFrame(
        np.random.default_rng(1).normal(size=(regions, 40)),
        index=[f"{number:05}" for number in range(regions)], columns=keys,
    )  # fmt: skip
    layers = [layer(f"l{n}", *map(indicator, keys[5 * n : 5 * n + 5])) for n in range(8)]
    return dataset(layers, values)


@pytest.fixture(scope="module")
def kreise():
    return made(KREISE)


def test_score_of_400_regions_and_40_indicators(benchmark, kreise):
    """Target: less than 5 ms."""
    kreise.select()
    assert benchmark(score, kreise, Recipe()).index.notna().all()


def test_score_with_outliers_treated(benchmark, kreise):
    """Target: less than 12 ms. Every fourth indicator has a tail: half of them winsorised."""
    values = kreise.select().values.copy()
    values.iloc[:3, ::8] = [[30.0], [40.0], [50.0]]
    values.iloc[:9, 4::8] = 60.0
    skewed = dataset(kreise.catalogue.layers, values)
    skewed.select()
    recipe = Recipe.parse({"treat": {"method": "winsorise_then_log"}})
    assert set(benchmark(score, skewed, recipe).treatment["method"]) == {"winsorise", "shifted_log"}


@pytest.mark.parametrize("method", ["median", "copeland"])
def test_200_draws_of_a_mean_taken_anew_under_each(benchmark, kreise, method):
    """No target; says what a mean without a matrix product costs."""
    recipe = Recipe.parse({"aggregate": {"levels": {"index": {"method": method}}}})
    scores = score(kreise, recipe)
    bands = benchmark.pedantic(robust_scores, (scores,), {"draws": 200}, rounds=1)
    assert bands.bands["ranked"].eq(1).all()


def test_1000_draws_over_400_regions(benchmark, kreise):
    """Target: less than 15 ms."""
    scores = score(kreise, Recipe())
    assert benchmark(robust_scores, scores, draws=1_000).bands["ranked"].eq(1).all()


def test_1000_draws_over_400_regions_with_gaps_and_ties(benchmark, kreise):
    values = kreise.select().values.copy()
    values.iloc[::20, :5] = np.nan
    values.iloc[1::50] = values.iloc[1].to_numpy()
    scores = score(
        dataset(kreise.catalogue.layers, values), Recipe(aggregate={"min_coverage": 0.5})
    )
    assert len(benchmark(robust_scores, scores, draws=1_000).bands) == KREISE


def test_plain_matmul_and_argsort_for_comparison(benchmark):
    weights = np.random.default_rng(1).dirichlet(np.ones(8), 1_000)
    values = np.random.default_rng(2).random((8, KREISE))
    benchmark(lambda: np.argsort(weights @ values, axis=1))


def test_10000_draws_over_all_gemeinden(benchmark):
    """Targets: less than 6 s, less than 500 MB above the input, whatever the draws."""
    scores = score(made(GEMEINDEN), Recipe())
    scores = replace(scores, dataset=replace(scores.dataset, values=pd.DataFrame()))
    before = _peak()
    benchmark.pedantic(robust_scores, (scores,), {"draws": 10_000}, rounds=1)
    benchmark.extra_info["megabytes"] = _peak() - before
    assert benchmark.extra_info["megabytes"] < 500


def _peak():
    """Peak memory of this process so far, in MB."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
