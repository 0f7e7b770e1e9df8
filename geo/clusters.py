"""Whether neighbours resemble each other: Moran's I, its local parts, and the clusters they form.

Neighbours share a border or a corner (queen contiguity), and all neighbours of a region count
equally. A region without a value is left out; one whose neighbours all lack a value, or that has
none, like an island, has nothing to be compared with and is left out as well. Both are told apart
in the results.

Probabilities come from random permutations of the values (Anselin 1995,
doi:10.1111/j.1538-4632.1995.tb00338.x). They are two-sided, ``2 (1 + m) / (1 + permutations)``
with m the permutations at least as far out on the nearer side, and never above 1. The same seed
gives the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy.stats import false_discovery_control

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

__all__ = ["KINDS", "Autocorrelation", "Kind", "autocorrelation", "join", "local", "queen"]

Array = np.ndarray[Any, np.dtype[np.float64]]

#: What a region is among its neighbours; the first word is the region, the second its neighbours.
Kind = Literal["high_high", "low_low", "high_low", "low_high", "none", "alone", "gap"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: So many arrangements are worked out at once, as far as memory stays small.
_BLOCK = 50
#: Fewer regions than this have no pattern in space.
_LEAST = 3


@dataclass(frozen=True)
class Autocorrelation:
    """Moran's I of one set of values.

    Attributes
    ----------
    index : float
        About 0 for values strewn at random, up to about 1 where neighbours are alike, below 0
        where they differ; NaN if fewer than three regions can be compared or all are equal.
    expected : float
        Mean of the index over all arrangements of the values: ``-1 / (regions - 1)``.
    p : float
        Two-sided probability of an index so far out if the values were strewn at random.
    regions : int
        Regions that were compared.
    alone : tuple of str
        Regions with a value, but without any neighbour that has one.
    """

    index: float
    expected: float
    p: float
    permutations: int
    regions: int
    alone: tuple[str, ...]


@dataclass(frozen=True)
class _Field:
    """Values as distances from their mean, and the weights of the neighbours, row by row."""

    keys: pd.Index
    z: Array
    weights: Any
    alone: tuple[str, ...]

    @property
    def is_flat(self) -> bool:
        """Whether there is nothing to compare."""
        return len(self.z) < _LEAST or bool(np.ptp(self.z) == 0)


def queen(boundaries: gpd.GeoDataFrame) -> Graph:
    """Neighbours by a common border or corner.

    Parameters
    ----------
    boundaries : GeoDataFrame
        Polygons of a valid coverage, indexed by region.
    """
    return Graph.build_contiguity(boundaries, rook=False)


def autocorrelation(
    values: pd.Series, neighbours: Graph, *, permutations: int = 999, seed: int = 1
) -> Autocorrelation:
    """Moran's I: ``I = sum_i z_i sum_j w_ij z_j / sum_i z_i^2`` with rows of w that add up to 1.

    z is the distance from the mean of the regions compared (Moran 1950, doi:10.2307/2332142).

    Parameters
    ----------
    values : Series
        One value per region; NaN is a gap.
    neighbours : Graph
        From `queen`.
    """
    field = _field(values, neighbours)
    count = len(field.z)
    if field.is_flat:
        nothing = float("nan")
        return Autocorrelation(nothing, nothing, nothing, permutations, count, field.alone)
    random = np.random.default_rng(seed)
    index = float(_moran(field.z[:, None], field.weights)[0])
    drawn = np.concatenate([
        _moran(np.column_stack([random.permutation(field.z) for _ in block]), field.weights)
        for block in np.array_split(range(permutations), -(-permutations // _BLOCK))
    ])  # fmt: skip
    return Autocorrelation(
        index=index, expected=-1 / (count - 1), p=float(_two_sided(drawn, index)),
        permutations=permutations, regions=count, alone=field.alone,
    )  # fmt: skip


def local(
    values: pd.Series,
    neighbours: Graph,
    *,
    permutations: int = 9_999,
    seed: int = 1,
    false_share: float = 0.05,
) -> pd.DataFrame:
    """Local Moran: which regions lie among their like, and which stand out from their neighbours.

    ``I_i = (n - 1) z_i sum_j w_ij z_j / sum_k z_k^2``. For its probability the region keeps its
    value while those of its neighbours are drawn from all others. As every region is tested, the
    probabilities are corrected by Benjamini & Hochberg (1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x): of all regions that are given a kind, `false_share` are
    expected to owe it to chance (Caldas de Castro & Singer 2006,
    doi:10.1111/j.0016-7363.2006.00682.x).

    Returns
    -------
    DataFrame
        By region, in the order of `values`: ``index`` (I_i), ``p`` (not corrected),
        ``p_corrected``, ``kind`` (see `KINDS`: "none" is no different from chance, "alone" has no
        neighbour with a value, "gap" has no value itself). NaN where it was not computed.
    """
    field = _field(values, neighbours)
    result = pd.DataFrame({"index": np.nan, "p": np.nan, "p_corrected": np.nan}, values.index)
    kind = pd.Series("gap", index=values.index, dtype="str").mask(values.notna(), "none")
    kind.loc[list(field.alone)] = "alone"
    if not field.is_flat:
        lag = field.weights @ field.z
        result.loc[field.keys, "index"] = (len(lag) - 1) * field.z * lag / (field.z @ field.z)
        p = _local_p(field, lag, permutations, np.random.default_rng(seed))
        result.loc[field.keys, "p"] = p
        result.loc[field.keys, "p_corrected"] = corrected = false_discovery_control(p)
        sides = np.where(field.z > 0, "high_", "low_") + np.where(lag > 0, "high", "low")
        kind.loc[field.keys] = np.where(corrected <= false_share, sides, "none")
    return result.assign(kind=kind)


def join(regions: Iterable[str], neighbours: Graph) -> list[list[str]]:
    """Gather regions into groups that hang together over common borders or corners.

    Returns
    -------
    list of list of str
        The largest group first, equally large ones by their first key; keys in rising order.
    """
    keys = sorted(regions)
    if not keys:
        return []
    labels = neighbours.subgraph(keys).component_labels
    groups = [sorted(members) for members in labels.groupby(labels).groups.values()]
    return sorted(groups, key=lambda one: (-len(one), one[0]))


def _field(values: pd.Series, neighbours: Graph) -> _Field:
    known = values.reindex(neighbours.unique_ids).dropna().astype("float64")
    alone: tuple[str, ...] = tuple(known.index[:0])
    weights = None
    if len(known):
        among = neighbours.subgraph(known.index)
        alone = tuple(among.isolates)
        known = known.drop(list(alone))
    if len(known):
        weights = among.subgraph(known.index).transform("r").sparse.tocsr()
    z = np.asarray(known - known.mean(), dtype=np.float64)
    return _Field(known.index, z, weights, alone)


def _moran(z: Array, weights: Any) -> Array:
    """Moran's I of each column.

    Products are summed without BLAS, whose threads stand in each other's way here.
    """
    index: Array = (z * (weights @ z)).sum(axis=0) / (z * z).sum(axis=0)
    return index


def _local_p(field: _Field, lag: Array, permutations: int, random: np.random.Generator) -> Array:
    """Probability of each region's lag, given its own value.

    One set of draws serves all regions: of each, a region with k neighbours takes the first k
    places, or, where it is among these itself, the first k others. So nearly all draws are the
    same for all regions with k neighbours, and are put in order but once.
    """
    neighbours = np.diff(field.weights.indptr)
    most = int(neighbours.max()) + 1
    drawn = np.array(
        [random.choice(len(lag), most, replace=False) for _ in range(permutations)], dtype=np.intp
    )
    p = np.empty(len(lag))
    for count in np.unique(neighbours):
        members = np.flatnonzero(neighbours == count)
        p[members] = _two_sided_at(field.z, lag[members] * count, members, drawn[:, : count + 1])
    return p


def _two_sided_at(z: Array, observed: Array, members: Any, drawn: Any) -> Array:
    """Probabilities of sums over neighbours; the last column of `drawn` is the one in reserve."""
    values = z[drawn]
    sums = values[:, :-1].sum(axis=1)
    # A hair of tolerance: a draw that gives the same set of neighbours is not farther out.
    hair = 1e-12 * np.abs(z).max() * drawn.shape[1]
    ordered = np.sort(sums)
    above = len(sums) - np.searchsorted(ordered, observed - hair, side="left")
    below = np.searchsorted(ordered, observed + hair, side="right")
    # Where a region was drawn as its own neighbour, the one in reserve takes its place.
    places = np.full(len(z), -1)
    places[members] = np.arange(len(members))
    own = places[drawn[:, :-1]]
    rows, columns = np.nonzero(own >= 0)
    region = own[rows, columns]
    before = sums[rows]
    after = before - values[rows, columns] + values[rows, -1]
    low, high = observed[region] - hair, observed[region] + hair
    above = above + _tally(region, (after >= low).astype(int) - (before >= low), len(members))
    below = below + _tally(region, (after <= high).astype(int) - (before <= high), len(members))
    p: Array = np.minimum(1.0, 2 * (1 + np.minimum(above, below)) / (1 + len(sums)))
    return p


def _tally(region: Any, changes: Any, count: int) -> Array:
    return np.bincount(region, weights=changes.astype("float64"), minlength=count).astype("float64")


def _two_sided(drawn: Array, observed: float) -> float:
    # A hair of tolerance: a permutation that gives the same set of neighbours is not farther out.
    hair = 1e-12 * max(1.0, abs(observed))
    above, below = (drawn >= observed - hair).sum(), (drawn <= observed + hair).sum()
    return float(min(1.0, 2 * (1 + min(above, below)) / (1 + len(drawn))))
