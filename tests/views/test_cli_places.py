"""`ipot kinds`: whole tables with a code book, and one plain line where it cannot be told."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from views.cli import cli

TOY = Path(__file__).parents[1] / "toy"
TABLES = {"kinds", "counts", "sensitivity", "changes", "comparison", "types"}


def ipot(*words):
    return CliRunner().invoke(cli, ["kinds", *map(str, words)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("kinds") / "out"
    result = ipot("-o", out, "--language", "en")
    assert result.exit_code == 0, result.output
    return out


def test_all_tables_are_there_and_every_column_is_explained(folder):
    files = {path.stem for path in folder.glob("*.csv")}
    assert files == TABLES | {"code_book"}
    explained = pd.read_csv(folder / "code_book.csv")
    for name in TABLES:
        columns = set(pd.read_csv(folder / f"{name}.csv", nrows=1))
        assert columns == set(explained.loc[explained["table"] == name, "column"])
    assert "under all 22 variants" in (folder / "provenance.txt").read_text(encoding="utf-8")


def test_the_tables_agree_with_each_other(folder):
    table = pd.read_csv(folder / "kinds.csv", dtype={"region": str}, keep_default_na=False)
    counts = pd.read_csv(folder / "counts.csv")
    changes = pd.read_csv(folder / "changes.csv", dtype={"region": str})
    variants = pd.read_csv(folder / "sensitivity.csv").set_index("variant")
    assert len(table) == counts["regions"].sum() == 400
    assert changes["variant"].value_counts().reindex(variants.index).tolist() == (
        variants["any"].tolist()
    )
    unshaken = set(table.loc[table["sure"].astype(str) == "True", "region"])
    assert unshaken == set(table["region"]) - set(changes["region"])


def test_the_recipe_says_by_which_bounds(tmp_path):
    recipe = tmp_path / "own.toml"
    recipe.write_text('[kinds]\npopulation_bounds = [-1.0, 1.0]\ntrend = "line"\n', "utf-8")
    assert ipot("-r", recipe, "-o", tmp_path / "a.json").exit_code == 0
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    people = pd.DataFrame(found["tables"]["kinds"]).set_index("region")
    assert (people["kind_population"] == "growing").equals(people["population_change"] >= 1)
    assert found["settings"]["kinds"]["trend"] == "line"


@pytest.mark.parametrize(
    ("words", "told"),
    [(["-d", TOY], "lacks population_density"), (["--step", "0"], "--step"),
     (["--step", "nan"], "--step")],
)  # fmt: skip
def test_what_cannot_be_told_is_one_line(words, told, tmp_path):
    result = ipot(*words, "-o", tmp_path / "a.xlsx")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert told in result.stderr
    assert list(tmp_path.iterdir()) == []
