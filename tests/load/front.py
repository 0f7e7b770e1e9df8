"""The web server in front of two processes, as ``deploy/nginx.conf`` describes it, on this machine.

Ports, names and places of files are put in by `settings`; all else is what an operator takes over.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DEPLOYED = Path(__file__).parents[2] / "deploy" / "nginx.conf"
#: Ports of the processes in that file.
NAMED = (8501, 8502)
#: Seconds for a start and for an end.
PATIENCE = 10
#: Around the file what a distribution has in its ``/etc/nginx/nginx.conf``; nothing is written
#: outside the folder.
MAIN = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    {temporary}
    include {folder}/potenzialatlas.conf;
}}
"""
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
#: Lines about encryption, and what stands for them where there is none.
_ENCRYPTED = re.compile(r"^    ssl_.*\n", re.MULTILINE)
_TO_ENCRYPTED = re.compile(r"^server \{\n    listen 80;.*?^\}\n", re.MULTILINE | re.DOTALL)


def nginx() -> str | None:
    """Path of an installed nginx."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def settings(
    ports: Sequence[int], port: int, folder: Path, certificate: tuple[Path, Path] | None = None
) -> str:  # fmt: skip
    """Return the deployed file for these ports.

    Parameters
    ----------
    ports : sequence of int
        Of the two processes.
    port : int
        Of nginx, which only this machine reaches.
    folder : Path
        Where it logs.
    certificate : tuple of Path, optional
        Certificate and key; without them nothing is encrypted, and cookies are not for encrypted
        connections alone.
    """
    text = DEPLOYED.read_text(encoding="utf-8")
    text = _TO_ENCRYPTED.sub("", text)
    text = re.sub(r"^    listen \[::\].*\n", "", text, flags=re.MULTILINE)
    for named, given in zip(NAMED, ports, strict=True):
        text = text.replace(str(named), str(given))
    text = text.replace("/var/log/nginx", str(folder)).replace("atlas.example.org", "127.0.0.1")
    if certificate is None:
        text = _ENCRYPTED.sub("", text).replace(" Secure;", "").replace(" ssl http2;", ";")
        text = re.sub(r"^    proxy_cookie_flags .*\n", "", text, flags=re.MULTILINE)
    else:
        for name, path in zip(("fullchain", "privkey"), certificate, strict=True):
            text = text.replace(f"/etc/ssl/potenzialatlas/{name}.pem", str(path))
    return text.replace("listen 443", f"listen 127.0.0.1:{port}")


@contextmanager
def in_front(
    ports: Sequence[int], port: int, folder: Path, certificate: tuple[Path, Path] | None = None
) -> Iterator[str]:  # fmt: skip
    """Run nginx as long as it is needed; gives its address."""
    text = settings(ports, port, folder, certificate)
    (folder / "potenzialatlas.conf").write_text(text, encoding="utf-8")
    temporary = " ".join(f"{one}_temp_path {folder}/{one};" for one in _TEMPORARY)
    main = folder / "nginx.conf"
    main.write_text(MAIN.format(folder=folder, temporary=temporary), encoding="utf-8")
    log = folder / "error.log"
    process = subprocess.Popen([str(nginx()), "-e", str(log), "-c", str(main)])
    try:
        _wait(port, process, log)
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            said = log.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"nginx did not start: {said[-2000:]}")
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("nginx did not answer in time")
