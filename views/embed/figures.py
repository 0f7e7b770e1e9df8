"""Figures of one region, or of two: bars of the layers and the strip of ranks, as plain numbers.

Positions are in percent of a bar's length. Templates draw them; no script is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.certainty.smaa import smaa
from layers.errors import RecipeError
from layers.study.profile import profile
from layers.study.yardsticks import layer_medians
from views.embed.matter import layers_shown
from views.parts.profile_words import base, groups, yardstick_names

if TYPE_CHECKING:
    from views.embed.matter import Matter

__all__ = [
    "Bar", "bars", "check_region", "facts", "pairs", "row_of", "strip", "wins", "yardsticks",
]  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """One layer: the ends of its bar, the marks beside it, and all of it in words.

    Attributes
    ----------
    start, end : float or None
        In percent; None without a value.
    marks : tuple of (float or None)
        Other values on the same scale: medians, or those of the second region.
    cells : tuple of str
        The row of the table that says the same.
    """

    name: str
    value: str
    start: float | None
    end: float | None
    marks: tuple[float | None, ...]
    cells: tuple[str, ...]


def check_region(matter: Matter, region: str) -> None:
    """Refuse a key that no region has.

    Raises
    ------
    RecipeError
        With a key that exists.
    """
    if region not in matter.names.index:
        first = matter.names.index[0]
        raise RecipeError(f"embed: unknown region '{region:.40}'; keys look like '{first}'.")


def yardsticks(matter: Matter, region: str) -> list[str]:
    """Names of the medians that bars are held against, in the order of their marks."""
    called = yardstick_names(region, matter.scores, matter.words)
    table = layer_medians(matter.scores, region, groups(matter.scores))
    return [called[column] for column in called if column in table]


def bars(matter: Matter, region: str) -> list[Bar]:
    """Bars of the layers of one region beside the medians."""
    words = matter.words
    table = layer_medians(matter.scores, region, groups(matter.scores))
    place: dict[Any, float] = profile(matter.scores, region)["percentile"].to_dict()
    found = []
    for key, name in layers_shown(matter).items():
        own, *medians = table.loc[[key]].to_numpy(dtype="float64")[0].tolist()
        percentile = words.percent(place[f"layer:{key}"] / 100)
        numbers = [words.number(value, 1) for value in (own, *medians)]
        found.append(_bar(matter, name, own, medians, [name, *numbers, percentile]))
    return found


def pairs(matter: Matter, one: str, other: str) -> list[Bar]:
    """Bars of the layers of one region, with the other's value as the mark."""
    words, layers = matter.words, matter.scores.layers
    found = []
    for key, name in layers_shown(matter).items():
        mine, theirs = layers.loc[[one, other], key].tolist()
        cells = [name, words.number(mine, 1), words.number(theirs, 1)]
        found.append(_bar(matter, name, mine, [theirs], cells))
    return found


def _bar(
    matter: Matter, name: str, value: float, marks: list[float], cells: list[str]
) -> Bar:  # fmt: skip
    start = _percent(matter, max(base(matter.scores), _ends(matter)[0]))
    return Bar(
        name=name, value=matter.words.number(value, 1), start=start, end=_percent(matter, value),
        marks=tuple(_percent(matter, mark) for mark in marks), cells=tuple(cells),
    )  # fmt: skip


def _ends(matter: Matter) -> tuple[float, float]:
    """Return the ends of the common scale; without fixed ones, those of all layer values."""
    ends = matter.scores.recipe.normalise.ends
    if ends is not None:
        return float(ends[0]), float(ends[1])
    values = matter.scores.layers[list(layers_shown(matter))]
    return float(values.min().min()), float(values.max().max())


def _percent(matter: Matter, value: float) -> float | None:
    low, high = _ends(matter)
    return None if pd.isna(value) else round(100 * (value - low) / (high - low or 1), 2)


def row_of(matter: Matter, region: str) -> dict[str, float]:
    """Return the rank band of a region; NaN where it has none."""
    row: dict[Any, Any] = matter.bands.bands.loc[[region]].astype("float64").to_dict("list")
    return {key: values[0] for key, values in row.items()}


def strip(matter: Matter, region: str) -> dict[str, float] | None:
    """Rank and band of a region on the line of all ranks, in percent; None without a rank."""
    ranks, row = matter.scores.ranks.astype("float64"), row_of(matter, region)
    rank = ranks.loc[[region]].item()
    ends = {"rank": rank, "low": row["rank_p05"], "high": row["rank_p95"]}
    count = int(ranks.notna().sum())
    if count == 1 or pd.isna(list(ends.values())).any():
        return None
    places = {key: round(100 * (end - 1) / (count - 1), 2) for key, end in ends.items()}
    return places | {"count": count}


def wins(matter: Matter, one: str, other: str) -> tuple[float, float] | None:
    """Share of the weightings in which each of two is ahead; None if one has no rank."""
    scores, bands = matter.scores, matter.bands
    if scores.ranks[[one, other]].isna().any():
        return None
    shares = smaa(
        scores, chosen=(one, other), draws=bands.draws, seed=bands.seed, spread=bands.spread,
        central=False,
    ).wins  # fmt: skip
    return shares[other][one], shares[one][other]


def facts(matter: Matter, region: str) -> list[str]:
    """Kind, Land, population and type of a region, as far as the dataset knows them."""
    words, dataset = matter.words, matter.scores.dataset
    row: dict[Any, Any] = dataset.regions.loc[region].to_dict()
    found = []
    if "population" in row:
        found.append(words(
            "panel.facts", kind=row["kind"], land=row["land_name"],
            population=words.number(row["population"]), year=row["population_year"],
            density=words.number(row["density"]),
        ))  # fmt: skip
    if "thuenen_type" in row and "thuenen_type" in dataset.attributes:
        one = dataset.attributes["thuenen_type"]
        found.append(f"{words.of(one.name)}: {words.of(one.values[str(row['thuenen_type'])])}")
        if row["thuenen_shared"]:
            found[-1] += ". " + words("panel.shared", region=row["thuenen_region_name"])
    return found
