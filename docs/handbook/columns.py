"""Columns of all files that are exported, from the code books that go into the files themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import layers
from handbook.common import say, table
from layers.errors import DatasetError
from layers.toml import read_toml
from views.i18n import words

if TYPE_CHECKING:
    from pathlib import Path

    from views.i18n import Language

__all__ = ["columns", "flags"]

_FLAGS = ("calculated", "reform", "withheld", "provisional", "self_assessed", "imputed", "treated")


def columns(language: Language, rest: str) -> str:
    """Columns of the tables of scores (``scores``) or of the analyses (``analyses``)."""
    book = read_toml(_books()[rest], DatasetError)
    rows = [(f"`{key}`", _plain(told[language])) for key, told in book.items()]
    return table([say("column", language), say("meaning", language)], rows)


def flags(language: Language, _rest: str) -> str:
    """Words that may stand at a value, as the app says them."""
    rows = [(f"`{flag}`", words(language)(f"flag.{flag}")) for flag in _FLAGS]
    return table([say("flag", language), say("meaning", language)], rows)


def _books() -> dict[str, Path]:
    from pathlib import Path

    folder = Path(layers.__file__).parent
    return {
        "scores": folder / "table.toml",
        "analyses": folder / "study" / "reports" / "columns.toml",
    }


def _plain(text: str) -> str:
    """Placeholders of the code book, as a reader sees what will stand there."""
    return text.replace("{name}", "…").replace("{top}", "…")
