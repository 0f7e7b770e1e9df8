"""Minutes instead of kilometres: one interface for whatever works out how long a way takes.

`StraightLine` needs nothing but a speed. `geo.access.network.Network` follows the edges of a
network of one's own, `geo.access.valhalla.Valhalla` asks a routing service, and `geo.access.r5.R5`
searches timetables; the last two need programs that are not part of this project.

Points are tables with x and y in metres of EPSG:3035, as `geo.access.places` and the cells of the
population grid come. The result of `TravelTime.nearest` goes into `geo.access.summary.summary` like
a distance: mean, median and shares are then in minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from geo.access.distance import check_detour, nearest
from layers.errors import SourceError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

__all__ = ["StraightLine", "TravelTime", "check_speed", "coordinates", "degrees", "fewest"]

CRS = "EPSG:3035"


class TravelTime(Protocol):
    """How long the ways between points take."""

    def minutes(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> FloatArray:
        """Return minutes from each origin (rows) to each destination (columns); NaN: no way."""

    def nearest(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> FloatArray:
        """Return minutes from each origin to the destination reached first; NaN: none is."""


@dataclass(frozen=True)
class StraightLine:
    """Straight lines at an even speed: minutes = km x detour x 60 / speed.

    Attributes
    ----------
    speed_kmh : float
        Over the whole way, stops included.
    detour : float
        Way over straight line, from 1 to 5.
    """

    speed_kmh: float
    detour: float = 1.0

    def __post_init__(self) -> None:
        check_speed(self.speed_kmh)
        check_detour(self.detour)

    def minutes(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> FloatArray:
        """Return minutes from each origin (rows) to each destination (columns)."""
        from scipy.spatial.distance import cdist

        metres: FloatArray = cdist(coordinates(origins), coordinates(destinations))
        return metres * (self.detour * 0.06 / self.speed_kmh)

    def nearest(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> FloatArray:
        """Return minutes from each origin to the destination reached first."""
        return nearest(origins, destinations, detour=self.detour) * (60 / self.speed_kmh)


def check_speed(speed_kmh: float) -> None:
    """Raise a `SourceError` unless this is a speed from 1 to 300 km/h."""
    most = 300.0
    if not 1.0 <= speed_kmh <= most:
        msg = f"speed {speed_kmh:g} km/h: a number from 1 to {most:g} is needed, 4.5 for walking."
        raise SourceError(msg)


def coordinates(points: pd.DataFrame) -> FloatArray:
    """Return x and y of points as an (n, 2) array.

    Raises
    ------
    SourceError
        If there is no point, or one without a number.
    """
    place = points[["x", "y"]].to_numpy(np.float64)
    if not len(place) or not np.isfinite(place).all():
        msg = "points: at least one is needed, each with x and y in metres of EPSG:3035."
        raise SourceError(msg)
    return place


def degrees(points: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Return longitude and latitude of points."""
    from pyproj import Transformer

    place = coordinates(points)
    return Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(*place.T)


def fewest(minutes: FloatArray) -> FloatArray:
    """Return the least of each row, leaving out NaN; NaN where a row has nothing else."""
    least = np.where(np.isnan(minutes), np.inf, minutes).min(axis=1)
    return np.where(np.isinf(least), np.nan, least)
