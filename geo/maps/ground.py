"""What every map of the same regions is drawn on: their shapes at the fineness of a print size."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.errors import DatasetError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

__all__ = ["FINENESS", "Drawing", "Ground", "as_path", "radius"]

#: Usual size of the smallest bend that is kept, in points: about an eighth of a millimetre.
FINENESS = 0.35
#: A region is tiny if the radius of a largest circle inside it is smaller than this, in points.
_TINY = 2.0


@dataclass(frozen=True, eq=False)
class Drawing:
    """Regions on paper; all coordinates in points, x to the right and y upwards from a corner.

    Attributes
    ----------
    shapes : array of polygons
        One per region.
    outlines : array of lines
        Between groups and along the outer shore.
    width, height : float
        Of the whole, in points.
    scale : float
        Points per metre.
    """

    shapes: Shapes
    outlines: Shapes
    width: float
    height: float
    scale: float
    _paths: dict[tuple[float, float], list[Any]] = field(
        default_factory=dict, init=False, repr=False
    )

    def paths(self, x: float, y: float) -> list[Any]:
        """Regions as matplotlib paths, moved by `x` and `y`; kept, as maps often stand alike."""
        if (x, y) not in self._paths:
            self._paths[x, y] = [as_path(shape, x, y) for shape in self.shapes]
        return self._paths[x, y]

    @cached_property
    def tiny(self) -> NDArray[np.bool_]:
        """Regions of which thin borders would leave little."""
        # The area tells most that are not, so that the costly circle is asked for few.
        tiny: NDArray[np.bool_] = shapely.area(self.shapes) < np.pi * (3 * _TINY) ** 2
        tiny[tiny] = [radius(shape) < _TINY for shape in self.shapes[tiny]]
        return tiny


def as_path(shape: Any, x: float = 0.0, y: float = 0.0) -> Any:
    """Return a polygon with its holes as a matplotlib path."""
    from matplotlib.path import Path

    rings = shapely.get_rings(shapely.get_parts(shape))
    return Path.make_compound_path(
        *(Path(shapely.get_coordinates(one) + np.array([x, y]), closed=True) for one in rings)
    )


def radius(shape: Any) -> float:
    """Radius of a largest circle inside a polygon."""
    return float(shapely.length(shapely.maximum_inscribed_circle(shape, tolerance=0.1)))


@dataclass(frozen=True, eq=False)
class Ground:
    """Shapes of regions, to be drawn at any size.

    Attributes
    ----------
    shapes : GeoSeries
        Polygons of a valid coverage in a projected reference system (metres), by region.
    groups : Series, optional
        Group of each region, such as its Land; lines are drawn between groups.
    fineness : float
        Size of the smallest bend that is kept, in points of the drawing.
    """

    shapes: gpd.GeoSeries
    groups: pd.Series | None = None
    fineness: float = FINENESS
    _drawn: dict[tuple[float, float], Drawing] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn to scale."""
        crs = self.shapes.crs
        if self.shapes.empty or crs is None or not crs.is_projected:
            raise DatasetError(
                "map: shapes of at least one region in a projected reference system are needed, "
                "for Germany EPSG:25832."
            )

    def drawing(self, width: float, height: float) -> Drawing:
        """Fit the regions into a box of so many points; kept, as many maps have the same size."""
        box = width, height
        if box not in self._drawn:
            self._drawn[box] = self._draw(width, height)
        return self._drawn[box]

    def _draw(self, width: float, height: float) -> Drawing:
        west, south, east, north = self.shapes.total_bounds
        scale = min(width / (east - west), height / (north - south))
        bare = shapely.coverage_simplify(self.shapes.to_numpy(), self.fineness / scale)

        def to_paper(points: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(np.round((points - (west, south)) * scale, 2))

        shapes = shapely.transform(bare, to_paper)
        return Drawing(
            shapes=shapes, outlines=shapely.transform(self._outlines(bare), to_paper),
            width=(east - west) * scale, height=(north - south) * scale, scale=scale,
        )  # fmt: skip

    def _outlines(self, shapes: Shapes) -> Shapes:
        groups = None if self.groups is None else self.groups.reindex(self.shapes.index)
        codes = np.zeros(len(shapes), int) if groups is None else groups.factorize()[0]
        areas = [shapely.coverage_union_all(shapes[codes == one]) for one in np.unique(codes)]
        # Lines that two groups share are to be drawn once.
        merged = shapely.line_merge(shapely.union_all(shapely.boundary(areas)))
        return np.asarray(shapely.get_parts(merged))
