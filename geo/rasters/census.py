"""Building the population grid from the census grid and the borders of the Kreise.

The embedded grid is of the census of 2011, the newest of which a copy was found. Who has the grid
of 2022 from its publisher builds the same folder from it (`layers.sources.zensus_grid`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import tomli_w

from geo.place import replace_all
from geo.rasters.assign import NOWHERE, REACH, assign
from geo.rasters.population import CELL, CRS, FACTS, PEOPLE, REGIONS, PopulationGrid
from layers.errors import SourceError
from layers.sources import umsteigeschluessel
from layers.sources.longtable import numbers, read_csv, require
from layers.sources.zensus_grid import read_grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

__all__ = [
    "ATTRIBUTION",
    "GridReport",
    "build",
    "grid_of",
    "read_people",
    "read_people_2022",
    "render",
]

FILE = "geo/zensus2011_grid_1km/continuous_Einwohner.parquet"
BORDERS = "geo/bkg_vg1000_2024-12-31/vg1000_2024-12-31_utm32.gpkg"
_OFFICIAL = "geo/kreis_schluessel/kreise_schluessel_2024-12-31.csv"
_LAYER = "krs_land"
#: People of the grid beside official figures, by Kreis.
SUMS = "kreise.csv"
YEAR, NEXT_YEAR = 2011, 2022
ATTRIBUTION = {
    YEAR: "© Statistisches Bundesamt, Wiesbaden 2018, Zensus 2011, dl-de/by-2-0",
    NEXT_YEAR: "Statistische Ämter des Bundes und der Länder, Zensus 2022",
}
_BORDERS_BY = "© BKG (2026) dl-de/by-2-0 (VG1000, 31.12.2024); Daten verändert"
#: Column of the grid of 2022 that holds people.
_INHABITANTS = "Einwohner"
#: Columns of the official population in `GridReport.kreise`.
_YEARS = {
    "2012": "(BBSR)", "2021": "destatis_bevoelkerung_2021", "2023": "bevoelkerung_2023_summe_gem",
}  # fmt: skip


@dataclass(frozen=True)
class GridReport:
    """What the building of the grid did.

    Attributes
    ----------
    year : int
        Of the census.
    cells, people : int
        Populated cells of the census, and their people.
    attached_cells, attached_people : int
        Centres outside of all Kreise, given to the nearest within `REACH`.
    lost_cells, lost_people : int
        Centres farther out, which belong to no Kreis.
    kreise : DataFrame
        Indexed by AGS: people (grid), official_2012, official_2021, official_2023 (persons at the
        end of the year) and ratio_2012 ... (grid over official).
    target : Path
        Folder that was written.
    size : int
        Bytes of the GeoTIFFs together.
    """

    year: int
    cells: int
    people: int
    attached_cells: int
    attached_people: int
    lost_cells: int
    lost_people: int
    kreise: pd.DataFrame
    target: Path
    size: int

    def facts(self) -> dict[str, Any]:
        """Return the figures that a reader of the grid should know, as plain values."""
        counts = ("year", "cells", "people", "attached_cells", "attached_people", "lost_cells")
        ratios = {
            year: [round(float(self.kreise[f"ratio_{year}"].quantile(q)), 3) for q in (0, 0.5, 1)]
            for year in _YEARS
        }
        return {name: getattr(self, name) for name in counts} | {"ratios": ratios}

    def __str__(self) -> str:
        """Return lines for the terminal, with the Kreise that differ most."""
        near = f"within {REACH / 1000:g} km"
        found = f"{self.people} people in {self.cells} cells, census of {self.year}"
        attached = f"{self.attached_cells} cells, {self.attached_people} people"
        lines = [
            f"grid: {found}; {self.size / 1e6:.2f} MB in {self.target}",
            f"attached to the nearest Kreis {near}: {attached}",
            f"lost (no Kreis {near}): {self.lost_cells} cells, {self.lost_people} people",
        ]
        for year in _YEARS:
            ratio = self.kreise[f"ratio_{year}"].sort_values()
            ends = [f"{key} {value:.2f}" for key, value in ratio.items()]
            lines.append(
                f"grid / official population {year}: median {ratio.median():.3f}; "
                f"lowest {', '.join(ends[:3])}; highest {', '.join(ends[-3:])}"
            )
        return "\n".join(lines)


def build(raw: Path, target: Path, *, census: Path | None = None) -> GridReport:
    """Write the grid and what there is to say about it into the folder `target`.

    The same input and library versions give the same bytes.

    Parameters
    ----------
    raw : Path
        The publishers' files.
    target : Path
        Folder to write; its files are replaced only when all new ones are there.
    census : Path, optional
        Grid of the census of 2022 (zip or CSV of its publisher), to be taken instead of that of
        2011 in `raw`.

    Raises
    ------
    SourceError
        If a publisher's file is missing or does not look as expected.
    ExportError
        If the folder cannot be written.
    """
    official = _official(raw)
    people = read_people(raw / FILE) if census is None else read_people_2022(census)
    year = YEAR if census is None else NEXT_YEAR
    grid = grid_of(people, read_borders(raw / BORDERS), year=year)
    files = {
        PEOPLE: render(grid, {"people": grid.people.astype(np.int32)}, grid.attribution),
        REGIONS: render(
            grid, {"AGS": grid.region, "attached": grid.attached.astype(np.int32)},
            _BORDERS_BY, categories=True,
        ),
    }  # fmt: skip
    report = _report(grid, official, target, sum(map(len, files.values())))
    table = report.kreise.round(4).to_csv(lineterminator="\n", float_format="%.10g")
    facts = tomli_w.dumps(report.facts())
    replace_all(target, files | {SUMS: table.encode(), FACTS: facts.encode()})
    return report


def read_people(path: Path) -> pd.DataFrame:
    """Read the populated cells of the census grid: x, y (centres, EPSG:3035) and people.

    Codes below zero (nobody, or not published) are left out.

    Raises
    ------
    SourceError
        If the file is missing, lacks a column, holds a cell twice, or a centre is not that of a
        cell of the 1 km grid.
    """
    if not path.is_file():
        msg = f"{path}: the census grid is missing; see the build definition."
        raise SourceError(msg)
    table = pd.read_parquet(path)
    require(table, ("x", "y", "Einwohner"), path)
    off = (table[["x", "y"]] % CELL != CELL / 2).any(axis="columns")
    twice = table.duplicated(["x", "y"])
    for fault, hit in {"is no centre of a cell of 1 km": off, "occurs twice": twice}.items():
        if hit.any():
            first = table[hit].iloc[0]
            msg = f"{path}: cell x {first['x']}, y {first['y']} {fault} ({hit.sum()} such rows)."
            raise SourceError(msg)
    people = table[table["Einwohner"] > 0].rename(columns={"Einwohner": "people"})
    return people[["x", "y", "people"]].reset_index(drop=True)


def read_people_2022(path: Path) -> pd.DataFrame:
    """Read the populated cells of the grid of 2022 as `read_people` does.

    Raises
    ------
    SourceError
        If the file is not as its publisher describes it.
    """
    cells = read_grid(path, _INHABITANTS, "1km").table
    people = cells[cells["value"] > 0].rename(columns={"value": "people"})
    if people.empty:
        raise SourceError(f"{path}: holds no cell with people.")
    return people[["x", "y", "people"]].reset_index(drop=True)


def read_borders(path: Path) -> gpd.GeoSeries:
    """Read the land areas of the Kreise in full detail, indexed by AGS.

    Raises
    ------
    SourceError
        If the file is missing.
    """
    import geopandas as gpd

    if not path.is_file():
        msg = f"{path}: the boundaries are missing; see the build definition."
        raise SourceError(msg)
    frame = gpd.read_file(path, layer=_LAYER, columns=["AGS"])
    return frame.set_index("AGS").sort_index().geometry


def grid_of(people: pd.DataFrame, areas: gpd.GeoSeries, *, year: int = YEAR) -> PopulationGrid:
    """Lay people into a raster around all of them, and give every cell its region.

    Cells without people get a region only where their centre lies in one.

    Parameters
    ----------
    people : DataFrame
        x, y (centres of cells, EPSG:3035), people.
    areas : GeoSeries
        Indexed by keys that are whole numbers written as text.
    year : int
        Of the census.
    """
    from affine import Affine

    west, north = people["x"].min() - CELL / 2, people["y"].max() + CELL / 2
    column = ((people["x"] - west) // CELL).to_numpy(np.intp)
    row = ((north - people["y"]) // CELL).to_numpy(np.intp)
    shape = (row.max() + 1, column.max() + 1)
    count = np.zeros(shape, np.float32)
    count[row, column] = people["people"]
    transform = Affine(CELL, 0.0, float(west), 0.0, -CELL, float(north))
    nowhere, nobody = np.zeros(shape, np.int32), np.zeros(shape, dtype=bool)
    empty = PopulationGrid(count, transform, CRS, nowhere, nobody, year, ATTRIBUTION[year])
    return _with_regions(empty, areas)


def _with_regions(grid: PopulationGrid, areas: gpd.GeoSeries) -> PopulationGrid:
    shape = grid.people.shape
    found = assign(*grid.centres(np.arange(grid.people.size)), areas, crs=CRS)
    keep = ~found.attached | (grid.people.ravel() > 0)
    # The last place, -1, is that of cells without an area.
    numbered = np.append(areas.index.astype(np.int32).to_numpy(), np.int32(0))
    region = numbered[np.where(keep, found.area, NOWHERE)]
    attached = found.attached & keep
    return replace(grid, region=region.reshape(shape), attached=attached.reshape(shape))


def render(
    grid: PopulationGrid, bands: Mapping[str, NDArray[Any]], attribution: str, *,
    categories: bool = False, nodata: float = 0, scale: float = 1.0, unit: str = "",
    years: Mapping[str, int] | None = None, overviews: bool = True,
) -> bytes:  # fmt: skip
    """Write bands on the grid as a cloud-optimised GeoTIFF.

    Overviews show the mean of the cells that have a value, or with `categories` one of them.

    Parameters
    ----------
    bands : mapping
        Name of each band -> values, all of one type.
    nodata : float
        What stands where there is no value.
    scale, unit : float, str
        Of the stored numbers: value in `unit` = number * `scale`.
    years : mapping, optional
        Year by band, where it is not that of the grid.
    overviews : bool
        Whether coarser copies go into the file.
    """
    from rasterio.io import MemoryFile

    arrays = np.stack(list(bands.values()))
    profile = {
        "driver": "COG", "dtype": arrays.dtype, "count": len(arrays), "crs": CRS,
        "height": arrays.shape[1], "width": arrays.shape[2], "transform": grid.transform,
        "nodata": nodata, "compress": "DEFLATE", "level": 9, "predictor": "YES", "blocksize": 256,
        "overview_compress": "DEFLATE", "overviews": "AUTO" if overviews else "NONE",
        "overview_resampling": "NEAREST" if categories else "AVERAGE",
    }  # fmt: skip
    with MemoryFile() as memory:
        with memory.open(**profile) as file:
            file.write(arrays)
            file.descriptions = tuple(bands)
            file.scales = [scale] * len(arrays)
            file.units = [unit] * len(arrays)
            file.update_tags(YEAR=str(grid.year), ATTRIBUTION=attribution, CELL="1 km, INSPIRE")
            for number, name in enumerate(bands, start=1):
                if years:
                    file.update_tags(number, YEAR=str(years[name]))
        return bytes(memory.read())


def _official(raw: Path) -> pd.DataFrame:
    """Official population at the end of 2012 (BBSR), 2021 and 2023 (Destatis), indexed by AGS.

    2012 is the first year that rests on the census of 2011; the printed figures of 2011 do not.
    """
    path = raw / _OFFICIAL
    rows = read_csv(path, ("ags", _YEARS["2021"], _YEARS["2023"]))
    parts = umsteigeschluessel.parts(raw)
    early = parts[parts["status"] == YEAR + 1].groupby("new")["population"].sum()
    table = pd.DataFrame({"official_2012": rows["ags"].map(early)})
    for year in ("2021", "2023"):
        table[f"official_{year}"] = numbers(rows, _YEARS[year], path)
    return table.set_axis(rows["ags"])


def _report(grid: PopulationGrid, official: pd.DataFrame, target: Path, size: int) -> GridReport:
    cells = grid.cells()
    lost, attached = cells["region"] == "", cells["attached"]
    kreise = official.copy()
    kreise.insert(0, "people", cells.groupby("region")["people"].sum().reindex(kreise.index))
    for year in _YEARS:
        kreise[f"ratio_{year}"] = kreise["people"] / kreise[f"official_{year}"]
    return GridReport(
        year=grid.year, cells=len(cells), people=int(cells["people"].sum()),
        attached_cells=int(attached.sum()), attached_people=int(cells["people"][attached].sum()),
        lost_cells=int(lost.sum()), lost_people=int(cells["people"][lost].sum()),
        kreise=kreise, target=target, size=size,
    )  # fmt: skip
