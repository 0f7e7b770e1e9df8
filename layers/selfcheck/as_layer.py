"""A self-check as a layer of its own, for its region only and only if somebody asks for it.

The field results (0 to 4) become indicators of the fixed scale 0 to 4 in an optional layer. So the
scores of all other regions stay as they are: their weights are shared out among the layers that
they have. This holds for every mean that looks at one region at a time; copeland and bod compare
regions with each other.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from layers.catalogue import Indicator, Layer, Text
from layers.dataset import Source
from layers.errors import SelfCheckError
from layers.extend import extend
from layers.plain import plain
from layers.selfcheck.result import field_results
from layers.selfcheck.statements import LOWEST, TOP, fields
from layers.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.dataset import Dataset
    from layers.score import Scores
    from layers.selfcheck.file import SelfCheck
    from layers.selfcheck.statements import CheckField

__all__ = ["FLAG", "LAYER", "add_to", "is_self_assessed", "self_assessed"]

#: Id of the layer, and how those of its indicators begin.
LAYER = "own_selfcheck"
#: Flag word of its values.
FLAG = "self_assessed"
_TEXTS = Path(__file__).with_suffix(".toml")
_NAMED = 3


def add_to(dataset: Dataset, checks: Iterable[SelfCheck]) -> Dataset:
    """Return the dataset with the results of self-checks as a further layer.

    Parameters
    ----------
    checks : iterable of SelfCheck
        One for each region; fields that nobody answered are left out.

    Raises
    ------
    SelfCheckError
        If a region is unknown (code "unknown_region") or named twice (code "twice"), or nobody
        answered anything (code "no_answer").
    """
    dataset = dataset.plain
    _check(dataset, checks := tuple(checks))
    given = {one.region: one for one in checks}
    results = {key: field_results(one)["mean"] for key, one in given.items()}
    names = ", ".join(_names(dataset, given)[:_NAMED])
    year = max(one.date.year for one in checks if one.date)
    told = _source(names, checks)
    layer: str | Layer = Layer(
        id=LAYER, name=_words("layer"), description=_words("layer_description", names=names),
        optional=True,
    )  # fmt: skip
    for field in fields():
        values = pd.Series({key: mean[field.id] for key, mean in results.items()}).dropna()
        if values.empty:
            continue
        flags = pd.Series(FLAG, index=values.index)
        dataset = extend(
            dataset, _indicator(field), values, told, layer=layer, year=year, flags=flags
        )
        layer = LAYER
    return dataset


def self_assessed(dataset: Dataset) -> tuple[str, ...]:
    """Return the regions with a self-assessment in the dataset, in its order."""
    rows = dataset.values[dataset.values["flag"].astype("str").str.contains(FLAG, regex=False)]
    there = set(rows["region"])
    return tuple(key for key in dataset.regions.index if key in there)


def is_self_assessed(scores: Scores) -> pd.Series:
    """Whether the score of a region contains a self-assessment; by region."""
    weighed = scores.plan.shares()["share_of_index"]
    keys = [
        key for key in scores.flags.columns
        if key.startswith(LAYER) and weighed.get(f"indicator:{key}", 0) > 0
    ]  # fmt: skip
    inside = (scores.flags[keys] != "").any(axis=1) if keys else scores.index.isna() & False
    return inside & scores.index.notna()


def _check(dataset: Dataset, checks: tuple[SelfCheck, ...]) -> None:
    for one in checks:
        if one.region not in dataset.regions.index:
            msg = f"region '{one.region}' is not in {dataset.reference}; keys look like "
            raise SelfCheckError(f"{msg}'{dataset.regions.index[0]}'.", code="unknown_region")
    regions = [one.region for one in checks]
    if twice := {key for key in regions if regions.count(key) > 1}:
        msg = f"self-check: region '{min(twice)}' is named twice; merge its files first."
        raise SelfCheckError(msg, code="twice")
    if not any(rating != "not_ours" for one in checks for rater in one.raters
               for rating in rater.ratings.values()):  # fmt: skip
        msg = "self-check: nobody has answered a statement yet; there is nothing to add."
        raise SelfCheckError(msg, code="no_answer")


def _indicator(field: CheckField) -> Indicator:
    def said(key: str) -> Text:
        words = texts(_TEXTS)[key]
        return Text(
            de=words.de.format(field=field.name.de), en=words.en.format(field=field.name.en)
        )

    return Indicator(
        id=f"{LAYER}_{field.id}", name=said("indicator"), definition=said("definition"),
        unit=_words("unit"), decimals=1, direction="+", rationale=_words("rationale"),
        source=LAYER, source_code=field.id, scale=(LOWEST, TOP),
    )  # fmt: skip


def _source(names: str, checks: tuple[SelfCheck, ...]) -> Source:
    raters = sum(len(one.raters) for one in checks)
    date = max(one.date for one in checks if one.date)
    return Source(
        title=_words("source_title", names=names), publisher=_words("publisher").de,
        licence="not-stated",
        attribution=_words("attribution", names=names, date=date.isoformat()).de,
        edition=date.isoformat(), licence_note=_words("licence_note", raters=raters),
    )  # fmt: skip


def _names(dataset: Dataset, checks: dict[str, SelfCheck]) -> list[str]:
    regions = dataset.regions
    labels = regions["label" if "label" in regions else "name"]
    return [
        f"{plain(one.place)} ({labels[key]})" if one.place else str(labels[key])
        for key, one in checks.items()
    ]


def _words(key: str, /, **values: object) -> Text:
    told = texts(_TEXTS)[key]
    return Text(de=told.de.format(**values), en=told.en.format(**values))
