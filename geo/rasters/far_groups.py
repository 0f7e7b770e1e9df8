"""Where those live who are far from everything: groups of cells that lie together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.rasters.population import CELL

if TYPE_CHECKING:
    import pandas as pd

    from geo.rasters.closeup import Closeup

__all__ = ["WINDS", "FarGroup", "far_groups"]

#: The eight winds, clockwise from north.
WINDS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
#: Smaller groups are left out, but not the first.
_FEWEST = 100


class FarGroup(NamedTuple):
    """Cells whose people are far, with at most two cells without such people between them.

    Attributes
    ----------
    people : float
        In all cells of the group.
    column, row : int
        Of the cell of the group next to the middle of its people, in the grid.
    place : str
        The central place nearest to that cell, within the area or outside.
    km, wind : float, str
        Distance of the cell from there as the crow flies, and the direction in which it lies.
    """

    people: float
    column: int
    row: int
    place: str
    km: float
    wind: str


def far_groups(closeup: Closeup, limit: float, *kinds: str, most: int) -> list[FarGroup]:
    """Find the groups with most people for whom all of `kinds` are farther than `limit` km."""
    from scipy import ndimage

    far = closeup.is_far(limit, *kinds)
    cells = closeup.cells[far]
    if cells.empty:
        return []
    around = np.pad(closeup.placed(far.to_numpy(), empty=False), 1)
    near = np.ones((3, 3), np.bool_)
    number, _ = ndimage.label(ndimage.binary_dilation(around, near), near)
    top, left, _, _ = closeup.window
    group = number[cells["row"] - top + 1, cells["column"] - left + 1]
    people = np.bincount(group, weights=cells["people"])
    largest = np.argsort(-people, kind="stable")[:most]
    kept = [one for at, one in enumerate(largest) if people[one] >= _FEWEST or (at == 0)]
    return [_group(closeup, cells[group == one], float(people[one])) for one in kept if people[one]]


def _group(closeup: Closeup, cells: pd.DataFrame, people: float) -> FarGroup:
    column, row = cells["column"].to_numpy(float), cells["row"].to_numpy(float)
    weight = cells["people"].to_numpy(float)
    aside = column - np.average(column, weights=weight), row - np.average(row, weights=weight)
    at = int(np.hypot(*aside).argmin())
    origin, centres = closeup.surface.transform, closeup.surface.centres
    east = origin.c + (column[at] + 0.5) * CELL - centres["x"].to_numpy()
    north = origin.f - (row[at] + 0.5) * CELL - centres["y"].to_numpy()
    away = np.hypot(east, north)
    nearest = int(away.argmin())
    turn = round(float(np.degrees(np.arctan2(east[nearest], north[nearest]))) / 45)
    return FarGroup(
        people, int(column[at]), int(row[at]), str(centres["name"].iloc[nearest]),
        float(away[nearest]) / 1_000, WINDS[turn % len(WINDS)],
    )  # fmt: skip
