"""What is said about the grouping of the indicators, wherever groups are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.citation import called
from layers.plain import plain

if TYPE_CHECKING:
    from layers import Scores
    from layers.catalogue import Layer
    from layers.dataset import Dataset
    from views.i18n import Words

__all__ = ["empty_layers", "grouping", "left_out", "names_left_out", "no_data", "recipe_name"]

#: Characters of a recipe's name together with that of its grouping.
_LONGEST = 400


def recipe_name(scores: Scores, words: Words) -> str:
    """Name of the recipe as plain text, with that of its grouping if it is not the usual one."""
    return plain(words.of(called(scores.recipe, scores.dataset)), _LONGEST)


def grouping(dataset: Dataset, words: Words) -> str:
    """Say how the indicators are grouped; empty for the usual areas."""
    lens = dataset.lenses.get(dataset.lens)
    return words("lens.now", name=words.of(lens.name)) if lens else ""


def left_out(dataset: Dataset, words: Words) -> str:
    """Say how many indicators the lens leaves out; empty if none."""
    count = len(_left_out(dataset))
    if not count:
        return ""
    return words("lens.leaves_out", count=count) if count > 1 else words("lens.leaves_out_one")


def names_left_out(dataset: Dataset, words: Words) -> str:
    """Name the indicators that the lens leaves out; empty if none."""
    known = dataset.plain.catalogue.indicator_by_id
    names = ", ".join(words.of(known[key].name) for key in _left_out(dataset))
    return words("lens.left_out_names", names=names) if names else ""


def empty_layers(dataset: Dataset) -> list[Layer]:
    """Layers below which there is no indicator, so that nothing can be scored."""
    catalogue = dataset.catalogue
    return [one for one in catalogue.layers if not catalogue.below(one.id)]


def no_data(dataset: Dataset, words: Words) -> str:
    """Name the layers for which there are no data; empty if there are some for all."""
    names = ", ".join(words.of(one.name) for one in empty_layers(dataset))
    return words("lens.no_data", names=names) if names else ""


def _left_out(dataset: Dataset) -> tuple[str, ...]:
    lens = dataset.lenses.get(dataset.lens)
    return lens.leaves_out(dataset.plain.catalogue) if lens else ()
