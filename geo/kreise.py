"""Building the embedded dataset of the 400 Kreise from the publishers' files."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from geo import boundaries, reforms, regions
from geo.access.reader import AccessReader
from geo.rasters.census import BORDERS, read_borders
from layers.build import (
    BuildReport,
    Inputs,
    collect,
    publish,
    write_parquet,
    write_values,
)
from layers.catalogue import Catalogue
from layers.errors import SourceError
from layers.sources import READERS
from layers.sources.plan import Plan

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

#: In metres. At 1,400 pixels for the whole country a pixel is 460 m, zoomed four times 115 m.
TOLERANCE = 300.0


def build(
    raw: Path,
    definitions: Path,
    target: Path,
    *,
    grid: Path | None = None,
    plan: str = "build.toml",
) -> BuildReport:
    """Build the dataset folder `target`; the same input gives the same bytes.

    Parameters
    ----------
    raw : Path
        The publishers' files, as the readers know them.
    definitions : Path
        ``dataset.toml``, `plan`, ``reforms.csv``, ``sources.toml``, ``attributes.toml`` and the
        folder ``catalogue``.
    target : Path
        Folder to write; replaced only when the new one is whole.
    grid : Path, optional
        Folder of the population grid on which access is measured; the embedded one if absent.
    plan : str
        Build definition in that folder: ``official.toml`` reads all indicators from files in their
        publishers' own formats.

    Raises
    ------
    SourceError
        If a publisher's file is missing or does not look as expected.
    DatasetError
        If the definitions contradict each other.
    """
    crosswalk = reforms.Crosswalk.load(raw, definitions / "reforms.csv")
    table = regions.kreise(raw, crosswalk)
    keys = pd.Index(table["region"])
    readers = {**READERS, "access": AccessReader(grid)}
    values, report = collect(
        Plan.load(definitions / plan),
        Inputs(raw, readers, reforms.mover(crosswalk, frozenset(keys))),
        catalogue=Catalogue.load(definitions / "catalogue"),
        regions=keys,
    )
    borders = borders_of(raw, keys)
    publish(
        definitions,
        target,
        tables={
            "values.parquet": partial(write_values, values),
            "regions.parquet": partial(write_parquet, table),
            "boundaries.parquet": partial(boundaries.write, borders),
        },
        texts={
            name: definitions / name for name in ("catalogue", "sources.toml", "attributes.toml")
        },
    )
    return replace(report, target=target)


def borders_of(raw: Path, keys: pd.Index) -> gpd.GeoDataFrame:
    """Read and simplify the borders of the Kreise `keys` (land areas only), indexed by region.

    Raises
    ------
    SourceError
        If the file is missing or its keys are not `keys`.
    """
    path = raw / BORDERS
    frame = read_borders(path).rename_axis("region").to_frame("geometry")
    if list(frame.index) != sorted(keys):
        other = ", ".join(sorted(set(frame.index) ^ set(keys))[:5])
        msg = f"{path}: column 'AGS' does not hold the keys of the regions; they differ in {other}."
        raise SourceError(msg)
    return boundaries.simplify(frame, TOLERANCE)
