"""Natural breaks are those of mapclassify, which goes through all pairs of values one by one."""

from __future__ import annotations

import mapclassify
import numpy as np
import pytest

from geo.natural_breaks import natural_breaks

KINDS = {
    "continuous": lambda rng, size: rng.normal(size=size) * 10.0 ** rng.integers(-6, 12),
    "ties": lambda rng, size: rng.integers(0, 12, size).astype(float),
    "one decimal": lambda rng, size: np.round(rng.random(size) * 100, 1),
    "overflowing": lambda rng, size: rng.normal(size=size) * 10.0 ** rng.integers(15, 36),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore")
def test_breaks_are_those_of_mapclassify_to_the_last_bit(kind):
    rng = np.random.default_rng(1)
    for _ in range(25):
        values = KINDS[kind](rng, int(rng.integers(2, 60)))
        for count in range(2, min(len(np.unique(values)), 8) + 1):
            expected = mapclassify.FisherJenks(values, k=count).bins
            assert np.array_equal(natural_breaks(values, count), expected), (values, count)


def test_no_other_cut_leaves_less_spread_inside_the_classes():
    values = np.array([1.0, 2.0, 4.0, 5.0, 9.0, 10.0, 11.0])

    def spread(cut):
        return sum(((part - part.mean()) ** 2).sum() for part in (values[:cut], values[cut:]))

    best = min(range(1, len(values)), key=spread)
    assert natural_breaks(values, 2).tolist() == [values[best - 1], values[-1]]
