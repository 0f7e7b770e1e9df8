"""Building the grid: from invented cells, and the embedded one against the publishers' files."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio.io import MemoryFile

from geo.rasters import census
from geo.rasters.assign import assign
from geo.rasters.population import PEOPLE, open_grid
from layers.errors import SourceError
from layers.paths import data_folder, project_root

RAW = project_root().parent / "shared" / "data"
needs_raw = pytest.mark.skipif(
    not RAW.is_dir(), reason="the publishers' files (../shared/data) are not here"
)
X, Y = 4_321_500, 3_210_500


def cells(*rows):
    return pd.DataFrame(rows, columns=["x", "y", "people"])


def areas():
    """A Kreis of two cells by two with a smaller one to its east."""
    shapes = [
        shapely.box(X - 500, Y - 1_500, X + 1_500, Y + 500),
        shapely.box(X + 1_500, Y - 1_500, X + 1_800, Y + 500),
    ]
    return gpd.GeoSeries(shapes, index=["01001", "16077"], crs="EPSG:3035")


@pytest.fixture
def grid():
    """Two cells inside, one 200 m and one 5 km to the east of the small Kreis."""
    rows = [(X, Y, 10), (X + 1_000, Y - 1_000, 20), (X + 2_000, Y, 3), (X + 7_000, Y, 4)]
    return census.grid_of(cells(*rows), areas())


def test_people_stand_in_their_cells_from_the_north_west(grid):
    assert grid.people.tolist() == [[10, 0, 3, 0, 0, 0, 0, 4], [0, 20, 0, 0, 0, 0, 0, 0]]
    assert (grid.transform.c, grid.transform.f) == (X - 500, Y + 500)


def test_a_populated_cell_outside_goes_to_the_nearest_kreis_but_not_from_afar(grid):
    assert grid.region[0].tolist() == [1001, 1001, 16077, 0, 0, 0, 0, 0]
    assert np.argwhere(grid.attached).tolist() == [[0, 2]]
    table = grid.cells()
    assert table["region"].tolist() == ["01001", "16077", "", "01001"]


def test_an_empty_cell_is_never_attached(grid):
    assert grid.region[1].tolist() == [1001, 1001, 0, 0, 0, 0, 0, 0]


def test_a_geotiff_says_what_it_holds(grid):
    content = census.render(grid, {"people": grid.people.astype(np.int32)}, "© somebody")
    with MemoryFile(content) as memory, memory.open() as file:
        assert file.crs.to_epsg() == 3035
        assert file.transform == grid.transform
        assert (file.nodata, file.descriptions) == (0, ("people",))
        assert file.tags()["ATTRIBUTION"] == "© somebody"
        assert file.tags()["YEAR"] == "2011"
        assert np.array_equal(file.read(1), grid.people)


def test_files_are_cloud_optimised():
    with rasterio.open(data_folder() / "grid" / PEOPLE) as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.overviews(1)
        assert file.block_shapes == [(256, 256)]


@pytest.mark.pinned
@needs_raw
def test_the_embedded_people_are_the_census_to_the_byte():
    grid = open_grid()
    people = census.read_people(RAW / census.FILE)
    where = pd.MultiIndex.from_frame(grid.cells()[["x", "y"]].astype(int))
    expected = people.set_index(["x", "y"])["people"].reindex(where)
    assert (expected.to_numpy() == grid.cells()["people"].to_numpy()).all()
    content = census.render(grid, {"people": grid.people.astype(np.int32)}, grid.attribution)
    assert content == (data_folder() / "grid" / PEOPLE).read_bytes()


@needs_raw
def test_the_embedded_kreise_are_those_of_the_borders():
    """All cells of Schleswig-Holstein, with its coast and islands."""
    table = open_grid().cells()
    there = table[table["region"].str.startswith("01")]
    borders = census.read_borders(RAW / census.BORDERS)
    near = borders[borders.index.str[:2].isin(["01", "02", "03", "13"])]
    found = assign(there["x"].to_numpy(), there["y"].to_numpy(), near, crs="EPSG:3035")
    assert (near.index[found.area] == there["region"]).all()
    assert (found.attached == there["attached"]).all()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"x": [X], "y": [Y]}, "column 'Einwohner' is missing"),
        ({"x": [X + 1], "y": [Y], "Einwohner": [1]}, "x 4321501, y 3210500 is no centre"),
        ({"x": [X, X], "y": [Y, Y], "Einwohner": [1, 1]}, "occurs twice"),
    ],
)
def test_another_grid_is_refused(tmp_path, table, said):
    pd.DataFrame(table).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(SourceError, match=said):
        census.read_people(tmp_path / "a.parquet")


def test_missing_files_are_named():
    with pytest.raises(SourceError, match="census grid is missing"):
        census.read_people(Path("nowhere.parquet"))
    with pytest.raises(SourceError, match="boundaries are missing"):
        census.read_borders(Path("nowhere.gpkg"))


def test_codes_below_zero_are_nobody(tmp_path):
    rows = {"x": [X, X + 1_000, X], "y": [Y, Y, Y + 1_000], "Einwohner": [-1, -9, 5]}
    pd.DataFrame(rows).to_parquet(tmp_path / "a.parquet")
    assert census.read_people(tmp_path / "a.parquet").to_numpy().tolist() == [[X, Y + 1_000, 5]]


GRID_2022 = """GITTER_ID_1km;x_mp_1km;y_mp_1km;Einwohner
CRS3035RES1000mN3210000E4321000;4321500;3210500;12
CRS3035RES1000mN3209000E4321000;4321500;3209500;–
"""


def test_the_grid_of_2022_is_read_as_well(tmp_path):
    path = tmp_path / "Zensus2022_Bevoelkerungszahl_1km-Gitter.csv"
    path.write_text(GRID_2022, encoding="utf-8")
    people = census.read_people_2022(path)
    assert people.to_numpy().tolist() == [[X, Y, 12]]
    built = census.grid_of(people, areas(), year=census.NEXT_YEAR)
    assert (built.year, built.cells()["region"].tolist()) == (2022, ["01001"])
    assert "Zensus 2022" in built.attribution


def test_a_grid_of_2022_without_people_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(GRID_2022.replace(";12", ";–"), encoding="utf-8")
    with pytest.raises(SourceError, match="no cell with people"):
        census.read_people_2022(path)
