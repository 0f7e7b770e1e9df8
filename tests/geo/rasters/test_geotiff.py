"""GeoTIFF files are opened only if nothing in them misleads.

To be covered: files that are none, cut off, in another format; without or with an unknown CRS;
rotated, mirrored, without position, beginning in the south; several bands; complex numbers; colours
instead of quantities; no value at all; marks for missing values that are not declared; too large as
a whole or in its blocks; scaled numbers; the publishers' and other people's real files.
"""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from geo.rasters import survey
from geo.rasters.geotiff import IN_APP, open_raster
from layers.errors import SourceError

SAMPLES = Path(__file__).parents[3].parent / "shared" / "data" / "formats" / "geotiff"
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the sample files (../shared/data) are not here"
)
WEST, NORTH = 4_321_000, 3_000_000
EIGHT = np.arange(8, dtype="float32").reshape(2, 4)


def whole(raster):
    with raster.open() as file:
        return raster.read(file, 0, 0, raster.height, raster.width)


def refused(path, code, **options):
    with pytest.raises(SourceError) as caught:
        open_raster(path, **options)
    assert caught.value.code == code
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_plain_file_is_read_as_it_is(tif):
    raster = open_raster(tif(EIGHT))
    assert raster.bounds == (WEST, NORTH - 200, WEST + 400, NORTH)
    assert (raster.cell, raster.metres, raster.unit) == ((100, 100), 100, "")
    assert whole(raster).tolist() == EIGHT.tolist()


def test_a_file_that_begins_in_the_south_is_turned(tif):
    upward = Affine(100, 0, WEST, 0, 100, NORTH - 200)
    raster = open_raster(tif(EIGHT[::-1], transform=upward))
    assert raster.bounds == (WEST, NORTH - 200, WEST + 400, NORTH)
    assert whole(raster).tolist() == EIGHT.tolist()
    with raster.open() as file:
        assert raster.read(file, 0, 1, 1, 2).tolist() == [[1, 2]]


def test_missing_cells_are_masked_whether_marked_nan_or_infinite(tif):
    values = np.array([[1, -9999, np.nan, np.inf]], "float32")
    assert whole(open_raster(tif(values, nodata=-9999))).mask.tolist() == [[0, 1, 1, 1]]


def test_scale_and_offset_of_the_file_are_applied_to_values_but_not_to_marks(tif):
    path = tif(np.array([[10, 20, 255]], "uint8"), nodata=255)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets, file.units = (0.5,), (1.0,), ("min",)
    raster = open_raster(path)
    assert whole(raster).filled(-1).tolist() == [[6, 11, -1]]
    assert raster.unit == "min"
    assert open_raster(path, unit="Minuten").unit == "Minuten"


def test_large_whole_numbers_keep_all_digits(tif):
    raster = open_raster(tif(np.array([[2**24 + 1, 2**31 - 3]], "uint32")))
    assert whole(raster).tolist() == [[2**24 + 1, 2**31 - 3]]


@pytest.mark.parametrize("text", ["x,y,value\n1,2,3\n", ""])
def test_text_under_the_name_of_a_tif(tmp_path, text):
    path = tmp_path / "a.tif"
    path.write_text(text)
    assert "cannot be read as GeoTIFF" in refused(path, "raster_unreadable")


def test_other_formats_under_the_name_of_a_tif(tif, tmp_path):
    zipped = tmp_path / "zip.tif"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(tif(EIGHT), "a.tif")
    refused(zipped, "raster_unreadable")
    # A virtual raster may name any other file or address, so it must not be followed.
    virtual = tmp_path / "virtual.tif"
    virtual.write_text(
        '<VRTDataset rasterXSize="4" rasterYSize="2"><VRTRasterBand dataType="Float32" band="1">'
        f"<SimpleSource><SourceFilename>{tmp_path / 'a.tif'}</SourceFilename></SimpleSource>"
        "</VRTRasterBand></VRTDataset>"
    )
    refused(virtual, "raster_unreadable")


def test_a_file_cut_off_is_refused_when_it_is_opened(tif):
    path = tif(np.random.default_rng(1).random((300, 300)))
    path.write_bytes(path.read_bytes()[:200_000])
    assert "cut off" in refused(path, "raster_unreadable")


@pytest.mark.parametrize("name", ["none.tif", "/vsicurl/http://127.0.0.1/a.tif"])
def test_a_file_that_is_not_there(name):
    refused(Path(name), "raster_missing")


def test_without_crs_one_must_be_named(tif):
    path = tif(EIGHT, crs=None)
    assert "say which it is, EPSG:25832" in refused(path, "raster_crs")
    assert open_raster(path, crs="EPSG:3035").crs.to_epsg() == 3035
    assert "'Hessen'" in refused(path, "raster_crs", crs="Hessen")


def test_a_crs_named_against_that_of_the_file(tif):
    path = tif(EIGHT)
    assert open_raster(path, crs="EPSG:3035").crs.to_epsg() == 3035
    assert "not in EPSG:25832" in refused(path, "raster_crs", crs="EPSG:25832")


@pytest.mark.parametrize(
    "transform",
    [
        Affine(100, 20, WEST, 20, -100, NORTH),
        Affine(100, 20, WEST, 0, -100, NORTH),
        Affine(-100, 0, WEST, 0, -100, NORTH),
    ],
    ids=["rotated", "sheared", "mirrored"],
)
def test_cells_that_do_not_lie_straight(tif, transform):
    assert "gdalwarp" in refused(tif(EIGHT, transform=transform), "raster_position")


def test_without_position(tif):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        path = tif(EIGHT, transform=Affine.identity())
    assert "where its cells lie" in refused(path, "raster_position")


