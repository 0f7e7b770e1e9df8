"""`ipot selfcheck`: from an empty file to a report, a comparison and a score of its own."""

from __future__ import annotations

import json

import pytest
from checks import BOTH, rater, selfcheck
from typer.testing import CliRunner

from layers import Dataset, score
from layers.paths import default_recipe, project_root
from layers.selfcheck.as_layer import LAYER
from layers.selfcheck.file import load, to_toml
from views.cli import cli

TOY = project_root() / "tests" / "toy"


def ipot(*words):
    return CliRunner().invoke(cli, ["selfcheck", *map(str, words)])


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "both.toml"
    path.write_text(to_toml(BOTH), encoding="utf-8")
    return path


def test_an_empty_file_lists_all_statements_and_is_filled_in_by_hand(tmp_path):
    path = tmp_path / "new.toml"
    assert ipot("new", "A1", "-d", TOY, "-o", path, "--place", "Dorf").exit_code == 0
    text = path.read_text()
    assert text.count('" = 2') == 40
    path.write_text(text.replace('#"work.partners" = 2', '"work.partners" = 3'))
    assert load(path).raters[0].ratings == {"work.partners": 3}
    again = ipot("new", "A1", "-d", TOY, "-o", path)
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    said = ipot("check", path, "-d", TOY).stdout
    assert "Personen: 1, Antworten: 1, nicht zuständig: 0, offen: 39." in said


def test_files_are_merged_and_reported(tmp_path, saved):
    other = tmp_path / "other.toml"
    other.write_text(to_toml(selfcheck(rater("Cem", work__levels=4))))
    result = ipot("result", saved, other, "-d", TOY, "-o", tmp_path / "r.json")
    assert (result.exit_code, "1 neu" in result.stderr) == (0, True)
    rows = json.loads((tmp_path / "r.json").read_text())["tables"]["selfcheck_fields"]
    assert next(one["raters"] for one in rows if one["field"] == "work") == 3
    printed = ipot("result", saved, "-d", TOY, "-o", tmp_path / "r.html", "--language", "en")
    assert printed.exit_code == 0
    assert "lang='en'" in (tmp_path / "r.html").read_text()


def test_two_dates_are_compared_and_the_result_is_added_to_the_score(tmp_path, saved):
    later = tmp_path / "later.toml"
    later.write_text(to_toml(selfcheck(rater("Anna", work__partners=0))))
    assert "1 fallen" in ipot("compare", saved, later, "-d", TOY, "--language", "en").stdout
    assert ipot("add", saved, "-d", TOY, "-o", tmp_path / "own").exit_code == 0
    own = Dataset.open(tmp_path / "own")
    assert score(own, default_recipe(own)).layers[LAYER].notna().sum() == 1


@pytest.mark.parametrize("command", ["check", "result"])
@pytest.mark.parametrize(
    ("content", "word"),
    [("kind = 3", "no self-check"), ('format = 9\nkind = "selfcheck"', "format 9")],
)
def test_a_foreign_file_is_refused_in_one_line(tmp_path, command, content, word):
    path = tmp_path / "x.toml"
    path.write_text(content)
    result = ipot(command, path, "-d", TOY)
    assert (result.exit_code, result.stdout) == (2, "")
    assert word in result.stderr
    assert len(result.stderr.splitlines()) == 1
