"""Travel times along the edges of a network: roads, lines, or whatever a table of edges describes.

Points join the network at their nearest node, straight and at a stated walking speed; farther than
a stated reach they do not. Who is as quick on foot goes all the way on foot, within that reach.
Timetables are not known here: an edge takes the same time always.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.access.travel import check_speed, coordinates
from layers.errors import SourceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

__all__ = ["Network"]


@dataclass(frozen=True, eq=False)
class Network:
    """Shortest ways by Dijkstra's method, exact; all destinations at once for the nearest one.

    Attributes
    ----------
    nodes : DataFrame
        Indexed by key, with x, y in metres of EPSG:3035.
    edges : DataFrame
        from, to (keys of `nodes`), minutes (0 or more), in this direction only. Of parallel edges
        the quickest counts.
    reach : float
        Metres from a point to its nearest node, at most.
    walk_kmh : float
        On the way to and from the network.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    reach: float = 2_000.0
    walk_kmh: float = 4.5
    _ends: tuple[NDArray[np.intp], NDArray[np.intp]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_speed(self.walk_kmh)
        coordinates(self.nodes)
        _check(self.nodes, self.edges)
        keys = self.nodes.index
        ends = tuple(keys.get_indexer(pd.Index(self.edges[side])) for side in ("from", "to"))
        object.__setattr__(self, "_ends", ends)

    def minutes(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> FloatArray:
        """Return minutes from each origin (rows) to each destination (columns); NaN: no way.

        Needs memory for destinations x nodes; for many of both take `nearest`.
        """
        from scipy.sparse.csgraph import dijkstra
        from scipy.spatial.distance import cdist

        start, before = self._join(origins)
        end, after = self._join(destinations)
        goals, place = np.unique(end, return_inverse=True)
        ways = dijkstra(self._backwards, indices=goals)
        found = before[:, None] + ways[place][:, start].T + after
        return self._on_foot(cdist(coordinates(origins), coordinates(destinations)), found)

    def nearest(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> FloatArray:
        """Return minutes from each origin to the destination reached first; NaN: none is.

        One search from all destinations together, so that its cost does not grow with their number.
        """
        from scipy.sparse import block_array, csr_array
        from scipy.sparse.csgraph import dijkstra
        from scipy.spatial import KDTree

        start, before = self._join(origins)
        end, after = self._join(destinations)
        count = len(self.nodes)
        # One more node stands for "arrived"; backwards, each destination's node follows from it.
        first = pd.Series(after).groupby(end).min()
        first = first[np.isfinite(first)]
        entry = csr_array(
            (first.to_numpy(), (np.zeros(len(first), np.int32), first.index.astype(np.int32))),
            shape=(1, count),
        )
        graph = block_array([[self._backwards, None], [entry, csr_array((1, 1))]], format="csr")
        found = before + dijkstra(graph, indices=count)[start]
        metres, _ = KDTree(coordinates(destinations)).query(coordinates(origins))
        return self._on_foot(metres, found)

    @cached_property
    def _backwards(self) -> Any:
        """Edges from their end to their beginning, as a sparse matrix of minutes."""
        from scipy.sparse import csr_array

        # Parallel edges must not be added up, as sparse matrices do.
        start, end = self._ends
        quickest = self.edges["minutes"].astype("float64").groupby([end, start]).min()
        # Older versions of scipy look for ways along places of 32 bits only.
        rows, columns = (quickest.index.get_level_values(i).astype(np.int32) for i in (0, 1))
        shape = (len(self.nodes), len(self.nodes))
        return csr_array((quickest.to_numpy(), (rows, columns)), shape=shape)

    def _join(self, points: pd.DataFrame) -> tuple[NDArray[np.intp], FloatArray]:
        """Nearest node of each point and the minutes to walk there; infinite beyond the reach."""
        metres, node = self._tree.query(coordinates(points))
        return node, np.where(metres <= self.reach, self._walk(metres), np.inf)

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import KDTree

        return KDTree(coordinates(self.nodes))

    def _on_foot(self, metres: FloatArray, minutes: FloatArray) -> FloatArray:
        walked = np.where(metres <= self.reach, self._walk(metres), np.inf)
        least = np.minimum(minutes, walked)
        return np.where(np.isinf(least), np.nan, least)

    def _walk(self, metres: FloatArray) -> FloatArray:
        return metres * (0.06 / self.walk_kmh)


def _check(nodes: pd.DataFrame, edges: pd.DataFrame) -> None:
    if not nodes.index.is_unique:
        again = nodes.index[nodes.index.duplicated()][0]
        raise SourceError(f"network: node '{again}' occurs more than once.")
    for column in ("from", "to"):
        strange = edges.loc[~edges[column].isin(nodes.index), column]
        if len(strange):
            msg = f"network: an edge's '{column}' is '{strange.iloc[0]}', which is no node."
            raise SourceError(msg)
    minutes = pd.to_numeric(edges["minutes"], errors="coerce")
    faulty = ~(np.isfinite(minutes) & (minutes >= 0))
    if faulty.any():
        row = edges[faulty].iloc[0]
        msg = (
            f"network: the edge from '{row['from']}' to '{row['to']}' takes '{row['minutes']}' "
            "minutes; a number from 0 is needed."
        )
        raise SourceError(msg)