def test_of_several_bands_one_must_be_chosen(tif):
    path = tif(np.dstack([EIGHT, EIGHT + 10]))
    with rasterio.open(path, "r+") as file:
        file.descriptions = ("car", "bus")
    assert "2 bands (1 car, 2 bus)" in refused(path, "raster_bands")
    assert whole(open_raster(path, band=2))[0, 0] == 10
    assert "from 1 to 2" in refused(path, "raster_bands", band=3)


def test_complex_numbers(tif):
    assert "complex64" in refused(tif(EIGHT.astype("complex64")), "raster_numbers")


def test_colours_make_classes_unless_said_otherwise(tif):
    path = tif(np.array([[1, 2]], "uint8"), colours={1: (255, 0, 0), 2: (0, 255, 0)})
    assert open_raster(path).classes
    assert not open_raster(path, classes=False).classes


@pytest.mark.parametrize("values", [[[-1, -1]], [[np.nan, np.nan]], [[np.inf, -1]]])
def test_no_value_at_all(tif, values):
    path = tif(np.array(values, "float32"), nodata=-1)
    assert "no cell of band 1" in refused(path, "raster_empty")


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (np.array([[1, 50, -9999]], "float32"), -9999),
        (np.array([[1, 50, -3.4e38]], "float32"), -3.3999999521443642e38),
        (np.array([[1, 900, 65535]], "uint16"), 65535),
        (np.array([[1, 44, 255]], "uint8"), 255),
        (np.array([[1, 44, -32768]], "int16"), -32768),
        (np.array([[-9999, -9999]], "float32"), -9999),
    ],
)
def test_numbers_that_look_like_marks_are_asked_about(tif, values, mark):
    path = tif(values)
    assert f"nodata {mark:.10g}" in refused(path, "raster_nodata")
    assert whole(open_raster(path, nodata="none")).count() == values.size
    if values.min() != values.max():
        assert whole(open_raster(path, nodata=mark)).count() == values.size - 1


def test_a_second_mark_beside_the_declared_one_is_found(tif):
    path = tif(np.array([[1, 50, -1, -9999]], "int16"), nodata=-1)
    assert "-9999" in refused(path, "raster_nodata")


@pytest.mark.parametrize(
    "values",
    [
        np.arange(256, dtype="uint8")[None],
        np.array([[0, 40_000, 65_535]], "uint16"),
        np.array([[-999, -600, 800]], "int16"),
    ],
    ids=["all bytes", "wide range", "height below the sea"],
)
def test_numbers_in_line_with_the_others_are_values(tif, values):
    assert whole(open_raster(tif(values))).count() == values.size


@pytest.mark.parametrize("nodata", [-9999, 300, "missing", float("nan")])
def test_a_mark_that_the_file_cannot_hold(tif, nodata):
    path = tif(np.array([[1, 2]], "uint8"))
    assert "uint8" in refused(path, "raster_nodata", nodata=nodata)


def test_too_many_cells_for_the_app(tif):
    path = tif(EIGHT)
    assert open_raster(path, most=8).width == 4
    assert "8 cells (4 x 2), more than the 7" in refused(path, "raster_large", most=7)
    assert IN_APP > 6_400 * 8_700  # Germany at 100 m


def test_a_large_file_is_surveyed_in_parts_and_its_only_value_still_found(tif, monkeypatch):
    monkeypatch.setattr(survey, "WINDOW", 100)
    monkeypatch.setattr(survey, "_ENOUGH", 400)
    values = np.full((80, 50), -1, "int16")
    values[3, 7] = 5
    path = tif(values, nodata=-1, blockysize=2)
    assert whole(open_raster(path)).count() == 1


def test_blocks_that_do_not_fit_into_memory(tif, monkeypatch):
    monkeypatch.setattr("geo.rasters.geotiff._BLOCK", 16)
    assert "TILED=YES" in refused(tif(EIGHT), "raster_blocks")


@pytest.mark.parametrize(
    ("height", "width", "block"), [(7, 5, (1, 5)), (100, 90, (16, 32)), (3, 3, (512, 512))]
)
def test_windows_cover_every_cell_once(monkeypatch, height, width, block):
    monkeypatch.setattr(survey, "WINDOW", 600)
    times = np.zeros((height, width), int)
    for row, column, rows, columns in survey.windows(height, width, block):
        times[row : row + rows, column : column + columns] += 1
    assert (times == 1).all()


@needs_samples
@pytest.mark.parametrize(
    ("name", "epsg", "metres", "classes"),
    [
        ("aachen_eligibility.tif", 4326, 111, False),
        ("gsa-ghi-like.tif", 4326, 928, False),
        ("osm_roads_minor.9.264.171.tif", 3857, 611, False),
        ("clc-aachen_clipped.tif", 3035, 100, True),
        ("settlement_prior_clip.tif", 3035, 100, False),
        ("raster_gdal_244.tif", 3035, 100, False),
    ],
)
def test_real_files_are_read(name, epsg, metres, classes):
    raster = open_raster(SAMPLES / name)
    assert (raster.crs.to_epsg(), round(raster.metres), raster.classes) == (epsg, metres, classes)


@needs_samples
def test_real_files_that_must_be_asked_about():
    refused(SAMPLES / "awkward_rotated_nocrs.tif", "raster_crs")
    refused(SAMPLES / "awkward_rotated_nocrs.tif", "raster_position", crs="EPSG:3035")
    refused(SAMPLES / "awkward_float_nan_nocrs.tif", "raster_crs")


@needs_samples
def test_the_same_real_file_in_both_directions_reads_the_same():
    up = open_raster(SAMPLES / "clc-aachen_clipped-unflipped.tif", nodata=0)
    down = open_raster(SAMPLES / "clc-aachen_clipped.tif")
    assert up.bounds == down.bounds
    assert np.ma.allequal(whole(up), whole(down))
