r"""Population potential: how many people live around, those nearby counting more.

.. math::

   V_i = \sum_{j:\, d_{ij} < R} p_j \left(1 - \frac{d_{ij}}{R}\right), \qquad R = 50 \text{ km}

with people :math:`p` per cell and straight-line distance :math:`d` between centres of cells. Küpper
(2016, Thünen Working Paper 68) describes it as the sum of people within 50 km on the 1 km grid,
"bei proportional mit der Luftliniendistanz abnehmender Gewichtung". His formula is not known to us;
the one above takes the words literally. Within a cell :math:`d_{ii}` is the mean distance between
two random points of a square, 0.5214 times its side.

People beyond the border are not in the grid. Near it the potential is therefore too low, most where
a foreign city is close (Aachen, Saarbrücken, Lörrach, Görlitz).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.rasters.population import CELL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

__all__ = ["OWN_CELL", "RADIUS", "kernel", "potential"]

#: In metres.
RADIUS = 50_000.0
#: Mean distance between two random points of a square of side 1.
OWN_CELL = (2 + np.sqrt(2) + 5 * np.log(1 + np.sqrt(2))) / 15


def potential(
    people: NDArray[np.float32] | FloatArray, *, radius: float = RADIUS, cell: float = CELL
) -> FloatArray:
    """Return the population potential of every cell in (weighted) persons.

    Parameters
    ----------
    people : 2-D array
        Persons per cell; 0 where nobody lives.
    radius, cell : float
        Reach and side of a cell, in metres.

    Returns
    -------
    2-D array
        Of the shape of `people`, never below 0. Computed by fast Fourier transform, whose rounding
        leaves less than a millionth of a person against direct summation.
    """
    from scipy.signal import oaconvolve

    result: FloatArray = oaconvolve(people.astype(np.float64), kernel(radius, cell), mode="same")
    return np.maximum(result, 0.0)


def kernel(radius: float = RADIUS, cell: float = CELL) -> FloatArray:
    """Weights 1 - d/R around a cell, square and of odd side; 0 from the radius on."""
    steps = int(np.ceil(radius / cell)) - 1
    offset = np.arange(-steps, steps + 1) * cell
    distance = np.hypot(offset[:, None], offset[None, :])
    distance[steps, steps] = OWN_CELL * cell
    weights: FloatArray = np.maximum(0.0, 1.0 - distance / radius)
    return weights
