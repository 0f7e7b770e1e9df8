"""Snapshots to be covered: one object for equal files, files taken out of archives or prepared for
their reader, places that lead astray, a manifest that is broken."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from layers.errors import DatasetError, FetchError
from layers.sources.fetch.collect import Collector, now
from layers.sources.fetch.plan import FileSpec
from layers.sources.fetch.snapshot import Entry, Snapshot, Store
from layers.sources.inkar import bulk

if TYPE_CHECKING:
    from pathlib import Path

    from server import Replay

    from layers.sources.fetch.http import Client


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


def pack(path: Path, name: str, content: str) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(name, content)
    return path.read_bytes()


def entry(**fields: object) -> Entry:
    return Entry.model_validate(
        {"place": "a.csv", "sha256": "0" * 64, "size": 1, "retrieved": now(), **fields}
    )


def test_equal_files_are_kept_once_and_read_only(store: Store, tmp_path: Path) -> None:
    keys = set()
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"the same")
        keys.add(store.put(tmp_path / name))
    (path,) = (store.folder / "objects").iterdir()
    assert keys == {path.name}
    assert path.stat().st_mode & 0o222 == 0


def test_the_name_of_a_snapshot_follows_from_its_content(store: Store) -> None:
    first, second = entry(), entry(place="b.csv")
    taken = "2026-11-21T20:00:00Z"
    one, same = (Snapshot(taken=taken, file=files) for files in ((first, second), (second, first)))
    assert one.name == same.name
    assert one.name.startswith("20261121200000-")
    assert one.name != Snapshot(taken=taken, file=(first,)).name
    assert store.save(one).name == f"{one.name}.toml"
    assert store.load(one.name) == one


def test_a_manifest_that_is_broken_is_named(store: Store) -> None:
    (store.folder / "snapshots").mkdir(parents=True)
    (store.folder / "snapshots" / "x.toml").write_text('taken = "now"\n', encoding="utf-8")
    with pytest.raises(DatasetError, match=r"x\.toml: key 'file' is missing"):
        store.load("x")


def test_a_place_that_leads_out_of_the_folder_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    bad = entry(place="../../a.csv", sha256=store.put(tmp_path / "a"))
    with pytest.raises(FetchError, match=r"no place inside a folder"):
        store.lay_out(Snapshot(taken=now(), file=(bad,)), tmp_path / "raw")


def test_the_archive_is_kept_and_the_reader_gets_its_file(
    replay: Replay, client: Client, store: Store, tmp_path: Path
) -> None:
    lines = [
        "LRB;1;q_alo;Arbeitslose;Kreise;1001000;Flensburg;2024;8,5",
        "LRB;1;q_alo;Arbeitslose;Kreise;01002000;Kiel;2024;7,25",
    ]
    table = "\ufeff" + "\n".join([";".join(bulk.HEADER), *lines, ""])
    archive = pack(tmp_path / "inkar.zip", "inkar_2025.csv", table)
    plain = pack(tmp_path / "plain.zip", "deep/numbers.csv", "a;b\n1;2\n")
    specs = [
        FileSpec(
            place="inkar/inkar_2025.parquet", sources=("inkar2025",), kind="zip",
            url=replay.put("inkar_2025.zip", archive, cut=(100,)), prepare="inkar_bulk",
        ),
        FileSpec(
            place="numbers.csv", sources=("office",), kind="zip", member="*.csv",
            url=replay.put("plain.zip", plain),
        ),
    ]  # fmt: skip
    collector = Collector(client, store, {})
    files = tuple(collector.collect(spec, tmp_path / "work") for spec in specs)
    raw = tmp_path / "raw"
    raw.mkdir()
    store.lay_out(Snapshot(taken=now(), file=files), raw)
    assert (store.folder / "objects" / files[0].sha256).read_bytes() == archive
    assert (raw / "numbers.csv").read_text(encoding="utf-8") == "a;b\n1;2\n"
    values = bulk.read(raw, "LRB/q_alo", "2025").set_index("region")["value"]
    assert values.to_dict() == {"01001": 8.5, "01002": 7.25}
