"""What the readers of official files share: bytes, text, zip members, tables, marks, numbers.

Nothing here guesses. Text is decoded strictly in the encodings that a publication is known to use;
a number is a number or one of the publisher's marks; everything else is a `SourceError` that names
the file, the line and the column, and says what was expected there.
"""

from __future__ import annotations

from layers.sources.formats.archives import is_zip, member, members
from layers.sources.formats.books import sheet_rows, workbook
from layers.sources.formats.cells import (
    CITY_STATES,
    cells_to_numbers,
    city_states,
    excel_number,
    is_number,
    mixed_to_numbers,
)
from layers.sources.formats.raw import Raw, Where, decode, json_of, load
from layers.sources.formats.tables import csv_lines, first_row, joined_headers, table_from

__all__ = [
    "CITY_STATES", "Raw", "Where", "cells_to_numbers", "city_states", "csv_lines",
    "decode", "excel_number", "first_row", "is_number", "is_zip", "joined_headers", "json_of",
    "load", "member", "members", "mixed_to_numbers", "sheet_rows", "table_from", "workbook",
]  # fmt: skip
