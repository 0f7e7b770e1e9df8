"""A dataset of municipalities, built from the publishers' files of three Kreise.

Eifelkreis Bitburg-Prüm has 234 villages, some without a populated cell and two with an impossible
share of owners; Landkreis Schweinfurt has areas in which nobody lives; Vorpommern-Greifswald has
two municipalities of one name.
"""

from __future__ import annotations

import filecmp
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from geo import boundaries, gemeinden, publish
from geo.access import places
from geo.rasters.population import open_grid
from layers import Dataset, score
from layers.errors import DatasetError, SourceError
from layers.paths import default_recipe
from layers.sources import gemeinden as reader
from views.cli.commands import cli

ROOT = Path(__file__).parents[2]
DEFINITIONS = ROOT / "data" / "definitions" / "gemeinden"
RAW = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not RAW.is_dir(), reason="the publishers' files (../shared/data) are not here"
)
KREISE = ("07232", "09678", "13075")
EMPTY = "09678457"  # Wustvieler Forst
BORDERS = "geo/bkg_vg250_gem_2022-12-31_simplified/vg250_gem_simplified_utm32.gpkg"


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """Return the publishers' files, of which those by municipality hold three Kreise only."""
    folder = tmp_path_factory.mktemp("raw")
    for source in RAW.rglob("*"):
        place = folder / source.relative_to(RAW)
        if source.is_file():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(source)
    for name in (reader.CENSUS, reader.REGISTER, BORDERS):
        (folder / name).unlink()
    census = pd.read_csv(RAW / reader.CENSUS, dtype="str")
    census[census["ags"].str.startswith(KREISE)].to_csv(folder / reader.CENSUS, index=False)
    areas = gpd.read_file(RAW / BORDERS)
    areas[areas["ARS"].str.startswith(KREISE)].to_file(folder / BORDERS, layer="gem")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "2022"
    head, *rows = reader._rows(RAW / reader.REGISTER)
    keys = tuple(float(key) for key in KREISE)
    for row in [head, *(one for one in rows if one[0] // 1_000 in keys)]:
        sheet.append(row)
    book.save(folder / reader.REGISTER)
    return folder


@pytest.fixture(scope="module")
def built(raw, tmp_path_factory):
    target = tmp_path_factory.mktemp("built") / "gemeinden"
    return target, gemeinden.build(raw, DEFINITIONS, target)


@pytest.fixture(scope="module")
def dataset(built):
    return Dataset.open(built[0])


@pytest.fixture(scope="module")
def values(dataset):
    return dataset.select().values


def test_every_inhabited_municipality_is_there_once_and_nobody_else(dataset):
    keys = dataset.regions.index
    assert keys.is_unique
    assert set(keys.str[:5]) == set(KREISE)
    assert keys.str.fullmatch(r"\d{8}").all()
    assert EMPTY not in keys
    assert len(keys) == 234 + 29 + 138
    assert (dataset.region_level, dataset.gebietsstand) == ("gemeinde", "2022-12-31")


def test_people_of_all_municipalities_are_the_official_population_of_germany():
    """Destatis for the end of 2022, updated from the census of 2011."""
    register = reader.register(RAW)
    assert register["population"].sum() == 84_358_845
    assert (len(register), (register["population"] == 0).sum()) == (10_990, 204)


def test_values_are_those_of_the_publisher(dataset, values):
    """Bitburg, as the files have it."""
    assert values.loc["07232018", ["vacancy_rate", "rent_level", "owner_share"]].tolist() == [
        4.4, 7.07, 38.7,
    ]  # fmt: skip
    assert values.at["07232018", "population_density"] == 16_852 / 47.55
    bitburg = dataset.regions.loc["07232018"]
    assert (bitburg["label"], bitburg["kreis_name"]) == ("Bitburg", "Eifelkreis Bitburg-Prüm")
    assert (bitburg["size_class"], bitburg["urbanisation"], bitburg["thuenen_type"]) == (3, 2, 1)


def test_names_are_readable_and_tell_places_apart(dataset):
    labels = dataset.regions["label"]
    assert labels.is_unique
    assert not labels.str.contains(", Stadt").any()
    assert labels["13075101"] == "Neuenkirchen (Landkreis Vorpommern-Greifswald, 13075101)"
    assert labels["09678193"] == "Werneck"


def test_a_place_shared_by_two_kreise_takes_the_name_of_its_kreis():
    names = pd.Series({"1": "Burg", "2": "Burg, Stadt", "3": "Garding, Stadt", "4": "Berg, M"})
    found = gemeinden.labels(names, pd.Series(["A", "B", "C", "D"], index=names.index))
    assert found.tolist() == ["Burg (A)", "Burg (B)", "Garding", "Berg"]


def test_an_impossible_share_of_owners_is_left_out_and_told(built, values):
    assert values.loc[["07232022", "07232240"], "owner_share"].isna().all()
    assert values["owner_share"].max() <= 100
    assert "owner_share 2022-2022, 2 values (07232022, 07232240)" in str(built[1])


def test_what_the_census_does_not_publish_stays_a_gap(values):
    census = pd.read_csv(RAW / reader.CENSUS, dtype={"ags": "str"}).set_index("ags")
    there = census.loc[values.index, "share_foreign_census22"].notna()
    assert 0 < (~there).sum() < len(values)
    assert values["foreign_share"].notna().equals(there)


def test_borders_are_a_valid_coverage_of_nearly_the_same_areas(built, dataset):
    found = boundaries.load(built[0])
    assert shapely.coverage_is_valid(found.geometry.to_numpy())
    assert list(found.index) == sorted(dataset.regions.index)
    before = gpd.read_file(RAW / BORDERS)
    before.index = before["ARS"].str[:5] + before["ARS"].str[9:]
    change = (found.area / before.area.reindex(found.index) - 1).abs()
    assert change.median() < 0.001
    assert change.max() < 0.1
    assert f"areas in which nobody lives ({EMPTY[:5]}" in str(built[1])


def test_distances_are_means_over_the_people_in_the_municipality(built, values):
    """Bitburg, amid its Kreis, by brute force: its cells, all stops, no tree."""
    area = boundaries.load(built[0]).to_crs("EPSG:3035").geometry["07232018"]
    cells = open_grid().cells()
    cells = cells[shapely.contains_xy(area, cells["x"], cells["y"])]
    stops = places.PLACES["train"].read(RAW)
    away = np.hypot(
        cells["x"].to_numpy()[:, None] - stops["x"].to_numpy(),
        cells["y"].to_numpy()[:, None] - stops["y"].to_numpy(),
    ).min(axis=1)
    mean = np.average(away / 1_000, weights=cells["people"])
    assert values.at["07232018", "train_stop_distance"] == pytest.approx(mean)
    within = 100 * cells["people"][away <= 5_000].sum() / cells["people"].sum()
    assert values.at["07232018", "train_stop_5km"] == pytest.approx(within)


def test_a_municipality_without_a_populated_cell_is_measured_at_a_point_inside(built, values):
    borders = boundaries.load(built[0])
    access = gemeinden.access_cells(borders, open_grid())
    assert set(access.cells["region"]) == set(borders.index)
    assert access.without
    region = access.without[0]
    point = borders.loc[[region]].representative_point().to_crs("EPSG:3035").iloc[0]
    centres = places.centres(RAW)
    away = np.hypot(centres["x"] - point.x, centres["y"] - point.y).min() / 1_000
    assert values.at[region, "medium_centre_distance"] == pytest.approx(away)
    assert f"stands for {len(access.without)} municipalities" in str(built[1])


def test_people_counted_by_cells_are_about_those_of_the_register(dataset):
    """Between 2011 and 2022 a Kreis changed little; a single village may differ more."""
    access = gemeinden.access_cells(boundaries.load(dataset.path), open_grid())
    found = access.cells.groupby(access.cells["region"].str[:5])["people"].sum()
    official = dataset.regions.groupby("kreis")["population"].sum()
    assert ((found / official - 1).abs() < 0.15).all()


def test_it_is_scored_and_written_by_the_same_code(dataset, tmp_path):
    scores = score(dataset, default_recipe(dataset))
    assert scores.index.notna().mean() > 0.8
    target = tmp_path / "scores.gpkg"
    publish.write(scores, target, content="scores", language="de")
    assert len(gpd.read_file(target, layer="potenzialatlas")) == len(dataset.regions)


def test_every_attribute_has_words_for_all_its_values(dataset):
    for column, attribute in dataset.attributes.items():
        there = set(dataset.regions[column].dropna().astype("str"))
        assert there <= set(attribute.values), column


def test_the_command_builds_the_same_bytes(built, raw, tmp_path):
    target = tmp_path / "again"
    asked = ["data", "build", "--level", "gemeinde", "--from", str(raw), "-o", str(target)]
    result = CliRunner().invoke(cli, asked)
    assert result.exit_code == 0
    assert "train_stop_distance" in result.output
    names = [str(path.relative_to(target)) for path in target.rglob("*.*") if path.is_file()]
    _, different, missing = filecmp.cmpfiles(built[0], target, names, shallow=False)
    assert (different, missing, len(names) > 8) == ([], [], True)


def test_official_files_are_a_matter_of_the_kreise(tmp_path):
    asked = ["data", "build", "--level", "gemeinde", "--official", "--from", str(RAW)]
    result = CliRunner().invoke(cli, [*asked, "-o", str(tmp_path / "x")])
    assert result.exit_code == 2
    assert not (tmp_path / "x").exists()


def test_missing_borders_and_definitions_are_told(raw, tmp_path):
    keys = pd.Index(["07232018", "99999999"])
    with pytest.raises(SourceError, match="column 'ARS' lacks 99999999; borders of 2022"):
        gemeinden.borders_of(raw, keys)
    with pytest.raises(SourceError, match="the boundaries are missing"):
        gemeinden.borders_of(tmp_path, keys)
    broken = tmp_path / "definitions" / "gemeinden"
    shutil.copytree(DEFINITIONS, broken)
    shutil.copytree(DEFINITIONS.parent / "kreise", broken.parent / "kreise")
    (broken / "attributes.toml").write_text("", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"section \[kreis\] is missing"):
        gemeinden.build(raw, broken, tmp_path / "x")


def test_a_municipality_outside_of_all_kreise_is_told(raw):
    kreise = pd.DataFrame({"region": ["07232"], "label": ["E"], "land_name": ["R"]})
    with pytest.raises(SourceError, match="Kreis 09678, 13075 is none of the regions"):
        gemeinden.municipalities(raw, kreise)


def test_mending_keeps_areas_and_drops_what_is_none():
    square = shapely.box(0, 0, 1, 1)
    mixed = shapely.GeometryCollection([square, shapely.LineString([(2, 2), (3, 3)])])
    found = gemeinden._polygons(np.array([mixed, square], dtype=object))
    assert [one.geom_type for one in found] == ["Polygon", "Polygon"]
    assert found[0].equals(square)
