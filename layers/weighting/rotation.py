"""Varimax: turning factors so that each member loads on few of them."""

from __future__ import annotations

from itertools import combinations

import numpy as np

__all__ = ["varimax", "varimax_criterion"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

_TURNS = 500
_SMALLEST_ANGLE = 1e-10


def varimax(loadings: Array) -> Array:
    """Rotate loadings to the varimax criterion, with Kaiser's normalisation of the rows.

    Pairs of factors are turned by the angle that is best for the pair (a closed form), again and
    again until no pair can be improved. Unlike the usual iteration by singular values this does
    not stop at a symmetric worst position.

    Parameters
    ----------
    loadings : array, shape (k, f)
        Correlations of k members with f uncorrelated factors.

    Returns
    -------
    array, shape (k, f)
        ``loadings @ T`` with an orthogonal T; sums of squares over each row are unchanged.

    References
    ----------
    Kaiser (1958), The varimax criterion for analytic rotation in factor analysis,
    doi:10.1007/BF02289233.
    """
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    length[length == 0] = 1.0
    turned = loadings / length
    pairs = list(combinations(range(loadings.shape[1]), 2))
    for _ in range(_TURNS):
        if sum(_turn(turned, one, other) for one, other in pairs) == 0:
            break
    rotated: Array = turned * length
    return rotated


def varimax_criterion(loadings: Array) -> float:
    """Sum over the factors of the variance of the squared loadings."""
    return float((loadings**2).var(axis=0).sum())


def _turn(loadings: Array, one: int, other: int) -> bool:
    """Turn two columns in place to their best position; False if they were there."""
    x, y = loadings[:, one].copy(), loadings[:, other].copy()
    u, v = x**2 - y**2, 2 * x * y
    rows = len(x)
    sine = 2 * (u @ v) - 2 * u.sum() * v.sum() / rows
    cosine = u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / rows
    # Both vanish if every position is equally good; rounding must not start a spin then.
    if np.hypot(sine, cosine) < _SMALLEST_ANGLE:
        return False
    angle = np.arctan2(sine, cosine) / 4
    if abs(angle) < _SMALLEST_ANGLE:
        return False
    loadings[:, one] = x * np.cos(angle) + y * np.sin(angle)
    loadings[:, other] = y * np.cos(angle) - x * np.sin(angle)
    return True
