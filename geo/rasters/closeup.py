"""One Kreis or Land close up: its populated cells, their classes, and how many people are far.

A cell is one square kilometre of the population grid. What is asked of it is a *measure*: people, a
distance, or ``both``, which says whether its people live farther than a limit from the next train
stop, from the next Mittelzentrum, from neither or from both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from geo.access.named import open_centres
from geo.access.places import PLACES
from geo.access.rasters import SCALE, attribution, open_access
from geo.access.summary import WITHIN, summary
from geo.rasters.population import open_grid
from layers.errors import SourceError
from layers.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from affine import Affine
    from numpy.typing import NDArray

__all__ = [
    "BOTH", "LIMITS", "MISSING", "PEOPLE", "STOP", "STOP_LISTS", "TOWN", "CellClass", "Closeup",
    "Far", "Measure", "Surface", "measures", "open_surface",
]  # fmt: skip

PEOPLE, BOTH = "people", "both"
#: What stands for train and town.
STOP, TOWN = "train", "medium_centre"
#: A train stop is listed in the timetable of 2026 or as a station in 2022: the timetable lacks
#: lines that were closed for repair, such as Hamburg - Berlin and Nürnberg - Regensburg.
STOP_LISTS = ("gtfs_stop", "station")
#: In km; somebody at the limit is not far.
LIMITS = tuple(int(limit) for limit in WITHIN)
#: Class of a populated cell without a value.
MISSING = -1
_MEASURES = Path(__file__).with_name("closeup.toml")
#: Digits of the key of a Land, with which those of its Kreise begin.
_LAND_DIGITS = 2
_THOUSAND = 1_000


@dataclass(frozen=True)
class Measure:
    """How one measure is shown.

    Attributes
    ----------
    bounds : tuple of float
        Between classes, in km or people; a value at a bound belongs to the lower class. Empty for
        ``both``.
    light, dark : tuple of str
        Colours (``#rrggbb``) from the lowest class to the highest, on light and on dark paper.
    year : int
        Of what is measured to; 0 for that of the people.
    """

    bounds: tuple[float, ...]
    light: tuple[str, ...]
    dark: tuple[str, ...]
    year: int = 0


@cache
def measures() -> dict[str, Measure]:
    """Return all measures by name, in the order in which they are offered."""
    content = read_toml(_MEASURES, SourceError)
    ramps = content["ramps"]
    return {
        name: Measure(
            tuple(one["bounds"]), tuple(ramps[one["ramp"]]["light"]),
            tuple(ramps[one["ramp"]]["dark"]), _year(name),
        )
        for name, one in content["measures"].items()
    }  # fmt: skip


def _year(measure: str) -> int:
    kind = STOP if measure == BOTH else measure
    return PLACES[kind].year if kind in PLACES else 0


class CellClass(NamedTuple):
    """One class: its number or `MISSING`, cells, people, and share of all people (0 to 1)."""

    code: int
    cells: int
    people: float
    share: float


class Far(NamedTuple):
    """People who live far from something.

    Attributes
    ----------
    people : float
        How many.
    share : float
        Of all people of the area (0 to 1).
    """

    people: float
    share: float


@dataclass(frozen=True, eq=False)
class Surface:
    """All populated cells of the country, and the central places.

    Attributes
    ----------
    cells : DataFrame
        One row per cell: row, column (in the grid), people, region (AGS as a number), and the
        distance in km to each kind of place; ``train`` is the nearer of the two `STOP_LISTS`.
    centres : DataFrame
        Of `geo.access.named.open_centres`.
    folder : Path
        Where the grid lies.
    year : int
        Of the people.
    attribution : str
        What all publishers, of people and places, want to be named by.
    """

    cells: pd.DataFrame
    centres: pd.DataFrame
    transform: Affine
    folder: Path
    year: int
    attribution: str

    def areas(self) -> set[str]:
        """Return the keys of all Kreise (five digits) and Länder (two) that have people."""
        kreise = {f"{number:05}" for number in self.cells["region"].unique() if number}
        return kreise | {key[:_LAND_DIGITS] for key in kreise}

    @cached_property
    def country(self) -> Closeup:
        """All cells of all Kreise; its key is empty."""
        return Closeup("", self.cells[self.cells["region"] > 0], self)

    def closeup(self, area: str) -> Closeup:
        """Look at the Kreis or Land with key `area`.

        Raises
        ------
        SourceError
            If nobody lives there, as where there is no such area.
        """
        region = self.cells["region"]
        number = region if len(area) > _LAND_DIGITS else region // _THOUSAND
        chosen = self.cells[number == int(area)]
        if chosen.empty:
            msg = f"area '{area}': no populated cell belongs to it; give a key of Kreis or Land."
            raise SourceError(msg)
        return Closeup(area, chosen, self)


@dataclass(frozen=True, eq=False)
class Closeup:
    """The populated cells of one area."""

    area: str
    cells: pd.DataFrame
    surface: Surface
    _totals: dict[tuple[str, float], pd.Series] = field(
        default_factory=dict, init=False, repr=False
    )

    @property
    def is_kreis(self) -> bool:
        """Whether the area is a single Kreis."""
        return len(self.area) > _LAND_DIGITS

    @cached_property
    def people(self) -> float:
        """Persons in all cells."""
        return float(self.cells["people"].sum())

    @cached_property
    def window(self) -> tuple[int, int, int, int]:
        """First row and column, and numbers of rows and columns, that hold all cells."""
        row, column = self.cells["row"], self.cells["column"]
        top, left = int(row.min()), int(column.min())
        return top, left, int(row.max()) - top + 1, int(column.max()) - left + 1

    @property
    def transform(self) -> Affine:
        """From (column, row) of the window to metres in EPSG:3035."""
        from affine import Affine

        top, left, _, _ = self.window
        return self.surface.transform @ Affine.translation(left, top)

    def placed(self, values: NDArray[Any], empty: float) -> NDArray[Any]:
        """Put one value per cell into an array of the window; `empty` where nobody lives."""
        top, left, rows, columns = self.window
        array = np.full((rows, columns), empty, np.asarray(values).dtype)
        array[self.cells["row"] - top, self.cells["column"] - left] = values
        return array

    def values(self, measure: str) -> NDArray[np.float64]:
        """Value of each cell: people or km."""
        return self.cells[measure].to_numpy(np.float64)

    def codes(self, measure: str, limit: float) -> NDArray[np.int8]:
        """Class of each cell, counted from 0, or `MISSING`.

        Parameters
        ----------
        limit : float
            In km; for ``both``, whose classes are: near both, far from the train alone, far from
            town alone, far from both.
        """
        if measure == BOTH:
            stop, town = self.values(STOP), self.values(TOWN)
            code = (stop > limit) + 2 * (town > limit)
            return np.where(np.isnan(stop + town), MISSING, code).astype(np.int8)
        value = self.values(measure)
        bounds = np.asarray(measures()[measure].bounds)
        return np.where(np.isnan(value), MISSING, np.searchsorted(bounds, value)).astype(np.int8)

    def classes(self, measure: str, limit: float) -> list[CellClass]:
        """Count cells and people by class: all classes, `MISSING` last and only if there is one."""
        codes = self.codes(measure, limit)
        shown = list(range(len(measures()[measure].light)))
        shown += [MISSING] if (codes == MISSING).any() else []
        people = self.values(PEOPLE)
        return [
            CellClass(
                code, int((codes == code).sum()), float(people[codes == code].sum()),
                float(people[codes == code].sum()) / self.people,
            )
            for code in shown
        ]  # fmt: skip

    def far(self, limit: float, *kinds: str) -> Far:
        """Count people for whom the nearest place of each of `kinds` is farther than `limit` km."""
        people = float(self.cells["people"][self.is_far(limit, *kinds)].sum())
        return Far(people, people / self.people)

    def kreise(self, measure: str, limit: float) -> pd.DataFrame:
        """Sum up by Kreis; indexed by AGS, columns as in `total`."""
        keys = {number: f"{number:05}" for number in self.cells["region"].unique()}
        return self._summed(measure, limit, self.cells["region"].map(keys))

    def total(self, measure: str, limit: float = 0.0) -> pd.Series:
        """Sum up the whole area; kept, as that of the country is asked for again and again.

        Returns
        -------
        Series
            people and cells, and by measure: km_mean, km_median and ``over_LIMITkm`` (% of people
            beyond) for a distance; stop, town and both (% of people farther than `limit` km) for
            ``both``; people_per_cell for people.
        """
        key = measure, limit
        if key not in self._totals:
            whole = pd.Series("all", self.cells.index)
            self._totals[key] = self._summed(measure, limit, whole).iloc[0]
        return self._totals[key]

    def _summed(self, measure: str, limit: float, group: pd.Series) -> pd.DataFrame:
        each = self.cells["people"].astype(np.float64)
        people = each.groupby(group).sum()
        table = pd.DataFrame({"people": people, "cells": each.groupby(group).size()})
        if measure == PEOPLE:
            return table.assign(people_per_cell=table["people"] / table["cells"])
        if measure == BOTH:
            for name, kinds in {"stop": (STOP,), "town": (TOWN,), "both": (STOP, TOWN)}.items():
                far = each.where(self.is_far(limit, *kinds), 0.0)
                table[name] = 100 * far.groupby(group).sum() / people
            return table
        found = summary(self.cells, self.cells[measure], group).drop(columns="people")
        # The file rounds up: means are half a step less, limits are exact.
        found["km_mean"] -= SCALE / 2
        for one in LIMITS:
            found[f"over_{one}km"] = 100 - found.pop(f"share_within_{one}km")
        return table.join(found)

    def is_far(self, limit: float, *kinds: str) -> pd.Series:
        """Tell for each cell whether the nearest place of each of `kinds` is beyond `limit` km."""
        return (self.cells[list(kinds)] > limit).all(axis="columns")


def open_surface(folder: Path | None = None) -> Surface:
    """Open the grid in `folder`, or the embedded one, as a table of cells.

    Raises
    ------
    SourceError
        If a file is missing or unusable.
    """
    from layers.paths import data_folder

    folder = data_folder() / "grid" if folder is None else folder
    grid = open_grid(folder)
    distance = open_access(grid, folder)
    place = grid.populated
    row, column = np.divmod(place, grid.people.shape[1])
    flat: Mapping[str, NDArray[Any]] = {
        "row": row.astype(np.int16),
        "column": column.astype(np.int16),
        PEOPLE: grid.people.ravel()[place],
        "region": grid.region.ravel()[place],
        # Steps of 200 m as they are written: single precision turns 19.4 into 19.3999996.
        **{kind: np.round(band.ravel()[place].astype(float), 1) for kind, band in distance.items()},
    }
    cells = pd.DataFrame(flat)
    cells[STOP] = cells[list(STOP_LISTS)].min(axis="columns")
    return Surface(
        cells, open_centres(folder), grid.transform, folder, grid.year,
        attribution(folder),
    )  # fmt: skip
