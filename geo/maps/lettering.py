"""Text on paper: the one font of all maps, how wide a line is, and where it breaks.

The font is a file that matplotlib carries, so that maps are the same on every machine. Text is
taken as it stands: nothing in it is read as a formula.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

__all__ = ["FALLBACK", "font", "lines", "width"]

#: Families for programs that open an SVG without having the font; about as wide.
FALLBACK = "Verdana"
_FAMILY = "DejaVu Sans"
_FILES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}


@cache
def font(size: float, *, bold: bool = False) -> Any:
    """Return the font at `size` points, as matplotlib's FontProperties."""
    import matplotlib as mpl
    from matplotlib.font_manager import FontProperties

    file = Path(mpl.get_data_path()) / "fonts" / "ttf" / _FILES[bold]
    weight = "bold" if bold else "normal"
    return FontProperties(family=[_FAMILY, FALLBACK], weight=weight, size=size, fname=file)


@lru_cache(maxsize=20_000)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a line in points."""
    from matplotlib.textpath import text_to_path

    wide, _, _ = text_to_path.get_text_width_height_descent(text, font(size, bold=bold), False)
    return float(wide)


def lines(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Break text between words so that no line is wider than `room` points.

    A word that is too wide by itself is cut.
    """
    broken: list[str] = []
    line, long = "", 0.0
    # Word by word, since most words come again and again; letters do not kern across a space.
    space = width("n n", size, bold=bold) - width("nn", size, bold=bold)
    for word in _words(text, size, room, bold=bold):
        wide = width(word, size, bold=bold)
        if line and long + space + wide > room:
            broken.append(line)
            line, long = word, wide
        else:
            line, long = (f"{line} {word}", long + space + wide) if line else (word, wide)
    return [*broken, line] if line else broken


def _words(text: str, size: float, room: float, *, bold: bool) -> list[str]:
    # Not at spaces that must not be broken, as before a percent sign.
    words = [word for word in text.replace("\n", " ").split(" ") if word]
    return [part for word in words for part in _pieces(word, size, room, bold=bold)]


def _pieces(word: str, size: float, room: float, *, bold: bool) -> list[str]:
    if len(word) < 2 or width(word, size, bold=bold) <= room:  # noqa: PLR2004 -- nothing to cut
        return [word]
    whole = next(
        (end for end in range(len(word) - 1, 1, -1) if width(word[:end], size, bold=bold) <= room),
        1,
    )
    return [word[:whole], *_pieces(word[whole:], size, room, bold=bold)]
