"""Maps on the pages of the atlas: the picture, its legend as a table, and its scale."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from geo import maps
from geo.maps.furniture import scale_length
from geo.maps.paint import (
    MISSING_FILL,
    MISSING_LINE,
    OUTSIDE_FILL,
    PAPER,
    dimmed,
    edge_colour,
    hatch_colour,
)
from geo.maps.sheet import word
from views import picture_words
from views.atlas.markup import Markup, table, tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.maps import MapSheet
    from layers.provenance import IndicatorNote
    from views.i18n import Words
    from views.picture_words import View

__all__ = ["BIG", "MIDDLE", "SMALL", "image", "legend", "picture", "scale", "small_print", "swatch"]

#: Greatest width and height of a map that has a page, of one among few and of one among many.
BIG, MIDDLE, SMALL = (278.0, 380.0), (116.0, 158.0), (88.0, 120.0)


def picture(sheet: MapSheet, box: tuple[float, float]) -> Markup:
    """Return the map alone; what it shows is told to those who cannot see it."""
    return image(maps.render(sheet, ".svg", bare=True, box=box), sheet.description)


def image(svg: bytes, alt: str, class_: str = "map") -> Markup:
    """Return an SVG as picture of its own."""
    content = base64.b64encode(svg).decode()
    return tag("img", src=f"data:image/svg+xml;base64,{content}", alt=alt, class_=class_)


def legend(sheet: MapSheet, words: Words, *, caption: str = "") -> Markup:
    """Return bounds and numbers of regions of each class, and of what has none."""
    rows = [(swatch(one.colour), one.label, one.count) for one in reversed(sheet.classes)]
    if sheet.missing:
        lines = swatch(MISSING_FILL, MISSING_LINE, rising=False)
        rows.append((lines, sheet.missing_label, sheet.missing))
    if sheet.outside:
        pale = _striped(sheet) if sheet.paled else swatch(OUTSIDE_FILL)
        rows.append((pale, sheet.outside_label, sheet.outside))
    if sheet.doubt is not None:
        middle = sheet.classes[len(sheet.classes) // 2].colour
        lines = swatch(middle, hatch_colour(middle))
        rows.append((lines, sheet.doubt_label, sheet.doubtful))
    return table(
        caption, (words("atlas.class"), words("pictures.count")),
        [(Markup(mark + tag("span", label)), words.number(count)) for mark, label, count in rows],
        class_="legend",
    )  # fmt: skip


def swatch(colour: str, lines: str = "", *, rising: bool = True) -> Markup:
    """Return the colour of a class, hatched if `lines` has a colour."""
    style = f"background: {colour}"
    if (frame := edge_colour(colour)) != PAPER:
        style += f"; border: 0.4pt solid {frame}"
    if lines:
        angle = "-45deg" if rising else "45deg"
        style = (
            f"background: repeating-linear-gradient({angle}, {colour}, {colour} 1.7pt, "
            f"{lines} 1.7pt, {lines} 2.4pt)"
        )
    return tag("i", class_="swatch", style=style)


def _striped(sheet: MapSheet) -> Markup:
    """Return the pale colours of all classes, one beside the other."""
    colours = [dimmed(one.colour) for one in sheet.classes]
    share = 100 / len(colours)
    stops = ", ".join(
        f"{colour} {at * share:.0f}%, {colour} {(at + 1) * share:.0f}%"
        for at, colour in enumerate(colours)
    )
    return tag("i", class_="swatch", style=f"background: linear-gradient(to right, {stops})")


def small_print(view: View, notes: Iterable[IndicatorNote]) -> Markup:
    """Return what a page owes: attributions of values and boundaries, recipe, version, date."""
    lines = (*picture_words.attributions(view, notes), picture_words.footer(view))
    return tag("div", *(tag("p", one) for one in lines), class_="credits")


def scale(sheet: MapSheet, box: tuple[float, float], words: Words) -> Markup:
    """Return the scale bar of a map."""
    metres, points = scale_length(sheet.ground.drawing(*box))
    length = word("scale", words.language).format(length=words.number(metres / 1000))
    return tag("p", tag("i", style=f"width: {points:.2f}pt"), length, class_="scale")
