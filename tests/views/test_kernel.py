"""The map's kernel in the browser must give the numbers of the Python library.

Thousands of random cases go through both. Arithmetic means, ranks, classes and bands must be the
same to the last bit; means that need logarithms to 1e-12. Without Node the same module runs in
Chromium.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import strategies as make
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from geo.classes import SCHEMES, classify
from layers import Recipe, aggregate, normalise, score
from layers.catalogue import Catalogue
from layers.errors import RecipeError
from layers.methods import means
from layers.robust import CHUNK, Problem, draw, random_numbers, robust_scores
from layers.score import rank

HERE = Path(__file__).parent
COMPONENT = HERE.parents[1] / "views" / "component"
CASES = HERE / "kernel_cases.mjs"
ADDRESS = "http://localhost/"
ANSWER_ALL = "async (lines) => lines.map((await import('/kernel_cases.mjs')).answer)"
#: The same bands from the worker as from the page itself.
ASK_WORKER = """async ([line]) => {
  const { answer, bandsQuestion } = await import("/kernel_cases.mjs");
  const worker = new Worker("/bands.worker.js", { type: "module" });
  const { id, bands } = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = reject;
    worker.postMessage({ id: 7, ...bandsQuestion(JSON.parse(line)) });
  });
  const plain = Object.entries(bands).map(([name, values]) => [name, Array.from(values)]);
  return [id, answer(line), JSON.stringify(Object.fromEntries(plain))];
}"""
METHODS = ("arithmetic", "geometric", "harmonic", "power")


def _browser_tools():
    path = HERE.parent / "browser" / "conftest.py"
    spec = importlib.util.spec_from_file_location("browser_tools", path)
    tools = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tools)
    return tools


def _node():
    """Path of Node; NODE in the environment names another one."""
    return shutil.which(os.environ.get("NODE", "node"))


def _ask_node(node, lines):
    done = subprocess.run(
        [node, str(CASES)], input="\n".join(lines), capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def _ask_chromium(lines, script=ANSWER_ALL):
    tools = _browser_tools()
    if (path := tools.chromium_path()) is None:
        tools._without_browser("neither node nor Chromium found; one of them runs the kernel")
    from playwright.sync_api import sync_playwright

    files = {file.name: file for file in [CASES, *COMPONENT.glob("*.js")]}

    def serve(route):
        name = route.request.url.rsplit("/", 1)[1]
        if name in files:
            route.fulfill(path=files[name], content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(tools.ARGUMENTS))
        page = browser.new_page()
        page.route("**/*", serve)
        page.goto(ADDRESS)
        answers = page.evaluate(script, lines)
        browser.close()
    return answers


def ask(cases, *, engine=""):
    """Send all cases through the kernel at once; `engine` forces "chromium"."""
    lines = [json.dumps(_plain(case), allow_nan=False) for case in cases]
    node = None if engine == "chromium" else _node()
    answers = _ask_node(node, lines) if node else _ask_chromium(lines)
    assert len(answers) == len(lines)
    # JavaScript writes 1e18 without a point; a whole number as long as that is a float here too.
    return [json.loads(answer, parse_int=float) for answer in answers]


def _plain(value):
    if isinstance(value, np.ndarray):
        return _plain(value.ravel(order="F").tolist())
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, pd.Series):
        return _plain(value.tolist())
    return None if isinstance(value, float) and math.isnan(value) else value


def numbers(answer):
    return np.array([np.nan if one is None else one for one in answer], dtype=np.float64)


def the_same(answer, expected, method="arithmetic"):
    """Whether the kernel's numbers are Python's: to the last bit, or to 1e-12 with logarithms."""
    found, expected = numbers(answer), np.asarray(expected, dtype=np.float64)
    if method == "arithmetic":
        return np.array_equal(found, expected, equal_nan=True)
    return np.allclose(found, expected, rtol=1e-12, atol=0, equal_nan=True)


# Random matter


def weights_of(rng, size):
    """Weights of all kinds: equal, any, from a slider, some or all zero."""
    kind = rng.integers(4)
    if kind == 0:
        return np.ones(size)
    drawn = rng.random(size) * 10.0 ** rng.integers(-2, 3) if kind == 1 else None
    drawn = rng.integers(0, 9, size) / 4 if drawn is None else drawn
    drawn[rng.random(size) < 0.2] = 0.0
    return drawn * (rng.random() > 0.03)


def matrix_of(rng, rows, columns):
    """Values as scores are: continuous or with ties, from 1 to 100, constant columns, gaps."""
    kind = rng.integers(3)
    values = 1 + 99 * rng.random((rows, columns))
    if kind == 1:
        values = np.round(values / 10) + 1
    if kind == 2:
        values = np.round(values, 1)
    values[:, rng.random(columns) < 0.1] = 50.0
    values[rng.random(values.shape) < rng.choice([0, 0.05, 0.4])] = np.nan
    values[:, rng.random(columns) < 0.05] = np.nan
    return values


def choice_of(rng):
    return {
        "method": str(rng.choice(METHODS)),
        "power": float(rng.choice([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 7.5])),
        "least": float(rng.choice([0, 0.5, 0.66, 2 / 3, 1])),
    }


def reference_mean(values, covered, weights, choice):
    """Python's mean and coverage of one node, its coverage rule included."""
    method = choice["method"]
    weights = weights / weights.max() if weights.any() else weights
    if method == "power":
        value = means.power(values, weights, choice["power"])
    elif method == "harmonic":
        value = means.harmonic(values, weights)
    else:
        value = aggregate.weighted_mean(values, weights, method)
    share = aggregate.coverage(covered, weights)
    value[share < choice["least"] - 1e-12] = np.nan
    return value, share


