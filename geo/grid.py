"""The folder ``data/grid``: the population grid and all that is built on it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tomli_w

from geo import rurality
from geo.access import named, rasters
from geo.place import replace_all
from geo.rasters.population import build_grid, open_grid
from layers.errors import DatasetError
from layers.toml import read_toml

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["build"]

_SOURCES = "sources.toml"
#: Sources that serve the dataset of the Kreise as well, and are described there.
_SHARED = (
    "db_stations2022", "gtfs_rail2026", "inkar2024", "destatis_gv2023", "inkar2021",
    "deutschlandatlas", "thuenen_landatlas",
)  # fmt: skip
#: Of the people: embedded, and of a grid of somebody's own.
_CENSUS, _OWN_CENSUS = "zensus2011_grid", "zensus2022_grid"


def build(raw: Path, definitions: Path, folder: Path, *, census: Path | None = None) -> str:
    """Build the grid, access by cell and Ländlichkeit; return what there is to say about them.

    Parameters
    ----------
    raw : Path
        The publishers' files.
    definitions : Path
        Folder with ``grid/sources.toml`` and ``kreise/sources.toml``.
    folder : Path
        Where to write; the same input and library versions give the same bytes.
    census : Path, optional
        Grid of the census of 2022, see `geo.rasters.census.build`.

    Raises
    ------
    SourceError
        If a publisher's file is missing or unusable.
    DatasetError
        If a definition is missing or broken.
    ExportError
        If the folder cannot be written.
    """
    sources = _sources(definitions, own_census=census is not None)
    report = build_grid(raw, folder, census=census)
    grid = open_grid(folder)
    access = rasters.build(raw, grid, folder)
    named.build(raw, folder)
    found = rurality.build(raw, grid, folder)
    replace_all(folder, {_SOURCES: sources})
    size = f"access by cell: {access.stat().st_size / 1e6:.2f} MB in {access}"
    return f"{report}\n{size}\n{found}"


def _sources(definitions: Path, *, own_census: bool) -> bytes:
    own = read_toml(definitions / "grid" / _SOURCES, DatasetError)
    path = definitions / "kreise" / _SOURCES
    others = read_toml(path, DatasetError)
    taken = _SHARED if own_census else (_CENSUS, *_SHARED)
    for key in taken:
        if key not in others:
            msg = f"{path}: the source '{key}', on which the grid rests, is missing."
            raise DatasetError(msg)
    if not own_census:
        own.pop(_OWN_CENSUS, None)
    return tomli_w.dumps({key: others[key] for key in taken} | own).encode()
