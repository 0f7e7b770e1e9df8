"""A process of its own that does some work, and what ends it or stands in its way.

It is forked, not started, so that a hundred of them take no longer than a few programs would. What
happens to files is seen through the interpreter's audit hook: every step that changes a folder is
told before it is done, so that a fault can be put at each of them in turn.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    #: Told the number of a step, from 0, and what it is, before it is done.
    Act = Callable[[int, str], None]

#: What the audit hook calls the steps that change a folder.
_CHANGES = (
    "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod",
)  # fmt: skip
#: Those that a full disk refuses.
_NEED_ROOM = ("open", "os.mkdir", "os.rename", "os.link", "os.symlink")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
#: Exit code of work that ended with a traceback.
TRACEBACK = 70


class Ended(NamedTuple):
    """How a process ended: its exit code, negative for a signal, and what it said."""

    code: int
    out: str
    err: str


class Started(NamedTuple):
    """A process that runs, and the files that take what it says."""

    number: int
    said: Path

    def wait(self) -> Ended:
        """Wait for its end."""
        _, status = os.waitpid(self.number, 0)
        out, err = (
            (self.said / name).read_text(encoding="utf-8", errors="replace")
            for name in ("out", "err")
        )
        return Ended(os.waitstatus_to_exitcode(status), out, err)

    def kill(self, after: float, number: int = signal.SIGKILL) -> Ended:
        """Send it a signal after so many seconds, unless it has come to its end by then."""
        until = time.monotonic() + after
        while time.monotonic() < until:
            if os.waitid(os.P_PID, self.number, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                break
            time.sleep(min(0.002, after))
        os.kill(self.number, number)
        return self.wait()


def start(
    work: Callable[[], Any], said: Path, *, within: Callable[[], None] | None = None
) -> Started:
    """Let a process do `work`; in it, `within` is called first."""
    said.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    number = os.fork()
    if number:
        return Started(number, said)
    code = TRACEBACK
    try:
        _speak_to(said)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if within is not None:
            within()
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:  # noqa: BLE001 -- whatever it is has to be told, and the process to end
        import traceback

        traceback.print_exc()
    finally:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            with suppress(OSError):
                stream.flush()
        os._exit(code)


def run(work: Callable[[], Any], said: Path, *, within: Callable[[], None] | None = None) -> Ended:
    """Let a process do `work`, and wait for its end."""
    return start(work, said, within=within).wait()


def ipot(*words: object) -> Callable[[], None]:
    """Return the command ``ipot`` with these words."""
    from views.cli import cli

    return lambda: cli([str(word) for word in words], prog_name="ipot")


def at_steps(folder: Path, act: Act) -> Callable[[], None]:
    """Return what has `act` told of each step of this process that changes `folder`."""
    inside, state = os.path.realpath(folder), {"step": 0, "busy": False}

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if state["busy"] or not _changes(event, given, inside):
            return
        state["busy"] = True
        try:
            act(state["step"], event)
        finally:
            state["step"] += 1
            state["busy"] = False

    return lambda: sys.addaudithook(hook)


def killed_at(step: int) -> Act:
    """Kill the process before this step."""

    def act(number: int, _: str) -> None:
        if number == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return act


def refused_at(step: int, fault: int = errno.ENOSPC) -> Act:
    """Refuse this step and all later ones that need room; what only clears away goes on."""

    def act(number: int, what: str) -> None:
        if number >= step and what in _NEED_ROOM:
            raise OSError(fault, os.strerror(fault))

    return act


def noted_in(file: Path, look: Callable[[], Any]) -> Act:
    """Note in `file`, before each step, what `look` finds: as if the process were killed there."""

    def act(_: int, __: str) -> None:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(look()) + "\n")

    return act


def no_file_above(size: int) -> Callable[[], None]:
    """Return what lets no file of this process grow beyond `size` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _changes(event: str, given: tuple[Any, ...], inside: str) -> bool:
    if event == "open":
        path, _, flags = given
        if not isinstance(flags, int) or not flags & _WRITING:
            return False
        paths: tuple[Any, ...] = (path,)
    elif event in _CHANGES:
        paths = given[:2]
    else:
        return False
    return any(
        _lies_in(path, inside) for path in paths if isinstance(path, (str, bytes, os.PathLike))
    )


def _lies_in(path: Any, inside: str) -> bool:
    """Whether a path is in the folder; a bare name is one, since a folder is cleared by names."""
    text = Path(os.fsdecode(path))
    return not text.is_absolute() or text.is_relative_to(inside)


def _speak_to(said: Path) -> None:
    for number, name in ((1, "out"), (2, "err")):
        handle = os.open(said / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
