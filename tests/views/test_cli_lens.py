"""``--lens``: every command that takes a recipe can group otherwise, and says what that changes."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from layers import Dataset, Recipe, score
from layers.regrouped import with_lens
from views.cli import cli
from views.cli.root import LensOption, RecipeOption

TOY = Path(__file__).parents[1] / "toy"
LENS = """
id = "other"
name = { de = "Andere", en = "Another" }
source = "Somebody"
[[group]]
id = "ground"
name = "Ground"
layers = ["land", "people"]
[[group]]
id = "nothing"
name = "Nothing"
"""


def ipot(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def toy(tmp_path):
    folder = Path(shutil.copytree(TOY, tmp_path / "toy"))
    (folder / "lenses").mkdir()
    (folder / "lenses" / "other.toml").write_text(LENS, encoding="utf-8")
    return folder


def test_every_command_that_takes_a_recipe_takes_a_lens():
    takes = {
        one.name: set(inspect.get_annotations(one.callback, eval_str=True).values())
        for one in cli.registered_commands
    }
    with_recipe = {name for name, kinds in takes.items() if RecipeOption in kinds}
    assert len(with_recipe) >= 14
    assert with_recipe == {name for name, kinds in takes.items() if LensOption in kinds}


def test_a_score_has_the_areas_of_the_lens_the_empty_one_too(toy, tmp_path):
    result = ipot("score", "-d", toy, "--lens", "other", "-o", tmp_path / "a.csv")
    assert (result.exit_code, result.stderr) == (0, "")
    found = pd.read_csv(tmp_path / "a.csv", comment="#").set_index("region")
    assert found["layer_nothing"].isna().all()
    expected = score(Dataset.open(toy), Recipe(lens="other", normalise={"constant": "drop"}))
    pd.testing.assert_series_equal(
        found["score"].sort_index(), expected.index, check_index_type=False
    )
    head = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert "Gruppierung: Andere" in head


def test_weights_of_other_areas_are_left_out_with_a_line_that_says_so(toy, tmp_path):
    recipe = tmp_path / "r.toml"
    recipe.write_text('[weights]\n"layer:soil" = 2\n"indicator:stones" = 0', encoding="utf-8")
    result = ipot("stages", "-d", toy, "-r", recipe, "--lens", "other", "-o", tmp_path / "s")
    assert result.exit_code == 0
    assert "weights of layers are left out" in result.stderr
    weights = pd.read_csv(tmp_path / "s" / "weights.csv", comment="#").set_index("key")["weight"]
    assert weights["indicator:stones"] == 0
    dataset = Dataset.open(toy)
    assert with_lens(Recipe.load(recipe), dataset, "other").weights == {"indicator:stones": 0}


def test_an_unknown_lens_is_refused_in_one_line_with_those_there_are(toy, tmp_path):
    result = ipot("score", "-d", toy, "--lens", "nap9", "-o", tmp_path / "a.csv")
    assert result.exit_code == 2
    assert result.stderr == (
        "ipot: recipe: lens: there is no lens 'nap9'; lenses of toy@1: other (or none, '').\n"
    )
    assert not (tmp_path / "a.csv").exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "other: Andere; 2 Bereiche, ohne Daten: nothing; nicht gewertet: –"),
     ("en", "other: Another; 2 areas, without data: nothing; not scored: –")],
)  # fmt: skip
def test_check_lists_the_lenses(toy, language, words):
    assert words in ipot("data", "check", toy, "--language", language).stdout
    assert "other" not in ipot("data", "check", TOY, "--language", language).stdout
