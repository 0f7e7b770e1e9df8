"""Two addresses for whoever watches over the server: it lives, and it can do its work.

``/healthz`` answers 200 as long as the process answers at all. ``/readyz`` answers 200 once the
dataset opens, is the one expected and is undamaged, the drawing stands and there is room for
temporary files; else 503 and in words why, without naming places on the server. It answers 503 from
the first sign of the end on, so that a proxy can send visitors elsewhere.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from layers.errors import DatasetError, PotenzialatlasError
from layers.toml import read_toml
from views import store
from views.map_component import base_path
from views.server.life import LIFE
from views.server.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

__all__ = ["examine", "routes"]

_UNREADY = 503
_MEGA = 1_000_000
#: Seconds for which a finding holds, so that many questions cost no more than one.
_FRESH = 2.0
_NO_STORE = {"Cache-Control": "no-store"}


def routes() -> list[BaseRoute]:
    """Routes for `st.App(script, routes=...)`."""
    root = base_path()
    return [Route(f"{root}/healthz", _alive), Route(f"{root}/readyz", _ready)]


def _alive(_request: Request) -> Response:
    return JSONResponse({"status": "alive", "version": _program()}, headers=_NO_STORE)


def _ready(_request: Request) -> Response:
    if LIFE.phase != "running":
        # Not what was found a moment ago.
        reason = f"the server is {LIFE.phase}."
        found = {"status": "not ready", "reason": reason, "version": _program()}
    else:
        found = _recent()
    status = 200 if found["status"] == "ready" else _UNREADY
    return JSONResponse(found, status, _NO_STORE)


class _Kept:
    """The last finding and when it was made."""

    lock = Lock()
    at = -_FRESH
    found: dict[str, Any] = {}  # noqa: RUF012 -- replaced as a whole, never changed


def _recent() -> dict[str, Any]:
    with _Kept.lock:
        if time.monotonic() - _Kept.at > _FRESH:
            _Kept.found = examine(settings().expect, settings().free_disk)
            _Kept.at = time.monotonic()
        return _Kept.found


def examine(expect: str, free_disk: int) -> dict[str, Any]:
    """Find out whether the work can be done.

    Parameters
    ----------
    expect : str
        Dataset as ``id@version``; empty for any.
    free_disk : int
        Megabytes that must be free for temporary files.

    Returns
    -------
    dict
        ``status`` ("ready" or "not ready"), ``version`` of the program, ``dataset`` where it
        opens, ``checks`` with "ok" or what is wrong, and ``reason``: the first that is wrong.
    """
    steps: dict[str, Callable[[], str]] = {
        "dataset": lambda: _dataset(expect), "files": _files, "drawing": _drawing,
        "disk": lambda: _disk(free_disk),
    }  # fmt: skip
    checks = {name: _tried(name, step) for name, step in steps.items()}
    wrong = [told for told in checks.values() if told != "ok"]
    found: dict[str, Any] = {"status": "not ready" if wrong else "ready", "version": _program()}
    if checks["dataset"] == "ok":
        found["dataset"] = store.official().reference
    return found | {"checks": checks} | ({"reason": wrong[0]} if wrong else {})


def _tried(name: str, step: Callable[[], str]) -> str:
    try:
        return step() or "ok"
    except (PotenzialatlasError, OSError):
        # What these say names places on the server.
        return f"{name}: cannot be read; the log and `ipot data check` say why."


def _dataset(expect: str) -> str:
    held = store.official().reference
    if expect and held != expect:
        return f"dataset: this is {held}, and {expect} is expected."
    return ""


def _files() -> str:
    changed = _changed(_stamps(store.folder()))
    return f"files: not as recorded: {', '.join(changed)}." if changed else ""


def _stamps(folder: Path) -> tuple[tuple[Path, str, str, int, int], ...]:
    """Path, name, recorded hash, size and time of every file that a dataset records."""
    recorded = read_toml(folder / "dataset.toml", DatasetError).get("files", {})
    return tuple(
        (folder / name, name, digest, *_stamp(folder / name)) for name, digest in recorded.items()
    )


def _stamp(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns


@lru_cache(maxsize=4)
def _changed(stamps: tuple[tuple[Path, str, str, int, int], ...]) -> tuple[str, ...]:
    """Names of files whose SHA-256 is not the recorded one; read again when a file changes."""
    return tuple(
        name
        for path, name, digest, *_ in stamps
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest
    )


def _drawing() -> str:
    return "" if store.drawing() else "drawing: it is empty."


def _disk(least: int) -> str:
    with tempfile.TemporaryFile() as trial:
        trial.write(b"\0")
    free = shutil.disk_usage(tempfile.gettempdir()).free // _MEGA
    if free < least:
        return f"disk: {free} MB are free for temporary files, and {least} MB are wanted."
    return ""


@lru_cache(maxsize=1)
def _program() -> str:
    try:
        return version("potenzialatlas")
    except PackageNotFoundError:
        return "unknown"
