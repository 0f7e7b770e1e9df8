"""Shapes of input: a chain, a corner, an island, a hole, several parts, no shape."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from geo.boundaries import load
from geo.neighbours import neighbours
from layers import paths
from layers.errors import RecipeError


def frame(**shapes: Polygon | MultiPolygon) -> gpd.GeoDataFrame:
    geometry = gpd.GeoSeries(list(shapes.values()), index=list(shapes), crs="EPSG:25832")
    return gpd.GeoDataFrame(geometry=geometry)


def test_a_shared_border_counts_and_a_corner_does_not() -> None:
    shapes = frame(a=box(0, 0, 1000, 1000), b=box(1000, 0, 2000, 1000), c=box(1000, 1000, 2e3, 2e3))
    assert neighbours(shapes, "a").to_dict() == {"b": 1.0}
    assert set(neighbours(shapes, "b").index) == {"a", "c"}


def test_the_longest_border_comes_first() -> None:
    shapes = frame(a=box(0, 0, 1000, 1000), b=box(1000, 0, 2000, 200), c=box(1000, 200, 2e3, 1e3))
    assert neighbours(shapes, "a").round(6).to_dict() == {"c": 0.8, "b": 0.2}
    assert neighbours(shapes, "a").index.tolist() == ["c", "b"]


def test_an_island_has_none() -> None:
    shapes = frame(a=box(0, 0, 1, 1), far=box(5000, 0, 5001, 1))
    assert neighbours(shapes, "far").empty


def test_a_city_inside_a_kreis_touches_it_all_round() -> None:
    city = box(1000, 1000, 2000, 2000)
    shapes = frame(city=city, around=box(0, 0, 3000, 3000).difference(city))
    assert neighbours(shapes, "city").to_dict() == {"around": 4.0}


def test_parts_are_added_up() -> None:
    both = MultiPolygon([box(1000, 0, 2000, 300), box(1000, 700, 2000, 1000)])
    assert neighbours(frame(a=box(0, 0, 1000, 1000), b=both), "a")["b"] == pytest.approx(0.6)


def test_a_region_without_a_shape_is_named() -> None:
    with pytest.raises(RecipeError, match="'x'"):
        neighbours(frame(a=box(0, 0, 1, 1)), "x")


def test_neighbours_in_germany_are_mutual() -> None:
    shapes = load(paths.data_folder() / "kreise")
    assert shapes is not None
    # Landkreis Rosenheim surrounds the city of Rosenheim.
    assert neighbours(shapes, "09163").index.tolist() == ["09187"]
    for other in neighbours(shapes, "09187").index:
        assert "09187" in neighbours(shapes, str(other)).index
