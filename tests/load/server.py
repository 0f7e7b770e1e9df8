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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tests.load.front import in_front, nginx

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
#: Seconds for a start, for tidying up, and for an end.
START, TIDY, STOP = 120, 60, 30
#: What a line of the log holds that tells of an error.
SIGNS = (" error ", "Error: ", "Traceback")
#: What leads people to their process: nothing, the proxy, or their number, as a cookie would.
Way = Literal["alone", "nginx", "number"]
#: Processes for which ``deploy/nginx.conf`` is written.
_BEHIND_NGINX = 2


@dataclass(frozen=True)
class Process:
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


@dataclass(frozen=True)
class Server:
    """One or several processes that serve the app together; figures are those of all of them.

    Attributes
    ----------
    processes : tuple of Process
        In the order of their ports.
    way : {"alone", "nginx", "number"}
        What leads people to their process.
    addresses : tuple of str
        Where people go: the proxy, or each process; who comes as number n goes to place n, and
        round again.
    """

    processes: tuple[Process, ...]
    way: Way
    addresses: tuple[str, ...]

    @property
    def address(self) -> str:
        """Where somebody goes who comes alone."""
        return self.addresses[0]

    @property
    def pid(self) -> int:
        """Number of the first process."""
        return self.processes[0].pid

    def tidy(self) -> int:
        """Let them give back all that nobody holds; returns the sessions that they still hold."""
        return sum(one.tidy() for one in self.processes)

    def megabytes(self) -> float:
        """Resident memory."""
        return sum(one.megabytes() for one in self.processes)

    def seconds(self) -> float:
        """Processor time used so far."""
        return sum(one.seconds() for one in self.processes)

    def threads(self) -> int:
        """Threads that are alive."""
        return sum(one.threads() for one in self.processes)

    def faults(self) -> list[str]:
        """Lines of their logs that tell of an error."""
        return [line for one in self.processes for line in one.faults()]


@contextmanager
def serving(processes: int = 1, *, forget: float | None = None) -> Iterator[Server]:
    """Run the app on free ports as long as it is needed.

    Parameters
    ----------
    processes : int
        How many serve it; two stand behind nginx where it is installed.
    forget : float, optional
        Seconds for which a closed session is kept; Streamlit's own two minutes by default.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports = free_ports(processes + 1)
        running = tuple(
            stack.enter_context(process(port, folder, forget)) for port in ports[:processes]
        )
        for one in running:
            wait_for(one)
        addresses, way = tuple(one.address for one in running), _way(processes)
        if way == "nginx":
            addresses = (stack.enter_context(in_front(ports[:processes], ports[-1], folder)),)
        yield Server(running, way, addresses)


def _way(processes: int) -> Way:
    if processes == 1:
        return "alone"
    return "nginx" if processes == _BEHIND_NGINX and nginx() else "number"


def spent() -> float:
    """Processor time that the whole machine has used since its start, for whatever."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:8]
    user, nice, system, _idle, _waiting, irq, softirq = map(int, fields)
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def free_ports(count: int) -> list[int]:
    """Return ports of this machine on which nobody listens."""
    with ExitStack() as stack:
        tried = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in tried:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in tried]


@contextmanager
def process(port: int, folder: Path, forget: float | None = None) -> Iterator[Process]:
    """Run one process; it need not answer yet (see `wait_for`)."""
    told, log = folder / f"told.{port}", folder / f"log.{port}"
    environment = os.environ | {
        "LOAD_TOLD": str(told), "POTENZIALATLAS_TRUSTED_PROXIES": "127.0.0.1"
    }  # fmt: skip
    if forget is not None:
        environment["LOAD_FORGET"] = str(forget)
    with log.open("w", encoding="utf-8") as said:
        running = subprocess.Popen(
            [sys.executable, "-m", "tests.load.served", "--server.port", str(port),
             "--server.headless", "true", "--server.address", "127.0.0.1"],
            cwd=ROOT, stdout=said, stderr=said, env=environment,
        )  # fmt: skip
    try:
        yield Process(f"http://127.0.0.1:{port}", running.pid, told, log)
    finally:
        running.terminate()
        try:
            running.wait(timeout=STOP)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def wait_for(one: Process) -> None:
    """Wait until a process answers."""
    end = time.monotonic() + START
    while time.monotonic() < end:
        if not _lives(one.pid):
            said = one.log.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"the app did not start: {said[-2000:]}")
        try:
            with urllib.request.urlopen(f"{one.address}/_stcore/health") as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the app did not answer in time")


def _lives(pid: int) -> bool:
    """Whether a process of ours has not ended."""
    state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    return state != "Z"
