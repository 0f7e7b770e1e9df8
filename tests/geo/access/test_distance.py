"""Distances: against brute force, against the ellipsoid, and what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from geo.access.distance import access_raster, nearest, nearest_few
from layers.errors import SourceError

coordinate = st.integers(-700_000, 700_000).map(float)
point = st.tuples(coordinate, coordinate)
points = st.lists(point, min_size=1, max_size=30)


def table(rows):
    return pd.DataFrame(rows, columns=["x", "y"])


def brute(cells, places):
    steps = cells[:, None] - places[None]
    return np.sort(np.hypot(*np.moveaxis(steps, -1, 0)), axis=1) / 1_000


@given(points, points, st.integers(1, 6))
def test_it_is_the_least_of_all_distances(cells, places, count):
    found, place = nearest_few(table(cells), table(places), count)
    expected = brute(np.array(cells), np.array(places))[:, : len(found[0])]
    assert found == pytest.approx(expected)
    assert found.shape[1] == min(count, len(places))
    where = np.array(places)[place[:, 0]]
    assert found[:, 0] == pytest.approx(np.hypot(*(np.array(cells) - where).T) / 1_000)


@given(points, points, point)
def test_one_more_place_never_makes_it_farther(cells, places, more):
    before = nearest(table(cells), table(places))
    assert (nearest(table(cells), table([*places, more])) <= before).all()


@given(points, points, st.floats(1, 5))
def test_the_detour_factor_multiplies(cells, places, detour):
    straight = nearest(table(cells), table(places))
    assert nearest(table(cells), table(places), detour=detour) == pytest.approx(straight * detour)


@pytest.mark.parametrize("detour", [0, 0.99, -1, 5.1, float("nan"), float("inf")])
def test_a_senseless_detour_factor_is_refused(detour):
    with pytest.raises(SourceError, match="from 1 to 5"):
        nearest(table([(0, 0)]), table([(1, 1)]), detour=detour)


def test_without_a_place_there_is_no_distance():
    with pytest.raises(SourceError, match="at least one point"):
        nearest(table([(0, 0)]), table([]))


def test_the_projection_changes_lengths_by_less_than_a_tenth_of_a_per_cent(cells):
    """Lines of 0.5 to 100 km from cells all over Germany, against the ellipsoid."""
    rng = np.random.default_rng(1)
    some = cells.iloc[rng.choice(len(cells), 3_000)]
    length, way = 10 ** rng.uniform(2.7, 5, 3_000), rng.uniform(-180, 180, 3_000)
    to = Transformer.from_crs("EPSG:3035", "EPSG:4326", always_xy=True)
    lon, lat = to.transform(some["x"].to_numpy(), some["y"].to_numpy())
    ends = Geod(ellps="GRS80").fwd(lon, lat, way, length)
    x, y = to.transform(ends[0], ends[1], direction="INVERSE")
    ratio = np.hypot(x - some["x"], y - some["y"]) / length
    assert ratio.between(1 - 0.001, 1 + 0.001).all()
    assert np.sqrt(((ratio - 1) ** 2).mean()) < 0.00025


def test_a_cell_that_stands_for_its_people_errs_as_stated():
    """People spread evenly over a cell of 1 km; places at its centre, in a corner, 3 km away."""
    side = (np.arange(100) + 0.5) * 10 - 500
    people = table([(x, y) for x in side for y in side])
    for place, short in (((0, 0), 0.383), ((500, 500), 0.06), ((3_000, 0), 0.015)):
        where = table([place])
        by_cell, by_person = nearest(table([(0, 0)]), where)[0], nearest(people, where)
        assert 0 <= by_person.mean() - by_cell < short
        assert np.abs(by_person - by_cell).max() < np.sqrt(2) / 2


def test_a_raster_has_a_distance_where_people_live_and_nowhere_else(grid, cells):
    centre = cells.iloc[[1_000]]
    raster = access_raster(grid, centre)
    assert raster.shape == grid.people.shape
    assert np.array_equal(np.isfinite(raster), grid.people > 0)
    assert raster.ravel()[centre.index] == 0
