"""Updates to be covered: nothing new, something new, a fault at every step, a killed process, two
at once, a dry run, findings that forbid the switch, files by hand, the way back."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from server import HASTY, Replay, Reply
from songs import build_with

from layers.dataset import Dataset
from layers.errors import DatasetError, FetchError
from layers.home import EMBEDDED, Home, active_dataset
from layers.paths import VARIABLE
from layers.sources.fetch.collect import Collector
from layers.sources.fetch.credentials import Credentials
from layers.sources.fetch.http import Client
from layers.sources.fetch.snapshot import Snapshot, Store
from layers.sources.fetch.supply import sources_of
from layers.update import Updater

if TYPE_CHECKING:
    from layers.build import BuildReport
    from layers.update import Builder

FETCH = """
[[file]]
place = "songs/count.csv"
sources = ["invented"]
feeds = ["songs"]
url = "{songs}"
kind = "csv"
header = "region,value"
edition = "newer"

[[file]]
place = "paper.csv"
sources = ["paper"]
feeds = ["paper"]
kind = "csv"
by_hand = {{ de = "Im Archiv erfragen.", en = "Ask in the archive." }}
"""
SONGS = b"region,value\nA1,1\nB2,2\nC3,3\nD4,4\n"
MORE_SONGS = b"region,value\nA1,1\nB2,2\nC3,3\nD4,5\n"


class Killed(BaseException):
    """Stands for whatever ends a process."""


def build(
    raw: Path, definitions: Path, target: Path, *, base: Path, feeds: frozenset[str]
) -> BuildReport:
    """Take the songs from `raw` and all else from `base`."""
    songs = None
    if "songs" in feeds:
        songs = pd.read_csv(raw / "songs" / "count.csv")["value"]
    return build_with(songs, definitions, target, base=base)


@pytest.fixture
def home(toy_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return an empty data home beside an embedded dataset."""
    data = tmp_path / "data"
    definitions = tmp_path / "definitions"
    shutil.copytree(toy_folder, definitions)
    base = tmp_path / "base"
    shutil.copytree(toy_folder, base)
    monkeypatch.setenv(VARIABLE, str(data))
    data.mkdir()
    build(tmp_path, definitions, data / "kreise", base=base, feeds=frozenset())
    return Home(tmp_path / "home")


@pytest.fixture
def updater(home: Home, replay: Replay, tmp_path: Path) -> Updater:
    definitions = tmp_path / "definitions"
    url = replay.put("songs", SONGS)
    (definitions / "fetch.toml").write_text(FETCH.format(songs=url), encoding="utf-8")
    client = Client(home.folder / "fetched", Credentials(), HASTY)
    collector = Collector(client, Store(home.folder), sources_of(definitions))
    return Updater(home, definitions, collector, build)


def songs(folder: Path) -> list[float]:
    rows = Dataset.open(folder).values
    return rows.loc[rows["indicator"] == "songs", "value"].tolist()


def test_newer_numbers_become_a_version_of_their_own(updater: Updater, replay: Replay) -> None:
    replay.put("songs", MORE_SONGS)
    outcome = updater.run()
    folder = updater.home.active()
    assert outcome.switched
    assert songs(folder) == [1, 2, 3, 5]
    assert songs(updater.home.version(EMBEDDED)) == [1, 2, 3, 4]
    assert folder.name == outcome.version
    assert outcome.version.startswith("1+")
    assert Dataset.open(folder).reference == f"toy@{outcome.version}"
    assert outcome.changes.largest.to_dict("records") == [
        {"indicator": "songs", "region": "D4", "year": 2021, "before": 4, "after": 5,
         "size": 1 / 1.5},
    ]  # fmt: skip
    assert [one.by_hand.en for one in outcome.by_hand] == ["Ask in the archive."]


def test_the_source_says_when_the_newer_file_came(updater: Updater, replay: Replay) -> None:
    replay.put("songs", MORE_SONGS)
    outcome = updater.run()
    source = Dataset.open(updater.home.active()).sources["invented"]
    assert source.edition == "newer"
    assert source.retrieved == outcome.fetched[0].retrieved[:10]


def test_the_snapshot_says_where_everything_came_from(updater: Updater, replay: Replay) -> None:
    outcome = updater.run()
    snapshot = updater.collector.store.load(outcome.snapshot)
    entry = snapshot.file[0]
    assert (entry.url, entry.method) == (replay.url("songs"), "GET")
    assert (entry.size, entry.licence) == (len(SONGS), ("CC0-1.0",))
    assert (updater.home.folder / "objects" / entry.sha256).read_bytes() == SONGS
    assert Snapshot.model_validate(snapshot.model_dump()) == snapshot


