"""``ipot access``: how far people live from places of one's own.

Heavy imports wait inside the command, so that ``--help`` is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from views.cli.root import LanguageOption, cli, say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from geo.rasters.population import PopulationGrid


@cli.command("access")
def measure_access(
    places: Annotated[
        Path, typer.Argument(help="List of places with columns lon and lat, or x and y.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help=".csv or .parquet; one row per Kreis.")
    ],
    *,
    crs: Annotated[
        str | None, typer.Option(help="Of x and y, such as EPSG:25832; degrees if absent.")
    ] = None,
    x: Annotated[str | None, typer.Option(help="Title of the column of longitude or x.")] = None,
    y: Annotated[str | None, typer.Option(help="Title of the column of latitude or y.")] = None,
    detour: Annotated[
        float, typer.Option(help="Way over straight line, from 1 to 5; multiplies distances.")
    ] = 1.0,
    within: Annotated[
        str, typer.Option(help="Limits in km: share of people who live no farther away.")
    ] = "5,10,20",
    raster: Annotated[
        Path | None, typer.Option(help="Write the distance by cell as well (.tif, km).")
    ] = None,
    language: LanguageOption = "de",
) -> None:
    """Measure how far people live from the nearest of your places, by Kreis and by cell."""
    from geo.access.distance import check_detour, nearest
    from geo.access.own import far_from_people, notes, read_own
    from geo.access.summary import summary
    from geo.publish_study import check_table_target, write_table
    from geo.rasters.population import open_grid
    from layers.errors import SourceError
    from layers.own_table import content_of

    check_table_target(output)
    _check_raster(raster)
    check_detour(detour)
    limits = _limits(within)
    if (x is None) != (y is None):
        raise SourceError("--x and --y: name both columns or neither.")
    columns = None if x is None or y is None else (x, y)
    found = read_own(content_of(places), places.name, crs=crs, columns=columns)
    grid = open_grid()
    cells = grid.cells()
    outside = far_from_people(found.points, cells, places.name)
    if outside:
        lie = "1 place lies" if outside == 1 else f"{outside} places lie"
        them = "it counts" if outside == 1 else "they count"
        say(f"{places.name}: {lie} in no populated cell; {them} all the same.")
    distance = nearest(cells, found.points, detour=detour)
    table = summary(cells, distance, cells["region"], limits)
    told = notes(
        language, name=places.name, places=found, detour=detour, within=limits, grid=grid
    )  # fmt: skip
    write_table(_named(table), told, output)
    if raster is not None:
        _write_raster(raster, grid, distance, told)


def _limits(words: str) -> tuple[float, ...]:
    from layers.errors import SourceError

    try:
        limits = tuple(float(word) for word in words.split(","))
    except ValueError:
        limits = ()
    if not limits or not all(0 < limit < 1_000 for limit in limits):  # noqa: PLR2004 -- wider than Germany
        msg = f"--within '{words}': numbers of km parted by commas are needed, such as 5,10,20."
        raise SourceError(msg)
    return tuple(sorted(set(limits)))


def _check_raster(path: Path | None) -> None:
    from geo.place import check_file
    from layers.errors import ExportError

    if path is None:
        return
    if path.suffix.lower() not in (".tif", ".tiff"):
        raise ExportError(f"{path}: a raster is written as .tif.")
    check_file(path)


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Put the names of the Kreise beside their keys; metres are digits enough."""
    from layers import Dataset
    from layers.paths import data_folder

    regions = Dataset.open(data_folder() / "kreise").regions
    result = table.round(3).rename_axis("region").reset_index()
    result.insert(1, "name", result["region"].map(regions["label"]))
    return result


def _write_raster(
    path: Path, grid: PopulationGrid, distance: NDArray[np.float64], told: list[str]
) -> None:
    from geo.place import replace
    from geo.rasters.census import render

    band = grid.raster(distance).astype("float32")
    content = render(grid, {"km": band}, "; ".join(told), nodata=float("nan"), unit="km")
    replace(path, content)
