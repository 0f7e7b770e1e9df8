"""What a zip archive from outside may hold: one guard for all that unpack one.

The sizes that an archive states are only claims. They are checked before the first byte is
unpacked; while unpacking goes on, the library itself stops at the stated size and compares the
checksum.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["DAMAGES", "Limits", "fault", "fault_of"]

#: What the library raises at archives that were damaged, or packed in a way it does not know.
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
_NESTED = (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz")
_ENCRYPTED = 0x1
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
    """

    members: int = 10_000
    total: int = 20_000_000_000
    ratio: int = 250
    harmless: int = 10_000_000


def fault(items: Sequence[zipfile.ZipInfo], limits: Limits) -> str:
    """Return what forbids to open an archive that should hold data only; empty if nothing does.

    Every member counts, also those that nobody wants: an archive that hides something elsewhere is
    no publisher's.
    """
    if len(items) > limits.members:
        return f"it holds more than {limits.members:,} files"
    if sum(item.file_size for item in items) > limits.total:
        return f"it unpacks to more than {limits.total:,} bytes"
    return next((found for item in items for found in _hidden(item, limits)), "")


def fault_of(item: zipfile.ZipInfo, limits: Limits) -> str:
    """Return what forbids to unpack one member; empty if nothing does."""
    ratio = item.file_size / max(item.compress_size, 1)
    if item.file_size > limits.total or (ratio > limits.ratio and item.file_size > limits.harmless):
        return (
            f"'{item.filename}' would unpack to {item.file_size / _MEGA:,.0f} MB (ratio "
            f"{ratio:,.0f}); at most {limits.total / _MEGA:,.0f} MB and {limits.ratio} are allowed"
        )
    if item.flag_bits & _ENCRYPTED:
        return f"'{item.filename}' is locked with a password; unlock it first"
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
    if name.lower().endswith(_NESTED):
        yield f"it holds the further archive '{name}'"
