"""Those far from everything are found where they live together, largest group first."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from affine import Affine

from geo.rasters.closeup import STOP, TOWN, Surface, open_surface
from geo.rasters.far_groups import far_groups
from layers.paths import data_folder

CORNER = Affine(1000, 0, 4_000_000, 0, -1000, 3_000_000)


def country_of(far, place=(10, 10)):
    """Invented cells, 21 by 21: everybody near but for those listed; one town at (column, row)."""
    row, column = (one.ravel() for one in np.indices((21, 21)))
    people = np.ones(row.size)
    km = np.ones(row.size)
    for (x, y), count in far.items():
        at = y * 21 + x
        people[at], km[at] = count, 11.0
    cells = pd.DataFrame(
        {"row": row, "column": column, "people": people, "region": 1001, STOP: km, TOWN: km}
    )
    x, y = CORNER.c + 1000 * (place[0] + 0.5), CORNER.f - 1000 * (place[1] + 0.5)
    centres = pd.DataFrame(
        {"name": ["Town"], "level": ["Mittelzentrum"], "people": [1.0], "x": [x], "y": [y]}
    )
    surface = Surface(cells, centres, CORNER, data_folder() / "grid", 2011, "")
    return surface.closeup("01001")


def test_cells_side_by_side_or_two_apart_are_one_group():
    closeup = country_of({(0, 0): 200, (3, 0): 300, (0, 20): 150, (20, 20): 90})
    found = far_groups(closeup, 10, STOP, TOWN, most=3)
    # 90 people by themselves are too few to be named.
    assert [one.people for one in found] == [500, 150]
    assert (found[0].column, found[0].row) == (3, 0)


@pytest.mark.parametrize(
    ("wind", "cell"),
    [("n", (10, 0)), ("ne", (20, 0)), ("e", (20, 10)), ("se", (20, 20)), ("s", (10, 20)),
     ("sw", (0, 20)), ("w", (0, 10)), ("nw", (0, 0))],
)  # fmt: skip
def test_a_group_lies_in_its_wind_and_distance_from_the_nearest_place(wind, cell):
    (one,) = far_groups(country_of({cell: 5}), 10, STOP, TOWN, most=3)
    assert (one.place, one.wind) == ("Town", wind)
    assert one.km == pytest.approx(np.hypot(cell[0] - 10, cell[1] - 10))


def test_nobody_far_makes_no_group():
    assert far_groups(country_of({}), 10, STOP, TOWN, most=3) == []


def test_groups_of_a_kreis_hold_only_people_who_are_far():
    closeup = open_surface().closeup("13071")
    found = far_groups(closeup, 10, STOP, TOWN, most=1_000)
    assert [one.people for one in found] == sorted((one.people for one in found), reverse=True)
    assert sum(one.people for one in found) <= closeup.far(10, STOP, TOWN).people
    assert (found[0].place, found[0].wind) == ("Waren (Müritz)", "s")
