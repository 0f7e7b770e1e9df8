"""Shapes of input: none, three formats, degrees, no CRS, missing column, doubled and empty regions,
overlaps, an island, a border with a needless corner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from geo.boundaries import load, simplify, write
from layers.errors import DatasetError

if TYPE_CHECKING:
    from pathlib import Path

X, Y = 500_000, 5_700_000  # somewhere in Germany, EPSG:25832


def frame(*shapes: Polygon | MultiPolygon, crs: str | None = "EPSG:25832") -> gpd.GeoDataFrame:
    keys = [f"0100{number}" for number in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame({"region": keys}, geometry=list(shapes), crs=crs)


def square(column: int) -> Polygon:
    return box(X + 1000 * column, Y, X + 1000 * (column + 1), Y + 1000)


def test_a_folder_without_boundaries_is_no_error(tmp_path: Path) -> None:
    assert load(tmp_path) is None


def test_what_is_written_is_read_again_and_always_the_same_bytes(tmp_path: Path) -> None:
    areas = frame(square(0), square(1)).set_index("region")
    first, second = tmp_path / "boundaries.parquet", tmp_path / "again.parquet"
    write(areas, first)
    write(areas, second)
    assert first.read_bytes() == second.read_bytes()
    loaded = load(tmp_path)
    assert loaded is not None
    assert loaded.geometry.geom_equals(areas.geometry).all()


def test_parquet_is_read_by_region(tmp_path: Path) -> None:
    frame(square(0), square(1)).to_parquet(tmp_path / "boundaries.parquet")
    loaded = load(tmp_path)
    assert loaded is not None
    assert loaded.index.tolist() == ["01001", "01002"]
    assert loaded.index.name == "region"


def test_geopackage_is_read_as_well(tmp_path: Path) -> None:
    frame(square(0)).to_file(tmp_path / "boundaries.gpkg")
    loaded = load(tmp_path)
    assert loaded is not None
    assert loaded.geometry.area.sum() == pytest.approx(1e6)


def test_degrees_become_metres(tmp_path: Path) -> None:
    frame(square(0)).to_crs("EPSG:4326").to_file(tmp_path / "boundaries.geojson")
    loaded = load(tmp_path)
    assert loaded is not None
    assert loaded.crs.is_projected
    assert loaded.geometry.area.sum() == pytest.approx(1e6, rel=1e-3)


def test_faults_name_the_file_and_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "boundaries.parquet"
    frame(square(0), crs=None).to_parquet(path)
    with pytest.raises(DatasetError, match=r"boundaries.parquet: names no .*\(CRS\)"):
        load(tmp_path)
    frame(square(0)).rename(columns={"region": "ags"}).to_parquet(path)
    with pytest.raises(DatasetError, match=r"column 'region' is missing; columns found: ags"):
        load(tmp_path)
    frame(square(0), square(1)).assign(region="01001").to_parquet(path)
    with pytest.raises(DatasetError, match=r"region 01001 occurs more than once"):
        load(tmp_path)
    frame(square(0), Polygon()).to_parquet(path)
    with pytest.raises(DatasetError, match=r"region 01002 has no geometry"):
        load(tmp_path)
    path.write_bytes(b"nothing")
    with pytest.raises(DatasetError, match=r"cannot be read as parquet"):
        load(tmp_path)


def test_shared_borders_stay_shared_and_needless_corners_go() -> None:
    corner = [(X + 1000, Y), (X + 1000, Y + 1000)]
    kink = (X + 1003, Y + 500)
    left = Polygon([(X, Y), corner[0], kink, corner[1], (X, Y + 1000)])
    right = Polygon([corner[0], (X + 2000, Y), (X + 2000, Y + 1000), corner[1], kink])
    simple = simplify(frame(left, right).set_index("region"), 200)
    shapes = simple.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.get_num_coordinates(shapes).tolist() == [5, 5]
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(2e6)


def test_islands_survive() -> None:
    island = box(X + 5000, Y, X + 5050, Y + 50)
    simple = simplify(frame(MultiPolygon([square(0), island])).set_index("region"), 300)
    assert shapely.get_num_geometries(simple.geometry.to_numpy()).tolist() == [2]


def test_overlapping_regions_are_named() -> None:
    shifted = shapely.transform(square(1), lambda points: points - [10, 0])
    with pytest.raises(DatasetError, match=r"01001, 01002 overlap or do not share"):
        simplify(frame(square(0), shifted).set_index("region"), 100)
