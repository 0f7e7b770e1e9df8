"""Taking files out of a zip archive that came from outside.

Unpacking is bounded before the first byte is written (`layers.archive`), and counted while it goes
on.
"""

from __future__ import annotations

import shutil
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from layers.archive import Limits, files_in, opened
from layers.errors import FetchError

if TYPE_CHECKING:
    import zipfile

__all__ = ["extract_one", "safe_place"]

_CHUNK = 1 << 20


def extract_one(archive: Path, pattern: str, target: Path, limits: Limits | None = None) -> None:
    """Unpack the one member whose path matches `pattern` (``*.csv``) into the file `target`.

    The archive as a whole is checked first: an archive that hides something elsewhere is refused.

    Raises
    ------
    FetchError
        If it is no zip archive, exceeds a limit, holds paths that lead out of a folder, links or
        further archives, or if not exactly one member matches.
    """
    with opened(archive, archive.name, FetchError, limits, code="bad_archive") as zipped:
        items = files_in(zipped)
        item = _chosen(items, pattern, archive)
        if shutil.disk_usage(target.parent).free < item.file_size:
            msg = f"{archive.name}: unpacking '{item.filename}' needs {item.file_size:,} bytes."
            raise FetchError(f"{msg} The disk has not so much room.", code="disk_full")
        with zipped.open(item) as packed, target.open("wb") as file:
            _copy(packed, file, item.file_size, f"{archive.name}: '{item.filename}'")


def safe_place(folder: Path, place: str) -> Path:
    """Return ``folder/place``, and refuse a place that leads out of the folder.

    Raises
    ------
    FetchError
        If `place` is absolute, climbs up, or names a drive.
    """
    parts = PurePosixPath(place.replace("\\", "/"))
    if not place or parts.is_absolute() or ".." in parts.parts or ":" in place or "\0" in place:
        msg = f"'{place}' is no place inside a folder."
        raise FetchError(msg, code="bad_place")
    return folder.joinpath(*parts.parts)


def _chosen(items: list[zipfile.ZipInfo], pattern: str, archive: Path) -> zipfile.ZipInfo:
    found = [item for item in items if fnmatch(item.filename.lower(), pattern.lower())]
    if len(found) != 1:
        there = ", ".join(item.filename for item in items[:6])
        count = "no file" if not found else f"{len(found)} files"
        msg = f"{archive.name}: {count} in it matches '{pattern}'; it holds {there}."
        raise FetchError(msg, code="no_member")
    return found[0]


def _copy(packed: IO[bytes], file: IO[bytes], stated: int, where: str) -> None:
    """Copy, and stop where more comes out than the archive stated."""
    written = 0
    while chunk := packed.read(_CHUNK):
        written += len(chunk)
        if written > stated:
            msg = f"{where} is larger than the archive states; it is not unpacked."
            raise FetchError(msg, code="unsafe_archive")
        file.write(chunk)
