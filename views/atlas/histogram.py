"""A small picture of a distribution: bars, below them the classes of the map, and the median."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.study.reading import histogram

if TYPE_CHECKING:
    from views.figures import Figure
    from views.i18n import Words

__all__ = ["draw"]

#: Size in points: of the whole, of the bars, of the strip of classes.
_WIDTH, _BARS, _STRIP, _LETTERS = 188.0, 52.0, 5.0, 6.2
_HEIGHT = _BARS + _STRIP + 14.0
_BAR, _INK, _QUIET = "#a9b7bf", "#20272c", "#5a6166"


def draw(shown: Figure, words: Words) -> bytes:
    """Return the picture as SVG; numbers stand at both ends and at the median."""
    values = shown.values.dropna()
    bars = histogram(values)
    low, high = float(bars["low"].min()), float(bars["high"].max())
    span = high - low or 1.0

    def at(value: float) -> float:
        return (value - low) / span * _WIDTH

    tall = float(bars["regions"].max())
    parts = [
        _box(at(start), at(end) - at(start) - 0.4, count / tall * _BARS)
        for start, end, count in bars.to_numpy().tolist()
    ]
    for colour, (start, end) in zip(shown.colours, shown.classes.bounds, strict=True):
        width = max(at(end) - at(start), 0.3)
        parts.append(
            f'<rect x="{at(start):.2f}" y="{_BARS + 1:.2f}" width="{width:.2f}" '
            f'height="{_STRIP}" fill="{colour}"/>'
        )
    median = float(np.median(values))
    parts.append(
        f'<path d="M{at(median):.2f} 0V{_BARS + _STRIP + 2.5:.2f}" stroke="{_INK}" '
        'stroke-width="0.8"/>'
    )
    # That of the median keeps clear of the two others.
    middle = min(max(at(median), 0.22 * _WIDTH), 0.74 * _WIDTH)
    numbers = ((0.0, "start", low), (middle, "middle", median), (_WIDTH, "end", high))
    parts += [_number(x, anchor, shown.write(value, words)) for x, anchor, value in numbers]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}pt" height="{_HEIGHT}pt" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}">{"".join(parts)}</svg>'
    ).encode()


def _box(x: float, width: float, height: float) -> str:
    return (
        f'<rect x="{x:.2f}" y="{_BARS - height:.2f}" width="{max(width, 0.3):.2f}" '
        f'height="{height:.2f}" fill="{_BAR}"/>'
    )


def _number(x: float, anchor: str, text: str) -> str:
    """Write a number below the strip; the median stands out."""
    colour = _INK if anchor == "middle" else _QUIET
    return (
        f'<text x="{x:.2f}" y="{_HEIGHT - 2}" text-anchor="{anchor}" fill="{colour}" '
        f'font-size="{_LETTERS}" font-family="DejaVu Sans">{text}</text>'
    )
