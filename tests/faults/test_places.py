"""Places that cannot be written: read-only, over quota, a file or link in the way, another disk,
files that cannot grow; and folders that hold something else, which must not be lost."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import child
import pytest
from songs import build_with
from test_every_step import in_one_line
from works import TOY, WORKS, fingerprint, leftovers

from layers.dataset import Dataset
from layers.errors import DatasetError

if TYPE_CHECKING:
    from pathlib import Path

#: Work that writes over something older.
OVER = ("build", "add", "file", "update")


@pytest.mark.parametrize("name", WORKS)
@pytest.mark.parametrize("fault", [errno.EACCES, errno.EROFS])
def test_a_folder_that_must_not_be_written_is_named(name: str, fault: int, tmp_path: Path) -> None:
    work = WORKS[name](tmp_path)
    old = work.states(work.folder)
    # Asked of the system itself, an administrator would be let in.
    closed = child.at_steps(work.folder, child.refused_at(0, fault))
    ended = child.run(in_one_line(work), tmp_path / "said", within=closed)
    assert ended.code == 2, ended.err
    assert str(work.folder) in ended.err
    assert os.strerror(fault) in ended.err
    assert work.states(work.folder) == old
    assert leftovers(work.folder) == []


@pytest.mark.parametrize("name", OVER)
@pytest.mark.parametrize("size", [0, 500])
def test_files_that_cannot_grow_leave_the_old_ones(name: str, size: int, tmp_path: Path) -> None:
    work = WORKS[name](tmp_path)
    old = work.states(work.folder)
    small = child.no_file_above(size)
    ended = child.run(in_one_line(work), tmp_path / "said", within=small)
    assert ended.code != 0
    assert work.states(work.folder) == old
    assert leftovers(work.folder) == []


@pytest.mark.parametrize("fault", [errno.EDQUOT, errno.EIO])
def test_the_reason_is_that_of_the_system(fault: int, tmp_path: Path) -> None:
    work = WORKS["build"](tmp_path)
    old = work.states(work.folder)
    refused = child.at_steps(work.folder, child.refused_at(3, fault))
    ended = child.run(in_one_line(work), tmp_path / "said", within=refused)
    assert ended.code == 2
    assert os.strerror(fault) in ended.err
    assert work.states(work.folder) == old


def build_to(target: Path) -> None:
    build_with(None, TOY, target, base=TOY)


def test_a_dataset_behind_a_link_is_replaced_where_it_lies(tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    (tmp_path / "near").symlink_to(far / "songs")
    for _ in range(2):
        build_to(tmp_path / "near")
        assert (tmp_path / "near").is_symlink()
        assert Dataset.open(far / "songs").id == "toy"


def test_a_file_in_the_way_of_a_dataset_stays(tmp_path: Path) -> None:
    (tmp_path / "songs").write_text("mine")
    with pytest.raises(DatasetError, match=r"songs: is a file; name a folder"):
        build_to(tmp_path / "songs")
    assert (tmp_path / "songs").read_text() == "mine"


@pytest.mark.parametrize("name", ["thesis.docx", ".git", "notes"])
def test_a_folder_with_something_else_in_it_is_never_replaced(name: str, tmp_path: Path) -> None:
    build_to(tmp_path / "songs")
    (tmp_path / "songs" / name).mkdir()
    before = fingerprint(tmp_path / "songs")
    with pytest.raises(DatasetError, match=f"holds '{name}', which is no part of a dataset"):
        build_to(tmp_path / "songs")
    assert fingerprint(tmp_path / "songs") == before
