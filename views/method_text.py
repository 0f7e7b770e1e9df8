"""The text of the method page, put together from its sections and the dataset at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.kinds import missing
from layers.recipe import Kinds
from views import method_grid, method_lens, method_strain
from views.i18n import prose

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from views.i18n import Words

__all__ = ["method_text"]


def method_text(dataset: Dataset, words: Words) -> str:
    """Return the whole text in Markdown, its headings from the second level on."""
    return prose("method", words.language).format(
        reference=dataset.reference,
        gebietsstand=dataset.gebietsstand,
        grid=method_grid.section(words),
        group=prose("method_group", words.language),
        distribution=prose("method_distribution", words.language),
        lenses=method_lens.section(dataset, words),
        kinds="" if missing(dataset, Kinds()) else prose("method_kinds", words.language),
        strain=method_strain.section(dataset, words),
        selfcheck=prose("method_selfcheck", words.language),
    )
