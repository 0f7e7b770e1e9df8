"""Access by cell: distance to the nearest place as one band per kind of place.

Kept as ``access.tif`` on the grid of `geo.rasters.population`, in steps of 200 m, which is finer
than the distances are true (see `geo.access.distance`). They are rounded up, so that who lives
within 5, 10 or 20 km is the same here as for the exact distances. The file holds every cell on
land, since what changes smoothly takes half the room; where nobody lives a distance says nothing,
so reading leaves those cells out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.access.distance import nearest
from geo.access.places import PLACES
from geo.place import replace_all
from geo.rasters.census import render
from layers.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from geo.rasters.population import PopulationGrid

__all__ = ["FILE", "KINDS", "SCALE", "attribution", "build", "open_access"]

FILE = "access.tif"
#: Kinds of place that have a band; trains stop at the nearer of two of them.
KINDS = tuple(kind for kind in PLACES if kind != "train")
#: Km per unit of the file.
SCALE = 0.2
#: In steps; what lies on a step is not pushed to the next by the last digits of a division.
_HAIR = 1e-9
_NOWHERE = -1
_ATTRIBUTION = (
    "Stationsdaten: DB Station&Service AG (2022); DELFI e.V., GTFS.de, OpenStreetMap contributors "
    "(2026); INKAR 2024, BBSR Bonn; Destatis (2024); {people}; eigene Berechnung"
)


def build(raw: Path, grid: PopulationGrid, folder: Path) -> Path:
    """Measure the distance to all kinds of places and write ``access.tif`` into `folder`.

    Raises
    ------
    SourceError
        If a publisher's file is missing or unusable.
    ExportError
        If the folder cannot be written.
    """
    land = np.flatnonzero((grid.region > 0) | (grid.people > 0))
    cells = pd.DataFrame(dict(zip("xy", grid.centres(land), strict=True)))
    bands = {}
    for kind in KINDS:
        band = np.full(grid.people.size, _NOWHERE, np.int16)
        band[land] = np.ceil(nearest(cells, PLACES[kind].read(raw)) / SCALE - _HAIR)
        bands[kind] = band.reshape(grid.people.shape)
    content = render(
        grid, bands, _ATTRIBUTION.format(people=grid.attribution), nodata=_NOWHERE, scale=SCALE,
        unit="km", overviews=False, years={kind: PLACES[kind].year for kind in KINDS},
    )  # fmt: skip
    return replace_all(folder, {FILE: content})[0]


def open_access(
    grid: PopulationGrid, folder: Path | None = None
) -> Mapping[str, NDArray[np.float32]]:
    """Read the distances in folder `folder`, or the embedded ones.

    Returns
    -------
    mapping
        Kind of place (`KINDS`) -> 2-D array of km on `grid`, NaN where
        nobody lives.

    Raises
    ------
    SourceError
        If the file is missing or unreadable, or lies on another grid.
    """
    import rasterio

    from layers.paths import data_folder

    path = (data_folder() / "grid" if folder is None else folder) / FILE
    if not path.is_file():
        msg = f"{path}: the distances are missing; build them with 'ipot data build --grid'."
        raise SourceError(msg)
    try:
        with rasterio.open(path) as file:
            stored, kinds, transform = file.read(), file.descriptions, file.transform
    except rasterio.errors.RasterioIOError as cause:
        msg = f"{path}: cannot be read as GeoTIFF; build it anew with 'ipot data build --grid'."
        raise SourceError(msg) from cause
    if transform != grid.transform or stored.shape[1:] != grid.people.shape:
        msg = f"{path}: lies on another grid; build both with 'ipot data build --grid'."
        raise SourceError(msg)
    known = (stored != _NOWHERE) & (grid.people > 0)
    distance = np.where(known, stored * np.float32(SCALE), np.float32(np.nan))
    return dict(zip(kinds, distance, strict=True))


def attribution(folder: Path) -> str:
    """Return what the publishers behind the distances in `folder` want to be named by."""
    import rasterio

    with rasterio.open(folder / FILE) as file:
        return str(file.tags()["ATTRIBUTION"])
