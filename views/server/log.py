"""Lines for the operator on standard error: what was answered, what happened, what went wrong.

No line holds an address of a person, a query, a browser's name or what somebody typed or gave: a
path is told by its kind alone, an error by its type and place. Lines of other libraries are told by
their unfilled wording for the same reason. An error has a reference number, which the page shows to
the person before it.

=================  ================================================================================
``time``           UTC, with milliseconds
``level``          info, warning or error
``event``          start, ready, stopping, stop, answer, session, rate_limited, update, error,
                   message (another library's)
``path``           kind of the path (`views.server.places`)
``method``,        of an answer; ``ms`` is its time from first to last byte, of a session that of
``status``,        the whole connection
``ms``, ``bytes``
``reference``      of an error, as the page tells it
``type``,          of an error: its class, and file, line and function of ours that it rose from
``place``
``trace``          the places on the way to it, the innermost last
=================  ================================================================================
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit.logger

from layers.paths import project_root

if TYPE_CHECKING:
    from views.server.settings import Settings

__all__ = ["event", "fault", "set_up"]

#: The places that a trace names at most.
_FRAMES = 25
_OURS = logging.getLogger("potenzialatlas")
_FOREIGN = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
#: Streamlit's own line on what `views.server.faults` tells with a number.
_TOLD_ALREADY = "Uncaught app execution"
#: What may be somebody's in a line that another library filled by itself.
_PERSONAL = re.compile(
    r"'[^']*'|\"[^\"]*\"|\w+://\S+|\S+@\S+|(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?"
    r"|(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}|[0-9a-fA-F-]{20,}|(?:/[\w.@ -]+){2,}"
)


def event(name: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Tell an event; give no field that could be a person's."""
    _OURS.log(level, name, extra={"fields": {"event": name, **fields}})


def fault(cause: BaseException, place: str) -> str:
    """Tell an error with its type and trace; returns the number by which it can be found again.

    Parameters
    ----------
    place : str
        Kind of the path on which it rose.
    """
    reference = secrets.token_hex(4)
    fields = {"event": "error", "reference": reference, "path": place}
    _OURS.error("error", extra={"fields": fields}, exc_info=cause)
    return reference


def set_up(chosen: Settings) -> None:
    """Bring all lines of this process, Streamlit's and uvicorn's too, into one shape."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Shape(as_json=chosen.log == "json", details=chosen.log_details))
    handler.addFilter(_Sieve(chosen.log))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    logging.captureWarnings(capture=True)
    _OURS.setLevel(logging.INFO)
    # Streamlit gives each of its loggers a handler of its own, later ones as well.
    streamlit.logger.setup_formatter = _join
    streamlit.logger.update_formatter()
    for name in _FOREIGN:
        _join(logging.getLogger(name))


def _join(logger: logging.Logger) -> None:
    """Let a logger speak through the root alone."""
    logger.handlers.clear()
    logger.propagate = True


class _Sieve(logging.Filter):
    """Lets through what was chosen; of other libraries warnings and errors alone."""

    def __init__(self, chosen: str) -> None:
        super().__init__()
        self.off = chosen == "off"
        self.least = logging.INFO if chosen in {"json", "text"} else logging.WARNING

    def filter(self, record: logging.LogRecord) -> bool:
        if self.off or record.msg == _TOLD_ALREADY:
            return False
        ours = hasattr(record, "fields")
        return record.levelno >= (self.least if ours else logging.WARNING)


class _Shape(logging.Formatter):
    """Writes a record as one line."""

    def __init__(self, *, as_json: bool, details: bool) -> None:
        super().__init__()
        self.as_json, self.details = as_json, details

    def format(self, record: logging.LogRecord) -> str:
        entry = _entry(record, details=self.details)
        if self.as_json:
            return json.dumps(entry, ensure_ascii=False)
        told = [f"{key}={_plain(value)}" for key, value in entry.items() if key not in _FIRST]
        return " ".join((*(str(entry[key]) for key in _FIRST), *told))


_FIRST = ("time", "level", "event")


def _plain(value: object) -> str:
    return " < ".join(map(str, value)) if isinstance(value, list) else str(value)


def _entry(record: logging.LogRecord, *, details: bool) -> dict[str, Any]:
    time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    entry = {"time": time, "level": record.levelname.lower(), "event": "message"}
    if fields := getattr(record, "fields", None):
        entry |= fields
    else:
        entry |= {"logger": record.name, "message": _anonymous(str(record.msg))}
    if record.exc_info and record.exc_info[1] is not None:
        entry |= _told(record.exc_info[1], details=details)
    return entry


def _anonymous(text: str) -> str:
    """Return a library's wording on one line, without what could be somebody's."""
    return _PERSONAL.sub("…", " ".join(text.split()))


def _told(cause: BaseException, *, details: bool) -> dict[str, Any]:
    """Tell an error by type and places; its own words may quote what somebody gave."""
    frames = traceback.extract_tb(cause.__traceback__)
    trace = [f"{_short(one.filename)}:{one.lineno} {one.name}" for one in frames[-_FRAMES:]]
    ours = [one for one in trace if one.startswith(("geo/", "layers/", "views/", "app.py"))]
    told: dict[str, Any] = {
        "type": type(cause).__name__, "place": (ours or trace or ["-"])[-1], "trace": trace
    }  # fmt: skip
    if details:
        told["message"] = " ".join(str(cause).split())
    return told


def _short(path: str) -> str:
    """Return the part of a file's path that says which file of which package it is."""
    named = path.rpartition("site-packages/")[2]
    if named != path:
        return named
    root = project_root()
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else (
        Path(path).name
    )  # fmt: skip
