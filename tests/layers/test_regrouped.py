"""Another grouping keeps what was chosen for indicators and forgets what was chosen for layers."""

from __future__ import annotations

import pandas as pd
import pytest
import strategies as make

from layers import Recipe
from layers.errors import RecipeError
from layers.lenses import Group, Lens
from layers.query import from_query, to_query
from layers.regrouped import with_lens
from layers.seen import seen
from layers.weigh import plan

VALUES = pd.DataFrame({"a": [1.0, 2, 4], "b": [3.0, 1, 2], "c": [5.0, 6, 9]}, index=["A", "B", "C"])


@pytest.fixture
def dataset():
    """Two layers, one of them turned; the lens leaves 'c' out."""
    made = make.dataset(
        [make.layer("up", make.indicator("a"), make.indicator("c")),
         make.layer("down", make.indicator("b"), direction="-")],
        VALUES,
    )  # fmt: skip
    groups = [Group(id="g", name="g", indicators=("a", "b"))]
    made.lenses["l"] = Lens(id="l", name="l", source="s", group=groups)
    return made


def directions(recipe, dataset):
    return plan(seen(dataset, recipe).catalogue, recipe).directions


def test_switches_of_indicators_stay_and_weights_of_layers_go(dataset):
    recipe = Recipe(weights={"layer:up": 2, "indicator:a": 0, "indicator:c": 3})
    moved = with_lens(recipe, dataset, "l")
    assert moved.weights == {"indicator:a": 0}
    assert (moved.lens, moved.year, moved.name) == ("l", recipe.year, recipe.name)


@pytest.mark.parametrize(
    "given",
    [{}, {"layer:down": "+"}, {"b": "-"}, {"layer:up": "-", "b": "-"}, {"a": "-"}],
)  # fmt: skip
def test_every_indicator_counts_in_the_direction_in_which_it_counted(dataset, given):
    recipe = Recipe(directions=given)
    before = directions(recipe, dataset)
    moved = with_lens(recipe, dataset, "l")
    assert directions(moved, dataset) == {key: before[key] for key in ("a", "b")}
    back = directions(with_lens(moved, dataset, ""), dataset)
    assert {key: back[key] for key in ("a", "b")} == {key: before[key] for key in ("a", "b")}


def test_what_was_said_of_indicators_that_are_left_out_is_dropped(dataset):
    recipe = Recipe.parse({
        "normalise": {"goalposts": {"a": [0, 9], "c": [0, 9]}},
        "treat": {"indicators": {"c": {"method": "log"}}},
        "aggregate": {"layers": {"up": {"method": "median"}}, "levels": {"1": {"p": 2}}},
    })  # fmt: skip
    moved = with_lens(recipe, dataset, "l")
    assert list(moved.normalise.goalposts) == ["a"]
    assert moved.treat.indicators == {}
    assert moved.aggregate.layers == {}
    assert list(moved.aggregate.levels) == ["1"]
    moved.check(seen(dataset, moved).catalogue)


def test_the_same_lens_changes_nothing_and_an_unknown_name_is_told(dataset):
    recipe = Recipe(weights={"layer:up": 2})
    assert with_lens(recipe, dataset, "") is recipe
    with pytest.raises(RecipeError, match="'layer:upp'"):
        with_lens(Recipe(weights={"layer:upp": 2}), dataset, "l")
    with pytest.raises(RecipeError, match="no lens 'x'"):
        with_lens(recipe, dataset, "x")


def test_a_lens_survives_file_and_link(tmp_path):
    recipe = Recipe(lens="nap1", weights={"layer:nap1_work": 2.0})
    path = tmp_path / "r.toml"
    path.write_text(recipe.to_toml(), encoding="utf-8")
    assert Recipe.load(path) == recipe
    assert to_query(recipe) == {"ln": "nap1", "w.nap1_work": "2"}
    assert from_query(to_query(recipe)) == recipe


@pytest.mark.parametrize("damaged", ["NAP", "../etc", "a b", "a" * 61, "<b>"])
def test_what_can_be_no_lens_is_refused(damaged):
    with pytest.raises(RecipeError, match="lens"):
        from_query({"ln": damaged})
