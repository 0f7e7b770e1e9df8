"""Which regions touch one another, and along how much of a border."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import shapely

from layers.errors import RecipeError

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["neighbours"]


def neighbours(shapes: gpd.GeoDataFrame, region: str) -> pd.Series:
    """Return the regions that share a border with one region, the longest border first.

    Regions that only meet in a corner are no neighbours. The length is that of the boundaries as
    given: simplified ones are shorter than the real border, and borders through water count.

    Parameters
    ----------
    shapes : GeoDataFrame
        Indexed by region, a valid coverage in metres, as `geo.boundaries.load` returns it.

    Returns
    -------
    Series
        ``border`` in kilometres by region; empty for an island.

    Raises
    ------
    RecipeError
        If the region has no boundary.
    """
    if region not in shapes.index:
        msg = f"neighbours: region '{region}' has no boundary; its neighbours are unknown."
        raise RecipeError(msg)
    own = shapes.geometry[region]
    near = shapes.geometry.iloc[shapes.sindex.query(own, predicate="intersects")]
    near = near.drop(index=region)
    shared = shapely.intersection(shapely.boundary(near.to_numpy()), shapely.boundary(own))
    length = pd.Series(shapely.length(shared) / 1000, index=near.index, name="border")
    return length[length > 0].sort_values(ascending=False, kind="stable")
