"""The reading aid of an indicator: what the numbers say, in sentences.

What is computed comes from `layers.study.reading` and `geo.clusters`; here it gets its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from geo import boundaries, clusters
from layers.errors import DatasetError
from layers.plain import unmarked
from layers.study.reading import contrast, ends, place, spread
from layers.table import names

if TYPE_CHECKING:
    from libpysal.graph import Graph

    from layers import Scores
    from layers.dataset import Source
    from views.figures import Figure
    from views.frame import Scene
    from views.i18n import Words

__all__ = [
    "DIVISIONS", "Patterns", "dating", "licence", "listed", "method", "patterns",
    "sentences", "show",
]  # fmt: skip

#: Columns of the regions table that sentences contrast, if there are such.
DIVISIONS = ("thuenen_type", "land")
#: Moran's I from which neighbours are called alike, strongest first. The words are ours.
_GRADES = ((0.5, "alike_strong"), (0.3, "alike_clear"), (0.1, "alike_some"), (0.0, "alike_hardly"))
#: Beyond this probability a pattern is not told from chance.
_CHANCE = 0.05
#: A group of fewer regions than this is not named, and more groups than this are not listed.
_GROUP, _GROUPS, _NAMES = 3, 3, 4
_PERMUTATIONS, _LOCAL_PERMUTATIONS, _SEED = 999, 9_999, 1


@dataclass(frozen=True)
class Patterns:
    """How the values of an indicator lie in space."""

    overall: clusters.Autocorrelation
    local: pd.DataFrame


@cache
def _neighbours(folder: Path) -> Graph:
    shapes = boundaries.load(folder)
    if shapes is None:
        raise DatasetError(f"{folder}: there are no boundaries, so no neighbours.")
    return clusters.queen(shapes)


def patterns(key: str, scores: Scores) -> Patterns:
    """Spatial patterns of an indicator in the year of the recipe; kept for all sessions."""
    values = scores.raw[key]
    return _patterns(scores.dataset.path, values.to_numpy().tobytes(), values)


# By the values themselves: an indicator that somebody added can have the name of another's.
@st.cache_resource(max_entries=200, show_spinner=False)
def _patterns(
    folder: Path, content: bytes, _values: pd.Series  # noqa: ARG001 -- the cache's key
) -> Patterns:  # fmt: skip
    near = _neighbours(folder)
    return Patterns(
        clusters.autocorrelation(_values, near, permutations=_PERMUTATIONS, seed=_SEED),
        clusters.local(_values, near, permutations=_LOCAL_PERMUTATIONS, seed=_SEED),
    )


def show(key: str, shown: Figure, found: Patterns, scene: Scene) -> None:
    """Draw the reading aid."""
    words, values = scene.words, shown.values
    st.markdown(f"#### {words('indicators.reading')}")
    note = words(
        "indicators.reading_note", regions=int(values.notna().sum()), year=scene.scores.years[key]
    )
    st.caption(note)
    st.markdown("\n".join(f"- {one}" for one in sentences(key, shown, found, scene)))
    st.caption(" ".join([method(words), *_left_out(found, scene)]))


def sentences(key: str, shown: Figure, found: Patterns, scene: Scene) -> list[str]:
    """Say what the numbers say, in Markdown: first of the values, then of their places."""
    told = [*_of_values(key, shown, scene), *_of_space(found, scene)]
    return [one for one in told if one]


def method(words: Words) -> str:
    """How regions among their like were found."""
    return words("indicators.clusters_method", permutations=words.number(_LOCAL_PERMUTATIONS))


def listed(values: pd.Series, shown: Figure, scene: Scene) -> str:
    """Regions at one end with their values; of more that share a value only their number."""
    words = scene.words
    if len(values) > _GROUP:
        value = shown.write(values.iloc[0], words)
        return words("indicators.tied", count=len(values), value=value)
    known = names(scene.scores)
    return ", ".join(f"{known[str(at)]} ({shown.write(one, words)})" for at, one in values.items())


def licence(source: Source, words: Words) -> str:
    """Attribution of a source, its licence, and whether that is confirmed."""
    known = source.licence != "not-stated"
    return words(
        "indicators.source_line", attribution=unmarked(source.attribution).rstrip("."),
        licence=unmarked(source.licence) if known else words("indicators.licence_unknown"),
        status=words(f"sources.{source.licence_status.replace('-', '_')}"),
    )  # fmt: skip


def dating(key: str, scene: Scene) -> str:
    """Year of the values, how many there are, and what is noted on them."""
    words, scores = scene.words, scene.scores
    there = scores.raw[key].notna()
    year, count = scores.years[key], int(there.sum())
    parts = [words("indicators.year_line", year=year, regions=count)]
    if count < len(there):
        parts.append(words("indicators.year_gaps", count=len(there) - count))
    flags = pd.Series([one for text in scores.flags[key] for one in text.split()], dtype="str")
    if len(flags):
        told = ", ".join(
            f"{words(f'flag.{flag}')} ({number})" for flag, number in flags.value_counts().items()
        )
        parts.append(words("indicators.flags_line", flags=told))
    return " ".join(parts)


def _of_values(key: str, shown: Figure, scene: Scene) -> list[str]:
    words, values = scene.words, shown.values
    return [
        *_selected(shown, scene),
        _spread(key, shown, scene),
        *(
            words(f"indicators.{name}", listed=listed(ends(values, highest=high), shown, scene))
            for name, high in (("highest", True), ("lowest", False))
        ),
        *(_contrast(column, shown, scene) for column in DIVISIONS),
    ]


def _spread(key: str, shown: Figure, scene: Scene) -> str:
    words, found = scene.words, spread(shown.values)
    unit = words.of(scene.dataset.catalogue.indicator_by_id[key].unit)
    median = f"{shown.write(found.median, words)} {unit}"
    sentences = [words(
        "indicators.spread", median=median, quarter=shown.write(found.quarter, words),
        three_quarters=shown.write(found.three_quarters, words),
    )]  # fmt: skip
    if np.isfinite(found.ratio):
        sentences.append(words(
            "indicators.ratio", ratio=words.number(found.ratio, 1),
            tenth=shown.write(found.tenth, words), ninetieth=shown.write(found.ninetieth, words),
        ))  # fmt: skip
    return " ".join(sentences)


def _contrast(column: str, shown: Figure, scene: Scene) -> str:
    regions, words = scene.dataset.regions, scene.words
    if column not in regions or column not in scene.dataset.attributes:
        return ""
    found = contrast(shown.values, regions[column])
    if len(found.table) < 2 or not np.isfinite(found.explained):  # noqa: PLR2004 -- two to contrast
        return ""
    attribute = scene.dataset.attributes[column]
    first, last = found.table.index[0], found.table.index[-1]
    return words(
        "indicators.contrast", name=words.of(attribute.name),
        high=words.of(attribute.values[str(first)]), low=words.of(attribute.values[str(last)]),
        high_value=shown.write(found.table["median"].iloc[0], words),
        low_value=shown.write(found.table["median"].iloc[-1], words),
        explained=words.percent(found.explained), by_chance=words.percent(found.by_chance),
    )  # fmt: skip


def _selected(shown: Figure, scene: Scene) -> list[str]:
    """Tell of the selected region, and of the selection, as far as there are such."""
    words, values, sentences = scene.words, shown.values, []
    region, chosen = scene.state.selected, scene.scores.selected
    if region:
        name, at = names(scene.scores)[region], place(values, region)
        sentences.append(
            words("indicators.selected_gap", name=name)
            if at is None
            else words(
                "indicators.selected", name=name, value=shown.write(values[region], words),
                place=at, of=int(values.notna().sum()),
            )
        )  # fmt: skip
    if not chosen.all() and values[chosen].notna().any():
        found = spread(values[chosen])
        quantiles = {
            one: shown.write(getattr(found, one), words)
            for one in ("median", "quarter", "three_quarters")
        }
        sentences.append(words("indicators.selection", count=found.regions, **quantiles))
    return sentences


def _of_space(found: Patterns, scene: Scene) -> list[str]:
    words = scene.words
    if not np.isfinite(found.overall.index):
        return [words("indicators.neighbours_none")]
    return [
        _alike(found.overall, words),
        _groups("high_high", "groups_high", "no_groups_high", found, scene),
        _groups("low_low", "groups_low", "no_groups_low", found, scene),
        _apart(found, scene),
    ]


def _alike(overall: clusters.Autocorrelation, words: Words) -> str:
    grade = next((name for bound, name in _GRADES if overall.index >= bound), "unlike")
    if overall.p > _CHANCE:
        grade = "chance"
    index = words.number(overall.index, 2)
    lines = [
        words("indicators.neighbours", grade=words(f"indicators.{grade}"), index=index),
        words(
            "indicators.neighbours_p", p=words.percent(overall.p, 1),
            permutations=overall.permutations,
        ),
    ]  # fmt: skip
    return " ".join(lines)


def _groups(kind: str, some: str, none: str, found: Patterns, scene: Scene) -> str:
    """Tell where regions lie among their like: the largest groups with their Länder."""
    words, kinds = scene.words, found.local["kind"]
    members = list(kinds.index[kinds == kind])
    if not members:
        return words(f"indicators.{none}")
    groups = clusters.join(members, _neighbours(scene.dataset.path))
    named = [one for one in groups[:_GROUPS] if len(one) >= _GROUP]
    if named == [sorted(members)]:
        text = words("indicators.group_together", places=_places(members, scene))
        return words(f"indicators.{some}", count=len(members), groups=text)
    told = [words("indicators.group", count=len(one), places=_places(one, scene)) for one in named]
    if rest := [one for group in groups[len(named) :] for one in group]:
        told.append(words("indicators.group_rest", names=_some(rest, scene)))
    return words(f"indicators.{some}", count=len(members), groups="; ".join(told))


def _places(members: list[str], scene: Scene) -> str:
    """Länder of a group with the number of its regions there; names where there are no Länder."""
    if "land" not in scene.dataset.attributes:
        return _some(members, scene)
    land = scene.dataset.attributes["land"].values
    counts = scene.dataset.regions.loc[members, "land"].value_counts()
    named = {scene.words.of(land[str(key)]): number for key, number in counts.items()}
    if len(named) == 1:
        return next(iter(named))
    return ", ".join(f"{name} ({number})" for name, number in named.items())


def _apart(found: Patterns, scene: Scene) -> str:
    kinds = found.local["kind"]
    parts = [
        scene.words(f"indicators.{text}", names=_some(list(members), scene))
        for text, kind in (("apart_high", "high_low"), ("apart_low", "low_high"))
        if len(members := kinds.index[kinds == kind])
    ]
    return scene.words("indicators.apart", listed=", ".join(parts)) if parts else ""


def _some(members: list[str], scene: Scene) -> str:
    known = names(scene.scores)
    listed = ", ".join(known[one] for one in members[:_NAMES])
    if len(members) <= _NAMES:
        return listed
    return scene.words("indicators.and_more", names=listed, count=len(members) - _NAMES)


def _left_out(found: Patterns, scene: Scene) -> list[str]:
    words, gaps = scene.words, int((found.local["kind"] == "gap").sum())
    alone = list(found.overall.alone)
    return [
        *([words("indicators.clusters_gaps", count=gaps)] if gaps else []),
        *([words("indicators.clusters_alone", names=_some(alone, scene))] if alone else []),
    ]
