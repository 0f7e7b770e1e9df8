"""What a raster says about areas: mean, share of people above a threshold, quantiles and others.

Areas are moved into the coordinate reference system of the raster; its values are never
resampled. A cell that an area covers in part counts with that part (exactextract: exact cover
fractions). Cells without a value are left out, never taken as zero; ``covered`` says how much of
the area, or of its people, has one.

Cells weigh by their area: in degrees by that on the sphere, in metres as drawn. Where a projection
is not equal-area, weights are off by its change of scale within one area: under 0.2 % in UTM, up to
some percent in Web Mercator. Borders stay straight lines between their corners when they are moved.

Weights by people take each cell of the population grid as evenly inhabited; see
`geo.rasters.windows.People`. A statistic by people is therefore one of places, not of households.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from geo.rasters.measures import BY_PEOPLE, STATS, Stat, known_cells, measure_of, sphere_of
from layers.errors import RecipeError, SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geo.rasters.geotiff import Bounds, Raster
    from geo.rasters.measures import Measure
    from geo.rasters.population import PopulationGrid

__all__ = [
    "BY_PEOPLE", "STATS", "WHOLE", "Note", "Reading", "Stat", "indicator", "statistic", "unit_of",
]  # fmt: skip

#: "": covered; "partial": covered in part; "too_little": below the least share, so no value;
#: "nobody": no people there to weigh with; "outside": the raster lies elsewhere.
Note = Literal["", "partial", "too_little", "nobody", "outside"]
#: Share from which an area counts as covered: simplified borders cut off a hair.
WHOLE = 0.999
#: Cells that exactextract holds at a time.
_AT_ONCE = 2**22
#: A quantile holds all cells of an area at once, 16 bytes each.
_QUANTILE_CELLS = 20_000_000


@dataclass(frozen=True)
class Reading:
    """An indicator that was read from a raster.

    Attributes
    ----------
    table : DataFrame
        region, value, flag (`calculated`); regions without a value are left out.
    unit : str
        Of the values; "%" for shares.
    partial : tuple of str
        Regions whose value rests on a part of their area, or of their people.
    missing : dict of str to Note
        Regions without a value, and why.
    covered : Series
        Share of each region's area or people that has a value, from 0 to 1.
    """

    table: pd.DataFrame
    unit: str
    partial: tuple[str, ...]
    missing: dict[str, Note]
    covered: pd.Series


def statistic(
    raster: Raster, areas: gpd.GeoDataFrame, stat: Stat, *, threshold: float | None = None,
    quantile: float | None = None, classes: Sequence[float] = (),
    population: PopulationGrid | None = None, least: float = 0.5,
) -> pd.DataFrame:  # fmt: skip
    """Summarise a raster over areas.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons indexed by region, in any coordinate reference system.
    stat : Stat
        ``mean``, ``median``, ``quantile``, ``sum`` count cells by the part that an area covers;
        ``min`` and ``max`` take every cell that it touches; ``share_...`` is the share of the
        covered area, ``people_...`` weighs by people: ``people_quantile`` is the smallest value
        below or at which at least that share of the people live.
    threshold : float
        For ``..._above`` (value > threshold) and ``..._below`` (value < threshold), in the
        raster's unit.
    quantile : float
        From 0 to 1, for ``quantile`` and ``people_quantile``.
    classes : sequence of float
        Numbers of the classes counted by ``..._share_of_class``.
    population : PopulationGrid, optional
        For ``people_...``; without it the embedded grid.
    least : float
        Areas of whose area or people a smaller share has a value stay missing.

    Returns
    -------
    DataFrame
        By region: ``value`` in the raster's unit, or in percent for shares; ``covered`` from 0 to
        1, the share of area or people that has a value; ``note`` (see `Note`). A sum is that of
        what is covered; it is not scaled up.

    Raises
    ------
    RecipeError
        If the statistic is unknown, lacks its parameter, or does not fit classes.
    SourceError
        If the raster lies nowhere near the areas, or cannot be read to its end.
    """
    if not 0 <= least <= 1:
        raise RecipeError(f"least: {least} is no share; give a number from 0 to 1.")
    measure = measure_of(raster, stat, threshold, quantile, classes)
    shapes = _moved(raster, areas)
    near = shapes[_meet(shapes, raster.bounds)]
    if near.empty:
        raise _elsewhere(raster, shapes)
    if measure.gathers:
        _check_cells(raster, near)
    if stat in BY_PEOPLE and population is None:
        from geo.rasters.population import open_grid

        population = open_grid()
    found = _extract(raster, near, measure, population if stat in BY_PEOPLE else None)
    return _told(found.reindex(shapes.index), near.index, least, measure.factor)


def indicator(
    raster: Raster, areas: gpd.GeoDataFrame, stat: Stat, *, threshold: float | None = None,
    quantile: float | None = None, classes: Sequence[float] = (),
    population: PopulationGrid | None = None, least: float = 0.5,
) -> Reading:  # fmt: skip
    """Read an indicator from a raster: `statistic` as a long table, with what must be told of it.

    Raises
    ------
    RecipeError, SourceError
        As `statistic`; also if no region at all gets a value.
    """
    found = statistic(
        raster, areas, stat, threshold=threshold, quantile=quantile, classes=classes,
        population=population, least=least,
    )  # fmt: skip
    known = found[found["value"].notna()]
    if known.empty:
        msg = (
            f"{raster.path}: covers no region to at least {least:.0%}; the best covered one is "
            f"{found['covered'].idxmax()} with {found['covered'].max():.1%}."
        )
        raise SourceError(msg, code="raster_elsewhere")
    gaps = found.loc[found["value"].isna(), "note"]
    return Reading(
        table=pd.DataFrame(
            {
                "region": known.index.astype("str"),
                "value": known["value"].to_numpy(),
                "flag": "calculated",
            }
        ),
        unit=unit_of(raster, stat),
        partial=tuple(known.index[known["note"] == "partial"]),
        missing=dict(zip(gaps.index, gaps, strict=True)),
        covered=found["covered"],
    )


def unit_of(raster: Raster, stat: Stat) -> str:
    """Return the unit of a statistic: percent for shares, else that of the raster."""
    return "%" if "share" in stat else raster.unit


def _moved(raster: Raster, areas: gpd.GeoDataFrame) -> gpd.GeoSeries:
    if not areas.index.is_unique:
        again = areas.index[areas.index.duplicated()][0]
        raise SourceError(f"areas: region '{again}' occurs more than once.")
    if areas.crs is None:
        raise SourceError("areas: name no coordinate reference system (CRS); EPSG:25832, say.")
    from pyproj.exceptions import ProjError

    msg = (
        f"{raster.path}: the regions cannot be moved into its CRS '{raster.crs.name}'; bring it "
        "into another one: gdalwarp -t_srs EPSG:3035 IN.tif OUT.tif."
    )
    try:
        shapes = areas.geometry.to_crs(raster.crs)
    except ProjError as cause:
        raise SourceError(msg, code="raster_crs") from cause
    if not np.isfinite(shapes.total_bounds).all():
        raise SourceError(msg, code="raster_crs")
    return shapes


def _meet(shapes: gpd.GeoSeries, bounds: Bounds) -> pd.Series:
    """Whether the rectangle around each area overlaps that of the raster."""
    west, south, east, north = bounds
    box = shapes.bounds
    meets = (box["minx"] < east) & (box["maxx"] > west)
    meets &= (box["miny"] < north) & (box["maxy"] > south)
    return pd.Series(meets, index=shapes.index)


def _elsewhere(raster: Raster, shapes: gpd.GeoSeries) -> SourceError:
    msg = (
        f"{raster.path}: lies at {_degrees(raster.crs, raster.bounds)}, the regions at "
        f"{_degrees(raster.crs, tuple(shapes.total_bounds))}; is its CRS '{raster.crs.name}' right?"
    )
    return SourceError(msg, code="raster_elsewhere")


def _degrees(crs: Any, bounds: Bounds) -> str:
    from pyproj import Transformer

    change = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    west, south, east, north = change.transform_bounds(*bounds)
    return f"longitude {west:.2f} to {east:.2f}, latitude {south:.2f} to {north:.2f}"


def _check_cells(raster: Raster, shapes: gpd.GeoSeries) -> None:
    wide, high = raster.cell
    box = shapes.bounds
    area = (box["maxx"] - box["minx"]) * (box["maxy"] - box["miny"])
    if (most := float(area.max()) / (wide * high)) > _QUANTILE_CELLS:
        msg = (
            f"{raster.path}: a quantile needs all cells of a region at once, up to {most:,.0f} "
            f"({_QUANTILE_CELLS:,} at most); average the raster to larger cells first."
        )
        raise SourceError(msg, code="raster_large")


def _extract(
    raster: Raster, shapes: gpd.GeoSeries, measure: Measure, grid: PopulationGrid | None
) -> pd.DataFrame:
    """Value and covered share by region, as exactextract finds them; NaN where nothing counts."""
    import geopandas as gpd
    from exactextract import exact_extract
    from exactextract.operation import Operation

    from geo.rasters.windows import Measured, People, Reader, frame_of

    factor = People.factor(grid, raster) if grid else 1.0
    frame = frame_of(raster, tuple(shapes.total_bounds), max(1, int(factor)))
    table = gpd.GeoDataFrame({"place": range(len(shapes))}, geometry=shapes.array, crs=shapes.crs)
    with raster.open() as file:
        reader = Reader(raster, file, frame)
        # These names keep the sources alive: an operation does not.
        values = Measured(reader, measure.of, "value")
        known = Measured(reader, known_cells, "covered")
        people = People(grid, raster, frame.scaled(factor)) if grid else None
        operation = measure.operation
        if not callable(operation):
            operation = Operation(operation, "value", values, people, measure.options)
        mean, sphere = ("weighted_mean", {}) if grid else ("mean", sphere_of(raster))
        found: pd.DataFrame = exact_extract(
            values, table, [operation, Operation(mean, "covered", known, people, sphere)],
            weights=people, include_cols=["place"], output="pandas", max_cells_in_memory=_AT_ONCE,
        )  # fmt: skip
    # By position: exactextract names some results in its own way.
    found.columns = pd.Index(["place", "value", "covered"])
    return found.set_index(shapes.index[found.pop("place")]).astype("float64")


def _told(found: pd.DataFrame, near: pd.Index, least: float, factor: float) -> pd.DataFrame:
    """Scale values, drop those that rest on too little, and say why in `note`."""
    covered = found["covered"].clip(upper=1.0)
    note = pd.Series("", index=found.index, dtype="str")
    note = note.mask(covered < WHOLE, "partial").mask(covered < least, "too_little")
    note = note.mask(covered.isna(), "nobody").mask(covered == 0, "outside")
    note = note.mask(~found.index.isin(near), "outside")
    value = (found["value"] * factor).where(note.isin(["", "partial"]))
    return pd.DataFrame({"value": value, "covered": covered.fillna(0.0), "note": note})
