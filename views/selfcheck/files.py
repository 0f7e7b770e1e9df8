"""Files of the self-check: opened, merged, refused in one line of the reader's language."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from layers.errors import SelfCheckError
from layers.plain import plain
from layers.selfcheck.file import LARGEST, MOST_RATERS, SelfCheck, parse
from views import store
from views.file_input import file_input
from views.selfcheck import book

if TYPE_CHECKING:
    from collections.abc import Callable

    from views.file_input import GivenFile
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["fault", "opening", "place", "read", "start_anew", "tell", "told"]

#: Files that can be opened at once.
_MOST = 20
_TOLD, _REPLACE = "selfcheck.told", "selfcheck.replace"
#: What can be wrong with a file, as far as there are words for it.
_FAULTS = (
    "too_large", "not_toml", "foreign", "newer", "damaged", "unknown_region", "other_place",
    "other_region", "too_many",
)  # fmt: skip
#: Parts of a message that are quoted in an answer.
_QUOTED = 3


def opening(words: Words) -> None:
    """Draw where files are opened, folded away."""
    with st.expander(words("selfcheck.open_heading"), icon=":material/upload_file:"):
        st.checkbox(words("selfcheck.open_replace"), value=True, key=_REPLACE)
        place(
            words("selfcheck.open_files"), "selfcheck.open", words, partial(_open, words),
            most=_MOST, note=words("selfcheck.open_note"),
        )  # fmt: skip


def place(
    label: str, key: str, words: Words, on_files: Callable[[tuple[GivenFile, ...]], None], *,
    most: int = 1, note: str = "",
) -> None:  # fmt: skip
    """Draw a place for files of the self-check."""
    file_input(
        label, key=key, on_files=on_files, words=words, most=most, note=note, largest=LARGEST
    )


def told() -> None:
    """Say once what became of the last files or press."""
    for kind, text in st.session_state.pop(_TOLD, []):
        (st.success if kind == "done" else st.warning)(text)


def tell(kind: str, text: str) -> None:
    """Keep words for the next run: "done" or "refused"."""
    st.session_state.setdefault(_TOLD, []).append((kind, text))


def _open(words: Words, given: tuple[GivenFile, ...]) -> None:
    for one in given:
        try:
            check = read(one)
            merged = book.take(check, replace=bool(st.session_state.get(_REPLACE, True)))
        except SelfCheckError as error:
            tell("refused", fault(one.name, error, words))
            continue
        st.session_state["selected"] = check.region
        counts = {what: getattr(merged, what) for what in ("added", "replaced", "kept", "same")}
        tell("done", words("selfcheck.opened", file=plain(one.name), **counts))


def read(given: GivenFile) -> SelfCheck:
    """Read a file that somebody gave.

    Raises
    ------
    SelfCheckError
        As `layers.selfcheck.parse` does, or if the dataset has no such region.
    """
    name = plain(given.name)
    check = parse(given.text.encode("utf-8", "replace"), name)
    if check.region not in store.dataset().regions.index:
        msg = f"{name}: region '{check.region}' is not in {store.dataset().reference}."
        raise SelfCheckError(msg, code="unknown_region")
    return check


def fault(name: str, error: SelfCheckError, words: Words) -> str:
    """Say why a file is not taken; of the message only what it quotes, which needs no language."""
    file = plain(name)
    quoted = dict.fromkeys(re.findall(r"'([^']+)'", str(error).removeprefix(file)))
    parts = ", ".join(words("own_data.quoted", name=plain(one)) for one in list(quoted)[:_QUOTED])
    if error.code not in _FAULTS or (error.code == "damaged" and not parts):
        return words("selfcheck_fault.damaged_whole", file=file)
    return words(f"selfcheck_fault.{error.code}", file=file, parts=parts, most=MOST_RATERS)


def start_anew(region: str, scene: Scene) -> None:
    """Offer to forget all answers about a region."""
    st.button(
        scene.words("selfcheck.clear"), key="selfcheck.clear", type="tertiary",
        icon=":material/restart_alt:", help=scene.words("selfcheck.clear_help"),
        on_click=partial(book.clear, region),
    )  # fmt: skip
