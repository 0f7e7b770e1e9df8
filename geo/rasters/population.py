"""The population grid: how many people live in each square kilometre, and in which Kreis.

The grid is that of INSPIRE (EPSG:3035, Lambert's equal-area projection for Europe): cells of 1 km
by 1 km, rows from north to south. It is kept as two cloud-optimised GeoTIFFs, so that any GIS opens
it: ``population.tif`` (people per cell; the embedded one is of the census of 9 May 2011) and
``kreise.tif`` (band 1: AGS as a whole number; band 2: 1 where a cell was attached).

A cell belongs to the Kreis in which its centre lies. At coasts and borders some populated cells
have their centre outside of all Kreise; they go to the nearest one within 3 km and are marked as
attached. Sums per Kreis therefore differ from official figures, by the cut of the cells as well as
by the years between: they are reported, never forced.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers.errors import SourceError

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

    from geo.rasters.census import GridReport

__all__ = [
    "CELL", "CRS", "FACTS", "PEOPLE", "REGIONS", "PopulationGrid", "build_grid", "open_facts",
    "open_grid",
]  # fmt: skip

#: Of the grid and of all that is computed on it.
CRS = "EPSG:3035"
#: Side of a cell in metres.
CELL = 1_000.0
PEOPLE = "population.tif"
REGIONS = "kreise.tif"
#: Figures about the whole.
FACTS = "grid.toml"


@dataclass(frozen=True, eq=False)
class PopulationGrid:
    """People and regions by cell; all arrays have one shape (rows from the north, columns).

    Attributes
    ----------
    people : array of float32
        Persons per cell; 0 where nobody is published.
    transform : Affine
        From (column, row) to metres in `crs`; (0, 0) is the north-western corner.
    crs : str
        Coordinate reference system, EPSG:3035.
    region : array of int32
        Key of the region as a number (a Kreis by its AGS); 0 outside of all.
    attached : array of bool
        Whether the centre lies outside of all regions and the nearest one was taken.
    year : int
        Of the people.
    attribution : str
        What the publisher of the people wants to be named by.
    """

    people: NDArray[np.float32]
    transform: Affine
    crs: str
    region: NDArray[np.int32]
    attached: NDArray[np.bool_]
    year: int
    attribution: str = ""

    def cells(self) -> pd.DataFrame:
        """Return the populated cells, from north to south and west to east.

        Returns
        -------
        DataFrame
            x, y (centre, metres in `crs`), people, region (key as text of five digits, empty where
            there is none), attached. The index is the position in the flattened arrays.
        """
        place = self.populated
        x, y = self.centres(place)
        return pd.DataFrame(
            {
                "x": x,
                "y": y,
                "people": self.people.ravel()[place].astype(np.float64),
                "region": _keys(self.region.ravel()[place]),
                "attached": self.attached.ravel()[place],
            },
            index=pd.Index(place, name="cell"),
        )

    @cached_property
    def populated(self) -> NDArray[np.intp]:
        """Positions of the populated cells in the flattened arrays."""
        return np.flatnonzero(self.people)

    def centres(self, place: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Coordinates of the centres of cells, by their positions in the flattened arrays."""
        row, column = np.divmod(place, self.people.shape[1])
        to = self.transform
        return to.c + to.a * (column + 0.5), to.f + to.e * (row + 0.5)

    def raster(self, values: NDArray[np.float64] | pd.Series) -> NDArray[np.float64]:
        """Put one value per populated cell, in their order, back into a raster; NaN elsewhere."""
        flat = np.full(self.people.size, np.nan)
        flat[self.populated] = np.asarray(values)
        return flat.reshape(self.people.shape)


def open_grid(path: Path | None = None) -> PopulationGrid:
    """Open the population grid in folder `path`; the embedded one if it is not named.

    Raises
    ------
    SourceError
        If a file is missing or unreadable, or the two do not lie on the same grid.
    """
    from layers.paths import data_folder

    folder = data_folder() / "grid" if path is None else path
    people, transform, tags = _read(folder / PEOPLE)
    if not tags.get("YEAR", "").isdigit():
        msg = f"{folder / PEOPLE}: names no year; build it anew with 'ipot data build --grid'."
        raise SourceError(msg)
    regions, other, _ = _read(folder / REGIONS)
    if transform != other or people.shape[1:] != regions.shape[1:] or len(regions) != 2:  # noqa: PLR2004 -- bands
        msg = f"{folder}: {PEOPLE} and {REGIONS} do not lie on the same grid; build both anew."
        raise SourceError(msg)
    return PopulationGrid(
        people=people[0].astype(np.float32),
        transform=transform,
        crs=CRS,
        region=regions[0],
        attached=regions[1] == 1,
        year=int(tags["YEAR"]),
        attribution=tags.get("ATTRIBUTION", ""),
    )


def open_facts(folder: Path) -> dict[str, Any]:
    """Read the figures about the grid: cells, people, attached_cells, attached_people, lost_cells.

    ``ratios`` holds, by year, the lowest, median and highest ratio of the grid's people to the
    official population of a Kreis.

    Raises
    ------
    SourceError
        If the file is missing or broken.
    """
    from layers.toml import read_toml

    return read_toml(folder / FACTS, SourceError)


def build_grid(raw: Path, target: Path, *, census: Path | None = None) -> GridReport:
    """Build the folder of the grid from the publishers' files; see `geo.rasters.census`."""
    from geo.rasters.census import build

    return build(raw, target, census=census)


def _read(path: Path) -> tuple[NDArray[np.int32], Affine, dict[str, str]]:
    import rasterio

    if not path.is_file():
        msg = f"{path}: the population grid is missing; build it with 'ipot data build --grid'."
        raise SourceError(msg)
    try:
        with rasterio.open(path) as file:
            if file.crs is None or file.crs.to_epsg() != 3035:  # noqa: PLR2004 -- the code of CRS
                msg = f"{path}: is not in {CRS}; build it anew with 'ipot data build --grid'."
                raise SourceError(msg)
            return file.read().astype(np.int32), file.transform, file.tags()
    except rasterio.errors.RasterioIOError as cause:
        msg = f"{path}: cannot be read as GeoTIFF; build it anew with 'ipot data build --grid'."
        raise SourceError(msg) from cause


def _keys(numbers: NDArray[np.int32]) -> NDArray[np.object_]:
    """AGS as text; there are few different ones, so each is written once."""
    known, place = np.unique(numbers, return_inverse=True)
    text = np.array([f"{number:05}" if number else "" for number in known], dtype=object)
    return text[place]
