import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.maps import Ground
from geo.maps.ground import radius
from layers.errors import DatasetError


def test_a_drawing_fills_its_box_and_keeps_the_proportions(ground):
    drawing = ground.drawing(500, 100)
    # The country is 250 km wide and 200 km high.
    assert drawing.height == pytest.approx(100)
    assert drawing.width == pytest.approx(125)
    assert drawing.scale == pytest.approx(100 / 200_000)
    west, south, east, north = shapely.total_bounds(drawing.shapes)
    assert (west, south) == (0, 0)
    assert (east, north) == pytest.approx((125, 100))


def test_areas_stay_in_proportion(ground, shapes):
    drawing = ground.drawing(400, 400)
    drawn = shapely.area(drawing.shapes) / drawing.scale**2
    assert drawn == pytest.approx(shapes.area.to_numpy(), rel=1e-3)


def test_lines_run_between_groups_and_along_the_shore_only(ground):
    drawing = ground.drawing(250, 200)
    lines = shapely.union_all(drawing.outlines)
    between_groups, within_a_group = shapely.Point(50, 100), shapely.Point(100, 50)
    assert lines.distance(between_groups) < 0.01
    assert lines.distance(within_a_group) > 10
    # 2 x 200 + 2 x 200 around, 200 across, 4 x 20 around the island, each line once.
    assert shapely.length(drawing.outlines).sum() == pytest.approx(4 * 200 + 200 + 80)


def test_without_groups_only_the_shore_is_drawn(shapes):
    drawing = Ground(shapes).drawing(250, 200)
    assert shapely.length(drawing.outlines).sum() == pytest.approx(4 * 200 + 80)


def test_small_cities_are_known_as_tiny(ground):
    # 6 km are 3 points wide at 0.5 points per km.
    assert ground.drawing(500, 100).tiny.tolist() == [False, False, False, False, True]


def test_a_radius_is_that_of_a_largest_circle():
    assert radius(shapely.box(0, 0, 10, 4)) == pytest.approx(2, abs=0.1)


def test_a_drawing_is_made_once(ground):
    assert ground.drawing(100, 100) is ground.drawing(100, 100)
    assert ground.drawing(100, 100).paths(1, 2) is ground.drawing(100, 100).paths(1, 2)


def test_small_drawings_have_fewer_points():
    wavy = shapely.Polygon(
        [(x * 1000, 30_000 + 1_000 * np.sin(2 * x)) for x in range(100)] + [(99_000, 0), (0, 0)]
    )
    ground = Ground(gpd.GeoSeries({"1": wavy}, crs="EPSG:25832"))
    many, few = (shapely.get_num_coordinates(ground.drawing(w, w).shapes[0]) for w in (800, 20))
    assert few < many / 4


@pytest.mark.parametrize("crs", [None, "EPSG:4326"])
def test_degrees_are_refused(shapes, crs):
    with pytest.raises(DatasetError, match="EPSG:25832"):
        Ground(shapes.set_crs(crs, allow_override=True))
