"""One page at a time: who comes while another is served waits for a turn, so that all are sooner.

Python runs one thread at a time. Twenty pages drawn at once are not only all late: passing the
interpreter round takes more processor time than drawing them, and every message between a page and
its browser waits for all of them.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from threading import Condition, Lock
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Line", "turn"]

#: Seconds for which a page keeps the others waiting at most: some wait for something else than
#: Python themselves.
PATIENCE = 3.0


class Line:
    """People in a line before one counter, in the order in which they came.

    Who stands first is served when the counter is free, or when the one before has been there for
    too long; that one goes on beside. It does not matter how long anybody has waited, so a long
    line stays a line.

    Parameters
    ----------
    patience : float
        Seconds after which somebody at the counter counts as gone.
    """

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._lock = Lock()
        self._waiting = deque[Condition]()
        self._served: Condition | None = None
        self._since = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait in the line, and stand at the counter as long as the block runs."""
        mine = Condition(self._lock)
        with self._lock:
            self._waiting.append(mine)
            while self._waiting[0] is not mine or self._left() > 0:
                mine.wait(self._left() if self._waiting[0] is mine else None)
            self._waiting.popleft()
            self._served, self._since = mine, monotonic()
            # Who stands first now has to look at the clock.
            self._tell_first()
        try:
            yield
        finally:
            with self._lock:
                if self._served is mine:
                    self._served = None
                    self._tell_first()

    def _left(self) -> float:
        """Seconds until the counter is free at the latest."""
        return 0.0 if self._served is None else self._since + self.patience - monotonic()

    def _tell_first(self) -> None:
        if self._waiting:
            self._waiting[0].notify()


#: Hold the place while a page is drawn.
turn = Line(PATIENCE).turn
