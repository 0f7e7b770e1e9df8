"""Building a dataset of all inhabited municipalities, in the same format as that of the Kreise.

Everything is of one Gebietsstand, **31 December 2022**: the census was taken in that year and knows
all of its keys, and the boundaries are those of that day. So no value has to be moved. In the year
after, Dünwald and Anrode were divided among several others, and where the new borders run stands in
none of the files: at the end of 2023 some municipalities would have values without a place.

A municipality's access to stations and centres is measured on the cells of the population grid
whose centre lies in it; populated cells outside of all municipalities go to the nearest within 3 km
(see `geo.rasters.assign`). Where no populated cell has its centre in a municipality, which happens
to the smallest, a point inside it stands for the place where its people live; the report counts
these. A cell of 1 km² is coarse beside a village: its people may live in the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import tomli_w

from geo import boundaries, reforms, regions
from geo.access.reader import AccessReader
from geo.rasters.assign import assign
from geo.rasters.population import CRS, open_grid
from layers.build import (
    BuildReport,
    Inputs,
    collect,
    publish,
    write_parquet,
    write_values,
)
from layers.catalogue import Catalogue
from layers.errors import DatasetError, SourceError
from layers.sources import gemeinden as reader
from layers.sources.longtable import numbers, read_csv
from layers.sources.plan import Plan
from layers.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from geo.rasters.population import PopulationGrid
    from layers.sources.longtable import Reader

__all__ = [
    "COLUMNS", "Access", "access_cells", "borders_of", "build", "labels", "municipalities",
]  # fmt: skip

_BOUNDARIES = "geo/bkg_vg250_gem_2022-12-31_simplified/vg250_gem_simplified_utm32.gpkg"
_DIRECTORY = "geo/destatis_gemeindeverzeichnis/gemeinden_2023-12-31.csv"
_REFORMS = "reforms.csv"
#: In metres; the publisher's copy was thinned out already.
TOLERANCE = 100.0
#: Lower bounds of the size classes 2 to 6, in inhabitants.
SIZE_BOUNDS = (1_000, 5_000, 20_000, 50_000, 100_000)
#: People that a point of a municipality without a populated cell stands for; their number drops
#: out of every mean and share.
_ALL = 1.0

COLUMNS = (
    "region", "name", "label", "kreis", "kreis_name", "land", "land_name",
    "population", "population_year", "area_km2", "density",
    "size_class", "urbanisation", "thuenen_type",
)  # fmt: skip


@dataclass(frozen=True)
class Access:
    """Cells of the municipalities, and what had to be done to have some for each.

    Attributes
    ----------
    cells : DataFrame
        x, y (metres in EPSG:3035), people, region; for `geo.access.summary`.
    attached : int
        Cells outside of all municipalities that went to the nearest.
    lost : int
        Cells too far from all of them.
    without : tuple of str
        Municipalities for which a point inside stands, since no populated cell lies in them.
    """

    cells: pd.DataFrame
    attached: int
    lost: int
    without: tuple[str, ...]

    def notes(self) -> tuple[str, ...]:
        """Say it, for the report of a build."""
        shown = ", ".join(self.without[:5])
        cells = (
            f"access: {self.attached} cells outside of all municipalities went to the nearest "
            f"within 3 km, {self.lost} cells farther away count nowhere"
        )
        points = (
            f"access: a point inside stands for {len(self.without)} municipalities without a "
            f"populated cell ({shown})"
        )
        return cells, points


def build(raw: Path, definitions: Path, target: Path, *, grid: Path | None = None) -> BuildReport:
    """Build the dataset folder `target`; the same input gives the same bytes.

    Parameters
    ----------
    raw : Path
        The publishers' files, as the readers know them.
    definitions : Path
        ``dataset.toml``, ``build.toml``, ``sources.toml``, ``attributes.toml`` and the folder
        ``catalogue``; ``reforms.csv`` is that of the folder ``kreise`` beside it.
    target : Path
        Folder to write; replaced only when the new one is whole.
    grid : Path, optional
        Folder of the population grid on which access is measured; the embedded one if absent.

    Raises
    ------
    SourceError
        If a publisher's file is missing or does not look as expected.
    DatasetError
        If the definitions contradict each other.
    """
    crosswalk = reforms.Crosswalk.load(raw, definitions.parent / "kreise" / _REFORMS)
    table = municipalities(raw, regions.kreise(raw, crosswalk))
    keys = pd.Index(table["region"])
    attributes = _attributes(definitions / "attributes.toml", table)
    borders, empty = borders_of(raw, keys)
    access = access_cells(borders, open_grid(grid))
    readers: dict[str, Reader] = {
        "gemeinden": reader.read,
        "access": AccessReader(grid, cells=access.cells),
    }
    values, report = collect(
        Plan.load(definitions / "build.toml"),
        Inputs(raw, readers, _stay),
        catalogue=Catalogue.load(definitions / "catalogue"),
        regions=keys,
    )
    publish(
        definitions,
        target,
        tables={
            "values.parquet": partial(write_values, values),
            "regions.parquet": partial(write_parquet, table),
            "boundaries.parquet": partial(boundaries.write, borders),
            "attributes.toml": partial(_write_attributes, attributes),
        },
        texts={name: definitions / name for name in ("catalogue", "sources.toml")},
    )
    left = f"regions: {len(empty)} areas in which nobody lives ({', '.join(empty[:3])})"
    return replace(
        report, target=target, dropped=(left, *report.dropped), gaps=report.gaps + access.notes()
    )


def municipalities(raw: Path, kreise: pd.DataFrame) -> pd.DataFrame:
    """Assemble the table of inhabited municipalities, sorted by key.

    Parameters
    ----------
    kreise : DataFrame
        Table of `geo.regions.kreise`; every municipality takes the Thünen type of its Kreis.

    Returns
    -------
    DataFrame
        Columns as in `COLUMNS`: population (persons, 31.12.2022), area_km2, density (persons per
        km²), urbanisation (degree of urbanisation at the end of 2023 by key; a gap where the key
        was given up in that year), types as whole numbers with gaps.

    Raises
    ------
    SourceError
        If a file or a column is missing, or a municipality lies in no Kreis of `kreise`.
    """
    rows = reader.register(raw).query("population > 0").set_index("region")
    table = rows[["name", "population", "area_km2"]].assign(
        kreis=rows.index.str[:5], land=rows.index.str[:2], population_year=reader.YEAR
    )
    strange = sorted(set(table["kreis"]) - set(kreise["region"]))
    if strange:
        msg = f"{raw / reader.REGISTER}: Kreis {', '.join(strange[:5])} is none of the regions."
        raise SourceError(msg)
    of_kreis = kreise.set_index("region").loc[table["kreis"]].set_axis(table.index)
    table["kreis_name"] = of_kreis["label"]
    table[["land_name", "thuenen_type"]] = of_kreis[["land_name", "thuenen_type"]]
    table["label"] = labels(table["name"], table["kreis_name"])
    table["density"] = table["population"] / table["area_km2"]
    table["size_class"] = 1 + np.searchsorted(SIZE_BOUNDS, table["population"], side="right")
    table["urbanisation"] = _urbanisation(raw).reindex(table.index)
    types = dict.fromkeys(["urbanisation", "thuenen_type"], "Int64")
    return table.astype(types).reset_index()[list(COLUMNS)]


def labels(names: pd.Series, kreise: pd.Series) -> pd.Series:
    """Make names readable and unique.

    Additions such as ", Stadt" or ", M" (Markt) go; a name that several bear takes that of its
    Kreis in brackets. Where this is not enough the whole name stands (Garding has a town and a
    Kirchspiel), and where even that is the same, the key (two Neuenkirchen in one Kreis).

    Parameters
    ----------
    names, kreise : Series
        Names of municipalities and of their Kreise, indexed by region.
    """
    keys = names.index.to_series()
    found = names.str.partition(",")[0].str.strip()
    for fuller in (
        found + " (" + kreise + ")",
        names + " (" + kreise + ")",
        names + " (" + kreise + ", " + keys + ")",
    ):
        found = found.mask(found.duplicated(keep=False), fuller)
    return found


def borders_of(raw: Path, keys: pd.Index) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read the borders of the municipalities `keys`, mended to a valid coverage and thinned out.

    The publisher's copy was simplified area by area: some areas are invalid and some neighbours
    overlap. `shapely.make_valid` mends the former; `shapely.coverage_clean` gives what two areas
    share to one of them, the one with the longer border to it.

    Returns
    -------
    (GeoDataFrame, list of str)
        Areas indexed by region, and the keys of areas that are not among `keys`.

    Raises
    ------
    SourceError
        If the file is missing, or lacks one of `keys`.
    """
    path = raw / _BOUNDARIES
    if not path.is_file():
        msg = f"{path}: the boundaries are missing; see the build definition."
        raise SourceError(msg)
    frame = gpd.read_file(path, columns=["ARS"])
    # The municipal key is the regional key without its middle part, the association.
    frame["region"] = frame["ARS"].str[:5] + frame["ARS"].str[9:]
    frame = frame.set_index("region").sort_index()[["geometry"]]
    missing = keys.difference(frame.index)
    if len(missing):
        msg = f"{path}: column 'ARS' lacks {', '.join(missing[:5])}; borders of 2022 are needed."
        raise SourceError(msg)
    shapes = shapely.coverage_clean(_polygons(shapely.make_valid(frame.geometry.to_numpy())))
    frame = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
    empty = frame.index.difference(keys)
    return boundaries.simplify(frame.loc[sorted(keys)], TOLERANCE), list(empty)


