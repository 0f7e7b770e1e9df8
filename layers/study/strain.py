"""Services under strain: how well a region is supplied, beside how many newcomers live there.

Each service has measures of supply and of newcomers (`layers.study.strain_services`). Every measure
gives a region its place among all regions, whatever a recipe selects, weighs or turns round: this
is no score and enters none. The two sides stand beside each other, neither is the other's cause.
How both changed over the years says `layers.study.strain_pace`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from layers.errors import RecipeError
from layers.study.strain_services import services

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from layers.study.strain_services import Service

__all__ = [
    "THIRDS", "Standing", "Third", "agreement", "counts", "measures", "percentiles", "standing",
    "thirds", "usual",
]  # fmt: skip

Third = Literal["low", "middle", "high"]
THIRDS: tuple[Third, ...] = get_args(Third)
#: Outer fence of Tukey (1977): so many interquartile ranges above the upper quartile.
_FENCE = 3.0


@dataclass(frozen=True)
class Standing:
    """Places of all regions in all measures of the services that a dataset can show.

    Attributes
    ----------
    services : tuple of Service
        With the measures of which the dataset has values; none if it has too few.
    values, flags : DataFrame
        Regions x measures, as published; NaN is a gap.
    years : Series
        Year per measure.
    percentiles : DataFrame
        Regions x measures, 0 to 100: the most supply, or the most newcomers, is 100.
    thirds : DataFrame
        The same as "low", "middle" or "high"; missing where the percentile is.
    far : DataFrame
        Whether a region has far more newcomers than is usual: more than three interquartile
        ranges above the upper quartile (Tukey 1977, Exploratory Data Analysis). A reception centre
        or a register kept elsewhere is the likely reason.
    """

    services: tuple[Service, ...]
    values: pd.DataFrame
    flags: pd.DataFrame
    years: pd.Series
    percentiles: pd.DataFrame
    thirds: pd.DataFrame
    far: pd.DataFrame

    def service(self, key: str) -> Service:
        """Return a service by its id.

        Raises
        ------
        RecipeError
            If the dataset cannot show it; names those that it can.
        """
        for one in self.services:
            if one.id == key:
                return one
        known = ", ".join(one.id for one in self.services) or "none, the dataset has no such data"
        raise RecipeError(f"services: '{key}' cannot be shown; there are: {known}.")


def standing(dataset: Dataset, year: int | None = None) -> Standing:
    """Place every region in every measure.

    Parameters
    ----------
    year : int, optional
        Newest values not after that year; of all years if None.
    """
    chosen = dataset.select(year)
    shown = services(str(key) for key, newest in chosen.years.items() if newest)
    keys = list(dict.fromkeys(key for one in shown for key in one.indicators))
    more = {one.indicator: one.more for service in shown for one in service.supply}
    values = chosen.values[keys]
    turned = values.assign(**{key: -values[key] for key, sign in more.items() if sign == "-"})
    far = {key: _far(values[key]) if key not in more else False for key in keys}
    return Standing(
        services=shown, values=values, flags=chosen.flags[keys], years=chosen.years[keys],
        percentiles=percentiles(turned), thirds=thirds(turned),
        far=pd.DataFrame(far, index=values.index),
    )  # fmt: skip


def percentiles(values: pd.DataFrame) -> pd.DataFrame:
    """Share of the other regions with a lower value, in %, equal values counted half.

    ``100 (b + e / 2) / (n - 1)``, as in `layers.study.profile`: b regions have a lower value, e
    others the same, n have any. Missing where the value is, or where no other region has one.
    """
    return 100 * _passed(values) / (values.count() - 1)


def thirds(values: pd.DataFrame) -> pd.DataFrame:
    """Say in which third a value lies: "low" below a percentile of 33⅓, "high" above 66⅔.

    Compared without division, so that a value at a bound is in the middle exactly.
    """
    passed, others = _passed(values), values.count() - 1
    low, high = (3 * passed).lt(others), (3 * passed).gt(2 * others)
    words = pd.DataFrame("middle", values.index, values.columns).mask(low, "low").mask(high, "high")
    return words.where(values.notna() & (others > 0))


def measures(found: Standing, region: str) -> pd.DataFrame:
    """List where one region stands in every measure.

    Returns
    -------
    DataFrame
        One row per service and measure, in order: ``service``, ``side`` ("supply" or
        "newcomers"), ``indicator``, ``year``, ``value`` (in its unit), ``percentile``, ``third``
        ("" for a gap), ``regions`` (with a value), ``flag``, ``far``.

    Raises
    ------
    RecipeError
        If the region is unknown.
    """
    _known(region, found.values.index)
    value, percentile, third, flag, far = (
        frame.loc[region].to_dict()
        for frame in (found.values, found.percentiles, found.thirds, found.flags, found.far)
    )
    known = found.values.count().to_dict()
    rows = [
        {
            "service": one.id, "side": "newcomers" if key in one.newcomers else "supply",
            "indicator": key, "year": int(found.years[key]), "value": value[key],
            "percentile": percentile[key], "third": _word(third[key]), "regions": int(known[key]),
            "flag": flag[key], "far": bool(far[key]),
        }
        for one in found.services for key in one.indicators
    ]  # fmt: skip
    columns = ["service", "side", "indicator", "year", "value", "percentile", "third", "regions",
               "flag", "far"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def agreement(found: Standing, region: str, service: str, arrived: str) -> tuple[int, int]:
    """Count how many pairs of measures place a region in the same two thirds.

    Parameters
    ----------
    arrived : str
        Measure of newcomers; it and the first measure of supply are the pair that others are
        held against.

    Returns
    -------
    (int, int)
        Pairs of a measure of supply and one of newcomers that agree with it, itself included, and
        all pairs that the region has values of; (0, 0) if it lacks one of the first pair.
    """
    _known(region, found.values.index)
    one = found.service(service)
    own = {key: _word(found.thirds.loc[region, key]) for key in one.indicators}
    pair = (own[one.supply[0].indicator], own[arrived])
    if "" in pair:
        return 0, 0
    supply = [own[measure.indicator] for measure in one.supply]
    pairs = [(a, b) for a in supply if a for b in map(own.__getitem__, one.newcomers) if b]
    return sum(other == pair for other in pairs), len(pairs)


def usual(found: Standing, region: str, service: Service) -> str:
    """Return the first measure of newcomers that a region has a value of; the first if none."""
    own = found.values.loc[region]
    return next((key for key in service.newcomers if pd.notna(own[key])), service.newcomers[0])


def counts(found: Standing, supply: str, arrived: str) -> dict[tuple[Third, Third], int]:
    """Count the regions in each pair of thirds, of supply first, of newcomers second."""
    rows, columns = found.thirds[supply], found.thirds[arrived]
    return {
        (row, column): int(((rows == row) & (columns == column)).sum())
        for row in THIRDS
        for column in THIRDS
    }


def _far(values: pd.Series) -> pd.Series:
    low, high = values.quantile([0.25, 0.75])
    return values > high + _FENCE * (high - low)


def _passed(values: pd.DataFrame) -> pd.DataFrame:
    """Regions with a lower value, and half of the others with the same."""
    return values.rank(method="average") - 1


def _word(third: object) -> Third | Literal[""]:
    return next((one for one in THIRDS if one == third), "")


def _known(region: str, index: pd.Index) -> None:
    if region not in index:
        msg = f"services: unknown region '{region}'; keys look like '{index[0]}'."
        raise RecipeError(msg)
