"""What people want: shares of layers and indicators, and who reads something the other way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from views.charts import sketch
from views.charts.tables import html_table
from views.group import parts
from views.group.chart import share_spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.study.group import Group
    from layers.study.reports import Report
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["opposed_words", "show"]

#: Indicators named one by one in the text; the table holds all.
_FEW = 8
#: Height of the table of indicators, which scrolls.
_TALL = 460
_HEADS = ("mean_share", "lowest", "highest", "spread", "up", "down", "unscored")


def show(found: Group, report: Callable[[], Report], scene: Scene) -> None:
    """Draw the shares of the layers, then of the indicators."""
    words = scene.words
    if lines := opposed_words(found, words):
        st.markdown("\n".join(f"- {line}" for line in lines))
    _layer_chart(found, words)
    _indicator_table(found, words)
    parts.downloads("wishes", partial(report), scene)


def opposed_words(found: Group, words: Words) -> list[str]:
    """Say what people read in opposite directions: whole layers, then single indicators."""
    catalogue = found.wishes.catalogue
    turned, opposed = found.turned(), found.opposed()
    lines = [
        words("weightings.turned", layer=words.of(catalogue.layer_by_id[str(key)].name),
              usual=_people(int(row["usual"]), words), turned=_people(int(row["turned"]), words))
        for key, row in turned.iterrows()
    ]  # fmt: skip
    single = opposed[~opposed["layer"].isin(turned.index)]
    lines += [
        words("weightings.opposed", indicator=words.of(catalogue.indicator_by_id[str(key)].name),
              up=_people(int(row["up"]), words), down=_people(int(row["down"]), words))
        for key, row in single.head(_FEW).iterrows()
    ]  # fmt: skip
    if len(single) > _FEW:
        lines.append(words("weightings.opposed_more", count=len(single) - _FEW))
    return lines


def _people(count: int, words: Words) -> str:
    return (
        words("weightings.one_person") if count == 1 else words("weightings.persons", count=count)
    )


def _layer_chart(found: Group, words: Words) -> None:
    layers = found.wishes.catalogue.layer_by_id
    st.header(words("weightings.chart"), anchor=False)
    if found.layers.kendall_w is not None:
        st.markdown(
            words("weightings.layer_order", w=words.number(found.layers.kendall_w, 2),
                  chance=words.number(found.chance_w, 2))
        )  # fmt: skip
    kept = [key for key in map(str, found.shares) if found.wishes.catalogue.below(key)]
    shares, members = found.shares[kept], found.layers.members.loc[kept]
    people = shares.rename_axis("who").reset_index().melt("who", var_name="layer")
    named = {key: words.of(layers[key].name) for key in kept}
    rows = pd.DataFrame({
        "layer": people["layer"].map(named), "share": 100 * people["value"],
        "text": [words("map.tip_layer", name=who, value=words.percent(share))
                 for who, share in zip(people["who"], people["value"], strict=True)],
    })  # fmt: skip
    means = pd.DataFrame({
        "layer": [named[key] for key in members.index], "share": 100 * members["mean"],
        "text": [words("map.tip_layer", name=words("weightings.mean_share"),
                       value=words.percent(share)) for share in members["mean"]],
    })  # fmt: skip
    title = words("weightings.share_axis")
    chart = share_spans(rows, means, title=title, words=words)
    sketch.show(chart, width="stretch", alt=words("weightings.chart_alt"))
    st.caption(words("weightings.chart_note"))
    with st.expander(words("weightings.chart_table")):
        table = pd.DataFrame({
            words("panel.layer"): [named[key] for key in members.index],
            words("weightings.mean_share"): members["mean"].map(words.percent),
            words("weightings.lowest"): members["lowest"].map(words.percent),
            words("weightings.highest"): members["highest"].map(words.percent),
            words("weightings.deviation"): members["deviation"].map(partial(_points, words=words)),
        })  # fmt: skip
        st.dataframe(table, hide_index=True, height="content", alt=words("weightings.chart_alt"))


def _indicator_table(found: Group, words: Words) -> None:
    """List the indicators, those whose shares lie farthest apart first, with who reads them how."""
    st.header(words("weightings.indicators"), anchor=False)
    if found.indicators_w is not None:
        st.markdown(
            words("weightings.indicator_order", w=words.number(found.indicators_w, 2),
                  chance=words.number(found.chance_w, 2))
        )  # fmt: skip
    catalogue, apart = found.wishes.catalogue, found.apart()
    rows = [
        [
            words.of(catalogue.indicator_by_id[str(key)].name),
            words.of(catalogue.layer_by_id[row["layer"]].name),
            *(words.percent(row[one], 1) for one in ("mean", "lowest", "highest")),
            _points(row["deviation"], words),
            *(words.number(row[one]) for one in ("up", "down", "unscored")),
        ]
        for key, row in apart.iterrows()
    ]
    heads = [
        words("weightings.indicator"), words("panel.layer"),
        *(words(f"weightings.{one}") for one in _HEADS),
    ]  # fmt: skip
    label = words("weightings.indicators_alt")
    with st.container(height=_TALL):
        st.html(html_table(heads, rows, label=label, texts=2))
    st.caption(words("weightings.indicators_note"))


def _points(share: float, words: Words) -> str:
    return words.number(100 * share, 1)
