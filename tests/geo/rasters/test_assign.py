"""Points and the areas that they lie in: inside, on a border, just outside, far away."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.rasters.assign import NOWHERE, assign
from layers.errors import SourceError

CRS = "EPSG:25832"


def areas(crs=CRS):
    left, right = shapely.box(500_000, 0, 510_000, 10_000), shapely.box(510_000, 0, 520_000, 10_000)
    return gpd.GeoSeries([left, right], index=["a", "b"], crs=crs)


def given(points, **options):
    x, y = np.array(points, float).T
    return assign(x, y, areas(), crs=CRS, **options)


def test_a_point_belongs_to_the_area_that_it_lies_in():
    assert given([[505_000, 5_000], [515_000, 5_000]]).area.tolist() == [0, 1]


def test_on_a_shared_border_the_first_area_has_it():
    found = given([[510_000, 5_000]])
    assert (found.area.tolist(), found.attached.tolist()) == ([0], [False])


def test_just_outside_the_nearest_area_takes_it_and_says_so():
    found = given([[522_999, 5_000], [523_001, 5_000], [505_000, 5_000]])
    assert found.area.tolist() == [1, NOWHERE, 0]
    assert found.attached.tolist() == [True, False, False]


def test_nothing_is_attached_without_reach():
    assert given([[520_001, 5_000]], reach=0).area.tolist() == [NOWHERE]


def test_points_of_another_reference_system_are_moved():
    found = assign(np.array([9.05]), np.array([0.04]), areas(), crs="EPSG:4326")
    assert found.area.tolist() == [0]


def test_degrees_are_no_metres():
    with pytest.raises(SourceError, match="projected"):
        assign(np.zeros(1), np.zeros(1), areas("EPSG:4326"), crs="EPSG:4326")
