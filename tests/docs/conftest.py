"""The pages of the site, and what makes their pieces."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "docs"))


@pytest.fixture(scope="session")
def pages():
    """Return all pages by name: German as ``method/method.md``, English as ``….en.md``."""
    folder = ROOT / "docs" / "pages"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.md"))
    }
