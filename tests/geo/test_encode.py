"""The drawing must show every region, close seamlessly and be small.

Shapes covered: holes (a city in its region), multipolygons, islands, neighbours with shared
borders, a region too small to be seen, text keys with a leading zero, shuffled groups.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.encode import UNITS_PER_PIXEL, EncodedMap, encode
from layers.errors import DatasetError

KM = 1000
Ring = list[tuple[int, int]]


def frame(shapes: dict[str, Any], crs: str | None = "EPSG:25832") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(index=list(shapes), geometry=list(shapes.values()), crs=crs)


@pytest.fixture
def country() -> gpd.GeoDataFrame:
    """Draw 40 km x 30 km: two halves, a city in the left one, an island with the right."""
    city = shapely.box(8 * KM, 12 * KM, 12 * KM, 16 * KM)
    left = shapely.box(0, 0, 20 * KM, 30 * KM).difference(city)
    right = shapely.box(20 * KM, 0, 36 * KM, 30 * KM)
    island = shapely.box(38 * KM, 10 * KM, 40 * KM, 12 * KM)
    return frame({"01001": left, "01002": city, "09001": shapely.union(right, island)})


def rings(d: str) -> list[Ring]:
    """Read a path back the way a browser does."""
    found = []
    for start, steps in re.findall(r"M([^l]+)l([^Mz]*)z?", d):
        points = [tuple(int(n) for n in start.split())]
        numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        found.append(points)
    return found


def area(points: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*points, points[0]]))) / 2


def paths(document: EncodedMap) -> dict[str, str]:
    return {region["id"]: region["d"] for region in document["regions"]}


def test_the_path_is_the_polygon_upside_down_in_map_units() -> None:
    triangle = shapely.Polygon([(0, 0), (10 * KM, 0), (0, 5 * KM)])
    document = encode(frame({"a": triangle}), outlines_by=None, width=1, detail=0)
    assert (document["width"], document["height"]) == (10, 5)
    assert set(rings(paths(document)["a"])[0]) == {(0, 5), (10, 5), (0, 0)}


def test_holes_and_islands_are_separate_rings(country: gpd.GeoDataFrame) -> None:
    drawn = paths(encode(country, outlines_by=None))
    assert [len(rings(drawn[key])) for key in country.index] == [2, 1, 2]


def test_the_hole_is_exactly_the_city(country: gpd.GeoDataFrame) -> None:
    drawn = paths(encode(country, outlines_by=None))
    assert set(rings(drawn["01001"])[1]) == set(rings(drawn["01002"])[0])


def test_keys_keep_order_and_leading_zero(country: gpd.GeoDataFrame) -> None:
    turned = country.iloc[::-1]
    document = encode(turned, outlines_by=None)
    assert [region["id"] for region in document["regions"]] == ["09001", "01002", "01001"]


def test_the_centre_lies_inside_at_least_its_radius_from_the_border(
    country: gpd.GeoDataFrame,
) -> None:
    document = encode(country, outlines_by=None)
    unit = 40 * KM / document["width"]
    for region, shape in zip(document["regions"], country.geometry, strict=True):
        centre = shapely.Point(region["x"] * unit, 30 * KM - region["y"] * unit)
        assert shape.contains(centre)
        assert shape.boundary.distance(centre) == pytest.approx(region["r"] * unit, abs=2 * unit)


def outline_length(document: EncodedMap) -> float:
    total = 0.0
    for closed, points in zip(
        re.findall(r"l[^M]*?(z?)(?=M|$)", document["outlines"]),
        rings(document["outlines"]),
        strict=True,
    ):
        line = [*points, points[0]] if closed else points
        total += sum(np.hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line))
    return total * 40 * KM / document["width"]


SHORE = 2 * (36 + 30) * KM + 4 * 2 * KM


def test_without_groups_only_the_shore_is_outlined(country: gpd.GeoDataFrame) -> None:
    assert outline_length(encode(country, outlines_by=None)) == pytest.approx(SHORE)


def test_groups_add_the_border_between_them_once(country: gpd.GeoDataFrame) -> None:
    groups = pd.Series({"09001": "09", "01002": "01", "01001": "01"})
    document = encode(country, outlines_by=groups)
    assert outline_length(document) == pytest.approx(SHORE + 30 * KM)


def test_the_version_follows_the_content(country: gpd.GeoDataFrame) -> None:
    first = encode(country, outlines_by=None)
    assert first == encode(country.copy(), outlines_by=None)
    other = encode(country.rename({"01001": "01003"}), outlines_by=None)
    assert other["version"] != first["version"]


def test_the_document_is_plain_json(country: gpd.GeoDataFrame) -> None:
    document = encode(country, outlines_by=None)
    assert json.loads(json.dumps(document)) == document


@settings(deadline=None, max_examples=30)
@given(
    heights=st.lists(st.floats(-4.9, 4.9), min_size=3, max_size=40),
    width=st.integers(20, 400),
    detail=st.sampled_from([0, 0.5, 2]),
)
def test_neighbours_leave_neither_gap_nor_overlap(
    heights: list[float], width: int, detail: float
) -> None:
    """Two regions divided by any jagged line fill the square to the last map unit."""
    border = [(x, y) for x, y in zip(np.linspace(0, 20, len(heights)), heights, strict=True)]
    above = shapely.Polygon([*border, (20, 10), (0, 10)])
    below = shapely.Polygon([*border, (20, -10), (0, -10)])
    document = encode(frame({"a": above, "b": below}), outlines_by=None, width=width, detail=detail)
    drawn = sum(area(ring) for d in paths(document).values() for ring in rings(d))
    assert drawn == (width * UNITS_PER_PIXEL) ** 2


def test_geographic_coordinates_are_refused(country: gpd.GeoDataFrame) -> None:
    with pytest.raises(DatasetError, match=r"not projected.*EPSG:25832"):
        encode(country.to_crs("EPSG:4326"), outlines_by=None)
    with pytest.raises(DatasetError, match=r"not projected"):
        encode(country.set_crs(None, allow_override=True), outlines_by=None)


def test_what_cannot_be_drawn_is_named(country: gpd.GeoDataFrame) -> None:
    with pytest.raises(DatasetError, match="no region"):
        encode(country.iloc[:0], outlines_by=None)
    with pytest.raises(DatasetError, match="01001 occurs twice"):
        encode(country.rename({"01002": "01001"}), outlines_by=None)
    with pytest.raises(DatasetError, match="p has no polygon"):
        encode(frame({"p": shapely.Point(0, 0)}), outlines_by=None)
    with pytest.raises(DatasetError, match="01002 has no group"):
        encode(country, outlines_by=pd.Series({"01001": "01", "09001": "09"}))
    speck = frame({"big": shapely.box(0, 0, 500 * KM, 10 * KM), "tiny": shapely.box(0, -1, 1, 0)})
    with pytest.raises(DatasetError, match=r"tiny is too small.*width=10"):
        encode(speck, outlines_by=None, width=10, detail=0)
