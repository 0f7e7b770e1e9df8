"""A lens groups otherwise and changes nothing else; a damaged one is refused by one clear line."""

from __future__ import annotations

import shutil
import tomllib

import numpy as np
import pandas as pd
import pytest
import strategies as make
from hypothesis import given
from hypothesis import strategies as st

from layers import Dataset, Recipe, score
from layers.build import publish, write_values
from layers.catalogue import INDEX, Catalogue
from layers.errors import DatasetError, RecipeError
from layers.extend import OwnData, write
from layers.lenses import Group, Lens, regroup, through, turned
from layers.robust import robust
from layers.seen import seen

LENS = """
id = "other"
name = "Other"
source = "Somebody"
[[group]]
id = "ground"
name = "Ground"
layers = ["soil"]
indicators = ["wells", "quarrels"]
[[group]]
id = "songs_sung"
name = "Songs"
needs = { de = "Wer singt?", en = "Who sings?" }
[[group]]
id = "rest"
name = "Rest"
indicators = ["stones"]
"""
EQUAL = {"normalise": {"constant": "drop"}}
BY_LENS = Recipe.parse(EQUAL | {"lens": "other"})


@pytest.fixture
def folder(tmp_path, toy_folder):
    """Give the invented dataset with a lens; what it leaves out is 'songs'."""
    place = tmp_path / "toy"
    shutil.copytree(toy_folder, place)
    (place / "lenses").mkdir()
    (place / "lenses" / "other.toml").write_text(LENS, encoding="utf-8")
    return place


@pytest.fixture
def lensed(folder):
    return Dataset.open(folder)


def groups_of(catalogue):
    return {layer.id: [one.id for one in layer.indicators] for layer in catalogue.layers}


def test_a_named_indicator_goes_before_its_layer_and_the_rest_of_the_layer_stays(lensed):
    assert groups_of(through(lensed, "other").catalogue) == {
        "ground": ["fertility", "wells", "quarrels"], "songs_sung": [], "rest": ["stones"],
    }  # fmt: skip


def test_what_no_group_takes_is_said(lensed):
    """And its values are gone; the others are as they were."""
    assert lensed.lenses["other"].leaves_out(lensed.catalogue) == ("songs",)
    kept = lensed.values[lensed.values["indicator"] != "songs"].reset_index(drop=True)
    pd.testing.assert_frame_equal(through(lensed, "other").values, kept)


def test_a_dataset_knows_through_which_lens_it_is_seen(lensed):
    looked = through(lensed, "other")
    assert (lensed.lens, looked.lens) == ("", "other")
    assert through(looked, "other") is looked
    assert through(lensed, "") is lensed


@pytest.mark.parametrize("lens", ["", "another"])
def test_what_was_left_out_does_not_come_back(lensed, lens):
    """Of a part that somebody cut out of what a lens shows, nobody knows the whole."""
    lensed.lenses["another"] = lensed.lenses["other"].model_copy(update={"id": "another"})
    part = through(lensed, "other")
    with pytest.raises(DatasetError) as caught:
        through(part, lens)
    assert str(caught.value) == "toy@1: is a part of what is seen through 'other'; open it anew."


def test_a_group_keeps_its_words():
    group = Group(
        id="g", name="Name", description="What", rationale="Why", needs="Which", contested=True,
        indicators=("i",),
    )  # fmt: skip
    lens = Lens(id="l", name="l", source="s", group=[group])
    (layer,) = regroup(Catalogue(layers=(make.layer("one", make.indicator("i")),)), lens).layers
    words = ("id", "name", "description", "rationale", "needs", "contested")
    assert [getattr(layer, word) for word in words] == [getattr(group, word) for word in words]


def nest():
    """Give layers within layers, of which all but one count the other way round."""
    return Catalogue(layers=(
        make.layer("land", make.indicator("a", direction="-"), direction="-"),
        make.layer("soil", make.indicator("b"), parent="land", direction="-", contested=True),
        make.layer("own", make.indicator("own_c"), parent="soil", direction="-"),
        make.layer("rest", make.indicator("d")),
    ))  # fmt: skip


