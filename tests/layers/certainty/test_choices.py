"""What must be true of choices: the standard ones suit any dataset, others are read or refused."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from strategies import dataset, indicator, layer, nested, tables

from layers.certainty.choices import parse_choice, read_choices, standard_choices
from layers.certainty.multiverse import multiverse
from layers.certainty.sobol import sobol
from layers.errors import RecipeError
from layers.recipe import Recipe

DROP = Recipe.parse({"normalise": {"constant": "drop"}})


def test_the_standard_choices_of_the_toy(toy):
    choices = standard_choices(toy, DROP)
    assert list(choices) == ["normalise", "aggregate.method", "impute", "weights", "directions"]
    assert choices["impute"] == {"none": {}, "median": {"method": "median"}}
    assert choices["weights"]["equal"] == {
        f"layer:{key}": 1.0 for key in ("land", "soil", "water", "people")
    }
    assert choices["directions"] == {"chosen": {}, "turned": {"wells": "-"}}
    assert all(scale["constant"] == "drop" for scale in choices["normalise"].values())


def test_what_would_change_nothing_is_no_choice(toy):
    recipe = Recipe.parse({"weights": {"layer:soil": 1.0}, "directions": {"wells": "0"}})
    full = replace(toy, values=toy.values[toy.values["indicator"] != "wells"])
    given = recipe.model_copy(update={"weights": recipe.weights | {"indicator:wells": 0.0}})
    assert list(standard_choices(full, given)) == ["normalise", "aggregate.method"]


def test_outliers_are_treated_or_left_and_the_recipe_s_own_way_is_kept():
    """One value of 20 lies far out: skewness and kurtosis both fail the test."""
    values = pd.DataFrame({"a": [*range(19), 1_000.0]}, index=[f"R{n}" for n in range(20)])
    made = dataset([layer("one", indicator("a"))], values)
    two_steps = {"method": "winsorise_then_log"}
    assert standard_choices(made, DROP)["treat"] == {"none": {}, "winsorise_then_log": two_steps}
    own = Recipe.parse({"treat": {"method": "winsorise", "max": 2}})
    assert standard_choices(made, own)["treat"]["chosen"] == {"method": "winsorise", "max": 2}
    assert "treat" not in standard_choices(
        made, Recipe(weights={}, filter={"name": ["R1", "R2"]}, reference={"set": "filtered"})
    )


def test_a_contested_layer_is_turned_as_a_whole():
    values = pd.DataFrame({"a": [1.0, 2, 3], "b": [3.0, 1, 2]}, index=list("XYZ"))
    made = dataset([
        layer("one", indicator("a", contested=True), contested=True, direction="-"),
        layer("two", indicator("b", contested=True)),
    ], values)  # fmt: skip
    assert standard_choices(made, DROP)["directions"]["turned"] == {"layer:one": "+", "b": "-"}


@given(tables(gaps=False))
def test_all_standard_choices_can_be_run(values):
    made = nested(values)
    found = multiverse(made, DROP, standard_choices(made, DROP))
    assert set(found.settings["reason"]) == {"", "needs_positive"}


def test_the_standard_choices_of_a_design_without_holes_can_all_be_run(toy):
    choices = standard_choices(toy, DROP, whole=True)
    assert "weights" not in choices
    assert len(sobol(toy, DROP, choices, samples=16).indices) == len(choices) + 2


def test_a_choice_is_read_as_typed():
    assert parse_choice("normalise.method = minmax, rank") == (
        "normalise.method", ["minmax", "rank"]
    )  # fmt: skip
    assert parse_choice("aggregate.min_coverage=0.5,1") == ("aggregate.min_coverage", [0.5, 1])
    assert parse_choice("year=latest,2019") == ("year", ["latest", 2019])


@pytest.mark.parametrize("words", ["", "normalise.method", "=minmax", "normalise.method="])
def test_a_choice_without_field_or_value_is_refused(words):
    with pytest.raises(RecipeError, match="FIELD=VALUE,VALUE is needed"):
        parse_choice(words)


def test_a_choice_file_is_read(tmp_path):
    path = tmp_path / "choices.toml"
    path.write_text('[choices]\n"aggregate.method" = ["arithmetic"]\nweights = { a = {} }\n')
    assert read_choices(path) == {"aggregate.method": ["arithmetic"], "weights": {"a": {}}}


@pytest.mark.parametrize(
    "content", ["", "x = 1", "choices = 1", "[choices]", "[choices]\nyear = 2019", "[choices]\n[b]"]
)
def test_a_choice_file_of_another_kind_is_refused(tmp_path, content):
    path = tmp_path / "choices.toml"
    path.write_text(content)
    with pytest.raises(RecipeError, match=r"choices\.toml: .* is needed|needs a list"):
        read_choices(path)
