"""Central places by name: those of the publisher's file, named as people name them."""

from __future__ import annotations

import pytest

from geo.access.named import FILE, build, open_centres
from geo.access.places import centres
from layers.errors import SourceError
from layers.paths import data_folder

GRID = data_folder() / "grid"


def test_the_embedded_places_are_those_of_the_publishers_file(raw, tmp_path):
    assert build(raw, tmp_path).read_bytes() == (GRID / FILE).read_bytes()
    assert len(open_centres(tmp_path)) == len(centres(raw))


def test_names_are_those_people_use():
    names = open_centres(GRID)["name"]
    assert {"Waren (Müritz)", "Ahaus", "Rothenburg ob der Tauber"} <= set(names)
    assert not names.str.contains(",").any()
    assert names.str.len().max() < 40


def test_the_most_important_come_first():
    table = open_centres(GRID)
    assert table["level"].iloc[0] == "Oberzentrum"
    assert table["level"].is_monotonic_decreasing
    assert table["name"].iloc[0] == "Berlin"


def test_places_that_are_missing_or_broken_are_an_error_that_says_so(tmp_path):
    with pytest.raises(SourceError, match="ipot data build --grid"):
        open_centres(tmp_path)
    (tmp_path / FILE).write_text("name,level,people,x,y\nA,Mittelzentrum,1,here,2\n")
    with pytest.raises(SourceError, match="'here'"):
        open_centres(tmp_path)
