"""Travel times by road, bicycle or on foot from a Valhalla routing service.

Valhalla is a free routing program on OpenStreetMap data; it runs as a service of one's own
(https://valhalla.github.io/valhalla/) and answers at ``/sources_to_targets``. Points are sent to
the address given here and to no other. Public transport is not part of that interface.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.access.travel import degrees, fewest
from layers.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    Place = dict[str, float]

__all__ = ["Valhalla"]

#: Error codes of requests in which some pair has no way: "Locations are in unconnected regions",
#: "No suitable edges near location", "No path could be found for input".
_NO_WAY = frozenset({170, 171, 442})
#: Length of a service's own words in our message.
_WORDS = 160


@dataclass(frozen=True)
class Valhalla:
    """A running Valhalla service.

    Attributes
    ----------
    url : str
        Such as ``http://localhost:8002``.
    costing : str
        "auto", "bicycle", "pedestrian" or another one of Valhalla's.
    side : int
        Origins, and destinations, per request; services allow 2,500 pairs unless set otherwise.
    few : int
        For `nearest`: the destinations asked about are this many nearest ones as the crow flies.
    timeout : float
        Seconds for one answer; a lost connection is tried three times.
    """

    url: str
    costing: str = "auto"
    side: int = 50
    few: int = 5
    timeout: float = 60.0

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            msg = f"Valhalla: '{self.url}' is no address; give one such as http://localhost:8002."
            raise SourceError(msg)

    def minutes(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> FloatArray:
        """Return minutes from each origin (rows) to each destination (columns); NaN: no way."""
        sources, targets = _places(origins), _places(destinations)
        table = np.full((len(sources), len(targets)), np.nan)
        for row in range(0, len(sources), self.side):
            for column in range(0, len(targets), self.side):
                here = slice(row, row + self.side), slice(column, column + self.side)
                table[here] = self._asked(sources[here[0]], targets[here[1]])
        return table

    def nearest(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> FloatArray:
        """Return minutes from each origin to the destination reached first; NaN: none is.

        Only the `few` nearest ones as the crow flies are asked about, so that a farther one beside
        a motorway can be missed.
        """
        result = np.full(len(origins), np.nan)
        for members, candidates in self._groups(origins, destinations):
            found = self.minutes(origins.iloc[members], destinations.iloc[candidates])
            result[members] = fewest(found)
        return result

    def _groups(
        self, origins: pd.DataFrame, destinations: pd.DataFrame
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Origins that lie together, with all destinations near one of them."""
        from geo.access.distance import nearest_few

        _, near = nearest_few(origins, destinations, self.few)
        # By squares of 20 km, so that the members of a group share most of their destinations.
        squares = (origins[["y", "x"]] // 20_000).to_numpy(np.int64)
        order = np.lexsort((squares[:, 1], squares[:, 0]))
        for start in range(0, len(order), self.side):
            members = order[start : start + self.side]
            yield members, np.unique(near[members])

    def _asked(self, sources: list[Place], targets: list[Place]) -> FloatArray:
        """Ask about one block; a point without a way costs only its own pairs, not the block."""
        answer = self._post({"sources": sources, "targets": targets, "costing": self.costing})
        if answer.get("error_code") in _NO_WAY:
            if len(sources) == len(targets) == 1:
                return np.full((1, 1), np.nan)
            if len(sources) >= len(targets):
                half = len(sources) // 2
                parts = (self._asked(some, targets) for some in (sources[:half], sources[half:]))
                return np.vstack(list(parts))
            half = len(targets) // 2
            parts = (self._asked(sources, some) for some in (targets[:half], targets[half:]))
            return np.hstack(list(parts))
        if "error" in answer:
            msg = f"Valhalla at {self.url} refused: {str(answer['error'])[:_WORDS]}."
            raise SourceError(msg)
        return self._read(answer, len(sources), len(targets))

    def _read(self, answer: dict[str, Any], rows: int, columns: int) -> FloatArray:
        """Seconds of the documented answer as minutes; null is NaN."""
        try:
            seconds = [[pair["time"] for pair in row] for row in answer["sources_to_targets"]]
            table = np.array(seconds, dtype=np.float64) / 60
        except (KeyError, TypeError, ValueError) as cause:
            raise self._strange() from cause
        if table.shape != (rows, columns) or (table < 0).any():
            raise self._strange()
        return table

    def _strange(self) -> SourceError:
        msg = f"Valhalla at {self.url}: the answer is no table of travel times; is it Valhalla 3?"
        return SourceError(msg)

    def _post(self, question: dict[str, Any]) -> dict[str, Any]:
        import requests
        import stamina

        lost = (requests.ConnectionError, requests.Timeout)
        address = f"{self.url.rstrip('/')}/sources_to_targets"
        try:
            for attempt in stamina.retry_context(on=lost, attempts=3, timeout=None):
                with attempt:
                    reply = requests.post(address, json=question, timeout=self.timeout)
            answer = reply.json()
        except lost as cause:
            msg = f"Valhalla at {self.url} gave no answer in {self.timeout:g} s; is it running?"
            raise SourceError(msg) from cause
        except ValueError as cause:
            raise self._strange() from cause
        if not isinstance(answer, dict):
            raise self._strange()
        return answer


def _places(points: pd.DataFrame) -> list[Place]:
    longitude, latitude = degrees(points)
    # Six decimals are 0.1 m.
    return [
        {"lat": round(float(north), 6), "lon": round(float(east), 6)}
        for east, north in zip(longitude, latitude, strict=True)
    ]
