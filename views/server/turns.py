"""One page at a time: who comes while another is served waits for a turn, so that all are sooner.

Python runs one thread at a time. Twenty pages drawn at once are not only all late: passing the
interpreter round takes more processor time than drawing them, and every message between a page and
its browser waits for all of them.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["turn"]

#: Seconds after which a page is drawn in any case: some wait for something else than Python, and
#: must not hold up everybody.
PATIENCE = 3.0

_place = BoundedSemaphore()


@contextmanager
def turn() -> Iterator[None]:
    """Hold the place while a page is drawn; wait for it, but not for ever."""
    held = _place.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if held:
            _place.release()
