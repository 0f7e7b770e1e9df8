"""The part of the method page on services under strain: which measures stand for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.study.strain import standing
from views.i18n import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.dataset import Dataset
    from layers.study.strain import Standing
    from views.i18n import Words

__all__ = ["section"]


def section(dataset: Dataset, words: Words) -> str:
    """Return the section in Markdown; empty for a dataset without such data."""
    found = standing(dataset)
    if not found.services:
        return ""
    return prose("method_strain", words.language).format(
        measures="\n".join(_measures(found, dataset, words))
    )


def _measures(found: Standing, dataset: Dataset, words: Words) -> Iterator[str]:
    """One line for each service: a list, since such a table is too wide for a phone."""

    def named(keys: Iterator[str]) -> str:
        known = dataset.catalogue.indicator_by_id
        return ", ".join(f"{words.of(known[key].name)} ({found.years[key]})" for key in keys)

    for one in found.services:
        supply = named(measure.indicator for measure in one.supply)
        arrived = named(iter(one.newcomers))
        yield (
            f"- **{words.of(one.name)}.** *{words('strain.method_supply')}:* {supply}. "
            f"*{words('strain.method_newcomers')}:* {arrived}."
        )
