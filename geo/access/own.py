"""Places of one's own, as offices keep them: a list with coordinates, as CSV or a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo.access.distance import nearest
from geo.access.places import DEGREES, GERMANY, project
from geo.rasters.population import CELL
from layers.errors import SourceError
from layers.own_table.cells import read_sheets
from layers.own_table.numbers import read_column
from layers.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.rasters.population import PopulationGrid
    from layers.own_table.cells import Cell, Sheet

__all__ = ["OwnPlaces", "far_from_people", "notes", "read_own"]

#: Notes above the table, in this order.
_TOLD = ("what", "people", "detour", "columns", "sources")
_TEXTS = Path(__file__).with_suffix(".toml")
#: Titles of columns, in small letters, by what they hold.
_LONGITUDE = ("lon", "longitude", "lng", "long", "laenge", "länge", "längengrad", "laengengrad")
_LATITUDE = ("lat", "latitude", "breite", "breitengrad")
_EASTING = ("x", "easting", "ostwert", "rechtswert", "e", "x_utm")
_NORTHING = ("y", "northing", "nordwert", "hochwert", "n", "y_utm")
#: Km from the nearest populated cell beyond which a place is taken for a mistake.
FAR = 20.0


class OwnPlaces(NamedTuple):
    """Places read from a file.

    Attributes
    ----------
    points : DataFrame
        x, y in metres of EPSG:3035, indexed by the line in the file.
    crs : str
        What the coordinates of the file were taken for.
    """

    points: pd.DataFrame
    crs: str


def read_own(
    content: bytes, name: str, *, crs: str | None = None, columns: tuple[str, str] | None = None
) -> OwnPlaces:
    """Read a list of places; its first row holds titles.

    Parameters
    ----------
    content, name : bytes, str
        Of a file: CSV in any usual way of writing, XLSX, XLS or ODS (first sheet). The name is
        for errors.
    crs : str, optional
        Coordinate reference system of the coordinates, such as EPSG:25832; degrees (EPSG:4326) if
        absent, which only columns of longitude and latitude can be.
    columns : (str, str), optional
        Titles of the columns of longitude (easting) and latitude (northing); found if absent.

    Raises
    ------
    SourceError
        If the file cannot be read, has no such columns, or a line holds no coordinate within
        Germany and its surroundings; names the line.
    """
    sheet = read_sheets(content, name)[0]
    titles = [str(cell or "").strip() for cell in sheet.rows[0]]
    places, degrees = _chosen(titles, columns, name)
    if crs is None and not degrees:
        msg = (
            f"{name}: columns '{titles[places[0]]}' and '{titles[places[1]]}' need their coordinate"
            " reference system, such as EPSG:25832."
        )
        raise SourceError(msg)
    if len(sheet.rows) == 1:
        raise SourceError(f"{name}: holds a heading and no places.")
    x, y = (_numbers(sheet, place, titles[place], name) for place in places)
    used = _known(crs or DEGREES)
    return OwnPlaces(project(x, y, used, where=name, window=GERMANY), used)


def far_from_people(points: pd.DataFrame, cells: pd.DataFrame, name: str) -> int:
    """Refuse places far from where anybody lives; return how many lie in no populated cell.

    Parameters
    ----------
    points, cells : DataFrame
        With x, y in metres; `points` are indexed by line.

    Raises
    ------
    SourceError
        If a place is more than 20 km from the nearest populated cell: in the sea or abroad.
    """
    distance = nearest(points, cells)
    if (distance > FAR).any():
        first = int(distance.argmax())
        msg = (
            f"{name}: line {points.index[first]} lies {distance[first]:.0f} km from the nearest "
            f"place where people live in Germany, in the sea or abroad "
            f"({(distance > FAR).sum()} such lines); correct it or leave it out."
        )
        raise SourceError(msg)
    populated, here = (
        pd.MultiIndex.from_arrays([table[axis] // CELL for axis in "xy"])
        for table in (cells, points)
    )
    inside = here.isin(populated)
    return int((~inside).sum())


def notes(
    language: str, *, name: str, places: OwnPlaces, detour: float, within: Iterable[float],
    grid: PopulationGrid,
) -> list[str]:  # fmt: skip
    """Return what must be said about the table: what it is, how it was made, its columns."""
    words = texts(_TEXTS)
    limits = ", ".join(f"{limit:g}" for limit in within)
    number = len(places.points)
    count = words["one_place" if number == 1 else "many_places"][language].format(number=number)
    values = {
        "name": name, "count": count, "crs": places.crs, "detour": f"{detour:g}",
        "limits": limits, "year": grid.year, "people": grid.attribution,
    }  # fmt: skip
    return [words[key][language].format(**values) for key in _TOLD]


def _chosen(
    titles: list[str], columns: tuple[str, str] | None, name: str
) -> tuple[tuple[int, int], bool]:
    """Positions of both columns, and whether their titles say that they hold degrees."""
    plain = [title.casefold() for title in titles]
    if columns is not None:
        missing = [one for one in columns if one.casefold() not in plain]
        if missing:
            raise _no_column(name, f"no column '{missing[0]}'", titles)
        first, second = (plain.index(one.casefold()) for one in columns)
        return (first, second), plain[first] in _LONGITUDE and plain[second] in _LATITUDE
    for firsts, seconds, degrees in ((_LONGITUDE, _LATITUDE, True), (_EASTING, _NORTHING, False)):
        one = [at for at, title in enumerate(plain) if title in firsts]
        other = [at for at, title in enumerate(plain) if title in seconds]
        if len(one) == len(other) == 1:
            return (one[0], other[0]), degrees
    raise _no_column(name, "no pair of columns lon and lat, or x and y", titles)


def _no_column(name: str, fault: str, titles: list[str]) -> SourceError:
    there = ", ".join(title or "(empty)" for title in titles[:8])
    return SourceError(f"{name}: {fault}; the first row holds: {there}; name both.")


def _numbers(sheet: Sheet, place: int, title: str, name: str) -> pd.Series:
    cells: list[Cell] = [row[place] if place < len(row) else None for row in sheet.rows[1:]]
    hint = "," if sheet.comma else "."
    lines = sheet.lines[1:]
    column = read_column(cells, lines, place=place, title=title, hint=hint)  # type: ignore[arg-type]
    if column.fault is not None:
        msg = (
            f"{name}: column '{title}', line {column.fault.row}: '{column.fault.content}' is not "
            "a number."
        )
        raise SourceError(msg)
    return pd.Series(np.asarray(column.numbers, np.float64), index=lines)


def _known(crs: str) -> str:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        CRS.from_user_input(crs)
    except CRSError as cause:
        msg = f"coordinate reference system '{crs}' is unknown; name one such as EPSG:25832."
        raise SourceError(msg) from cause
    return crs