def describe(updater: Updater, **replaced: str) -> None:
    """Change words of the fetch definition."""
    path = updater.definitions / "fetch.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_the_same_files_give_the_same_dataset_and_no_switch(updater: Updater) -> None:
    describe(updater, edition=f'known = "{hashlib.sha256(SONGS).hexdigest()}"\nedition')
    outcome = updater.run()
    assert (outcome.unchanged, outcome.switched, outcome.version) == (True, False, "1")
    assert updater.home.active() == updater.home.version(EMBEDDED)
    assert updater.home.pointer.active.snapshot == outcome.snapshot
    assert not outcome.changes


def test_rollback_returns_step_by_step(updater: Updater, replay: Replay) -> None:
    home = updater.home
    replay.put("songs", MORE_SONGS)
    first = updater.run()
    replay.put("songs", SONGS.replace(b",4", b",6"))
    second = updater.run()
    assert home.active().name == second.version
    assert home.rollback() == first.version
    assert songs(home.active()) == [1, 2, 3, 5]
    assert home.pointer.active.snapshot == first.snapshot
    assert home.rollback() == EMBEDDED
    with pytest.raises(DatasetError, match=r"no version before this one"):
        home.rollback()


def test_the_same_update_after_a_rollback_is_active_again(updater: Updater, replay: Replay) -> None:
    replay.put("songs", MORE_SONGS)
    version = updater.run().version
    updater.home.rollback()
    assert updater.run().version == version
    assert updater.home.active().name == version


def test_the_same_content_on_another_day_is_nothing_new(
    updater: Updater, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay.put("songs", MORE_SONGS)
    first = updater.run()
    with monkeypatch.context() as later:
        later.setattr("layers.sources.fetch.collect.now", lambda: "2099-01-01T00:00:00Z")
        second = updater.run()
    assert second.unchanged
    assert second.version == first.version
    entry = updater.collector.store.load(second.snapshot).file[0]
    assert entry.retrieved == first.fetched[0].retrieved


def test_a_dry_run_switches_nothing(updater: Updater, replay: Replay) -> None:
    replay.put("songs", MORE_SONGS)
    outcome = updater.run(dry_run=True)
    assert not outcome.switched
    assert outcome.changes
    assert updater.home.active() == updater.home.version(EMBEDDED)


def test_a_version_that_is_held_back_waits_for_a_person(updater: Updater, replay: Replay) -> None:
    replay.put("songs", MORE_SONGS)
    held = updater.run(hold=True)
    assert not held.switched
    assert updater.home.active() == updater.home.version(EMBEDDED)
    updater.switch(held)
    assert songs(updater.home.active()) == [1, 2, 3, 5]
    assert updater.home.pointer.active.snapshot == held.snapshot
    with pytest.raises(DatasetError, match=r"not the active one any more; run the update again"):
        updater.switch(held)
    with pytest.raises(DatasetError, match=r"no newer version that passed its checks"):
        updater.switch(updater.run(hold=True))


def test_numbers_that_cannot_be_are_not_switched_to(updater: Updater, replay: Replay) -> None:
    replay.put("songs", b"region,value\nA1,\nB2,\nC3,\nD4,4\n")
    describe(updater, songs="songs")
    outcome = replace(updater, build=partial(_withheld, updater.build)).run()
    assert {one.code for one in outcome.quality.errors} == {"values_lost"}
    assert not outcome.switched
    assert updater.home.active() == updater.home.version(EMBEDDED)


def _withheld(builder: Builder, *given: Path, **named: object) -> BuildReport:
    """Build, and flag what is empty, as a reader of real files would."""
    report = builder(*given, **named)
    path = given[2] / "values.csv"
    values = pd.read_csv(path, dtype={"region": str}).fillna({"flag": ""})
    values.loc[values["value"].isna(), "flag"] = "withheld"
    values.to_csv(path, index=False)
    return report


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(b"value;region\n1;A1\n"), "should begin with 'region,value'"),
        (Reply(b"<html>Zugriff verweigert</html>"), "a web page and no data"),
        (Reply(b""), "is empty"),
        (Reply(b"x", 403), "--from"),
        (Reply(b"x", 500), "status 500"),
        (Reply(b"region,value\n", status=302, headers={"Location": "https://a.test/"}), "another"),
    ],
)
def test_a_fault_of_the_server_leaves_the_old_version(
    reply: Reply, reason: str, updater: Updater, replay: Replay
) -> None:
    replay.answer("songs", reply)
    with pytest.raises(FetchError, match=reason):
        updater.run()
    assert updater.home.active() == updater.home.version(EMBEDDED)
    assert not (updater.home.folder / "current.toml").exists()
    assert not list(updater.home.folder.glob(".update-*"))


