"""Rules on offer for a start, and mixtures in percent that keep adding up to 100."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from layers.catalogue import Text  # noqa: TC001 -- pydantic reads it when the class is made
from layers.errors import DatasetError
from layers.study.apportion import apportion
from layers.study.distribution_rule import INDICATOR, PARTS
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.score import Scores

__all__ = ["WHOLE", "Preset", "parts_on_offer", "presets", "rebalanced"]

#: What the weights of a mixture in percent add up to.
WHOLE = 100
_FILE = Path(__file__).with_suffix(".toml")
#: Part -> attribute of the regions that it needs.
_NEEDS = {"population": "population", "area": "area_km2", "score": "population"}


class Preset(BaseModel):
    """A rule on offer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    mixture: dict[str, int]


def presets(scores: Scores) -> dict[str, Preset]:
    """Return the rules that the dataset has everything for, by key."""
    offered = set(parts_on_offer(scores))
    return {key: one for key, one in _presets().items() if set(one.mixture) <= offered}


def parts_on_offer(scores: Scores) -> list[str]:
    """Return the parts that can be mixed; indicators as far as some preset names them."""
    named = dict.fromkeys(part for one in _presets().values() for part in one.mixture)
    parts = [*(part for part in named if part in PARTS), *PARTS]
    parts += [part for part in named if part.removeprefix(INDICATOR) in scores.raw]
    regions = scores.dataset.regions
    needed = {part: _NEEDS.get(part, "population") for part in parts}
    needed |= dict.fromkeys(("equal", "score_only"), "name")
    return [part for part in dict.fromkeys(parts) if needed[part] in regions]


def rebalanced(mixture: Mapping[str, int], changed: str, to: int) -> dict[str, int]:
    """Set one part, and scale the others so that all add up to 100 again.

    The others keep their proportions, in whole percent by largest remainder; if they were all 0,
    the first of them takes the rest.

    Parameters
    ----------
    mixture : mapping
        Part -> percent, whole and non-negative.
    to : int
        0 to 100.
    """
    others = [part for part in mixture if part != changed]
    before = np.array([mixture[part] for part in others], dtype=object)
    if not before.any():
        before[:1] = 1
    none = np.zeros(len(others), dtype=object)
    after = apportion(WHOLE - to, before[None, :], none, none + WHOLE)[0]
    scaled = dict(zip(others, map(int, after), strict=True)) | {changed: to}
    return {part: scaled[part] for part in mixture}


@cache
def _presets() -> dict[str, Preset]:
    return {
        key: validate(Preset, entry, where=f"{_FILE} [{key}]", error=DatasetError)
        for key, entry in read_toml(_FILE, DatasetError).items()
    }
