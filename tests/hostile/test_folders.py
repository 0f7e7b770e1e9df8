"""Dataset folders and rasters that somebody else made.

Covered: links and names that lead out, tables that claim too much or are of another kind, keys and
names with unseen signs, layers without end and in circles, lenses of any kind, addresses that are
scripts, boundaries of another format and with views, snapshots of thousands of files, rasters of
another format, with files beside them, of absurd size.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time

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
from layers.lenses import through
from layers.own_table import read_sheets
from layers.sources.fetch.archive import extract_one
from layers.sources.fetch.plan import FetchPlan
from layers.sources.fetch.snapshot import Entry, Snapshot, Store
from layers.tables import check_values, read_table
from tests.hostile.bombs import zipped
from tests.layers.strategies import recipes

#: Seconds that work may take on a machine with much else to do.
PATIENCE = 10


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
    ("parents", "said"),
    [(("b", "a"), "each other's parents: l0 -> l1 -> l0"), (("a", ""), "l0 -> l0"),
     (("nowhere", ""), "unknown parent")],
)  # fmt: skip
def test_layers_in_a_circle_are_refused(folder, parents, said):
    for number, parent in enumerate(parents):
        text = f'id = "l{number}"\nparent = "{parent}"\nname = "x"\n'
        text = text.replace('"a"', '"l0"').replace('"b"', '"l1"')
        (folder / "catalogue" / f"90_{number}.toml").write_text(text)
    refused(folder, said)


# Lenses.

_HEAD = 'id = "other"\nname = "x"\nsource = "y"\n'
_GROUP = '[[group]]\nid = "{}"\nname = "x"\n'
_FIRST = _GROUP.format("first")
_STONES = _FIRST + 'indicators = ["stones"]\n'


def with_lens(folder, content, name="other"):
    place = folder / "lenses" / f"{name}.toml"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return place


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_HEAD + _FIRST + 'layers = ["nowhere"]\n', "unknown layer 'nowhere'; known: land"),
        (_HEAD + _FIRST + 'indicators = ["nothing"]\n', "unknown indicator 'nothing'"),
        (_HEAD + _FIRST + f'layers = ["{"x" * 1_000_000}"]\n', "unknown layer 'xxx"),
        (_HEAD + _FIRST + 'layers = ["first"]\n', "unknown layer 'first'"),
        (_HEAD + _STONES + 'parent = "first"\n', "unknown key 'group.0.parent'"),
        (_HEAD + _STONES + _FIRST, "'first' stands in group 'first' and again"),
        (_HEAD + _STONES + _GROUP.format("b") + 'indicators = ["stones"]\n', "'stones' stands in"),
        (_HEAD + _FIRST, "no group holds an indicator"),
        (_HEAD, "key 'group' is missing"),
        (_HEAD + _GROUP.format("soil") + 'indicators = ["stones"]\n', "id of a layer or indicator"),
        (_HEAD + _GROUP.format("index"), "name of a column of every table"),
        (_HEAD + _GROUP.format("A<b>"), "group.0.id"),
        (_HEAD + _GROUP.format("../x"), "group.0.id"),
        (_HEAD.replace("other", "another") + _STONES, "has to be called another.toml"),
        (_HEAD + _STONES + "".join(map(_GROUP.format, (f"g{k}" for k in range(20_000)))),
         "at most 200 items"),
        (_HEAD + _STONES.replace('"x"', "{ de = 1, en = [] }"), "group.0.name"),
        (_HEAD + _STONES.replace("indicators", "group"), "unknown key 'group.0.group'"),
        (_HEAD + "group = " + "[" * 50_000, "too deep"),
        (b"\xff\xfe" + _HEAD.encode("utf-16-le"), "is not UTF-8"),
        ("\0", "not valid TOML"), ("", "is missing"), (b"#" * 2_000_001, "has more than 2 MB"),
    ],
    ids=range(22),
)  # fmt: skip
def test_a_lens_that_makes_no_sense_is_refused(folder, content, said):
    with_lens(folder, content)
    refused(folder, said)


def test_a_lens_is_a_file_of_the_folder(folder, tmp_path):
    place = with_lens(folder, _HEAD + _STONES)
    place.rename(tmp_path / "other.toml")
    place.symlink_to(tmp_path / "other.toml")
    refused(folder, "is a link that leads out of the folder")
    place.unlink()
    place.mkdir()
    refused(folder, "cannot be read")


def test_words_of_a_lens_hide_nothing(folder):
    name = "\\u202e\\u0000A\\u2066<script>" + "\\u0301\\u0316" * 5_000
    with_lens(folder, _HEAD + _STONES.replace('name = "x"', f'name = "{name}"'))
    found = Dataset.open(folder).lenses["other"].groups[0].name.de
    assert found.startswith("A<script>")
    assert not set("\u202e\u2066\0") & set(found)


def test_thousands_of_lenses_and_of_what_they_group_cost_little(folder):
    values = (folder / "values.csv").read_text().splitlines()
    many = [f"many_{number}" for number in range(2_000)]
    entries = "".join(
        f'[[indicator]]\nid = "{key}"\nname = "x"\ndirection = "+"\nsource = "invented"\n'
        for key in many
    )
    (folder / "catalogue" / "90.toml").write_text(f'id = "more"\nname = "x"\n{entries}')
    lines = [f"A1,{key},2020,1" + "," * (values[0].count(",") - 3) for key in many]
    (folder / "values.csv").write_text("\n".join([*values, *lines]) + "\n")
    groups = "".join(map(_GROUP.format, (f"g{number}" for number in range(199))))
    for number in range(20):
        named = f"other{number}"
        with_lens(
            folder,
            _HEAD.replace("other", named) + _FIRST + f"indicators = {many}\n" + groups,
            named,
        )
    began = time.process_time()
    found = Dataset.open(folder)
    assert len(through(found, "other7").catalogue.indicator_by_id) == len(many)
    assert time.process_time() - began < PATIENCE


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


def test_a_snapshot_of_thousands_of_files_is_read_as_it_was_written(tmp_path):
    """A manifest says more of each file than the definition that it was fetched by."""
    told = {"url": "https://example.org/" + "x" * 200, "attribution": ("y" * 300,)}
    entry = Entry(**ENTRY, **told)
    files = tuple(entry.model_copy(update={"place": f"d/{k:05}.csv"}) for k in range(3_500))
    held, snapshot = Store(tmp_path), Snapshot(taken="2026-11-21T20:00:00Z", file=files)
    began = time.process_time()
    held.save(snapshot)
    assert held.load(snapshot.name) == snapshot
    assert time.process_time() - began < PATIENCE


def test_a_definition_of_thousands_of_files_is_read_at_once(tmp_path):
    path = tmp_path / "fetch.toml"
    text = '[[file]]\nplace = "{}.csv"\nsources = ["a"]\nurl = "https://a.test"\n'
    path.write_text("".join(map(text.format, range(3_500))))
    began = time.process_time()
    assert len(FetchPlan.load(path).choose(["a"])) == 3_500
    path.write_text(path.read_text() + text.format(3_499))
    with pytest.raises(DatasetError, match=r"'3499\.csv' occurs twice"):
        FetchPlan.load(path)
    assert time.process_time() - began < PATIENCE


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
