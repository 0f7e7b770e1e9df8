"""Access of people to places as a reader of indicators, for build definitions."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from geo.access.distance import nearest
from geo.access.places import PLACES
from geo.access.summary import summary
from geo.rasters.population import open_grid
from geo.rasters.potential import potential
from layers.errors import SourceError
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from geo.rasters.population import PopulationGrid

__all__ = ["POTENTIAL", "AccessReader", "codes"]

#: Code of the population potential, in persons.
POTENTIAL = "population_potential_mean"
_LIMITS = ("5km", "10km", "20km")


class _Figure(NamedTuple):
    """A column of `summary` for one kind of place, or what is left of it to 100 %."""

    kind: str
    column: str
    rest: bool = False


def _figures() -> dict[str, _Figure]:
    found = {}
    for kind in PLACES:
        for column in ("km_mean", "km_median"):
            found[f"{kind}_{column}"] = _Figure(kind, column)
        for limit in _LIMITS:
            column = f"share_within_{limit}"
            found[f"{kind}_{column}"] = _Figure(kind, column)
            found[f"{kind}_share_over_{limit}"] = _Figure(kind, column, rest=True)
    return found


_FIGURES = _figures()


def codes() -> list[str]:
    """All codes that can be read.

    Distances are in km, shares in % of people within the distance (closed) or farther away.
    """
    return [*_FIGURES, POTENTIAL]


class AccessReader:
    """Reads what is computed on the population grid, in the sense of `layers` readers.

    Each kind of place is measured once, whatever number of codes is asked for.
    """

    def __init__(self, folder: Path | None = None, *, cells: pd.DataFrame | None = None) -> None:
        """Read the grid in `folder`, or the embedded one, when the first code is asked for.

        Parameters
        ----------
        cells : DataFrame, optional
            x, y, people and region of the cells to sum up, such as by municipality; those of the
            grid, by Kreis, if absent.
        """
        self._folder = folder
        self._given = cells
        self._measured: dict[str, pd.DataFrame] = {}

    def __call__(self, raw: Path, code: str, table: str = "") -> pd.DataFrame:  # noqa: ARG002 one edition only
        """Read `code` (see `codes`) for every region; the year is that of the places.

        Raises
        ------
        SourceError
            If there is no such code, or a file is missing or unusable.
        """
        if code == POTENTIAL:
            return _long(self._potential, self._grid.year)
        if code not in _FIGURES:
            msg = f"reader 'access': unknown code '{code}'; possible are {', '.join(codes())}."
            raise SourceError(msg)
        kind, column, rest = _FIGURES[code]
        values = self._of(raw, kind)[column]
        return _long(100 - values if rest else values, PLACES[kind].year)

    @cached_property
    def _grid(self) -> PopulationGrid:
        return open_grid(self._folder)

    @cached_property
    def _cells(self) -> pd.DataFrame:
        return self._grid.cells() if self._given is None else self._given

    @cached_property
    def _potential(self) -> pd.Series:
        column, row = ~self._grid.transform @ (self._cells["x"], self._cells["y"])
        around = potential(self._grid.people)[row.astype("int64"), column.astype("int64")]
        # What `summary` calls km is the unit of whatever it is given.
        return summary(self._cells, around, self._cells["region"])["km_mean"]

    def _of(self, raw: Path, kind: str) -> pd.DataFrame:
        if kind not in self._measured:
            distance = nearest(self._cells, PLACES[kind].read(raw))
            self._measured[kind] = summary(self._cells, distance, self._cells["region"])
        return self._measured[kind]


def _long(values: pd.Series, year: int) -> pd.DataFrame:
    rows = values.rename("value").rename_axis("region").reset_index()
    return long_table(rows["region"], year, rows["value"], "calculated")
