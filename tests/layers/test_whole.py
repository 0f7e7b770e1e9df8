"""Files and folders that are whole or not at all: over what was there, through links, on another
disk, beside somebody who is still at work, and with the second-best step where the best is missing.
"""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from layers import whole


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def put_folder(target: Path, text: str) -> None:
    with whole.workplace(target.parent) as work:
        (work / "new").mkdir()
        (work / "new" / "a").write_text(text)
        whole.place_folder(work / "new", target, work)


def test_a_link_stays_a_link_and_what_it_leads_to_is_replaced(tmp_path):
    (tmp_path / "far").mkdir()
    for name, kept in (("file", b"old"), ("other", None)):
        if kept:
            (tmp_path / "far" / name).write_bytes(kept)
        (tmp_path / name).symlink_to(tmp_path / "far" / name)
        whole.replace(tmp_path / name, b"new")
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / "far" / name).read_bytes() == b"new"
    assert names(tmp_path) == ["far", "file", "other"]


def test_a_folder_takes_the_place_of_another(tmp_path):
    put_folder(tmp_path / "data", "old")
    put_folder(tmp_path / "data", "new")
    assert (tmp_path / "data" / "a").read_text() == "new"
    assert names(tmp_path) == ["data"]


def test_files_can_be_read_by_those_who_could_read_others_there(tmp_path):
    (tmp_path / "usual").touch()
    whole.replace(tmp_path / "file", b"new")
    put_folder(tmp_path / "data", "new")
    usual = (tmp_path / "usual").stat().st_mode
    assert (tmp_path / "file").stat().st_mode == usual
    assert (tmp_path / "data" / "a").stat().st_mode == usual
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o777 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_system_without_the_one_step_takes_two(tmp_path, monkeypatch):
    monkeypatch.setattr(whole, "_exchange", lambda _one, _other: False)
    put_folder(tmp_path / "data", "old")
    put_folder(tmp_path / "data", "new")
    assert (tmp_path / "data" / "a").read_text() == "new"
    assert names(tmp_path) == ["data"]


def test_between_the_two_steps_a_fault_brings_the_old_folder_back(tmp_path, monkeypatch):
    monkeypatch.setattr(whole, "_exchange", lambda _one, _other: False)
    put_folder(tmp_path / "data", "old")
    rename = Path.rename

    def fail(self, target):
        if self.name == "new":
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="Input/output"):
        put_folder(tmp_path / "data", "new")
    assert (tmp_path / "data" / "a").read_text() == "old"
    assert names(tmp_path) == ["data"]


def test_between_the_two_steps_whoever_is_killed_leaves_the_old_folder_to_the_next(tmp_path):
    killed = tmp_path / f".ipot-{'0' * 16}"
    (killed / "former" / "data").mkdir(parents=True)
    (killed / "former" / "data" / "a").write_text("old")
    whole.sweep(tmp_path)
    assert (tmp_path / "data" / "a").read_text() == "old"
    assert names(tmp_path) == ["data"]


def test_what_waits_never_takes_the_place_of_what_is_there(tmp_path):
    killed = tmp_path / f".ipot-{'0' * 16}"
    (killed / "former" / "data").mkdir(parents=True)
    put_folder(tmp_path / "data", "new")
    assert (tmp_path / "data" / "a").read_text() == "new"
    assert names(tmp_path) == ["data"]


def test_nobody_clears_away_what_somebody_else_is_at_work_in(tmp_path):
    with whole.workplace(tmp_path) as first:
        (first / "part").write_text("half")
        whole.replace(tmp_path / "other", b"new")
        with whole.workplace(tmp_path) as second:
            assert first != second
        assert (first / "part").read_text() == "half"
    assert names(tmp_path) == ["other"]


def test_many_at_once_lose_nothing(tmp_path):
    faults = []

    def write(number: int) -> None:
        try:
            for _ in range(5):
                whole.replace(tmp_path / f"{number}", b"%d" % number)
        except OSError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {k: k for k in "0123"}


def test_only_what_is_called_like_a_workplace_is_cleared_away(tmp_path):
    others = [".ipot-mine", f".ipot-{'0' * 15}", f"ipot-{'0' * 16}", f".ipot-{'0' * 16}.bak"]
    for name in others:
        (tmp_path / name).mkdir()
    (tmp_path / f".ipot-{'1' * 16}").write_text("a file of somebody's")
    (tmp_path / f".ipot-{'2' * 16}").symlink_to(tmp_path / others[0])
    whole.sweep(tmp_path)
    assert len(names(tmp_path)) == len(others) + 2


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (OSError(errno.EXDEV, "Invalid cross-device link"), "another disk"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "Disk quota exceeded"),
        (OSError("GDAL said no"), "GDAL said no"),
        (OSError(), "OSError"),
    ],
)
def test_the_reason_is_said_in_few_words(fault, said):
    assert said in whole.reason(fault)


def test_a_folder_on_another_disk_is_not_touched(tmp_path, monkeypatch):
    put_folder(tmp_path / "data", "old")

    def other_disk(_one, other):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(other))

    monkeypatch.setattr(whole, "_exchange", other_disk)
    with pytest.raises(OSError, match="cross-device"):
        put_folder(tmp_path / "data", "new")
    assert (tmp_path / "data" / "a").read_text() == "old"
    assert names(tmp_path) == ["data"]
