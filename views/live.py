"""What the browser needs so that the map follows a moving weight without asking the server.

The layers' values do not change while the weights between them do. They are sent once, as a table
of numbers under an address of their own; each rerun only says how they are to be combined.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.classes import COUNTS, ramp
from layers.catalogue import INDEX
from layers.robust import CHUNK, random_numbers

if TYPE_CHECKING:
    from layers import Bands, Scores
    from views.figures import Figure
    from views.i18n import Words
    from views.state import PageState

__all__ = ["METHODS", "SURE", "model", "table", "weights"]

#: Means that the browser's kernel can compute.
METHODS = frozenset({"arithmetic", "geometric", "harmonic", "power"})
#: Share of the weightings in which a region must keep its class, or the class counts as unsure.
SURE = 0.5
#: Tables kept for browsers that have yet to fetch them; those of 400 Kreise take 51, 66 and 320 kB.
KEPT = 64
_tables: OrderedDict[str, bytes] = OrderedDict()
_lock = Lock()


def model(
    state: PageState,
    shown: Figure,
    scores: Scores,
    bands: Bands,
    *,
    codes: list[int],
    words: Words,
) -> dict[str, Any] | None:
    """Describe how scores follow from the layers, or return None where the browser cannot follow.

    Parameters
    ----------
    codes : list of int
        Class of every region as the server sees it; tells what lies outside the reference set.
    """
    weighed = weights(state, scores)
    if weighed is None:
        return None
    aggregate = scores.recipe.aggregate.at(INDEX, 0)
    layers = list(weighed)
    scored = [_is_scored(scores, layer) for layer in layers]
    return {
        "address": _layer_table(scores, layers),
        "spread": _rank_table(scores, bands) if state.doubt and bands.spread is None else None,
        "stream": _stream(bands, sum(scored)),
        "doubt": state.doubt,
        "sure": SURE,
        "layers": layers,
        "weights": list(weighed.values()),
        "scored": scored,
        "method": aggregate.method,
        "power": aggregate.p,
        "least": aggregate.min_coverage,
        "scheme": state.scheme,
        "count": state.classes,
        "colours": {count: ramp("potential", count) for count in range(max(COUNTS) + 1)},
        "before": codes,
        "locale": words.locale,
        "decimals": shown.decimals,
        "rank_line": words.raw("map.tip_rank_live"),
        "band_line": words.raw("map.tip_rank"),
        "top_line": words.raw("map.tip_top"),
        "percent": words.percent(0),
        "bounds": words.raw("map.bounds"),
        "bounds_first": words.raw("map.bounds_first"),
        "score_line": words.raw("map.tip_score"),
    }


def weights(state: PageState, scores: Scores) -> dict[str, float] | None:
    """Weight of each layer below the index, or None where the browser cannot follow."""
    method = scores.recipe.aggregate.at(INDEX, 0).method
    optional = any(one.optional for one in scores.dataset.catalogue.sublayers())
    # What the browser knows of coverage does not tell a gap from what was never expected.
    if state.show != "score" or method not in METHODS or optional:
        return None
    return {member.key: _weight(scores, member.key) for member in scores.plan.members[INDEX]}


def table(key: str) -> bytes | None:
    """Return the numbers that a model's addresses end with; None if they are not kept."""
    return _tables.get(key)


def _layer_table(scores: Scores, layers: list[str]) -> str:
    """Values, then coverage, of the layers: float64, column by column."""
    parts = (scores.layers[layers], scores.coverage[layers])
    return _keep(b"".join(part.to_numpy(dtype="<f8").tobytes(order="F") for part in parts))


def _rank_table(scores: Scores, bands: Bands) -> str | None:
    """Draws in which a region has a rank up to 1, 2, 3 ...: uint16, region by region."""
    if bands.distribution is None or bands.draws > np.iinfo(np.uint16).max:
        return None
    ranked = scores.index.notna().to_numpy()
    table = np.zeros((len(ranked), int(ranked.sum())), dtype="<u2")
    table[ranked] = bands.distribution[:, :-1].cumsum(axis=1)
    return _keep(table.tobytes())


def _stream(bands: Bands, layers: int) -> dict[str, Any]:
    """Random numbers from which the browser draws the same weightings; float64, chunk by chunk."""
    content = _chances(bands.seed, bands.draws, layers, around=bands.spread is not None)
    return {
        "address": _keep(content), "chunk": CHUNK, "draws": bands.draws, "spread": bands.spread
    }  # fmt: skip


# All who look at as many layers draw from the same; 64 kB each.
@lru_cache(maxsize=8)
def _chances(seed: int, draws: int, layers: int, *, around: bool) -> bytes:
    chunks = (
        random_numbers(seed, number, layers, around=around).astype("<f8").tobytes()
        for number in range(-(-draws // CHUNK))
    )
    return b"".join(chunks)


def _keep(content: bytes) -> str:
    key = hashlib.sha256(content).hexdigest()[:20]
    with _lock:
        _tables[key] = content
        _tables.move_to_end(key)
        while len(_tables) > KEPT:
            _tables.popitem(last=False)
    return f"atlas/layers/{key}"


def _weight(scores: Scores, layer: str) -> float:
    default = scores.dataset.catalogue.layer_by_id[layer].weight
    return scores.recipe.weight("layer", layer, default)


def _is_scored(scores: Scores, layer: str) -> bool:
    """Whether anything in the layer is scored, so that a weight would count."""
    return any(member.weight > 0 for member in scores.plan.members[layer])
