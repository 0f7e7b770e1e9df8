"""A place to give files, in the reader's language: the browser reads and sends them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from views.map_component import component
from views.server import signin

if TYPE_CHECKING:
    from collections.abc import Callable

    from views.i18n import Words

__all__ = [
    "LARGEST", "GivenBytes", "GivenFile", "bytes_input", "file_input", "taken", "taken_bytes",
]  # fmt: skip

#: Bytes that a text file may have; the longest preset takes 2 kB.
LARGEST = 100_000
#: Bytes of a message besides the file: all other widgets.
_ENVELOPE = 1_000_000
_FAULTS = ("kind", "large", "no_text", "unreadable", "many")

_mount = component("potenzialatlas_file_input", "file_input.js")


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A text file that somebody gave."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class GivenBytes:
    """A file of any kind that somebody gave."""

    name: str
    content: bytes


def file_input(
    label: str, *, key: str, on_files: Callable[[tuple[GivenFile, ...]], None], words: Words,
    suffix: str = ".toml", most: int = 1, largest: int = LARGEST, note: str = "",
) -> None:  # fmt: skip
    """Show the place; files that are too large or no text are refused there in words.

    Parameters
    ----------
    on_files : callable
        Called, before the next run of the page, with what was given.
    suffix : str
        How the names of allowed files end, in lower case.
    most : int
        Files that can be given at once.
    largest : int
        Bytes that one of them may have.
    note : str
        Stands below, after the kind and size that are allowed.
    """
    if signin.stop_unless_allowed(words, key=key):
        return

    def tell() -> None:
        if given := taken(st.session_state[key].get("files"), most=most, largest=largest):
            on_files(given)

    size = words.number(largest / 1_000)
    limits = {"kind": suffix.removeprefix(".").upper(), "size": size, "most": str(most)}
    hint = words("file.hint", **limits)
    data = {"suffixes": [suffix], "largest": largest, "most": most, "binary": False}
    faults = {one: words(f"file.{one}", name="{name}", **limits) for one in _FAULTS}
    texts = _texts(label, f"{hint} {note}".strip(), words, several=most > 1) | faults
    _mount(key=key, data=data | {"texts": texts}, on_files_change=tell)


def bytes_input(
    label: str, *, key: str, on_file: Callable[[GivenBytes], None], words: Words,
    suffixes: tuple[str, ...], kinds: str, largest: int,
) -> None:  # fmt: skip
    """Show a place for one file of any kind, such as a workbook.

    Parameters
    ----------
    on_file : callable
        Called, before the next run of the page, with what was given.
    suffixes : tuple of str
        How the names of allowed files may end, in lower case.
    kinds : str
        What kinds these are, in words.
    largest : int
        Bytes that the file may have.
    """
    if signin.stop_unless_allowed(words, key=key):
        return

    def tell() -> None:
        if given := taken_bytes(st.session_state[key].get("files"), largest=largest):
            on_file(given)

    largest = min(largest, _passable())
    limits = {"kind": kinds, "size": words.number(largest // 1_000_000), "most": "1"}
    data = {"suffixes": list(suffixes), "largest": largest, "most": 1, "binary": True}
    faults = {one: words(f"any_file.{one}", name="{name}", **limits) for one in _FAULTS}
    texts = _texts(label, words("any_file.hint", **limits), words) | faults
    _mount(key=key, data=data | {"texts": texts}, on_files_change=tell)


def _passable() -> int:
    """Return how many bytes one message can bring; a longer one would cost the connection."""
    message = int(st.get_option("server.maxWidgetStateSize")) * 1_000_000
    return (message - _ENVELOPE) * 3 // 4


def _texts(label: str, hint: str, words: Words, *, several: bool = False) -> dict[str, str]:
    """Words of the place, but for those of faults."""
    return {
        "error": words("map.error"), "title": label, "hint": hint,
        "act": words("file.choose_several") if several else words("file.choose"),
        "drop": words("file.drop"), "read": words.raw("file.read"),
    }  # fmt: skip


def taken(told: object, *, most: int, largest: int = LARGEST) -> tuple[GivenFile, ...]:
    """Take what a browser sent, which can be anything, as files; what is none is left out."""
    entries = told[:most] if isinstance(told, list) else []
    found = (
        GivenFile(entry["name"], entry["text"])
        for entry in entries
        if isinstance(entry, dict)
        and isinstance(entry.get("name"), str) and isinstance(entry.get("text"), str)
    )  # fmt: skip
    return tuple(one for one in found if len(one.text.encode("utf-8", "replace")) <= largest)


def taken_bytes(told: object, *, largest: int) -> GivenBytes | None:
    """Take the first file that a browser sent, which can be anything; None if it is none."""
    entry = told[0] if isinstance(told, list) and told else None
    if not isinstance(entry, dict):
        return None
    name, text = entry.get("name"), entry.get("content")
    if not isinstance(name, str) or not isinstance(text, str) or len(text) > 4 * largest // 3 + 4:
        return None
    try:
        return GivenBytes(name, base64.b64decode(text, validate=True))
    except ValueError:
        return None
