"""What was fetched, kept for ever: files named by their content, and a manifest of where from.

::

    objects/<sha256>                 one file each, never changed
    snapshots/<time>-<hash>.toml     manifest: which object stands for which file

A file that two snapshots share is stored once. A manifest holds no secret: requests name theirs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field

from layers.errors import DatasetError
from layers.sources.fetch.archive import extract_one, safe_place
from layers.sources.fetch.download import digest, no_room
from layers.sources.fetch.prepare import PREPARE, Preparation
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Entry", "Snapshot", "Store", "write_whole"]

_READ_ONLY = 0o444


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Frozen):
    """One file of a snapshot.

    Attributes
    ----------
    place : str
        Path in the raw folder.
    method, url, body : str
        The request; ``url`` is empty for a file that was handed in.
    retrieved : str
        When this content came first, UTC, ISO 8601.
    licence, attribution : tuple of str
        One per source.
    skipped : tuple of int
        Newest years that the server lists, though no Kreis has a number in them yet.
    """

    place: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: int
    method: str = "GET"
    url: str = ""
    body: str = ""
    retrieved: str
    edition: str = ""
    member: str = ""
    prepare: Preparation = ""
    sources: tuple[str, ...] = ()
    licence: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    skipped: tuple[int, ...] = ()


class Snapshot(_Frozen):
    """The manifest of all files of one update."""

    format: Literal[1] = 1
    taken: str
    file: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """Time and short hash of the content."""
        stamp = "".join(sign for sign in self.taken if sign.isdigit())[:14]
        content = "\n".join(sorted(f"{one.place} {one.sha256}" for one in self.file))
        return f"{stamp}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class Store:
    """All snapshots of a data home."""

    folder: Path

    def put(self, path: Path) -> str:
        """Move the file `path` in among the objects; returns its SHA-256.

        Raises
        ------
        FetchError
            If it cannot be written.
        """
        key = digest(path)
        target = self._object(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_file() and digest(target) == key:
                path.unlink()
                return key
            path.chmod(_READ_ONLY)
            _settle(path)
            path.replace(target)
        except OSError as cause:
            raise no_room(str(target), cause) from None
        return key

    def save(self, snapshot: Snapshot) -> Path:
        """Write the manifest of objects that are there."""
        content = snapshot.model_dump(exclude_defaults=True) | {"format": snapshot.format}
        path = self._manifest(snapshot.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, tomli_w.dumps(content, multiline_strings=True))
        return path

    def load(self, name: str) -> Snapshot:
        """Read a manifest.

        Raises
        ------
        DatasetError
            If it is missing or broken.
        """
        path = self._manifest(name)
        return validate(
            Snapshot, read_toml(path, DatasetError), where=str(path), error=DatasetError
        )

    def lay_out(self, snapshot: Snapshot, folder: Path) -> None:
        """Lay the files out in `folder` as the readers know them; each is checked on the way.

        Raises
        ------
        DatasetError
            If an object is missing or no longer what it was.
        """
        for one in snapshot.file:
            source = self._object(one.sha256)
            if not source.is_file() or digest(source) != one.sha256:
                state = "was changed" if source.is_file() else "is missing"
                msg = f"{source}: this file of the snapshot ('{one.place}') {state}; fetch it anew."
                raise DatasetError(msg)
            target = safe_place(folder, one.place)
            target.parent.mkdir(parents=True, exist_ok=True)
            if one.prepare:
                PREPARE[one.prepare](source, target)
            elif one.member:
                extract_one(source, one.member, target)
            else:
                _link(source, target)

    def _object(self, key: str) -> Path:
        return self.folder / "objects" / key

    def _manifest(self, name: str) -> Path:
        return self.folder / "snapshots" / f"{name}.toml"


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that it is there whole or not at all, whatever happens.

    Raises
    ------
    FetchError
        If it cannot be written.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        _settle(beside)
        beside.replace(path)
    except OSError as cause:
        beside.unlink(missing_ok=True)
        raise no_room(str(path), cause) from None


def _settle(path: Path) -> None:
    """Wait until the content is on the disk: a name must never stand before what it names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        # Some file systems know no such thing for files opened to be read.
        return
    finally:
        os.close(handle)


def _link(source: Path, target: Path) -> None:
    """Link where the file system can, else copy."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
