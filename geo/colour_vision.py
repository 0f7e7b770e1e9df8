"""How colours look to people who see fewer of them, and how far two colours lie apart.

Colours are ``#rrggbb`` in sRGB. What is measured here decides which ramps maps may use
(`tests/geo/test_colour_vision.py`).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, pairwise
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["VISIONS", "Vision", "contrast", "difference", "lightness", "nearest"]

Vision = Literal["normal", "protanopia", "deuteranopia", "tritanopia", "grey"]
VISIONS: tuple[Vision, ...] = get_args(Vision)
#: Linear RGB -> linear RGB as seen without one kind of cone: Machado, Oliveira & Fernandes 2009
#: (doi:10.1109/TVCG.2009.113), severity 1.0.
_SEEN = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}  # fmt: skip
#: Linear RGB -> XYZ of sRGB (IEC 61966-2-1); the middle row is the luminance.
_XYZ = np.array(
    (
        (0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    )
)  # fmt: skip
_WHITE = _XYZ.sum(axis=1)
#: Where the curves of sRGB and of L*a*b* turn into straight lines.
_DARK, _EDGE = 0.04045, 6 / 29
#: Constants of the CIEDE2000 formula.
_CHROMA, _HALF, _ROUND = 25.0**7, 180.0, 360.0


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours after WCAG 2.1, from 1 to 21."""
    lights = sorted(float(_XYZ[1] @ _linear(colour)) + 0.05 for colour in (one, other))
    return lights[1] / lights[0]


def lightness(colour: str, vision: Vision = "normal") -> float:
    """CIE lightness L*, from 0 (black) to 100 (white), as somebody sees it."""
    return _lab(colour, vision)[0]


def nearest(colours: Sequence[str], vision: Vision, *, ordered: bool) -> float:
    """Least `difference` between two colours of a map.

    Parameters
    ----------
    ordered : bool
        Whether the colours are steps of a ramp, so that only neighbours can be mistaken.
    """
    pairs = pairwise(colours) if ordered else combinations(colours, 2)
    return min(difference(one, other, vision) for one, other in pairs)


def difference(one: str, other: str, vision: Vision = "normal") -> float:
    """Difference of two colours as somebody sees them, CIEDE2000.

    About 1 is the least that can be seen when both lie side by side. Sharma, Wu & Dalal 2005
    (doi:10.1002/col.20070), with all three parametric factors 1.
    """
    return ciede2000(_lab(one, vision), _lab(other, vision))


def ciede2000(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """CIEDE2000 of two colours given as L*, a*, b*."""
    light, red, blue = zip(one, other, strict=True)
    middle = (hypot(red[0], blue[0]) + hypot(red[1], blue[1])) / 2
    stretch = 1.5 - 0.5 * sqrt(middle**7 / (middle**7 + _CHROMA))
    chroma = [hypot(stretch * a, b) for a, b in zip(red, blue, strict=True)]
    hue = [degrees(atan2(b, stretch * a)) % _ROUND for a, b in zip(red, blue, strict=True)]
    grey = chroma[0] * chroma[1] == 0
    turn, mean_hue = _hues(hue[0], hue[1], grey=grey)
    mean_light, mean_chroma = sum(light) / 2, sum(chroma) / 2
    weight = (
        1 - 0.17 * cos(radians(mean_hue - 30)) + 0.24 * cos(radians(2 * mean_hue))
        + 0.32 * cos(radians(3 * mean_hue + 6)) - 0.2 * cos(radians(4 * mean_hue - 63))
    )  # fmt: skip
    off = (mean_light - 50) ** 2
    lights = (light[1] - light[0]) / (1 + 0.015 * off / sqrt(20 + off))
    chromas = (chroma[1] - chroma[0]) / (1 + 0.045 * mean_chroma)
    hues = 2 * sqrt(chroma[0] * chroma[1]) * sin(radians(turn / 2))
    hues /= 1 + 0.015 * mean_chroma * weight
    twist = -2 * sqrt(mean_chroma**7 / (mean_chroma**7 + _CHROMA))
    twist *= sin(radians(60 * exp(-(((mean_hue - 275) / 25) ** 2))))
    return sqrt(lights**2 + chromas**2 + hues**2 + twist * chromas * hues)


def _hues(one: float, other: float, *, grey: bool) -> tuple[float, float]:
    """Difference and mean of two angles in degrees, the short way round; grey has no hue."""
    if grey:
        return 0.0, one + other
    turn = (other - one + _HALF) % _ROUND - _HALF
    return turn, (one + turn / 2) % _ROUND


@lru_cache(maxsize=512)
def _lab(colour: str, vision: Vision) -> tuple[float, float, float]:
    linear = _linear(colour)
    if vision == "grey":
        linear = np.full(3, _XYZ[1] @ linear)
    elif vision != "normal":
        linear = np.clip(np.array(_SEEN[vision]) @ linear, 0, 1)
    ratio = _XYZ @ linear / _WHITE
    x, y, z = np.where(ratio > _EDGE**3, np.cbrt(ratio), ratio / (3 * _EDGE**2) + 4 / 29)
    return float(116 * y - 16), float(500 * (x - y)), float(200 * (y - z))


def _linear(colour: str) -> NDArray[np.float64]:
    """Linear RGB (0 to 1) of ``#rrggbb``."""
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= _DARK, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
