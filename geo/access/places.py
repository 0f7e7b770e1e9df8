"""Places that people go to, as points in EPSG:3035: stations, stops and central places.

A fault in a publisher's file is an error that names the line; nothing is left out silently.

* Stations of DB (2022), with their category from 1 (largest) to 7. Stations of other operators are
  missing: four Kreise have none, which does not mean that they have no railway.
* Stops of trains in the timetable data of GTFS.de (2026), of all operators. Those in neighbouring
  countries stay in, because they serve people on this side of the border. Platforms are joined to
  their station.
* Trains stop where either list says so: the timetable of February 2026 lacks lines that were closed
  for months of repair (Hamburg - Berlin, Nürnberg - Regensburg and others), the list of 2022 lacks
  other operators. A stop that was given up since 2022 still counts.
* Central places as the Länder named them (BBSR, INKAR 2024) at the coordinates of their
  municipality's centre (Destatis, end of 2023).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from geo.rasters.population import CRS
from layers.errors import SourceError
from layers.sources.longtable import numbers, read_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = [
    "DEGREES",
    "PLACES",
    "PlaceSet",
    "Window",
    "centres",
    "project",
    "stations",
    "stops",
    "trains",
]

STATIONS = "geo/db_stations_2022/db_stations.csv"
STOPS = "geo/gtfs_de_rail_stops/stops.txt"
CENTRES = "geo/inkar_2024_regionen/ober_und_mittelzentren_mit_koordinaten.csv"
#: Of coordinates in degrees on WGS 84.
DEGREES = "EPSG:4326"
#: How a station of its own is marked among platforms.
_STATION = 1
_MAIN, _HUB = 4, 2
_MAJOR = "Oberzentrum"
#: Decimals of a degree to which stops of one name count as one place; about 100 m.
_SAME = 3


class Window(NamedTuple):
    """Degrees between which a coordinate is believed."""

    west: float
    south: float
    east: float
    north: float


GERMANY = Window(5.0, 47.0, 16.0, 56.0)
EUROPE = Window(-12.0, 34.0, 45.0, 72.0)


@dataclass(frozen=True)
class PlaceSet:
    """One kind of place and where it is read.

    Attributes
    ----------
    year : int
        Of the places.
    read : callable
        From the folder of the publishers' files to a table with x, y (EPSG:3035, metres).
    """

    year: int
    read: Callable[[Path], pd.DataFrame]


def stations(raw: Path) -> pd.DataFrame:
    """Read the stations of DB: key (EVA number), name, category (1 to 7), x, y.

    Raises
    ------
    SourceError
        If the file or a column is missing, or a line is unusable.
    """
    path = raw / STATIONS
    rows = _rows(path, ("eva", "name", "lat", "lon", "category"))
    _unique(rows["eva"], "eva", path)
    category = numbers(rows, "category", path)
    _check(category.isna(), rows["category"], "category", path, "a whole number is needed")
    table = rows[["eva", "name"]].rename(columns={"eva": "key"}).assign(category=category)
    return table.join(_points(rows, "lon", "lat", path, GERMANY))


def stops(raw: Path) -> pd.DataFrame:
    """Read the stops of trains: key, name, x, y; one row per station.

    Raises
    ------
    SourceError
        If the file or a column is missing, or a line is unusable.
    """
    path = raw / STOPS
    columns = ("stop_id", "stop_name", "parent_station", "stop_lat", "stop_lon", "location_type")
    rows = _rows(path, columns)
    _unique(rows["stop_id"], "stop_id", path)
    points = _points(rows, "stop_lon", "stop_lat", path, EUROPE)
    table = rows[["stop_id", "stop_name"]].set_axis(["key", "name"], axis="columns").join(points)
    near = [numbers(rows, column, path).round(_SAME) for column in ("stop_lon", "stop_lat")]
    kept = ~_belongs_to_station(rows, path)
    twice = pd.concat([rows["stop_name"], *near], axis="columns")[kept].duplicated()
    return table[kept][~twice].reset_index(drop=True)


def _belongs_to_station(rows: pd.DataFrame, path: Path) -> pd.Series:
    """Tell which stops are platforms of a station that is listed itself."""
    is_station = numbers(rows, "location_type", path) == _STATION
    known = set(rows["stop_id"][is_station])
    # The copy wrote numbers of parents as decimals, and prefixed keys of one of its two feeds only.
    parent = rows["parent_station"].str.removesuffix(".0")
    feed = rows["stop_id"].str.extract(r"^(\D*)", expand=False)
    return ~is_station & ((feed + parent).isin(known) | parent.isin(known))


def trains(raw: Path) -> pd.DataFrame:
    """Read where trains stop, from both lists: key, name, x, y; the same place may stand twice.

    Raises
    ------
    SourceError
        As `stops` and `stations`.
    """
    columns = ["key", "name", "x", "y"]
    return pd.concat([stops(raw)[columns], stations(raw)[columns]], ignore_index=True)


def centres(raw: Path) -> pd.DataFrame:
    """Read the central places: key (AGS of 8 digits), name, level, people, x, y.

    ``level`` is Mittelzentrum or Oberzentrum; a place is listed once, at its highest level.

    Raises
    ------
    SourceError
        If the file or a column is missing, or a line is unusable.
    """
    path = raw / CENTRES
    columns = ("ags", "funktion", "name_destatis_2023", "lon", "lat", "bevoelkerung_2023")
    rows = _rows(path, columns)
    _unique(rows["ags"], "ags", path)
    strange = ~rows["funktion"].isin(["Mittelzentrum", _MAJOR])
    _check(strange, rows["funktion"], "funktion", path, f"Mittelzentrum or {_MAJOR} is needed")
    people = numbers(rows, "bevoelkerung_2023", path)
    table = rows[["ags", "name_destatis_2023", "funktion"]]
    table = table.set_axis(["key", "name", "level"], axis="columns").assign(people=people)
    return table.join(_points(rows, "lon", "lat", path, GERMANY))


def project(
    x: pd.Series, y: pd.Series, crs: object, *, where: str, window: Window | None = None
) -> pd.DataFrame:
    """Bring coordinates to EPSG:3035; columns x, y in metres, the index that of `x`.

    Parameters
    ----------
    x, y : Series of float
        Longitude and latitude, or easting and northing, in `crs`; indexed by line of the file.
    where : str
        Names the file in errors.
    window : Window, optional
        Degrees between which the point must lie.

    Raises
    ------
    SourceError
        If a coordinate is missing, outside of `window`, or outside of where `crs` is defined.
    """
    from pyproj import Transformer

    _filled(x, y, where)
    if window is not None:
        lon, lat = Transformer.from_crs(crs, DEGREES, always_xy=True).transform(x, y)
        _inside(pd.Series(lon, x.index), pd.Series(lat, x.index), window, where)
    easting, northing = Transformer.from_crs(crs, CRS, always_xy=True).transform(x, y)
    return pd.DataFrame({"x": easting, "y": northing}, index=x.index)


def _points(rows: pd.DataFrame, lon: str, lat: str, path: Path, window: Window) -> pd.DataFrame:
    lines = rows.index + 2
    x, y = (numbers(rows, column, path).set_axis(lines) for column in (lon, lat))
    return project(x, y, DEGREES, where=str(path), window=window).set_axis(rows.index)


def _rows(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    try:
        rows = read_csv(path, columns)
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as cause:
        msg = f"{path}: is empty or no table of comma-separated values in UTF-8."
        raise SourceError(msg) from cause
    if rows.empty:
        msg = f"{path}: holds a heading and no places."
        raise SourceError(msg)
    return rows


def _unique(keys: pd.Series, column: str, path: Path) -> None:
    _check(keys == "", keys, column, path, "a key is needed")
    _check(keys.duplicated(), keys, column, path, "the key stands in a line before")


def _filled(x: pd.Series, y: pd.Series, where: str) -> None:
    gaps = x.isna() | y.isna()
    if gaps.any():
        first = gaps.index[gaps][0]
        msg = f"{where}: line {first} has no coordinate; complete it or leave the line out."
        raise SourceError(msg)


def _inside(lon: pd.Series, lat: pd.Series, window: Window, where: str) -> None:
    out = ~(lon.between(window.west, window.east) & lat.between(window.south, window.north))
    if not out.any():
        return
    first = out.index[out][0]
    if not (math.isfinite(lon[first]) and math.isfinite(lat[first])):
        msg = (
            f"{where}: line {first} lies nowhere in its coordinate reference system; are easting "
            "and northing swapped, or is it another system?"
        )
        raise SourceError(msg)
    turned = (
        window.west <= lat[first] <= window.east and window.south <= lon[first] <= window.north
    )  # fmt: skip
    hint = "; longitude and latitude seem to be swapped" if turned else ""
    msg = (
        f"{where}: line {first} lies at longitude {lon[first]:.5g}, latitude {lat[first]:.5g}, "
        f"outside of {window.west:g} to {window.east:g} and {window.south:g} to "
        f"{window.north:g}{hint} ({out.sum()} such lines)."
    )
    raise SourceError(msg)


def _check(faulty: pd.Series, cells: pd.Series, column: str, path: Path, need: str) -> None:
    if faulty.any():
        cell = cells[faulty].iloc[0]
        msg = f"{path}: column '{column}', line {_line(faulty)}: {cell!r}; {need}."
        raise SourceError(msg)


def _line(faulty: pd.Series) -> int:
    """Line of the first fault in a file with one line of heading."""
    return int(faulty.to_numpy().argmax()) + 2


def _of_category(most: int) -> Callable[[Path], pd.DataFrame]:
    def read(raw: Path) -> pd.DataFrame:
        table = stations(raw)
        return table[table["category"] <= most]

    return read


def _major(raw: Path) -> pd.DataFrame:
    table = centres(raw)
    return table[table["level"] == _MAJOR]


#: Kinds of place by the word that codes of indicators begin with. An Oberzentrum offers all that a
#: Mittelzentrum does, so it counts among those.
PLACES: Mapping[str, PlaceSet] = {
    "station": PlaceSet(2022, stations),
    "station_main": PlaceSet(2022, _of_category(_MAIN)),
    "station_hub": PlaceSet(2022, _of_category(_HUB)),
    "gtfs_stop": PlaceSet(2026, stops),
    "train": PlaceSet(2026, trains),
    "medium_centre": PlaceSet(2023, centres),
    "major_centre": PlaceSet(2023, _major),
}
