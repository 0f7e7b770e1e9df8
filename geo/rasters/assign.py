"""Which region a point belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from layers.errors import SourceError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

__all__ = ["REACH", "Assigned", "assign"]

#: In metres: how far outside of all areas a point may lie and still be given to the nearest one.
REACH = 3_000.0
#: Number of the area of a point that belongs to none.
NOWHERE = -1


class Assigned(NamedTuple):
    """Where points belong.

    Attributes
    ----------
    area : (n,) array of int
        Position of the area in the table of areas; -1 where there is none.
    attached : (n,) array of bool
        Whether the point lies outside of all areas and was given to the nearest.
    """

    area: NDArray[np.intp]
    attached: NDArray[np.bool_]


def assign(
    x: NDArray[np.float64], y: NDArray[np.float64], areas: gpd.GeoSeries, *,
    crs: object, reach: float = REACH,
) -> Assigned:  # fmt: skip
    """Give every point the area it lies in, or else the nearest within `reach`.

    A point on a shared border belongs to the first of its areas. Distances are straight lines in
    the coordinate system of `areas`, which must be projected.

    Parameters
    ----------
    x, y : (n,) arrays
        Points in the coordinate reference system `crs`.
    areas : GeoSeries of n polygons
        Kreise, municipalities or any others.
    reach : float
        In metres; 0 attaches nothing.

    Raises
    ------
    SourceError
        If `areas` has no projected coordinate reference system.
    """
    if areas.crs is None or not areas.crs.is_projected:
        msg = "areas: a projected coordinate reference system is needed, such as EPSG:25832."
        raise SourceError(msg)
    points = shapely.points(*_moved(x, y, crs, areas.crs))
    shapes = np.asarray(areas.array)
    area = _inside(points, shapes)
    outside = np.flatnonzero(area == NOWHERE)
    attached = np.zeros(len(points), dtype=bool)
    if reach > 0 and len(outside):
        found, nearest = shapely.STRtree(shapes).query_nearest(
            points[outside], max_distance=reach, all_matches=False
        )
        area[outside[found]] = nearest
        attached[outside[found]] = True
    return Assigned(area, attached)


def _inside(points: NDArray[np.object_], shapes: NDArray[np.object_]) -> NDArray[np.intp]:
    """Position of the first area that each point meets, or `NOWHERE`."""
    shape, point = shapely.STRtree(points).query(shapes, predicate="intersects")
    area = np.full(len(points), NOWHERE, dtype=np.intp)
    # Of several writes to one place the last one stays: the first area is written last.
    order = np.argsort(shape, kind="stable")[::-1]
    area[point[order]] = shape[order]
    return area


def _moved(
    x: NDArray[np.float64], y: NDArray[np.float64], source: object, target: object
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True).transform(x, y)
