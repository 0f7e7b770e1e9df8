"""Maps for print and for pages without a browser: PNG, SVG and PDF with all that belongs to them.

sheet = MapSheet(ground=Ground(shapes, land), codes=..., classes=..., title=...)
render(sheet, ".svg")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.maps.files import SUFFIXES, check_suffix, to_file
from geo.maps.ground import FINENESS, Ground
from geo.maps.multiples import MultipleSheet, draw_multiples
from geo.maps.page import MAP_BOX, draw
from geo.maps.sheet import MISSING, OUTSIDE, LegendClass, MapSheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "FINENESS", "MAP_BOX", "MISSING", "OUTSIDE", "SUFFIXES", "Ground", "LegendClass", "MapSheet",
    "MultipleSheet", "check_suffix", "draw", "draw_multiples", "render", "render_multiples",
]  # fmt: skip


def render(
    sheet: MapSheet, suffix: str, *, bare: bool = False, box: tuple[float, float] = MAP_BOX
) -> bytes:
    """Return a map as file.

    Parameters
    ----------
    suffix : str
        .png (two pixels to each CSS pixel), .svg or .pdf.
    bare : bool
        The map alone, without any words.
    box : (float, float)
        Greatest width and height of the map in points (1/72 inch).

    Raises
    ------
    ExportError
        If the suffix is unknown.
    """
    check_suffix(suffix)
    figure = draw(sheet, bare=bare, box=box)
    return _file(figure, sheet, suffix)


def render_multiples(sheet: MultipleSheet, suffix: str) -> bytes:
    """Return a sheet of small maps as file; see `render`."""
    check_suffix(suffix)
    return _file(draw_multiples(sheet), sheet, suffix)


def _file(figure: Figure, sheet: MapSheet | MultipleSheet, suffix: str) -> bytes:
    return to_file(
        figure, suffix, title=sheet.title, description=sheet.description, language=sheet.language
    )
