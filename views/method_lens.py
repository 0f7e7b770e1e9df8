"""The section of the method page on groupings: every lens with its areas, from the dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from views.i18n import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.dataset import Dataset
    from layers.lenses import Lens
    from views.i18n import Words

__all__ = ["section"]


def section(dataset: Dataset, words: Words) -> str:
    """Return the section in Markdown; empty for a dataset without lenses."""
    if not dataset.lenses:
        return ""
    told = "\n\n".join(_told(lens, dataset, words) for lens in dataset.lenses.values())
    return prose("method_lens", words.language).format(lenses=told)


def _told(lens: Lens, dataset: Dataset, words: Words) -> str:
    known = dataset.catalogue.indicator_by_id
    left_out = ", ".join(words.of(known[key].name) for key in lens.leaves_out(dataset.catalogue))
    parts = [
        f"### {words.of(lens.name)}",
        f"{words.of(lens.description)} {words('lens.source', source=words.of(lens.source))}",
        "\n".join(_groups(lens, dataset, words)),
        words("lens.left_out_names", names=left_out) if left_out else "",
    ]
    return "\n\n".join(filter(None, parts))


def _groups(lens: Lens, dataset: Dataset, words: Words) -> Iterator[str]:
    """One line for each group: a list, since a table of sentences is too wide for a phone."""
    known, taken = dataset.catalogue.indicator_by_id, lens.taken(dataset.catalogue)
    for group in lens.groups:
        names = ", ".join(words.of(known[key].name) for key in taken[group.id])
        holds = names or f"{words('lens.none_there')} {words.of(group.needs)}"
        told = f"**{words.of(group.name)}.** {words.of(group.rationale)}"
        yield f"- {told} *{words('lens.indicators')}:* {holds}"
