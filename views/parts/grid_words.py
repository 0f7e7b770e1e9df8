"""What the page "Close up" says of an area in words and tables.

All numbers come from `geo.rasters.closeup`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo.rasters.closeup import BOTH, MISSING, PEOPLE, STOP, TOWN, measures, open_surface
from geo.rasters.far_groups import far_groups
from layers.errors import SourceError
from layers.paths import data_folder
from layers.table import names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.rasters.closeup import Closeup, Surface
    from geo.rasters.far_groups import FarGroup
    from layers.dataset import Dataset
    from views.frame import Scene
    from views.i18n import Words

__all__ = [
    "DOTS", "Asked", "answer", "area_name", "area_names", "caption", "class_table", "class_words",
    "description", "group_words", "groups", "next_stop", "next_stop_note", "share_words", "surface",
    "table_data",
]  # fmt: skip

#: Measure -> kind of place that is drawn as dots with it; central places stand there by name.
DOTS = {
    "both": "train", "train": "train", "medium_centre": "", "major_centre": "",
    "station_main": "station_main", "people": "train",
}  # fmt: skip
#: Classes of "both" in the order of their numbers.
_FAR = ("near_both", "far_stop", "far_town", "far_both")
#: Kreise of a Land, or groups of cells of a Kreis, that the first sentences name.
_NAMED = 3
#: People from which a number is told in hundreds.
_MANY = 1_000
#: Km of which the profile of a Kreis tells how many live farther away.
_FIVE, _TEN = 5, 10
_LAND_DIGITS = 2
#: Kreise whose distances are kept; more than there are.
_KREISE = 512
#: Shares below the first have a decimal; those below the second are told as such.
_SMALL, _TINY = 0.1, 0.001


@dataclass(frozen=True)
class Asked:
    """What the widgets of the page say: key of Kreis or Land, its name, what is shown and how."""

    area: str
    name: str
    measure: str
    limit: int
    with_names: bool = True
    with_stops: bool = True


@st.cache_resource(max_entries=1, show_spinner=False)
def _surface(folder: str) -> Surface | None:  # noqa: ARG001 -- the key of the cache
    try:
        return open_surface()
    except SourceError:
        return None


def surface() -> Surface | None:
    """Return the grid beside the data; None where there is none that can be read."""
    return _surface(str(data_folder()))


def area_names(dataset: Dataset, words: Words) -> dict[str, str]:
    """Names of the Länder and Kreise that can be looked at, by key; empty without a grid."""
    found = surface()
    if found is None:
        return {}
    known, regions = found.areas(), dataset.regions
    kreise = regions[regions.index.isin(known)]
    labels = kreise["label"] if "label" in kreise else kreise["name"]
    called = {str(key): str(name) for key, name in labels.sort_values().items()}
    if "land_name" not in kreise or kreise.empty:
        return called
    by_land = kreise.groupby(kreise.index.str[:_LAND_DIGITS])["land_name"].first()
    lands = by_land.sort_values().items()
    return {str(key): words("grid.land", name=name) for key, name in lands} | called


def area_name(key: str, called: dict[str, str], words: Words) -> str:
    """Name an area of a table; the country has no key, and others may not be in the dataset."""
    return called.get(key, key) or words("grid.everywhere")


def answer(asked: Asked, closeup: Closeup, scene: Scene) -> str:
    """Say where people live far from train and town, and how many; then what the picture adds."""
    words, limit = scene.words, asked.limit
    both = closeup.far(limit, STOP, TOWN)
    said = {
        "name": asked.name,
        "people": _about(closeup.people, words),
        "limit": limit,
        "year": closeup.surface.year,
    }
    if both.people:
        sentences = [
            words(
                "grid.answer", **said, both=_about(both.people, words),
                share=share_words(both.share, words),
            ),
            _where(asked, closeup, scene),
        ]  # fmt: skip
    else:
        sentences = [words("grid.answer_none", **said)]
    whole = closeup.surface.country
    sentences.append(words("grid.answer_each", **{
        name: share_words(area.far(limit, kind).share, words)
        for name, area, kind in (
            ("stop", closeup, STOP), ("stop_country", whole, STOP),
            ("town", closeup, TOWN), ("town_country", whole, TOWN),
        )
    }))  # fmt: skip
    if asked.measure != BOTH:
        sentences.append(_measure_words(asked.measure, closeup, words))
    return " ".join(sentences)


def _where(asked: Asked, closeup: Closeup, scene: Scene) -> str:
    words = scene.words
    if closeup.is_kreis:
        return words("grid.answer_groups", groups="; ".join(group_words(asked, closeup, words)))
    table = closeup.kreise(BOTH, asked.limit)
    far = (table["people"] * table["both"] / 100).nlargest(_NAMED)
    called = names(scene.scores)
    told = [
        words("grid.answer_kreis", name=called.get(key, key), count=_about(count, words))
        for key, count in far[far > 0].to_dict().items()
    ]
    return words("grid.answer_kreise", names=", ".join(told))


def groups(asked: Asked, closeup: Closeup) -> list[FarGroup]:
    """Return the largest groups of cells far from train and town, of a Kreis alone."""
    if not closeup.is_kreis:
        return []
    return far_groups(closeup, asked.limit, STOP, TOWN, most=_NAMED)


def group_words(asked: Asked, closeup: Closeup, words: Words) -> list[str]:
    """Say of each of `groups` where it lies and how many live there."""
    return [
        words(
            "grid.group", number=number, count=_about(one.people, words),
            km=words.number(one.km), where=words(f"wind.{one.wind}", place=one.place),
        )
        for number, one in enumerate(groups(asked, closeup), start=1)
    ]  # fmt: skip


def _measure_words(measure: str, closeup: Closeup, words: Words) -> str:
    mine, whole = (one.total(measure) for one in (closeup, closeup.surface.country))
    if measure == PEOPLE:
        return words(
            "grid.measure_people", cells=words.number(mine["cells"]),
            mean=words.number(mine["people_per_cell"]),
            country=words.number(whole["people_per_cell"]),
        )  # fmt: skip
    return words(
        "grid.measure_distance", name=words(f"cells.{measure}"),
        median=words.number(mine["km_median"], 1), country=words.number(whole["km_median"], 1),
    )  # fmt: skip


def caption(asked: Asked, closeup: Closeup, words: Words) -> str:
    """Say what a cell is, of which years all is, and what the picture cannot say."""
    told = words("grid.caption", year=closeup.surface.year, places=_years(asked, words))
    return f"{told} {words('grid.caption_projection')}"


def _years(asked: Asked, words: Words) -> str:
    """Say of which years the places on the picture are."""
    told = []
    if asked.measure in (BOTH, STOP) or (asked.with_stops and DOTS[asked.measure] == STOP):
        told.append(words("grid.year_stop"))
    if asked.measure == "station_main":
        told.append(words("grid.year_station"))
    if asked.with_names or asked.measure in (BOTH, TOWN, "major_centre"):
        told.append(words("grid.year_centre"))
    return " ".join(told)


def class_words(measure: str, code: int, words: Words) -> str:
    """Name a class, by its bounds if it has any."""
    if code == MISSING:
        return words("grid.missing")
    if measure == BOTH:
        return words(f"far.{_FAR[code]}")
    bounds = [words.number(bound) for bound in measures()[measure].bounds]
    low, high = ["", *bounds][code], [*bounds, ""][code]
    if not low:
        told = words("grid.up_to", high=high)
    elif not high:
        told = words("grid.above", low=low)
    else:
        told = words("grid.between", low=low, high=high)
    if measure == PEOPLE:
        return words("grid.unit_people", bounds=told)
    return words("grid.unit_km", bounds=told)


def description(asked: Asked, closeup: Closeup, words: Words) -> str:
    """Say what the picture shows for those who cannot see it."""
    told = ", ".join(
        f"{class_words(asked.measure, one.code, words)}: {share_words(one.share, words)}"
        for one in closeup.classes(asked.measure, asked.limit)
    )
    return words(
        "grid.alt", name=asked.name, measure=words(f"cells.{asked.measure}"), classes=told
    )  # fmt: skip


def class_table(asked: Asked, closeup: Closeup, words: Words) -> pd.DataFrame:
    """Return the classes of the picture: class, people, share (%), cells."""
    rows = [
        {
            "class": class_words(asked.measure, one.code, words), "people": one.people,
            "share": 100 * one.share, "cells": one.cells,
        }
        for one in closeup.classes(asked.measure, asked.limit)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def table_data(asked: Asked, closeup: Closeup) -> pd.DataFrame:
    """Return figures of each Kreis of a Land; of a Kreis beside its Land and the country.

    Returns
    -------
    DataFrame
        Indexed by key of area, empty for the country; columns of `Closeup.kreise`.
    """
    if not closeup.is_kreis:
        return closeup.kreise(asked.measure, asked.limit)
    surface = closeup.surface
    land = surface.closeup(asked.area[:_LAND_DIGITS])
    # Berlin and Hamburg are Kreis and Land in one.
    areas = [closeup, *([land] if len(land.cells) > len(closeup.cells) else []), surface.country]
    return pd.DataFrame({one.area: one.total(asked.measure, asked.limit) for one in areas}).T


def next_stop(region: str, words: Words) -> str:
    """Say how far it is to the next train stop in a Kreis; empty where no grid knows it."""
    found = surface()
    known = None if found is None else _to_stop(str(data_folder()), region)
    if known is None:
        return ""
    mine, whole = known

    def over(row: Mapping[Any, float], limit: int) -> str:
        return words.percent(float(row[f"over_{limit}km"]) / 100)

    return words(
        "grid.profile_words", median=words.number(mine["km_median"], 1),
        country=words.number(whole["km_median"], 1), five=over(mine, _FIVE), ten=over(mine, _TEN),
        five_country=over(whole, _FIVE), ten_country=over(whole, _TEN),
    )  # fmt: skip


@lru_cache(maxsize=_KREISE)
def _to_stop(
    folder: str, region: str  # noqa: ARG001 -- of the grid, which is what the figures rest on
) -> tuple[Mapping[Any, float], Mapping[Any, float]] | None:  # fmt: skip
    """Distances to the next train stop in a Kreis and in the country; the same for everybody."""
    found = surface()
    if found is None or region not in found.areas():
        return None
    mine, whole = found.closeup(region).total(STOP), found.country.total(STOP)
    return mine.to_dict(), whole.to_dict()


def next_stop_note(words: Words) -> str:
    """Say of which years the figures of `next_stop` are; empty where no grid is."""
    found = surface()
    return words("grid.profile_note", year=found.year) if found else ""


def _about(people: float, words: Words) -> str:
    """Write people in hundreds, few of them in tens: cells of 2011 are no exact count of today."""
    step = 100 if people >= _MANY else 10
    return words.number(max(step * round(people / step), min(people, step)))


def share_words(share: float, words: Words) -> str:
    """Write a share, with a decimal where it is small; somebody is never nobody."""
    if 0 < share < _TINY:
        return words("grid.under", share=words.percent(_TINY, 1))
    return words.percent(share, 1 if 0 < round(share, 3) < _SMALL else 0)
