"""How a score that contains a self-assessment is marked wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.extend import is_extended
from layers.selfcheck.as_layer import is_self_assessed
from layers.table import names

if TYPE_CHECKING:
    import pandas as pd

    from layers import Scores
    from views.i18n import Words

__all__ = ["mark_words", "marked_names"]

#: Stands behind the name of a region whose score contains a self-assessment.
_MARK = " †"


def marked_names(scores: Scores) -> pd.Series:
    """Return the names of the regions, marked where the score contains a self-assessment."""
    called = names(scores)
    if not is_extended(scores.dataset.version):
        return called
    return called.where(~is_self_assessed(scores), called + _MARK)


def mark_words(scores: Scores, words: Words) -> str:
    """Say what the mark means and whom it concerns; empty if nobody bears it."""
    if not is_extended(scores.dataset.version):
        return ""
    marked = names(scores)[is_self_assessed(scores)]
    return words("selfcheck.mark", names=", ".join(marked)) if len(marked) else ""
