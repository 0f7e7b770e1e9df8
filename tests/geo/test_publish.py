"""What must be true of exported files.

Shapes covered: squares that touch, one of two parts, one with a hole; a gap; names that a
spreadsheet or a CSV reader could misread; a dataset without boundaries; the embedded dataset.
"""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from geo import publish
from layers import Dataset, Recipe, score
from layers.errors import ExportError
from layers.paths import data_folder, default_recipe
from layers.robust import robust_scores
from layers.table import bands_table, indicator_table, result_table, values_table

TOY = Path(__file__).parents[1] / "toy"
TEXT = dict.fromkeys(["region", "name", "reason", "flags"], str)


@pytest.fixture(scope="module")
def folder(mapped):
    return mapped


@pytest.fixture(scope="module")
def scores(mapped_scores):
    return mapped_scores


@pytest.fixture(scope="module")
def bands(mapped_bands):
    return mapped_bands


@pytest.fixture(scope="module")
def table(scores, bands):
    return result_table(scores, bands)


def same_numbers(found, table):
    """Assert that all columns agree, numbers to the last digit, gaps included."""
    assert list(found.columns) == list(table.columns)
    for column in table.columns:
        if pd.api.types.is_numeric_dtype(table[column]):
            np.testing.assert_array_equal(
                found[column].astype("Float64").to_numpy(float, na_value=np.nan),
                table[column].astype("Float64").to_numpy(float, na_value=np.nan),
            )
        else:
            assert list(found[column].fillna("")) == list(table[column])


def read_csv(content):
    """Read a CSV table; numbers by Python, which rounds correctly to the last digit."""
    found = pd.read_csv(io.BytesIO(content), comment="#", dtype=str)
    numeric = [one for one in found if one not in TEXT]
    return found.assign(**{one: found[one].map(float) for one in numeric})


def read_map(path):
    """Read a map as other programs do; TopoJSON by itself names no coordinate system."""
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    layer = "potenzialatlas" if path.suffix == ".gpkg" else None
    found = gpd.read_file(path, layer=layer)
    return found if found.crs else found.set_crs("EPSG:4326")


@pytest.mark.parametrize("suffix", [".geojson", ".topojson", ".gpkg", ".fgb", ".parquet"])
def test_maps_read_back_to_the_last_digit(scores, bands, table, squares, suffix, tmp_path):
    path = tmp_path / f"out{suffix}"
    publish.write(scores, path, bands=bands)
    found = read_map(path).set_index("region").loc[table["region"]].reset_index()
    same_numbers(pd.DataFrame(found.drop(columns=["geometry", "id"], errors="ignore")), table)
    shapes = found.to_crs("EPSG:25832").set_index("region").geometry
    wanted = squares.set_index("region").geometry.reindex(shapes.index)
    assert shapes.is_valid.all()
    # Five decimals of a degree are about a metre; squares are 10 km wide.
    assert shapely.hausdorff_distance(shapes.array, wanted.array).max() < 2


@pytest.mark.parametrize("suffix", [".geojson", ".topojson", ".gpkg", ".fgb", ".parquet", ".xlsx"])
def test_keys_of_digits_keep_their_zeros(folder, squares, recipe, suffix, tmp_path):
    keys = {"A1": "01001", "B2": "01002", "C3": "09162", "D4": "16077"}
    copy = Path(shutil.copytree(folder, tmp_path / "toy"))
    for name in ("values.csv", "regions.csv"):
        text = (copy / name).read_text()
        for key, digits in keys.items():
            text = text.replace(f"\n{key},", f"\n{digits},")
        (copy / name).write_text(text)
    squares.assign(region=squares["region"].map(keys)).to_parquet(copy / "boundaries.parquet")
    path = tmp_path / f"out{suffix}"
    publish.write(score(Dataset.open(copy), recipe), path)
    found = (
        pd.read_excel(path, engine="calamine", dtype={"region": object})
        if suffix == ".xlsx"
        else read_map(path)
    )
    assert set(found["region"]) == set(keys.values())


def test_csv_reads_back_to_the_last_digit(scores, bands, table):
    content = publish.to_bytes(scores, ".csv", bands=bands)
    same_numbers(read_csv(content), table)