def ranks_of(values):
    return rank(pd.Series(values)).fillna(0).to_numpy(dtype=int).tolist()


def same_order(answer, expected, method):
    """Ranks must be equal, unless rounding of logarithms alone decides between two regions."""
    expected = np.asarray(expected)
    if method != "arithmetic":
        known = np.sort(expected[~np.isnan(expected)])
        if (np.diff(known) <= 1e-11 * known[1:]).any():
            return True
    return answer == ranks_of(expected)


def same_classes(answer, expected):
    return (
        answer["codes"] == expected.codes.tolist()
        and np.array_equal(np.ravel(answer["bounds"]), np.ravel(expected.bounds))
        and answer["counts"] == list(expected.counts)
        and answer["missing"] == expected.missing
    )


# Means


def mean_cases(count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        rows, columns = int(rng.integers(1, 30)), int(rng.integers(1, 25))
        values = matrix_of(rng, rows, columns)
        covered = np.where(np.isnan(values), 0.0, 1.0)
        if rng.random() < 0.5:
            covered *= rng.choice([1, 0.75, 2 / 3], covered.shape)
        yield {
            "ask": "mean", "values": values, "coverage": covered,
            "weights": weights_of(rng, columns), "choice": choice_of(rng),
            "scheme": str(rng.choice(SCHEMES)), "count": int(rng.integers(3, 8)),
        }  # fmt: skip


def check_means(cases, answers):
    for case, answer in zip(cases, answers, strict=True):
        method = case["choice"]["method"]
        value, share = reference_mean(
            case["values"], case["coverage"], case["weights"], case["choice"]
        )
        assert the_same(answer["score"], value, method), case
        assert the_same(answer["coverage"], share), case
        assert same_order(answer["ranks"], value, method), case
        kernels = pd.Series(numbers(answer["score"]))
        assert same_classes(answer, classify(kernels, case["scheme"], case["count"])), case
        assert answer["ranks"] == ranks_of(kernels), case


def test_means_coverage_ranks_and_classes_are_those_of_python():
    cases = list(mean_cases(1_000, 1))
    check_means(cases, ask(cases))


@pytest.mark.browser
def test_chromium_gives_the_same_numbers():
    cases = list(mean_cases(300, 2))
    check_means(cases, ask(cases, engine="chromium"))


def test_coverage_of_many_members_is_summed_as_numpy_sums():
    rng = np.random.default_rng(3)
    cases = [
        {"ask": "mean", "values": matrix_of(rng, 3, size), "coverage": rng.random((3, size)),
         "weights": rng.random(size), "choice": {"method": "arithmetic", "least": 0.0},
         "scheme": "quantiles", "count": 3}
        for size in [7, 8, 9, 16, 44, 127, 128, 129, 137, 300]
    ]  # fmt: skip
    check_means(cases, ask(cases))


@pytest.mark.parametrize("method", METHODS)
def test_values_a_mean_can_not_take_are_refused_by_both(method):
    values = np.array([[0.0, 5.0], [-1.0, 7.0]])
    case = {
        "ask": "mean", "values": values, "coverage": np.ones((2, 2)), "weights": np.ones(2),
        "choice": {"method": method, "power": -1.0, "least": 0}, "scheme": "quantiles", "count": 3,
    }  # fmt: skip
    absent = {**case, "weights": np.array([0.0, 1.0])}
    answers = ask([case, absent])
    assert the_same(answers[1]["score"], [5.0, 7.0], method)
    if method == "arithmetic":
        assert the_same(answers[0]["score"], [2.5, 3.0])
        return
    assert answers[0] == {"error": "needs_positive"}
    with pytest.raises(RecipeError):
        reference_mean(values, np.ones((2, 2)), np.ones(2), case["choice"])


def test_the_edges_hold_under_node():
    if (node := _node()) is None:
        pytest.skip("node is not installed; what it would run is compared in Chromium above")
    done = subprocess.run(
        [node, "--test", str(HERE / "kernel.test.mjs")], capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


# Trees


def random_dataset(rng):
    """Layers up to three levels deep, 1 to 40 regions, indicators of either direction."""
    layers, keys = [], []
    for number in range(int(rng.integers(1, 8))):
        above = [""] + [one.id for one in layers if one.id.count("_") < 3]
        parent = str(rng.choice(above))
        own = [f"i{number}_{at}" for at in range(int(rng.integers(number == 0, 5)))]
        layers.append(
            make.layer(
                f"{parent or 'l'}_{number}",
                *(
                    make.indicator(key, direction=str(rng.choice(["+", "-", "0"], p=_SIGNS)),
                                   weight=float(weights_of(rng, 1)[0]))
                    for key in own
                ),
                parent=parent, weight=float(weights_of(rng, 1)[0]),
                direction=str(rng.choice(["+", "-"], p=[0.9, 0.1])),
            )
        )  # fmt: skip
        keys += own
    rows = int(rng.integers(1, 40))
    values = matrix_of(rng, rows, len(keys))
    return make.dataset(
        layers, pd.DataFrame(values, index=[f"R{i:02}" for i in range(rows)], columns=keys)
    )


_SIGNS = [0.6, 0.3, 0.1]


def aggregate_of(rng):
    choice = choice_of(rng)
    return {"method": choice["method"], "p": choice["power"], "min_coverage": choice["least"]}


def random_scores(rng, count):
    """Scoring runs by Python; recipes that it refuses are drawn again."""
    found = []
    while len(found) < count:
        dataset = random_dataset(rng)
        recipe = Recipe.parse(
            {
                "normalise": {"range": [1, 100], "constant": "drop"},
                "aggregate": aggregate_of(rng)
                | {"levels": {"1": aggregate_of(rng)} if rng.random() < 0.3 else {}},
            }
        )
        try:
            found.append(score(dataset, recipe))
        except RecipeError:
            continue
    return found


def tree_case(scores):
    """What the page would hand to the kernel for this run."""
    catalogue, plan = scores.dataset.catalogue, scores.plan
    named = {
        node: {f"{'layer' if one.is_layer else 'indicator'}:{one.key}": one.weight for one in own}
        for node, own in plan.members.items()
    }
    layers = {f"layer:{one.id}": one.weight for one in catalogue.layers}
    aggregation = scores.recipe.aggregate
    choices = {one: aggregation.at(one, catalogue.depth(one)) for one in catalogue.bottom_up()}
    choices = {
        one: {"method": at.method, "power": at.p, "least": at.min_coverage}
        for one, at in choices.items()
    }
    return {
        "ask": "tree",
        "tree": {
            "indicators": list(scores.normalised.columns),
            "nodes": [{"id": one, "members": list(named[one])} for one in catalogue.bottom_up()],
        },
        "values": scores.normalised.to_numpy(),
        # The catalogue's weight of a layer, whether anything in it is scored or not: the kernel
        # has to find that out itself, since a slider may have silenced the last indicator.
        "weights": {key: weight for own in named.values() for key, weight in own.items()} | layers,
        "choice": choices[""] | {"nodes": choices},
    }


def precision_of(scores):
    """Arithmetic, if every mean of the run is: then there is no rounding to differ in."""
    aggregation = scores.recipe.aggregate
    levels = {one.method for one in aggregation.levels.values()}
    others = (levels | {aggregation.method}) - {"arithmetic"}
    return others.pop() if others else "arithmetic"


def test_a_whole_scoring_run_is_that_of_python():
    runs = random_scores(np.random.default_rng(40), 100)
    answers = ask([tree_case(run) for run in runs])
    for run, answer in zip(runs, answers, strict=True):
        method = precision_of(run)
        assert the_same(answer["score"], run.index, method)
        assert the_same(answer["coverage"], run.coverage["index"])
        for key, layer in answer["layers"].items():
            assert the_same(layer["score"], run.layers[key], method), key
            assert the_same(layer["coverage"], run.coverage[key]), key
        assert same_order(answer["ranks"], run.index, method)


def test_the_toy_dataset_is_scored_alike(toy):
    run = score(toy, Recipe())
    (answer,) = ask([tree_case(run)])
    assert the_same(answer["score"], run.index)
    assert answer["ranks"] == run.ranks.fillna(0).tolist()


def test_an_area_without_indicators_counts_for_nothing_in_both(toy):
    """Whatever its weight: a lens keeps areas in sight for which there are no data."""
    layers = [*toy.catalogue.layers, make.layer("empty", weight=5.0)]
    run = score(replace(toy, catalogue=Catalogue(layers=tuple(layers))), Recipe())
    (answer,) = ask([tree_case(run)])
    assert the_same(answer["score"], run.index)
    assert the_same(answer["coverage"], run.coverage["index"])
    assert the_same(run.index, score(toy, Recipe()).index)
    bands = robust_scores(run, draws=CHUNK)
    (drawn,) = ask([bands_case(run, bands)])
    assert the_same(drawn["mean"], bands.bands["rank_mean"].to_numpy())


def reference_tree(case):
    """Score of a tree by Python's means; every layer known by its key."""
    columns = dict(zip((f"indicator:{one}" for one in case["tree"]["indicators"]),
                       case["values"].T, strict=True))  # fmt: skip
    covered = {key: 1.0 - np.isnan(column) for key, column in columns.items()}
    silent = set()
    for node in case["tree"]["nodes"]:
        members = node["members"]
        weights = np.array([0.0 if one in silent else case["weights"][one] for one in members])
        rows = (len(case["values"]), len(members))
        table = np.reshape([columns[one] for one in members], rows[::-1]).T
        present = np.reshape([covered[one] for one in members], rows[::-1]).T
        value, share = reference_mean(table, present, weights, case["choice"])
        key = f"layer:{node['id']}"
        columns[key], covered[key] = value, np.where(np.isnan(value), 0.0, share)
        if not weights.any():
            silent.add(key)
    return columns["layer:"], share


def tree_cases(count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        nodes, indicators, weights = [], [], {}
        for top in range(int(rng.integers(1, 4))):
            for middle in range(int(rng.integers(0, 3))):
                own = [f"i{top}{middle}{at}" for at in range(int(rng.integers(0, 10)))]
                nodes.append((f"l{top}{middle}", [f"indicator:{one}" for one in own]))
                indicators += own
            direct = [f"i{top}{at}" for at in range(int(rng.integers(1, 4)))]
            below = [f"layer:{key}" for key, _ in nodes if key[:-1] == f"l{top}"]
            nodes.append((f"l{top}", below + [f"indicator:{one}" for one in direct]))
            indicators += direct
        nodes.append(("", [f"layer:{key}" for key, _ in nodes if len(key) == 2]))
        for _, members in nodes:
            weights |= dict(zip(members, weights_of(rng, len(members)).tolist(), strict=True))
        values = matrix_of(rng, int(rng.integers(1, 25)), len(indicators))
        yield {
            "ask": "tree", "choice": choice_of(rng), "weights": weights, "values": values,
            "tree": {"indicators": indicators,
                     "nodes": [{"id": key, "members": members} for key, members in nodes]},
        }  # fmt: skip


def test_trees_of_three_levels_agree_under_every_mean():
    cases = list(tree_cases(600, 5))
    for case, answer in zip(cases, ask(cases), strict=True):
        value, share = reference_tree(case)
        method = case["choice"]["method"]
        assert the_same(answer["score"], value, method), case
        assert the_same(answer["coverage"], share), case
        assert same_order(answer["ranks"], value, method), case


@pytest.mark.parametrize("weight", [-1.0, math.nan, None, "2"])
def test_a_weight_that_is_none_is_refused(weight):
    case = next(iter(tree_cases(1, 6)))
    key = f"indicator:{case['tree']['indicators'][-1]}"
    assert ask([{**case, "weights": case["weights"] | {key: weight}}]) == [{"error": "bad_weight"}]


def test_an_indicator_turned_live_is_the_one_turned_by_python():
    rng = np.random.default_rng(7)
    cases = []
    for _ in range(200):
        values = rng.normal(size=20) * 10.0 ** rng.integers(-3, 6)
        values[rng.random(20) < 0.2] = np.nan
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        cases += [
            {"ask": "minmax", "values": values, "low": low, "high": high, "range": [1.0, 100.0],
             "direction": direction}
            for direction in (1, -1)
        ]  # fmt: skip
    for case, answer in zip(cases, ask(cases), strict=True):
        fitted = normalise.MinMax(case["low"], case["high"], 1.0, 100.0)
        assert the_same(answer, fitted(case["values"], case["direction"]))


# Ranks and classes


def test_only_eligible_regions_are_ranked():
    values = np.array([3.0, 9.0, np.nan, 9.0, 1.0, 5.0])
    eligible = [True, False, True, True, True, False]
    expected = ranks_of(np.where(eligible, values, np.nan))
    assert ask([{"ask": "ranks", "values": values, "eligible": eligible}]) == [expected]


def class_cases(count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        size = int(rng.integers(0, 60))
        values = rng.normal(size=size) if rng.random() < 0.5 else rng.lognormal(size=size)
        values = values * 10.0 ** rng.integers(-6, 12) + rng.choice([0, 0, 1e3, 1e9])
        kind = rng.integers(4)
        if kind == 1:
            values = rng.integers(0, 12, size).astype(float)
        if kind == 2:
            values = np.round(rng.random(size) * 100, 1)
        values[rng.random(size) < 0.1] = np.nan
        yield {
            "ask": "classes", "values": values, "scheme": str(rng.choice(SCHEMES)),
            "count": int(rng.integers(2, 10)),
        }  # fmt: skip


def test_classes_are_those_of_python():
    cases = list(class_cases(1_200, 8))
    for case, answer in zip(cases, ask(cases), strict=True):
        expected = classify(pd.Series(case["values"]), case["scheme"], case["count"])
        assert same_classes(answer, expected), case


@settings(max_examples=15, phases=[Phase.generate])
@given(st.lists(st.lists(st.floats(-1e30, 1e30), max_size=8), min_size=10, max_size=20))
def test_classes_agree_on_numbers_nobody_would_map(columns):
    cases = [
        {"ask": "classes", "values": np.array(column, dtype=float), "scheme": scheme, "count": 4}
        for column in columns
        for scheme in ("quantiles", "fisher_jenks")
    ]
    for case, answer in zip(cases, ask(cases), strict=True):
        assert same_classes(answer, classify(pd.Series(case["values"]), case["scheme"], 4)), case


def test_given_bounds_are_inner_bounds_and_every_class_comes_out():
    values = np.array([5.0, 20.0, 20.5, np.nan, 61.0])
    (answer,) = ask(
        [{"ask": "classes", "values": values, "scheme": "given", "count": [20, 40, 60]}]
    )
    uppers = np.array([20, 40, 60, 61.0])
    assert answer["codes"] == [*np.searchsorted(uppers, values[:3]).tolist(), -1, 3]
    assert answer["bounds"] == [[5, 20], [20, 40], [40, 60], [60, 61]]
    assert (answer["counts"], answer["missing"]) == ([2, 1, 0, 1], 1)


# Rank bands


def stream_of(width, draws, seed, spread):
    """Random numbers for up to `width` layers, as the page is sent them."""
    chunks = [
        random_numbers(seed, number, width, around=spread is not None)
        for number in range(-(-draws // CHUNK))
    ]
    # Cases travel column by column, random numbers row by row.
    numbers = np.concatenate([chunk.ravel() for chunk in chunks])
    return {"numbers": numbers, "chunk": CHUNK, "draws": draws, "spread": spread}


@pytest.mark.parametrize("spread", [None, 0.25, 0.5, 1.0])
def test_weightings_are_drawn_as_python_draws_them(spread):
    rng = np.random.default_rng(10)
    cases, expected = [], []
    for seed in range(25):
        most = int(rng.integers(1, 20))
        weights = rng.random(int(rng.integers(1, most + 1))) * 10.0 ** rng.integers(-2, 3)
        draws = CHUNK + int(rng.integers(1, CHUNK))
        problem = Problem(
            terms=np.zeros((len(weights), 1)), present=np.zeros((len(weights), 0)),
            covered=np.zeros((len(weights), 0)), gappy=np.zeros(0, dtype=int),
            weights=weights / weights.sum(), spread=spread, least=0.0, top=1,
        )  # fmt: skip
        cases.append({"ask": "weightings", **stream_of(most, draws, seed, spread),
                      "weights": weights})  # fmt: skip
        drawn = [draw(problem, seed, 0, CHUNK), draw(problem, seed, 1, draws - CHUNK)]
        expected.append(np.concatenate(drawn).ravel())
    for answer, drawn in zip(ask(cases), expected, strict=True):
        assert the_same(answer, drawn)


def bands_case(run, bands):
    """What the page would ask: as many random numbers as all layers need, and spans of ranks."""
    spans = spans_of(classify(run.index).codes, run.ranks)
    scored = sum(
        any(one.weight > 0 for one in run.plan.members[member.key])
        for member in run.plan.members[""]
    )
    return tree_case(run) | {
        "ask": "bands", "varied": bands.varied, "span": spans,
        "stream": stream_of(scored, bands.draws, bands.seed, bands.spread),
    }  # fmt: skip


def spans_of(groups, ranks):
    """Best and worst rank in the class of each region; 0 where it has none."""
    place = ranks.astype(float).where(groups >= 0).groupby(groups)
    ends = {"low": place.transform("min"), "high": place.transform("max")}
    return {end: column.where(groups >= 0).fillna(0) for end, column in ends.items()}


@pytest.mark.browser
def test_the_worker_answers_what_the_page_would(toy):
    run = score(toy, Recipe())
    line = json.dumps(_plain(bands_case(run, robust_scores(run, draws=CHUNK + 1))))
    number, page, worker = _ask_chromium([line], ASK_WORKER)
    assert number == 7
    assert json.loads(worker) == json.loads(page)


@pytest.mark.parametrize("spread", [None, 0.5])
def test_rank_bands_are_those_of_python(spread):
    rng, draws = np.random.default_rng(9), CHUNK + 40
    runs = random_scores(rng, 40)
    cases, expected = [], []
    for seed, run in enumerate(runs):
        bands = robust_scores(run, draws=draws, seed=seed, spread=spread)
        stays = bands.stays_within(classify(run.index).codes, run.ranks)
        cases.append(bands_case(run, bands))
        expected.append(bands.bands.assign(stays=stays))
    names = {
        "mean": "rank_mean", "median": "rank_median", "p05": "rank_p05", "p95": "rank_p95",
        "best": "best", "worst": "worst", "topQuarter": "top_quarter", "ranked": "ranked",
        "stays": "stays",
    }  # fmt: skip
    for case, answer, frame in zip(cases, ask(cases), expected, strict=True):
        for name, column in names.items():
            wanted = frame[column]
            whole = wanted.dtype == "Int64"
            wanted = wanted.fillna(0) if whole else wanted
            assert the_same(answer[name], wanted.to_numpy(dtype=float)), (name, case)
