"""Putting files in place: whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from layers.errors import ExportError

__all__ = ["check_file", "check_folder", "replace", "replace_all"]


def check_file(path: Path) -> None:
    """Raise ExportError if `path` has no folder, or is a folder itself."""
    check_folder(path.parent)
    if path.is_dir():
        msg = f"{path}: is a folder; name a file in it."
        raise ExportError(msg)


def check_folder(folder: Path) -> None:
    """Raise ExportError if `folder` is missing."""
    if not folder.is_dir():
        msg = f"{folder}: there is no such folder; create it first."
        raise ExportError(msg)


def replace(path: Path, content: bytes) -> None:
    """Put `content` in place of `path` in one step.

    Raises
    ------
    ExportError
        If the place cannot be written; it then is as it was.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as cause:
        raise _unwritable(path, cause) from cause
    finally:
        part.unlink(missing_ok=True)


def replace_all(folder: Path, contents: dict[str, bytes]) -> list[Path]:
    """Put files into `folder`, which is made if need be, only after all of them are written.

    Raises
    ------
    ExportError
        If the folder cannot be written; files of a folder that was there are then as they were,
        unless the fault came while they were moved into place.
    """
    check_folder(folder.parent)
    is_new = not folder.exists()
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".stages-", dir=folder) as waiting:
            for name, content in contents.items():
                (Path(waiting) / name).write_bytes(content)
            for name in contents:
                (Path(waiting) / name).replace(folder / name)
    except OSError as cause:
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        raise _unwritable(folder, cause) from cause
    return [folder / name for name in contents]


def _unwritable(path: Path, cause: OSError) -> ExportError:
    reason = cause.strerror or type(cause).__name__
    return ExportError(f"{path}: cannot be written ({reason}); choose another place.")
