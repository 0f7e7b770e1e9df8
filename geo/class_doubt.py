"""What the cut of the classes decides: the same values under other schemes and numbers of classes.

A choropleth map shows classes, and where they are cut is a choice like any other. Here all maps
that the app offers are drawn at once, and it is counted what stays the same on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import pandas as pd

from geo.classes import COUNTS, SCHEMES, Scheme, classify
from layers.errors import PotenzialatlasError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ClassDoubt", "class_doubt"]


@dataclass(frozen=True)
class ClassDoubt:
    """The same values on many maps.

    Attributes
    ----------
    maps : DataFrame
        One row per map: ``scheme``, ``count`` of classes wanted, ``made`` (classes that came out),
        ``highest`` (regions in the highest class), ``moved`` (regions in another class than on
        the map of the chosen scheme with as many classes).
    always, sometimes : tuple of str
        Regions in the highest class on all maps, and on some but not all of them.
    chosen : Scheme
    """

    maps: pd.DataFrame
    always: tuple[str, ...]
    sometimes: tuple[str, ...]
    chosen: Scheme

    def moved(self, scheme: Scheme, count: int) -> int:
        """Regions that another scheme with so many classes puts into another class."""
        there = (self.maps["scheme"] == scheme) & (self.maps["count"] == count)
        return int(self.maps.loc[there, "moved"].iloc[0])


def class_doubt(
    values: pd.Series, chosen: Scheme = "quantiles", *, schemes: Sequence[Scheme] = SCHEMES,
    counts: Sequence[int] = COUNTS,
) -> ClassDoubt:  # fmt: skip
    """Classify values under every scheme and number of classes.

    Parameters
    ----------
    values : Series
        One value per region; regions without one are in no class and count nowhere.
    chosen : Scheme
        The scheme against which moves are counted; one of `schemes`.
    """
    if chosen not in schemes:
        msg = f"class doubt: '{chosen}' is not among the schemes ({', '.join(schemes)})."
        raise PotenzialatlasError(msg)
    made = {pair: classify(values, *pair) for pair in product(schemes, counts)}
    rows = [
        {
            "scheme": scheme, "count": count, "made": len(one.bounds),
            "highest": one.counts[-1] if one.counts else 0,
            "moved": int((one.codes != made[chosen, count].codes).sum()),
        }
        for (scheme, count), one in made.items()
    ]  # fmt: skip
    highest = pd.DataFrame({
        pair: (one.codes == len(one.bounds) - 1) & (one.codes >= 0) for pair, one in made.items()
    })  # fmt: skip
    always, ever = highest.all(axis=1), highest.any(axis=1)
    return ClassDoubt(
        maps=pd.DataFrame(rows),
        always=tuple(values.index[always]), sometimes=tuple(values.index[ever & ~always]),
        chosen=chosen,
    )  # fmt: skip
