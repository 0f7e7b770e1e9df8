"""What a GENESIS server answers when it does not send the table: a status with a code and a text.

The answers repeat the whole request, user name and password included. Nothing of that part is ever
shown: messages hold the code, our own words, and the publisher's text without the account.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from layers.errors import SourceError

__all__ = ["Status", "parse", "trouble"]

#: Code -> what it means and what to do.
_MEANINGS = {
    -1: "the server holds no data for this table as it was asked for; choose other years or "
    "characteristics, or take the table from the publisher's web site",
    0: "the request was understood, but the answer holds no table",
    15: "the account was not accepted; check user name and password",
    18: "the server is starting; try again in some minutes",
    22: "the server changed a parameter of the request",
    50: "nothing is newer than what is there already",
    90: "there is no such table, or this account may not see it; check its number",
    98: "the table is too large for a direct answer and must be ordered as a job",
    99: "the job was accepted",
    103: "nothing was found, and the server changed a parameter of the request; check the request",
    104: "nothing was found; check number, years and region, or ask for an earlier year",
}
_ACCOUNT = r"nutzername|passwort|user ?name|password"


@dataclass(frozen=True)
class Status:
    """Status of an answer.

    Attributes
    ----------
    method : str
        Such as ``data/tablefile``; empty if the answer does not say.
    text : str
        The publisher's words, without anything from the account.
    subject : str
        Table or job that was asked for.
    found : bool
        Whether the answer lists or holds anything.
    """

    code: int
    text: str
    method: str = ""
    subject: str = ""
    found: bool = False


def parse(content: bytes, name: str) -> Status:
    """Read a JSON answer; `name` is said in errors.

    Raises
    ------
    SourceError
        If it is no JSON, or has no status with a numeric code.
    """
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as cause:
        msg = f"{name}: the answer is neither a zip archive nor JSON; expected is one of the two."
        raise SourceError(msg) from cause
    status = _status_of(answer)
    code = status.get("Code")
    if not isinstance(code, int) or isinstance(code, bool):
        msg = f"{name}: the answer has no 'Status' with a number as 'Code'; the interface changed."
        raise SourceError(msg)
    parameters = _mapping(answer.get("Parameter"))
    ident = _mapping(answer.get("Ident"))
    return Status(
        code,
        _without_account(str(status.get("Content", "")), parameters),
        "/".join(str(ident[key]) for key in ("Service", "Method") if key in ident),
        str(parameters.get("name") or parameters.get("selection") or ""),
        bool(answer.get("List") or answer.get("Object")),
    )


def trouble(status: Status, name: str) -> str:
    """Say in one line what a status means for the person who asked."""
    if re.search(_ACCOUNT, status.text, re.IGNORECASE):
        meaning = _MEANINGS[15]
    else:
        meaning = _MEANINGS.get(status.code, "the server refused the request")
    said = f" The publisher says: {status.text!r}." if status.text else ""
    return f"{name}: {meaning} (code {status.code}).{said}"


def _status_of(answer: object) -> dict[str, Any]:
    """Find the status; faults of the whole system stand at the top level."""
    if not isinstance(answer, dict):
        return {}
    status = answer.get("Status")
    return _mapping(status) if isinstance(status, dict) else answer


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _without_account(text: str, parameters: dict[str, Any]) -> str:
    for key in ("username", "password"):
        secret = str(parameters.get(key) or "").strip()
        if secret:
            text = text.replace(secret, "****")
    return " ".join(text.split())
