"""An indicator of one's own: numbers as if it had always been there, and told as one's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import Dataset, score
from layers.catalogue import Catalogue, Indicator
from layers.dataset import Source
from layers.errors import DatasetError
from layers.extend import OwnData, extend, is_extended, own_indicators, write
from layers.paths import default_recipe
from layers.plain import plain
from layers.provenance import provenance

VALUES = pd.Series({"A1": 1.0, "B2": 2.5, "C3": np.nan, "D4": -1.0})
TOLD = OwnData("Freie Wohnungen", "soil", "Stück", "-", 2024, "Amt für Wohnen", "w.csv", "Spalte 2")


def without(dataset, indicator):
    """Return the dataset as if it had never held an indicator."""
    layers = [
        one.model_copy(update={"indicators": tuple(i for i in one.indicators if i.id != indicator)})
        for one in dataset.catalogue.layers
    ]
    values = dataset.values[dataset.values["indicator"] != indicator]
    return replace(dataset, catalogue=Catalogue(layers=layers), values=values)


def test_the_score_is_that_of_a_dataset_that_had_the_indicator_from_the_start(toy):
    catalogue = toy.catalogue
    layer = next(one.id for one in catalogue.layers if len(one.indicators) > 1)
    last = catalogue.layer_by_id[layer].indicators[-1]
    year = int(toy.select().years[last.id])
    rows = toy.values[(toy.values["indicator"] == last.id) & (toy.values["year"] == year)]
    values = rows.set_index("region")["value"]
    regrown = extend(
        without(toy, last.id), last, values, toy.sources[last.source], layer=layer, year=year
    )
    recipe = default_recipe(toy)
    before, after = score(toy, recipe), score(regrown, recipe)
    pd.testing.assert_series_equal(after.index, before.index)
    pd.testing.assert_frame_equal(after.contributions, before.contributions)


def test_the_given_dataset_stays_as_it_was(toy):
    before = (toy.version, len(toy.values), dict(toy.sources), toy.catalogue)
    TOLD.add_to(toy, VALUES)
    assert (toy.version, len(toy.values), dict(toy.sources), toy.catalogue) == before


def test_version_title_and_source_say_that_it_is_not_official(toy):
    extended = TOLD.add_to(toy, VALUES)
    assert extended.version.startswith("1+eigene.")
    assert len(extended.version) == len("1+eigene.") + 8
    assert "mit eigenen Daten" in extended.title.de
    lines = "\n".join(provenance(score(extended, default_recipe(extended))).lines("de"))
    assert extended.reference in lines
    assert "Amt für Wohnen" in lines
    assert "Eigene Daten: w.csv" in lines
    assert "nicht geprüft" in lines
    assert [one.name.de for one in own_indicators(extended)] == ["Freie Wohnungen"]
    assert own_indicators(toy) == ()


def test_equal_data_give_equal_versions_and_other_data_other_ones(toy):
    version = TOLD.add_to(toy, VALUES).version
    assert TOLD.add_to(toy, VALUES[::-1]).version == version
    others = [
        TOLD.add_to(toy, VALUES + 1e-12), replace(TOLD, unit="m²").add_to(toy, VALUES),
        replace(TOLD, year=2023).add_to(toy, VALUES), TOLD.add_to(TOLD.add_to(toy, VALUES), VALUES),
        replace(TOLD, direction="+").add_to(toy, VALUES),
    ]  # fmt: skip
    assert len({version, *(one.version for one in others)}) == 6


def test_several_can_be_added_and_the_folder_opens_as_the_same_dataset(toy, tmp_path):
    first = TOLD.add_to(toy, VALUES)
    second = replace(TOLD, layer="own", name="Zwei").add_to(first, VALUES * 2)
    third = replace(TOLD, layer="Ganz neu", name="Drei").add_to(second, VALUES * 3)
    write(third, tmp_path / "mine")
    opened = Dataset.open(tmp_path / "mine")
    assert opened.notices == ()
    assert (opened.reference, opened.title) == (third.reference, third.title)
    assert opened.catalogue == third.catalogue
    assert opened.sources == third.sources
    recipe = default_recipe(third)
    found, expected = score(opened, recipe).index, score(third, recipe).index
    pd.testing.assert_series_equal(found, expected, check_exact=True)
    assert opened.catalogue.layer_by_id["own"].name.de == "Eigene Daten"


def test_a_folder_of_one_s_own_can_be_extended_in_place_and_nothing_else_is_overwritten(
    toy, tmp_path
):
    write(TOLD.add_to(toy, VALUES), tmp_path / "mine")
    again = replace(TOLD, name="Zwei").add_to(Dataset.open(tmp_path / "mine"), VALUES)
    write(again, tmp_path / "mine")
    assert len(own_indicators(Dataset.open(tmp_path / "mine"))) == 2
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("dear")
    with pytest.raises(DatasetError, match="holds something else already"):
        write(again, tmp_path / "letters")
    write(TOLD.add_to(toy, VALUES), tmp_path / "other" / "deep")
    assert not [one for one in tmp_path.rglob(".*") if one.is_dir()]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (pd.Series({"A1": np.inf}), "infinite or beyond"),
        (pd.Series({"A1": 1e308}), "infinite or beyond"),
        (pd.Series({"A1": np.nan}), "no value for any region"),
        (pd.Series({"Z9": 1.0}), "regions that the dataset does not have"),
        (pd.Series([1.0, 2.0], index=["A1", "A1"]), "names a region twice"),
    ],
)
def test_values_that_no_score_could_bear_are_refused(toy, values, words):
    with pytest.raises(DatasetError, match=words):
        TOLD.add_to(toy, values)


@pytest.mark.parametrize("name", ["", "   ", "\u202e\x00", "\n"])
def test_an_indicator_needs_a_name(toy, name):
    with pytest.raises(DatasetError, match="has no name"):
        replace(TOLD, name=name).add_to(toy, VALUES)


def test_ids_layers_and_years_are_checked(toy):
    known = next(iter(toy.catalogue.indicator_by_id.values()))
    source = Source(title="x", publisher="x", licence="x", attribution="x")
    fresh = Indicator(id="fresh", name="x", direction="+", source="fresh")
    with pytest.raises(DatasetError, match="id of an indicator that is there already"):
        extend(toy, known, VALUES, source, layer="soil", year=2024)
    with pytest.raises(DatasetError, match="unknown layer 'none'; layers: "):
        extend(toy, fresh, VALUES, source, layer="none", year=2024)
    with pytest.raises(DatasetError, match="has the year 0"):
        extend(toy, fresh, VALUES, source, layer="soil", year=0)
    with pytest.raises(DatasetError, match="unknown flag 'good'; allowed: calculated"):
        extend(toy, fresh, VALUES, source, layer="soil", year=1, flags=VALUES.map(lambda _: "good"))


def test_names_are_plain_text_whatever_somebody_writes():
    assert plain("<b>A</b> [x](http://y) *z* `q`") == "‹b›A‹/b› (x)(http∶//y) ∗z∗ 'q'"
    assert plain("a\nb\x00c\u202ed") == "a b cd"
    assert plain("x" * 500) == "x" * 80


@given(st.text(max_size=200))
def test_plain_text_stays_plain(text):
    once = plain(text)
    assert plain(once) == once
    assert not set(once) & set('<>[]{}*`|\\$~"\n\r\t\0')


def test_a_version_is_known_as_extended_or_not():
    assert is_extended("kreise@2026.1+eigene.0123abcd")
    assert not is_extended("kreise@2026.1")