def access_cells(borders: gpd.GeoDataFrame, grid: PopulationGrid) -> Access:
    """Give every populated cell of the Kreise concerned a municipality, and each one a cell.

    Parameters
    ----------
    borders : GeoDataFrame
        Indexed by region, whose first five digits are the Kreis.
    """
    cells = grid.cells()
    cells = cells[cells["region"].isin(set(borders.index.str[:5]))]
    x, y = (cells[axis].to_numpy() for axis in "xy")
    found = assign(x, y, borders.geometry, crs=grid.crs)
    inside = found.area >= 0
    of_area = borders.index.to_numpy()[found.area[inside]]
    counted = cells.loc[inside, ["x", "y", "people"]].assign(region=of_area)
    without = borders.index.difference(of_area)
    points = borders.loc[without].representative_point().to_crs(CRS)
    stand_in = pd.DataFrame({"x": points.x, "y": points.y, "people": _ALL, "region": without})
    return Access(
        pd.concat([counted, stand_in], ignore_index=True),
        attached=int(found.attached.sum()), lost=int((~inside).sum()), without=tuple(without),
    )  # fmt: skip


def _stay(table: pd.DataFrame, kind: str, reweight: str) -> tuple[pd.DataFrame, list[str]]:  # noqa: ARG001 nothing is moved
    """Leave a table as it is: all sources know the municipalities of one Gebietsstand."""
    return table, []


