"""Bad folders of every kind, and the choice of years; the toy folder is changed one file a time."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from layers.dataset import Dataset
from layers.errors import DatasetError


@pytest.fixture
def folder(toy_folder, tmp_path):
    return shutil.copytree(toy_folder, tmp_path / "toy")


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def refused(folder):
    with pytest.raises(DatasetError) as caught:
        Dataset.open(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_opening_gives_names_values_and_sources(toy):
    assert toy.reference == "toy@1"
    assert toy.regions["name"].to_list() == ["Alpha", "Beta", "Gamma", "Delta"]
    assert toy.regions["size"].to_list() == [10, 20, 30, 40]
    assert toy.source_of("wells", 2021).licence == "CC0-1.0"
    assert toy.notices == ()


def test_the_newest_year_counts_for_all_regions(toy):
    picked = toy.select()
    assert picked.years["wells"] == 2021
    assert picked.values["wells"].to_list()[:3] == [1, 3, 2]
    assert np.isnan(picked.values.loc["D4", "wells"])
    assert picked.flags.loc["D4", "wells"] == "withheld"


def test_an_earlier_year_leaves_gaps_rather_than_mixing_years(toy):
    picked = toy.select(2020)
    assert picked.years["wells"] == 2019
    assert picked.values["wells"].dropna().to_dict() == {"A1": 7, "B2": 8}
    assert picked.years["quarrels"] == 0
    assert picked.values["quarrels"].isna().all()


def test_a_folder_without_regions_table_takes_the_keys_of_its_values(folder):
    (folder / "regions.csv").unlink()
    assert list(Dataset.open(folder).regions.index) == ["A1", "B2", "C3", "D4"]


def test_parquet_and_csv_say_the_same(folder, toy):
    table = pd.read_csv(folder / "values.csv", comment="#")
    table.to_parquet(folder / "values.parquet")
    (folder / "values.csv").unlink()
    pd.testing.assert_frame_equal(Dataset.open(folder).select().values, toy.select().values)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("dataset.toml", "dataset.toml: cannot be read"),
        ("sources.toml", "sources.toml: cannot be read"),
        ("values.csv", "neither values.parquet nor values.csv is there"),
    ],
)
def test_a_missing_file_is_named(folder, file, words):
    (folder / file).unlink()
    assert words in refused(folder)


def test_a_missing_folder_is_named(tmp_path):
    assert "there is no such dataset folder" in refused(tmp_path / "none")


@pytest.mark.parametrize("file", ["dataset.toml", "sources.toml", "catalogue/11_soil.toml"])
def test_broken_toml_is_named(folder, file):
    (folder / file).write_text("a = = 1")
    assert f"{file}: is not valid TOML" in refused(folder)


@pytest.mark.parametrize("file", ["dataset.toml", "values.csv", "regions.csv", "sources.toml"])
def test_an_empty_file_is_an_error(folder, file):
    (folder / file).write_text("")
    assert file in refused(folder) or "lacks" in refused(folder)


def test_a_table_without_rows_is_an_error(folder):
    (folder / "values.csv").write_text("region,indicator,year,value\n")
    assert "values.csv: holds no values" in refused(folder)


def test_another_format_version_is_refused(folder):
    change(folder / "dataset.toml", "format = 1", "format = 2")
    assert "'format'" in refused(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("values.csv", "A1,songs", "A1,dances", "'dances' is not in the catalogue (row 21)"),
        ("values.csv", "A1,songs", "E5,songs", "unknown key 'E5' (row 21)"),
        ("values.csv", "A1,songs,2021,1", "A1,songs,2021,one", "'one' (row 21) is not a number"),
        ("values.csv", "A1,songs", "B2,songs", "occurs more than once (row 21, 22)"),
        ("regions.csv", "B2,", "A1,", "column 'region': 'A1' occurs more than once (row 2, 3)"),
        ("regions.csv", "B2,", ",", "column 'region' is empty (row 3)"),
        ("regions.csv", "name", "title", "column 'name' is missing"),
        ("catalogue/11_soil.toml", '"invented"', '"rumour"', "source 'rumour', which sources.toml"),
        ("dataset.toml", "version", "edition", "unknown key 'edition'"),
    ],
)
def test_a_fault_is_named_with_its_place(folder, file, old, new, words):
    change(folder / file, old, new)
    assert words in refused(folder)


def test_an_unknown_source_of_a_value_is_named(folder):
    change(folder / "values.csv", "value,flag", "value,source")
    change(folder / "values.csv", "10,calculated", "10,rumour")
    change(folder / "values.csv", ",withheld", "")
    assert "column 'source': 'rumour' is not in sources.toml (row 6)" in refused(folder)


def test_text_that_is_no_utf8_is_named(folder):
    (folder / "regions.csv").write_bytes("region,name\nA1,Köln\n".encode("latin-1"))
    assert "regions.csv: cannot be read as csv" in refused(folder)


def test_keys_that_lost_their_zero_are_repaired_with_a_notice(folder):
    for file in ("values.csv", "regions.csv"):
        text = (folder / file).read_text()
        for old, key in (("A1", "01001"), ("B2", "02000"), ("C3", "16063"), ("D4", "16077")):
            text = text.replace(old, key.lstrip("0") if file == "values.csv" else key)
        (folder / file).write_text(text)
    dataset = Dataset.open(folder)
    assert dataset.select().values.loc["01001", "quarrels"] == 100
    assert "leading zero put back in 2 region keys" in dataset.notices[0]


def test_a_file_changed_after_its_hash_was_recorded_is_noticed(folder):
    digest = hashlib.sha256((folder / "values.csv").read_bytes()).hexdigest()
    with (folder / "dataset.toml").open("a") as head:
        head.write(f'[files]\n"values.csv" = "{digest}"\n')
    assert Dataset.open(folder).notices == ()
    change(folder / "values.csv", "A1,songs,2021,1", "A1,songs,2021,9")
    assert "values.csv: was changed after version and hash" in Dataset.open(folder).notices[0]


def test_a_recorded_file_that_is_missing_is_an_error(folder):
    with (folder / "dataset.toml").open("a") as head:
        head.write('[files]\n"gone.csv" = "00"\n')
    assert "lists the file 'gone.csv', which is missing" in refused(folder)


def test_other_values_are_selected_anew(toy):
    """A copy must not answer with what was picked from the original."""
    toy.select()
    dry = replace(toy, values=toy.values[toy.values["indicator"] != "wells"])
    assert dry.select().values["wells"].isna().all()
