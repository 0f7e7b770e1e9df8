"""Handing over files without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from types import ModuleType

    import pytest

    from views.file_input import GivenFile


def hand_over(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, *given: GivenFile
) -> None:  # fmt: skip
    """Put a button in the place of a module's file input; a press on it gives these files."""

    def button(label, *, key, on_files, **_):
        st.button(label, key=f"give.{key}", on_click=on_files, args=(given,))

    monkeypatch.setattr(module, "file_input", button)