def test_german_csv_reads_back_and_begins_with_its_header(scores, bands, table):
    content = publish.to_bytes(scores, ".csv", bands=bands, excel_de=True)
    assert content.startswith(b"\xef\xbb\xbfregion;name;score;rank;")
    found = pd.read_csv(
        io.BytesIO(content), sep=";", nrows=len(table), dtype=str, encoding="utf-8-sig"
    )
    numbers = found["score"].str.replace(",", ".").map(float)
    np.testing.assert_array_equal(numbers, table["score"])
    assert list(found["region"]) == list(table["region"])
    assert "Invented numbers" in content.decode("utf-8-sig").split("\r\n\r\n")[1]


def test_workbook_reads_back_to_the_last_digit(scores, bands, table):
    content = publish.to_bytes(scores, ".xlsx", bands=bands, language="en")
    found = pd.read_excel(io.BytesIO(content), sheet_name=None, engine="calamine", dtype=TEXT)
    assert list(found) == ["scores", "indicators", "code book", "recipe", "sources"]
    same_numbers(found["scores"], table)
    same_numbers(found["indicators"], indicator_table(scores))
    assert set(found["code book"]["column"]) >= set(table.columns)
    assert "Invented numbers, no statistics" in list(found["sources"]["attribution"])


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_rank_bands_can_be_written_alone(scores, bands, suffix):
    content = publish.to_bytes(scores, suffix, bands=bands, content="bands")
    read = {
        ".csv": read_csv,
        ".xlsx": lambda raw: pd.read_excel(io.BytesIO(raw), engine="calamine", dtype=TEXT),
        ".parquet": lambda raw: gpd.read_parquet(io.BytesIO(raw)).drop(columns="geometry"),
    }[suffix]
    same_numbers(pd.DataFrame(read(content)), bands_table(scores, bands))


@pytest.mark.parametrize("suffix", publish.SUFFIXES)
def test_the_same_scores_give_the_same_bytes(scores, bands, suffix, monkeypatch):
    first = publish.to_bytes(scores, suffix, bands=bands)
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert publish.to_bytes(scores, suffix, bands=bands) == first


