from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layers.errors import FetchError
from layers.sources.fetch.kinds import Kind, check_kind

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "Bereich;ID;Kuerzel"


def check(folder: Path, content: bytes, kind: Kind, header: str = "") -> None:
    path = folder / "file"
    path.write_bytes(content)
    check_kind(path, kind, "https://example.org/file", header=header)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04...", "zip"), (b"SQLite format 3\x00", "gpkg"), (b"PAR1...", "parquet"),
        (b'{"a": 1}', "json"), (b"a;b\n1;2\n", "csv"), (b"\xef\xbb\xbfa;b\n", "csv"),
        (b"\x00\x01", "any"),
    ],
)  # fmt: skip
def test_each_kind_is_known_by_its_beginning(content: bytes, kind: Kind, tmp_path: Path) -> None:
    check(tmp_path, content, kind)


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (b"", "csv", "is empty"),
        (b"\n<!DOCTYPE html><title>403</title>", "csv", "a web page and no data.*--from"),
        (b"<HTML>", "any", "a web page"),
        (b"a;b\n", "zip", "a zip file was expected; this one begins with b'a;b"),
        (b"PK\x03\x04\x00\x00", "csv", "a csv file was expected"),
    ],
)
def test_anything_else_is_refused(content: bytes, kind: Kind, reason: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=f"example.org/file: .*{reason}"):
        check(tmp_path, content, kind)


def test_a_changed_header_is_shown(tmp_path: Path) -> None:
    check(tmp_path, b"\xef\xbb\xbfBereich;ID;Kuerzel;Wert\n", "csv", HEADER)
    with pytest.raises(FetchError, match=r"should begin with 'Bereich;ID;Kuerzel'; .*'ID;Bereich'"):
        check(tmp_path, b"ID;Bereich\n1;2\n", "csv", HEADER)
