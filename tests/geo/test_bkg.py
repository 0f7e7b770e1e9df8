"""Shapes of input: zip, folder and single file; shape and GeoPackage; water rows, Länder listed
twice, another coordinate system, attributes without borders, borders of another year.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from samples import FORMATS, with_samples
from shapely.geometry import box

from geo.bkg import CRS, read_borders
from geo.rasters.census import grid_of
from layers.errors import SourceError
from layers.sources.zensus_grid import read_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

BKG = FORMATS / "bkg"


def areas(
    keys: Sequence[str] = ("01001", "01002"), gf: Sequence[int] = (4, 4), crs: str | None = CRS
) -> gpd.GeoDataFrame:
    count = len(keys)
    geometry = [box(5e5 + i, 6e6, 5e5 + i + 1, 6e6 + 1) for i in range(count)]
    columns = {"GF": gf, "AGS": keys, "GEN": "Süd", "BEZ": "Landkreis", "NUTS": "DEF01"}
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=crs)


def packed(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"vg.utm32s/ebenen/{file.name}")
    return target


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    folder = tmp_path / "shapes"
    folder.mkdir()
    areas(("01001", "01002", "01002"), (4, 4, 2)).to_file(folder / "VG250_KRS.shp")
    (folder / "aktualitaet.txt").write_text("31.12.2024\n")
    return folder


def test_only_land_counts_and_the_date_makes_the_attribution(shapes: Path, tmp_path: Path) -> None:
    for path in (shapes, packed(shapes, tmp_path / "vg250.zip")):
        borders = read_borders(path, keys=["01002", "01001"])
        assert list(borders.areas.index) == ["01001", "01002"]
        assert borders.areas["name"].tolist() == ["Süd", "Süd"]
        assert borders.areas.area.tolist() == pytest.approx([1.0, 1.0])
        assert (borders.product, borders.status) == ("VG250", "2024-12-31")
        assert borders.attribution == "© BKG (2024) dl-de/by-2-0 (Daten verändert)"
        assert borders.notes == ("Areas of water and the like, left out: 1.",)


def test_a_geopackage_in_its_zip_is_read_by_layer(tmp_path: Path) -> None:
    folder = tmp_path / "gpkg"
    folder.mkdir()
    areas().to_file(folder / "DE_VG250.gpkg", layer="vg250_krs")
    areas(("01", "02")).to_file(folder / "DE_VG250.gpkg", layer="vg250_lan")
    path = packed(folder, tmp_path / "vg250.gpkg.zip")
    assert list(read_borders(path, "lan").areas.index) == ["01", "02"]
    assert list(read_borders(folder / "DE_VG250.gpkg").areas.index) == ["01001", "01002"]
    with pytest.raises(SourceError, match=r"no layer 'vg\.\.\._gem'; its layers are vg250_krs"):
        read_borders(path, "gem")


def test_borders_of_another_year_are_refused_with_both_sides(shapes: Path) -> None:
    expected = r"2 areas, expected are 3; unknown 01001, missing 16056, 16063\. .*Gebietsstand"
    with pytest.raises(SourceError, match=expected):
        read_borders(shapes, keys=["01002", "16056", "16063"])


def test_attributes_without_borders_are_refused(shapes: Path, tmp_path: Path) -> None:
    (shapes / "VG250_KRS.shp").unlink()
    path = packed(shapes, tmp_path / "attributes.zip")
    with pytest.raises(SourceError, match=r"attributes of 'krs' \(\.dbf\) without borders"):
        read_borders(path)


def test_borders_without_coordinate_system_are_refused(shapes: Path) -> None:
    (shapes / "VG250_KRS.prj").unlink()
    with pytest.raises(SourceError, match=r"says no coordinate system \(\.prj\)"):
        read_borders(shapes)


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        (areas().drop(columns="GF"), "column 'GF' is missing"),
        (areas(gf=(2, 2)), "marks no row as land"),
        (areas(("1001", "01002")), "'1001', which is no key of level 'krs'"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    frame: gpd.GeoDataFrame, fault: str, tmp_path: Path
) -> None:
    frame.to_file(tmp_path / "VG250_KRS.shp")
    with pytest.raises(SourceError, match=fault):
        read_borders(tmp_path)


def test_missing_and_damaged_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.zip: these boundaries are missing\. Get VG250"):
        read_borders(tmp_path / "none.zip")
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(SourceError, match="is no zip archive or was cut off"):
        read_borders(tmp_path / "cut.zip")
    (tmp_path / "broken.gpkg").write_bytes(b"SQLite format 3")
    with pytest.raises(SourceError, match="cannot be opened"):
        read_borders(tmp_path / "broken.gpkg")


@with_samples
def test_vg2500_lists_half_of_the_laender_twice() -> None:
    laender = read_borders(BKG / "vg2500_shape", "lan")
    assert len(laender.areas) == 16
    assert laender.notes == ("Areas of water and the like, left out: 8.",)
    assert len(read_borders(BKG / "vg2500_shape").areas) == 400


@with_samples
def test_vg5000_comes_in_another_coordinate_system_and_with_eisenach() -> None:
    borders = read_borders(BKG / "vg5000_2021-01-01")
    assert borders.areas.crs == CRS
    assert "16056" in borders.areas.index
    assert borders.status == "2021-01-01"
    assert borders.notes == ("Coordinates were transformed from EPSG:31467 to EPSG:25832.",)
    # Both products draw the same country: the generalised areas agree within half a per cent.
    whole = read_borders(BKG / "vg2500_shape").areas.area.sum()
    assert borders.areas.area.sum() == pytest.approx(whole, rel=5e-3)


@with_samples
def test_a_folder_of_attributes_alone_is_refused() -> None:
    with pytest.raises(SourceError, match="without borders"):
        read_borders(BKG / "vg250_krs_attributes")


def test_borders_and_a_census_grid_of_ones_own_make_the_population_grid(tmp_path: Path) -> None:
    square = gpd.GeoSeries([box(4_337_000, 2_689_000, 4_339_000, 2_690_000)], crs="EPSG:3035")
    frame = areas(("01001",), (4,)).set_geometry(square.to_crs(CRS).values)
    frame.to_file(tmp_path / "VG250_KRS.shp")
    cells = tmp_path / "Zensus2022_Bevoelkerungszahl_1km-Gitter.csv"
    cells.write_text(
        "GITTER_ID_1km;x_mp_1km;y_mp_1km;Einwohner\n"
        "CRS3035RES1000mN2689000E4337000;4337500;2689500;4\n"
        "CRS3035RES1000mN2689000E4338000;4338500;2689500;–\n",
        encoding="utf-8",
    )
    people = read_grid(cells, "Einwohner").table.rename(columns={"value": "people"})
    grid = grid_of(people, read_borders(tmp_path).areas.geometry)
    assert grid.cells()[["x", "y", "people", "region"]].to_numpy().tolist() == [
        [4_337_500.0, 2_689_500.0, 4.0, "01001"]
    ]
