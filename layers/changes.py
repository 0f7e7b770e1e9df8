"""What differs between two versions of a dataset, for somebody who must answer for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from layers.dataset import Dataset

__all__ = ["Changes", "compare"]

_KEYS = ["indicator", "region", "year"]
_QUARTILES = (0.25, 0.75)


@dataclass(frozen=True)
class Changes:
    """From one version of a dataset to the next.

    Attributes
    ----------
    gone, new : tuple of str
        Indicators that only the older, or only the newer version has.
    regions : tuple of str
        Regions that only one of them has.
    indicators : DataFrame
        Per indicator with any difference: added, removed, changed (numbers of values),
        newest_before, newest_after (years).
    largest : DataFrame
        Largest differences of values that both have: indicator, region, year, before, after, and
        size (difference by the spread of that year, in interquartile ranges of the older version).
    """

    gone: tuple[str, ...]
    new: tuple[str, ...]
    regions: tuple[str, ...]
    indicators: pd.DataFrame
    largest: pd.DataFrame

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.gone or self.new or self.regions or len(self.indicators))


def compare(before: Dataset, after: Dataset, *, largest: int = 10) -> Changes:
    """Compare two datasets value by value; `largest` differences are listed."""
    older, newer = _known(before), _known(after)
    both = older.merge(newer, on=_KEYS, how="outer", suffixes=("_before", "_after"))
    both["added"] = both["value_before"].isna()
    both["removed"] = both["value_after"].isna()
    differs = both["value_before"] != both["value_after"]
    both["changed"] = differs & ~both["added"] & ~both["removed"]
    counts = both.groupby("indicator")[["added", "removed", "changed"]].sum()
    counts["newest_before"] = older.groupby("indicator")["year"].max().reindex(counts.index)
    counts["newest_after"] = newer.groupby("indicator")["year"].max().reindex(counts.index)
    had, has = (set(one.catalogue.indicator_by_id) for one in (before, after))
    return Changes(
        gone=tuple(sorted(had - has)), new=tuple(sorted(has - had)),
        regions=tuple(sorted(set(before.regions.index) ^ set(after.regions.index))),
        indicators=counts[counts[["added", "removed", "changed"]].any(axis="columns")],
        largest=_largest(both, older, largest),
    )  # fmt: skip


def _known(dataset: Dataset) -> pd.DataFrame:
    rows = dataset.values[dataset.values["value"].notna()]
    return rows[[*_KEYS, "value"]].astype({"indicator": "str"})


def _largest(both: pd.DataFrame, older: pd.DataFrame, count: int) -> pd.DataFrame:
    changed = both[both["changed"]]
    groups = older.groupby(["indicator", "year"])["value"]
    spread = groups.quantile(_QUARTILES[1]) - groups.quantile(_QUARTILES[0])
    within = spread.reindex(pd.MultiIndex.from_frame(changed[["indicator", "year"]])).to_numpy()
    difference = (changed["value_after"] - changed["value_before"]).abs().to_numpy()
    # Where all values were equal any difference is a large one.
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(within > 0, difference / within, np.inf)
    table = changed.assign(size=size).rename(
        columns={"value_before": "before", "value_after": "after"}
    )
    columns = ["indicator", "region", "year", "before", "after", "size"]
    ordered = table.sort_values(["size", *_KEYS], ascending=[False, True, True, True])
    return ordered[columns].head(count).reset_index(drop=True)
