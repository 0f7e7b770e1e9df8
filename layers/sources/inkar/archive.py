"""The archive of an INKAR edition: checked before it is unpacked, and unpacked as a stream."""

from __future__ import annotations

import shutil
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from layers import archive as archives
from layers.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HINT", "LIMITS", "unpacked"]

#: Largest archive that is unpacked, in bytes; its one table is packed like any other.
LIMITS = archives.Limits(total=30_000_000_000, harmless=0)
HINT = "The right file is the download 'inkar_<year>.zip' of https://www.inkar.de."
_SPARE = 200_000_000  # bytes that stay free on the disk


@contextmanager
def unpacked(source: Path, work: Path) -> Iterator[Path]:
    """Give the CSV of an edition: unpacked into the folder `work`, or `source` if it is no archive.

    What was unpacked is removed at the end.

    Raises
    ------
    SourceError
        If the file is missing, or the archive is damaged, locked, holds not just one CSV, would
        unpack to more than is plausible or than the disk holds.
    """
    if not source.is_file():
        msg = f"{source}: this file is missing. {HINT}"
        raise SourceError(msg)
    if not zipfile.is_zipfile(source):
        if source.suffix.lower() == ".zip":
            msg = f"{source}: is no zip archive or was cut off; download it again."
            raise SourceError(msg)
        yield source
        return
    with archives.opened(source, str(source), SourceError, LIMITS) as archive:
        item = _table_in(archive, source)
        _check_room(item, source, work)
        table = work / Path(item.filename).name
        _stream(archive, item, table, source)
    yield table
    table.unlink()


def _table_in(archive: zipfile.ZipFile, source: Path) -> zipfile.ZipInfo:
    tables = [item for item in archives.files_in(archive) if item.filename.lower().endswith(".csv")]
    if len(tables) != 1:
        names = ", ".join(item.filename for item in archive.infolist()[:8])
        msg = f"{source}: holds {len(tables)} CSV files, expected is one; it holds: {names}. {HINT}"
        raise SourceError(msg)
    return tables[0]


def _check_room(item: zipfile.ZipInfo, source: Path, work: Path) -> None:
    free = shutil.disk_usage(work).free
    if item.file_size + _SPARE > free:
        size = f"'{item.filename}' would unpack to {item.file_size / 1e6:,.0f} MB"
        left = f"{work.parent} has {free / 1e6:,.0f} MB left"
        msg = f"{source}: {size}, but {left}; choose another disk."
        raise SourceError(msg)


def _stream(archive: zipfile.ZipFile, item: zipfile.ZipInfo, table: Path, source: Path) -> None:
    try:
        # The member's reader stops at the size that was checked, and compares its checksum.
        with archive.open(item) as packed, table.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 22)
    except archives.DAMAGES as cause:
        msg = f"{source}: '{item.filename}' is damaged; download it again."
        raise SourceError(msg) from cause
    except OSError as cause:
        msg = f"{source}: '{item.filename}' cannot be unpacked ({cause.strerror or cause})."
        raise SourceError(msg) from cause
