"""Everybody's shares in one grouping, also of people who weighed under another one."""

from __future__ import annotations

import pandas as pd
import pytest
from strategies import flat, nested

from layers import Dataset, Recipe, RecipeError, score
from layers.lenses import Group as LensGroup
from layers.lenses import Lens
from layers.paths import data_folder
from layers.seen import seen
from layers.study.group import group
from layers.study.mean_weights import mean_of
from layers.study.wishes import wishes, wishes_in

VALUES = pd.DataFrame(
    {"a": [4.0, 3, 2, 1], "b": [1.0, 4, 2, 3], "c": [2.0, 1, 4, 3]}, index=list("PQRS")
)


@pytest.fixture
def dataset():
    """Three layers of one indicator; under the lens two groups, and c belongs to neither."""
    found = flat(VALUES)
    lens = Lens(
        id="two", name="Two", source="invented",
        group=[LensGroup(id="first", name="First", indicators=("a",)),
               LensGroup(id="second", name="Second", indicators=("b",))],
    )  # fmt: skip
    found.lenses["two"] = lens
    return found


def weigh(lens="", **weights):
    return Recipe(lens=lens, weights={f"layer:{key}": one for key, one in weights.items()})


def test_shares_of_another_grouping_are_summed_into_this_one(dataset):
    # Under the lens: first to second 3 : 1. In the usual layers a is 3/4, b 1/4, c nothing.
    people = {"Ann": weigh(), "Ben": weigh("two", first=3.0)}
    found = wishes(dataset, people, lens="")
    assert found.layers.loc["Ben"].tolist() == [3 / 4, 1 / 4, 0]
    assert found.layers.loc["Ann"].tolist() == pytest.approx([1 / 3] * 3)
    assert found.outside.tolist() == [0, 0]


def test_what_the_grouping_does_not_hold_lies_outside(dataset):
    # Ann gives c half of all; the lens knows no c.
    found = wishes(dataset, {"Ann": weigh(layer_c=2.0), "Ben": weigh("two")}, lens="two")
    assert found.layers.loc["Ann"].tolist() == [1 / 4, 1 / 4]
    assert found.outside["Ann"] == pytest.approx(1 / 2)
    assert found.outside["Ben"] == 0


def test_the_mean_and_the_group_go_through_groupings(dataset):
    people = {"Ann": weigh(layer_a=2.0, layer_c=0.0), "Ben": weigh("two", first=2.0)}
    mean = mean_of(wishes(dataset, people, lens="two"))
    shares = wishes_in(seen(dataset, weigh("two")).catalogue, {"mean": mean}).layers.loc["mean"]
    assert shares.tolist() == pytest.approx([2 / 3, 1 / 3], abs=0.005)
    together = group({name: score(dataset, one) for name, one in people.items()}, lens="")
    assert together.shares.loc["Ann"].tolist() == pytest.approx([2 / 3, 1 / 3, 0])
    assert together.shares.loc["Ben"].tolist() == pytest.approx([2 / 3, 1 / 3, 0])


def test_readings_are_compared_across_groupings(dataset):
    people = {"Ann": weigh(), "Ben": Recipe(lens="two", directions={"b": "-"})}
    found = group({name: score(dataset, one) for name, one in people.items()}, lens="")
    assert found.opposed().index.tolist() == ["b"]
    # Who weighed under the lens has said nothing of c.
    read = wishes(dataset, people, lens="").directions
    assert read.to_dict("index") == {
        "Ann": {"a": 1, "b": 1, "c": 1},
        "Ben": {"a": 1, "b": -1, "c": 0},
    }


def test_layers_are_read_as_a_person_says_and_as_usual_under_another_grouping(dataset):
    people = {"Ann": Recipe(directions={"layer:layer_a": "-"}), "Ben": weigh("two")}
    found = wishes(dataset, people, lens="")
    assert found.layer_signs.to_dict("index") == {
        "Ann": {"layer_a": -1, "layer_b": 1, "layer_c": 1},
        "Ben": {"layer_a": 1, "layer_b": 1, "layer_c": 1},
    }
    assert found.directions.loc["Ann"].tolist() == [-1, 1, 1]


def test_layers_of_layers_hold_what_lies_below_them():
    found = nested(VALUES.assign(d=[1.0, 2, 3, 5]))
    group = [LensGroup(id="all", name="All", indicators=tuple("abcd"))]
    found.lenses["one"] = Lens(id="one", name="One", source="invented", group=group)
    laid = wishes(found, {"Ann": weigh("one")}, lens="")
    # By nature c weighs 2, the others 1.
    assert laid.shares.loc["Ann"].to_dict() == pytest.approx({
        "layer:top": 4 / 5, "layer:left": 2 / 5, "layer:right": 1 / 5,
        "indicator:a": 1 / 5, "indicator:b": 1 / 5, "indicator:c": 2 / 5, "indicator:d": 1 / 5,
    })  # fmt: skip
    assert laid.layers.loc["Ann"].to_dict() == pytest.approx({"top": 4 / 5, "right": 1 / 5})


def test_every_lens_of_the_embedded_data_can_be_compared_with_every_other():
    kreise = Dataset.open(data_folder() / "kreise")
    people = {key or "usual": Recipe(lens=key) for key in ("", *kreise.lenses)}
    for lens in ("", *kreise.lenses):
        found = wishes(kreise, people, lens=lens)
        assert (found.layers.sum(axis=1) + found.outside).tolist() == pytest.approx(
            [1] * len(people)
        )
        assert found.outside[lens or "usual"] == 0
        mean_of(found)


def test_an_unknown_lens_and_nobody_are_refused(dataset):
    with pytest.raises(RecipeError, match="no lens 'moon'"):
        wishes(dataset, {"Ann": weigh("moon")}, lens="")
    with pytest.raises(RecipeError, match="at least one"):
        wishes(dataset, {}, lens="")
