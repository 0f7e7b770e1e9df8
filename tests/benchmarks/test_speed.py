"""Speed and memory of the core on two cores; `make bench` runs these, `make test` does not.

The numbers behind the benchmarks are random: 40 indicators in 8 layers. `rows.toml` says what each
measures, and `table.py` puts the results into README.md.
"""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import perf_counter, sleep

import numpy as np
import pandas as pd
import pytest
from strategies import dataset, indicator, layer

from layers.recipe import Recipe
from layers.robust import robust_scores
from layers.score import score

pytestmark = pytest.mark.benchmark

KREISE, GEMEINDEN = 400, 10_956
#: Seconds until nothing of a run before is left.
REST = 0.2


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


@pytest.fixture(scope="module")
def gemeinden():
    return made(GEMEINDEN)


def test_score_of_400_regions_and_40_indicators(benchmark, kreise):
    """Target: less than 5 ms."""
    kreise.select()
    assert benchmark(score, kreise, Recipe()).index.notna().all()


def test_score_with_outliers_treated(benchmark, kreise):
    """No target. Every fourth indicator has a tail: half of them winsorised."""
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


def test_10000_draws_over_400_regions_beside_plain_numpy(benchmark, kreise):
    """Target: 1.3 times a plain product and argsort of the same draws, two threads each.

    Both are run in turn, and the median of the ratios of neighbours counts, so that other work on
    the machine meets both alike. The plain way knows no ties, no gaps and no counts.
    """
    scores = score(kreise, Recipe())
    weights = np.random.default_rng(1).dirichlet(np.ones(8), 10_000)
    values = scores.layers.to_numpy().T
    plain = []

    def plainly():
        sleep(REST)
        start = perf_counter()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda part: np.argsort(part @ values), np.array_split(weights, 2)))
        plain.append(perf_counter() - start)
        # The threads of a matrix product go on spinning for a while and would slow what follows.
        sleep(REST)

    benchmark.pedantic(
        robust_scores, (scores,), {"draws": 10_000, "workers": 2}, setup=plainly, rounds=40
    )
    ratios = np.array(benchmark.stats.stats.data) / plain
    benchmark.extra_info["ratio"] = float(np.median(ratios))
    assert np.median(ratios) < 1.3


def test_score_of_all_gemeinden(benchmark, gemeinden):
    """Target: less than 60 ms."""
    gemeinden.select()
    assert benchmark(score, gemeinden, Recipe()).index.notna().all()


@pytest.mark.parametrize(("regions", "draws"), [(2_739, 2_500), (5_478, 5_000), (10_956, 10_000)])
def test_cost_is_linear_in_regions_times_draws(benchmark, regions, draws):
    """Targets for all: less than 6 s, less than 500 MB above the input, whatever the draws."""
    scores = score(made(regions), Recipe())
    scores = replace(scores, dataset=replace(scores.dataset, values=pd.DataFrame()))
    robust_scores(scores, draws=1)
    before = _forget_peak()
    benchmark.pedantic(robust_scores, (scores,), {"draws": draws}, rounds=3)
    ranks = regions * draws / 1e6
    benchmark.extra_info["per_million"] = 1e3 * benchmark.stats.stats.min / ranks
    if before:
        benchmark.extra_info["megabytes"] = _memory("VmHWM") - before
        assert benchmark.extra_info["megabytes"] < 500


def _forget_peak():
    """Memory of this process in MB, from where its peak counts anew; 0 where this is no Linux."""
    if not sys.platform.startswith("linux"):
        return 0
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(key):
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{key}:\s+(\d+) kB", status).group(1)) / 1e3
