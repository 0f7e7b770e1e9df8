"""``ipot group``: several recipes, or a group recipe, as one report and one recipe."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from layers import Recipe
from views.cli import cli

FILTERED = 'name = "Ben"\n[filter]\nname = ["Alpha", "Beta", "Gamma"]\n'


def ipot(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def people(tmp_path):
    """Two people; the first has a name, the second is called like the file."""
    heavy = '[normalise]\nconstant = "drop"\n[weights]\n"layer:land" = 3.0\n'
    (tmp_path / "ann.toml").write_text('name = "Ann"\n' + heavy)
    (tmp_path / "ben.toml").write_text('[normalise]\nconstant = "drop"\n')
    return [tmp_path / "ann.toml", tmp_path / "ben.toml"]


def test_the_report_and_the_group_recipe_say_the_same(toy_folder, tmp_path, people):
    out, recipe = tmp_path / "group.json", tmp_path / "us.toml"
    done = ipot("group", *people, "-d", toy_folder, "-o", out, "--recipe", recipe)
    assert done.exit_code == 0, done.output
    tables = json.loads(out.read_text())["tables"]
    assert [row["person"] for row in tables["persons"]] == ["Ann", "ben"]
    members = Recipe.load(recipe).members
    assert [one.name for one in members] == ["Ann", "ben"]
    assert members[0].weights == {"layer:land": 3.0}
    # The mean of the shares 3/4 and 1/2 is 5/8, in weights that add up to two.
    weights = Recipe.load(recipe).weights
    assert (weights["layer:land"], weights["layer:people"]) == (1.25, 0.75)
    again = ipot("group", recipe, "-d", toy_folder, "-o", tmp_path / "again.json")
    assert again.exit_code == 0, again.output
    assert json.loads((tmp_path / "again.json").read_text())["tables"] == tables


def test_without_names_nothing_in_any_file_tells_them(toy_folder, tmp_path, people):
    out, recipe = tmp_path / "tables", tmp_path / "us.toml"
    done = ipot("group", *people, "-d", toy_folder, "--no-names", "-o", out, "--recipe", recipe)
    assert done.exit_code == 0, done.output
    files = [*out.iterdir(), recipe]
    said = "\n".join(one.read_text() for one in files)
    assert "Person 1" in said
    assert "Ann" not in said
    turned = ipot("group", *people[::-1], "-d", toy_folder, "--no-names", "--recipe",
                  tmp_path / "turned.toml")  # fmt: skip
    assert turned.exit_code == 0, turned.output
    assert (tmp_path / "turned.toml").read_text() == recipe.read_text()


def test_selection_and_method_are_those_of_the_first(toy_folder, tmp_path, people):
    people[1].write_text(FILTERED)
    done = ipot("group", *people, "-d", toy_folder, "--language", "en")
    assert done.exit_code == 0, done.output
    assert f"{people[1]}: selection and method are those of {people[0]}" in done.stderr.replace(
        "\n", " "
    )
    assert "2 weightings" in done.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("members = 3", "'members'"),
        ('[[members]]\nname = "A"\nage = 3', "unknown key 'members.0.age'"),
        ("members = [", "is not valid TOML"),
        ('[[members]]\nweights = { "layer:moon" = 1.0 }\n[[members]]\n', "'layer:moon'"),
        ("", "1 weighting given"),
    ],
)
def test_a_damaged_or_lonely_file_is_refused_in_one_line(toy_folder, tmp_path, content, said):
    (tmp_path / "one.toml").write_text(content)
    target = tmp_path / "us.toml"
    done = ipot("group", tmp_path / "one.toml", "-d", toy_folder, "--recipe", target)
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not target.exists()


def test_a_recipe_is_written_to_a_toml_file_only(toy_folder, tmp_path, people):
    done = ipot("group", *people, "-d", toy_folder, "--recipe", tmp_path / "us.json")
    assert done.exit_code == 2
    assert ".toml" in done.stderr
