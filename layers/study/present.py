"""Where people who receive asylum benefits live now, to stand beside a distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layers.population import population, series

if TYPE_CHECKING:
    import pandas as pd

    from layers.dataset import Source
    from layers.score import Scores

__all__ = ["PRESENT", "Present", "present"]

#: Indicator of recipients per 1,000 inhabitants.
PRESENT = "asylum_benefit_recipients"
_PER = 1_000


@dataclass(frozen=True)
class Present:
    """People per region, from a rate per 1,000 inhabitants.

    Attributes
    ----------
    people : Series of float
        ``rate / 1000 * inhabitants``, NaN where there is no rate. Not whole: the rate is rounded
        to 0.01, which is 0.005 people per 1,000 inhabitants at most.
    year, population_year : int
        Of the rate, and of the inhabitants it is multiplied by: the same where these are known;
        0 if the data do not say of which year they are.
    source : Source
        Of the rate.
    """

    people: pd.Series
    year: int
    population_year: int
    source: Source

    @property
    def whole(self) -> pd.Series:
        """People rounded to whole ones; 0 where they are not known."""
        return self.people.round().fillna(0).astype(np.int64)


def present(scores: Scores) -> Present | None:
    """Return the newest distribution up to the year of the recipe; None where there is none.

    What a lens leaves out counts here nevertheless.
    """
    dataset, limit = scores.dataset, scores.recipe.year_limit
    rates = series(dataset, PRESENT)
    years = [year for year in map(int, rates.columns) if limit is None or year <= limit]
    if not years:
        return None
    year = max(years)
    inhabitants, counted = population(dataset, year), year
    if inhabitants.isna().all():
        if "population" not in dataset.regions or dataset.regions["population"].isna().all():
            return None
        inhabitants = dataset.regions["population"].astype("float64")
        known = "population_year" in dataset.regions
        counted = int(dataset.regions["population_year"].max()) if known else 0
    source = dataset.plain.source_of(PRESENT, year)
    return Present(rates[year] / _PER * inhabitants, year, counted, source)
