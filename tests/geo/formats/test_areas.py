"""What must be true of boundaries made lighter for the browser."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geo.formats import areas

CORNERS = 19_000


def neighbours(corners, shift=0.0):
    """Two areas of 100 km that share one jagged border with many corners."""
    y = np.linspace(0, 100_000, corners)
    jagged = np.column_stack([np.where(np.arange(corners) % 2, 300.0, 0.0), y])
    west = shapely.Polygon([[-100_000, 100_000], [-100_000, 0], *jagged])
    east = shapely.Polygon([*(jagged - [shift, 0]), [100_000, 100_000], [100_000, 0]])
    return gpd.GeoDataFrame({"region": ["W", "E"]}, geometry=[west, east], crs="EPSG:25832")


def test_few_corners_stay_as_they_are():
    frame = neighbours(100)
    light, tolerance = areas.lightened(frame, CORNERS)
    assert tolerance == 0
    assert light.geometry.geom_equals(frame.geometry).all()


def test_many_corners_become_few_and_the_border_stays_shared():
    light, tolerance = areas.lightened(neighbours(20_000), CORNERS)
    assert tolerance > 0
    assert shapely.get_num_coordinates(light.geometry.array).sum() <= CORNERS
    assert shapely.coverage_is_valid(np.asarray(light.geometry.array))
    assert list(light["region"]) == ["W", "E"]


def test_areas_that_are_no_coverage_stay_as_they_are():
    frame = neighbours(20_000, shift=50)
    light, tolerance = areas.lightened(frame, CORNERS)
    assert tolerance == 0
    assert light.geometry.geom_equals(frame.geometry).all()


def test_more_areas_than_corners_come_to_an_end_and_stay_areas():
    squares = [shapely.box(x, y, x + 1, y + 1) for x in range(20) for y in range(20)]
    frame = gpd.GeoDataFrame(
        {"region": [f"{place:03}" for place in range(400)]}, geometry=squares, crs="EPSG:25832"
    )
    light, _ = areas.lightened(frame, 100)
    assert shapely.coverage_is_valid(np.asarray(light.geometry.array))
    assert light.geometry.area.gt(0).all()
