"""Travel times by public transport, car, bicycle or on foot with R5 (r5py), timetables included.

R5 (Conveyal) searches OpenStreetMap ways and GTFS timetables; r5py (https://r5py.readthedocs.io)
drives it from Python. Both are optional: they need Java and files that this project does not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.access.travel import degrees, fewest
from layers.errors import SourceError

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

__all__ = ["R5"]


@dataclass(frozen=True)
class R5:
    """Door-to-door times at one time of departure: the median over a window of departures.

    Attributes
    ----------
    streets : Path
        OpenStreetMap extract (.osm.pbf).
    timetables : tuple of Path
        GTFS feeds (.zip); none for ways without public transport.
    departure : datetime
        Begin of the window, in local time; the timetables must be valid on that day.
    modes : tuple of str
        r5py's names: TRANSIT, WALK, CAR, BICYCLE.
    longest : timedelta, optional
        Longer ways count as none; without it r5py's own limit, two hours.
    """

    streets: Path
    timetables: tuple[Path, ...]
    departure: datetime
    modes: tuple[str, ...] = ("TRANSIT", "WALK")
    longest: timedelta | None = None

    def minutes(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> FloatArray:
        """Return minutes from each origin (rows) to each destination (columns); NaN: no way."""
        r5py, network = self._network
        options = {} if self.longest is None else {"max_time": self.longest}
        try:
            found = r5py.TravelTimeMatrix(
                network, origins=_points(origins), destinations=_points(destinations),
                departure=self.departure, snap_to_network=True,
                transport_modes=list(self.modes), **options,
            )  # fmt: skip
        except ValueError as cause:
            raise SourceError(f"R5: {cause!s:.160}") from cause
        table = np.full((len(origins), len(destinations)), np.nan)
        # Points that join no street are left out of the answer and stay without a way.
        table[found["from_id"].astype(int), found["to_id"].astype(int)] = found["travel_time"]
        return table

    def nearest(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> FloatArray:
        """Return minutes from each origin to the destination reached first; NaN: none is."""
        return fewest(self.minutes(origins, destinations))

    @cached_property
    def _network(self) -> tuple[Any, Any]:
        for path in (self.streets, *self.timetables):
            if not path.is_file():
                raise SourceError(f"{path}: there is no such file.")
        try:
            r5py = import_module("r5py")
        except Exception as cause:  # it starts Java on import, which fails in ways of its own
            msg = (
                "R5: r5py cannot be loaded; install it (pip install r5py) and a Java Development "
                f"Kit 21 ({cause!s:.80})."
            )
            raise SourceError(msg, code="no_r5") from cause
        return r5py, r5py.TransportNetwork(self.streets, list(self.timetables))


def _points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    import geopandas as gpd

    longitude, latitude = degrees(table)
    return gpd.GeoDataFrame(
        {"id": range(len(table))},
        geometry=gpd.points_from_xy(longitude, latitude),
        crs="EPSG:4326",
    )
