"""What is asked of a publisher's server, and what it answers, as data: no network in here.

A reader describes a request; whether, how often and with which credentials it is sent is the
business of `layers.sources.fetch`. Secrets occur by name only, so that a request can be printed,
compared and stored.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "Done", "Fault", "Request", "Step", "Wait"]


@dataclass(frozen=True)
class Request:
    """One request to a server.

    Attributes
    ----------
    url : str
        Whole address, with its query.
    body : bytes
        What a POST sends, encoded as `headers` say.
    headers : mapping
        Header -> value; none of them secret.
    secrets : mapping
        Header -> name of the secret that is its value, such as ``genesis_password``.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def form(
        cls, url: str, fields: Mapping[str, str], *, secrets: Mapping[str, str] | None = None
    ) -> Request:
        """Describe a POST of form fields."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return cls(url, "POST", urlencode(fields).encode(), headers, secrets or {})

    @classmethod
    def json(
        cls, url: str, content: object, *, secrets: Mapping[str, str] | None = None
    ) -> Request:
        """Describe a POST of JSON."""
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return cls(url, "POST", text.encode(), headers, secrets or {})

    @property
    def key(self) -> str:
        """Short hash of what is asked, without any secret: equal questions, equal keys."""
        parts = (self.method.encode(), self.url.encode(), self.body)
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]

    def __str__(self) -> str:
        """Return method and address, fit for an error message."""
        return f"{self.method} {self.url}"


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Attributes
    ----------
    status : int
        HTTP status code.
    headers : mapping
        Header -> value; names in lower case.
    """

    content: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def media_type(self) -> str:
        """Such as ``application/zip``; empty if the server does not say."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True)
class Wait:
    """The server needs time: ask `then` after `seconds`."""

    seconds: float
    then: Request


@dataclass(frozen=True)
class Done:
    """The content that was asked for, and what a person should know about it."""

    content: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """The server says that it will not answer; `message` says what to do."""

    message: str


#: What follows from an answer: ask again, wait, or come to an end.
Step = Request | Wait | Done | Fault
