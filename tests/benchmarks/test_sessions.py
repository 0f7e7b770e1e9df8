"""Memory of the server per visitor; `make bench` runs this.

A session is what a browser tab holds open: a websocket, over which the map page was drawn once.
No browser is needed for that. Before it is weighed the server throws away what nobody holds any
more and gives free memory back to the system, so that only what a session keeps is counted.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from driving import ROOT, wait_for
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from Linux's /proc"),
]

SESSIONS = 20
#: Sessions before the first weighing: they fill what all share, such as caches and threads.
FIRST = 5
SERVER = """
import ctypes, gc, signal, sys

def tidy(*_):
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)

signal.signal(signal.SIGUSR1, tidy)
from streamlit.web.cli import main
sys.argv = ["streamlit", "run", "app.py", *sys.argv[1:]]
main()
"""
#: Seconds for tidying up, and for an answer.
TIDY, PATIENCE = 2, 60


@contextmanager
def server():
    """Run the app; gives its port and the number of its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, "--server.port", str(port), "--server.headless", "true",
         "--server.address", "127.0.0.1"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}", process)
        yield port, process.pid
    finally:
        process.terminate()
        process.communicate(timeout=30)


def megabytes(pid):
    """Resident memory of a process once it has tidied up."""
    os.kill(pid, signal.SIGUSR1)
    time.sleep(TIDY)
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(one.split()[1]) for one in rollup.splitlines() if one.startswith("Rss:")) / 1024


def opened(port):
    """Connect as a browser does and wait until the page was drawn; gives the connection."""
    link = connect(
        f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None,
        origin=f"http://127.0.0.1:{port}",
    )  # fmt: skip
    line = link.__enter__()
    asked = BackMsg()
    asked.rerun_script.query_string = ""
    line.send(asked.SerializeToString())
    told = ForwardMsg()
    while told.WhichOneof("type") != "script_finished":
        told.ParseFromString(line.recv(timeout=PATIENCE))
    assert told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
    return link


def test_a_further_session(benchmark, capsys):
    """Target: less than 1 MB each. The time is that until the map page was drawn."""
    with server() as (port, pid), ExitStack() as held:

        def visit():
            held.push(opened(port))

        for _ in range(FIRST):
            visit()
        before = megabytes(pid)
        benchmark.pedantic(visit, rounds=SESSIONS)
        each = (megabytes(pid) - before) / SESSIONS
    benchmark.extra_info["megabytes_each"] = each
    with capsys.disabled():
        sys.stdout.write(f"\nmemory of a further session: {each:.2f} MB\n")
    assert each < 1
