"""Reports of many regions, on all processors; what they share is computed once and handed out."""

from __future__ import annotations

import os
import re
import signal
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TYPE_CHECKING

from views.report.document import to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from views.report.background import Background
    from views.report.document import Format

__all__ = ["file_name", "reports"]

#: With fewer regions for each, further processes cost more than they save.
_WORTH = 6
#: What a process was given to make reports from.
_given: list[Background] = []


def reports(
    regions: Sequence[str], shared: Background, suffix: Format = ".pdf", *,
    processes: int | None = None,
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    """Make the reports of `regions`, in their order; the same bytes on any number of processes.

    Parameters
    ----------
    processes : int, optional
        At most so many; as many as the machine has processors if absent.
    """
    wanted = min(processes or os.cpu_count() or 1, len(regions) // _WORTH)
    if wanted <= 1:
        yield from ((region, to_bytes(region, shared, suffix)) for region in regions)
        return
    # Started afresh, not forked: the libraries behind a PDF have threads of their own.
    pool = ProcessPoolExecutor(
        wanted, mp_context=get_context("spawn"), initializer=_begin, initargs=(shared,)
    )
    try:
        yield from zip(regions, pool.map(partial(_make, suffix=suffix), regions), strict=True)
    finally:
        # Whoever stops early does not wait for reports that nobody will see.
        pool.shutdown(cancel_futures=True)


def file_name(region: str, suffix: Format) -> str:
    """Name of the file of one region, whatever its key is made of."""
    return f"potenzialatlas_{re.sub(r'[^A-Za-z0-9._-]', '_', region)}{suffix}"


def _begin(shared: Background) -> None:
    # Ctrl-C in a terminal reaches all of its processes; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _given[:] = [shared]


def _end_with_parent() -> None:
    """End this process with the one that it works for, even where that was killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make(region: str, *, suffix: Format) -> bytes:
    return to_bytes(region, _given[0], suffix)
