"""Every recipe sees the dataset its own way, at no cost the second time."""

from __future__ import annotations

import sys
from dataclasses import replace

import pandas as pd
import pytest
import strategies as make

from layers import Recipe, score
from layers.citation import citation, recipe_hash
from layers.lenses import Group, Lens
from layers.population import DENSITY
from layers.provenance import provenance
from layers.recipe import Kinds
from layers.seen import seen
from layers.study.compare import compare
from layers.study.panel import panel

VALUES = pd.DataFrame({"a": [1.0, 2, 4], "b": [3.0, 1, 2]}, index=["A", "B", "C"])
PLAIN, LENSED = Recipe(), Recipe(lens="l")


@pytest.fixture
def dataset():
    """Two layers of one indicator; the lens has one group of both."""
    made = make.flat(VALUES)
    groups = [Group(id="g", name="g", layers=("layer_a", "layer_b"))]
    made.lenses["l"] = Lens(id="l", name={"de": "Linse", "en": "Lens"}, source="s", group=groups)
    return made


def test_seeing_again_gives_the_same_object(dataset):
    once = seen(dataset, LENSED)
    assert seen(dataset, LENSED) is once
    assert seen(once, LENSED) is once
    assert seen(once, PLAIN) is seen(dataset, PLAIN)
    assert seen(dataset, PLAIN).plain is dataset
    assert once.plain is dataset


def test_what_was_seen_is_not_worked_out_again(dataset, monkeypatch):
    once = seen(dataset, LENSED)
    monkeypatch.setattr(sys.modules["layers.seen"], "_look", None)
    assert seen(dataset, LENSED) is once


def test_of_many_views_the_latest_are_kept(dataset):
    many = [Recipe(lens=f"l{number}") for number in range(40)]
    dataset.lenses.update(
        {one.lens: dataset.lenses["l"].model_copy(update={"id": one.lens}) for one in many}
    )
    views = [seen(dataset, one) for one in many]
    assert len(dataset.plain.views) == 32
    assert seen(dataset, many[-1]) is views[-1]
    assert seen(dataset, many[0]) is not views[0]


def test_the_words_of_a_kind_name_the_series_that_was_chosen():
    layers = [make.layer("top", make.indicator(DENSITY), make.indicator("jobs", name="Jobs"))]
    first = pd.DataFrame({DENSITY: [10.0, 20], "jobs": [3.0, 4]}, index=["A", "B"])
    regions = pd.DataFrame({"name": first.index, "area_km2": 1000.0}, index=first.index)
    before, after = (make.dataset(layers, first * factor, regions, year)
                     for factor, year in ((1, 2020), (2, 2021)))  # fmt: skip
    values = pd.concat([before.values, after.values], ignore_index=True)
    chosen = Kinds(economy="jobs", first=2020, last=2021)
    look = seen(replace(before, values=values), Recipe(kinds=chosen))
    assert "Jobs" in look.attributes["kind_economy"].note.en
    assert look.regions["kind_population"].tolist() == ["growing", "growing"]


def test_scores_hold_the_dataset_as_their_recipe_sees_it(dataset):
    scores = score(dataset, LENSED)
    assert scores.dataset is seen(dataset, LENSED)
    assert list(scores.layers) == ["g"]
    assert list(score(scores.dataset, PLAIN).layers) == ["layer_a", "layer_b"]


def test_years_are_compared_in_the_groups_of_the_lens(dataset):
    assert "layer_g" in panel(dataset, LENSED, [2020]).table


def test_two_groupings_are_compared_as_a_change_of_weights(dataset):
    found = compare(score(dataset, PLAIN), score(dataset, Recipe(lens="l", weights={
        "indicator:a": 3})))  # fmt: skip
    assert found.differs == ("weights",)
    # Shares 1/2 and 1/2 before, 3/4 and 1/4 after; A has 0 on 'a' and 100 on 'b'.
    assert found.table.loc["A", "change"] == pytest.approx(100 / 4 - 100 / 2)


def test_a_grouping_is_part_of_what_is_cited(dataset):
    assert recipe_hash(LENSED, dataset) != recipe_hash(PLAIN, dataset)
    assert "Gruppierung: Linse" in citation(LENSED, dataset)["de"]
    about = provenance(score(dataset, LENSED))
    assert any("grouping: Lens" in line for line in about.lines("en"))
    assert about.recipe.name == LENSED.name
    assert "Gruppierung" not in citation(PLAIN, dataset)["de"]
