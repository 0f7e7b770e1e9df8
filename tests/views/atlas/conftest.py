"""One Land of the embedded dataset with three of its areas: a whole atlas in few seconds."""

import datetime as dt
import io
import shutil

import geopandas as gpd
import pandas as pd
import pypdf
import pytest

from layers import Dataset, robust, score
from layers.catalogue import Catalogue
from layers.paths import data_folder, default_recipe
from views import atlas, picture_words
from views.i18n import words
from views.parts import reading_aid
from views.state import PageState

LAND = "10"
LAYERS = ("10_labour_market", "20_prosperity", "30_housing")


@pytest.fixture(scope="session")
def saarland(tmp_path_factory):
    """Return the folder of a dataset of the six Kreise of the Saarland."""
    folder = tmp_path_factory.mktemp("data") / "saarland"
    shutil.copytree(data_folder() / "kreise", folder)
    shutil.rmtree(folder / "lenses")
    for path in (folder / "catalogue").iterdir():
        if path.stem not in LAYERS:
            path.unlink()
    known = Catalogue.load(folder / "catalogue").indicator_by_id
    for path in (folder / "values.parquet", folder / "regions.parquet"):
        rows = pd.read_parquet(path)
        rows = rows[rows["region"].str.startswith(LAND)]
        if "indicator" in rows:
            rows = rows[rows["indicator"].isin(known)]
        rows.to_parquet(path, index=False)
    shapes = gpd.read_parquet(folder / "boundaries.parquet")
    shapes[shapes["region"].str.startswith(LAND)].to_parquet(folder / "boundaries.parquet")
    head = (folder / "dataset.toml").read_text(encoding="utf-8")
    (folder / "dataset.toml").write_text(head.partition("[files]")[0], encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def view(saarland):
    dataset = Dataset.open(saarland)
    recipe = default_recipe(dataset)
    bands = robust(dataset, recipe, draws=50, seed=1)
    state = PageState(recipe=recipe)
    return picture_words.view(
        state, score(dataset, recipe), bands, words("de"), date=dt.date(2026, 11, 21)
    )


@pytest.fixture(scope="session")
def steps():
    """Return the list of steps that were told while the atlas was made."""
    return []


@pytest.fixture(scope="session")
def made(view, steps):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading_aid, "_LOCAL_PERMUTATIONS", 99)
        return atlas.make(view, lambda done, total: steps.append((done, total)))


@pytest.fixture(scope="session")
def reader(made):
    return pypdf.PdfReader(io.BytesIO(made))
