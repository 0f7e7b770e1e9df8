"""One indicator in full: its map, what it means, how to read it, its distribution and course."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from geo.classes import COUNTS, SCHEMES
from layers.study.reading import ends
from layers.table import names
from layers.weigh import plan
from views import store
from views.charts import indicators as indicator_charts
from views.figures import figure
from views.map_component import MISSING, MapClass, MapPayload, choropleth, geometry_url
from views.parts import indicator_tables, reading_aid

if TYPE_CHECKING:
    import pandas as pd

    from views.figures import Figure
    from views.frame import Scene

__all__ = ["MAPS", "cluster_colours", "direction", "facts", "show"]

#: What the map can show, as the link says it: the values, or how they cluster.
MAPS = ("", "clusters")
_MAP_NAMES = {"": "map_values", "clusters": "map_clusters"}
#: Kinds of a region among its neighbours that have a colour, lowest class first; warm for low
#: values, cold for high ones, and the two that stand out paler. Told apart by colour-blind readers.
_COLOURS = {
    "none": "",
    "low_low": "#b35806",
    "low_high": "#eeb064",
    "high_low": "#6898ca",
    "high_high": "#253494",
}
#: Most regions are of no kind: near the paper of either theme, or they would outshine the rest.
_PALE = {"light": "#dcd9d2", "dark": "#50575d"}
_SIGNS = {1: "more", -1: "less"}


def cluster_colours() -> dict[str, tuple[str, ...]]:
    """Colours of the kinds of a region among its neighbours, and of none, by theme."""
    kinds = tuple(filter(None, _COLOURS.values()))
    return {theme: (*kinds, pale) for theme, pale in _PALE.items()}


def direction(key: str, scene: Scene, sign: int | None = None) -> str:
    """Whether more or less is better, in words; by the recipe unless `sign` is given."""
    sign = scene.scores.plan.directions[key] if sign is None else sign
    return scene.words(f"weights.{_SIGNS[sign]}") if sign else scene.words("indicators.unscored")


def facts(key: str, scene: Scene) -> str:
    """Say unit, year, direction and whether that is contested, in one line."""
    words, one = scene.words, scene.dataset.catalogue.indicator_by_id[key]
    year = scene.scores.years[key]
    if not year:
        return words("indicators.no_values_small")
    contested = f" ({words('weights.contested')})" if one.contested else ""
    return f"{words.of(one.unit)}, {year} · {direction(key, scene)}{contested}"


def show(key: str, scene: Scene) -> str:
    """Draw the indicator `key`; returns which map is shown, one of `MAPS`."""
    words, one = scene.words, scene.dataset.catalogue.indicator_by_id[key]
    st.header(words.of(one.name), anchor=False)
    st.caption(facts(key, scene))
    if not scene.scores.years[key]:
        st.info(words("indicators.no_values"))
        return str(st.session_state["ind.map"])
    shown = figure(replace(scene.state, show=f"indicator:{key}"), scene.scores, scene.bands, words)
    with st.spinner(words("map.loading"), show_time=False):
        patterns = reading_aid.patterns(key, scene.scores)
    left, right = st.columns([1, 1], gap="large")
    with left:
        chosen = _map(key, shown, patterns, scene)
        indicator_charts.distribution(key, shown, scene)
    with right:
        _about(key, scene)
        reading_aid.show(key, shown, patterns, scene)
    indicator_charts.years(key, shown, scene)
    indicator_tables.show(key, shown, patterns, scene)
    return chosen


def _map(key: str, shown: Figure, patterns: reading_aid.Patterns, scene: Scene) -> str:
    words = scene.words
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            words("indicators.map_shows"), MAPS, key="ind.map", required=True,
            format_func=lambda one: words(f"indicators.{_MAP_NAMES[one]}"),
        )  # fmt: skip
        if not chosen:
            _classes(scene)
    known = names(scene.scores).to_dict()
    st.selectbox(
        words("filters.search"), list(known), key="selected", index=None,
        format_func=lambda one: known[one], placeholder=words("filters.search_hint"),
    )  # fmt: skip
    payload = _clusters(key, patterns, scene) if chosen else _values(key, shown, patterns, scene)
    choropleth(payload, key="ind.sheet", on_select=_select)
    if chosen:
        st.caption(words("indicators.map_note_clusters"))
    else:
        scheme = words(f"map.{scene.state.scheme}")
        st.caption(words("indicators.map_note_values", scheme=scheme))
    return str(chosen or "")


def _classes(scene: Scene) -> None:
    words = scene.words
    with st.popover(words("map.settings")):
        st.selectbox(
            words("map.scheme"), SCHEMES, key="scheme",
            format_func=lambda one: words(f"map.{one}"),
        )  # fmt: skip
        st.segmented_control(words("map.classes"), COUNTS, key="classes", required=True)


def _select(region: str | None) -> None:
    st.session_state["selected"] = region


def _values(
    key: str, shown: Figure, patterns: reading_aid.Patterns, scene: Scene
) -> MapPayload:  # fmt: skip
    words = scene.words
    listed = {
        end: reading_aid.listed(ends(shown.values, highest=end == "high"), shown, scene)
        for end in ("high", "low")
    }
    return _payload(
        key, patterns, scene, shown=shown, title=words("indicators.map_values"),
        classes=shown.legend_entries(words), codes=shown.codes(scene.scores.selected | True),
        legend=shown.legend,
        description=words("indicators.values_description", what=shown.legend, **listed),
    )  # fmt: skip


def _clusters(key: str, patterns: reading_aid.Patterns, scene: Scene) -> MapPayload:
    words, kinds = scene.words, patterns.local["kind"]
    counts = kinds.value_counts()
    # A kind that no region has would only lengthen the legend.
    there = [kind for kind in _COLOURS if counts.get(kind, 0)]
    classes: list[MapClass] = [
        {
            "colour": _COLOURS[kind] or _PALE[st.context.theme.type or "light"],
            "label": words(f"indicators.{kind}"),
            "count": int(counts[kind]),
        }
        for kind in there
    ]
    codes = {kind: code for code, kind in enumerate(there)}
    name = words.of(scene.dataset.catalogue.indicator_by_id[key].name)
    state = replace(scene.state, show=f"indicator:{key}")
    return _payload(
        key, patterns, scene, shown=figure(state, scene.scores, scene.bands, words),
        title=words("indicators.map_clusters"),
        classes=classes, codes=[codes.get(kind, MISSING) for kind in kinds],
        legend=words("indicators.clusters_legend", name=name),
        description=words(
            "indicators.clusters_description", name=name, high=int(counts.get("high_high", 0)),
            low=int(counts.get("low_low", 0)),
        ),
    )  # fmt: skip


def _payload(
    key: str, patterns: reading_aid.Patterns, scene: Scene, *, shown: Figure, title: str,
    classes: list[MapClass], codes: list[int], legend: str, description: str,
) -> MapPayload:  # fmt: skip
    words, scores = scene.words, scene.scores
    texts = ("loading", "error", "retry", "zoom_in", "zoom_out", "zoom_reset", "outside", "hint")
    return MapPayload(
        geometry_url=geometry_url(store.drawing()),
        ids=list(scores.index.index), classes=classes, cls=codes, doubt=None,
        dim=[not kept for kept in scores.selected],
        tips=_tips(key, shown, patterns.local["kind"], scene),
        selected=scene.state.selected or None, title=title, description=description,
        legend_title=legend, missing_label=words("map.missing"),
        missing_count=codes.count(MISSING), doubt_label="",
        texts={one: words(f"map.{one}") for one in texts},
        announce=words("indicators.map_announce", what=legend),
    )  # fmt: skip


def _tips(key: str, shown: Figure, kinds: pd.Series, scene: Scene) -> list[list[str]]:
    """Name, value with its notes, and what the region is among its neighbours."""
    words, one = scene.words, scene.dataset.catalogue.indicator_by_id[key]
    flags, year = scene.scores.flags[key], scene.scores.years[key]
    lines = []
    for name, value, flag, kind in zip(
        names(scene.scores), shown.values, flags, kinds, strict=True
    ):
        notes = [words(f"flag.{word}") for word in flag.split()]
        told = f"{shown.write(value, words)} {words.of(one.unit)} ({year})"
        if kind == "gap":
            told = words("indicators.gap")
        among = words(f"indicators.{kind}") if kind not in {"gap", "none"} else ""
        lines.append([name, *filter(None, (told, among, ", ".join(notes)))])
    return lines


def _about(key: str, scene: Scene) -> None:
    """Definition, direction with its reason, source, years and notes on the values."""
    words, one = scene.words, scene.dataset.catalogue.indicator_by_id[key]
    source = scene.dataset.source_of(key, int(scene.scores.years[key]))
    st.markdown(f"**{words('indicators.definition')}.** {words.of(one.definition)} "
                f"{words('indicators.unit', unit=words.of(one.unit))}")  # fmt: skip
    parts = [words("indicators.direction_is", direction=direction(key, scene))]
    usual = plan(scene.dataset.catalogue, store.default_recipe()).directions[key]
    if usual != scene.scores.plan.directions[key]:
        parts.append(words("indicators.turned", direction=direction(key, scene, usual)))
    parts.append(words.of(one.rationale))
    st.markdown(f"**{words('indicators.direction')}.** {' '.join(parts)}")
    more = [
        reading_aid.dating(key, scene),
        reading_aid.licence(source, words),
        words.of(source.changes),
    ]
    st.markdown(f"**{words('indicators.source')}.** {' '.join(filter(None, more))}")
