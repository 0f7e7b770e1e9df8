"""What a cell may mean: keys with and without zero, longer codes, names as offices write them."""

from __future__ import annotations

import pandas as pd
import pytest

from layers import Dataset
from layers.own_table import Keys
from layers.paths import data_folder


@pytest.fixture(scope="module")
def keys():
    return Keys(Dataset.open(data_folder() / "kreise").regions)


@pytest.mark.parametrize(
    "cell",
    ["01001", "1001", 1001.0, " 01001 ", "01001000", "1001000", 1001000.0, "010010000000", "DEF01",
     "def01", "01001 Flensburg, Stadt", "Flensburg, Kreisfreie Stadt", "FLENSBURG", "01001\u200b",
     "\u202eFlensburg"],
)  # fmt: skip
def test_one_kreis_can_be_named_in_many_ways(keys, cell):
    assert (keys.match(cell).state, keys.match(cell).region) == ("matched", "01001")


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("Luebeck", "01003"), (" Lübeck, Hansestadt", "01003"), ("Hzgt. Lauenburg", "01053"),
        ("Rostock, Hansestadt", "13003"), ("Landkreis Rostock", "13072"), ("LK Rostock", "13072"),
        ("München, Landeshauptstadt", "09162"), ("München, Landkreis", "09184"),
        ("611 Kassel, documenta-Stadt", "06611"), ("633 Lkr. Kassel", "06633"),
        ("Oldenburg (Oldb)", "03403"), ("Oldenburg (Oldenburg), Stadt", "03403"),
        ("Frankfurt a.M.", "06412"), ("Frankfurt (Oder)", "12053"), ("Halle", "15002"),
        ("Neustadt a.d. Aisch - Bad Windsheim", "09575"), ("Weiden in der Oberpfalz", "09363"),
        ("Mülheim a.d. Ruhr", "05117"), ("Rhein-Neckar", "08226"), ("Ilm-Kreis", "16070"),
        ("Städteregion Aachen", "05334"), ("Stadtverband Saarbrücken", "10041"),
        ("St. Wendel", "10046"), ("Sankt Wendel", "10046"), ("Darmstadt", "06411"),
        ("Nürnberg", "09564"), ("Hannover, Region", "03241"),
    ],
)  # fmt: skip
def test_names_as_offices_write_them(keys, name, region):
    assert keys.match(name).region == region


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("Rostock", ("13003", "13072")), ("München", ("09162", "09184")),
        ("Kassel", ("06611", "06633")), ("Oldenburg", ("03403", "03458")),
        ("Frankfurt", ("06412", "12053")), ("Offenbach", ("06413", "06438")),
    ],
)  # fmt: skip
def test_a_name_that_two_kreise_share_is_never_guessed(keys, name, choices):
    found = keys.match(name)
    assert (found.region, found.state, found.choices) == ("", "ambiguous", choices)


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("DG", "coarser"), ("Deutschland", "coarser"), ("0", "coarser"), ("05", "coarser"),
        ("051", "coarser"), ("DE1", "coarser"), ("Brandenburg", "coarser"), ("Bayern", "coarser"),
        ("01001999", "finer"), ("3241001", "finer"), ("16056", "missed"), ("Eisenach", "missed"),
        ("Göttingen, Stadt", "missed"), ("Aachen, kreisfreie Stadt", "missed"),
        ("Hannover, Landeshauptstadt", "missed"), ("99999", "missed"), ("Donau", "missed"),
        ("Stadt", "missed"), ("", "empty"), (None, "empty"), ("=1+1", "missed"),
        ("x" * 10_000, "missed"), (1e308, "missed"), (float("nan"), "missed"),
    ],
)  # fmt: skip
def test_other_levels_and_dissolved_kreise_are_told_apart(keys, cell, state):
    assert keys.match(cell).state == state


def test_every_kreis_is_found_by_its_label_and_by_its_name_with_its_kind(keys):
    regions = keys.regions
    for written in (
        regions["name"] + ", " + regions["kind"],
        regions["kind"] + " " + regions["name"],
    ):
        found = [keys.match(text).region for text in written]
        assert found == list(regions.index)
    labels = {keys.match(text).region or keys.match(text).state for text in regions["label"]}
    assert labels == {*regions.index} - {"03458"} | {"03458"}


def test_berlin_under_the_key_of_its_land_counts_unless_it_stands_there_as_well(keys):
    assert [one.region for one in keys.match_all(["11", "1001"])] == ["11000", "01001"]
    assert [one.state for one in keys.match_all(["11", "11000"])] == ["coarser", "matched"]


def test_keys_of_any_dataset_are_found_as_they_stand():
    regions = pd.DataFrame({"name": ["Alpha", "Beta"]}, index=pd.Index(["A1", "B2"], name="region"))
    keys = Keys(regions)
    found = [keys.match(one) for one in ("A1", "a1", "beta", "C3", "01001")]
    assert [one.region for one in found] == ["A1", "A1", "B2", "", ""]


def test_keys_of_municipalities_keep_their_eight_digits():
    regions = pd.DataFrame({"name": ["Flensburg"]}, index=pd.Index(["01001000"], name="region"))
    keys = Keys(regions)
    assert {keys.match(one).region for one in ("01001000", "1001000", "010010000000")} == {
        "01001000"
    }
    assert keys.match("01001").state == "coarser"