def test_a_layer_within_a_layer_belongs_to_the_group_that_names_the_nearest():
    groups = [Group(id="g", name="g", layers=("land",)), Group(id="h", name="h", layers=("soil",))]
    lens = Lens(id="l", name="l", source="s", group=groups)
    assert lens.taken(nest()) == {"g": ("a",), "h": ("b", "own_c")}
    assert lens.leaves_out(nest()) == ("d",)


def test_an_own_layer_that_no_group_names_stands_alone_and_counts_as_before():
    """Wherever it stood: what the layers above made of it, its indicators carry."""
    lens = Lens(id="l", name="l", source="s", group=[Group(id="g", name="g", layers=("rest",))])
    group, kept = regroup(nest(), lens).layers
    assert (group.id, kept.id, kept.parent, kept.direction) == ("g", "own", INDEX, "+")
    (carried,) = kept.indicators
    assert (carried.id, carried.direction, carried.contested) == ("own_c", "-", True)


def test_the_direction_of_an_indicator_is_turned_by_every_layer_above_it():
    found = nest()
    assert [turned(key, found) for key in ("a", "b", "own_c", "d")] == [-1, 1, -1, 1]
    chosen = Recipe(directions={"layer:land": "+", "b": "-"})
    assert [turned(key, found, chosen) for key in ("a", "b", "own_c", "d")] == [1, -1, 1, 1]
    off = Recipe(directions={"layer:land": "0"})
    assert [turned(key, found, off) for key in ("a", "b", "own_c", "d")] == [0, 0, 0, 1]


