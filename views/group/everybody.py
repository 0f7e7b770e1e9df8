"""All weightings laid over each other: where people agree, and where they do not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.classes import classify, ramp
from layers.study.group import group
from layers.study.reports import report_group
from layers.table import names
from views.figures import Figure
from views.group import parts
from views.group.chart import share_spans

if TYPE_CHECKING:
    from layers import Scores
    from layers.study.group import Group
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["show"]

#: Names in a sentence.
_FEW = 8


def show(scored: dict[str, Scores], scene: Scene) -> None:
    """Draw what the weightings, by name, have in common and what not."""
    words, found = scene.words, group(scored)
    scores = next(iter(scored.values()))
    _in_words(found, scores, words)
    left, right = st.columns(2, gap="medium")
    with left:
        _disagreement(found, scores, scene)
    with right:
        _find(scores, words)
        _region_table(found, scores, scene)
    _layer_chart(found, scene)
    parts.downloads("all", partial(report_group, scored), scene)


def _in_words(found: Group, scores: Scores, words: Words) -> None:
    """Say where people agree and where they do not."""
    called, chosen = names(scores), scores.selected
    always = [called[key] for key in found.always().index if chosen[key]]
    never = sum(bool(chosen[key]) for key in found.never().index)
    members = found.layers.members
    lowest, highest = members["lowest"].to_dict(), members["highest"].to_dict()
    spans = {str(key): highest[key] - lowest[key] for key in members.index}
    most, least = max(spans, key=spans.__getitem__), min(spans, key=spans.__getitem__)
    layers = scores.dataset.catalogue.layer_by_id
    lines = [words("weightings.always", count=len(always), people=found.people)]
    if always:
        few = "always_first" if len(always) > _FEW else "always_list"
        lines[0] += " " + words(f"weightings.{few}", names="; ".join(always[:_FEW]))
    lines.append(words("weightings.never", count=never))
    if found.kendall_w is not None:
        lines.append(words("weightings.concordance", w=words.number(found.kendall_w, 2)))
    if spans[most] > 0:
        lines.append(
            words(
                "weightings.layers", most=words.of(layers[most].name),
                low=words.percent(lowest[most]), high=words.percent(highest[most]),
                least=words.of(layers[least].name),
            )
        )  # fmt: skip
    st.markdown("\n".join(f"- {line}" for line in lines))


def _disagreement(found: Group, scores: Scores, scene: Scene) -> None:
    words, state = scene.words, scene.state
    values = found.regions["range"].astype("float64")
    classes = classify(values, state.scheme, state.classes)
    shown = Figure(
        values=values, label=words("weightings.disagreement"),
        legend=words("weightings.range_legend"), decimals=0, classes=classes,
        colours=ramp("certainty", len(classes.bounds)),
    )  # fmt: skip
    parts.map_of("weightings.map_all", shown, scores, _group_lines(found, scores, words), scene)
    st.caption(words("weightings.all_caption", people=found.people, **parts.counted(scores, words)))


def _group_lines(found: Group, scores: Scores, words: Words) -> list[list[str]]:
    called, table = names(scores).tolist(), found.regions
    outside = (scores.reason == "outside").tolist()
    columns = (table[key].tolist() for key in ("rank_best", "rank_worst", "range", "quarter"))
    lines: list[list[str]] = []
    for name, left_out, low, high, span, quarter in zip(called, outside, *columns, strict=True):
        if left_out or pd.isna(span):
            more = [words("map.tip_outside" if left_out else "map.tip_none")]
        else:
            more = [
                words("weightings.tip_range", low=words.number(low), high=words.number(high),
                      range=words.number(span)),
                words("weightings.tip_quarter", count=quarter, people=found.people),
            ]  # fmt: skip
        lines.append([name, *more])
    return lines


def _find(scores: Scores, words: Words) -> None:
    labels = names(scores)
    st.selectbox(
        words("filters.search"), labels.sort_values().index.tolist(), key="selected", index=None,
        format_func=lambda one: labels[one], placeholder=words("filters.search_hint"),
    )  # fmt: skip


def _region_table(found: Group, scores: Scores, scene: Scene) -> None:
    """All regions with what the map shows, or the ranks of one under every weighting."""
    words, region = scene.words, scene.state.selected
    if region:
        ranks = {name: float(column[region]) for name, column in found.ranks.items()}
        st.markdown(f"**{names(scores)[region]}**")
        chosen = pd.DataFrame({
            words("weightings.weighting"): list(ranks),
            words("table.rank"): [words.number(one) for one in ranks.values()],
        })  # fmt: skip
        st.dataframe(chosen, hide_index=True, height="content",
                     alt=words("weightings.ranks_of", name=names(scores)[region]))  # fmt: skip
    table = found.regions.assign(name=names(scores))[scores.selected.to_numpy()]
    table = table.sort_values(["range", "deviation"], ascending=False, na_position="last")
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame({
            "name": table["name"], "range": table["range"].astype("Int64"),
            "best": table["rank_best"].astype("Int64"),
            "worst": table["rank_worst"].astype("Int64"), "quarter": table["quarter"],
            "mean": table["rank_mean"].round(1),
        }),
        hide_index=True, height=420, alt=words("weightings.table_alt"),
        column_config={
            "name": st.column_config.TextColumn(words("table.name"), width=150),
            "range": number(words("weightings.range"), width=62),
            "best": number(words("weightings.best"), width=56),
            "worst": number(words("weightings.worst"), width=86),
            "mean": number(words("weightings.mean"), format="localized", width=65),
            "quarter": number(
                words("weightings.quarter"), width=98,
                help=words("weightings.quarter_help", people=found.people),
            ),
        },
    )  # fmt: skip


def _layer_chart(found: Group, scene: Scene) -> None:
    words, layers = scene.words, scene.dataset.catalogue.layer_by_id
    st.header(words("weightings.chart"), anchor=False)
    people = found.shares.rename_axis("who").reset_index().melt("who", var_name="layer")
    named = {key: words.of(layers[key].name) for key in found.shares.columns}
    members = found.layers.members
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
    st.altair_chart(chart, width="stretch", alt=words("weightings.chart_alt"))
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


def _points(share: float, words: Words) -> str:
    return words.number(100 * share, 1)
