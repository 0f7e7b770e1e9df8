"""The map page: where conditions are good for these weights, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from geo.classes import COUNTS, SCHEMES
from layers.plain import plain
from layers.robust import KEPT
from layers.table import names
from views import downloads, panel, store
from views.figures import choices, doubtful, figure, name_of
from views.frame import close_page, open_page
from views.lens_words import grouping
from views.live import model
from views.map_component import MapPayload, choropleth, geometry_url
from views.score_table import score_table
from views.search import search
from views.tips import tips

if TYPE_CHECKING:
    from layers import Bands, Scores
    from layers.dataset import Dataset
    from views.figures import Figure
    from views.frame import Scene
    from views.i18n import Words
    from views.state import PageState

__all__ = ["page"]


def page() -> None:
    """Draw the page."""
    scene = open_page("map", _head)
    if scene is None:
        return
    _body(scene)
    close_page(scene)


def _head(dataset: Dataset, words: Words) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.title(words("app.title"), anchor=False, width="content")
        st.markdown(f"**{words('app.subtitle')}**", width="content")
    st.caption(
        words(
            "app.lead", layers=len(dataset.catalogue.sublayers()),
            indicators=len(dataset.catalogue.indicator_by_id),
            regions=len(dataset.regions),
        )
    )  # fmt: skip


def _body(scene: Scene) -> None:
    state, scores, bands, words = scene.state, scene.scores, scene.bands, scene.words
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _figure_controls(scores, words, hatching=bands.counted)
        shown = figure(state, scores, bands, words)
        st.caption(_caption(state, scores, words))
        place = st.container()

    def draw_map() -> None:
        with place:
            _map(state, shown, scores, bands, words)

    # Who arrives wants to see the map; later the browser has moved it before the server is asked,
    # and the table is what is waited for.
    if scene.arrived:
        draw_map()
    with right:
        search(words)
        if state.selected:
            panel.show(state.selected, scores, bands, words)
        st.caption(words("table.hint"))
        score_table(state, shown, scores, bands, words, on_select=_select)
    if not scene.arrived:
        draw_map()
    downloads.show(state, scores, bands, words)


def _map(state: PageState, shown: Figure, scores: Scores, bands: Bands, words: Words) -> None:
    codes = shown.codes(scores.reason != "outside")
    payload = MapPayload(
        geometry_url=geometry_url(store.drawing()),
        ids=list(scores.index.index),
        classes=shown.legend_entries(words),
        cls=codes,
        doubt=doubtful(state, shown, scores, bands),
        dim=[not kept for kept in scores.selected],
        tips=tips(state.show, shown, scores, bands, words),
        selected=state.selected or None,
        title=shown.label,
        description=_description(shown, scores, words),
        legend_title=shown.legend,
        missing_label=words("map.missing"),
        missing_count=int((shown.values.isna() & (scores.reason != "outside")).sum()),
        doubt_label=words("map.doubt_label"),
        texts={
            key: words(f"map.{key}")
            for key in (
                "loading", "error", "retry", "zoom_in", "zoom_out", "zoom_reset", "outside", "hint"
            )
        },
        announce=words("map.announce", what=shown.label, count=int(shown.values.notna().sum())),
        live=model(state, shown, scores, bands, codes=codes, words=words),
    )  # fmt: skip
    choropleth(payload, key="map", on_select=_select)


def _figure_controls(scores: Scores, words: Words, *, hatching: bool) -> None:
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.selectbox(
        words("map.show"), choices(scores), key="show",
        format_func=lambda one: name_of(one, scores, words),
    )  # fmt: skip
    opened = right.popover(
        words("map.settings"), width="stretch", key="map.settings", on_change="rerun"
    )
    if not opened.open:
        return
    with opened:
        st.selectbox(
            words("map.scheme"), SCHEMES, key="scheme",
            format_func=lambda one: words(f"map.{one}"),
        )  # fmt: skip
        st.segmented_control(words("map.classes"), COUNTS, key="classes", required=True)
        st.checkbox(
            words("map.doubt"), key="doubt", disabled=not hatching,
            help=None if hatching else words("map.doubt_too_many", most=words.number(KEPT)),
        )  # fmt: skip


def _caption(state: PageState, scores: Scores, words: Words) -> str:
    years = scores.years[scores.years > 0]
    scope = scores.recipe.reference.set
    parts = [
        plain(words.of(scores.recipe.name))
        if st.session_state["preset"] != "own"
        else words("weights.own"),
        *filter(None, [grouping(scores.dataset, words)]),
        words(f"map.caption_{scope}", of=int(scores.ranks.notna().sum())),
        words(
            "map.caption_bands", draws=words.number(store.DRAWS),
            spread=words(f"map.caption_spread_{state.spread}"),
        ),
        words("map.caption_years", first=int(years.min()), last=int(years.max())),
    ]  # fmt: skip
    if not scores.selected.all() and scope == "all":
        parts.insert(1, words("map.caption_selection", count=int(scores.selected.sum())))
    return " · ".join(parts)


def _description(shown: Figure, scores: Scores, words: Words) -> str:
    values = shown.values.to_numpy(dtype=np.float64, na_value=np.nan)
    known, called = int(np.isfinite(values).sum()), names(scores)

    def listed(order: np.ndarray) -> str:
        rows = order[: min(3, known)].tolist()
        return ", ".join(f"{called.iloc[row]} ({shown.write(values[row], words)})" for row in rows)

    high, low = (listed(np.argsort(one, kind="stable")) for one in (-values, values))
    return words("map.description", what=shown.legend, high=high, low=low)


def _select(region: str | None) -> None:
    st.session_state["selected"] = region
