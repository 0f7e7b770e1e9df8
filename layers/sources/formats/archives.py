"""Members of zip archives, with guards against damage and bombs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layers.archive import Limits, fault_of, files_in, opened
from layers.errors import SourceError
from layers.sources.formats.raw import MAX_BYTES, Raw

if TYPE_CHECKING:
    import zipfile
    from contextlib import AbstractContextManager

_ZIP = b"PK\x03\x04"


def is_zip(raw: Raw) -> bool:
    """Tell whether the bytes are a zip archive, whatever the file is called."""
    return raw.content.startswith(_ZIP)


def members(raw: Raw) -> list[str]:
    """Names of the files in a zip archive.

    Raises
    ------
    SourceError
        If it is damaged or could do harm.
    """
    with _archive(raw) as archive:
        return [item.filename for item in files_in(archive)]


def member(raw: Raw, pattern: str, *, max_bytes: int = MAX_BYTES) -> Raw:
    """Take the one member whose name (without folders) matches `pattern`; case does not matter.

    Raises
    ------
    SourceError
        If no member or more than one matches, the archive is damaged or locked with a password,
        or could do harm, or the member would unpack to more than `max_bytes`.
    """
    with _archive(raw) as archive:
        found = [
            item
            for item in files_in(archive)
            if re.fullmatch(pattern, item.filename.rsplit("/", 1)[-1], re.IGNORECASE)
        ]
        if len(found) != 1:
            names = ", ".join(item.filename for item in archive.infolist()[:8])
            count = "no file" if not found else f"{len(found)} files"
            msg = f"{raw.name}: holds {count} named like '{pattern}'; it holds: {names or 'none'}."
            raise SourceError(msg)
        return Raw(f"{raw.name}/{found[0].filename}", _unpack(archive, found[0], raw, max_bytes))


def _archive(raw: Raw) -> AbstractContextManager[zipfile.ZipFile]:
    return opened(raw.content, raw.name, SourceError)


def _unpack(archive: zipfile.ZipFile, item: zipfile.ZipInfo, raw: Raw, max_bytes: int) -> bytes:
    if found := fault_of(item, Limits(total=max_bytes)):
        raise SourceError(f"{raw.name}: {found}.")
    with archive.open(item) as stream:
        content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        msg = f"{raw.name}: '{item.filename}' is larger than it says; it was not unpacked."
        raise SourceError(msg)
    return content
