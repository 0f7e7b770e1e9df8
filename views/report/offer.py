"""Buttons of the profile page that hand out its report."""

from __future__ import annotations

import datetime as dt
from ctypes.util import find_library
from functools import cache, partial
from typing import TYPE_CHECKING

import streamlit as st

from views.report.batch import file_name

if TYPE_CHECKING:
    from views.frame import Scene
    from views.report.document import Format

__all__ = ["can_print", "show"]

#: Format -> its button and media type.
_OFFERS: dict[Format, tuple[str, str]] = {
    ".pdf": ("offer_pdf", "application/pdf"),
    ".html": ("offer_html", "text/html"),
}
#: Names of the library behind PDFs on Linux, macOS and Windows.
_PANGO = ("pango-1.0", "pango-1.0-0", "libpango-1.0-0")


def show(region: str, scene: Scene) -> None:
    """Offer the report of `region`; a PDF only where one can be made."""
    for suffix, (button, mime) in _OFFERS.items():
        if suffix == ".pdf" and not can_print():
            continue
        st.download_button(
            scene.words(f"report.{button}"), partial(_make, region, scene, suffix),
            file_name(region, suffix), mime, key=f"get.report{suffix}", on_click="ignore",
        )  # fmt: skip


@cache
def can_print() -> bool:
    """Whether Pango is there; looked up by name, since loading it takes longer than the page."""
    return any(find_library(name) for name in _PANGO)


def _make(region: str, scene: Scene, suffix: Format) -> bytes:
    from views.report.background import background
    from views.report.document import to_bytes

    today = dt.date.today()  # noqa: DTZ011 -- the day of the machine that shows the page
    shared = background(
        scene.scores, scene.bands, scene.words.language, date=today, regions=[region]
    )
    return to_bytes(region, shared, suffix)
