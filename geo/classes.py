"""Classes of a choropleth map: bounds, members and counts, from finite values only.

Schemes are those of mapclassify (Rey et al., doi:10.5281/zenodo.4023412). A class holds the values
above the bound below it and up to its own upper bound; the lowest class holds the minimum too.
"""

from __future__ import annotations

import tomllib
import warnings
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import mapclassify
import numpy as np
import pandas as pd

from geo.natural_breaks import natural_breaks

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["COUNTS", "SCHEMES", "Classes", "Ramp", "Scheme", "classify", "ramp"]

Scheme = Literal["quantiles", "fisher_jenks", "equal_interval"]
Ramp = Literal["potential", "certainty", "difference"]

SCHEMES: tuple[Scheme, ...] = ("quantiles", "fisher_jenks", "equal_interval")
#: Numbers of classes on offer.
COUNTS = (3, 4, 5, 6, 7)
_RAMPS = Path(__file__).with_name("ramps.toml")
_BOUNDS: dict[Scheme, Callable[[NDArray[np.float64], int], NDArray[np.float64]]] = {
    "quantiles": lambda values, count: mapclassify.Quantiles(values, k=count).bins,
    "fisher_jenks": natural_breaks,
    "equal_interval": lambda values, count: mapclassify.EqualInterval(values, k=count).bins,
}


@dataclass(frozen=True)
class Classes:
    """Classes of one map.

    Attributes
    ----------
    codes : Series of int
        Class of each region, 0 for the lowest; -1 where there is no value.
    bounds : tuple of (float, float)
        Lower and upper bound of each class.
    counts : tuple of int
        Regions per class.
    missing : int
        Regions without a value.
    scheme : Scheme
    """

    codes: pd.Series
    bounds: tuple[tuple[float, float], ...]
    counts: tuple[int, ...]
    missing: int
    scheme: Scheme


def classify(values: pd.Series, scheme: Scheme = "quantiles", count: int = 5) -> Classes:
    """Put values into classes.

    Parameters
    ----------
    values : Series
        One value per region; NaN is its own class.
    scheme : Scheme
        quantiles: equally many regions per class; fisher_jenks: least spread inside the classes;
        equal_interval: equal steps.
    count : int
        Wanted classes; fewer come out where there are fewer different values.
    """
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    found = _classified(numbers.tobytes(), scheme, count)
    return replace(found, codes=pd.Series(found.codes.to_numpy().copy(), index=values.index))


# All pages that show an indicator put the same values into the same classes, whoever asks.
@lru_cache(maxsize=256)
def _classified(content: bytes, scheme: Scheme, count: int) -> Classes:
    """Classes of float64 values, numbered from 0; those of 400 regions take 6 kB."""
    values = np.frombuffer(content)
    known = np.isfinite(values)
    finite = pd.Series(values[known])
    uppers = _uppers(finite, scheme, min(count, finite.nunique()))
    codes = np.full(len(values), -1)
    codes[known] = np.searchsorted(uppers, values[known], side="left")
    lowers = [float(finite.min()), *uppers[:-1]] if len(uppers) else []
    return Classes(
        codes=pd.Series(codes),
        bounds=tuple(zip(map(float, lowers), map(float, uppers), strict=True)),
        counts=tuple(int((codes == one).sum()) for one in range(len(uppers))),
        missing=int((codes == -1).sum()),
        scheme=scheme,
    )


def ramp(name: Ramp, count: int) -> tuple[str, ...]:
    """Colours of `count` classes, light to dark; fewer than three take the ends of three."""
    steps = _ramps()[name][str(max(count, min(COUNTS)))]
    return tuple(steps) if count >= len(steps) else tuple(steps[-count:] if count else ())


def _uppers(finite: pd.Series, scheme: Scheme, count: int) -> np.ndarray:
    if count < 2:  # noqa: PLR2004 -- one value makes one class, none makes none
        return np.unique(finite.to_numpy())
    with warnings.catch_warnings():
        # Equal bounds, and numbers too large for deviations from them, are harmless here.
        warnings.simplefilter("ignore")
        uppers = np.unique(_BOUNDS[scheme](finite.to_numpy(), count))
    # Rounding inside a classifier may leave the top bound a hair below the maximum.
    uppers[-1] = finite.max()
    return uppers


@cache
def _ramps() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_RAMPS.read_text(encoding="utf-8"))
