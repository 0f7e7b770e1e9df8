"""Kinds of place side by side: their scores and layers, and the official types they fall into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.kinds import COLUMNS, PARTS

if TYPE_CHECKING:
    from layers.score import Scores

__all__ = ["by_kind", "cross", "has_kinds", "official_types"]

_QUARTILES = {"q25": 0.25, "median": 0.5, "q75": 0.75}


def has_kinds(scores: Scores) -> bool:
    """Whether the dataset has what the kinds need."""
    return set(PARTS) <= set(scores.dataset.regions.columns)


def by_kind(scores: Scores) -> pd.DataFrame:
    """Compare the score and every layer between the words of each part of the kinds.

    Regions count once each, whatever their size; those outside the selection do not count.

    Returns
    -------
    DataFrame
        part, kind ("" where it is missing), measure ("score" or a layer), regions (with a value),
        q25, median, q75 (linear interpolation between neighbours).
    """
    values = pd.concat([scores.index.rename("score"), scores.layers], axis=1)
    values = values[scores.selected]
    blocks = []
    for part in PARTS:
        words = scores.dataset.regions[part].fillna("").reindex(values.index)
        groups = values.groupby(words.to_numpy())
        tables = {"regions": groups.count()} | {
            column: groups.quantile(share) for column, share in _QUARTILES.items()
        }
        long = [_long(table, column) for column, table in tables.items()]
        blocks.append(pd.concat(long, axis=1).reset_index().assign(part=part))
    order = ["part", "kind", "measure", "regions", *_QUARTILES]
    return pd.concat(blocks, ignore_index=True)[order]


def _long(table: pd.DataFrame, column: str) -> pd.Series:
    """One value per kind and measure."""
    rows = table.rename_axis("kind").reset_index().melt("kind", var_name="measure")
    return rows.set_index(["kind", "measure"])["value"].rename(column)


def official_types(scores: Scores) -> list[str]:
    """Attribute columns besides the computed ones."""
    return [key for key in scores.dataset.attributes if key not in COLUMNS]


def cross(scores: Scores, column: str) -> pd.DataFrame:
    """Count the regions by computed kind and by an attribute column.

    Returns
    -------
    DataFrame
        attribute, value (text, "" for missing), part, kind ("" for missing), regions; for every
        part the counts add up to all regions.
    """
    regions = scores.dataset.regions
    other = regions[column].astype("string").fillna("").rename("value")
    blocks = []
    for part in PARTS:
        found = pd.crosstab(other, regions[part].fillna("")).reset_index()
        rows = found.melt("value", var_name="kind", value_name="regions")
        blocks.append(rows.assign(part=part).sort_values(["value", "kind"]))
    table = pd.concat(blocks, ignore_index=True).assign(attribute=column)
    return table[["attribute", "value", "part", "kind", "regions"]]
