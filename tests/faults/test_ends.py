"""Commands that are stopped: by Ctrl-C, by SIGTERM, by a reader that has gone, by a full disk where
the answer goes; and commands that are killed in earnest at a few moments."""

from __future__ import annotations

import ast
import os
import signal
import sys
import time
from pathlib import Path

import child
import pytest
from works import TOY, leftovers, visible

import geo.publish
import views.cli

ROOT = Path(__file__).parents[2]
#: Loaded here, so that no process of these tests, which are copies of this one, has to.
LOADED = (geo.publish, views.cli)
STOPPED = "ipot: stopped before the end; every file is whole, or as it was.\n"
#: Calls that put content into a file, and what may do so, for the reason given.
WRITES = {"write_text", "write_bytes", "copyfile", "copytree", "to_parquet"}
WRITERS = {
    "layers/whole.py": "the one way to put files in place",
    "layers/build.py": "into a workplace, before it is put in place",
    "layers/own_folder.py": "definitions in a workplace; the dataset goes through `publish`",
    "layers/update.py": "into the workplace of the update",
    "layers/home.py": "who holds the lock: a word for people, replaced by the next",
    "layers/sources/fetch/archive.py": "into the workplace of the update",
    "layers/sources/inkar/archive.py": "into a workplace, before it is put in place",
    "layers/sources/fetch/collect.py": "into the workplace of the update",
    "layers/sources/fetch/snapshot.py": "into the workplace of the update",
    "layers/sources/fetch/download.py": "unfinished downloads, which are known by their marks",
    "geo/place.py": "into a workplace, before it is put in place",
    "geo/renew.py": "a writer that `publish` calls in its workplace",
    "geo/boundaries.py": "a writer that `publish` calls in its workplace",
    "geo/gemeinden.py": "a writer that `publish` calls in its workplace",
    "geo/formats/mapfiles.py": "into memory",
    "geo/publish_study.py": "into memory",
    "views/parts/own_raster.py": "a temporary file where the system knows none in memory",
}


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_command_that_is_stopped_says_so_in_one_line(
    name: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        os.kill(os.getpid(), name)
        time.sleep(60)

    # By its module, since the package has a function of the same name.
    monkeypatch.setattr(sys.modules["layers.robust"], "robust_scores", stop)
    target = tmp_path / "there" / "bands.csv"
    target.parent.mkdir()
    ended = child.run(child.ipot("robust", "-d", TOY, "-o", target), tmp_path / "said")
    assert (ended.code, ended.out, ended.err) == (128 + name, "", STOPPED)
    assert list(target.parent.iterdir()) == []


def test_a_stop_while_a_file_is_put_in_place_leaves_it_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "there" / "scores.csv"
    target.parent.mkdir()
    target.write_text("old")

    def stop(step: int, _: str) -> None:
        if step == 2:
            os.kill(os.getpid(), signal.SIGTERM)

    watched = child.at_steps(target.parent, stop)
    ended = child.run(
        child.ipot("score", "-d", TOY, "-o", target), tmp_path / "said", within=watched
    )
    assert (ended.code, ended.err) == (143, STOPPED)
    assert visible(target.parent).keys() == {"scores.csv"}
    assert target.read_text() == "old"
    assert leftovers(target.parent) == []


def test_nobody_to_read_the_answer_is_no_fault(tmp_path: Path) -> None:
    def without_reader() -> None:
        read, write = os.pipe()
        os.close(read)
        os.dup2(write, 1)

    work = child.ipot("coherence", "-d", TOY)
    ended = child.run(work, tmp_path, within=without_reader)
    assert (ended.code, ended.err) == (141, "")


def test_an_answer_that_cannot_be_printed_is_a_fault_in_one_line(tmp_path: Path) -> None:
    def to_a_full_disk() -> None:
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)

    work = child.ipot("coherence", "-d", TOY)
    ended = child.run(work, tmp_path, within=to_a_full_disk)
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert "No space left on device" in ended.err


def test_no_answer_is_wanted_where_there_is_no_standard_output(tmp_path: Path) -> None:
    def without_output() -> None:
        sys.stdout.close()
        sys.stdout = None

    target = tmp_path / "scores.csv"
    work = child.ipot("score", "-d", TOY, "-o", target)
    assert child.run(work, tmp_path / "said", within=without_output).code == 0
    assert target.is_file()


@pytest.mark.parametrize("moment", [0.02, 0.1])
def test_a_command_that_is_killed_leaves_no_half_file(moment: float, tmp_path: Path) -> None:
    target = tmp_path / "there" / "scores.zip"
    target.parent.mkdir()
    work = child.ipot("score", "-d", TOY, "-o", target)
    assert child.run(work, tmp_path / "said").code == 0
    whole = visible(target.parent)
    assert child.start(work, tmp_path / "said").kill(moment).code in (-9, 0)
    assert visible(target.parent) == whole
    assert child.run(work, tmp_path / "said").code == 0
    assert visible(target.parent) == whole
    assert leftovers(target.parent) == []


def test_nothing_else_writes_files() -> None:
    files = [path for room in ("layers", "geo", "views") for path in (ROOT / room).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix() for path in files if _writes(path)}
    assert found <= WRITERS.keys(), "put it in place through layers.whole, or say here why not"


def _writes(path: Path) -> bool:
    calls = (one for one in ast.walk(ast.parse(path.read_bytes())) if isinstance(one, ast.Call))
    return any(_is_write(call) for call in calls)


def _is_write(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    modes = [one.value for one in call.args if isinstance(one, ast.Constant)]
    modes = [one for one in modes if isinstance(one, str) and set(one) <= set("rwaxbt+")]
    return name in WRITES or (name == "open" and any(set(one) & set("wax+") for one in modes))