def test_scores_are_those_of_a_dataset_written_in_that_grouping(folder, tmp_path):
    """Bit for bit, with coverage, contributions and bands."""
    by_hand = tmp_path / "by_hand"
    shutil.copytree(folder, by_hand)
    shutil.rmtree(by_hand / "lenses")
    old = Dataset.open(folder).catalogue.indicator_by_id
    shutil.rmtree(by_hand / "catalogue")
    (by_hand / "catalogue").mkdir()
    written = {"1_ground": ["fertility", "wells", "quarrels"], "2_rest": ["stones"]}
    for name, keys in written.items():
        head = f'id = "{name[2:]}"\nname = "{name}"\n'
        body = "".join(
            f'[[indicator]]\nid = "{key}"\nname = "{key}"\ndirection = "{old[key].direction}"\n'
            'source = "invented"\n'
            for key in keys
        )
        (by_hand / "catalogue" / f"{name}.toml").write_text(head + body, encoding="utf-8")
    lines = (by_hand / "values.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = "".join(line for line in lines if "songs" not in line)
    (by_hand / "values.csv").write_text(kept, encoding="utf-8")
    wanted = score(Dataset.open(by_hand), Recipe.parse(EQUAL))
    found = score(Dataset.open(folder), BY_LENS)
    for name in ("index", "ranks", "contributions", "normalised"):
        one, other = getattr(found, name), getattr(wanted, name)
        assert one.equals(other[one.columns]) if one.ndim > 1 else one.equals(other), name
    for name in ("layers", "coverage"):
        columns = getattr(wanted, name).columns
        assert getattr(found, name)[columns].equals(getattr(wanted, name)), name
    bands = [robust(one.dataset, one.recipe, draws=64).bands for one in (found, wanted)]
    pd.testing.assert_frame_equal(*bands)


def test_an_empty_group_is_there_has_no_share_and_no_value(lensed):
    scores = score(lensed, Recipe.parse(EQUAL | {"lens": "other", "weights": {"layer:rest": 3}}))
    shares = scores.plan.shares()["share_of_index"]
    assert (shares["layer:ground"], shares["layer:songs_sung"], shares["layer:rest"]) == (
        1 / 4, 0, 3 / 4,
    )  # fmt: skip
    assert scores.layers["songs_sung"].isna().all()
    assert scores.dataset.catalogue.layer_by_id["songs_sung"].needs["de"] == "Wer singt?"


def test_a_weight_on_an_empty_group_moves_nothing(lensed):
    heavy = Recipe.parse(EQUAL | {"lens": "other", "weights": {"layer:songs_sung": 9}})
    pd.testing.assert_series_equal(score(lensed, heavy).index, score(lensed, BY_LENS).index)


@given(st.data())
def test_every_indicator_counts_once_whatever_the_groups(data):
    """And the shares of those that are scored add up to 1."""
    keys = [f"i{number}" for number in range(6)]
    values = pd.DataFrame(np.arange(18.0).reshape(3, 6) ** 2, index=["A", "B", "C"], columns=keys)
    layers = [make.layer("one", *map(make.indicator, keys[:3]), direction="-"),
              make.layer("two", *map(make.indicator, keys[3:]))]  # fmt: skip
    dataset = make.dataset(layers, values)
    home = data.draw(st.lists(st.sampled_from(["", "g1", "g2"]), min_size=6, max_size=6)
                     .filter(any))  # fmt: skip
    whole = data.draw(st.sampled_from(["", "g1", "g2"]))
    groups = [
        Group(id=group, name=group, layers=("one",) if group == whole else (),
              indicators=tuple(key for key, at in zip(keys, home, strict=True) if at == group))
        for group in ("g1", "g2")
    ]  # fmt: skip
    lens = Lens(id="l", name="l", source="s", group=groups)
    dataset.lenses["l"] = lens
    scores = score(dataset, Recipe(lens="l"))
    taken = [key for keys in lens.taken(dataset.catalogue).values() for key in keys]
    assert len(taken) == len(set(taken))
    assert sorted([*taken, *lens.leaves_out(dataset.catalogue)]) == keys
    shares = scores.plan.shares()["share_of_index"]
    scored = shares[[f"indicator:{key}" for key in taken]]
    assert scored.sum() == pytest.approx(1)
    turned = {key: -1 if key in keys[:3] else 1 for key in taken}
    assert scores.plan.directions == turned


def test_doubt_about_a_layer_stays_with_its_indicators():
    layers = [make.layer("one", make.indicator("i"), contested=True)]
    lens = Lens(id="l", name="l", source="s", group=[Group(id="g", name="g", layers=("one",))])
    (group,) = regroup(Catalogue(layers=tuple(layers)), lens).layers
    assert not group.contested
    assert group.indicators[0].contested


def own(layer):
    return OwnData("Höfe", layer, "Anzahl", "+", 2024, "Amt", "h.csv", "h")


VALUES = pd.Series({"A1": 1.0, "B2": 2.5, "C3": 4.0, "D4": -1.0})


@pytest.mark.parametrize(
    ("layer", "group"), [("soil", "ground"), ("own", "own"), ("Dörfer", "own_doerfer")]
)
def test_an_own_indicator_comes_along_with_its_layer_or_stays_an_area_of_its_own(
    lensed, layer, group
):
    """Whether it was added to the dataset as opened or as seen."""
    for base in (lensed, seen(lensed, BY_LENS)):
        extended = own(layer).add_to(base, VALUES)
        assert seen(extended, BY_LENS).catalogue.layer_of["own_hoefe"] == group
        assert score(extended, BY_LENS).contributions["own_hoefe"].notna().all()
        assert "songs" in seen(extended, Recipe()).catalogue.indicator_by_id


def test_lenses_are_carried_into_a_folder_with_own_data_and_hashed(lensed, tmp_path):
    target = tmp_path / "mine"
    write(own("soil").add_to(lensed, VALUES), target)
    again = Dataset.open(target)
    assert again.lenses == lensed.lenses
    assert again.notices == ()
    recorded = tomllib.loads((target / "dataset.toml").read_text(encoding="utf-8"))["files"]
    assert "lenses/other.toml" in recorded


def test_a_build_carries_lenses_and_notices_when_one_is_changed(folder, lensed, tmp_path):
    target = tmp_path / "built"
    texts = {name: folder / name for name in ("catalogue", "sources.toml")}
    values = lensed.values.astype({"indicator": "str", "flag": "str", "source": "str"})
    tables = {
        "values.parquet": lambda place: write_values(values, place),
        "regions.csv": lambda place: shutil.copyfile(folder / "regions.csv", place),
    }
    publish(folder, target, tables, texts)
    assert Dataset.open(target).lenses == lensed.lenses
    with (target / "lenses" / "other.toml").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert "other.toml: was changed" in " ".join(Dataset.open(target).notices)


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ('"wells", "quarrels"', '"wells", "ghosts"', ["'ground'", "indicator 'ghosts'", "known:"]),
        ('layers = ["soil"]', 'layers = ["sky"]', ["'ground'", "layer 'sky'", "people"]),
        ('["stones"]', '["stones", "wells"]', ["'wells' stands in group 'ground' and again"]),
        ('id = "rest"', 'id = "ground"', ["'ground'", "once"]),
        ('id = "rest"', 'id = "wells"', ["'wells'", "choose another"]),
        ('id = "rest"', 'id = "soil"', ["'soil'", "choose another"]),
        ('id = "rest"', 'id = "index"', ["'index'", "choose another"]),
        ('id = "other"', 'id = "another"', ["another.toml"]),
        ('source = "Somebody"', "", ["source", "missing"]),
        ("needs = {", "need = {", ["need", "unknown key"]),
        ("[[group]]", "[[group", ["not valid TOML"]),
    ],
)  # fmt: skip
def test_a_damaged_lens_is_refused_by_one_line_that_names_file_and_fault(
    folder, before, after, wanted
):
    path = folder / "lenses" / "other.toml"
    path.write_text(LENS.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        Dataset.open(folder)
    said = str(caught.value)
    assert "\n" not in said
    for word in ("other.toml", *wanted):
        assert word in said


def test_a_lens_without_any_indicator_is_refused(folder):
    text = LENS.partition("[[group]]")[0] + '[[group]]\nid = "none"\nname = "None"\n'
    (folder / "lenses" / "other.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match="no group holds an indicator"):
        Dataset.open(folder)


def test_an_unknown_lens_is_refused_with_those_there_are(lensed, toy):
    with pytest.raises(RecipeError, match="no lens 'nap9'; lenses of toy@1: other") as caught:
        score(lensed, Recipe(lens="nap9"))
    assert caught.value.code == "lens"
    with pytest.raises(RecipeError, match="toy@1 has no lenses; leave it out"):
        score(toy, BY_LENS)


@pytest.fixture(scope="module")
def kreise(request):
    return Dataset.open(request.config.rootpath / "data" / "kreise")


def test_the_embedded_lenses_are_those_of_the_definitions(kreise, request):
    definitions = request.config.rootpath / "data" / "definitions" / "kreise" / "lenses"
    for path in definitions.glob("*.toml"):
        assert (kreise.path / "lenses" / path.name).read_bytes() == path.read_bytes()
    assert list(kreise.lenses) == ["nap1", "three_aims", "whole_comm"]


@pytest.mark.parametrize("lens", ["nap1", "three_aims", "whole_comm"])
def test_an_embedded_lens_has_words_for_everything_and_reasons(kreise, lens):
    one = kreise.lenses[lens]
    for language in ("de", "en"):
        assert one.source[language]
        for group in one.groups:
            assert group.description[language]
            assert group.rationale[language]
    empty = [key for key, indicators in one.taken(kreise.catalogue).items() if not indicators]
    by_id = {group.id: group for group in one.groups}
    assert all(by_id[key].needs["de"] and by_id[key].needs["en"] for key in empty)


def test_engagement_has_no_data_and_turnout_does_not_stand_in_for_it(kreise):
    taken = kreise.lenses["nap1"].taken(kreise.catalogue)
    assert taken["nap1_engagement"] == ()
    assert "turnout_federal" in taken["nap1_local"]
    assert kreise.lenses["nap1"].leaves_out(kreise.catalogue) == ()
