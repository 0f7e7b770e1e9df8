"""The map of the house: every module of a room with the sentence that it begins with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from handbook.common import ROOT, say, table

if TYPE_CHECKING:
    from pathlib import Path

    from views.i18n import Language

__all__ = ["rooms"]


def rooms(language: Language, rest: str) -> str:
    """All modules below the package named, folder by folder."""
    folders = sorted({path.parent for path in (ROOT / rest).rglob("*.py")})
    return "\n\n".join(filter(None, (_folder(one, language) for one in folders)))


def _folder(folder: Path, language: Language) -> str:
    modules = [(path.name, _begins(path)) for path in sorted(folder.glob("*.py"))]
    told = [(f"`{name}`", sentence) for name, sentence in modules if sentence]
    if not told:
        return ""
    head = table([say("module", language), say("holds", language)], told)
    return f"#### `{folder.relative_to(ROOT).as_posix()}/`\n\n{head}"


def _begins(path: Path) -> str:
    """First sentence of a module's docstring; "" for one without."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n\n")[0]
