"""Words for people from a TOML file: one table per key, each with ``de`` and ``en``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from layers.catalogue import Text
from layers.errors import DatasetError
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["texts"]


@cache
def texts(path: Path) -> dict[str, Text]:
    """Read the words of one module.

    Raises
    ------
    DatasetError
        If the file is missing or broken, or a text lacks a language.
    """
    return {
        key: validate(Text, entry, where=f"{path} [{key}]", error=DatasetError)
        for key, entry in read_toml(path, DatasetError).items()
    }
