"""Where the publishers' files are, and the embedded grid."""

import pytest

from geo.rasters.population import open_grid
from layers.paths import project_root

RAW = project_root().parent / "shared" / "data"


@pytest.fixture(scope="session")
def raw():
    if not RAW.is_dir():
        pytest.skip("the publishers' files (../shared/data) are not here")
    return RAW


@pytest.fixture(scope="session")
def grid():
    return open_grid()


@pytest.fixture(scope="session")
def cells(grid):
    return grid.cells()
