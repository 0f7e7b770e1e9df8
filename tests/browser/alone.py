"""Runs the app in a process that can reach nobody but this machine, and writes down who was asked.

``python alone.py FILE streamlit-options...``: whatever the process wants of another host fails, and
the host stands in FILE.
"""

from __future__ import annotations

import ipaddress
import runpy
import sys
from pathlib import Path

NAMES = {"localhost", "", None}


def is_near(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def main() -> None:
    asked = Path(sys.argv.pop(1))
    asked.touch()

    def watch(event: str, given: tuple[object, ...]) -> None:
        if event == "socket.getaddrinfo":
            host = given[0]
        elif event in {"socket.connect", "socket.sendto"} and isinstance(given[1], tuple):
            host = given[1][0]
        else:
            return
        if not is_near(host):
            with asked.open("a", encoding="utf-8") as told:
                told.write(f"{event} {host}\n")
            raise OSError(f"{host}: no other host can be reached")

    sys.addaudithook(watch)
    sys.argv = ["streamlit", "run", *sys.argv[1:]]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
