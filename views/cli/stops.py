"""How a command ends that is stopped from outside, or whose answer cannot be printed."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["Stopped", "stoppable"]

#: Exit code of a program that a signal ended is this and the signal's number.
_SIGNALLED = 128
#: SIGPIPE, by number since not every system has the name.
_NO_READER = 13


class Stopped(BaseException):
    """The end of this process, asked for; no fault, and nothing that a command may catch.

    Attributes
    ----------
    code : int
        Exit code of the process.
    is_silent : bool
        Whether it ends because nobody reads its answer any more, as behind ``| head``.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = _SIGNALLED + number
        self.is_silent = number == _NO_READER


@contextmanager
def stoppable() -> Iterator[None]:
    """Let a command put away what it began when it is told to end, by Ctrl-C or SIGTERM.

    Raises
    ------
    Stopped
        Then, and where the program that was to read the answer has gone.
    OSError
        If the answer cannot be printed.
    """
    try:
        with _ended_by_sigterm():
            yield
            _flush()
    except KeyboardInterrupt:
        raise Stopped(signal.SIGINT) from None
    except BrokenPipeError:
        _print_nowhere()
        raise Stopped(_NO_READER) from None
    except OSError:
        _print_nowhere()
        raise


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    # Once is enough: what is being put away is not to be interrupted again.
    signal.signal(number, signal.SIG_IGN)
    raise Stopped(number)


def _flush() -> None:
    # A process without standard output has None.
    if sys.stdout is not None:
        sys.stdout.flush()


def _print_nowhere() -> None:
    """Drop what is still to be printed, which would be tried again at the end of the process."""
    try:
        _flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
