"""The profile page: one region, how sure its rank is, and what stands behind it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo import boundaries
from geo.formats import sheets
from geo.neighbours import neighbours
from layers.provenance import provenance
from layers.study.profile import peers, profile
from layers.table import names
from views import embed, panel, store
from views.frame import close_page, link_to, open_page
from views.parts import profile as profile_parts
from views.parts import strain
from views.parts.profile_words import place, rank_words
from views.report import offer
from views.search import search
from views.selfcheck.marks import marked_names

if TYPE_CHECKING:
    import geopandas as gpd

    from layers import Scores
    from layers.dataset import Dataset
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["page", "profile_table"]

#: So many similar regions are listed; the first ones can be compared at once.
_PEERS, _COMPARED = 8, 3


def page() -> None:
    """Draw the page."""
    scene = open_page("profile", _head, own=("ind", "srv", "new"))
    if scene is None:
        return
    region = scene.state.selected
    if region:
        own = _body(region, scene)
        close_page(scene, own | {"ind": profile_parts.chosen_indicator(scene)})
    else:
        _start(scene)
        close_page(scene, scene.own)


def _head(_: Dataset, words: Words) -> None:
    st.title(words("profile.title"), anchor=False)
    st.markdown(words("profile.lead"))
    search(words)


def _start(scene: Scene) -> None:
    """Offer the first, the middle and the last region, so that nobody faces an empty page."""
    st.markdown(scene.words("profile.start"))
    ranked = scene.scores.ranks.dropna().sort_values(kind="stable").index
    examples = dict.fromkeys([ranked[0], ranked[len(ranked) // 2], ranked[-1]])
    _links(list(examples), "start", scene)


def _body(region: str, scene: Scene) -> dict[str, str]:
    """Draw the parts, and return what the link has to remember of them."""
    scores, words = scene.scores, scene.words
    st.header(marked_names(scores)[region], anchor=False)
    panel.facts(region, scores, words)
    reason = scores.reason[region]
    if reason:
        st.warning(words(f"panel.missing_{reason}"))
    else:
        _rank(region, scene)
    near = peers(scores, region, count=_PEERS)
    _ways_on(region, near, scene)
    about = profile(scores, region)
    if scores.layers.loc[region].notna().any():
        profile_parts.layers(region, about, scene)
        profile_parts.strong_and_weak(region, about, scene)
    own = strain.show(region, scene)
    profile_parts.next_stop(region, scene)
    left, right = st.columns(2, gap="large")
    with left:
        profile_parts.series(region, scene)
    with right:
        if not reason:
            profile_parts.influence(region, scene)
        profile_parts.radar(region, about, scene)
    left, right = st.columns(2, gap="large")
    with left:
        _peers(near, scene)
    with right:
        _neighbours(region, scene)
    _downloads(region, scene)
    return own


def _rank(region: str, scene: Scene) -> None:
    sentence, told = rank_words(region, scene.scores, scene.bands, scene.words)
    st.markdown(sentence)
    if told:
        st.caption(told)


def _ways_on(region: str, near: pd.DataFrame, scene: Scene) -> None:
    """Link to the map, and to a comparison with the nearest regions."""
    words, state = scene.words, replace(scene.state, own={})
    with st.container(horizontal=True, key="links_ways"):
        link_to("map", words("profile.map"), state)
        if len(near):
            together = "~".join([region, *near.index[:_COMPARED]])
            link_to("compare", words("profile.compare"), replace(state, own={"with": together}))


def _peers(near: pd.DataFrame, scene: Scene) -> None:
    words = scene.words
    st.header(words("profile.peers"), anchor=False)
    if near.empty:
        st.caption(words("profile.peers_none"))
        return
    st.caption(words("profile.peers_note"))
    distances = {key: words.number(one, 1) for key, one in near["distance"].items()}
    _links([str(key) for key in distances], "peer", scene, distances)


def _neighbours(region: str, scene: Scene) -> None:
    shapes = _shapes(str(scene.dataset.path))
    if shapes is None or region not in shapes.index:
        return
    st.header(scene.words("profile.neighbours"), anchor=False)
    around = [str(key) for key in neighbours(shapes, region).index]
    if not around:
        st.caption(scene.words("profile.neighbours_none"))
        return
    st.caption(scene.words("profile.neighbours_note"))
    _links(around, "neighbour", scene)


@st.cache_resource(max_entries=2, show_spinner=False)
def _shapes(folder: str) -> gpd.GeoDataFrame | None:  # noqa: ARG001 -- the key of the cache
    return boundaries.load(store.dataset().path)


def _links(
    regions: list[str], where: str, scene: Scene, distances: dict[Any, str] | None = None
) -> None:
    """Draw a list of regions, each of which opens its own profile."""
    words, scores = scene.words, scene.scores
    called = names(scores)
    with st.container(gap=None, key=f"links_{where}"):
        for one in regions:
            said = {"name": called[one], "rank": place(scores.ranks[one], words)}
            if pd.isna(scores.ranks[one]):
                label = words("profile.go_unranked", name=called[one])
            elif distances:
                label = words("profile.peer", **said, distance=distances[one])
            else:
                label = words("profile.go", **said)
            st.button(label, key=f"{where}.{one}", type="tertiary", on_click=_go, args=(one,))


def _go(region: str) -> None:
    st.session_state["selected"] = region


def _downloads(region: str, scene: Scene) -> None:
    words = scene.words
    st.header(words("downloads.heading"), anchor=False)
    with st.container(horizontal=True):
        for key, german in (("csv_de", True), ("csv", False)):
            st.download_button(
                words(f"profile.{key}"), partial(_csv, region, scene, german=german),
                f"potenzialatlas_{region}.csv", "text/csv", key=f"get.profile.{key}",
                on_click="ignore",
            )  # fmt: skip
        offer.show(region, scene)
        embed.offer(scene.state, scene.scores, scene.bands, words, kinds={"profile": (region,)})


def _csv(region: str, scene: Scene, *, german: bool) -> bytes:
    about = [scene.words("profile.csv_columns")]
    about += provenance(scene.scores).lines(scene.state.language)
    table = profile_table(region, scene.scores, scene.words)
    return sheets.csv_file(table, about, excel_de=german)


def profile_table(region: str, scores: Scores, words: Words) -> pd.DataFrame:
    """Return the profile of one region with names, units, years and flags, ready for a file."""
    catalogue = scores.dataset.catalogue
    layers = {f"layer:{key}": words.of(one.name) for key, one in catalogue.layer_by_id.items()}
    known = {f"indicator:{key}": (key, one) for key, one in catalogue.indicator_by_id.items()}
    rows: list[tuple[str, str, int | None, str]] = []
    for key in profile(scores, region).index:
        if key in known:
            name, one = known[key]
            year, flags = int(scores.years[name]), str(scores.flags[name][region])
            rows.append((words.of(one.name), words.of(one.unit), year, flags))
        else:
            rows.append((layers.get(key, words("profile.total")), "", None, ""))
    about = pd.DataFrame(rows, columns=["name", "unit", "year", "flags"])
    about["year"] = about["year"].astype("Int64")
    table = profile(scores, region).rename_axis("key").reset_index()
    return pd.concat([table[["key"]], about, table.drop(columns="key")], axis=1)
