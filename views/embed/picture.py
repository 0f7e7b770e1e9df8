"""The map of an embed: a picture that needs no script, and what a script makes of it.

The paths stand in the page once. Without scripts they are the picture; with scripts the app's map
takes its drawing from them, and its words and numbers from what is told here.
"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo import boundaries, encode
from layers.errors import DatasetError, RecipeError
from layers.shares import percentages
from views import live
from views.figures import doubtful
from views.map_component import OUTSIDE
from views.tips import tips
from views.weight_slider import describe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from layers import Dataset
    from views.embed.matter import Matter
    from views.figures import Figure

__all__ = ["OUTSIDE", "drawing", "fold", "told"]

#: Nominal width of the drawing in pixels, and its smallest bend: legible at fourfold zoom, and
#: light enough for a page that is one file.
_WIDTH, _DETAIL = 620, 1.0
#: Words that the app's map needs.
_TEXTS = ("loading", "error", "retry", "zoom_in", "zoom_out", "zoom_reset", "outside", "hint")
#: Stands for a number in a folded line; texts hold no private characters.
_HOLE = "\ue000"
_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")


def drawing(dataset: Dataset) -> Mapping[str, Any]:
    """Return the drawing of a dataset's regions, coarser than that of the app.

    Raises
    ------
    DatasetError
        If the dataset has no boundaries.
    """
    land = dataset.regions.get("land")
    groups = None if land is None else tuple(land.astype("str").items())
    return _encoded(dataset.path, groups)


@lru_cache(maxsize=4)
def _encoded(folder: Path, groups: tuple[tuple[Any, str], ...] | None) -> Mapping[str, Any]:
    shapes = boundaries.load(folder)
    if shapes is None:
        msg = f"{folder}: there are no boundaries, so no map can be drawn; embed a profile instead."
        raise DatasetError(msg)
    outlines = None if groups is None else pd.Series(dict(groups)).reindex(shapes.index)
    return encode.encode(shapes, outlines_by=outlines, width=_WIDTH, detail=_DETAIL)


def told(
    matter: Matter, shown: Figure, rows: Sequence[str], *, moving: bool
) -> dict[str, Any]:  # fmt: skip
    """Return what the script needs besides the page itself, ready for JSON.

    Parameters
    ----------
    rows : sequence of str
        Regions in the order of the page's table.
    moving : bool
        Whether the reader may move the weights.
    """
    scores, words = matter.scores, matter.words
    document = drawing(scores.dataset)
    ids = [one["id"] for one in document["regions"]]
    known = {key: place for place, key in enumerate(scores.index.index)}
    places = [known[key] for key in ids]
    codes = shown.codes(scores.reason != "outside")
    doubt = doubtful(matter.state, shown, scores, matter.bands)
    lines = tips(matter.state.show, shown, scores, matter.bands, words)
    row_of = {key: row for row, key in enumerate(rows)}
    model = _model(matter, shown, codes, places) if moving else None
    return {
        "ids": ids,
        "version": document["version"],
        "size": [document["width"], document["height"]],
        "hits": [[one["x"], one["y"], one["r"]] for one in document["regions"]],
        "rows": [row_of.get(key, -1) for key in ids],
        "absent": {key: matter.names[key] for key in ids if key not in row_of},
        "cls": [codes[place] for place in places],
        "doubt": None if doubt is None else [int(doubt[place]) for place in places],
        "dim": [int(not scores.selected.iloc[place]) for place in places],
        "tips": fold([lines[place][1:] for place in places]),
        "classes": shown.legend_entries(words),
        "legend": shown.legend,
        "missing": int((shown.values.isna() & (scores.reason != "outside")).sum()),
        "missing_label": words("map.missing"),
        "doubt_label": words("map.doubt_label"),
        "texts": {key: words(f"map.{key}") for key in _TEXTS},
        "live": model,
        "sliders": _sliders(model, matter) if model else [],
        "band_range": words.raw("panel.band_range"),
        "moved": words.raw("embed.moved"),
        "own_weights": words("weights.own"),
        "not_found": words("embed.not_found"),
    }


def fold(rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Write lines of text that differ in their numbers only as forms and numbers.

    Returns
    -------
    dict
        ``forms``, with a hole for each number, and ``rows``: of each row its lines, parted by
        semicolons, each as the place of its form and the numbers, parted by blanks.
    """
    forms: dict[str, int] = {}
    folded = []
    for lines in rows:
        parts = []
        for line in lines:
            form = forms.setdefault(_NUMBER.sub(_HOLE, line), len(forms))
            parts.append(" ".join([str(form), *_NUMBER.findall(line)]))
        folded.append(";".join(parts))
    return {"forms": list(forms), "rows": folded}


def _sliders(model: Mapping[str, Any], matter: Matter) -> list[dict[str, Any]]:
    """Return what each slider is told: a layer that the score is made of, and its weight."""
    words, catalogue = matter.words, matter.scores.dataset.catalogue.layer_by_id
    weights = np.where(model["scored"], model["weights"], 0.0)
    shares = percentages(weights / weights.sum(), 1)
    named = [(key, words.of(catalogue[key].name)) for key in model["layers"]]
    return [
        describe(key, name, value=weight, share=share, words=words) | {"name": name}
        for (key, name), weight, share, scored in zip(
            named, model["weights"], shares, model["scored"], strict=True
        )
        if scored
    ]


def _model(
    matter: Matter, shown: Figure, codes: list[int], places: list[int]
) -> dict[str, Any]:  # fmt: skip
    """Return the app's own model for moving weights, with its tables inside, regions as drawn."""
    # Without doubt no table of ranks is made, which would be too large; the worker finds out.
    state = replace(matter.state, doubt=False)
    model = live.model(state, shown, matter.scores, matter.bands, codes=codes, words=matter.words)
    if model is None:
        allowed = ", ".join(sorted(live.METHODS))
        msg = (
            f"embed: sliders need show = 'score', one of the means {allowed} and no "
            "self-assessment; embed a map."
        )
        raise RecipeError(msg)
    numbers = _table(model["address"]).reshape(2, len(model["layers"]), -1)[:, :, places]
    values, coverage = numbers
    partly = [
        [int(layer), int(row), float(coverage[layer, row])]
        for layer, row in np.argwhere(coverage != 1)
    ]
    return model | {
        "before": [codes[place] for place in places],
        "address": None, "values": _plain(values), "partly": partly,
        "doubt": matter.state.doubt,
        "stream": model["stream"]
        | {"address": None, "numbers": _plain(_table(model["stream"]["address"]))},
    }  # fmt: skip


def _table(address: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    content = live.table(address.rpartition("/")[2])
    if content is None:
        # Kept for the last sixty or so questions: only a flood of others could have driven it out.
        raise DatasetError("embed: the server was too busy to keep its numbers; ask once more.")
    return np.frombuffer(content, dtype="<f8")


def _plain(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers, dtype="<f8").tobytes()).decode()
