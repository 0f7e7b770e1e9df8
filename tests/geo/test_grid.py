"""The grid folder: its sources, and what must be there before anything is built."""

import shutil
import tomllib

import pytest

from geo import grid
from geo.rasters.population import open_facts, open_grid
from layers.dataset import Source
from layers.errors import DatasetError, SourceError
from layers.paths import data_folder

DATA = data_folder()
BUILT = tomllib.loads((DATA / "grid" / "sources.toml").read_text(encoding="utf-8"))


def test_sources_are_those_of_the_definitions():
    own = tomllib.loads((DATA / "definitions/grid/sources.toml").read_text(encoding="utf-8"))
    kreise = tomllib.loads((DATA / "definitions/kreise/sources.toml").read_text(encoding="utf-8"))
    assert own.pop("zensus2022_grid")
    assert {key: BUILT[key] for key in own} == own
    shared = set(BUILT) - set(own)
    assert shared == {
        "zensus2011_grid", "db_stations2022", "gtfs_rail2026", "inkar2024", "destatis_gv2023",
        "inkar2021", "deutschlandatlas", "thuenen_landatlas",
    }  # fmt: skip
    assert {key: BUILT[key] for key in shared} == {key: kreise[key] for key in shared}


@pytest.mark.parametrize("key", BUILT)
def test_every_source_is_complete(key):
    source = Source.model_validate(BUILT[key])
    assert source.attribution
    assert source.licence_status == "confirmed" or source.licence_note["de"]


def test_attribution_goes_with_the_files():
    import rasterio

    for name in ("population.tif", "kreise.tif", "access.tif"):
        with rasterio.open(DATA / "grid" / name) as file:
            assert file.tags()["ATTRIBUTION"]


def test_nothing_is_written_without_files_or_definitions(tmp_path):
    with pytest.raises(SourceError, match="missing"):
        grid.build(tmp_path / "raw", DATA / "definitions", tmp_path / "grid")
    with pytest.raises(DatasetError, match=r"sources\.toml"):
        grid.build(tmp_path / "raw", tmp_path, tmp_path / "grid")
    assert not (tmp_path / "grid").exists()


def test_a_source_that_is_gone_is_named(tmp_path):
    definitions = shutil.copytree(DATA / "definitions", tmp_path / "definitions")
    (definitions / "kreise/sources.toml").write_text("", encoding="utf-8")
    with pytest.raises(
        DatasetError, match="'zensus2011_grid', on which the grid rests, is missing"
    ):
        grid.build(tmp_path / "raw", definitions, tmp_path / "grid")


def test_the_grid_opens_from_any_folder(tmp_path):
    folder = shutil.copytree(DATA / "grid", tmp_path / "elsewhere")
    assert (open_grid(folder).people == open_grid().people).all()


def test_the_readme_of_the_data_names_the_ratios_that_were_built():
    text = (DATA / "README.md").read_text(encoding="utf-8")
    ratios = open_facts(DATA / "grid")["ratios"]
    for year in ("2012", "2023"):
        low, _, high = ratios[year]
        assert f"{low:.2f} to {high:.2f} times" in text.replace("\n ", "")
