"""Cells close up as a Streamlit component: picture, lines, names, and values to be read.

What it is given in words and numbers makes up one `CellPayload`.
"""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from views.map_component import component

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

__all__ = ["CellPayload", "CellValues", "cells", "lines", "packed", "points", "polygons"]

_mount = component("potenzialatlas_cells", "cells.js")
#: Largest number that two bytes hold; stands for a value that is not known.
_UNKNOWN = 2**16 - 1


@dataclass(frozen=True, kw_only=True)
class CellValues:
    """One value of every cell, to be read one by one.

    Attributes
    ----------
    label : str
        Words around the number, which stands at ``{value}``.
    numbers : str
        Of `packed`; the value is number times `scale`.
    """

    label: str
    numbers: str
    scale: float = 1.0
    decimals: int = 0


@dataclass(frozen=True, kw_only=True)
class CellPayload:
    """A picture of cells; lengths are cells from the north-western corner.

    Attributes
    ----------
    image : str
        Address of the picture.
    ground, outline, borders, dots : str
        SVG paths: the area, its own edge, all borders within the picture, and stations.
    labels : sequence of (name, x, y, is_major)
        Places, the most important first.
    groups : sequence of (x, y)
        Groups of cells that the page speaks of; they stand there by their numbers, from 1.
    places : (str, str)
        Columns and rows of the cells that can be read, each `packed`.
    texts : mapping
        alt (what the picture shows), role (what it is), hint, hint_land (how to read it, where
        cells can and cannot be read).
    """

    image: str
    width: int
    height: int
    ground: str
    outline: str
    borders: str
    dots: str
    labels: Sequence[tuple[str, float, float, bool]]
    groups: Sequence[tuple[float, float]]
    texts: Mapping[str, str]
    locale: str
    places: tuple[str, str] = ("", "")
    values: Sequence[CellValues] = field(default_factory=list)


def cells(payload: CellPayload, *, key: str) -> None:
    """Show the picture."""
    _mount(key=key, data=asdict(payload))


def packed(numbers: ArrayLike) -> str:
    """Write whole numbers up to 65,534 as base64, two bytes each, the lower first.

    65,535 stands where there is no number.
    """
    known = np.clip(np.rint(np.asarray(numbers, np.float64)), 0, _UNKNOWN - 1)
    whole = np.where(np.isnan(known), _UNKNOWN, known)
    return base64.b64encode(whole.astype("<u2").tobytes()).decode()


def polygons(shapes: ArrayLike) -> str:
    """Rings of polygons as SVG path."""
    rings = shapely.get_rings(shapely.get_parts(np.asarray(shapes, dtype=object)))
    return "".join(f"{_run(one)}Z" for one in rings)


def lines(shapes: ArrayLike) -> str:
    """Lines as SVG path."""
    return "".join(_run(one) for one in np.asarray(shapes, dtype=object))


def points(places: ArrayLike) -> str:
    """Points as SVG path: lines without length, which round ends make dots."""
    return "".join(f"M{x:.1f} {y:.1f}h0" for x, y in np.asarray(places, np.float64).reshape(-1, 2))


def _run(line: object) -> str:
    corners = " ".join(f"{x:.2f} {y:.2f}" for x, y in shapely.get_coordinates(line))
    return f"M{corners}"
