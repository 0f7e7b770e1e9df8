"""Maps to print: any view of the map page as a sheet, and the buttons that offer it."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from geo import maps
from layers.errors import DatasetError, RecipeError
from layers.table import names
from views import picture_words as told
from views.figures import doubtful, figure

if TYPE_CHECKING:
    from pathlib import Path

    from layers import Bands, Scores
    from layers.dataset import Dataset
    from views.figures import Figure
    from views.i18n import Words
    from views.picture_words import View
    from views.state import PageState

__all__ = ["ground", "layer_sheet", "offer", "sheet", "small", "small_indicator"]

_grounds: dict[Path, maps.Ground] = {}
_MEDIA_TYPES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}


def ground(dataset: Dataset, *, fineness: float = maps.FINENESS) -> maps.Ground:
    """Shapes of the regions with the borders of the Länder, where regions have one.

    Parameters
    ----------
    fineness : float
        Size of the smallest bend that is kept, in points.

    Raises
    ------
    DatasetError
        If the dataset has no boundaries, or lacks those of a region.
    """
    from geo import boundaries

    frame = boundaries.load(dataset.path)
    if frame is None:
        raise DatasetError(f"{dataset.path}: there are no boundaries, so no map can be drawn.")
    absent = dataset.regions.index.difference(frame.index)
    if len(absent):
        msg = f"{dataset.path}: region {absent[0]} has no boundaries, so no map can be drawn."
        raise DatasetError(msg)
    shapes = frame.geometry.reindex(dataset.regions.index)
    return maps.Ground(shapes, dataset.regions.get("land"), fineness)


def sheet(view: View, shapes: maps.Ground, *, highlight: str = "") -> maps.MapSheet:
    """Return the sheet of a view.

    Parameters
    ----------
    shapes : Ground
        From `ground`; regions in the order of the dataset.
    highlight : str
        Key of a region to outline.
    """
    words, scores, state = view.words, view.scores, view.state
    shown = figure(state, scores, view.bands, words)
    title, subtitle = told.heading(view)
    if highlight:
        subtitle += "; " + words("pictures.highlighted", name=names(scores)[highlight])
    dim = None if scores.selected.all() else [not kept for kept in scores.selected]
    return maps.MapSheet(
        ground=shapes,
        codes=shown.codes(scores.reason != "outside"), classes=_legend(shown, words),
        doubt=doubtful(state, shown, scores, view.bands), dim=dim, highlight=highlight,
        title=title, subtitle=subtitle,
        legend_title=shown.legend, count_title=words("pictures.count"),
        missing_label=words("map.missing"), outside_label=words("pictures.outside_pale"),
        doubt_label=words("map.doubt_label"), note=told.note(view),
        sources=told.attributions(view, told.indicators(view)), footer=told.footer(view),
        description=told.description(shown, scores, words), language=words.language,
    )  # fmt: skip


def layer_sheet(view: View, shapes: maps.Ground, layer: str) -> maps.MultipleSheet:
    """Return small maps of all indicators of a layer.

    Raises
    ------
    RecipeError
        If the layer is unknown, or none of its own indicators has a value.
    """
    words, catalogue = view.words, view.dataset.catalogue
    if layer not in catalogue.layer_by_id:
        raise RecipeError(f"unknown layer '{layer}'; known: {', '.join(catalogue.layer_by_id)}.")
    notes = [one for one in view.about.indicators if one.layer == layer]
    if not notes:
        raise RecipeError(f"layer '{layer}' has no indicator with a value; choose another.")
    called = [words.of(one.name) for one in notes]
    return maps.MultipleSheet(
        maps=[small_indicator(view, shapes, one.id) for one in notes],
        title=words(
            "pictures.layer_title", name=words.of(catalogue.layer_by_id[layer].name)
        ),
        subtitle=words(
            "pictures.layer_note", classes=view.state.classes,
            scheme=words(f"map.{view.state.scheme}"),
        ),
        sources=told.attributions(view, notes), footer=told.footer(view),
        description=words("pictures.layer_description", count=len(called), names=", ".join(called)),
        language=words.language,
    )  # fmt: skip


def small_indicator(view: View, shapes: maps.Ground, indicator: str) -> maps.MapSheet:
    """Return the sheet of an indicator as it stands among others."""
    title = view.words.of(view.dataset.catalogue.indicator_by_id[indicator].name)
    return small(
        view.showing(f"indicator:{indicator}"), shapes, title=title,
        subtitle=told.facts(view, indicator),
    )  # fmt: skip


def small(view: View, shapes: maps.Ground, *, title: str, subtitle: str) -> maps.MapSheet:
    """Return the sheet of a view as it stands among others: with short words."""
    words, scores = view.words, view.scores
    shown = figure(view.state, scores, view.bands, words)
    entries = zip(shown.colours, shown.classes.bounds, shown.classes.counts, strict=True)
    return maps.MapSheet(
        ground=shapes, codes=shown.codes(scores.selected | True),
        classes=[
            maps.LegendClass(colour, _short(low, high, shown, words), count)
            for colour, (low, high), count in entries
        ],
        dim=None if scores.selected.all() else [not kept for kept in scores.selected],
        title=title, subtitle=subtitle, missing_label=words("map.missing"),
        outside_label=words("pictures.outside_pale"),
        description=told.description(shown, scores, words), language=words.language,
    )  # fmt: skip


def _legend(shown: Figure, words: Words) -> list[maps.LegendClass]:
    """Classes of a figure, as maps to print want them."""
    return [maps.LegendClass(**entry) for entry in shown.legend_entries(words)]


def _short(low: float, high: float, shown: Figure, words: Words) -> str:
    ends = {"low": shown.write(low, words), "high": shown.write(high, words)}
    return words("indicators.tiny_bounds", **ends) if low < high else ends["high"]


def offer(state: PageState, scores: Scores, bands: Bands, words: Words) -> None:
    """Offer the map of the page as a picture; it is drawn when asked for."""
    import streamlit as st

    with st.popover(words("pictures.offer")):
        st.caption(words("pictures.offer_note"))
        for kind, media_type in _MEDIA_TYPES.items():
            st.download_button(
                words(f"pictures.{kind}"),
                partial(_drawn, state, scores, bands, words, f".{kind}"),
                f"potenzialatlas_{state.show.replace(':', '_')}.{kind}", media_type,
                key=f"get.picture.{kind}", on_click="ignore", width="stretch",
            )  # fmt: skip


def _drawn(
    state: PageState, scores: Scores, bands: Bands, words: Words, suffix: str
) -> bytes:  # fmt: skip
    today = dt.datetime.now().astimezone().date()
    asked = told.view(state, scores, bands, words, date=today)
    shapes = _shared_ground(scores.dataset)
    return maps.render(sheet(asked, shapes, highlight=state.selected), suffix)


def _shared_ground(dataset: Dataset) -> maps.Ground:
    """Shapes by the folder they come from; what a session adds to a dataset has no shapes."""
    if dataset.path not in _grounds:
        _grounds[dataset.path] = ground(dataset)
    return _grounds[dataset.path]
