"""Tables of people shared out: by region, by step, by Land, and how far distributions lie apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.study.apportion import apportion, dissimilarity
from layers.study.distribution_claims import inhabitants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.score import Scores
    from layers.study.apportion import Whole
    from layers.study.present import Present

__all__ = [
    "NEARLY_ALL", "UNBOUNDED", "Shared", "distances", "ends_of", "land_table", "region_table",
    "step_table",
]  # fmt: skip

#: Share of the weightings from which a region gets more, or fewer, "under nearly all".
NEARLY_ALL = 0.95
#: No number of people can come near: stands for a bound that there is not.
UNBOUNDED = 2**40
_LOW, _HIGH = 0.05, 0.95
_PER = 1_000


@dataclass(frozen=True)
class Shared:
    """People shared out; arrays are in the order of `keys`.

    Attributes
    ----------
    keys : Index
        Regions that take part, in the order in which equal remainders are served.
    claimed, high : arrays of whole numbers, shape (n,)
        Claims and bounds.
    so_far : list of arrays, shape (n,)
        People after each step.
    now : Present, optional
        People there already.
    drawn : array, shape (draws, n)
        People after the last step under many weightings; no rows if there are none.
    ends : tuple of (array, array)
        After each step the ends of the range over these weightings; empty if there are none.
    """

    scores: Scores
    keys: pd.Index
    claimed: Whole
    high: Whole
    so_far: list[Whole]
    now: Present | None
    drawn: Whole = field(default_factory=lambda: np.empty((0, 0), dtype=np.int32))
    ends: tuple[tuple[Whole, Whole], ...] = ()

    @property
    def inside(self) -> pd.Index:
        """The same regions in the order of the dataset."""
        every = self.scores.dataset.regions.index
        return every[every.isin(self.keys)]


def region_table(shared: Shared) -> pd.DataFrame:
    """One row per region; see `layers.study.distribution.Distribution.regions`."""
    keys, persons, high = shared.keys, shared.so_far[-1], shared.high
    people, total = inhabitants(shared.scores).reindex(keys), int(persons.sum())
    per = people.where(people > 0) / _PER
    now = shared.now.people.reindex(keys) if shared.now else pd.Series(np.nan, index=keys)
    table = pd.DataFrame({"population": people.astype("Int64")})
    table["share"] = (shared.claimed / shared.claimed.sum()).astype(np.float64)
    table["persons"] = persons.astype(np.int64)
    table["persons_p05"], table["persons_p95"] = _ends(shared.ends[-1:], keys)
    table["per_1000"] = table["persons"] / per
    table["bound"] = pd.Series(high, index=keys).where(high < UNBOUNDED).astype("Int64")
    table["at_bound"] = (high < UNBOUNDED) & (persons >= high)
    table["by_population"] = _proportional(people, total)
    table["difference"] = table["persons"] - table["by_population"]
    table["difference_per_1000"] = table["difference"].astype("float64") / per
    table = table.join(_against(shared, table))
    table["present"] = now
    table["present_scaled"] = _proportional(now, total)
    return table.reindex(shared.inside)


def step_table(shared: Shared) -> pd.DataFrame:
    """One row per region and step; see `layers.study.distribution.Distribution.steps`."""
    parts: list[pd.DataFrame] = []
    before: Whole = np.zeros(len(shared.keys), dtype=object)
    for number, reached in enumerate(shared.so_far):
        part = pd.DataFrame({"step": number + 1}, index=shared.keys)
        part["persons"] = (reached - before).astype(np.int64)
        part["so_far"] = reached.astype(np.int64)
        part["so_far_p05"], part["so_far_p95"] = _ends(shared.ends[number : number + 1], part.index)
        parts.append(part.reindex(shared.inside).rename_axis("region").reset_index())
        before = reached
    return pd.concat(parts, ignore_index=True)


def land_table(shared: Shared, regions: pd.DataFrame) -> pd.DataFrame:
    """Add up by Land; the range of a sum comes from the sums under each weighting."""
    attributes = shared.scores.dataset.regions
    if "land" not in attributes:
        return pd.DataFrame()
    land = attributes["land"].reindex(shared.keys)
    added = ["population", "persons", "by_population", "difference", "present", "present_scaled"]
    found = regions[added].groupby(attributes["land"])
    sums = found.sum(min_count=1).sort_index()
    member = land.to_numpy()[:, None] == sums.index.to_numpy()[None, :]
    added_up = [ends_of(shared.drawn @ member)] if len(shared.drawn) else []
    low, high = _ends(added_up, sums.index)
    per = sums["population"].astype("float64") / _PER
    return pd.DataFrame({
        "regions": found.size(), "population": sums["population"], "persons": sums["persons"],
        "persons_p05": low, "persons_p95": high,
        "per_1000": sums["persons"] / per, **{key: sums[key] for key in added[2:]},
    })  # fmt: skip


def distances(table: pd.DataFrame) -> pd.DataFrame:
    """Index of dissimilarity of rule, population and present distribution, pair by pair."""
    keys = ("persons", "by_population", "present")
    people = {key: table[key].astype("float64").fillna(0).to_numpy() for key in keys}
    rows = [
        (one, other, dissimilarity(people[one], people[other]))
        for place, one in enumerate(keys)
        for other in keys[place + 1 :]
    ]
    return pd.DataFrame(rows, columns=["first", "second", "dissimilarity"])


def ends_of(drawn: Whole) -> tuple[Whole, Whole]:
    """Smallest numbers that at least 5 % and 95 % of the rows do not exceed, column by column."""
    # The small slack keeps 0.05 * 1000 = 50.00000000000001 from asking for a 51st draw.
    low, high = (max(int(np.ceil(part * len(drawn) - 1e-9)), 1) - 1 for part in (_LOW, _HIGH))
    ordered = np.sort(drawn, axis=0)
    return ordered[low], ordered[high]


def _ends(ends: Sequence[tuple[Whole, Whole]], index: pd.Index) -> tuple[pd.Series, pd.Series]:
    """Return the ends of the one range that there is as columns; missing if there is none."""
    if not ends:
        none = pd.Series(pd.NA, index=index, dtype="Int64")
        return none, none
    low, high = (pd.Series(one, index=index, dtype="Int64") for one in ends[0])
    return low, high


def _proportional(base: pd.Series, total: int) -> pd.Series:
    """Share out `total` by `base` alone; all missing if that is empty."""
    claimed = np.array([round(one * _PER) for one in base.fillna(0).tolist()], dtype=object)
    if not claimed.sum():
        return pd.Series(pd.NA, index=base.index, dtype="Int64")
    none = np.zeros(len(claimed), dtype=object)
    found = apportion(total, claimed[None, :], none, none + total)[0]
    return pd.Series(found, index=base.index, dtype="Int64")


def _against(shared: Shared, table: pd.DataFrame) -> pd.DataFrame:
    """Whether a region gets more or fewer persons than by population, and how surely."""
    known = table["by_population"].notna().to_numpy()
    level = table["by_population"].fillna(0).to_numpy(np.int64)
    if len(shared.drawn):
        more = (shared.drawn > level).mean(axis=0)
        fewer = (shared.drawn < level).mean(axis=0)
        agreed = [share >= NEARLY_ALL for share in (more, fewer, 1 - more - fewer)]
        said = np.select(agreed, ["more", "fewer", "same"], "open")
    else:
        more = fewer = np.full(len(table), np.nan)
        side = np.sign(table["persons"].to_numpy() - level)
        said = np.array(["same", "more", "fewer"])[side]
    return pd.DataFrame({
        "more": np.where(known, more, np.nan), "fewer": np.where(known, fewer, np.nan),
        "against_population": np.where(known, said, ""),
    }, index=table.index)  # fmt: skip
