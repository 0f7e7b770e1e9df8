r"""Moving values across Kreis reforms onto one Gebietsstand, by table and never by name.

A key that the target Gebietsstand does not know betrays an older (or newer) one. Publishers
recalculate their series for the borders they know, so such a series is read as having the *latest*
Gebietsstand in which that key exists; where that does not go together for all keys of a year, the
latest in which they all exist. From there a group is followed as far as its parts were
exchanged: all old Kreise :math:`o` that gave land or people to the new Kreise :math:`n`, with the
share :math:`s_{on}` of the old Kreis.

.. math::

   \text{counts} \quad x_n = \sum_o s_{on}\, x_o
   \qquad\qquad
   \text{rates} \quad x_n = \frac{\sum_o w_o s_{on}\, x_o}{\sum_o w_o s_{on}}

:math:`w_o` is the population (persons), the area (km²) or the employees (persons at their place of
work, from 1997 on) of the old Kreis in the year of the value; where that is not known for the whole
group, in the latest year before; else in the earliest after. A share of a total (per cent) is a
rate, weighted by what its denominator is nearest to. A rate that is not weighted by its own
denominator is thereby an approximation, and a median cannot be moved at all: with
``reweight="none"`` only Kreise that were not cut and not joined keep a value.
A group with a missing member yields no value. Every moved value carries the flag ``reform``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from layers.errors import SourceError
from layers.sources import umsteigeschluessel
from layers.sources.longtable import long_table, numbers, read_csv, union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

#: "events" are counts whose absence means zero.
Kind = Literal["rate", "count", "events"]
#: What weighs the parts of a group.
Reweight = Literal["population", "area", "employees", "none"]

_SIZE = list(umsteigeschluessel.MEASURES)
_SHARE = [f"{measure}_share" for measure in _SIZE]
_LINK = ["status", "old", "new", *_SHARE]


@dataclass(frozen=True)
class Crosswalk:
    """How Kreise of each Gebietsstand map onto the target.

    Attributes
    ----------
    links : DataFrame
        status (year of the old borders), old, new, area_share, population_share and, from 1997
        on, employees_share (0 to 1).
    sizes : DataFrame
        area (km²), population and employees (persons), indexed by year and key.
    """

    links: pd.DataFrame
    sizes: pd.DataFrame

    @classmethod
    def load(cls, raw: Path, reforms: Path) -> Crosswalk:
        """Join the BBSR Umsteigeschlüssel in `raw` with the table of later reforms.

        Raises
        ------
        SourceError
            If a file or a column is missing.
        """
        parts = umsteigeschluessel.parts(raw)
        recent = cls.recent(reforms)
        links = pd.concat([parts[_LINK], recent.links], ignore_index=True)
        known = umsteigeschluessel.sizes(parts).rename_axis(recent.sizes.index.names)
        return cls(links, pd.concat([known, recent.sizes]).sort_index())

    @classmethod
    def recent(cls, reforms: Path) -> Crosswalk:
        """Read the reforms that are younger than the BBSR Umsteigeschlüssel.

        The columns of `reforms` are those of `links`, and area and population of the old Kreis at
        the end of ``size_year`` (sums of municipalities in the official directory). Employees are
        not in that directory: a Kreis that stayed whole brings all of its own, however many.

        Raises
        ------
        SourceError
            If the file or a column is missing.
        """
        later = read_csv(reforms, ["status", "old", "new"])
        for column in ("status", "size_year", *_SHARE[:2], *_SIZE[:2]):
            later[column] = numbers(later, column, reforms)
        whole = (later["area_share"] == 1) & (later["population_share"] == 1)
        later["employees_share"] = later["area_share"].where(whole)
        later["employees"] = np.nan
        sizes = later.astype({"size_year": "int32"}).set_index(["size_year", "old"])[_SIZE]
        links = later[_LINK].astype({"status": "int32"})
        return cls(links, sizes.rename_axis(["year", "region"]))


@dataclass(frozen=True)
class Group:
    """Kreise that one reform binds together.

    Attributes
    ----------
    links : DataFrame
        old, new, area_share, population_share of the group.
    """

    links: pd.DataFrame

    @property
    def old(self) -> set[str]:
        """Keys before the reform."""
        return set(self.links["old"])

    @property
    def new(self) -> set[str]:
        """Keys of the target."""
        return set(self.links["new"])


def groups(keys: Iterable[str], target: AbstractSet[str], crosswalk: Crosswalk) -> list[Group]:
    """Find the reform groups of all `keys` that `target` does not know.

    Each key is read in the latest Gebietsstand that knows it. Where groups found so overlap, as
    after several reforms in a row, all keys are read in the latest one that knows them all.

    Raises
    ------
    SourceError
        If a key is in no table, or if keys of different Gebietsstände overlap.
    """
    given = set(keys)
    try:
        return _groups(given, target, crosswalk.links)
    except _OverlapError as overlap:
        status = _common(given, crosswalk.links)
        if status is None:
            raise SourceError(str(overlap)) from None
        links = crosswalk.links
        return _groups(given, target, links[links["status"] == status])


class _OverlapError(SourceError):
    """Keys were read in Gebietsstände that do not go together."""


def _groups(given: set[str], target: AbstractSet[str], links: pd.DataFrame) -> list[Group]:
    found = list[Group]()
    for key in sorted(given - target):
        if any(key in group.old for group in found):
            continue
        group = _close(key, links)
        taken = {new for other in found for new in other.new}
        clash = (group.new & taken) | (given & (group.new - group.old))
        if clash:
            msg = (
                f"region key {key} belongs to another Gebietsstand than the rows that concern "
                f"{', '.join(sorted(clash))}; an indicator's year must come from one only."
            )
            raise _OverlapError(msg)
        found.append(group)
    return found


def _common(given: set[str], links: pd.DataFrame) -> int | None:
    """Return the latest Gebietsstand that knows all keys; None if there is none."""
    known = links[links["old"].isin(list(given))].groupby("status")["old"].nunique()
    complete = known.index[known == len(given)]
    return int(complete.max()) if len(complete) else None


def mover(
    crosswalk: Crosswalk, target: AbstractSet[str]
) -> Callable[..., tuple[pd.DataFrame, list[str]]]:
    """Return `move` onto `target`, as a build calls it for one series after the other."""

    def onto_target(
        table: pd.DataFrame, kind: Kind, reweight: Reweight
    ) -> tuple[pd.DataFrame, list[str]]:
        return move(table, crosswalk, target, kind=kind, reweight=reweight)

    return onto_target


def move(
    table: pd.DataFrame,
    crosswalk: Crosswalk,
    target: AbstractSet[str],
    *,
    kind: Kind,
    reweight: Reweight,
) -> tuple[pd.DataFrame, list[str]]:
    """Move one indicator's long table onto `target`, see the module's text for the formulas.

    Parameters
    ----------
    table : DataFrame
        region, year, value, flag; one row per region and year.
    target : set of str
        Keys of the target Gebietsstand.

    Returns
    -------
    (DataFrame, list of str)
        The moved table, and one note per gap that the reform left, as ``key year: reason``.
    """
    if kind == "events":
        return _move_events(table, crosswalk, target), []
    pieces, notes = list[pd.DataFrame](), list[str]()
    for year, rows in table.groupby("year"):
        bound = groups(rows["region"], target, crosswalk)
        touched = {key for group in bound for key in group.old | group.new}
        pieces.append(rows[~rows["region"].isin(touched)])
        for group in bound:
            weights = _weights(group, crosswalk, int(str(year)), kind, reweight)
            moved, gaps = _combine(rows.set_index("region"), weights, kind)
            pieces.append(moved.assign(year=year))
            notes += [f"{key} {year}: {reason}" for key, reason in gaps.items()]
    joined = pd.concat(pieces, ignore_index=True) if pieces else table
    return long_table(joined["region"], joined["year"], joined["value"], joined["flag"]), notes


def merge_codes(codes: pd.Series, crosswalk: Crosswalk, target: AbstractSet[str]) -> pd.Series:
    """Move classes (such as a type of Kreis) onto `target`: kept only where all parts agree.

    Parameters
    ----------
    codes : Series
        Class by old key.

    Returns
    -------
    Series
        Class by target key; a merged Kreis whose parts differ is left out.
    """
    merged = codes[codes.index.isin(list(target))]
    for group in groups(codes.index, target, crosswalk):
        merged = merged.drop(labels=list(group.new), errors="ignore")
        for new, links in group.links.groupby("new"):
            parts = codes.reindex(links["old"])
            if (parts == parts.iloc[0]).all():  # False where a part is missing
                merged = pd.concat([merged, pd.Series({new: parts.iloc[0]})])
    return merged.sort_index()


def _close(key: str, links: pd.DataFrame) -> Group:
    """Follow the exchange of parts from `key`, in the latest Gebietsstand that knows it."""
    known = links[links["old"] == key]
    if known.empty:
        msg = (
            f"region key {key} is neither in the target Gebietsstand nor in the crosswalk; give "
            "the BBSR Umsteigeschlüssel as well, or add the reform to reforms.csv."
        )
        raise SourceError(msg)
    same = links[links["status"] == known["status"].max()]
    old, new = {key}, set[str]()
    while True:
        reached = set(same.loc[same["old"].isin(old), "new"])
        givers = set(same.loc[same["new"].isin(reached), "old"])
        if reached == new and givers == old:
            return Group(same[same["old"].isin(old)].drop(columns="status"))
        old, new = givers, reached


def _move_events(
    table: pd.DataFrame, crosswalk: Crosswalk, target: AbstractSet[str]
) -> pd.DataFrame:
    """Move each key by its own latest link, since events carry keys of mixed Gebietsstände."""
    links = crosswalk.links
    latest = links["status"] == links.groupby("old")["status"].transform("max")
    lost = table[~table["region"].isin(list(target))].merge(
        links[latest], left_on="region", right_on="old", how="left"
    )
    if lost["new"].isna().any():
        _close(str(lost.loc[lost["new"].isna(), "region"].iloc[0]), links)
    lost = lost.assign(
        region=lost["new"], value=lost["value"] * lost["population_share"], flag="reform"
    )
    kept = table[table["region"].isin(list(target))]
    years = table["year"].unique()
    every = pd.MultiIndex.from_product([sorted(target), years], names=["region", "year"])
    nothing = every.to_frame(index=False).assign(value=0.0, flag="")
    parts = pd.concat([kept, lost[["region", "year", "value", "flag"]], nothing])
    added = parts.groupby(["region", "year"], as_index=False).agg({"value": "sum", "flag": union})
    return long_table(added["region"], added["year"], added["value"], added["flag"])


def _weights(
    group: Group, crosswalk: Crosswalk, year: int, kind: Kind, reweight: Reweight
) -> pd.DataFrame:
    """Weigh each link: by share (counts) or size times share (rates); NaN where impossible."""
    links = group.links
    whole = (links["population_share"] == 1) & (links["area_share"] == 1)
    sole = whole & ~links.duplicated("new", keep=False)
    if reweight == "none":
        weight = pd.Series(1.0, index=links.index).where(whole & (kind == "count"))
    else:
        weight = links[f"{reweight}_share"]
        if kind == "rate":
            weight = weight * links["old"].map(_sizes(group, crosswalk, year, reweight))
    same = sole & (links["old"] == links["new"])
    return links[["old", "new"]].assign(weight=weight.mask(sole, 1.0), same=same)


def _sizes(group: Group, crosswalk: Crosswalk, year: int, measure: Reweight) -> pd.Series:
    """Sizes of the old Kreise in the nearest year that knows them all: before, else after."""
    known = crosswalk.sizes[measure].dropna()
    members = known[known.index.get_level_values("region").isin(list(group.old))]
    count = members.groupby("year").size()
    complete = [int(one) for one in count.index[count == len(group.old)]]
    if not complete:
        return pd.Series(float("nan"), index=sorted(group.old))
    before = [one for one in complete if one <= year]
    return members.xs(max(before) if before else min(complete), level="year")


def _combine(
    rows: pd.DataFrame, weights: pd.DataFrame, kind: Kind
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Join the parts of each new Kreis; returns its rows and a reason per gap."""
    moved, gaps = list[dict[str, object]](), dict[str, str]()
    for key, links in weights.groupby("new"):
        new = str(key)
        missing = sorted(set(links["old"]) - set(rows.index))
        if missing:
            gaps[new] = f"no value for its part {', '.join(missing)}"
            continue
        parts = rows.loc[links["old"]]
        flag = union([*parts["flag"], "" if links["same"].all() else "reform"])
        value = _value(parts["value"].to_numpy(), links["weight"].to_numpy(), kind)
        if np.isfinite(value) or "withheld" in flag:
            moved.append({"region": new, "value": value, "flag": flag})
        else:
            gaps[new] = "its parts cannot be joined (a median, or parts of unknown size)"
    return pd.DataFrame(moved, columns=["region", "value", "flag"]), gaps


def _value(parts: FloatArray, weights: FloatArray, kind: Kind) -> float:
    total = float((parts * weights).sum())
    return total if kind == "count" else total / float(weights.sum())
