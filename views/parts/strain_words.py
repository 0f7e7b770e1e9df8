"""What a profile says about services and newcomers, for its page and for the printed report."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.study.strain import agreement, measures, standing, usual
from layers.study.strain_services import newcomers
from layers.table import names

if TYPE_CHECKING:
    from layers.catalogue import Indicator
    from layers.dataset import Dataset
    from layers.score import Scores
    from layers.study.strain import Standing
    from layers.study.strain_services import Service
    from views.i18n import Words

__all__ = [
    "Look", "Place", "as_of", "confirmed", "look", "measure_value", "pace_words", "place", "places",
    "replaced",
]  # fmt: skip

#: Year in which many people arrived whom older numbers do not hold.
_UKRAINE = 2022
#: Way of a side, or what became of both -> its words.
_ARRIVED = {1: "arrived_more", 0: "arrived_level", -1: "arrived_fewer"}
_VERDICTS = {"kept": "verdict_kept", "fell_behind": "verdict_fell_behind"}
_SUPPLY = {1: "way_better", 0: "way_level", -1: "way_worse"}


@dataclass(frozen=True)
class Look:
    """One region among all others, in one language.

    Attributes
    ----------
    dataset : Dataset
        Without any lens, under which measures might be missing.
    found : Standing
        At the year of the recipe.
    year : int, optional
        That year; None for the newest.
    """

    region: str
    names: pd.Series
    dataset: Dataset
    found: Standing
    year: int | None
    words: Words

    @property
    def name(self) -> str:
        """Name of the region."""
        return str(self.names[self.region])

    @cached_property
    def measured(self) -> dict[str, dict[Any, dict[Any, Any]]]:
        """Rows of `layers.study.strain.measures` by service, then by indicator."""
        table = measures(self.found, self.region)
        return {
            str(service): rows.set_index("indicator", drop=False).to_dict("index")
            for service, rows in table.groupby("service", sort=False)
        }

    def called(self, indicator: str) -> str:
        """Name of an indicator."""
        return self.words.of(self.dataset.catalogue.indicator_by_id[indicator].name)

    def written(self, row: dict[str, Any]) -> str:
        """Value of a row of `layers.study.strain.measures` with its unit."""
        one = self.dataset.catalogue.indicator_by_id[row["indicator"]]
        return measure_value(one, float(row["value"]), self.words)


@dataclass(frozen=True)
class Place:
    """Where a region stands with one service by one measure of either side.

    Attributes
    ----------
    told : str
        Both thirds in words, or which value is missing.
    supply, newcomers : dict
        Rows of `layers.study.strain.measures`.
    """

    service: Service
    told: str
    supply: dict[str, Any]
    newcomers: dict[str, Any]

    @property
    def is_known(self) -> bool:
        """Whether there is a value on both sides."""
        return bool(self.supply["third"] and self.newcomers["third"])


def look(region: str, scores: Scores, words: Words, found: Standing | None = None) -> Look:
    """Place a region by the dataset behind scores, at their recipe's year.

    Parameters
    ----------
    found : Standing, optional
        Of that dataset and year, if it is known already.
    """
    dataset, year = scores.dataset.plain, scores.recipe.year_limit
    found = standing(dataset, year) if found is None else found
    return Look(region, names(scores), dataset, found, year, words)


def places(seen: Look) -> list[Place]:
    """Place of a region in every service, by the first measures that it has values of."""
    found = seen.found
    return [place(seen, one, usual(found, seen.region, one)) for one in found.services]


def as_of(seen: Look) -> str:
    """Say from which years the measures of the words are."""
    words, shown = seen.words, places(seen)
    years = {
        "supply": [one.supply["year"] for one in shown],
        "newcomers": [one.newcomers["year"] for one in shown],
    }
    told = words("strain.as_of", **{side: _span(found) for side, found in years.items()})
    if max(years["newcomers"]) < _UKRAINE:
        told += f" {words('strain.before_ukraine')}"
    return told


def _span(years: list[int]) -> str:
    first, last = min(years), max(years)
    return str(last) if first == last else f"{first}–{last}"


def replaced(seen: Look) -> str:
    """Say which usual measures of newcomers the region has no value of; "" if none."""
    found, words = seen.found, seen.words
    first = dict.fromkeys(one.newcomers[0] for one in found.services)
    own = found.values.loc[seen.region]
    missing = [key for key in first if pd.isna(own[key])]
    return " ".join(
        words("strain.replaced", name=seen.called(key), year=int(found.years[key]))
        for key in missing
    )


def place(seen: Look, service: Service, arrived: str) -> Place:
    """Place of a region in one service by a chosen measure of newcomers."""
    rows = seen.measured[service.id]
    supply, others = rows[service.supply[0].indicator], rows[arrived]
    return Place(service, _told(seen, service, supply, others), supply, others)


def _told(seen: Look, service: Service, supply: dict[str, Any], others: dict[str, Any]) -> str:
    words = seen.words
    for row in (others, supply):
        if not row["third"]:
            name = seen.called(row["indicator"])
            return words("strain.no_value", name=name, year=row["year"])
    arrived = newcomers(others["indicator"])
    return words(
        "strain.both", newcomers=words.of(getattr(arrived, others["third"])),
        supply=words.of(getattr(service, supply["third"])),
    )  # fmt: skip


def confirmed(seen: Look, one: Place, text: str = "pairs") -> str:
    """Say how many pairs of measures give the same place, in the words of `text`."""
    arrived, words = one.newcomers["indicator"], seen.words
    same, pairs = agreement(seen.found, seen.region, one.service.id, arrived)
    return words(f"strain.{text}", same=same, pairs=pairs) if pairs else words.number(None)


def measure_value(one: Indicator, value: float, words: Words) -> str:
    """Write a value with its unit; a gap stays a gap."""
    if math.isnan(value):
        return words.number(None)
    if words.of(one.unit) == "%":
        return words.percent(value / 100, one.decimals)
    return f"{words.number(value, one.decimals)} {words.of(one.unit)}"


def pace_words(row: dict[str, Any], words: Words) -> str:
    """Say a row of `layers.study.strain_pace.pace` in words."""
    said = {
        "arrived": words(f"strain.{_ARRIVED[int(row['newcomers_way'])]}"),
        "supply": words(f"strain.{_SUPPLY[int(row['supply_way'])]}"),
    }
    if row["pace"] == "no_rise":
        return words("strain.pace_plain", **said)
    return words("strain.pace_verdict", verdict=words(f"strain.{_VERDICTS[row['pace']]}"), **said)
