"""What must be true of boundaries made lighter for the browser."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geo import mapfiles


def neighbours(corners, shift=0.0):
    """Two areas of 100 km that share one jagged border with many corners."""
    y = np.linspace(0, 100_000, corners)
    jagged = np.column_stack([np.where(np.arange(corners) % 2, 300.0, 0.0), y])
    west = shapely.Polygon([[-100_000, 100_000], [-100_000, 0], *jagged])
    east = shapely.Polygon([*(jagged - [shift, 0]), [100_000, 100_000], [100_000, 0]])
    return gpd.GeoDataFrame({"region": ["W", "E"]}, geometry=[west, east], crs="EPSG:25832")


def test_few_corners_stay_as_they_are():
    areas = neighbours(100)
    light, tolerance = mapfiles._lightened(areas)
    assert tolerance == 0
    assert light.geometry.geom_equals(areas.geometry).all()


def test_many_corners_become_few_and_the_border_stays_shared():
    light, tolerance = mapfiles._lightened(neighbours(20_000))
    assert tolerance > 0
    assert shapely.get_num_coordinates(light.geometry.array).sum() <= mapfiles._CORNERS
    assert shapely.coverage_is_valid(np.asarray(light.geometry.array))
    assert list(light["region"]) == ["W", "E"]


def test_areas_that_are_no_coverage_stay_as_they_are():
    areas = neighbours(20_000, shift=50)
    light, tolerance = mapfiles._lightened(areas)
    assert tolerance == 0
    assert light.geometry.geom_equals(areas.geometry).all()
