"""A table of somebody's own, as offices have them: which row is which region, and what it holds.

Nothing is guessed. A name that two regions share, a number that could be read two ways, a row that
no region belongs to: each is told, with the row that a person finds in the file.
"""

from layers.own_table.cells import LARGEST, MOST_ROWS, Sheet, content_of, read_sheets
from layers.own_table.keys import Keys, Match, State
from layers.own_table.numbers import Column
from layers.own_table.table import OwnTable, read_table

__all__ = [
    "LARGEST", "MOST_ROWS", "Column", "Keys", "Match", "OwnTable", "Sheet", "State",
    "content_of", "read_sheets", "read_table",
]  # fmt: skip
