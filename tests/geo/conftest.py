"""Fixtures of exports: the invented dataset with boundaries, scored with a gap, with rank bands.

And the one build from the publishers' files, through an update, that several tests look at.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pyarrow.parquet as pq
import pytest
import shapely
from server import HASTY, Replay

from geo.document import Document
from geo.renew import renew
from layers import Dataset, Recipe, score
from layers.home import Home
from layers.paths import VARIABLE
from layers.robust import robust_scores
from layers.sources.fetch.collect import Collector
from layers.sources.fetch.credentials import Credentials
from layers.sources.fetch.http import Client
from layers.sources.fetch.plan import FetchPlan
from layers.sources.fetch.snapshot import Store
from layers.sources.fetch.supply import sources_of
from layers.update import Updater

if TYPE_CHECKING:
    from layers.update import Outcome

ROOT = Path(__file__).parents[2]
DEFINITIONS = ROOT / "data" / "definitions" / "kreise"
RAW = ROOT.parent / "shared" / "data"
#: Left out of the version before, so that the update has something to bring.
NEWEST = ("unemployment_rate", 2023)

#: Third parts and gaps need all digits and empty cells.
RECIPE = Recipe.parse(
    {"weights": {"layer:soil": 1 / 3, "layer:people": 0.1}, "aggregate": {"min_coverage": 0.95}}
)


def square(x, y):
    return shapely.box(500_000 + x, 5_600_000 + y, 510_000 + x, 5_610_000 + y)


@pytest.fixture(scope="session")
def squares():
    """Two that touch, one of two parts, one with a hole."""
    return gpd.GeoDataFrame(
        {
            "region": ["A1", "B2", "C3", "D4"],
            "geometry": [
                square(0, 0),
                square(10_000, 0),
                shapely.union_all([square(30_000, 0), square(50_000, 0)]),
                square(0, 20_000) - square(0, 20_000).buffer(-2_000),
            ],
        },
        crs="EPSG:25832",
    )


@pytest.fixture(scope="session")
def recipe():
    return RECIPE


@pytest.fixture(scope="session")
def mapped(toy_folder, squares, tmp_path_factory):
    """Return the folder of the invented dataset with boundaries; do not change it."""
    copy = Path(shutil.copytree(toy_folder, tmp_path_factory.mktemp("toy") / "toy"))
    squares.to_parquet(copy / "boundaries.parquet")
    return copy


@pytest.fixture(scope="session")
def mapped_scores(mapped):
    return score(Dataset.open(mapped), RECIPE)


@pytest.fixture(scope="session")
def mapped_bands(mapped_scores):
    return robust_scores(mapped_scores, draws=300)


@pytest.fixture(scope="session")
def mapped_document(mapped_scores, mapped_bands):
    return Document(mapped_scores, mapped_bands, "scores", "de")


@pytest.fixture
def document(mapped_scores, mapped_bands):
    """Return the same, for tests that change it."""
    return Document(mapped_scores, mapped_bands, "scores", "de")


@pytest.fixture(scope="session")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder whose dataset ends two years earlier in one indicator."""
    folder = tmp_path_factory.mktemp("older") / "data"
    shutil.copytree(ROOT / "data" / "kreise", folder / "kreise")
    (folder / "grid").symlink_to(ROOT / "data" / "grid")
    path = folder / "kreise" / "values.parquet"
    table = pq.read_table(path).to_pandas()
    indicator, year = NEWEST
    table[(table["indicator"] != indicator) | (table["year"] != year)].to_parquet(path, index=False)
    return folder


@pytest.fixture(scope="session")
def updated(
    older: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Updater, Outcome]:  # fmt: skip
    """Return an update from a server that holds the publishers' files, cut connections included.

    All files are there, so that it is also the build from the files.
    """
    folder = tmp_path_factory.mktemp("update")
    definitions = Path(shutil.copytree(DEFINITIONS, folder / "definitions"))
    replay, plan = Replay(), FetchPlan.load(DEFINITIONS / "fetch.toml")
    lines = list[str]()
    for one in plan.choose(()):
        content = (RAW / one.place).read_bytes()
        url = replay.put(one.place, content, cut=(len(content) // 2,))
        words = {"place": one.place, "url": url, "known": one.known, "kind": one.kind}
        lines += ["[[file]]", *(f'{key} = "{word}"' for key, word in words.items())]
        lines += [f"{key} = {list(getattr(one, key))!r}" for key in ("sources", "feeds")]
    (definitions / "fetch.toml").write_text("\n".join(lines), encoding="utf-8")
    home = Home(folder / "home")
    client = Client(home.folder / "fetched", Credentials(), HASTY)
    collector = Collector(client, Store(home.folder), sources_of(definitions))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(VARIABLE, str(older))
        updater = Updater(home, definitions, collector, renew)
        outcome = updater.run()
    replay.close()
    return updater, outcome
