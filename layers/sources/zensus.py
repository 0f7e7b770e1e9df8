r"""Census 2022: net cold rent per municipality, added up to Kreise.

The mean rent of a Kreis is the mean of its municipalities, weighted by rented dwellings:

.. math:: \bar r_K = \frac{\sum_{g \in K} w_g r_g}{\sum_{g \in K} w_g}, \qquad
          w_g = D_g (1 - v_g) (1 - o_g)

with dwellings :math:`D`, vacancy rate :math:`v`, share of owner-occupied dwellings :math:`o` (both
as shares of one) and net cold rent :math:`r` in euros per m². It is close to, and not the same as,
the mean over dwellings that the census itself would give, since the mean is not weighted by floor
area and vacancy and ownership refer to slightly different sets of dwellings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.errors import SourceError
from layers.sources.longtable import long_table, numbers, read_csv

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FILE = "indicators/gerda_census2022/gerda_census2022_gemeinden.csv"
YEAR = 2022
#: Share of a Kreis's weight that must have a rent; below it the Kreis stays a gap.
MIN_COVERAGE = 0.9
_DWELLINGS = "total_dwellings_census22"
_VACANCY = "vacancy_rate_census22"
_OWNERS = "share_owner_occupied_census22"
_RENT = "avg_rent_per_m2_census22"


def read(raw: Path, code: str, table: str = "") -> pd.DataFrame:  # noqa: ARG001 one edition only
    """Read ``rented_dwellings`` (with known rent) or ``rent_times_dwellings`` (€ per m²) by Kreis.

    Their ratio is the mean rent. A municipality without rent, vacancy or ownership is left out of
    both; a missing vacancy or ownership also leaves its weight unknown, so that it cannot count
    against the coverage. An ownership above 100 % (rounded cells) counts as no rented dwelling.

    Raises
    ------
    SourceError
        If the file or a column is missing, or `code` is neither of the two.
    """
    return by_kreis(weigh(raw / FILE), code, raw / FILE)


def by_kreis(municipalities: pd.DataFrame, code: str, path: Path) -> pd.DataFrame:
    """Add municipalities up to Kreise.

    Parameters
    ----------
    municipalities : DataFrame
        ags, weight (rented dwellings) and rent (€ per m²), in the order of their keys; NaN where
        unknown.
    path : Path
        File that they come from, for the message.

    Raises
    ------
    SourceError
        If `code` is neither of the two that `read` knows.
    """
    weight, rent = municipalities["weight"], municipalities["rent"]
    kreis = municipalities["ags"].str[:5]
    known = weight.where(rent.notna()).groupby(kreis).sum()
    covered = known / weight.groupby(kreis).sum() >= MIN_COVERAGE
    sums = {
        "rented_dwellings": known,
        "rent_times_dwellings": (weight * rent).groupby(kreis).sum(),
    }
    if code not in sums:
        msg = f"{path}: '{code}' cannot be read; possible are {', '.join(sums)}."
        raise SourceError(msg)
    values = sums[code][covered]
    return long_table(values.index.to_series(), YEAR, values)


def rented(dwellings: pd.Series, vacancy: pd.Series, owners: pd.Series) -> pd.Series:
    """Rented dwellings: all of them, less the vacant and the owner-occupied (both in %)."""
    return dwellings * (1 - vacancy / 100) * (1 - owners / 100).clip(lower=0)


def weigh(path: Path) -> pd.DataFrame:
    """Read the municipalities: ags, weight (rented dwellings, NaN if unknown), rent (€ per m²)."""
    rows = read_csv(path, ("ags", _DWELLINGS, _VACANCY, _OWNERS, _RENT))
    weight = rented(*(numbers(rows, column, path) for column in (_DWELLINGS, _VACANCY, _OWNERS)))
    return rows[["ags"]].assign(weight=weight, rent=numbers(rows, _RENT, path))
