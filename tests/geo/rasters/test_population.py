"""The embedded population grid: what stands in it, and that all parts fit."""

import shutil

import numpy as np
import pandas as pd
import pytest

from geo.rasters.population import CELL, PEOPLE, REGIONS, open_facts, open_grid
from layers import Dataset
from layers.errors import SourceError
from layers.paths import data_folder


@pytest.fixture(scope="module")
def grid():
    return open_grid()


def test_it_holds_all_people_of_the_census(grid):
    assert grid.people.sum(dtype=float) == 80_212_528
    assert len(grid.cells()) == 214_633
    assert grid.year == 2011


def test_every_kreis_has_people_and_every_person_a_kreis(grid):
    kreise = Dataset.open(data_folder() / "kreise").regions.index
    assert set(grid.cells()["region"]) == set(kreise)


def test_only_populated_cells_are_attached_and_few(grid):
    cells = grid.cells()
    assert grid.attached.sum() == cells["attached"].sum() == 953
    assert cells["people"][cells["attached"]].sum() == 99_165


def test_centres_lie_half_a_cell_inside(grid):
    cells = grid.cells()
    assert set(cells["x"] % CELL) == set(cells["y"] % CELL) == {CELL / 2}
    first = cells.iloc[0]
    row, column = divmod(int(cells.index[0]), grid.people.shape[1])
    assert (first["x"], first["y"]) == grid.transform @ (column + 0.5, row + 0.5)


def test_berlin_is_where_berlin_is(grid):
    """The cell of the Reichstag: 52.5186 N, 13.3763 E is x 4550.6, y 3273.4 km in EPSG:3035."""
    cells = grid.cells()
    there = cells[(cells["x"] // CELL == 4_550) & (cells["y"] // CELL == 3_273)]
    assert there["region"].tolist() == ["11000"]


def test_values_of_cells_come_back_as_a_raster(grid):
    raster = grid.raster(grid.cells()["people"])
    assert np.array_equal(np.nan_to_num(raster), grid.people)
    assert np.isnan(raster).sum() == (grid.people == 0).sum()


def test_the_grid_folder_is_small():
    assert sum(path.stat().st_size for path in (data_folder() / "grid").iterdir()) < 2_000_000


def test_facts_and_sums_are_those_of_the_grid(grid):
    facts = open_facts(data_folder() / "grid")
    assert facts["people"] == grid.people.sum(dtype=float)
    sums = pd.read_csv(data_folder() / "grid" / "kreise.csv", dtype={"ags": str}).set_index("ags")
    expected = grid.cells().groupby("region")["people"].sum()
    assert (sums["people"] == expected).all()
    assert facts["ratios"]["2012"][1] == pytest.approx(sums["ratio_2012"].median(), abs=0.001)


def test_census_and_official_population_of_its_time_agree_within_six_per_cent():
    low, middle, high = open_facts(data_folder() / "grid")["ratios"]["2012"]
    assert 0.94 <= low <= middle <= high <= 1.06
    assert middle == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("missing", [PEOPLE, REGIONS])
def test_a_missing_file_is_named(tmp_path, missing):
    folder = shutil.copytree(data_folder() / "grid", tmp_path / "grid")
    (folder / missing).unlink()
    with pytest.raises(SourceError, match=f"{missing}: the population grid is missing"):
        open_grid(folder)


def test_a_damaged_file_is_named(tmp_path):
    folder = shutil.copytree(data_folder() / "grid", tmp_path / "grid")
    (folder / PEOPLE).write_bytes(b"no raster")
    with pytest.raises(SourceError, match="cannot be read as GeoTIFF"):
        open_grid(folder)


def test_parts_of_different_grids_are_refused(tmp_path):
    folder = shutil.copytree(data_folder() / "grid", tmp_path / "grid")
    shutil.copyfile(folder / PEOPLE, folder / REGIONS)
    with pytest.raises(SourceError, match="same grid"):
        open_grid(folder)
