"""The app as people start it, in a process that tells what it holds when it is asked to.

``python -m tests.load.served`` does the same as ``streamlit run app.py``, and besides: at the
signal SIGUSR1 it throws away what nobody holds, gives free memory back to the system, and writes
the number of sessions that are still in memory into the file that LOAD_TOLD names.

Streamlit keeps a session for two minutes after its tab was closed, in case it was only a gap in the
network. LOAD_FORGET says other seconds, for those who cannot wait so long.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from pathlib import Path


def main() -> None:
    """Serve until somebody ends it."""
    signal.signal(signal.SIGUSR1, tidy)
    if seconds := os.environ.get("LOAD_FORGET"):
        forget_after(float(seconds))
    from streamlit.web.cli import main as run

    sys.argv = ["streamlit", "run", "app.py", *sys.argv[1:]]
    run()


def tidy(*_: object) -> None:
    from streamlit.runtime.app_session import AppSession

    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    alive = sum(isinstance(one, AppSession) for one in gc.get_objects())
    if told := os.environ.get("LOAD_TOLD"):
        part = Path(f"{told}.part")
        part.write_text(str(alive), encoding="utf-8")
        part.replace(told)


def forget_after(seconds: float) -> None:
    from streamlit.runtime.memory_session_storage import MemorySessionStorage as Storage

    begin = Storage.__init__
    Storage.__init__ = lambda self, **_: begin(self, ttl_seconds=seconds)


if __name__ == "__main__":
    main()
