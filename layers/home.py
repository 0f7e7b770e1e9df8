"""The data home: where updates are kept, and which version of the dataset is the active one.

::

    versions/<version>/     dataset folders, each written once
    current.toml            active version, and those before it
    update.lock             held by whoever changes something, who says so in update.holder
    objects/, snapshots/    what was fetched (`layers.sources.fetch.snapshot`)

Without a data home, or before the first update, the embedded dataset is the active one. The pointer
is replaced in one step, so that at any moment there is a whole dataset to open.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from layers import whole
from layers.errors import DatasetError
from layers.paths import VARIABLE as DATA_VARIABLE
from layers.paths import data_folder
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "EMBEDDED", "VARIABLE", "Home", "Pointer", "Version", "active_dataset", "follows_updates",
]  # fmt: skip

#: Environment variable that names another data home.
VARIABLE = "POTENZIALATLAS_HOME"
#: Stands for the embedded dataset where versions are listed.
EMBEDDED = "embedded"
_WORKPLACE = ".update-"
_HOLDER = "update.holder"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Version(_Frozen):
    """A version of the dataset, and the snapshot that it was built from."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+_-]*$")] = EMBEDDED
    snapshot: str = ""


class Pointer(_Frozen):
    """What ``current.toml`` says: all versions switched to so far, the active one last."""

    version: Annotated[tuple[Version, ...], Field(min_length=1)] = (Version(),)

    @property
    def active(self) -> Version:
        """The version that is opened."""
        return self.version[-1]


@dataclass(frozen=True)
class Home:
    """A data home; the folder need not exist before the first update."""

    folder: Path

    @classmethod
    def find(cls) -> Home:
        """Return the home that `VARIABLE` names, else that of this person on this machine."""
        if named := os.environ.get(VARIABLE):
            return cls(Path(named))
        import platformdirs

        return cls(platformdirs.user_data_path("potenzialatlas", appauthor=False))

    @property
    def pointer(self) -> Pointer:
        """Active version and those before it.

        Raises
        ------
        DatasetError
            If ``current.toml`` is broken.
        """
        path = self.folder / "current.toml"
        if not path.is_file():
            return Pointer()
        try:
            content = read_toml(path, DatasetError)
            return validate(Pointer, content, where=str(path), error=DatasetError)
        except DatasetError as cause:
            told = str(cause).rstrip(".")
            msg = f"{told}; mend the file, or delete it to open the embedded dataset."
            raise DatasetError(msg) from cause

    def version(self, name: str) -> Path:
        """Folder of a version; `EMBEDDED` is the dataset that came with the program."""
        return data_folder() / "kreise" if name == EMBEDDED else self.folder / "versions" / name

    def active(self) -> Path:
        """Folder of the active dataset.

        Raises
        ------
        DatasetError
            If the version that was switched to is gone; says how to return.
        """
        folder = self.version(self.pointer.active.name)
        if not (folder / "dataset.toml").is_file():
            msg = f"{folder}: the active version is gone; run `ipot data rollback`."
            raise DatasetError(msg)
        return folder

    def switch(self, version: str, snapshot: str) -> None:
        """Make `version` the active one, in one step."""
        steps = (*self.pointer.version, Version(name=version, snapshot=snapshot))
        self._point(Pointer(version=steps))

    def remember(self, snapshot: str) -> None:
        """Note the snapshot that the active version can be built from."""
        steps = self.pointer.version
        last = steps[-1].model_copy(update={"snapshot": snapshot})
        self._point(Pointer(version=(*steps[:-1], last)))

    def rollback(self) -> str:
        """Return to the version before the active one; returns its name.

        Raises
        ------
        DatasetError
            If there is none, or its folder is gone.
        """
        with self.locked():
            steps = self.pointer.version[:-1]
            if not steps:
                msg = (
                    "there is no version before this one to return to; without "
                    f"{self.folder / 'current.toml'} the embedded dataset is opened."
                )
                raise DatasetError(msg)
            folder = self.version(steps[-1].name)
            if not (folder / "dataset.toml").is_file():
                raise DatasetError(f"{folder}: the version before this one is gone.")
            self._point(Pointer(version=steps))
            return steps[-1].name

    def adopt(self, built: Path, version: str) -> None:
        """Move a dataset folder that is whole to its place among the versions."""
        target = self.version(version)
        target.parent.mkdir(parents=True, exist_ok=True)
        # The name is a hash of the content: what is there already was left by a rollback, or by an
        # update that did not come to its end and may have left half of it.
        with whole.workplace(target.parent) as work:
            whole.place_folder(built, target, work)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep all others from changing the home; a process that is killed lets go by itself.

        Raises
        ------
        DatasetError
            If somebody else is at it, or the home cannot be written.
        """
        import sqlite3

        self._check_writable()
        # SQLite brings a lock between processes for every system; the database stays empty.
        path = self.folder / "update.lock"
        lock = None
        try:
            try:
                lock = sqlite3.connect(path, timeout=0, isolation_level=None)
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error as cause:
                if getattr(cause, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                    msg = f"{path}: cannot be locked ({cause}); delete the file if nothing runs."
                    raise DatasetError(msg) from cause
                msg = (
                    f"{self.folder}: another update is running{self._told_holder()}; wait until "
                    "it has ended, or end it."
                )
                raise DatasetError(msg, code="locked") from cause
            self._tell_holder()
            try:
                yield
            finally:
                with suppress(OSError):
                    (self.folder / _HOLDER).unlink()
        finally:
            if lock is not None:
                lock.close()

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """Yield an empty folder that is gone afterwards, with all that killed updates left."""
        for left in self.folder.glob(f"{_WORKPLACE}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=_WORKPLACE) as folder:
            yield Path(folder)

    def _check_writable(self) -> None:
        """Make the folder, and see that files can be made in it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # Not by opening the lock: closing it again would end this process's own hold on it.
            with whole.workplace(self.folder) as work:
                (work / "probe").touch()
        except OSError as cause:
            msg = (
                f"{self.folder}: the data home cannot be written ({whole.reason(cause)}); name "
                f"another folder in {VARIABLE}."
            )
            raise DatasetError(msg) from cause

    def _tell_holder(self) -> None:
        """Leave a word for those who find the lock held; it is no part of the lock."""
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        words = f"since {since} by process {os.getpid()} on {platform.node()}"
        # Nobody gives up an update because he cannot say that he is at it.
        with suppress(OSError):
            (self.folder / _HOLDER).write_text(words, encoding="utf-8")

    def _told_holder(self) -> str:
        try:
            return f" {(self.folder / _HOLDER).read_text(encoding='utf-8'):.200}".rstrip()
        except (OSError, ValueError):
            return ""

    def _point(self, pointer: Pointer) -> None:
        import tomli_w

        from layers.sources.fetch.snapshot import write_whole

        write_whole(self.folder / "current.toml", tomli_w.dumps(pointer.model_dump(mode="json")))


def active_dataset() -> Path:
    """Folder of the dataset that app and command line open when none is named.

    A data folder that is named (`layers.paths.VARIABLE`) comes first, then what the last update
    switched to, then the embedded dataset.
    """
    return Home.find().active() if follows_updates() else data_folder() / "kreise"


def follows_updates() -> bool:
    """Whether an update changes what is opened: not where a data folder is named."""
    return not os.environ.get(DATA_VARIABLE)
