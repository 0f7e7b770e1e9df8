"""Classes of a map of differences: rises and falls cut alike on both sides of zero, in round steps.

Quantiles or natural breaks would put zero somewhere inside a class, and a fall might share the
colour of a rise. Here the middle class holds what hardly changed, and each class below it mirrors
one above it.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

__all__ = ["CLASSES", "classify_change", "round_step"]

#: Fell much, fell, hardly changed, rose, rose much.
CLASSES = 5
#: Part of the regions that is meant to lie within the outermost bounds.
_WITHIN = 0.9
_ROUND = (1.0, 2.0, 5.0)


def classify_change(values: pd.Series) -> tuple[pd.Series, float]:
    """Put differences into the five classes.

    With a round step s, chosen so that about nine of ten regions lie within 3 s: class 2 holds
    ``|v| <= s``, 1 and 3 what exceeds it up to ``3 s``, 0 and 4 the rest.

    Returns
    -------
    (Series of int, float)
        Class of each region, -1 for NaN; and s.
    """
    known = values.astype("float64")
    finite = known[np.isfinite(known)]
    step = round_step(float(finite.abs().quantile(_WITHIN)) / 3) if len(finite) else 1.0
    cuts = np.array([step, 3 * step])
    size = np.searchsorted(cuts, finite.abs().to_numpy(), side="left")
    codes = pd.Series(-1, index=values.index)
    codes[finite.index] = CLASSES // 2 + np.sign(finite.to_numpy()).astype(int) * size
    return codes, step


def round_step(wanted: float) -> float:
    """Largest of 1, 2, 5, 10, 20, 50 ... (or 0.5, 0.2, ...) up to `wanted`; 1 for 0."""
    if wanted <= 0:
        return 1.0
    power = math.floor(math.log10(wanted) + 1e-12)
    fitting = [one for one in _ROUND if one * 10.0**power <= wanted * (1 + 1e-12)]
    # Dividing by a whole power gives 0.2 where multiplying by 0.1 gives 0.2 and a bit.
    return fitting[-1] * 10.0**power if power >= 0 else fitting[-1] / 10.0**-power
