"""One set of classes for several maps, so that a colour means the same on each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.classes import Classes, Scheme, classify

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["classify_together"]


def classify_together(
    maps: Mapping[str, pd.Series], scheme: Scheme = "quantiles", count: int = 5
) -> dict[str, Classes]:
    """Put the values of several maps into classes with the same bounds.

    Bounds come from all values of all maps together (`geo.classes.classify`), so that with
    quantiles the classes are equally full over all maps, not on each of them.

    Parameters
    ----------
    maps : mapping
        Name -> one value per region; NaN is its own class.

    Returns
    -------
    dict of Classes
        Per map its codes, counts and gaps; `bounds` are the same on all.
    """
    pooled = pd.concat({name: one.astype("float64") for name, one in maps.items()})
    found = classify(pooled, scheme, count)
    return {name: _part(found, found.codes.loc[name]) for name in maps}


def _part(found: Classes, codes: pd.Series) -> Classes:
    return Classes(
        codes=codes, bounds=found.bounds,
        counts=tuple(int((codes == one).sum()) for one in range(len(found.bounds))),
        missing=int((codes == -1).sum()), scheme=found.scheme,
    )  # fmt: skip
