"""Access by cell as it lies in the grid folder."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from geo.access.distance import access_raster
from geo.access.places import PLACES
from geo.access.rasters import FILE, KINDS, SCALE, open_access
from geo.access.summary import WITHIN
from layers.errors import SourceError
from layers.paths import data_folder


def test_the_file_holds_what_is_computed_rounded_up_by_a_step_at_most(raw, grid):
    embedded = open_access(grid)
    assert tuple(embedded) == KINDS
    expected = access_raster(grid, PLACES["gtfs_stop"].read(raw))
    difference = embedded["gtfs_stop"] - expected
    assert np.nanmin(difference) >= -1e-4
    assert np.nanmax(difference) <= SCALE + 1e-4
    for limit in WITHIN:
        assert np.array_equal(embedded["gtfs_stop"] <= limit, expected <= limit)
    assert np.array_equal(np.isnan(embedded["gtfs_stop"]), grid.people == 0)


def test_missing_damaged_or_foreign_files_are_told(grid, tmp_path):
    with pytest.raises(SourceError, match="distances are missing"):
        open_access(grid, tmp_path)
    shutil.copyfile(data_folder() / "grid" / FILE, tmp_path / FILE)
    with pytest.raises(SourceError, match="another grid"):
        open_access(replace(grid, people=grid.people[1:]), tmp_path)
    (tmp_path / FILE).write_bytes(b"no raster")
    with pytest.raises(SourceError, match="cannot be read as GeoTIFF"):
        open_access(grid, tmp_path)
