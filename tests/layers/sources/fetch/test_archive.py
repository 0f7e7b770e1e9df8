"""Archives to be covered: a plain one, bombs of four kinds, ways out of the folder, links, locks,
archives within archives, claims that are not true, and files that are no archive."""

from __future__ import annotations

import stat
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from layers.archive import Limits
from layers.errors import FetchError
from layers.sources.fetch.archive import extract_one, safe_place

if TYPE_CHECKING:
    from pathlib import Path

TIGHT = Limits(members=3, total=5000, ratio=20, harmless=100)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "given.zip"


def pack(archive: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)


def test_the_one_file_that_is_meant_is_taken(archive: Path, tmp_path: Path) -> None:
    pack(archive, {"lies mich.txt": b"hello", "daten/inkar_2025.CSV": b"a;b\n"})
    extract_one(archive, "*.csv", tmp_path / "out.csv", TIGHT)
    assert (tmp_path / "out.csv").read_bytes() == b"a;b\n"


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({f"{n}.csv": b"" for n in range(4)}, "more than 3 files"),
        ({"a.csv": bytes(range(250)) * 30}, "more than 5,000 bytes"),
        ({"a.csv": b"0" * 4000}, "would unpack to"),
        ({"a.csv": b"", "../../etc/cron": b""}, "leads out of its folder"),
        ({"a.csv": b"", "/etc/passwd": b""}, "leads out of its folder"),
        ({"a.csv": b"", "C:\\Windows\\x": b""}, "leads out of its folder"),
        ({"a.csv": b"", "inner.zip": b""}, "further archive"),
    ],
)
def test_an_archive_that_could_do_harm_is_not_opened(
    members: dict[str, bytes], reason: str, archive: Path, tmp_path: Path
) -> None:
    pack(archive, members)
    with pytest.raises(FetchError, match=rf"given\.zip: the archive .*{reason}"):
        extract_one(archive, "a.csv", tmp_path / "out", TIGHT)
    assert not (tmp_path / "out").exists()


def test_a_link_is_refused(archive: Path, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(link, "/etc/passwd")
    with pytest.raises(FetchError, match=r"holds the link 'a\.csv'"):
        extract_one(archive, "a.csv", tmp_path / "out")


def test_a_size_that_is_not_true_ends_the_unpacking(archive: Path, tmp_path: Path) -> None:
    pack(archive, {"a.csv": b"0123456789" * 50})
    true, claimed = struct.pack("<I", 500), struct.pack("<I", 5)
    archive.write_bytes(archive.read_bytes().replace(true, claimed))
    with pytest.raises(FetchError, match=r"larger than the archive states|is damaged"):
        extract_one(archive, "a.csv", tmp_path / "out")


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04 and no more"])
def test_what_is_no_archive_is_said(content: bytes, archive: Path, tmp_path: Path) -> None:
    archive.write_bytes(content)
    with pytest.raises(FetchError, match=r"given\.zip: is no zip archive or was cut off"):
        extract_one(archive, "*", tmp_path / "out")


@pytest.mark.parametrize(("pattern", "count"), [("*.txt", "no file"), ("*.csv", "2 files")])
def test_exactly_one_file_must_be_meant(
    pattern: str, count: str, archive: Path, tmp_path: Path
) -> None:
    pack(archive, {"a.csv": b"", "b.csv": b""})
    with pytest.raises(FetchError, match=rf"{count} in it matches .* it holds a\.csv, b\.csv"):
        extract_one(archive, pattern, tmp_path / "out")


@pytest.mark.parametrize("place", ["", "/a", "../a", "a/../../b", "C:\\a", "..\\a", "a\0b"])
def test_a_place_stays_inside_its_folder(place: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"no place inside a folder"):
        safe_place(tmp_path, place)
