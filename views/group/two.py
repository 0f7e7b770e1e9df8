"""Two weightings side by side: two maps with the same classes, and who moves most."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.classes import ramp
from geo.common_classes import classify_together
from layers.study.compare import compare, movers
from layers.study.reports import report_comparison
from layers.table import names
from views import store
from views.figures import Figure, decimals_for
from views.group import parts

if TYPE_CHECKING:
    from layers import Recipe, Scores
    from layers.study.compare import Comparison
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["FIRST", "SECOND", "show"]

#: Session keys of the two choices.
FIRST, SECOND = "weightings.first", "weightings.second"
_MOVERS = 15


def show(recipes: dict[str, Recipe], titles: dict[str, str], scene: Scene) -> None:
    """Draw the choice of two, their maps and the regions that move most.

    Parameters
    ----------
    recipes, titles : dict
        Recipe and name of every weighting, by its key.
    """
    words = scene.words
    first, second = _choose_two(titles, words)
    if first == second:
        st.info(words("weightings.same"))
        return
    pair = {key: store.scores(recipes[key]) for key in (first, second)}
    classes = classify_together(
        {key: one.index for key, one in pair.items()}, scene.state.scheme, scene.state.classes
    )
    pooled = pd.concat([one.index for one in pair.values()])
    lines = _two_lines(pair, titles, words)
    for place, (side, key) in enumerate(zip(st.columns(2, gap="medium"), pair, strict=True)):
        shown = Figure(
            values=pair[key].index, label=titles[key], legend=words("map.legend_points"),
            decimals=max(decimals_for(one.index) for one in pair.values()), classes=classes[key],
            colours=ramp("potential", len(classes[key].bounds)),
        )  # fmt: skip
        # The lowest bound is that of both maps, and both legends say it alike.
        legend = replace(shown, values=pooled).legend_entries(words)
        with side:
            parts.map_of(f"weightings.map_{place}", shown, pair[key], lines, scene, legend=legend)
    if scene.state.selected:
        regions = pair[first].index.index.tolist()
        name, *places = lines[regions.index(scene.state.selected)]
        st.markdown(f"**{name}** · {' · '.join(places)}")
    found = compare(*pair.values())
    st.caption(words("weightings.two_caption", **parts.counted(pair[first], words)))
    _movers(found, pair, titles, scene)


def _choose_two(titles: dict[str, str], words: Words) -> tuple[str, str]:
    keys, session = list(titles), st.session_state
    for key, place in ((FIRST, 0), (SECOND, 1)):
        if session.get(key) not in keys:
            session[key] = keys[place]
        else:
            # Streamlit forgets what a widget held while another view was shown.
            session[key] = session[key]
    left, right = st.columns(2, gap="medium")
    with left:
        first = st.selectbox(words("weightings.first"), keys, key=FIRST,
                             format_func=lambda one: titles[one])  # fmt: skip
    with right:
        second = st.selectbox(words("weightings.second"), keys, key=SECOND,
                              format_func=lambda one: titles[one])  # fmt: skip
    return first, second


def _two_lines(pair: dict[str, Scores], titles: dict[str, str], words: Words) -> list[list[str]]:
    """Lines beside a region: its place under both weightings."""
    ranks = {key: one.ranks.astype("float64") for key, one in pair.items()}
    called = names(next(iter(pair.values())))
    return [
        [called[region], *(
            words("weightings.tip", name=titles[key], rank=words.number(ranks[key][region]))
            for key in pair
        )]
        for region in called.index
    ]  # fmt: skip


def _movers(
    found: Comparison, pair: dict[str, Scores], titles: dict[str, str], scene: Scene
) -> None:
    words = scene.words
    first, second = pair
    st.header(words("weightings.movers"), anchor=False)
    if found.spearman is not None:
        st.markdown(words("weightings.spearman", rho=words.number(found.spearman, 2)))
    selected = next(iter(pair.values())).selected
    inside = found.table.index[selected.reindex(found.table.index)]
    moved = movers(found, count=len(found.table))
    moved = moved[moved.index.isin(inside)].head(_MOVERS)
    if moved.empty:
        st.info(words("weightings.none_moves"))
    else:
        called = names(pair[first]).reindex(moved.index)
        table = pd.DataFrame({
            "name": called, "before": moved["rank_before"], "after": moved["rank_after"],
            "places": moved["places"].astype("int64"),
        })  # fmt: skip
        number = st.column_config.NumberColumn
        st.dataframe(
            table, hide_index=True, alt=words("weightings.movers"), height="content",
            column_config={
                "name": words("table.name"), "before": number(titles[first], format="%d"),
                "after": number(titles[second], format="%d"),
                "places": number(words("weightings.places"), format="%+d"),
            },
        )  # fmt: skip
        st.caption(words("weightings.movers_note", first=titles[first], second=titles[second]))
    report = partial(report_comparison, *pair.values(), count=_MOVERS)
    parts.downloads("two", report, scene)
