"""Files to be covered: whole, cut once or twice, replaced between two attempts, without a mark of
the version, of the wrong hash, larger than allowed or than the disk."""

from __future__ import annotations

import errno
import hashlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from server import Reply

from layers.errors import FetchError
from layers.sources.fetch import http
from layers.sources.fetch.download import Download, digest
from layers.sources.fetch.request import Request

if TYPE_CHECKING:
    from server import Replay

    from layers.sources.fetch.http import Client

CONTENT = bytes(range(256)) * 40


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files of some kilobytes come in many pieces, as large ones do."""
    monkeypatch.setattr(http, "_CHUNK", 50)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "here").mkdir()
    return tmp_path / "here" / "file.bin"


def test_a_file_comes_whole_and_its_progress_is_told(
    replay: Replay, client: Client, target: Path
) -> None:
    told = list[tuple[int, int | None]]()
    url = replay.put("file", CONTENT)
    download = Download(
        client, client.folder, sha256=sha256(CONTENT),
        progress=lambda done, whole: told.append((done, whole)),
    )  # fmt: skip
    download.fetch(Request(url), target)
    assert target.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert digest(target) == sha256(CONTENT)


def test_a_cut_download_goes_on_where_it_stopped(
    replay: Replay, client: Client, target: Path
) -> None:
    url = replay.put("file", CONTENT, cut=(3000, 2000))
    Download(client, client.folder, sha256=sha256(CONTENT)).fetch(Request(url), target)
    ranges = [one.headers.get("range") for one in replay.asked("file")]
    assert ranges == [None, "bytes=3000-", "bytes=5000-"]
    assert target.read_bytes() == CONTENT


def test_the_next_run_goes_on_where_this_one_gave_up(
    replay: Replay, client: Client, target: Path
) -> None:
    url = replay.put("file", CONTENT, cut=(100, 100, 100))
    download = Download(client, client.folder)
    with pytest.raises(FetchError, match=r"connection was cut \(3 attempts\)"):
        download.fetch(Request(url), target)
    download.fetch(Request(url), target)
    assert replay.asked("file")[-1].headers["range"] == "bytes=300-"
    assert target.read_bytes() == CONTENT
    assert list(client.folder.glob("*.part")) == list(client.folder.glob("*.mark")) == []


def test_two_versions_of_a_file_are_never_joined(
    replay: Replay, client: Client, target: Path
) -> None:
    url = replay.put("file", b"old " * 1000, cut=(100, 100, 100))
    download = Download(client, client.folder)
    with pytest.raises(FetchError):
        download.fetch(Request(url), target)
    replay.put("file", CONTENT, tag='"2"')
    download.fetch(Request(url), target)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("tag", ["", 'W/"1"'])
def test_without_a_mark_of_the_version_a_download_begins_anew(
    tag: str, replay: Replay, client: Client, target: Path
) -> None:
    url = replay.put("file", CONTENT, cut=(3000,), tag=tag)
    Download(client, client.folder).fetch(Request(url), target)
    assert [one.headers.get("range") for one in replay.asked("file")] == [None, None]
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize(
    "odd", [Reply(status=416), Reply(b"xyz", 206, {"Content-Range": "bytes 7-9/10"})]
)
def test_a_server_that_continues_wrongly_is_asked_from_the_start(
    odd: Reply, replay: Replay, client: Client, target: Path
) -> None:
    first = Reply(CONTENT, headers={"ETag": '"1"'}, cut=50)
    url = replay.answer("file", first, odd, Reply(CONTENT, headers={"ETag": '"1"'}))
    Download(client, client.folder).fetch(Request(url), target)
    assert target.read_bytes() == CONTENT


def test_another_file_than_expected_is_refused_and_not_kept(
    replay: Replay, client: Client, target: Path
) -> None:
    url = replay.put("file", CONTENT)
    with pytest.raises(FetchError, match=r"not the one that was expected .*Nothing is used"):
        Download(client, client.folder, sha256="0" * 64).fetch(Request(url), target)
    assert not target.exists()


def test_a_file_too_large_is_refused_before_it_comes(
    replay: Replay, client: Client, target: Path
) -> None:
    small = replace(client, limits=replace(client.limits, size=1000))
    url = replay.put("file", CONTENT)
    with pytest.raises(FetchError, match=r"has 10,240 bytes, more than 1,000"):
        Download(small, client.folder).fetch(Request(url), target)


def test_a_disk_without_room_is_said_before_and_while_writing(
    replay: Replay, client: Client, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = replay.put("file", CONTENT)
    room = shutil.disk_usage(target.parent)._replace(free=10)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: room)
        with pytest.raises(FetchError, match=r"disk is full; make room .* goes on from here"):
            Download(client, client.folder).fetch(Request(url), target)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Download, "_pour", fail)
        with pytest.raises(FetchError, match=r"disk is full"):
            Download(client, client.folder).fetch(Request(url), target)
    assert not target.exists()
