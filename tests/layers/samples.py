"""True files of the publishers, which lie beside the repository; tests skip where they do not."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Samples in the publishers' own formats, one folder per publisher.
FORMATS = Path(__file__).parents[2].parent / "shared" / "data" / "formats"
#: Marks a test that needs them.
with_samples = pytest.mark.skipif(
    not FORMATS.is_dir(), reason="the publishers' files (../shared/data) are not here"
)


def workbook(sheet: str, rows: Sequence[Sequence[object]]) -> bytes:
    """Return an XLSX of one sheet."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
