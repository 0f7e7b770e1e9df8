"""What every exported file is rendered from: a table, its code book and its provenance."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from layers.provenance import Provenance, provenance
from layers.table import Column, bands_table, code_book, result_table, values_table
from layers.texts import texts

if TYPE_CHECKING:
    from layers.robust import Bands
    from layers.score import Scores
    from layers.study.reports.bands import Extra

__all__ = ["Content", "Document", "plain_columns", "plain_json"]

Content = Literal["scores", "bands", "values"]

_TEXTS = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Document:
    """Scores on their way into a file.

    Attributes
    ----------
    content : "scores", "bands" or "values"
        Columns of `layers.table.result_table`, of `bands_table`, which needs `bands`, or of
        `values_table`.
    language : "de" or "en"
        Of all explanations.
    excel_de : bool
        Whether CSV is meant for German Excel.
    extra : Extra, optional
        Further columns for the rank bands.
    datawrapper : bool
        Whether CSV is meant for a map of Datawrapper.
    """

    scores: Scores
    bands: Bands | None
    content: Content
    language: str
    excel_de: bool = False
    extra: Extra | None = None
    datawrapper: bool = False

    @cached_property
    def table(self) -> pd.DataFrame:
        """The rows to write."""
        if self.content == "values":
            return values_table(self.scores)
        if self.content == "bands" and self.bands is not None:
            table = bands_table(self.scores, self.bands)
            return table if self.extra is None else table.join(self.extra.table, on="region")
        return result_table(self.scores, self.bands)

    @property
    def by_region(self) -> bool:
        """Whether each region has one row, so that it can be drawn."""
        return self.content != "values"

    @cached_property
    def provenance(self) -> Provenance:
        """What must be said about them."""
        return provenance(self.scores, self.bands, run=self.extra.run if self.extra else None)

    def code_book(self, table: pd.DataFrame) -> list[Column]:
        """Explain the columns of `table`."""
        known = {one.name: one for one in self.extra.columns} if self.extra else {}
        usual = code_book(self.scores, table.drop(columns=list(known), errors="ignore"), self.bands)
        known |= {one.name: one for one in usual}
        return [known[str(column)] for column in table]

    def word(self, key: str) -> str:
        """Return a word of the file format itself."""
        return texts(_TEXTS)[key][self.language]

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """Provenance and code book as nested values, fit for JSON; not to be changed."""
        columns = [
            {"name": one.name, "text": one.text[self.language], "unit": one.unit[self.language]}
            for one in self.code_book(self.table)
        ]
        return self.provenance.to_dict(self.language) | {"columns": columns}


def plain_columns(table: pd.DataFrame) -> list[tuple[str, list[Any]]]:
    """Columns as plain Python values: str, int, float or bool, None for a gap."""
    return [
        (str(name), [
            None if value is pd.NA or (isinstance(value, float) and isnan(value)) else value
            for value in table[name].tolist()
        ])
        for name in table
    ]  # fmt: skip


def plain_json(content: Any) -> str:
    """Return compact JSON; NaN and infinities are refused, as the standard demands."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
