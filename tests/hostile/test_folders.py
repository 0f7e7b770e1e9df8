"""Dataset folders and rasters that somebody else made.

Covered: links and names that lead out, tables that claim too much or are of another kind, keys and
names with unseen signs, layers without end, addresses that are scripts, boundaries of another
format and with views, rasters of another format, with files beside them, of absurd size.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rasterio
import shapely
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import boundaries
from geo.rasters.geotiff import open_raster
from layers import Dataset, Recipe, score
from layers.errors import DatasetError, PotenzialatlasError, SourceError
from layers.own_table import read_sheets
from layers.sources.fetch.archive import extract_one
from layers.sources.fetch.snapshot import Entry, Snapshot, Store
from layers.tables import check_values, read_table
from tests.hostile.bombs import zipped
from tests.layers.strategies import recipes


@pytest.fixture
def folder(tmp_path, toy_folder):
    return shutil.copytree(toy_folder, tmp_path / "set")


def refused(folder, said):
    with pytest.raises(DatasetError, match=said) as refusal:
        Dataset.open(folder)
    assert "\n" not in str(refusal.value)
    assert "root:" not in str(refusal.value)


@pytest.mark.parametrize("place", ["regions.csv", "values.csv", "catalogue/10_land.toml"])
def test_a_link_out_of_the_folder_is_not_followed(folder, place):
    (folder / place).unlink()
    (folder / place).symlink_to("/etc/passwd")
    refused(folder, "is a link that leads out of the folder")


def test_a_folder_behind_a_link_and_links_inside_it_are_fine(folder, tmp_path):
    (folder / "values.csv").rename(folder / "real.csv")
    (folder / "values.csv").symlink_to("real.csv")
    (tmp_path / "link").symlink_to(folder)
    assert len(Dataset.open(tmp_path / "link").values)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "/dev/zero", "", "a\\u0000b"])
def test_a_recorded_file_lies_in_the_folder(folder, name):
    head = folder / "dataset.toml"
    head.write_text(head.read_text() + f'\n[files]\n"{name}" = "00"\n')
    refused(folder, "leads out of the folder")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("region," * 100_000 + "x\n", "100,001 columns"),
        ("region" * 400_000, "has no end"),
        (
            "#" * 3_000_000 + "\nregion,indicator,year,value\n",
            "line 1 has no end",
        ),
        ("region,indicator,year,value\n" + "A" * 200 + ",soil,2020,1\n", "is no key"),
        ("region,indicator,year,value\nA\x1b[2J1,soil,2020,1\n", "is no key"),
        ("region,indicator,year,value\n\u202eA1,soil,2020,1\n", "is no key"),
        ("region,indicator,year,value\nA1,soil,2020,1e400\n", "is not a number"),
        ("region,indicator,year,value\nA1,soil,1e400,1\n", "is not a year"),
        ('region,indicator,year,value\nA1,soil,2020,"1\n', "cannot be read as csv"),
    ],
    ids=range(9),
)
def test_a_table_that_is_none_is_refused(folder, content, said):
    (folder / "values.csv").write_text(content)
    refused(folder, said)


def test_a_parquet_file_of_few_bytes_and_billions_of_rows_is_not_taken_up(tmp_path, monkeypatch):
    path = tmp_path / "values.parquet"
    pq.write_table(pa.table({"region": pa.array(["A1"] * 100_000)}), path)
    assert path.stat().st_size < 5_000
    monkeypatch.setattr("layers.tables.MOST_ROWS", 99_999)
    with pytest.raises(DatasetError, match="has 100,000 rows"):
        read_table(path)


_TYPES = st.sampled_from([
    pa.array([b"\xff", None]), pa.array([[1], [2]]), pa.array([{"a": 1}, None]),
    pa.array([1, 2], pa.timestamp("ns")), pa.array([1, 2], pa.date32()), pa.array([True, False]),
    pa.array(["A1", "\u202e"]), pa.array([1e308, float("nan")]), pa.array([2**63, 1], pa.uint64()),
    pa.array(["a", "a"]).dictionary_encode(), pa.array([None, None]), pa.array([1, 2], pa.int8()),
    pa.array([1, 2], pa.duration("s")), pa.array([1, 2], pa.decimal128(38, 10)),
])  # fmt: skip


@settings(max_examples=10)
@given(st.lists(_TYPES, min_size=4, max_size=6))
def test_columns_of_any_type_are_taken_or_refused(tmp_path_factory, columns):
    path = tmp_path_factory.mktemp("a") / "values.parquet"
    names = ["region", "indicator", "year", "value", "flag", "source"][: len(columns)]
    pq.write_table(pa.table(columns, names), path)
    try:
        check_values(read_table(path), path)
    except DatasetError as refusal:
        assert str(path) in str(refusal)  # noqa: PT017 -- either answer is right


def test_two_columns_of_one_name_are_refused(tmp_path):
    path = tmp_path / "values.parquet"
    pq.write_table(pa.table([pa.array(["A1"])] * 2, ["region", "region"]), path)
    with pytest.raises(DatasetError, match=r"Multiple matches .*region"):
        read_table(path)


def test_layers_below_layers_have_an_end(folder):
    text = 'id = "l{0}"\nparent = "l{1}"\nname = "x"\n'
    for number in range(100):
        path = folder / "catalogue" / f"90_{number:04}.toml"
        path.write_text(text.format(number, number + 1).replace('"l100"', '""'))
    refused(folder, "levels deep")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "https://a b", "//a"]
)
def test_an_address_is_one_of_the_web(folder, address):
    sources = folder / "sources.toml"
    text = sources.read_text()
    sources.write_text(text.replace("\nattribution", f'\nurl = "{address}"\nattribution', 1))
    refused(folder, "url")


@pytest.mark.parametrize("version", ["", "1/../..", "a b", "x" * 99, "[1](x)", "<b>"])
def test_a_version_is_one_word(folder, version):
    head = folder / "dataset.toml"
    head.write_text(head.read_text().replace('version = "1"', f'version = "{version}"'))
    refused(folder, "version")


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        ("gpkg", b'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd'),
        ("geojson", b'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/http://x'),
        ("gpkg", b"{}"), ("geojson", b"SQLite format 3\0"), ("geojson", b"{" * 50_000),
        ("parquet", b"PAR1" + bytes(20) + b"PAR1"),
    ],
)  # fmt: skip
def test_boundaries_are_what_their_name_says(tmp_path, suffix, content):
    (tmp_path / f"boundaries.{suffix}").write_bytes(content)
    with pytest.raises(DatasetError, match=rf"boundaries\.{suffix}: (is no|cannot be read)"):
        boundaries.load(tmp_path)


@pytest.mark.parametrize(
    "made",
    [
        "CREATE VIEW a AS SELECT load_extension('x')",
        "CREATE VIRTUAL TABLE a USING fts4(x)",
        "CREATE VIRTUAL TABLE a USING fts3(x, y)",
    ],
)
def test_a_geopackage_holds_rows_and_no_programs(tmp_path, made):
    path = tmp_path / "boundaries.gpkg"
    with sqlite3.connect(path) as database:
        database.execute(made)
    with pytest.raises(DatasetError, match="'a' is a view or a virtual table"):
        boundaries.load(tmp_path)


def test_a_geopackage_may_show_its_registers_to_other_programs(tmp_path):
    path = tmp_path / "boundaries.gpkg"
    shape = gpd.GeoDataFrame({"region": ["A1"]}, geometry=[shapely.box(8, 50, 9, 51)], crs=4326)
    shape.to_file(path)
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE VIEW st_spatial_ref_sys AS SELECT srs_name, srs_id FROM gpkg_spatial_ref_sys"
        )
    assert boundaries.load(tmp_path) is not None


def test_a_publishers_archive_from_a_mac_holds_one_table(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(
        zipped(("x/a.csv", b"1"), ("__MACOSX/x/._a.csv", b"\0"), ("x/About.pdf", b"%PDF"))
    )
    extract_one(path, "*.csv", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"1"


# Snapshots.

ENTRY = {"place": "a.csv", "sha256": hashlib.sha256(b"1").hexdigest(), "size": 1, "retrieved": "x"}


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "", "..", "a/../../b"])
def test_a_snapshot_is_called_by_a_name(tmp_path, name):
    with pytest.raises(PotenzialatlasError) as refusal:
        Store(tmp_path / "a").load(name)
    assert "root:" not in str(refusal.value)


@pytest.mark.parametrize("place", ["../x", "/etc/x", "a/../../x", "C:x", "..\\x", ""])
def test_a_file_of_a_snapshot_stays_in_its_folder(tmp_path, place):
    held = Store(tmp_path / "a")
    (tmp_path / "a.csv").write_bytes(b"1")
    held.put(tmp_path / "a.csv")
    found = Snapshot.model_validate({"taken": "1", "file": [ENTRY | {"place": place}]})
    with pytest.raises(PotenzialatlasError, match="is no place inside a folder"):
        held.lay_out(found, tmp_path / "b")
    assert not (tmp_path / "x").exists()


def test_an_object_that_is_a_link_elsewhere_is_not_what_was_fetched(tmp_path):
    held = Store(tmp_path / "a")
    (tmp_path / "a" / "objects").mkdir(parents=True)
    (tmp_path / "a" / "objects" / ENTRY["sha256"]).symlink_to("/etc/passwd")
    with pytest.raises(DatasetError, match="was changed"):
        held.lay_out(Snapshot(taken="1", file=(Entry(**ENTRY),)), tmp_path / "b")


@pytest.mark.parametrize(
    ("files", "said"),
    [([ENTRY, ENTRY], "two files have the place"), ([ENTRY | {"sha256": "../x"}], "sha256")],
)
def test_a_manifest_that_makes_no_sense_is_refused(tmp_path, files, said):
    place = tmp_path / "snapshots" / "a.toml"
    place.parent.mkdir()
    place.write_text(tomli_w.dumps({"taken": "1", "file": files}))
    with pytest.raises(DatasetError, match=said):
        Store(tmp_path).load("a")


@pytest.mark.parametrize("name", ["a.pdf", "a.exe", "a", "a.csv\0.xlsx", "../../a.csv", "a.tif"])
def test_what_a_table_is_its_content_says_and_not_its_name(name):
    table = b"Kreis;Wert\n01001;1\n"
    assert read_sheets(table, name)[0].rows
    for content in (b"%PDF-1.7\n\0", b"\x89PNG\r\n\x1a\n\0", b"MZ\0\0", b"II*\0"):
        with pytest.raises(SourceError, match="neither text nor a workbook"):
            read_sheets(content, name)


# Rasters.


def raster(path, *, side=4, **options):
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=1, dtype="uint8",
        crs="EPSG:3035", transform=rasterio.Affine(100, 0, 4e6, 0, -100, 3e6), **options,
    ) as file:  # fmt: skip
        if side < 1_000:
            file.write(np.arange(side * side, dtype="uint8").reshape(1, side, side))
    return path


NESTED = (
    '<VRTDataset rasterXSize="4" rasterYSize="4"><VRTRasterBand dataType="Byte" band="1">'
    "<SimpleSource><SourceFilename>{}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
)


@pytest.mark.parametrize("named", ["/etc/passwd", "/vsicurl/http://localhost:9/a.tif", "b.tif"])
def test_a_raster_that_only_names_others_is_none(tmp_path, named):
    (tmp_path / "a.tif").write_text(NESTED.format(named))
    with pytest.raises(SourceError, match="cannot be read as GeoTIFF"):
        open_raster(tmp_path / "a.tif")


def test_what_lies_beside_a_raster_changes_nothing(tmp_path):
    path = raster(tmp_path / "a.tif")
    for suffix in (".msk", ".ovr"):
        (tmp_path / f"a.tif{suffix}").write_text(NESTED.format("/etc/passwd"))
    (tmp_path / "a.tif.aux.xml").write_text(
        '<PAMDataset><PAMRasterBand band="1"><NoDataValue>3</NoDataValue></PAMRasterBand>'
        "</PAMDataset>"
    )
    found = open_raster(path, nodata="none")
    with found.open() as file:
        assert found.read(file, 0, 0, 4, 4).count() == 16


def test_a_raster_that_claims_trillions_of_cells_is_refused(tmp_path):
    path = raster(
        tmp_path / "a.tif", side=2_000_000, sparse_ok=True, tiled=True, BIGTIFF="YES",
        blockxsize=8192, blockysize=8192,
    )  # fmt: skip
    with pytest.raises(SourceError, match="claims 4,000,000,000,000 cells"):
        open_raster(path)


# Any recipe.


@settings(max_examples=8)
@given(recipes)
def test_any_recipe_that_fits_gives_finite_scores_or_none(toy, recipe):
    known = set(toy.catalogue.layer_by_id)
    fitting = recipe.model_copy(update={
        "filter": {}, "denominate": {}, "directions": {},
        "weights": {f"layer:{key}": 5e-324 for key in list(known)[:2]},
        "impute": Recipe().impute, "treat": recipe.treat.model_copy(update={"indicators": {}}),
        "normalise": recipe.normalise.model_copy(update={"goalposts": {}, "targets": {}}),
        "aggregate": recipe.aggregate.model_copy(update={"layers": {}, "levels": {}}),
        "screen": Recipe().screen, "kinds": Recipe().kinds,
    })  # fmt: skip
    try:
        found = score(toy, fitting)
    except PotenzialatlasError as refusal:
        assert "\n" not in str(refusal)  # noqa: PT017 -- either answer is right
        return
    assert not np.isinf(found.index.dropna()).any()
    assert isinstance(found.index, pd.Series)
