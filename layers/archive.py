"""What a zip archive from outside may hold: one guard for all that open one.

The sizes that an archive states are only claims. They are checked before the first byte is
unpacked; while unpacking goes on, the library itself stops at the stated size and compares the
checksum.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from layers.errors import PotenzialatlasError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["DAMAGES", "Limits", "fault", "fault_of", "files_in", "opened"]

#: What the library raises at archives that were damaged, or packed in a way it does not know.
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
#: Bytes in memory break in more ways than files.
_DAMAGES = (*DAMAGES, OSError, ValueError, OverflowError, struct.error)
#: The ways of packing that people use; others unpack to far more.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NESTED = (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz")
_ENCRYPTED = 0x1
#: Bytes in front of a member, without those of its name.
_HEAD = 30
_MEGA = 1e6


@dataclass(frozen=True)
class Limits:
    """What an archive may hold.

    Attributes
    ----------
    members : int
        Number of files.
    total : int
        Bytes of all files, unpacked.
    ratio : int
        Unpacked by packed size; a larger one is allowed only for files under `harmless` bytes.
    nested : bool
        Whether archives may lie in it, which nobody then opens.
    """

    members: int = 10_000
    total: int = 20_000_000_000
    ratio: int = 250
    harmless: int = 10_000_000
    nested: bool = False


@contextmanager
def opened(
    source: Path | bytes, name: str, error: type[PotenzialatlasError], limits: Limits | None = None,
    *, code: str = "",
) -> Iterator[zipfile.ZipFile]:  # fmt: skip
    """Open an archive that holds nothing harmful; what breaks while it is read is told as well.

    Parameters
    ----------
    name : str
        For errors.
    limits : Limits, optional
        The usual ones if absent.
    code : str
        Of the error if the archive is damaged; one that could do harm has "unsafe_archive".

    Raises
    ------
    error
        If it is no archive, damaged, or could do harm; names the file in it.
    """
    damages = _DAMAGES if isinstance(source, bytes) else DAMAGES
    try:
        archive = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
    except _DAMAGES as cause:
        msg = f"{name}: is no zip archive or was cut off ({cause!s:.80}); get it anew."
        raise error(msg, code=code) from cause
    with archive:
        if found := fault(archive.infolist(), limits or Limits()):
            raise error(f"{name}: the archive is not opened: {found}.", code="unsafe_archive")
        try:
            yield archive
        except PotenzialatlasError:
            raise
        except damages as cause:
            raise error(f"{name}: is damaged ({cause!s:.80}); get it anew.", code=code) from cause


def files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files, without folders and without the notes that a Mac lays beside each file."""
    return [
        item for item in archive.infolist()
        if not item.is_dir() and not item.filename.startswith("__MACOSX/")
    ]  # fmt: skip


def fault(items: Sequence[zipfile.ZipInfo], limits: Limits) -> str:
    """Return what forbids to open an archive that should hold data only; empty if nothing does.

    Every member counts, also those that nobody wants: an archive that hides something elsewhere is
    no publisher's.
    """
    if len(items) > limits.members:
        return f"it holds more than {limits.members:,} files"
    if sum(item.file_size for item in items) > limits.total:
        return f"it unpacks to more than {limits.total:,} bytes"
    return _crowded(items) or next((found for item in items for found in _hidden(item, limits)), "")


def fault_of(item: zipfile.ZipInfo, limits: Limits) -> str:
    """Return what forbids to unpack one member; empty if nothing does."""
    ratio = item.file_size / max(item.compress_size, 1)
    if item.file_size > limits.total or (ratio > limits.ratio and item.file_size > limits.harmless):
        return (
            f"'{item.filename}' would unpack to {item.file_size / _MEGA:,.0f} MB (ratio "
            f"{ratio:,.0f}); at most {limits.total / _MEGA:,.0f} MB and {limits.ratio} are allowed"
        )
    if item.compress_type not in _PACKED:
        return f"'{item.filename}' is packed in an unusual way; pack it as an ordinary zip"
    if item.flag_bits & _ENCRYPTED:
        return f"'{item.filename}' is locked with a password; unlock it first"
    return ""


def _crowded(items: Sequence[zipfile.ZipInfo]) -> str:
    """Two of one name, of which readers take one or the other, or two that share their bytes."""
    (name, times), *_ = Counter(item.filename for item in items).most_common(1) or [("", 0)]
    if times > 1:
        return f"it holds '{name}' {times} times"
    placed = sorted(items, key=lambda item: item.header_offset)
    for before, after in pairwise(placed):
        if before.header_offset + _HEAD + before.compress_size > after.header_offset:
            return f"'{before.filename}' and '{after.filename}' share the same bytes"
    return ""


def _hidden(item: zipfile.ZipInfo, limits: Limits) -> Iterator[str]:
    name = item.filename
    path = PurePosixPath(name.replace("\\", "/"))
    if found := fault_of(item, limits):
        yield found
    if path.is_absolute() or ".." in path.parts or ":" in name:
        yield f"it holds '{name}', which leads out of its folder"
    if stat.S_ISLNK(item.external_attr >> 16):
        yield f"it holds the link '{name}'"
    if name.lower().endswith(_NESTED) and not limits.nested:
        yield f"it holds the further archive '{name}'"
