"""Taking files out of a zip archive that came from outside.

Unpacking is bounded before the first byte is written, and counted while it goes on, since the sizes
that an archive states are only claims.
"""

from __future__ import annotations

import shutil
import stat
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from layers.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ArchiveLimits", "extract_one", "safe_place"]

_CHUNK = 1 << 20
_NESTED = (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz")
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class ArchiveLimits:
    """What an archive may hold.

    Attributes
    ----------
    members : int
        Number of files.
    total : int
        Bytes of all files, unpacked.
    ratio : int
        Unpacked by packed size; a larger one is allowed only for files under `harmless` bytes.
    """

    members: int = 10_000
    total: int = 20_000_000_000
    ratio: int = 250
    harmless: int = 10_000_000


def extract_one(
    archive: Path, pattern: str, target: Path, limits: ArchiveLimits | None = None
) -> None:
    """Unpack the one member whose path matches `pattern` (``*.csv``) into the file `target`.

    The archive as a whole is checked first: an archive that hides something elsewhere is refused.

    Raises
    ------
    FetchError
        If it is no zip archive, exceeds a limit, holds paths that lead out of a folder, links or
        further archives, or if not exactly one member matches.
    """
    limits = limits or ArchiveLimits()
    with _opened(archive) as zipped:
        items = [item for item in zipped.infolist() if not item.is_dir()]
        _check(items, limits, archive)
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


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as zipped:
            yield zipped
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as cause:
        msg = f"{archive.name}: is no readable zip archive ({type(cause).__name__})."
        raise FetchError(msg, code="bad_archive") from cause


def _check(items: list[zipfile.ZipInfo], limits: ArchiveLimits, archive: Path) -> None:
    faults = {
        f"holds more than {limits.members:,} files": len(items) > limits.members,
        f"unpacks to more than {limits.total:,} bytes": (
            sum(item.file_size for item in items) > limits.total
        ),
    }
    for item in items:
        faults |= _faults(item, limits)
    for fault, is_so in faults.items():
        if is_so:
            msg = f"{archive.name}: the archive {fault}; it is not opened."
            raise FetchError(msg, code="unsafe_archive")


def _faults(item: zipfile.ZipInfo, limits: ArchiveLimits) -> dict[str, bool]:
    name = item.filename
    path = PurePosixPath(name.replace("\\", "/"))
    packed = max(item.compress_size, 1)
    swollen = item.file_size > limits.harmless and item.file_size / packed > limits.ratio
    return {
        f"packs '{name}' suspiciously tightly": swollen,
        f"holds '{name}', which leads out of its folder": (
            path.is_absolute() or ".." in path.parts or ":" in name
        ),
        f"holds the link '{name}'": stat.S_ISLNK(item.external_attr >> 16),
        f"holds the further archive '{name}'": name.lower().endswith(_NESTED),
        f"is locked with a password ('{name}')": bool(item.flag_bits & _ENCRYPTED),
    }


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
