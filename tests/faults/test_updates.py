"""Updates where two want the same, a clock goes back, the power fails, or a file is damaged."""

from __future__ import annotations

import os
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import child
import pytest
from works import WORKS, Work, count, fingerprint

from layers.dataset import Dataset
from layers.errors import DatasetError
from layers.home import EMBEDDED

if TYPE_CHECKING:
    from server import Replay

    from layers.home import Home
    from layers.sources.fetch.snapshot import Snapshot
    from layers.update import Updater


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """Return an update that is about to be run; one was run before."""
    return WORKS["update"](tmp_path)


@pytest.fixture
def updater(work: Work) -> Updater:
    return work.do.__self__


@pytest.fixture
def home(updater: Updater) -> Home:
    return updater.home


def test_the_second_is_told_who_is_at_it_since_when(work: Work, home: Home, tmp_path: Path) -> None:
    def hold() -> None:
        with home.locked():
            (tmp_path / "held").touch()
            time.sleep(60)

    first = child.start(hold, tmp_path / "said")
    while not (tmp_path / "held").exists():
        time.sleep(0.01)
    with pytest.raises(DatasetError, match=r"another update is running") as told:
        work.do()
    assert told.value.code == "locked"
    since = r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
    assert re.search(rf"{since} by process {first.number} on \S+; wait until", str(told.value))
    assert first.kill(0).code == -9
    # No file of a dead process stands in the way, whatever number it had.
    assert work.do().switched


def test_who_is_refused_does_not_take_the_lock_away(home: Home, tmp_path: Path) -> None:
    def run() -> None:
        with home.locked():
            raise SystemExit(3)

    with home.locked():
        # In the app both may be threads of one process.
        with pytest.raises(DatasetError, match=r"another update is running"):
            home.rollback()
        refused = child.run(run, tmp_path / "said")
    assert "another update is running" in refused.err
    assert child.run(run, tmp_path / "said").code == 3


def test_a_clock_that_goes_backwards_changes_no_order(
    updater: Updater, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = ["2030-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"]
    versions, snapshots = [home.pointer.active.name], []
    for songs, told in zip((10, 11, 12), times, strict=True):
        monkeypatch.setattr("layers.update.now", lambda told=told: told)
        monkeypatch.setattr("layers.sources.fetch.collect.now", lambda told=told: told)
        count(updater.collector.by_hand, songs)
        outcome = updater.run()
        versions.append(outcome.version)
        snapshots.append(outcome.snapshot)
        assert home.active().name == outcome.version
    assert len(set(snapshots)) == len(snapshots)
    assert [home.rollback() for _ in times] == versions[-2::-1]
    assert home.rollback() == EMBEDDED


def test_a_manifest_is_never_replaced_by_another_of_the_same_moment(
    updater: Updater, home: Home
) -> None:
    store = updater.collector.store
    first = store.load(home.pointer.active.snapshot)
    other = replace_edition(first, "another")
    assert first.name != other.name
    store.save(other)
    assert store.load(first.name) == first


def replace_edition(snapshot: Snapshot, edition: str) -> Snapshot:
    file = tuple(one.model_copy(update={"edition": edition}) for one in snapshot.file)
    return snapshot.model_copy(update={"file": file})


def test_a_power_failure_after_the_switch_finds_all_of_the_new_version(
    work: Work, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    safe, switched = set[int](), list[set[int]]()
    fsync, move = os.fsync, Path.replace

    def noted(handle: int) -> None:
        fsync(handle)
        safe.add(os.fstat(handle).st_ino)

    def moved(self: Path, target: Path) -> Path:
        if Path(target).name == "current.toml":
            switched.append(set(safe) - {home.folder.stat().st_ino})
            assert self.stat().st_ino in safe
            safe.clear()
        return move(self, target)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(Path, "replace", moved)
    work.do()
    version = home.active()
    needed = [version.parent, version, *version.rglob("*")]
    snapshot = home.folder / "snapshots"
    needed += [snapshot, snapshot / f"{home.pointer.active.snapshot}.toml"]
    assert {one.stat().st_ino for one in needed} <= switched[0]
    # And the switch itself is on the disk before anybody is told of it.
    assert home.folder.stat().st_ino in safe


def test_a_version_that_was_left_half_is_made_whole_by_the_next_update(
    work: Work, home: Home
) -> None:
    version = work.do().version
    home.rollback()
    (home.version(version) / "values.csv").write_text("region,ind")
    assert work.do().switched
    assert home.active().name == version
    assert Dataset.open(home.active()).notices == ()


def test_who_reads_the_active_version_keeps_it_while_another_is_switched_to(
    work: Work, home: Home
) -> None:
    before = home.active()
    read, held = Dataset.open(before), fingerprint(before)
    work.do()
    assert home.active() != before
    assert fingerprint(before) == held
    assert read.values.equals(Dataset.open(before).values)


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_file_of_a_snapshot_is_named_and_fetched_anew(
    damage: str, work: Work, updater: Updater, home: Home
) -> None:
    store = updater.collector.store
    snapshot = store.load(home.pointer.active.snapshot)
    entry = snapshot.file[0]
    path = home.folder / "objects" / entry.sha256
    path.unlink()
    if damage == "cut":
        path.write_bytes(b"region,va")
    state = "was changed" if damage == "cut" else "is missing"
    told = (
        rf"{entry.sha256}: this file .*'songs/count.csv'.* {state}; .*`ipot data update invented`"
    )
    with pytest.raises(DatasetError, match=told):
        store.lay_out(snapshot, home.folder / "raw")
    count(updater.collector.by_hand, 5)
    updater.run()
    store.lay_out(snapshot, home.folder / "raw")


def test_a_table_that_was_cut_off_is_named_with_its_checksum(home: Home) -> None:
    path = home.active() / "values.csv"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DatasetError, match=r"values\.csv: was changed after version and hash"):
        Dataset.open(home.active())


def test_kept_answers_that_were_damaged_are_asked_for_again(
    updater: Updater,
    replay: Replay,
) -> None:
    from server import HASTY

    from layers.sources.fetch.request import Request

    client = replace(updater.collector.client, limits=HASTY)
    client.folder.mkdir(exist_ok=True)
    kept = client.folder / "answers.sqlite"
    kept.write_bytes(b"no database at all, but long enough to be looked at" * 10)
    assert client.ask(Request(replay.put("songs", b"four"))).content == b"four"
    # In the middle of its life, too.
    kept.write_bytes(b"no database at all, but long enough to be looked at" * 10)
    assert client.ask(Request(replay.put("birds", b"five"))).content == b"five"
