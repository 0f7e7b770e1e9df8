"""What the profile of a region says in words, for its page and for the printed report alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.kinds import PLACE
from layers.study.yardsticks import ALL
from layers.table import names
from views.lens_words import recipe_name

if TYPE_CHECKING:
    from layers import Bands, Scores
    from layers.catalogue import Indicator
    from views.i18n import Words

__all__ = [
    "base", "flag_words", "groups", "indicator_words", "moved_words", "place", "rank_words",
    "value_words", "yardstick_names",
]  # fmt: skip

#: Attribute columns whose medians a region is held against -> their words.
_GROUPS = {"land": "median_land", "thuenen_type": "median_thuenen_type"}
#: The same where there is room for one more: on the page, not on paper and not in embeds.
_WITH_KINDS = _GROUPS | {PLACE: f"median_{PLACE}"}
#: Spread of the weightings -> its words.
_SPREADS = {None: "spread_all", 0.5: "spread_half", 0.25: "spread_quarter"}


def place(rank: Any, words: Words) -> str:
    """Write a rank; averaged ties have a half."""
    if pd.isna(rank):
        return words.number(None)
    return words.number(float(rank), 0 if float(rank).is_integer() else 1)


def rank_words(region: str, scores: Scores, bands: Bands, words: Words) -> tuple[str, str]:
    """Say the rank, its band and the share in the best quarter in one sentence.

    Returns
    -------
    (str, str)
        The sentence, with ``**`` around what matters, and what the band is drawn from; that is
        empty if there is no band.
    """
    row: dict[Any, Any] = bands.bands.loc[region].to_dict()
    said = {
        "recipe": recipe_name(scores, words),
        "name": names(scores)[region],
        "rank": place(scores.ranks[region], words),
        "of": words.number(int(scores.ranks.notna().sum())),
        "spread": words(f"profile.{_SPREADS[bands.spread]}"),
    }
    if pd.isna(row["rank_p05"]):
        return words("profile.rank_alone", **said), ""
    sentence = words(
        "profile.rank", **said, low=int(row["rank_p05"]), high=int(row["rank_p95"]),
        share=words.percent(float(row["top_quarter"])), top=bands.top,
    )  # fmt: skip
    told = words("profile.draws", draws=words.number(bands.draws))
    if row["ranked"] < 1:
        told += " " + words("profile.partly", share=words.percent(1 - float(row["ranked"]), 1))
    return sentence, told


def groups(scores: Scores, *, kinds: bool = False) -> list[str]:
    """Attribute columns that the dataset has and that a region is held against.

    Parameters
    ----------
    kinds : bool
        Whether the computed kind of place is one of them.
    """
    known = _WITH_KINDS if kinds else _GROUPS
    return [column for column in known if column in scores.dataset.attributes]


def yardstick_names(
    region: str, scores: Scores, words: Words, *, kinds: bool = False
) -> dict[str, str]:
    """Names of the yardsticks: all regions, and each of the `groups` with its size."""
    dataset = scores.dataset
    compared = scores.index.notna()
    called = {ALL: words("profile.median_all", count=words.number(int(compared.sum())))}
    for column in groups(scores, kinds=kinds):
        own = dataset.regions.loc[region, column]
        label = dataset.attributes[column].values.get(str(own))
        inside = (dataset.regions[column] == own).fillna(value=False) & compared
        called[column] = words(
            f"profile.{_WITH_KINDS[column]}", name=words.of(label) if label else str(own),
            count=words.number(int(inside.sum())),
        )  # fmt: skip
    return called


def base(scores: Scores) -> float:
    """Where bars on the common scale begin."""
    ends = scores.recipe.normalise.ends
    return float(ends[0]) if ends else 0.0


def indicator_words(one: Indicator, words: Words) -> str:
    """Name of an indicator, marked if its direction is contested."""
    label = words.of(one.name)
    return words("profile.contested", name=label) if one.contested else label


def value_words(region: str, key: str, scores: Scores, words: Words) -> str:
    """Write a raw value with its unit."""
    one, value = scores.dataset.catalogue.indicator_by_id[key], float(scores.raw[key][region])
    if words.of(one.unit) == "%":
        return words.percent(value / 100, one.decimals)
    return f"{words.number(value, one.decimals)} {words.of(one.unit)}"


def flag_words(flags: str, words: Words) -> str:
    """Say the flags of a value."""
    return ", ".join(words(f"flag.{flag}") for flag in flags.split())


def moved_words(change: float, words: Words) -> str:
    """Say how many places a region falls (above 0) or rises."""
    way = "worse" if change > 0 else "improved"
    return words(f"profile.{way}", count=place(abs(change), words))
