import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.maps.paint import hatch_colour, hatched

SQUARE = shapely.box(0, 0, 100, 100)
RING = SQUARE.difference(shapely.box(30, 30, 70, 70))


@pytest.mark.parametrize("steep", [True, False])
@pytest.mark.parametrize("area", [SQUARE, RING])
def test_hatches_stay_inside(area, steep):
    lines = shapely.linestrings(hatched(area, steep=steep))
    assert len(lines) > 20
    outside = shapely.length(shapely.difference(lines, area.buffer(0.02)))
    assert outside.sum() == pytest.approx(0, abs=1e-6)


def test_hatches_are_evenly_dense():
    step = 2.4
    length = shapely.length(shapely.linestrings(hatched(RING, steep=True))).sum()
    assert length * step == pytest.approx(RING.area, rel=0.05)


def test_hatches_of_neighbours_meet():
    left, right = shapely.box(0, 0, 50, 50), shapely.box(50, 0, 90, 50)
    apart = np.concatenate([hatched(left, steep=True), hatched(right, steep=True)])
    together = hatched(np.array([left, right]), steep=True)
    assert len(apart) == len(together)


@given(st.integers(0, 10**6), st.booleans())
def test_hatches_of_any_polygon_stay_inside(seed, steep):
    random = np.random.default_rng(seed)
    angles = np.sort(random.uniform(0, 2 * np.pi, 12))
    reach = random.uniform(5, 60, 12)
    points = np.round(np.column_stack([np.cos(angles), np.sin(angles)]) * reach[:, None], 2)
    area = shapely.make_valid(shapely.Polygon(points))
    polygons = [one for one in shapely.get_parts(area) if one.geom_type == "Polygon"]
    lines = shapely.linestrings(hatched(np.array(polygons), steep=steep))
    outside = shapely.difference(lines, shapely.union_all(polygons).buffer(0.03))
    assert shapely.length(outside).sum() == pytest.approx(0, abs=1e-6)


def test_hatches_can_be_seen_on_light_and_on_dark():
    def brightness(colour):
        return sum(int(colour[at : at + 2], 16) for at in (1, 3, 5))

    assert brightness(hatch_colour("#ffffcc")) < brightness("#ffffcc") - 150
    assert brightness(hatch_colour("#253494")) > brightness("#253494") + 150
