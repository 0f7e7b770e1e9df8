"""What must be true of a target: it is whole, or it is as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import place
from layers.errors import ExportError


def full(self, target):
    raise OSError(28, "No space left on device")


def stopped(self, target):
    raise KeyboardInterrupt


def test_files_are_put_in_place(tmp_path):
    place.replace(tmp_path / "a", b"new")
    assert place.replace_all(tmp_path / "f", {"b": b"1", "c": b"2"}) == [
        tmp_path / "f" / "b", tmp_path / "f" / "c",
    ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b", "c", "f"]


@pytest.mark.parametrize(("fault", "seen"), [(full, ExportError), (stopped, KeyboardInterrupt)])
def test_an_interrupted_write_leaves_the_old_file_whole(tmp_path, monkeypatch, fault, seen):
    target = tmp_path / "a"
    target.write_text("old")
    monkeypatch.setattr(Path, "replace", fault)
    with pytest.raises(seen):
        place.replace(target, b"new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failed_folder_is_not_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(ExportError, match=r"written \(No space left on device\)"):
        place.replace_all(tmp_path / "f", {"b": b"1"})
    assert list(tmp_path.iterdir()) == []


def test_tables_in_a_folder_with_other_files_leave_those_alone(tmp_path):
    place.replace_all(tmp_path / "f", {"b": b"1"})
    (tmp_path / "f" / "mine").write_text("mine")
    place.replace_all(tmp_path / "f", {"b": b"2"})
    assert {one.name: one.read_text() for one in (tmp_path / "f").iterdir()} == {
        "b": "2", "mine": "mine",
    }  # fmt: skip


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path):
    (tmp_path / "f").write_text("mine")
    with pytest.raises(ExportError, match="f: cannot be written"):
        place.replace_all(tmp_path / "f", {"b": b"1"})
    assert (tmp_path / "f").read_text() == "mine"
