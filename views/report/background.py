"""What the reports of all regions share, computed once: ranks under other weights, series, map.

A `Background` holds plain frames and strings, so that it can be handed to other processes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from geo import boundaries, encode
from geo.neighbours import neighbours
from layers.certainty.emphasis import emphasised
from layers.certainty.leave_out import leave_out
from layers.errors import PotenzialatlasError
from layers.provenance import provenance
from layers.score import rank
from layers.table import scored_indicators
from views.i18n import words as words_of
from views.report.figures import strokes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import geopandas as gpd

    from layers import Bands, Scores
    from layers.dataset import Dataset
    from layers.provenance import Provenance
    from views.i18n import Language, Words

__all__ = ["Background", "Locator", "background", "telling"]

#: Fewest years of data for a time line, and the most time lines.
_YEARS, _LINES = 8, 7
#: Nominal width of the locator map in pixels, for the outlines and for the one region.
_COARSE, _FINE = 200, 600


@dataclass(frozen=True)
class Locator:
    """Paths of the small map, in units of `width` x `height`.

    Attributes
    ----------
    outlines : dict of str
        Land (or ``""``, where regions have none) -> path, in units that are `scale` times larger.
    regions : dict
        Region -> path, centre and radius of the largest circle in it.
    """

    width: int
    height: int
    scale: float
    outlines: dict[str, str]
    regions: dict[str, encode.EncodedRegion]


@dataclass(frozen=True)
class Background:
    """What all reports of one run share.

    Attributes
    ----------
    date : date, optional
        Day of the report.
    places : DataFrame
        Regions x scored indicators: rank, 1 the best; missing where there is no value.
    without, doubled : DataFrame
        Regions x ``layer:ID`` (`without` also ``indicator:ID``): rank if it is left out, or counts
        double; without columns if the recipe allows no such run.
    order : list of str
        Regions with a rank, the best first.
    lines : dict of Dataset
        Indicator of a time line -> the dataset with its values only, which is quick to search.
    borders : dict
        Region -> its neighbours, the longest common border first; empty without boundaries.
    ends : (float, float)
        Ends of the common scale, widened to hold all values.
    strokes : dict of str
        Layer or ``index`` -> path of the strokes behind its bar, one per region.
    """

    scores: Scores
    bands: Bands
    words: Words
    about: Provenance
    date: dt.date | None
    places: pd.DataFrame
    without: pd.DataFrame
    doubled: pd.DataFrame
    order: list[str]
    lines: dict[str, Dataset]
    borders: dict[str, list[str]]
    locator: Locator | None
    ends: tuple[float, float]
    strokes: dict[str, str]


def background(
    scores: Scores, bands: Bands, language: Language, *, date: dt.date | None = None,
    regions: Iterable[str] | None = None,
) -> Background:  # fmt: skip
    """Compute what the reports of `regions` (all if None) share."""
    dataset = scores.dataset
    shapes = boundaries.load(dataset.path)
    wanted = list(dataset.regions.index if regions is None else regions)
    without, doubled = _other_weights(scores)
    keys = scored_indicators(scores)
    values = scores.layers.assign(index=scores.index)
    ends = _ends(scores, values)
    return Background(
        scores=scores, bands=bands, words=words_of(language), about=provenance(scores, bands),
        date=date, places=scores.normalised[keys].apply(rank), without=without, doubled=doubled,
        order=[str(key) for key in scores.ranks.dropna().sort_values(kind="stable").index],
        lines={key: _only(dataset, key) for key in telling(scores)},
        borders=_borders(shapes, wanted), locator=_locator(shapes, dataset, wanted), ends=ends,
        strokes={str(key): strokes(values[key].dropna(), ends) for key in values},
    )  # fmt: skip


def telling(scores: Scores) -> list[str]:
    """Choose the indicators of the time lines: of each layer the first scored one with long data.

    Long is eight years or more. They are the same for all regions, so that two reports can be laid
    side by side.
    """
    values = scores.dataset.values
    years = values[values["value"].notna()].groupby("indicator", observed=True)["year"].nunique()
    first: dict[str, str] = {}
    for key in scored_indicators(scores):
        if years.get(key, 0) >= _YEARS:
            first.setdefault(scores.dataset.catalogue.layer_of[key], key)
    return list(first.values())[:_LINES]


def _ends(scores: Scores, values: pd.DataFrame) -> tuple[float, float]:
    named = scores.recipe.normalise.ends or ()
    low, high = values.min().min(), values.max().max()
    return min([float(low), *named]), max([float(high), *named])


def _only(dataset: Dataset, key: str) -> Dataset:
    return replace(dataset, values=dataset.values[dataset.values["indicator"] == key])


def _other_weights(scores: Scores) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ranks without each layer and indicator, and with each layer counted double."""
    try:
        runs = [leave_out(scores.dataset, scores.recipe, kind) for kind in ("layer", "indicator")]
        return pd.concat([run.ranks for run in runs], axis=1), emphasised(scores)
    except PotenzialatlasError:
        # Some recipes cannot be varied; the report then says so.
        none = pd.DataFrame(index=scores.index.index)
        return none, none


def _borders(shapes: gpd.GeoDataFrame | None, regions: Iterable[str]) -> dict[str, list[str]]:
    if shapes is None:
        return {}
    return {
        key: [str(one) for one in neighbours(shapes, key).index]
        for key in regions
        if key in shapes.index
    }


def _locator(
    shapes: gpd.GeoDataFrame | None, dataset: Dataset, regions: Iterable[str]
) -> Locator | None:
    if shapes is None:
        return None
    fine = encode.encode(shapes, outlines_by=None, width=_FINE)
    known = set(regions)
    lands = "" if "land" not in dataset.regions else dataset.regions["land"].reindex(shapes.index)
    coarse = shapes.assign(land=lands).dissolve("land")
    drawn = encode.encode(coarse, outlines_by=None, width=_COARSE)
    return Locator(
        width=fine["width"], height=fine["height"], scale=fine["width"] / drawn["width"],
        outlines={one["id"]: one["d"] for one in drawn["regions"]},
        regions={one["id"]: one for one in fine["regions"] if one["id"] in known},
    )  # fmt: skip
