"""``ipot distribute``: an answer in words or a file, and one line for what cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from views.cli import cli

TOY = Path(__file__).parents[1] / "toy"
#: A rule that needs nothing of the invented dataset.
EVEN = ("-d", TOY, "--rule", "equal")


def ipot(*words):
    return CliRunner().invoke(cli, ["distribute", *map(str, words)])


def refused(result):
    lines = result.stderr.splitlines()
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert all(line.startswith("ipot: ") for line in lines)
    return lines[-1]


def test_one_land_in_steps_below_a_bound_as_a_file(tmp_path):
    out = tmp_path / "people.json"
    asked = ("--rule", "population=0.5,score=0.5", "--land", "03", "--cap", 5, "--steps", 3)
    result = ipot(10_000, *asked, "--draws", 40, "--seed", 2, "-o", out, "--language", "en")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    content = json.loads(out.read_text("utf-8"))
    assert content["settings"]["people"] == [3334, 3333, 3333]
    assert content["settings"]["seed"] == 2
    assert sum(row["persons"] for row in content["tables"]["distribution"]) == 10_000
    assert {row["region"][:2] for row in content["tables"]["distribution"]} == {"03"}


def test_keys_of_regions_stay_text_in_a_table(tmp_path):
    out = tmp_path / "people.csv"
    assert ipot("400", "--rule", "equal", "-o", out).exit_code == 0
    table = pd.read_csv(out, comment="#", dtype={"region": str})
    assert table["persons"].tolist() == [1] * 400
    assert table["region"].iloc[0] == "01001"


def test_without_a_file_the_answer_is_printed():
    result = ipot("40,60", *EVEN, "--language", "en")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("100 people shared out over 4 regions (steps: 2)")


def test_a_rule_from_a_file_counts_less_than_what_is_typed(tmp_path):
    rule, out = tmp_path / "rule.toml", tmp_path / "out.json"
    rule.write_text('cap = 9.0\nland = ["03"]\n[mixture]\narea = 1\n', encoding="utf-8")
    result = ipot(90, "--rule", rule, "--land", "16", "-o", out)
    assert result.exit_code == 0, result.output
    settings = json.loads(out.read_text("utf-8"))["settings"]
    assert settings["rule"] == {"cap": 9.0, "land": ["16"], "mixture": {"area": 1.0}}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["many"], "whole numbers"),
        (["0", *EVEN], "people = 0"),
        (["10000001", *EVEN], "10000000"),
        (["9", "--rule", "wealth"], "unknown part 'wealth'"),
        (["9", "--rule", "area=x"], "'x' is no number"),
        (["9", "--rule", "area,area"], "named twice"),
        (["9", "--rule", "no.toml"], "no.toml"),
        (["9", "--cap", "0"], "cap"),
        (["9", "--steps", "10"], "1 to 9 are possible"),
        (["9,9", "--steps", "2"], "leave it out"),
        (["9", "-d", TOY], "population"),
        (["9", *EVEN, "--land", "01"], "Land"),
        (["9", "-o", "people.pdf"], "unknown format '.pdf'"),
    ],
)
def test_what_cannot_be_is_answered_by_one_line(words, said):
    assert said in refused(ipot(*words))


def test_a_bound_that_is_too_low_says_how_many_it_holds(tmp_path):
    line = refused(ipot(1000, "--land", "04", "--cap", "0.1", "-o", tmp_path / "x.csv"))
    assert "hold at most 6" in line
    assert list(tmp_path.iterdir()) == []
