"""Putting files in place: whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers import whole
from layers.errors import ExportError

if TYPE_CHECKING:
    from pathlib import Path

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
    """Put `content` in place of `path` in one step; see `layers.whole`.

    Raises
    ------
    ExportError
        If the place cannot be written; it then is as it was.
    """
    try:
        whole.replace(path, content)
    except OSError as cause:
        raise _unwritable(path, cause) from cause


def replace_all(folder: Path, contents: dict[str, bytes]) -> list[Path]:
    """Put files into `folder` only after all of them are written.

    A folder that was not there appears with all of them at once. In one that was, each file is
    replaced in one step, one after the other: whoever is killed meanwhile leaves whole files of
    both kinds, and what each says of its recipe and data tells them apart.

    Raises
    ------
    ExportError
        If the folder cannot be written; files of a folder that was there are then as they were,
        unless the fault came while they were moved into place.
    """
    check_folder(folder.parent)
    place = whole.real(folder)
    is_new = not folder.exists()
    try:
        # Whoever made the folder may have been killed just then.
        whole.sweep(place.parent)
        with whole.workplace(place.parent if is_new else place) as work:
            waiting = work / "new"
            waiting.mkdir()
            for name, content in contents.items():
                (waiting / name).write_bytes(content)
            if is_new:
                whole.place_folder(waiting, place, work)
            else:
                _move_all(waiting, place)
    except OSError as cause:
        raise _unwritable(folder, cause) from cause
    return [folder / name for name in contents]


def _move_all(waiting: Path, folder: Path) -> None:
    whole.settle(waiting)
    for one in sorted(waiting.iterdir()):
        one.replace(folder / one.name)
    whole.settle(folder, deep=False)


def _unwritable(path: Path, cause: OSError) -> ExportError:
    reason = whole.reason(cause)
    return ExportError(f"{path}: cannot be written ({reason}); choose another place.")
