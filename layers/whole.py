"""Files and folders that are there whole or not at all, whatever ends the program that writes them.

What is not whole yet lies in a hidden folder beside its place, ``.ipot-`` and 16 hexadecimal
digits, and is put in place by one step of the file system. Who works in such a folder holds a lock
on it, which ends with the process, however that ends. So the next one to write beside it can tell
what a killed process left behind, and clears it away: neither the clock nor the number of a process
says so, since both can come again.

Faults are those of the operating system (OSError); whoever calls says what they mean.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if sys.platform != "win32":
    import fcntl

__all__ = ["place_folder", "real", "reason", "replace", "settle", "sweep", "workplace"]

_MARK = ".ipot-"
#: Bytes of the random part of a name.
_RANDOM = 8
#: Part of a workplace in which a folder waits that another one is just taking the place of.
_FORMER = "former"
#: From <linux/fs.h>: renameat2 lets two names change places in one step.
_EXCHANGE, _HERE = 2, -100
#: Answers of systems, and of file systems, that cannot do that.
_CANNOT = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """Yield an empty folder inside `folder`, which is gone afterwards.

    What killed processes left of theirs goes as well.
    """
    sweep(folder)
    place, lock = _begin(folder)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def sweep(folder: Path) -> None:
    """Clear away the workplaces in `folder` that nobody works in any more.

    A folder that waits in one of them, because the step that was to put another in its place was
    never done, returns to its place.
    """
    for place in folder.glob(f"{_MARK}{'[0-9a-f]' * 2 * _RANDOM}"):
        lock = _lock(place, wait=False)
        if lock is None:
            continue
        for former in (place / _FORMER).glob("*"):
            if not os.path.lexists(folder / former.name):
                former.rename(folder / former.name)
        shutil.rmtree(place, ignore_errors=True)
        os.close(lock)


def replace(path: Path, content: bytes) -> None:
    """Put `content` in place of the file `path`; where that is a link, of what it leads to."""
    target = real(path)
    with workplace(target.parent) as work:
        part = work / target.name
        part.write_bytes(content)
        settle(part)
        part.replace(target)
        settle(target.parent, deep=False)


def place_folder(new: Path, target: Path, work: Path) -> None:
    """Put the folder `new` in place of `target`; where that is a link, of what it leads to.

    Parameters
    ----------
    new : Path
        A folder in `work`.
    work : Path
        A workplace beside `target`. What stood at `target` is in it afterwards, if anything did.

    Notes
    -----
    Linux does it in one step on all its usual file systems. Elsewhere there is a moment without
    `target`; whoever is killed in it, leaves the old folder for `sweep` to bring back.
    """
    settle(new)
    if not os.path.lexists(target):
        new.rename(target)
    elif not _exchange(new, target):
        former = work / _FORMER / target.name
        former.parent.mkdir()
        target.rename(former)
        try:
            new.rename(target)
        except OSError:
            former.rename(target)
            raise
    settle(target.parent, deep=False)


def settle(path: Path, *, deep: bool = True) -> None:
    """Wait until a file, or a folder and all in it, is on the disk.

    Without this a power failure may leave the name of a file whose content never came.

    Parameters
    ----------
    deep : bool
        For a folder, whether what is in it is meant as well, or its list of names only.
    """
    if deep and path.is_dir():
        for one in path.iterdir():
            settle(one)
    # Some file systems know no such thing for folders, or for files opened to be read.
    with suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as cause:
            if cause.errno not in _CANNOT:
                raise
        finally:
            os.close(handle)


def real(path: Path) -> Path:
    """Return the place to write to: where `path` is a link, what it leads to."""
    return path.__class__(os.path.realpath(path))


def reason(cause: OSError) -> str:
    """Say in a few words why the operating system refused."""
    if cause.errno == errno.EXDEV:
        return "it lies on another disk than the folder around it, as a mounted folder does"
    return cause.strerror or str(cause) or type(cause).__name__


def _begin(folder: Path) -> tuple[Path, int | None]:
    """Make a folder and lock it; before the lock holds, a `sweep` may have cleared it away."""
    while True:
        place = folder / f"{_MARK}{secrets.token_hex(_RANDOM)}"
        place.mkdir(mode=0o700)
        lock = _lock(place, wait=True)
        if place.is_dir():
            return place, lock
        if lock is not None:
            os.close(lock)


def _lock(place: Path, *, wait: bool) -> int | None:
    """Lock a folder; None if somebody else has, or where folders cannot be locked."""
    if sys.platform == "win32":
        return None
    try:
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where that cannot be done."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if not rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE):
        return True
    fault = ctypes.get_errno()
    if fault in _CANNOT:
        return False
    raise OSError(fault, os.strerror(fault), str(other))
