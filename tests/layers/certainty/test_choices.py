"""What must be true of choices: the standard ones suit any dataset, others are read or refused."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from strategies import dataset, indicator, layer, nested, tables

from layers.catalogue import Catalogue
from layers.certainty.choices import parse_choice, read_choices, standard_choices
from layers.certainty.multiverse import multiverse
from layers.certainty.sobol import sobol
from layers.errors import RecipeError
from layers.recipe import Recipe

DROP = Recipe.parse({"normalise": {"constant": "drop"}})


def test_the_standard_choices_of_the_toy(toy):
    choices = standard_choices(toy, DROP)
    assert list(choices) == ["normalise", "aggregate.method", "impute", "weights", "directions"]
    assert choices["normalise"] == {
        "minmax": {"method": "minmax", "range": [1, 100], "constant": "drop"},
        "percentile": {"method": "percentile", "range": [1, 100], "constant": "drop"},
        "rank": {"method": "rank", "constant": "drop"},
        "zscore": {"method": "zscore", "constant": "drop"},
    }
    assert choices["aggregate.method"] == ["arithmetic", "geometric"]
    assert choices["impute"] == {"none": {}, "median": {"method": "median"}}
    equal = {f"layer:{key}": 1.0 for key in ("land", "soil", "water", "people")}
    assert choices["weights"] == {"chosen": {}, "equal": equal}
    assert choices["directions"] == {"chosen": {}, "turned": {"wells": "-"}}


def test_what_would_change_nothing_is_no_choice(toy):
    recipe = Recipe.parse({"weights": {"layer:soil": 1.0}, "directions": {"wells": "0"}})
    full = replace(toy, values=toy.values[toy.values["indicator"] != "wells"])
    given = recipe.model_copy(update={"weights": recipe.weights | {"indicator:wells": 0.0}})
    assert list(standard_choices(full, given)) == ["normalise", "aggregate.method"]


def test_weights_differ_only_where_layers_of_a_level_do(toy):
    """Layers without weight or without content do not count, nor do those of another level."""

    def weights(made=toy, **given):
        recipe = Recipe(weights={f"layer:{key}": weight for key, weight in given.items()})
        return standard_choices(made, recipe).get("weights")

    assert weights(soil=2.0, water=2.0) is None
    assert weights(soil=3.0, water=0.0) is None
    more = Catalogue(layers=(*toy.catalogue.layers, layer("empty", weight=5.0)))
    assert weights(replace(toy, catalogue=more), soil=1.0) is None
    # Equal weights do not bring back what has none.
    assert weights(water=0.0, people=2.0) == {
        "chosen": {"layer:water": 0.0, "layer:people": 2.0},
        "equal": {"layer:land": 1.0, "layer:soil": 1.0, "layer:water": 0.0, "layer:people": 1.0},
    }


def test_the_recipe_s_own_way_to_fill_gaps_is_kept(toy):
    own = {"method": "knn", "neighbours": 2}
    assert standard_choices(toy, Recipe.parse({"impute": own}))["impute"] == {
        "chosen": own, "none": {}, "median": {"method": "median"}
    }  # fmt: skip


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
    # What the recipe has turned already is turned back.
    chosen = {"layer:one": "+", "b": "-", "a": "-"}
    assert standard_choices(made, Recipe.parse({"directions": chosen}))["directions"] == {
        "chosen": chosen, "turned": {"layer:one": "-", "b": "+", "a": "-"}
    }  # fmt: skip


@given(tables(gaps=False))
def test_all_standard_choices_can_be_run(values):
    made = nested(values)
    found = multiverse(made, DROP, standard_choices(made, DROP))
    assert set(found.settings["reason"]) == {"", "needs_positive"}


def test_the_standard_choices_of_a_design_without_holes_can_all_be_run(toy):
    choices = standard_choices(toy, DROP, whole=True)
    assert "weights" not in choices
    assert list(choices["normalise"]) == ["minmax", "percentile", "rank"]
    assert len(sobol(toy, DROP, choices, samples=16).indices) == len(choices) + 2


def test_a_choice_is_read_as_typed():
    assert parse_choice("normalise.method = minmax, rank") == (
        "normalise.method", ["minmax", "rank"]
    )  # fmt: skip
    assert parse_choice("aggregate.min_coverage=0.5,1") == ("aggregate.min_coverage", [0.5, 1])
    assert parse_choice("year=latest,2019") == ("year", ["latest", 2019])
    assert parse_choice("weights = {a = 1}") == ("weights", [{"a": 1}])
    # A byte that is no text, as a command line hands it on.
    assert parse_choice("year=\udce9") == ("year", ["\udce9"])


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


def test_a_choice_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RecipeError, match=r"none\.toml: cannot be read"):
        read_choices(tmp_path / "none.toml")
