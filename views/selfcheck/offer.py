"""Buttons of the self-check page that hand out its report and its file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from views.report.offer import can_print
from views.selfcheck import answering, book

if TYPE_CHECKING:
    from layers.selfcheck.file import SelfCheck
    from views.frame import Scene
    from views.selfcheck.report import Format

__all__ = ["show"]

#: Format -> its button and media type.
_OFFERS: dict[Format, tuple[str, str]] = {
    ".pdf": ("pdf", "application/pdf"), ".html": ("html", "text/html")
}  # fmt: skip


def show(check: SelfCheck, scene: Scene) -> None:
    """Draw the buttons; a PDF is offered only where one can be made."""
    words = scene.words
    st.header(words("selfcheck.take"), anchor=False)
    with st.container(horizontal=True):
        for suffix, (button, mime) in _OFFERS.items():
            if suffix == ".pdf" and not can_print():
                continue
            st.download_button(
                words(f"selfcheck.{button}"), partial(_make, check, scene, suffix),
                book.file_name(check, suffix), mime, key=f"get.selfcheck{suffix}",
                on_click="ignore",
            )  # fmt: skip
    answering.save(check.region, words, "take")
    st.caption(words("selfcheck.take_note"))


def _make(check: SelfCheck, scene: Scene, suffix: Format) -> bytes:
    from views.selfcheck.report import to_bytes

    names = book.rater_names(check, scene.words)
    return to_bytes(check, names, scene.dataset, scene.words, suffix)
