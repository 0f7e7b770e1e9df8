"""The embed over tiles: what `geo.slippy` draws, with the words of a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo import boundaries, slippy
from layers.errors import DatasetError
from views.embed import table
from views.embed.matter import about, band_words, scope, title_of
from views.figures import figure
from views.map_component import MISSING
from views.tips import tips

if TYPE_CHECKING:
    from views.embed.matter import Matter

__all__ = ["sheet"]

#: Regions without a value, and those that are no part of the question.
_GAP, _BEYOND = "#c9c9c6", "#f1efe9"


def sheet(matter: Matter) -> slippy.Slippy:
    """Describe the slippy map of a view.

    Raises
    ------
    DatasetError
        If the dataset has no boundaries.
    """
    scores, words = matter.scores, matter.words
    shapes = boundaries.load(scores.dataset.path)
    if shapes is None:
        msg = f"{scores.dataset.path}: there are no boundaries, so no map can be drawn."
        raise DatasetError(msg)
    shown = figure(matter.state, scores, matter.bands, words)
    codes = shown.codes(scores.reason != "outside")
    paints = [*shown.colours, _BEYOND, _GAP]  # classes -2 and -1
    regions = list(scores.index.index)
    entries = [(one["colour"], one["label"], one["count"]) for one in shown.legend_entries(words)]
    gaps = codes.count(MISSING)
    missing = [(_GAP, words("map.missing"), gaps)] if gaps else []
    said = about(matter)
    return slippy.Slippy(
        title=title_of(matter, shown), subtitle=" · ".join(scope(matter)), language=words.language,
        shapes=shapes,
        colours={key: paints[code] for key, code in zip(regions, codes, strict=True)},
        tips=dict(zip(
            regions, tips(matter.state.show, shown, scores, matter.bands, words), strict=True
        )),
        legend_title=shown.legend, legend=[*missing, *entries], table_title=words("embed.table"),
        head=table.columns(matter, shown), rows=list(table.rows(matter, shown).values()),
        notes=[band_words(matter), said["citation"], *(one["line"] for one in said["sources"])],
    )  # fmt: skip
