"""Shapes of input: several levels, children before parents, ids twice, unknown parents, circles."""

from __future__ import annotations

import pytest

from layers.catalogue import Catalogue, Indicator, Text
from layers.errors import DatasetError

LAYER = 'id = "{id}"\nname = "{id}"\nparent = "{parent}"\n'
INDICATOR = '[[indicator]]\nid = "{id}"\nname = "x"\ndirection = "+"\nsource = "s"\n'


def write(folder, *layers, indicators=()):
    for number, (key, parent) in enumerate(layers):
        text = LAYER.format(id=key, parent=parent)
        text += "".join(INDICATOR.format(id=one) for one in indicators)
        (folder / f"{number}.toml").write_text(text)
    return folder


def refused(folder):
    with pytest.raises(DatasetError) as caught:
        Catalogue.load(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_layers_come_in_the_order_of_their_files(toy):
    assert list(toy.catalogue.layer_by_id) == ["land", "soil", "water", "people"]
    assert list(toy.catalogue.indicator_by_id)[:2] == ["fertility", "stones"]


def test_every_layer_comes_after_those_below_it(toy):
    assert list(toy.catalogue.bottom_up()) == ["soil", "water", "land", "people", ""]


def test_sublayers_and_owner(toy):
    assert [one.id for one in toy.catalogue.sublayers()] == ["land", "people"]
    assert [one.id for one in toy.catalogue.sublayers("land")] == ["soil", "water"]
    assert toy.catalogue.layer_of["wells"] == "water"


def test_a_child_may_stand_before_its_parent(tmp_path):
    catalogue = Catalogue.load(write(tmp_path, ("child", "parent"), ("parent", "")))
    assert list(catalogue.bottom_up()) == ["child", "parent", ""]


def test_one_text_stands_for_both_languages():
    text = Text.model_validate("%")
    assert (text["de"], text["en"]) == ("%", "%")


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([("one", ""), ("one", "")], "layer id occurs more than once: one"),
        ([("one", "none")], "unknown parent 'none'; known: one"),
        ([("one", "two"), ("two", "one")], "each other's parents"),
        ([("one", "one")], "each other's parents"),
        ([("Großes", "")], "'id'"),
    ],
)
def test_what_is_no_tree_is_refused(tmp_path, layers, words):
    assert words in refused(write(tmp_path, *layers))


def test_an_indicator_belongs_to_one_layer(tmp_path):
    write(tmp_path, ("one", ""), ("two", ""), indicators=["same"])
    assert "indicator id occurs more than once: same" in refused(tmp_path)


@pytest.mark.parametrize("taken", ["region", "name", "index", "geometry"])
def test_names_of_columns_that_every_table_has_are_taken(tmp_path, taken):
    words = f"id '{taken}' is the name of a column of every table; choose another"
    assert words in refused(write(tmp_path, (taken, "")))
    assert words in refused(write(tmp_path, ("one", ""), indicators=[taken]))


def test_depth_counts_from_the_index(toy):
    depths = {key: toy.catalogue.depth(key) for key in ("", "land", "people", "soil")}
    assert depths == {"": 0, "land": 1, "people": 1, "soil": 2}


def test_a_folder_without_files_is_refused(tmp_path):
    assert "no catalogue files" in refused(tmp_path)
    assert "no catalogue files" in refused(tmp_path / "none")


@pytest.mark.parametrize("weight", ["-1", "nan", "inf"])
def test_weights_are_finite_and_not_negative(tmp_path, weight):
    (tmp_path / "a.toml").write_text(LAYER.format(id="a", parent="") + f"weight = {weight}\n")
    assert "'weight'" in refused(tmp_path)


def test_an_unknown_direction_is_named(tmp_path):
    (tmp_path / "a.toml").write_text(LAYER.format(id="a", parent="") + 'direction = "up"\n')
    assert "'direction'" in refused(tmp_path)


def test_a_fixed_scale_rises():
    told = {"id": "x", "name": "X", "direction": "+", "source": "s"}
    assert Indicator(**told, scale=[0, 4]).scale == (0, 4)
    for wrong in ([4, 0], [1, 1], [0, float("inf")], [0]):
        with pytest.raises(ValueError, match="scale"):
            Indicator(**told, scale=wrong)


def test_only_layers_directly_below_the_index_may_be_silent(tmp_path):
    folder = write(tmp_path, ("one", ""), ("two", "one"))
    path = folder / "1.toml"
    path.write_text(f"optional = true\n{path.read_text()}")
    assert "layer 'two' is optional" in refused(folder)
