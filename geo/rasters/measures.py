"""The statistics of rasters, each as what is worked out per cell and how cells are summed up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from layers.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.rasters.geotiff import Cells, Raster

    #: From values, covered parts and weights of all cells of an area to a number.
    Gathered = Callable[[Cells, Cells, Cells], float]

__all__ = ["BY_PEOPLE", "STATS", "Measure", "Stat", "known_cells", "measure_of", "sphere_of"]

Stat = Literal[
    "mean", "median", "quantile", "min", "max", "sum", "share_above", "share_below",
    "share_of_class", "people_mean", "people_median", "people_quantile", "people_share_above",
    "people_share_below", "people_share_of_class",
]  # fmt: skip
STATS: tuple[Stat, ...] = get_args(Stat)
#: Weighted by people; all others by area.
BY_PEOPLE = frozenset(stat for stat in STATS if stat.startswith("people_"))


@dataclass(frozen=True)
class Measure:
    """How a statistic is put to exactextract: an operation on a function of the cells."""

    operation: str | Gathered
    of: Callable[[Cells], Any]
    options: dict[str, str]
    factor: float = 1.0

    @property
    def gathers(self) -> bool:
        """Whether all cells of an area are held at once."""
        return self.operation == "quantile" or callable(self.operation)


def measure_of(
    raster: Raster, stat: str, threshold: float | None, quantile: float | None,
    classes: Sequence[float],
) -> Measure:  # fmt: skip
    """Return how `stat` is worked out; parameters as for `geo.rasters.zonal.statistic`.

    Raises
    ------
    RecipeError
        If it is unknown, lacks its parameter, or does not fit the numbers of classes.
    """
    if stat not in STATS:
        raise RecipeError(f"stat: '{stat}' is not known; one of {', '.join(STATS)}.", code="stat")
    if raster.classes and not stat.endswith("of_class"):
        msg = (
            f"{raster.path}: its numbers are names of classes, of which '{stat}' makes no sense; "
            "take the share of classes and say which ones, or save it without a palette of colours "
            "if they are quantities."
        )
        raise RecipeError(msg, code="raster_classes")
    by_people = stat in BY_PEOPLE
    sphere = {} if by_people else sphere_of(raster)
    mean = "weighted_mean" if by_people else "mean"
    if stat.endswith(("above", "below")):
        return Measure(mean, _beyond(stat, threshold), sphere, 100.0)
    if stat.endswith("of_class"):
        return Measure(mean, _among(stat, list(classes)), sphere, 100.0)
    if stat.endswith(("median", "quantile")):
        q = _share(0.5 if stat.endswith("median") else quantile)
        if by_people:
            return Measure(_quantile_of_people(q), _as_it_is, {})
        return Measure("quantile", _as_it_is, sphere | {"q": str(q)})
    if stat in {"min", "max", "sum"}:
        return Measure(stat, _as_it_is, {})
    return Measure(mean, _as_it_is, sphere)


def sphere_of(raster: Raster) -> dict[str, str]:
    """Return the option by which cells in degrees weigh by their area on the sphere."""
    return {"coverage_weight": "area_spherical_km2"} if raster.crs.is_geographic else {}


def _share(quantile: float | None) -> float:
    if quantile is None or not 0 <= quantile <= 1:
        given = "none is given" if quantile is None else f"not {quantile:g}"
        msg = f"quantile: a number from 0 to 1 is needed, 0.9 for example; {given}."
        raise RecipeError(msg, code="stat")
    return float(quantile)


def _quantile_of_people(share: float) -> Gathered:
    def quantile(values: Cells, part: Cells, people: Cells) -> float:
        weight = np.ma.filled(part * people, 0.0)
        known = ~np.ma.getmaskarray(values) & (weight > 0)
        order = np.argsort(values.data[known], kind="stable")
        reached = np.cumsum(weight[known][order])
        if not len(order):
            return float("nan")
        # A hair of tolerance: parts of cells that make up exactly the share must count as that.
        place = np.searchsorted(reached, (share - 1e-9) * reached[-1])
        return float(values.data[known][order][place])

    return quantile


def _as_it_is(cells: Cells) -> Cells:
    return cells


def _beyond(stat: str, threshold: float | None) -> Callable[[Cells], Any]:
    if threshold is None or not np.isfinite(threshold):
        given = "none is given" if threshold is None else f"not {threshold:g}"
        msg = f"threshold: '{stat}' needs a number in the raster's unit; {given}."
        raise RecipeError(msg, code="stat")
    above = stat.endswith("above")

    def of(cells: Cells) -> Any:
        hit = cells.data > threshold if above else cells.data < threshold
        return np.ma.masked_array(hit.astype(np.float32), cells.mask)

    return of


def _among(stat: str, classes: list[float]) -> Callable[[Cells], Any]:
    if not classes:
        raise RecipeError(f"stat: '{stat}' needs the numbers of the classes.", code="stat")

    def of(cells: Cells) -> Any:
        return np.ma.masked_array(np.isin(cells.data, classes).astype(np.float32), cells.mask)

    return of


def known_cells(cells: Cells) -> Any:
    """Return 1 where a cell has a value, 0 where it has none."""
    return (~np.ma.getmaskarray(cells)).astype(np.float32)
