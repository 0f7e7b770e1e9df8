"""Ready means able to work; why not is said in words that name no place on the server."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from layers.paths import data_folder
from views import store
from views.server import health
from views.server.health import examine

ROOT = Path(__file__).parents[3]


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Give a server on a copy of the dataset, which can be spoilt."""
    folder = Path(shutil.copytree(data_folder() / "kreise", tmp_path / "secret-place"))
    monkeypatch.setenv(store.VARIABLE, str(folder))
    return folder


def unready(found, check):
    assert found["status"] == "not ready"
    assert found["reason"] == found["checks"][check]
    assert "secret-place" not in json.dumps(found)
    return found["reason"]


def test_a_whole_dataset_is_ready():
    found = examine(store.official().reference, 0)
    assert found["status"] == "ready"
    assert found["dataset"] == store.official().reference
    assert set(found["checks"].values()) == {"ok"}


def test_another_version_than_the_expected_is_not():
    reason = unready(examine("kreise@1999.1", 0), "dataset")
    assert "kreise@1999.1 is expected" in reason


def test_files_that_have_changed_since_or_are_gone_are_noticed(copy):
    with (copy / "sources.toml").open("a") as file:
        file.write("\n")
    assert unready(examine("", 0), "files") == "files: not as recorded: sources.toml."
    (copy / "values.parquet").unlink()
    assert "cannot be read" in unready(examine("", 0), "files")


def test_a_dataset_that_does_not_open_is_not(tmp_path, monkeypatch):
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "secret-place"))
    assert "cannot be read" in unready(examine("", 0), "dataset")


def test_without_boundaries_no_map_can_be_drawn(monkeypatch):
    monkeypatch.setenv(store.VARIABLE, str(ROOT / "tests" / "toy"))
    assert "cannot be read" in unready(examine("", 0), "drawing")


def test_without_room_for_temporary_files_it_is_not():
    assert "MB are wanted" in unready(examine("", 10**9), "disk")


def test_where_nothing_can_be_written_it_is_not(monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(health.tempfile, "TemporaryFile", full)
    assert "disk" in unready(examine("", 0), "disk")
