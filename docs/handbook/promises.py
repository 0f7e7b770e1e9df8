"""What tests promise: their names are sentences, and here they are read as such."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from handbook.common import ROOT, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from views.i18n import Language

__all__ = ["promises"]


def promises(language: Language, rest: str) -> str:
    """List the promises of the test files named, as far as these are there."""
    found = [path for path in map(ROOT.joinpath, rest.split()) if path.is_file()]
    told = "\n".join(f"* {sentence}" for path in found for sentence in _sentences(path))
    note = say("in_english", language)
    return f"*{note}*\n\n{told}" if note else told


def _sentences(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name.removeprefix("test_").replace("_", " ").capitalize() + "."
