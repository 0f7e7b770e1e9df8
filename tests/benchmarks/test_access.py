"""Access for all of Germany: 214,633 populated cells to all stations, stops and centres.

Time and memory are those of a process of its own, with everything that it must read and import.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from geo.rasters.population import open_grid
from geo.rasters.potential import potential

pytestmark = pytest.mark.benchmark

RAW = Path(__file__).parents[3] / "shared" / "data"
WHOLE = """
import sys
from pathlib import Path
from geo.access.places import PLACES
from geo.access.reader import AccessReader
reader = AccessReader()
for kind in PLACES:
    assert len(reader(Path(sys.argv[1]), f"{kind}_km_mean")) == 400
# What getrusage tells would count the process that started this one.
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) / 1_000)
"""


@pytest.mark.skipif(not RAW.is_dir(), reason="the publishers' files are not here")
def test_access_of_all_of_germany_to_seven_kinds_of_places(benchmark):
    """Target: less than 10 s and 1 GB, from reading the files to the figures of the Kreise."""

    def run():
        command = [sys.executable, "-c", WHOLE, str(RAW)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return float(done.stdout)

    peak = benchmark.pedantic(run, rounds=3)
    benchmark.extra_info["peak"] = peak
    assert benchmark.stats.stats.min < 10
    assert peak < 1_000


def test_population_potential_of_all_of_germany(benchmark):
    """Target: less than 5 s."""
    people = open_grid().people
    assert benchmark.pedantic(potential, (people,), rounds=3).max() > 3e6
    assert benchmark.stats.stats.min < 5
