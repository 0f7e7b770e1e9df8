"""An update that runs on the server, whoever watches it: one at a time, and stopped if wanted.

It ends with a version that is built and checked and lies beside the active one. Only a person
switches to it, after having seen what it changes.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from layers.errors import FetchError, PotenzialatlasError
from layers.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.update import Outcome, Updater

__all__ = ["VARIABLE", "Job", "clear", "is_allowed", "present", "start"]

#: Environment variable by which the operator allows updates from the page; only "1" does.
VARIABLE = "POTENZIALATLAS_ALLOW_UPDATE"
_lock = Lock()
_jobs: list[Job] = []


def is_allowed() -> bool:
    """Whether the operator of this server allows updates from the page."""
    return os.environ.get(VARIABLE) == "1"


@dataclass
class Job:
    """One update.

    Attributes
    ----------
    names : tuple of str
        Sources that are fetched.
    step, what : str
        What is being done (`fetch`, `build`, `check`), and about what.
    done, whole : int
        Bytes of the present file; `whole` is 0 where the server does not tell.
    outcome : Outcome or None
        What came of it.
    fault : PotenzialatlasError or None
        What ended it.
    """

    names: tuple[str, ...]
    step: str = "fetch"
    what: str = ""
    done: int = 0
    whole: int = 0
    outcome: Outcome | None = None
    fault: PotenzialatlasError | None = None
    _stopped: Event = field(default_factory=Event)
    _updater: Updater | None = None
    _thread: Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not come to its end."""
        return self.outcome is None and self.fault is None

    @property
    def is_stopping(self) -> bool:
        """Whether somebody asked for its end, and the present step still goes on."""
        return self.is_running and self._stopped.is_set()

    def begin(self) -> None:
        """Start it in a thread of its own, which ends with the server."""
        self._thread = Thread(target=self._run, name="update", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask for its end; what came by then is not fetched again."""
        self._stopped.set()

    def wait(self) -> None:
        """Wait for its end."""
        if self._thread is not None:
            self._thread.join()

    def switch(self) -> None:
        """Make the version that was built the active one.

        Raises
        ------
        DatasetError
            If there is none that may be switched to, or another one has become active meanwhile.
        """
        if self._updater is not None and self.outcome is not None:
            self._updater.switch(self.outcome)

    def _run(self) -> None:
        from geo.renew import updater

        try:
            self._updater = updater(Home.find(), tell=self._tell, watch=self._watch)
            self.outcome = self._updater.run(self.names, hold=True)
        except PotenzialatlasError as fault:
            self.fault = fault
        except Exception as cause:  # whatever ends the thread has to be said on the page
            logging.getLogger(__name__).exception("update")
            self.fault = FetchError(f"{type(cause).__name__}: {cause}", code="unexpected")

    def _tell(self, step: str, what: str) -> None:
        self._check()
        self.step, self.what, self.done, self.whole = step, what, 0, 0

    def _watch(self, _place: str) -> Callable[[int, int | None], None]:
        def told(done: int, whole: int | None) -> None:
            self._check()
            self.done, self.whole = done, whole or 0

        return told

    def _check(self) -> None:
        if self._stopped.is_set():
            raise FetchError("the update was stopped; nothing was switched.", code="stopped")


def present() -> Job | None:
    """Return the update that runs, or the last one if nobody has done with it yet."""
    return _jobs[-1] if _jobs else None


def start(names: tuple[str, ...]) -> Job:
    """Begin an update, unless one is running; returns that which runs."""
    with _lock:
        running = present()
        if running is not None and running.is_running:
            return running
        job = Job(names)
        _jobs[:] = [job]
        job.begin()
        return job


def clear() -> None:
    """Put away an update that has come to its end."""
    with _lock:
        _jobs[:] = [job for job in _jobs if job.is_running]
