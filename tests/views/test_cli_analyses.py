"""What must be true of the analysing commands: answers in words and files, one line for errors."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from layers import Dataset, extremes, score
from layers.certainty.draws import weightings
from layers.paths import default_recipe
from views.cli import cli

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "toy"
#: Every command with arguments that work on the toy; -d and -o are added.
COMMANDS = {
    "sobol": ["sobol", "--samples", "16"],
    "multiverse": ["multiverse"],
    "extremes": ["extremes", "A1", "Beta"],
    "leave-out": ["leave-out"],
    "coherence": ["coherence"],
    "compare": ["compare", "A1", "B2", "--draws", "100"],
    "weights": ["weights"],
    "panel": ["panel", "--years", "2020,2021", "--max-age", "2"],
}
#: What stands in the way of two and of one region.
FEW = {
    "sobol": None, "multiverse": None, "extremes": None, "leave-out": None,
    "coherence": "3 regions with a score are needed", "compare": None, "weights": None,
    "panel": None,
}  # fmt: skip


def ipot(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def toy(tmp_path):
    return Path(shutil.copytree(TOY, tmp_path / "toy"))


def assert_refused(result, out, *words):
    """Assert plain lines on standard error, exit code 2, and nothing written or answered."""
    lines = result.stderr.splitlines()
    assert result.exit_code == 2, result.output
    assert lines
    assert all(line.startswith("ipot: ") for line in lines)
    assert all(word in lines[-1] for word in words), lines
    assert result.stdout == ""
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_file_the_answer_is_printed(command):
    result = ipot(*COMMANDS[command], "-d", TOY, "--language", "en")
    assert result.exit_code == 0, result.output
    words, _, table = result.stdout.partition("\n\n")
    assert words.endswith((".", ")", "."))
    assert len(table.splitlines()) >= 2


@pytest.mark.parametrize("suffix", [".csv", ".json", ".xlsx", ""])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_writes_every_format_and_keeps_standard_output_empty(out, command, suffix):
    result = ipot(*COMMANDS[command], "-d", TOY, "-o", out / f"a{suffix}")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert [path.name for path in out.iterdir()] == [f"a{suffix}"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_names_recipe_dataset_and_settings(out, command):
    ipot(*COMMANDS[command], "-d", TOY, "-o", out / "a.json", "--language", "en")
    content = json.loads((out / "a.json").read_text())
    about = content["provenance"][0]
    assert about["dataset"] == "toy@1"
    assert "toy@1" in about["recipe"]
    assert about["analysis"]["name"] == content["analysis"] == command
    assert content["settings"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("name", "words"),
    [("a.pdf", ["unknown format '.pdf'"]), ("none/a.csv", ["there is no such folder"])],
)
def test_a_bad_target_is_refused_before_any_work(out, command, name, words):
    result = ipot(*COMMANDS[command], "-d", "/nowhere", "-o", out / name)
    assert_refused(result, out, *words)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_bad_recipe_is_refused(out, toy, command):
    (toy / "r.toml").write_text('weights = { "layer:sea" = 1 }')
    words = COMMANDS[command] if command != "compare" else ["compare", toy / "r.toml", "b.toml"]
    recipe = [] if command == "compare" else ["-r", toy / "r.toml"]
    result = ipot(*words, "-d", toy, *recipe, "-o", out / "a.csv")
    assert_refused(result, out, "unknown key 'layer:sea'")


def keep(toy, regions):
    """Drop all other regions from the toy."""
    for name in ("regions.csv", "values.csv"):
        head, *lines = [line for line in (toy / name).read_text().splitlines() if line[0] != "#"]
        kept = [line for line in lines if line.split(",")[0] in regions]
        (toy / name).write_text("\n".join([head, *kept]) + "\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_two_regions_give_an_answer_or_one_clear_line(out, toy, command):
    keep(toy, ["A1", "B2"])
    result = ipot(*COMMANDS[command], "-d", toy, "-o", out / "a.json")
    if FEW[command]:
        assert_refused(result, out, FEW[command])
    else:
        assert result.exit_code == 0, result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_one_region_is_refused_in_one_line(out, toy, command):
    keep(toy, ["A1"])
    words = [word for word in COMMANDS[command] if word != "Beta"]
    assert_refused(ipot(*words, "-d", toy, "-o", out / "a.json"), out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["extremes", "A9"], ["unknown region 'A9'", "A1"]),
        (["extremes", "Betta"], ["did you mean Beta"]),
        (["extremes", "A1", "--time-limit", "-1"], ["time_limit = -1"]),
        (["extremes", "A1", "--limit", "land=x:1"], ["--limit land=x:1", "LAYER=LOWEST:HIGHEST"]),
        (["extremes", "A1", "--limit", "land"], ["--limit land", "LAYER=LOWEST:HIGHEST"]),
        (["extremes", "A1", "--limit", "land="], ["--limit land=", "LAYER=LOWEST:HIGHEST"]),
        (["extremes", "A1", "--limit", "sea=0:1"], ["'sea' is no layer with a weight"]),
        (["extremes", "A1", "--limit", "land=0.6", "--limit", "people=0.6"], ["add up to 1.2"]),
        (["compare", "A1", "A1"], ["cannot overtake itself"]),
        (["compare", "A1", "Z"], ["unknown region 'Z'", "keys look like 'A1'"]),
        (["compare", "A1", "B2", "--draws", "0"], ["draws = 0"]),
        (["compare", "A1", "B2", "--spread", "2"], ["spread = 2"]),
        (["compare", "a.toml", "b.toml"], ["a.toml", "cannot be read"]),
        (["compare", TOY / "dataset.toml", "B2"], ["unknown key"]),
        (["sobol", "--samples", "0"], ["samples = 0", "power of two"]),
        (["sobol", "--samples", "100"], ["samples = 100", "power of two"]),
        (["sobol", "--confidence", "1"], ["confidence = 1"]),
        (["sobol", "--resamples", "0"], ["resamples = 0"]),
        (["sobol", "--seed", "-1"], ["seed = -1"]),
        (["sobol", "--region", "A9"], ["unknown region 'A9'"]),
        (["sobol", "--vary", "speed=1,2", "--samples", "2"], ["unknown key 'speed'"]),
        (["sobol", "--vary", "year"], ["FIELD=VALUE,VALUE"]),
        (["sobol", "--vary", "aggregate.method=arithmetic,geometric", "--samples", "4"],
         ["choices (aggregate.method = 'geometric')"]),
        (["multiverse", "--vary", "year=2020,2020"], ["lists a value twice"]),
        (["multiverse", "--choices", "/nowhere.toml"], ["/nowhere.toml", "cannot be read"]),
        (["coherence", "--collinear", "2"], ["limits 2"]),
        (["coherence", "--collinear", "nan"], ["limits nan"]),
        (["weights", "--node", "sea"], ["'sea' is no layer", "allowed: index"]),
        (["weights", "--pairwise", "/nowhere.csv"], ["/nowhere.csv: cannot be read"]),
        (["panel", "--years", "2020,x"], ["--years '2020,x'", "whole numbers"]),
        (["panel", "--years", "2020,2020"], ["each only once"]),
        (["panel", "--years", "2020", "--base", "x"], ["--base 'x'", "pooled or a year"]),
        (["panel", "--years", "2020", "--max-age", "-2"], ["max_age = -2"]),
        (["panel", "--years", "1990"], ["no indicator"]),
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_one_line(out, words, said):
    assert_refused(ipot(*words, "-d", TOY, "-o", out / "a.json"), out, *said)


PAIRS = ",land,people\nland,1,{0}\npeople,{1},1\n"


@pytest.mark.parametrize(
    ("option", "content", "said"),
    [
        ("--pairwise", PAIRS.format(3, 3), ["row 'layer:land'", "is not the reciprocal"]),
        ("--pairwise", PAIRS.format(-3, "-1/3"), ["a finite number above 0 is needed"]),
        ("--pairwise", PAIRS.format("nan", "nan"), ["a finite number above 0 is needed"]),
        ("--pairwise", PAIRS.format("", ""), ["a finite number above 0 is needed"]),
        ("--pairwise", PAIRS.format("much", ""), ["row 'land', column 'people': 'much'"]),
        ("--pairwise", PAIRS.format("1/0", ""), ["'1/0' is no number"]),
        ("--pairwise", ",land\nland,1\n", ["each of these once is needed"]),
        ("--pairwise", "", ["cannot be read"]),
        ("--budget", "who,land,people\nAnn,60,50\nBen,50,50\n", ["row 'Ann' adds up to 110"]),
        ("--budget", "who,land,people\nAnn,60,nan\nBen,50,50\n", ["row 'Ann' holds a gap"]),
        ("--budget", "who,land,people\nAnn,60,\nBen,50,50\n", ["row 'Ann' holds a gap"]),
        ("--budget", "who,land,people\nAnn,110,-10\nBen,50,50\n", ["a negative number"]),
        ("--budget", "who,land,people\nAnn,50,50\n", ["at least two people"]),
        ("--budget", "who,land,sea\nAnn,50,50\nBen,50,50\n", ["layer:land, layer:people"]),
    ],
)  # fmt: skip
def test_senseless_judgements_are_refused(out, tmp_path, option, content, said):
    path = tmp_path / "judgement.csv"
    path.write_text(content)
    result = ipot("weights", "-d", TOY, option, path, "-o", out / "a.json")
    assert_refused(result, out, *said)


def test_judgements_are_read_with_fractions_gaps_and_semicolons(tmp_path):
    (tmp_path / "p.csv").write_text("# Saaty's scale\n;land;people\nland;;1/3\npeople;;\n")
    (tmp_path / "b.csv").write_text("who,people,layer:land\nAnn,3,1\nBen,2,2\n")
    result = ipot(
        "weights", "-d", TOY, "--pairwise", tmp_path / "p.csv", "--budget", tmp_path / "b.csv",
        "--total", 4, "--node", "index",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    land = next(line for line in result.stdout.splitlines() if "layer:land" in line).split()
    assert [float(one) for one in land[-2:]] == [0.25, (1 / 4 + 2 / 4) / 2]


def test_two_recipes_are_compared(out, tmp_path):
    for name, weight in (("a", 1.0), ("b", 3.0)):
        (tmp_path / f"{name}.toml").write_text(f'[weights]\n"layer:land" = {weight}\n')
    result = ipot(
        "compare", tmp_path / "a.toml", tmp_path / "b.toml", "-d", TOY, "-o", out / "c.json",
        "--count", 1,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    tables = json.loads((out / "c.json").read_text())["tables"]
    assert len(tables["comparison"]) == 4
    assert len(tables["movers"]) == 1
    assert all(row["change"] == row["weights"] for row in tables["comparison"])
    assert tables["agreement"][0]["differs"] == "weights"


def test_another_dataset_can_stand_on_the_other_side(out, toy, tmp_path):
    recipe = tmp_path / "r.toml"
    recipe.write_text('name = "r"')
    text = (toy / "values.csv").read_text().replace("B2,fertility,2020,5", "B2,fertility,2020,6")
    (toy / "values.csv").write_text(text)
    result = ipot(
        "compare", recipe, recipe, "-d", TOY, "--other-dataset", toy, "-o", out / "c.json"
    )
    assert result.exit_code == 0, result.output
    tables = json.loads((out / "c.json").read_text())["tables"]
    assert tables["agreement"][0]["differs"] == "data"


def test_choices_come_from_a_file_or_are_typed(out, tmp_path):
    (tmp_path / "c.toml").write_text('[choices]\n"normalise.method" = ["minmax", "rank"]\n')
    words = ["multiverse", "-d", TOY, "-o", out / "m.json", "--choices", tmp_path / "c.toml"]
    assert ipot(*words, "--vary", "ties=min,average").exit_code == 0
    variants = json.loads((out / "m.json").read_text())["tables"]["variants"]
    assert [(one["normalise.method"], one["ties"]) for one in variants] == [
        ("minmax", "min"), ("minmax", "average"), ("rank", "min"), ("rank", "average")
    ]  # fmt: skip


def test_robust_adds_blocks_and_possible_ranks_and_keeps_the_draws(out):
    result = ipot(
        "robust", "-d", TOY, "--draws", 600, "--seed", 4, "--spread", 0.5, "--blocks", "1,3",
        "--extremes", "--keep-draws", out / "d.parquet", "-o", out / "b.csv", "--language", "en",
    )  # fmt: skip
    assert (result.exit_code, result.stdout) == (0, "")
    table = pd.read_csv(out / "b.csv", comment="#").set_index("region")
    dataset = Dataset.open(TOY)
    scores = score(dataset, default_recipe(dataset))
    possible = extremes(scores, table.index, time_limit=0)
    assert list(table["possible_best"]) == list(possible["best"])
    assert (table["block:1"] + table["block:2-3"] <= 1).all()
    pd.testing.assert_frame_equal(
        pd.read_parquet(out / "d.parquet").set_index("draw"),
        weightings(scores, draws=600, seed=4, spread=0.5), check_index_type=False,
    )  # fmt: skip
    head = (out / "b.csv").read_text()
    assert "600 weightings" in head
    assert 'Analysis: robust, settings {"blocks": [1, 3], "time_limit": 0.0}' in head


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--draws", "0"], ["draws = 0"]),
        (["--blocks", "3,1"], ["rising ranks from 1 to 4"]),
        (["--blocks", "9"], ["rising ranks from 1 to 4"]),
        (["--blocks", "x"], ["--blocks 'x'"]),
        (["--extremes", "--time-limit", "nan"], ["time_limit = nan"]),
        (["--keep-draws", "d.xlsx"], ["d.xlsx", "allowed: .csv, .parquet"]),
    ],
)
def test_senseless_additions_to_robust_are_refused(out, words, said):
    assert_refused(ipot("robust", "-d", TOY, "-o", out / "b.csv", *words), out, *said)


def test_a_cluster_needs_its_extra_or_a_scheduler(out, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = ipot("robust", "-d", TOY, "-o", out / "b.csv", "--scheduler", "localhost:1")
    assert_refused(result, out, "scheduler localhost:1", "potenzialatlas[cluster]")


def test_bands_find_their_code_book_in_a_workbook(out):
    words = ["--blocks", "1,3", "--extremes", "--draws", 50]
    assert ipot("robust", "-d", TOY, "-o", out / "b.xlsx", *words).exit_code == 0
    book = pd.read_excel(out / "b.xlsx", sheet_name="Spalten", engine="calamine")
    assert {"block:1", "block:2-3", "possible_best", "central_land"} <= set(book["Spalte"])


def test_the_solver_prints_nothing_between_the_answers(tmp_path):
    """Regions that are close to each other make the solver talk on C's standard output."""
    target = tmp_path / "toy"
    shutil.copytree(TOY, target)
    (target / "values.csv").write_text(_random_values(target))
    result = subprocess.run(
        [sys.executable, "-m", "views.cli", "extremes", "R000", "-d", str(target),
         "--time-limit", "0.5", "--language", "en"],
        check=True, text=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert result.stdout.startswith("Region 0: best rank ")
    assert "Highs" not in result.stdout + result.stderr
    assert len(result.stdout.splitlines()) == 4


def _random_values(folder):
    """Write 200 regions into `folder`, return their values."""
    import numpy as np

    random = np.random.default_rng(1)
    keys = [f"R{number:03}" for number in range(200)]
    lines = [f"{key},Region {number},1,yes" for number, key in enumerate(keys)]
    (folder / "regions.csv").write_text("\n".join(["region,name,size,coast", *lines]) + "\n")
    for number in range(6):
        (folder / "catalogue" / f"3{number}_more.toml").write_text(
            f'id = "more{number}"\nname = "more"\n[[indicator]]\nid = "m{number}"\nname = "m"\n'
            'direction = "+"\nsource = "invented"\n'
        )
    indicators = ["fertility", "quarrels", "songs", *(f"m{number}" for number in range(6))]
    rows = [
        f"{key},{one},2020,{value:.6f},"
        for key in keys for one, value in zip(indicators, random.random(9), strict=True)
    ]  # fmt: skip
    return "\n".join(["region,indicator,year,value,flag", *rows]) + "\n"


def test_long_lists_are_cut_on_the_terminal_but_not_in_files(tmp_path, out):
    target = Path(shutil.copytree(TOY, tmp_path / "toy"))
    (target / "values.csv").write_text(_random_values(target))
    words = ["multiverse", "-d", target, "--vary", "normalise.method=minmax,rank"]
    printed = ipot(*words)
    assert printed.exit_code == 0, printed.output
    assert printed.stdout.endswith("... bands: 40/200 (-o)\n")
    ipot(*words, "-o", out / "m.json")
    assert len(json.loads((out / "m.json").read_text())["tables"]["bands"]) == 200
