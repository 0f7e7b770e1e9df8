"""The page of indicators: all of them as small maps, and each of them in full."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from layers.catalogue import INDEX
from layers.study.reading import spread
from views import store
from views.figures import figure
from views.frame import close_page, open_page
from views.map_component import geometry_url
from views.multiples import MapGroup, SmallMap, encoded, multiples
from views.parts import indicator, lenses

if TYPE_CHECKING:
    from layers.catalogue import Catalogue, Layer
    from layers.dataset import Dataset
    from views.figures import Figure
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["page"]

#: Choices of the two lists that stand for everything.
_ALL = ""
#: Classes of the small maps, the same for all, so that patterns compare.
_CLASSES = 5


def page() -> None:
    """Draw the page."""
    scene = open_page("indicators", _head, own=("ind", "layer", "map"))
    if scene is None:
        return
    _take_up(scene)
    key, layer = _chooser(scene)
    shows: str = st.session_state["ind.map"]
    if key:
        shows = indicator.show(key, scene)
    else:
        _overview(layer, scene)
    close_page(scene, {"ind": key, "layer": layer, "map": shows})


def _head(dataset: Dataset, words: Words) -> None:  # noqa: ARG001 -- as every head is called
    st.title(words("indicators.title"), anchor=False)
    st.markdown(words("indicators.lead"))


def _take_up(scene: Scene) -> None:
    """Set the page's own widgets to what its link says; what is unknown takes its default."""
    session, catalogue = st.session_state, scene.dataset.catalogue
    asked = scene.own.get("ind", _ALL)
    if asked and asked not in catalogue.indicator_by_id:
        st.warning(scene.words("indicators.unknown", asked=asked[:60]))
    known = {
        "ind": {_ALL, *catalogue.indicator_by_id},
        "layer": {_ALL, *catalogue.layer_by_id},
        "map": set(indicator.MAPS),
    }
    for own, allowed in known.items():
        widget = f"ind.{own}"
        # A widget that was not in sight is forgotten by Streamlit, but not by the link.
        if scene.arrived or widget not in session:
            asked = scene.own.get(own, "")
            session[widget] = asked if asked in allowed else min(allowed)


def _chooser(scene: Scene) -> tuple[str, str]:
    """Draw the choice of an indicator or, without one, of a layer."""
    words, catalogue = scene.words, scene.dataset.catalogue
    keys = [_ALL, *catalogue.indicator_by_id]
    session = st.session_state
    with st.container(horizontal=True, vertical_alignment="bottom", key="ind.choice"):
        key: str = st.selectbox(
            words("indicators.choose"), keys, key="ind.ind",
            format_func=lambda one: _name(one, catalogue, words),
        )  # fmt: skip
        layer: str = session["ind.layer"]
        if key:
            _steps(key, keys, words)
            # Kept for the way back to the overview.
            session["ind.layer"] = layer
        else:
            layer = st.selectbox(
                words("indicators.layer"), [_ALL, *_filled(catalogue)], key="ind.layer",
                format_func=lambda one: words.of(catalogue.layer_by_id[one].name)
                if one else words("indicators.all_layers"),
            )  # fmt: skip
    return key, layer


def _steps(key: str, keys: list[str], words: Words) -> None:
    at = keys.index(key)
    ways = {"back": _ALL, "previous": keys[at - 1], "next": keys[(at + 1) % len(keys)]}
    icons = {"back": "grid_view", "previous": "arrow_back", "next": "arrow_forward"}
    for way, target in ways.items():
        st.button(
            words(f"indicators.{way}"), key=f"ind.{way}", icon=f":material/{icons[way]}:",
            on_click=_open, args=(target,),
        )  # fmt: skip


def _open(key: str) -> None:
    st.session_state["ind.ind"] = key


def _name(key: str, catalogue: Catalogue, words: Words) -> str:
    if not key:
        return words("indicators.overview")
    layer = catalogue.layer_by_id[catalogue.layer_of[key]]
    return f"{words.of(layer.name)}: {words.of(catalogue.indicator_by_id[key].name)}"


def _filled(catalogue: Catalogue) -> list[str]:
    """Layers that have indicators of their own, in display order."""
    return [one.id for one in catalogue.layers if one.indicators]


def _overview(layer: str, scene: Scene) -> None:
    words, scores = scene.words, scene.scores
    catalogue = scene.dataset.catalogue
    layers = [catalogue.layer_by_id[one] for one in ([layer] if layer else _filled(catalogue))]
    st.caption(words("indicators.overview_note"))
    if not scores.selected.all():
        count = words.number(int(scores.selected.sum()))
        st.caption(words("indicators.overview_dim", count=count))
    multiples(
        [_group(one, scene) for one in layers],
        ids=list(scores.index.index), dim=[not kept for kept in scores.selected],
        geometry_url=geometry_url(store.drawing()), error=words("indicators.error"),
        key="ind.maps", on_open=_open,
    )  # fmt: skip
    if not layer:
        lenses.missing(scene.dataset, words)
    with st.expander(words("indicators.overview_table")):
        st.dataframe(_table(layers, scene), hide_index=True, alt=words("indicators.overview_alt"))


def _group(layer: Layer, scene: Scene) -> MapGroup:
    title = scene.words.of(layer.name)
    above = scene.dataset.catalogue.layer_by_id.get(layer.parent) if layer.parent != INDEX else None
    if above is not None:
        title = f"{scene.words.of(above.name)} – {title}"
    return {"title": title, "maps": [_small(one.id, scene) for one in layer.indicators]}


def _small(key: str, scene: Scene) -> SmallMap:
    words, one = scene.words, scene.dataset.catalogue.indicator_by_id[key]
    state = replace(
        scene.state, show=f"indicator:{key}", scheme="quantiles", classes=_CLASSES
    )  # fmt: skip
    shown = figure(state, scene.scores, scene.bands, words)
    missing = shown.classes.missing
    return {
        "key": key,
        "title": words.of(one.name),
        "facts": indicator.facts(key, scene),
        "codes": encoded(shown.codes(scene.scores.selected | True)),
        "classes": [
            {"colour": colour, "label": _bounds(low, high, shown, words)}
            for colour, (low, high) in zip(shown.colours, shown.classes.bounds, strict=True)
        ],
        "missing": words("indicators.tiny_missing", count=missing) if missing else "",
    }


def _bounds(low: float, high: float, shown: Figure, words: Words) -> str:
    ends = {"low": shown.write(low, words), "high": shown.write(high, words)}
    return words("indicators.tiny_bounds", **ends) if low < high else ends["high"]


def _table(layers: list[Layer], scene: Scene) -> pd.DataFrame:
    words, scores = scene.words, scene.scores
    rows = []
    for layer in layers:
        for one in layer.indicators:
            found = spread(scores.raw[one.id])
            rows.append(
                {
                    words("panel.layer"): words.of(layer.name),
                    words("panel.indicator"): words.of(one.name),
                    words("panel.unit"): words.of(one.unit),
                    words("panel.year"): str(scores.years[one.id] or ""),
                    words("indicators.lowest_column"): words.number(found.lowest, one.decimals),
                    words("indicators.median"): words.number(found.median, one.decimals),
                    words("indicators.highest_column"): words.number(found.highest, one.decimals),
                    words("data.missing"): found.missing,
                    words("panel.direction"): indicator.direction(one.id, scene),
                    words("weights.contested"): one.contested,
                }
            )
    return pd.DataFrame(rows)
