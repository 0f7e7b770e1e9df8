"""Following a conversation with a server to its end: questions, pauses, the content at last."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from layers.errors import FetchError
from layers.sources.fetch.request import Done, Fault, Request, Wait

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.sources.fetch.http import Client
    from layers.sources.fetch.request import Answer, Step

    #: What follows from an answer, after so many seconds of waiting.
    NextStep = Callable[[Answer, float], Step]

__all__ = ["follow"]


def follow(
    client: Client,
    first: Request,
    next_step: NextStep,
    *,
    patience: float = 3600.0,
    sleep: Callable[[float], Any] = time.sleep,
) -> Done:
    """Ask `first` and whatever follows from each answer, until there is content.

    Parameters
    ----------
    next_step : callable
        Of the publisher's reader; knows no network.
    patience : float
        Seconds of waiting, all in all.

    Raises
    ------
    FetchError
        If the server says no, cannot be reached, or takes longer than `patience`.
    """
    request, waited, reuse = first, 0.0, True
    while True:
        step = next_step(client.ask(request, reuse=reuse), waited)
        if isinstance(step, Done):
            return step
        if isinstance(step, Fault):
            raise FetchError(client.credentials.mask(f"{first}: {step.message}"), code="refused")
        if isinstance(step, Wait):
            waited += step.seconds
            if waited > patience:
                msg = (
                    f"{first}: the server is still preparing the table after {patience:g} seconds; "
                    "run the update again later, the job goes on there."
                )
                raise FetchError(msg, code="too_slow")
            sleep(step.seconds)
            step = step.then
        # The state of a job is asked anew each time.
        request, reuse = step, False
