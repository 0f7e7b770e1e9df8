"""The table that says what a map shows: rank, name, band, score, and the figure shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.table import result_table
from views.parts.profile_words import place

if TYPE_CHECKING:
    from views.embed.matter import Matter
    from views.figures import Figure

__all__ = ["band", "columns", "rows"]

_COLUMNS = ("region", "name", "rank", "rank_p05", "rank_p95", "score")


def band(low: Any, high: Any, matter: Matter) -> str:
    """Write a rank band; nothing where there is none."""
    if pd.isna(low):
        return matter.words.number(None)
    return matter.words("panel.band_range", low=int(low), high=int(high))


def columns(matter: Matter, shown: Figure) -> list[str]:
    """Headings: rank, name, the figure shown unless it is the score, band, score."""
    words = matter.words
    rank, name, band, score = (words(f"table.{key}") for key in ("rank", "name", "band", "score"))
    return [rank, name, *([shown.legend] if _has_own(matter) else []), band, score]


def rows(matter: Matter, shown: Figure) -> dict[str, list[str]]:
    """Cells by region, in the order of the ranks, of the regions that the filter keeps."""
    words = matter.words
    table = result_table(matter.scores, matter.bands)
    found = {}
    for row in table[list(_COLUMNS)].to_dict("records"):
        region = str(row["region"])
        own = [shown.write(float(shown.values[region]), words)] if _has_own(matter) else []
        found[region] = [
            place(row["rank"], words), str(row["name"]), *own,
            band(row["rank_p05"], row["rank_p95"], matter), words.number(row["score"], 1),
        ]  # fmt: skip
    return found


def _has_own(matter: Matter) -> bool:
    return matter.state.show != "score"
