"""One indicator read as a careful person reads a map: ends, spread, contrasts, course of years.

All functions take one value per region, NaN for a gap, and look only at what is there. Quantiles
are interpolated linearly between the values next to them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.errors import DatasetError

if TYPE_CHECKING:
    from layers.dataset import Dataset

__all__ = [
    "Contrast", "Spread", "contrast", "course", "ends", "histogram", "over_years", "place",
    "spread",
]  # fmt: skip

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
_QUARTILES = {"quarter": 0.25, "median": 0.5, "three_quarters": 0.75}
#: More bars than this are no picture of a distribution; long tails would ask for hundreds.
_MOST_BARS = 40
#: A bar narrower than this share of the largest value would divide what only rounding divides.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Spread:
    """How far values lie apart, in their own unit.

    Attributes
    ----------
    regions, missing : int
        Regions with and without a value.
    lowest, tenth, quarter, median, three_quarters, ninetieth, highest : float
        Quantiles 0, 0.1, 0.25, 0.5, 0.75, 0.9 and 1; NaN if no region has a value.
    """

    regions: int
    missing: int
    lowest: float
    tenth: float
    quarter: float
    median: float
    three_quarters: float
    ninetieth: float
    highest: float

    @property
    def iqr(self) -> float:
        """Interquartile range: the width of the middle half."""
        return self.three_quarters - self.quarter

    @property
    def ratio(self) -> float:
        """``ninetieth / tenth``; NaN unless all values are above 0, as only then it means much."""
        return self.ninetieth / self.tenth if self.lowest > 0 else float("nan")


@dataclass(frozen=True)
class Contrast:
    """How far groups of regions differ.

    Attributes
    ----------
    table : DataFrame
        By group, the highest median first: ``regions``, ``quarter``, ``median``,
        ``three_quarters``.
    explained : float
        Eta squared: share of the variance that lies between the groups, ``sum_g n_g (m_g - m)^2 /
        sum_i (x_i - m)^2`` with group means m_g and overall mean m, 0 to 1; NaN without variance.
    by_chance : float
        What as many groups drawn at random would explain on average: ``(g - 1) / (n - 1)``.
    """

    table: pd.DataFrame
    explained: float
    by_chance: float


def spread(values: pd.Series) -> Spread:
    """Quantiles of the values."""
    known = values.dropna().astype("float64")
    shares = (0, 0.1, 0.25, 0.5, 0.75, 0.9, 1)
    return Spread(len(known), int(values.isna().sum()), *map(float, known.quantile(shares)))


def ends(values: pd.Series, *, highest: bool, count: int = 3) -> pd.Series:
    """Return the regions at one end, the outermost first.

    Parameters
    ----------
    count : int
        So many regions; all that share the outermost value if those are more.
    """
    known = values.dropna().astype("float64")
    if known.empty:
        return known
    outermost = known[known == (known.max() if highest else known.min())]
    if len(outermost) > count:
        return outermost
    return known.nlargest(count) if highest else known.nsmallest(count)


def place(values: pd.Series, region: str) -> int | None:
    """Place of a region counted from the highest value, equal values alike; None for a gap."""
    own = values[region]
    return None if pd.isna(own) else 1 + int((values > own).sum())


def contrast(values: pd.Series, groups: pd.Series) -> Contrast:
    """Compare groups of regions.

    Eta squared is the correlation ratio of Pearson (1905); see Richardson (2011,
    doi:10.1016/j.edurev.2010.12.001). Regions without a group are left out.

    Parameters
    ----------
    groups : Series
        Group of each region, indexed as `values`.
    """
    table = pd.DataFrame({"value": values.astype("float64"), "group": groups}).dropna()
    by_group = table.groupby("group", observed=True)["value"]
    quartiles = {name: by_group.quantile(share) for name, share in _QUARTILES.items()}
    summary = pd.DataFrame({"regions": by_group.size(), **quartiles})
    centre = table["value"].mean()
    total = float(((table["value"] - centre) ** 2).sum())
    between = float((by_group.size() * (by_group.mean() - centre) ** 2).sum())
    # Of equal values the mean may be another by rounding, and the variance more than 0.
    differ = table["value"].max() > table["value"].min()
    nothing = float("nan")
    return Contrast(
        table=summary.sort_values("median", ascending=False, kind="stable"),
        explained=between / total if differ else nothing,
        by_chance=(len(summary) - 1) / (len(table) - 1) if len(table) > 1 else nothing,
    )


def over_years(dataset: Dataset, indicator: str, *, min_share: float = 0.66) -> pd.DataFrame:
    """Median and quartiles of all regions in every year of the data.

    Parameters
    ----------
    min_share : float
        Share of the regions that must have a value; a year with fewer is given without quartiles,
        since other regions would make another median.

    Returns
    -------
    DataFrame
        By year: ``regions`` (with a value), ``quarter``, ``median``, ``three_quarters``, and
        ``source``: its key.

    Raises
    ------
    DatasetError
        If the indicator is unknown.
    """
    rows = _rows(dataset, indicator)
    by_year = rows.groupby("year")["value"]
    table = pd.DataFrame({"regions": by_year.size()})
    enough = table["regions"] / len(dataset.regions) >= min_share
    for name, share in _QUARTILES.items():
        table[name] = by_year.quantile(share).where(enough)
    usual = dataset.catalogue.indicator_by_id[indicator].source
    named = rows.groupby("year")["source"].first().astype("str")
    return table.assign(source=named.mask(named == "", usual))


def course(dataset: Dataset, indicator: str, region: str) -> pd.Series:
    """Values of one region by year."""
    rows = _rows(dataset, indicator)
    return rows[rows["region"] == region].set_index("year")["value"].sort_index()


def histogram(values: pd.Series) -> pd.DataFrame:
    """Count the regions in intervals of equal width.

    The width follows Freedman & Diaconis (1981, doi:10.1007/BF01025868), with at most 40 intervals.

    Returns
    -------
    DataFrame
        ``low``, ``high``, ``regions``. An interval holds its lower bound but not its upper one; the
        last holds both.
    """
    known = values.dropna().to_numpy(dtype="float64")
    if not len(known):
        return pd.DataFrame({"low": [], "high": [], "regions": []})
    counts, edges = np.histogram(known, _bars(known))
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "regions": counts})


def _bars(known: Array) -> int:
    """Count intervals by Freedman and Diaconis: width 2 IQR / n^(1/3), at most 40."""
    low, high = np.quantile(known, [0.25, 0.75])
    width, span = 2 * (high - low) / np.cbrt(len(known)), np.ptp(known)
    if width <= _ROUNDING * np.abs(known).max():
        return 1
    return _MOST_BARS if width * _MOST_BARS <= span else math.ceil(span / width)


def _rows(dataset: Dataset, indicator: str) -> pd.DataFrame:
    if indicator not in dataset.catalogue.indicator_by_id:
        known = ", ".join(dataset.catalogue.indicator_by_id)
        raise DatasetError(f"unknown indicator '{indicator}'; known: {known}.")
    rows = dataset.values[dataset.values["indicator"] == indicator]
    return rows[rows["value"].notna()]
