"""What was fetched, kept for ever: files named by their content, and a manifest of where from.

::

    objects/<sha256>                 one file each, never changed
    snapshots/<time>-<hash>.toml     manifest: which object stands for which file

A file that two snapshots share is stored once. A manifest holds no secret: requests name theirs.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, field_validator

from layers import whole
from layers.errors import DatasetError
from layers.inside import check_place
from layers.sources.fetch.archive import extract_one, safe_place
from layers.sources.fetch.download import digest, no_room
from layers.sources.fetch.prepare import PREPARE, Preparation
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Entry", "Snapshot", "Store", "write_whole"]

_READ_ONLY = 0o444
#: Bytes of a manifest: each file of a fetch definition, with all that is told about its source.
_LARGEST = 50_000_000


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

    @field_validator("file")
    @classmethod
    def _each_has_its_place(cls, file: tuple[Entry, ...]) -> tuple[Entry, ...]:
        places = Counter(one.place for one in file)
        if twice := next((place for place, times in places.items() if times > 1), ""):
            # The second would be written through the first, which is the object itself.
            msg = f"two files have the place '{twice:.80}'"
            raise ValueError(msg)
        return file

    @property
    def name(self) -> str:
        """Time and short hash of the content."""
        stamp = "".join(sign for sign in self.taken if sign.isdigit())[:14]
        # All that a manifest says: where the clock shows the same time twice, none is replaced.
        content = "\n".join(sorted(one.model_dump_json() for one in self.file))
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
            whole.settle(path)
            path.replace(target)
            whole.settle(target.parent, deep=False)
        except OSError as cause:
            raise no_room(str(target), cause) from None
        return key

    def save(self, snapshot: Snapshot) -> Path:
        """Write the manifest of objects that are there."""
        content = snapshot.model_dump(exclude_defaults=True) | {"format": snapshot.format}
        path = self._manifest(snapshot.name)
        write_whole(path, tomli_w.dumps(content, multiline_strings=True))
        return path

    def load(self, name: str) -> Snapshot:
        """Read a manifest.

        Raises
        ------
        DatasetError
            If it is missing or broken.
        """
        shelf = self._manifest("any").parent
        path = check_place(shelf, f"{name}.toml", "the name of a snapshot", DatasetError)
        content = read_toml(path, DatasetError, largest=_LARGEST)
        return validate(Snapshot, content, where=str(path), error=DatasetError)

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
                wanted = " ".join(one.sources)
                msg = (
                    f"{source}: this file of the snapshot ('{one.place}') {state}; fetch it anew: "
                    f"`ipot data update {wanted}`, with --from if it came by hand."
                )
                raise DatasetError(msg, code="damaged_object")
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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        whole.replace(path, text.encode())
    except OSError as cause:
        raise no_room(str(path), cause) from None


def _link(source: Path, target: Path) -> None:
    """Link where the file system can, else copy."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
