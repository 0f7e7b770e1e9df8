"""Speed and memory of statistics of rasters; `make bench` runs these, `make test` does not.

The rasters are generated in the size of Germany, with random numbers; the areas are the 400 Kreise.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from rasterio.windows import Window

from geo import boundaries
from geo.rasters.geotiff import open_raster
from geo.rasters.population import open_grid
from geo.rasters.zonal import statistic

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
KREISE = ROOT / "data" / "kreise"
#: In metres, EPSG:3035: a frame around Germany, 640 km by 870 km.
WEST, NORTH, WIDE, HIGH = 4_031_000, 3_555_000, 640_000, 870_000


@pytest.fixture(scope="module")
def kreise():
    return boundaries.load(KREISE)


@pytest.fixture(scope="module")
def raster(tmp_path_factory):
    """Return a function that makes and opens a raster of Germany with cells of `side` metres."""
    folder = tmp_path_factory.mktemp("rasters")

    def made(side, *, full=True):
        path = folder / f"{side}_{full}.tif"
        if not path.is_file():
            _write(path, side, full=full)
        return open_raster(path)

    return made


def _write(path, side, *, full):
    """Random numbers from 0 to 100 in tiles; only in the first row of tiles if not `full`."""
    width, height = WIDE // side, HIGH // side
    random = np.random.default_rng(1)
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=1, dtype="uint8",
        crs="EPSG:3035", transform=Affine(side, 0, WEST, 0, -side, NORTH), nodata=255, tiled=True,
        blockxsize=512, blockysize=512, compress="deflate", sparse_ok=True, bigtiff="if_safer",
    ) as file:  # fmt: skip
        for row in range(0, height if full else 512, 512):
            rows = min(512, height - row)
            numbers = random.integers(0, 101, (rows, width), dtype=np.uint8)
            file.write(numbers, 1, window=Window(0, row, width, rows))


def _measured(benchmark, target, *args, **options):
    """Measure a statistic; the target is in seconds."""
    found = benchmark.pedantic(statistic, args, options, rounds=3)
    assert benchmark.stats.stats.min < target
    return found


def test_mean_of_a_1_km_raster_over_400_kreise(benchmark, raster, kreise):
    """Target: less than 3 s."""
    found = _measured(benchmark, 3, raster(1_000), kreise, "mean")
    assert found["value"].between(40, 60).all()


def test_people_above_a_threshold_of_a_1_km_raster_over_400_kreise(benchmark, raster, kreise):
    """Target: less than 3 s."""
    found = _measured(
        benchmark, 3, raster(1_000), kreise, "people_share_above", threshold=50,
        population=open_grid(),
    )  # fmt: skip
    assert found["value"].between(0, 100).all()


def test_first_look_at_a_100_m_raster(benchmark, raster):
    """Target: less than 5 s; 56 million cells are read once, in windows."""
    path = raster(100).path
    assert benchmark.pedantic(open_raster, (path,), rounds=3).width == WIDE // 100
    assert benchmark.stats.stats.min < 5


def test_mean_of_a_100_m_raster_over_400_kreise(benchmark, raster, kreise):
    """Target: less than 15 s and 300 MB above what the libraries and the borders take."""
    found = _measured(benchmark, 15, raster(100), kreise, "mean")
    benchmark.extra_info["megabytes"] = _peak(raster(100).path, "mean")
    assert benchmark.extra_info["megabytes"] < 300
    assert found["value"].between(45, 55).all()


def test_mean_over_people_of_a_100_m_raster_over_400_kreise(benchmark, raster, kreise):
    """Target: less than 15 s and 300 MB above what the libraries and the borders take."""
    found = _measured(benchmark, 15, raster(100), kreise, "people_mean", population=open_grid())
    benchmark.extra_info["megabytes"] = _peak(raster(100).path, "people_mean")
    assert benchmark.extra_info["megabytes"] < 300
    assert found["value"].between(40, 60).all()


def test_mean_of_a_10_m_raster_over_large_areas(benchmark, raster):
    """Target: less than 30 s; areas of 50 km by 5 km, with 2.5 million cells each."""
    shapes = [
        shapely.box(WEST + left, NORTH - 5_000, WEST + left + 50_000, NORTH)
        for left in range(0, WIDE - 50_000, 50_000)
    ]
    areas = gpd.GeoDataFrame(geometry=shapes, crs="EPSG:3035")
    found = _measured(benchmark, 30, raster(10, full=False), areas, "mean")
    assert found["value"].between(49, 51).all()


def _peak(path, stat):
    """Memory in MB by which opening a raster and one statistic of it raise a fresh process."""
    if not sys.platform.startswith("linux"):
        return 0.0
    code = f"""
import re
from pathlib import Path
from geo import boundaries
from geo.rasters import survey, windows, zonal
from geo.rasters.geotiff import open_raster

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

kreise = boundaries.load(Path({str(KREISE)!r}))
before = peak()
zonal.statistic(open_raster({str(path)!r}), kreise, {stat!r})
print(peak() - before)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(run.stdout) / 1e3