def test_geojson_follows_rfc_7946(scores):
    text = publish.to_bytes(scores, ".geojson").decode()
    content = json.loads(text, parse_constant=pytest.fail)
    assert "crs" not in content
    for feature in content["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        for part in shapely.get_parts(shape):
            assert part.exterior.is_ccw
            assert not any(ring.is_ccw for ring in part.interiors)
        coordinates = shapely.get_coordinates(shape)
        np.testing.assert_array_equal(coordinates, np.round(coordinates, 5))
        assert (np.abs(coordinates) <= [180, 90]).all()


def test_geojson_says_null_where_there_is_no_score(scores):
    features = json.loads(publish.to_bytes(scores, ".geojson"))["features"]
    properties = {one["id"]: one["properties"] for one in features}
    assert properties["D4"]["score"] is None
    assert properties["D4"]["rank"] is None
    assert properties["D4"]["reason"] == "coverage"


def test_a_region_without_a_boundary_keeps_its_row(folder, squares, recipe, tmp_path):
    copy = Path(shutil.copytree(folder, tmp_path / "toy"))
    squares.iloc[:3].to_parquet(copy / "boundaries.parquet")
    scores = score(Dataset.open(copy), recipe)
    features = json.loads(publish.to_bytes(scores, ".geojson"))["features"]
    assert {one["id"]: one["geometry"] is None for one in features} == {
        "A1": False, "B2": False, "C3": False, "D4": True,
    }  # fmt: skip
    rows = json.loads(publish.to_bytes(scores, ".topojson"))["objects"]["regions"]["geometries"]
    assert [one["id"] for one in rows if one["type"] is None] == ["D4"]
    for suffix in (".gpkg", ".fgb", ".parquet"):
        publish.write(scores, tmp_path / f"out{suffix}")
        found = read_map(tmp_path / f"out{suffix}").set_index("region").geometry
        assert list(found.index[found.isna() | found.is_empty]) == ["D4"]


def metadata_of(path):
    match path.suffix:
        case ".geojson" | ".topojson":
            return json.loads(path.read_text())["metadata"]
        case ".gpkg" | ".fgb":
            about = pyogrio.read_info(path, layer="potenzialatlas")["layer_metadata"]
            return json.loads(about["potenzialatlas"])
        case _:
            return json.loads(pq.read_schema(path).metadata[b"potenzialatlas"])


@pytest.mark.parametrize("suffix", [".geojson", ".topojson", ".gpkg", ".fgb", ".parquet"])
def test_metadata_hold_recipe_version_and_attribution(scores, recipe, suffix, tmp_path):
    path = tmp_path / f"out{suffix}"
    publish.write(scores, path, language="en")
    about = metadata_of(path)
    assert about["dataset"] == "toy@1"
    assert Recipe.parse(tomllib.loads(about["recipe"])).weights == recipe.weights
    assert about["recipe_hash"] in about["citation"]
    years = {one["id"]: (one["year"], one["flagged"]) for one in about["indicators"]}
    assert years["wells"] == (2021, {"withheld": ["D4"]})
    assert about["sources"][0]["attribution"] == "Invented numbers, no statistics"
    assert [one["name"] for one in about["columns"]] == list(result_table(scores).columns)


def test_csv_begins_with_provenance_in_comments(scores):
    lines = publish.to_bytes(scores, ".csv", language="en").decode().splitlines()
    head = lines[: next(i for i, line in enumerate(lines) if not line.startswith("#"))]
    assert any("toy@1" in line for line in head)
    assert any("Invented numbers, no statistics" in line for line in head)
    assert any("Recipe (TOML)" in line for line in head)


NASTY = ["=1+1", "+49 30", 'a,"b";c #d', "@SUM(A1)\nx"]


def nasty(scores):
    regions = scores.dataset.regions.assign(name=NASTY)
    return dataclasses.replace(scores, dataset=dataclasses.replace(scores.dataset, regions=regions))


def neutral(names):
    return {f"'{name}" if name[0] in "=+-@\t\r" else name for name in names}


def test_csv_names_are_neither_formulas_nor_comments_nor_columns(scores):
    content = publish.to_bytes(nasty(scores), ".csv")
    assert set(pd.read_csv(io.BytesIO(content), comment="#", dtype=TEXT)["name"]) == neutral(NASTY)
    german = publish.to_bytes(nasty(scores), ".csv", excel_de=True)
    found = pd.read_csv(io.BytesIO(german), sep=";", nrows=4, dtype=TEXT, encoding="utf-8-sig")
    assert {name.replace("\r\n", "\n") for name in found["name"]} == neutral(NASTY)


def test_workbook_names_are_no_formulas(scores):
    content = publish.to_bytes(nasty(scores), ".xlsx")
    found = pd.read_excel(io.BytesIO(content), engine="calamine", dtype=TEXT)
    assert set(found["name"]) == neutral(NASTY)


def test_stages_are_written_with_all_digits(scores, recipe, tmp_path):
    written = publish.write_stages(scores, tmp_path / "stages")
    assert {path.name for path in written} >= {
        "raw.csv", "normalised.csv", "aggregated.csv", "coverage.csv", "contributions.csv",
        "weights.csv", "ranks.csv", "recipe.toml", "provenance.txt",
    }  # fmt: skip
    found = read_csv((tmp_path / "stages" / "aggregated.csv").read_bytes()).set_index("region")
    pd.testing.assert_frame_equal(found, scores.layers.assign(index=scores.index), check_exact=True)
    assert Recipe.load(tmp_path / "stages" / "recipe.toml").weights == recipe.weights


def test_stages_can_be_written_again_and_leave_other_files_alone(scores, tmp_path):
    folder = tmp_path / "stages"
    publish.write_stages(scores, folder)
    (folder / "notes.txt").write_text("mine")
    (folder / "raw.csv").write_text("old")
    publish.write_stages(scores, folder)
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "raw.csv").read_text() != "old"
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("out.doc", "unknown format '.doc'; allowed: .geojson, .topojson, .gpkg"),
        ("out", "the file name has no suffix"),
        ("missing/out.csv", "there is no such folder; create it first."),
        ("folder.csv", "is a folder; name a file in it."),
    ],
)
def test_a_bad_target_is_named_and_nothing_is_written(scores, tmp_path, name, words):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ExportError) as fault:
        publish.write(scores, tmp_path / name)
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


