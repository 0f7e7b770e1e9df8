"""A server under load: started as people start it, and watched from outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
#: Seconds for a start, for tidying up, and for an end.
START, TIDY, STOP = 120, 60, 30
#: What a line of the log holds that tells of an error.
SIGNS = (" error ", "Error: ", "Traceback")


@dataclass(frozen=True)
class Server:
    """One running app.

    Attributes
    ----------
    address : str
        Without a slash at the end.
    pid : int
        Number of its process.
    told, log : Path
        What it tells of itself when asked, and what it writes to standard error.
    """

    address: str
    pid: int
    told: Path
    log: Path

    def tidy(self) -> int:
        """Let it give back all that nobody holds; returns the sessions that it still holds."""
        self.told.unlink(missing_ok=True)
        os.kill(self.pid, signal.SIGUSR1)
        end = time.monotonic() + TIDY
        while not self.told.exists():
            if time.monotonic() > end:
                raise TimeoutError("the server did not tidy up in time")
            time.sleep(0.05)
        return int(self.told.read_text(encoding="utf-8"))

    def megabytes(self) -> float:
        """Resident memory."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text(encoding="ascii")
        found = next(one for one in rollup.splitlines() if one.startswith("Rss:"))
        return int(found.split()[1]) / 1024

    def seconds(self) -> float:
        """Processor time used so far, of all its threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
        user, system = (int(fields.split()[place]) for place in (11, 12))
        return (user + system) / os.sysconf("SC_CLK_TCK")

    def threads(self) -> int:
        """Threads that are alive."""
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    def faults(self) -> list[str]:
        """Lines of its log that tell of an error."""
        said = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        told = [line for line in said if any(sign in line for sign in SIGNS)]
        # Others may change files of the project meanwhile, which is watched for.
        return [line for line in told if "watchdog" not in line]


@contextmanager
def serving(*, forget: float | None = None) -> Iterator[Server]:
    """Run the app on a free port as long as it is needed.

    Parameters
    ----------
    forget : float, optional
        Seconds for which a closed session is kept; Streamlit's own two minutes by default.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        told, log = Path(folder) / "told", Path(folder) / "log"
        environment = os.environ | {"LOAD_TOLD": str(told)}
        if forget is not None:
            environment["LOAD_FORGET"] = str(forget)
        with log.open("w", encoding="utf-8") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.load.served", "--server.port", str(port),
                 "--server.headless", "true", "--server.address", "127.0.0.1"],
                cwd=ROOT, stdout=said, stderr=said, env=environment,
            )  # fmt: skip
        server = Server(f"http://127.0.0.1:{port}", process.pid, told, log)
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        if process.poll() is not None:
            said = server.log.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"the app did not start: {said[-2000:]}")
        try:
            with urllib.request.urlopen(f"{server.address}/_stcore/health") as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the app did not answer in time")