def _polygons(shapes: np.ndarray) -> np.ndarray:
    """Keep of each shape its areas; mending may leave lines and points beside them."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    flat = shapely.get_dimensions(parts) == 2  # noqa: PLR2004 -- areas
    joined = [shapely.union_all(parts[flat & (owner == one)]) for one in _mixed(parts, owner)]
    result = shapes.copy()
    result[_mixed(parts, owner)] = joined
    return result


def _mixed(parts: np.ndarray, owner: np.ndarray) -> np.ndarray:
    return np.unique(owner[shapely.get_dimensions(parts) < 2])  # noqa: PLR2004 -- lines, points


def _urbanisation(raw: Path) -> pd.Series:
    path = raw / _DIRECTORY
    rows = read_csv(path, ("ags", "verstaedterung"))
    return numbers(rows, "verstaedterung", path).set_axis(rows["ags"])


def _attributes(path: Path, table: pd.DataFrame) -> dict[str, Any]:
    """Words for the attributes; those for the column ``kreis`` are the names of the Kreise."""
    words = read_toml(path, DatasetError)
    if "kreis" not in words:
        msg = f"{path}: section [kreis] is missing; it names the filter by Kreis."
        raise DatasetError(msg)
    names = table.set_index("kreis")["kreis_name"].drop_duplicates().sort_values()
    words["kreis"]["values"] = names.to_dict()
    return words


def _write_attributes(words: Mapping[str, Any], path: Path) -> None:
    path.write_bytes(tomli_w.dumps(words).encode())
