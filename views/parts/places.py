"""Part of the robustness page: on which places one region lies how often."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from layers.certainty.acceptance import block_shares, last_place
from layers.table import names
from views.charts import ranks as rank_charts
from views.charts import sketch
from views.frame import link_to
from views.search import search

if TYPE_CHECKING:
    import pandas as pd

    from views.frame import Scene

__all__ = ["PARTS", "show"]

#: Best parts of all regions whose shares of the weightings are told.
PARTS = (0.1, 0.25, 0.5)


def show(table: pd.DataFrame, scene: Scene) -> None:
    """Draw the choice of a region and all that is said of its places.

    Parameters
    ----------
    table : DataFrame
        By ranked region: ``best_PART``, the share of the weightings in which it is among the best
        of each of `PARTS`, as far as that is known.
    """
    words, scores = scene.words, scene.scores
    st.header(words("robustness.one"), anchor=False)
    region = search(words)
    if not region:
        st.caption(words("robustness.one_hint"))
    elif region not in table.index:
        st.info(words(f"panel.missing_{scores.reason[region] or 'outside'}"))
    else:
        st.markdown(_in_words(region, table, scene))
        if scene.bands.counted:
            _blocks(region, scene)
        label = words("robustness.to_profile", name=names(scores)[region])
        with st.container(key="links_robustness"):
            link_to("profile", label, replace(scene.state, own={}))


def _in_words(region: str, table: pd.DataFrame, scene: Scene) -> str:
    words = scene.words
    row: dict[Any, Any] = table.loc[region].to_dict()
    count = len(scene.bands.bands["ranked"].dropna())
    shares = (
        words("robustness.one_share", part=words.percent(part), place=last_place(part, count),
              share=words.percent(row[f"best_{part:g}"]))
        for part in PARTS
        if f"best_{part:g}" in row
    )  # fmt: skip
    return words(
        "robustness.one_words", name=names(scene.scores)[region], shares=", ".join(shares)
    )  # fmt: skip


def _blocks(region: str, scene: Scene) -> None:
    """Draw how often the region lies on which places, as bars and as a table."""
    words, rows = scene.words, block_shares(scene.bands, region)
    told = (
        words("robustness.block_told", first=first, last=last, share=words.percent(share, 1))
        for first, last, share in zip(rows["first"], rows["last"], rows["share"], strict=True)
    )
    drawn = rows.assign(top=rows["last"] <= scene.bands.top, text=list(told))
    chart = rank_charts.share_bars(
        drawn, title=words("robustness.share"), ranks=words("table.rank"), words=words
    )
    alt = words("robustness.one_alt", name=names(scene.scores)[region])
    sketch.show(chart, alt=alt, key="blocks")
    st.caption(words("robustness.one_note"))
    number = st.column_config.NumberColumn
    with st.expander(words("robustness.table")):
        st.dataframe(
            rows[["first", "last", "share"]], hide_index=True, alt=alt,
            column_config={
                "first": number(words("robustness.from_rank"), format="%d"),
                "last": number(words("robustness.to_rank"), format="%d"),
                "share": number(words("robustness.share"), format="percent"),
            },
        )  # fmt: skip