@pytest.mark.parametrize("suffix", [".geojson", ".topojson", ".gpkg", ".fgb"])
def test_a_map_without_boundaries_says_which_formats_work(recipe, suffix, tmp_path):
    scores = score(Dataset.open(TOY), recipe)
    with pytest.raises(ExportError, match=r"no boundaries; .* \.parquet, \.csv, \.xlsx, \.zip"):
        publish.write(scores, tmp_path / f"out{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_parquet_does_without_boundaries(recipe, tmp_path):
    scores = score(Dataset.open(TOY), recipe)
    publish.write(scores, tmp_path / "out.parquet")
    same_numbers(pd.read_parquet(tmp_path / "out.parquet"), result_table(scores))


def test_the_embedded_dataset_gives_a_small_whole_map():
    if not (data_folder() / "kreise" / "values.parquet").is_file():
        pytest.skip("data/kreise is not built; run `ipot data build`")
    dataset = Dataset.open(data_folder() / "kreise")
    scores = score(dataset, default_recipe(dataset))
    bands = robust_scores(scores, draws=100)
    assert len(publish.to_bytes(scores, ".topojson", bands=bands)) < 400_000
    content = publish.to_bytes(scores, ".geojson", bands=bands)
    assert len(content) < 700_000
    shapes = [
        shapely.from_geojson(json.dumps(one["geometry"])) for one in json.loads(content)["features"]
    ]
    assert len(shapes) == 400
    assert all(shape.is_valid and not shape.is_empty for shape in shapes)
    overlap = sum(shape.area for shape in shapes) / shapely.union_all(shapes).area - 1
    assert abs(overlap) < 1e-4


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_values_read_back_with_year_flag_and_source(scores, suffix):
    content = publish.to_bytes(scores, suffix, content="values")
    text = dict.fromkeys(["region", "indicator", "flag", "source"], str)
    read = {
        ".csv": lambda raw: pd.read_csv(io.BytesIO(raw), comment="#", dtype=text),
        ".xlsx": lambda raw: pd.read_excel(io.BytesIO(raw), engine="calamine", dtype=text),
        ".parquet": lambda raw: pd.read_parquet(io.BytesIO(raw)),
    }[suffix]
    same_numbers(read(content), values_table(scores))


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("out.gpkg", {"content": "values"}, "allowed: .csv, .xlsx, .parquet."),
        ("out.zip", {"content": "bands"}, "write rank bands as .csv or .xlsx."),
        ("out.xlsx", {"datawrapper": True}, "Datawrapper takes scores as .csv."),
        ("out.csv", {"datawrapper": True, "content": "bands"}, "Datawrapper takes scores"),
        ("out.csv", {"datawrapper": True, "excel_de": True}, "either for Datawrapper or for"),
    ],
)
def test_what_does_not_go_together_is_refused(scores, bands, tmp_path, name, options, words):
    with pytest.raises(ExportError) as fault:
        publish.write(scores, tmp_path / name, bands=bands, **options)
    assert words in str(fault.value)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ExportError):
        publish.check_target(tmp_path / name, **options)


def test_datawrapper_gets_its_sources_in_a_file_beside_it(scores, tmp_path):
    publish.write(scores, tmp_path / "out.csv", datawrapper=True, language="en")
    assert (tmp_path / "out.csv").read_text().startswith("Key,Name,Score,")
    assert "Invented numbers, no statistics" in (tmp_path / "out.source.txt").read_text()


def test_geoparquet_follows_its_specification(scores, squares):
    table = pq.read_table(io.BytesIO(publish.to_bytes(scores, ".parquet")))
    about = json.loads(table.schema.metadata[b"geo"])
    assert about["version"] in {"1.0.0", "1.1.0"}
    column = about["columns"][about["primary_column"]]
    assert column["encoding"] == "WKB"
    assert set(column["geometry_types"]) == {"Polygon", "MultiPolygon"}
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 25832}
    np.testing.assert_allclose(column["bbox"], squares.total_bounds)
    shapes = shapely.from_wkb(table[about["primary_column"]].to_pylist())
    assert shapely.is_valid(shapes).all()


def test_bands_that_were_not_computed_are_not_written(scores, tmp_path):
    with pytest.raises(ExportError, match="compute them with robust"):
        publish.write(scores, tmp_path / "out.csv", content="bands")
