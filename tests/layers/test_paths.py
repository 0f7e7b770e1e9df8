"""What must be true of the place of the data: one answer, the user's word first."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from layers import Dataset, Recipe
from layers.errors import DatasetError
from layers.paths import VARIABLE, data_folder, default_recipe, preset, project_root

TOY = Path(__file__).parents[1] / "toy"


@pytest.fixture
def toy(tmp_path):
    return Path(shutil.copytree(TOY, tmp_path / "data" / "toy"))


def test_a_checkout_has_its_data_beside_the_packages(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert data_folder() == project_root() / "data"


def test_an_installed_copy_has_its_data_inside(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("layers.paths.__file__", str(tmp_path / "layers" / "paths.py"))
    (tmp_path / "data").mkdir()  # somebody else's folder in site-packages
    with pytest.raises(DatasetError, match=VARIABLE):
        data_folder()
    (tmp_path / "layers" / "embedded").mkdir(parents=True)
    assert data_folder() == tmp_path / "layers" / "embedded"


def test_a_folder_that_is_named_must_exist(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none"))
    with pytest.raises(DatasetError, match="no such folder"):
        data_folder()


def test_a_preset_is_the_default_only_for_its_own_dataset(monkeypatch, toy):
    recipes = toy.parent / "recipes"
    recipes.mkdir()
    monkeypatch.setenv(VARIABLE, str(toy.parent))
    dataset = Dataset.open(toy)
    (recipes / "equal.toml").write_text('dataset = "toy@1"\nyear = 2020')
    assert default_recipe(dataset).year == 2020
    (recipes / "equal.toml").write_text('dataset = "kreise@1"\nyear = 2020')
    assert default_recipe(dataset) == Recipe.parse(
        {"dataset": "toy@1", "normalise": {"constant": "drop"}}
    )


@pytest.mark.parametrize(
    ("version", "fits"), [("1", True), ("1+0c9a41d2", True), ("2", False), ("11+0c9a41d2", False)]
)
def test_a_preset_goes_on_with_updates_of_its_dataset(version, fits, toy):
    dataset = replace(Dataset.open(toy), version=version)
    path = toy.parent / "mine.toml"
    path.write_text('dataset = "toy@1"\nyear = 2020', encoding="utf-8")
    found = preset(path, dataset)
    assert (found is not None) == fits
    if found:
        assert (found.dataset, found.year) == (dataset.reference, 2020)