@pytest.mark.parametrize(
    ("owner", "step"),
    [
        (Collector, "collect"), (Store, "put"), (Store, "save"), (Store, "lay_out"),
        (Home, "adopt"), (Home, "switch"), (Home, "_point"),
    ],
)  # fmt: skip
def test_whatever_ends_an_update_the_old_version_opens_and_the_next_run_succeeds(
    owner: type, step: str, updater: Updater, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay.put("songs", MORE_SONGS)

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as once:
        once.setattr(owner, step, die)
        with pytest.raises(Killed):
            updater.run()
    assert songs(updater.home.active()) == [1, 2, 3, 4]
    assert updater.run().switched
    assert songs(updater.home.active()) == [1, 2, 3, 5]


def test_a_killed_process_leaves_no_lock_and_its_folder_is_cleared(updater: Updater) -> None:
    child = os.fork()
    if child == 0:
        with updater.home.locked(), updater.home.workplace() as work:
            (work / "half.csv").write_text("half", encoding="utf-8")
            os._exit(9)
    os.waitpid(child, 0)
    assert len(list(updater.home.folder.glob(".update-*"))) == 1
    assert updater.run().switched
    assert not list(updater.home.folder.glob(".update-*"))


def test_two_updates_at_once_are_refused(updater: Updater) -> None:
    with updater.home.locked(), pytest.raises(DatasetError, match=r"another update is running"):
        updater.run()
    assert updater.run().switched


def test_files_by_hand_come_before_those_of_the_net(
    updater: Updater, replay: Replay, tmp_path: Path
) -> None:
    (tmp_path / "hand").mkdir()
    (tmp_path / "hand" / "count.csv").write_bytes(MORE_SONGS)
    (tmp_path / "hand" / "paper.csv").write_bytes(b"a,b\n1,2\n")
    by_hand = replace(updater.collector, by_hand=tmp_path / "hand")
    outcome = replace(updater, collector=by_hand).run()
    assert outcome.switched
    assert outcome.by_hand == ()
    assert [entry.url for entry in outcome.fetched] == ["", ""]
    assert replay.seen == []
    # The next update fetches one source; the other file is that of the snapshot before.
    describe(updater, edition="edition")
    later = updater.run(["invented"])
    places = [entry.place for entry in updater.collector.store.load(later.snapshot).file]
    assert places == ["paper.csv", "songs/count.csv"]


def test_a_source_that_there_is_not_is_named(updater: Updater) -> None:
    with pytest.raises(FetchError, match=r"no source 'birds'; there are invented, paper"):
        updater.run(["birds"])


def test_a_source_that_nobody_can_fetch_says_how_to_get_it(updater: Updater) -> None:
    with pytest.raises(DatasetError, match=r"--from\. paper\.csv: Ask in the archive"):
        updater.run(["paper"])


def test_a_damaged_object_is_noticed(updater: Updater, replay: Replay) -> None:
    outcome = updater.run()
    store, snapshot = updater.collector.store, outcome.snapshot
    path = updater.home.folder / "objects" / outcome.fetched[0].sha256
    path.chmod(0o600)
    path.write_bytes(b"something else")
    with pytest.raises(DatasetError, match=r"this file of the snapshot .* was changed"):
        store.lay_out(store.load(snapshot), updater.home.folder / "raw")
    path.unlink()
    with pytest.raises(DatasetError, match=r"is missing; fetch it anew"):
        store.lay_out(store.load(snapshot), updater.home.folder / "raw")


def test_app_and_command_line_open_what_was_switched_to(
    updater: Updater, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay.put("songs", MORE_SONGS)
    embedded = updater.home.version(EMBEDDED)
    updater.run()
    monkeypatch.setenv("POTENZIALATLAS_HOME", str(updater.home.folder))
    assert active_dataset() == embedded  # a data folder that is named comes first
    monkeypatch.setattr("layers.home.data_folder", lambda: embedded.parent)
    monkeypatch.delenv(VARIABLE)
    assert active_dataset() == updater.home.active() != embedded
    shutil.rmtree(updater.home.active())
    with pytest.raises(DatasetError, match=r"active version is gone; run `ipot data rollback`"):
        active_dataset()
    assert updater.home.rollback() == EMBEDDED
    assert active_dataset() == embedded
