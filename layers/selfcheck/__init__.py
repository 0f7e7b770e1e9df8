"""The self-check of a municipality: five fields, rated by the people on site.

It never enters a score by itself; `layers.selfcheck.as_layer` adds it for one region if somebody
asks for that.
"""

from __future__ import annotations

from layers.selfcheck.context import context
from layers.selfcheck.file import Rater, SelfCheck, load, merge, new_rater, parse, to_toml
from layers.selfcheck.result import compare, field_results, statement_results
from layers.selfcheck.statements import fields, statements

__all__ = [
    "Rater", "SelfCheck", "compare", "context", "field_results", "fields", "load", "merge",
    "new_rater", "parse", "statement_results", "statements", "to_toml",
]  # fmt: skip
