"""Beginning and end of the server: ready when it can work, and an end in good order.

On SIGTERM readiness turns 503 and everybody who has the app open is told. After `drain` seconds the
door closes; what is being answered is finished, and after `stop_within` seconds the process ends in
any case, with exit code 0. A second signal ends it at once.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any, Literal

from streamlit import runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.RootContainer_pb2 import RootContainer

from views.i18n import LANGUAGES, words
from views.server import log
from views.server.settings import settings
from views.server.single_looks import look_singly
from views.server.taken import let_files_last

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from streamlit.runtime.app_session import AppSession

__all__ = ["LIFE", "life"]


@dataclass
class Life:
    """How far the server is."""

    phase: Literal["starting", "running", "stopping"] = "starting"


LIFE = Life()


@asynccontextmanager
async def life(_app: object) -> AsyncGenerator[None]:
    """Lifespan for `st.App(script, lifespan=...)`."""
    log.set_up(settings())
    log.event("start")
    _take_signal()
    let_files_last()
    look_singly()
    _set_aside()
    LIFE.phase = "running"
    log.event("ready")
    try:
        yield
    finally:
        LIFE.phase = "stopping"
        log.event("stop")


def _set_aside() -> None:
    """Let the garbage collector look only at what comes from now on.

    To look through the modules, texts and data that stay until the end takes 0.2 s of processor
    time, while everybody waits. (Streamlit would do so after every run of a page, were it not told
    otherwise in ``.streamlit/config.toml``.)
    """
    gc.collect()
    gc.freeze()
    # One run of a page makes some ten thousand objects that end with it.
    gc.set_threshold(50_000, 10, 10)


def _take_signal() -> None:
    """Take over SIGTERM from uvicorn, which would close the door at once."""
    # A bound method of the server; under another server than uvicorn its own way stays.
    server: Any = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if not hasattr(server, "should_exit"):
        return
    ends: list[asyncio.Task[None]] = []

    def asked() -> None:
        if ends:
            server.should_exit = server.force_exit = True
        else:
            ends.append(asyncio.create_task(_end(server)))

    with suppress(NotImplementedError):  # where there are no such signals
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked)


async def _end(server: Any) -> None:
    chosen = settings()
    LIFE.phase = "stopping"
    log.event("stopping")
    _end_in_any_case(chosen.stop_within)
    _tell_everybody()
    await asyncio.sleep(chosen.drain)
    server.config.timeout_graceful_shutdown = max(1, int(chosen.stop_within - chosen.drain - 1))
    server.should_exit = True


def _end_in_any_case(seconds: float) -> None:
    """End the process after so many seconds, whatever still runs in a thread of its own."""

    def wait() -> None:
        time.sleep(seconds)
        # The log may be what everything waits for: nobody reads it any more.
        told = Thread(target=log.event, args=("stop",),
                      kwargs={"level": logging.WARNING, "cut_off": True}, daemon=True)  # fmt: skip
        told.start()
        told.join(1)
        os._exit(0)

    Thread(target=wait, name="end", daemon=True).start()


def _tell_everybody() -> None:
    """Show everybody who has the app open that it ends for a moment."""
    if not runtime.exists():
        return
    # Streamlit offers no way to speak to a session from outside; without it nobody is told.
    with suppress(AttributeError, KeyError):
        for one in runtime.get_instance()._session_mgr.list_active_sessions():  # noqa: SLF001
            _tell(one.session)


def _tell(session: AppSession) -> None:
    asked = session.session_state.filtered_state.get("language")
    message = ForwardMsg()
    message.metadata.delta_path[:] = [RootContainer.EVENT, 0]
    toast = message.delta.new_element.toast
    words_of = words(asked if asked in LANGUAGES else LANGUAGES[0])
    toast.body = words_of("server.stopping")
    toast.icon = ":material/update:"
    session._enqueue_forward_msg(message)  # noqa: SLF001 -- as above
