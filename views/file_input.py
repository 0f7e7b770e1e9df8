"""A place to give files, in the reader's language: the browser reads them and sends their text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from views.map_component import shim

if TYPE_CHECKING:
    from collections.abc import Callable

    from views.i18n import Words

__all__ = ["LARGEST", "GivenFile", "file_input", "taken"]

#: Bytes that a file may have; the longest preset takes 2 kB.
LARGEST = 100_000
_FAULTS = ("kind", "large", "no_text", "unreadable", "many")

_mount = st.components.v2.component("potenzialatlas_file_input", js=shim("file_input.js"))


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A text file that somebody gave."""

    name: str
    text: str


def file_input(
    label: str, *, key: str, on_files: Callable[[tuple[GivenFile, ...]], None], words: Words,
    suffix: str = ".toml", most: int = 1, note: str = "",
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
    note : str
        Stands below, after the kind and size that are allowed.
    """

    def tell() -> None:
        if given := taken(st.session_state[key].get("files"), most=most):
            on_files(given)

    size = words.number(LARGEST / 1_000)
    limits = {"kind": suffix.removeprefix(".").upper(), "size": size, "most": most}
    hint = words("file.hint", **limits)
    _mount(
        key=key,
        data={
            "suffix": suffix, "largest": LARGEST, "most": most,
            "texts": {
                "error": words("map.error"), "title": label, "hint": f"{hint} {note}".strip(),
                "act": words("file.choose_several") if most > 1 else words("file.choose"),
                "drop": words("file.drop"), "read": words.raw("file.read"),
                **{one: words(f"file.{one}", name="{name}", **limits) for one in _FAULTS},
            },
        },
        on_files_change=tell,
    )  # fmt: skip


def taken(told: object, *, most: int) -> tuple[GivenFile, ...]:
    """Take what a browser sent, which can be anything, as files; what is none is left out."""
    entries = told[:most] if isinstance(told, list) else []
    found = (
        GivenFile(entry["name"], entry["text"])
        for entry in entries
        if isinstance(entry, dict)
        and isinstance(entry.get("name"), str) and isinstance(entry.get("text"), str)
    )  # fmt: skip
    return tuple(one for one in found if len(one.text.encode("utf-8", "replace")) <= LARGEST)
