"""Small rasters of known numbers."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine


@pytest.fixture
def tif(tmp_path):
    """Return a function that writes an array as GeoTIFF and returns its path.

    The north-western corner lies at (4,321,000, 3,000,000) in EPSG:3035, in the middle of Germany;
    cells are 100 m wide.
    """

    def write(values, *, name="a.tif", transform=None, crs="EPSG:3035", colours=None, **kinds):
        values = np.atleast_3d(np.asarray(values))
        bands = values.transpose(2, 0, 1) if values.shape[2] > 1 else values[None, :, :, 0]
        path = tmp_path / name
        own = Affine(100, 0, 4_321_000, 0, -100, 3_000_000)
        with rasterio.open(
            path, "w", driver="GTiff", width=bands.shape[2], height=bands.shape[1],
            count=len(bands), dtype=bands.dtype, crs=crs, transform=transform or own, **kinds,
        ) as file:  # fmt: skip
            file.write(bands)
            if colours:
                file.write_colormap(1, colours)
        return path

    return write
