"""Scores as a table that Datawrapper takes for a choropleth map: key, name, readable headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.formats import sheets
from layers.table import result_table

if TYPE_CHECKING:
    from geo.document import Document

__all__ = ["csv", "source_text"]


def csv(document: Document) -> bytes:
    """UTF-8 with commas and no line above the header.

    Datawrapper has no place for comments. What must be said stands in a file of its own (see
    `source_text`); the last column names dataset and recipe, so that the table alone can still be
    traced.
    """
    return sheets.csv_text(_table(document), repr).encode()


def source_text(document: Document) -> bytes:
    """Return the provenance as plain text, to stand beside the table."""
    return ("\n".join(document.provenance.lines(document.language)) + "\n").encode()


def _table(document: Document) -> pd.DataFrame:
    table = result_table(document.scores, document.bands)
    about = document.provenance
    digits = table["region"].map(lambda key: key.isascii() and key.isdecimal()).all()
    columns = {document.word("dw_ags" if digits else "dw_key"): table["region"]}
    columns |= {document.word(f"dw_{key}"): table[key] for key in ("name", "score", "rank")}
    if document.bands is not None:
        ends = ("rank_p05", "rank_p95")
        columns |= {document.word(f"dw_{key}"): table[key].astype("Int64") for key in ends}
        columns[document.word("dw_top_quarter")] = _percent(table["top_quarter"])
    for key, name in _layer_names(document).items():
        columns[name] = table[f"layer_{key}"]
    columns[document.word("dw_coverage")] = _percent(table["coverage"])
    columns[document.word("dw_years")] = _years(table)
    cited = document.word("dw_cited").format(
        tool=about.tool, reference=about.reference, hash=about.recipe_hash
    )
    columns[document.word("dw_source")] = pd.Series(cited, index=table.index)
    return pd.DataFrame(columns)


def _layer_names(document: Document) -> dict[str, str]:
    """Return a header for each layer: its name, with its key where several have that name."""
    language = document.language
    layers = document.scores.dataset.catalogue.layer_by_id
    names = [one.name[language] for one in layers.values()]
    return {
        key: one.name[language] if names.count(one.name[language]) == 1
        else f"{one.name[language]} ({key})"
        for key, one in layers.items()
    }  # fmt: skip


def _percent(share: pd.Series) -> pd.Series:
    return (share.astype("float64") * 100).round(1)


def _years(table: pd.DataFrame) -> pd.Series:
    """Return the span of years as text, "2017–2025"."""
    ends = zip(table["year_oldest"], table["year_newest"], strict=True)
    spans = [
        "" if pd.isna(first) else str(first) if first == last else f"{first}–{last}"
        for first, last in ends
    ]
    return pd.Series(spans, index=table.index, dtype="str")
