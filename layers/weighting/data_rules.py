"""The rules by which weights follow from data; `layers.weighting.data_weights` calls them.

Each takes a complete table of regions x members (at least three regions, two members, and spread
in every member) and gives weights that suit the scale of these values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import nnls

from layers.errors import RecipeError
from layers.weighting.rotation import varimax

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Found", "critic", "entropy", "equal", "equal_correlation", "factor", "pca"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

#: Eigenvalues (of a correlation matrix) closer than this are the same one.
_TIE = 1e-9
#: Factor analysis: shares of variance that one kept factor, and all together, must exceed.
_MINOR, _MOST = 0.1, 0.6
#: Rounding allowed between the correlation attained and the proven bound.
_GAP = 1e-6


class Found(NamedTuple):
    """What a method found: raw weights, and what they rest on.

    ``weights`` are non-negative and need not add up to 1; ``members`` holds one array per column
    of the diagnostics table; ``facts`` single numbers.
    """

    weights: Array
    members: dict[str, Array]
    facts: dict[str, float]


def equal(values: pd.DataFrame) -> Found:
    """Return the same weight for each member: ``1 / k``."""
    return Found(np.ones(values.shape[1]), {}, {})


def pca(values: pd.DataFrame) -> Found:
    """First principal component: ``w = a / s``, a the first eigenvector of the correlations.

    Divided by the deviations s, the weighted mean is the component itself, up to shift and scale.
    Diagnostics: ``loading`` (correlation of member and component), ``eigenvalue``, ``explained``
    (share of the members' variance).

    Refused if the component has loadings of both signs (no weighting with w >= 0 follows the
    data) or if two components explain equally much (the first one is not determined).
    """
    scale, eigenvalues, vectors = _components(values)
    if eigenvalues[0] - eigenvalues[1] < _TIE:
        raise _refusal("pca", "two components explain equally much, so no first one stands out")
    loading = _upright(vectors[:, :1] * np.sqrt(eigenvalues[0]))[:, 0]
    if loading.min() < -_TIE:
        against = values.columns[int(loading.argmin())]
        what = f"'{against}' runs against the other members (loading {loading.min():.2f})"
        raise _refusal("pca", f"{what}; turn its direction or leave it out")
    facts = {"eigenvalue": eigenvalues[0], "explained": eigenvalues[0] / len(eigenvalues)}
    return Found(np.clip(loading, 0, None) / scale, {"loading": loading}, _plain(facts))


def factor(values: pd.DataFrame) -> Found:
    """Rotated factor loadings as in the OECD/JRC handbook, pp. 89-91.

    Principal components with an eigenvalue above 1 and more than 10 % of the variance are kept,
    and further ones until more than 60 % are explained; their loadings are rotated (varimax). Each
    member counts with the factor f it loads on most: its squared loading, scaled to add up to 1
    in the factor, times the share of the factor in the explained variance. The scaling cancels:
    ``w = max_f l_f^2``, here divided by the deviations. A loading's sign has no effect; members
    that load on their factor against its sense have a negative ``loading`` in the diagnostics.

    Diagnostics: ``factor`` (1 explains most), ``loading``, ``factors``, ``explained``.

    Reference: Nicoletti, Scarpetta & Boylaud (2000), doi:10.1787/215182844604.
    """
    scale, eigenvalues, vectors = _components(values)
    kept = _kept(eigenvalues)
    if kept < len(eigenvalues) and eigenvalues[kept - 1] - eigenvalues[kept] < _TIE:
        raise _refusal("factor", "components to keep and to drop explain equally much")
    loadings = _upright(varimax(vectors[:, :kept] * np.sqrt(eigenvalues[:kept])))
    loadings = loadings[:, np.argsort(-(loadings**2).sum(axis=0), kind="stable")]
    chosen = np.argmax(loadings**2, axis=1)
    loading = loadings[np.arange(len(chosen)), chosen]
    facts = {"factors": kept, "explained": eigenvalues[:kept].sum() / len(eigenvalues)}
    members = {"factor": chosen + 1.0, "loading": loading}
    return Found(loading**2 / scale, members, _plain(facts))


def entropy(values: pd.DataFrame) -> Found:
    """Entropy: ``w = 1 - E``, ``E = -sum p ln p / ln n`` with ``p = x / sum x`` over regions.

    A member counts the more, the more unequally it is spread over the regions. The result depends
    on the zero point, so values must not be negative (0 ln 0 = 0). Diagnostics: ``entropy``.

    Reference: Hwang & Yoon (1981), doi:10.1007/978-3-642-48318-9.
    """
    x = values.to_numpy(dtype=np.float64)
    if x.min() < 0:
        name = values.columns[int(x.min(axis=0).argmin())]
        what = f"'{name}' has negative values ({x.min():g})"
        raise _refusal("entropy", f"{what}; normalise to a range that starts at 0 or above")
    p = x / x.sum(axis=0)
    terms = np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), 0.0)
    spread = -terms.sum(axis=0) / np.log(len(x))
    weights = np.clip(1 - spread, 0, None)
    if weights.max() < _TIE:
        raise _refusal("entropy", "the values hardly differ in proportion to their size")
    return Found(weights, {"entropy": spread}, {})


def critic(values: pd.DataFrame) -> Found:
    """CRITIC: ``w_j = s_j sum_k (1 - r_jk)``, s the deviations (n - 1) of values on [0, 1].

    A member counts the more, the more it differs between regions and from the other members; the
    weights are divided by the ranges to suit the scale of the input. Diagnostics: ``deviation``,
    ``conflict`` (the sum). Refused if all members are perfectly correlated.

    Reference: Diakoulaki, Mavrotas & Papayannakis (1995), doi:10.1016/0305-0548(94)00059-H.
    """
    x = values.to_numpy(dtype=np.float64)
    width = x.max(axis=0) - x.min(axis=0)
    deviation = x.std(axis=0, ddof=1) / width
    conflict = np.clip(1 - np.corrcoef(x, rowvar=False), 0, None).sum(axis=1)
    if conflict.max() < _TIE:
        raise _refusal("critic", "all members are perfectly correlated and say the same")
    members = {"deviation": deviation, "conflict": conflict}
    return Found(deviation * conflict / width, members, {})


def equal_correlation(values: pd.DataFrame) -> Found:
    """Weights under which each member correlates equally with the weighted mean.

    With R the correlations and u = w s the weights of standardised values, ``min u'Ru`` over u >=
    0, sum u = 1, is solved exactly (active set). At the optimum ``(Ru)_j`` is the same for all
    members with a weight and not lower for the others: all correlations are equal, except that a
    member of weight 0 correlates even more strongly. Under no other weights w >= 0 is the lowest
    of the correlations higher, because ``min_j (Rv)_j <= u'Rv <= sqrt(u'Ru v'Rv)`` for any v.
    If identical members leave a choice, they share their weight equally.

    Diagnostics: ``correlation`` by member; ``lowest`` of them; ``bound``, the proven upper limit
    ``sqrt(u'Ru)`` of the lowest under any weights; ``gap = bound - lowest``, the proof of
    convergence (an error above 1e-6); ``exact``, 1 if all correlations are equal to 1e-6.

    Refused if the members cancel out, so that the weighted mean is the same everywhere.
    """
    scale, eigenvalues, vectors = _components(values)
    matrix = np.corrcoef(values.to_numpy(dtype=np.float64), rowvar=False)
    # A hair of curvature picks the even split where members are linearly dependent.
    curved = np.clip(eigenvalues, 0, None) + (1e-9 if eigenvalues[-1] < _TIE else 0.0)
    root = np.sqrt(curved)[:, None] * vectors.T
    # min u'Ru + (1 - sum u)^2 over u >= 0 has the same direction as with sum u = 1.
    system = np.vstack([root, np.ones(len(matrix))])
    u = nnls(system, np.append(np.zeros(len(matrix)), 1.0))[0]
    u /= u.sum()
    bound = float(np.sqrt(max(u @ matrix @ u, 0.0)))
    if bound < np.sqrt(_TIE):
        raise _refusal("equal_correlation", "the members cancel out; turn a direction")
    correlation = matrix @ u / bound
    gap = bound - float(correlation.min())
    if gap > _GAP:
        raise _refusal("equal_correlation", f"no convergence, a gap of {gap:.1e} remains")
    exact = float(np.ptp(correlation) <= _GAP)
    facts = {"lowest": correlation.min(), "bound": bound, "gap": gap, "exact": exact}
    return Found(u / scale, {"correlation": correlation}, _plain(facts))


def _components(values: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Deviations, eigenvalues (falling) and eigenvectors (columns) of the correlations."""
    x = values.to_numpy(dtype=np.float64)
    eigenvalues, vectors = np.linalg.eigh(np.corrcoef(x, rowvar=False))
    return x.std(axis=0, ddof=1), eigenvalues[::-1], vectors[:, ::-1]


def _kept(eigenvalues: Array) -> int:
    share = eigenvalues / eigenvalues.sum()
    strong = int(((eigenvalues > 1 + _TIE) & (share > _MINOR)).sum())
    return max(strong, int(np.searchsorted(share.cumsum(), _MOST, side="right")) + 1)


def _upright(loadings: Array) -> Array:
    """Turn each column so that its sum is not negative: the sign of a component is arbitrary."""
    return loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)


def _plain(facts: dict[str, float]) -> dict[str, float]:
    return {key: float(value) for key, value in facts.items()}


def _refusal(method: str, reason: str) -> RecipeError:
    return RecipeError(f"weights: {method} gives no weights here: {reason}.", code="no_data_weight")
