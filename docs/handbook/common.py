"""What all pieces share: the folder of the project, the dataset, words, and tables."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers import Dataset
from layers.paths import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from views.i18n import Language

__all__ = ["ROOT", "content_of", "kreise", "say", "table"]

ROOT = Path(__file__).resolve().parents[2]
_CODE = re.compile("(`[^`]*`)")


@cache
def kreise() -> Dataset:
    """Return the embedded dataset, opened once for all pieces."""
    return Dataset.open(data_folder() / "kreise")


@cache
def content_of(name: str) -> dict[str, Any]:
    """Read ``NAME.toml`` beside this module."""
    path = Path(__file__).with_name(f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def say(key: str, language: Language, /, **values: object) -> str:
    """Words of the site in one language, with their placeholders filled."""
    told: str = content_of("words")[key][language]
    return told.format(**values)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table in Markdown; what would tear a cell apart is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    # A bar inside code tears no cell apart, and would be shown with its backslash.
    parts = _CODE.split(" ".join(str(value).split()))
    return "".join(one if _CODE.fullmatch(one) else one.replace("|", "\\|") for one in parts)
