"""Folders from elsewhere: what lies in them stays in them, whatever a link or a name says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from layers.errors import PotenzialatlasError

__all__ = ["check_links", "check_place"]


def check_links(folder: Path, below: tuple[str, ...], error: type[PotenzialatlasError]) -> None:
    """Raise if something in a folder, or in one of those `below` it, is a link that leads out.

    The folder itself may be a link, and what lies in it may be a link to something else in it.

    Raises
    ------
    error
        That names the link.
    """
    own = folder.resolve()
    for place in (folder, *(folder / name for name in below)):
        if not place.is_dir():
            continue
        for path in place.iterdir():
            if path.is_symlink() and not path.resolve().is_relative_to(own):
                msg = f"{path}: is a link that leads out of the folder; put the file itself there."
                raise error(msg)


def check_place(folder: Path, name: str, where: str, error: type[PotenzialatlasError]) -> Path:
    """Return ``folder/name``, and refuse a name that leads out of the folder.

    Parameters
    ----------
    where : str
        What says the name, for errors.
    """
    try:
        place = folder / name
        leads_out = not place.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        leads_out = True
    if leads_out or not name:
        msg = f"{where}: '{name:.80}' leads out of the folder; name a file that lies in it."
        raise error(msg)
    return place
