"""Parts of the profile page: layers, strengths and weaknesses, time lines, what the rank hangs on.

Each part draws itself for one region from a `Scene`; what it shows is computed in `layers`.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import streamlit as st

from layers.certainty.leave_out import leave_out
from layers.errors import PotenzialatlasError
from layers.study.profile import strengths, weaknesses
from layers.study.yardsticks import layer_medians, medians_by_year
from layers.table import names
from views import store
from views.charts import regions as region_charts
from views.charts import sketch
from views.charts.tables import html_table
from views.frame import link_to
from views.lens_words import no_data, recipe_name
from views.parts import grid_words
from views.parts.profile_words import (
    base,
    flag_words,
    groups,
    indicator_words,
    moved_words,
    place,
    value_words,
    yardstick_names,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.certainty.leave_out import LeaveOut
    from layers.recipe import Recipe
    from layers.score import Scores
    from views.frame import Scene
    from views.i18n import Words

__all__ = [
    "chosen_indicator", "influence", "layers", "next_stop", "radar", "series", "strong_and_weak",
]  # fmt: skip

#: So many layers and indicators are listed by what they do to the rank.
_INFLUENCES = 6
_INDICATOR = "profile.indicator"
#: What is said where a list is empty.
_NONE = {"strengths": "no_strengths", "weaknesses": "no_weaknesses"}
#: Fewest corners of a radar chart.
_CORNERS = 3


def layers(region: str, about: pd.DataFrame, scene: Scene) -> None:
    """Bars of the layers, medians and all regions behind; the same as a table.

    Parameters
    ----------
    about : DataFrame
        The region's `layers.study.profile.profile`.
    """
    scores, words = scene.scores, scene.words
    st.header(words("profile.layers"), anchor=False)
    table = layer_medians(scores, region, groups(scores, kinds=True))
    shown = [one.id for one in scores.dataset.catalogue.sublayers()]
    shown = [key for key in shown if scores.layers[key].notna().any()]
    called = yardstick_names(region, scene.scores, scene.words, kinds=True)
    sketch.show(
        region_charts.layer_bars(
            *_layer_rows(region, table.loc[shown], called, scene), base=base(scores),
            title=_axis(scores, words), words=words,
        ),
        alt=words("profile.layers_alt", name=names(scores)[region]),
    )  # fmt: skip
    years = scores.years[scores.years > 0]
    told = words(
        "profile.layers_note", name=names(scores)[region], first=int(years.min()),
        last=int(years.max()), recipe=recipe_name(scores, words),
    )  # fmt: skip
    st.caption(f"{told} {no_data(scores.dataset, words)}".strip())
    with st.expander(words("profile.layers_table")):
        st.html(_layer_table(region, about, table.loc[[*shown, "index"]], called, scene))


def _layer_rows(
    region: str, table: pd.DataFrame, called: dict[str, str], scene: Scene
) -> tuple[pd.DataFrame, bytes, pd.DataFrame]:
    """Rows of the chart: the region's own, one per region and layer, and the medians."""
    keys, own = list(table.index), names(scene.scores)[region]
    medians = [
        (name, key, value)
        for column, name in called.items() if column in table
        for key, value in table[column].dropna().items()
    ]  # fmt: skip
    mine = [(own, key, value) for key, value in table["region"].dropna().items()]
    who = [name for name, *_ in medians]
    return (
        _readable(mine, scene), _all_regions(keys, scene),
        _readable(medians, scene).assign(who=who),
    )  # fmt: skip


def _readable(rows: Sequence[tuple[str, Any, float]], scene: Scene) -> pd.DataFrame:
    """Rows of name, layer and value, as the chart takes them."""
    words, layers = scene.words, scene.scores.dataset.catalogue.layer_by_id
    called = {key: words.of(layers[key].name) for _, key, _ in rows}
    return pd.DataFrame({
        "layer": [called[key] for _, key, _ in rows],
        "value": [value for *_, value in rows],
        "text": [
            words("map.tip_layer", name=name, value=words.number(value, 1))
            for name, _, value in rows
        ],
    })  # fmt: skip


def _all_regions(keys: list[str], scene: Scene) -> bytes:
    """Every region's value in every layer; most changes of weights leave them as they are."""
    scores = scene.scores
    values = scores.layers[keys].to_numpy()
    content = hashlib.sha256(values.tobytes()).hexdigest()
    return _strokes(content, tuple(keys), scores.dataset.lens, scene.words.language, scene)


@store.kept(most=32)
def _strokes(
    content: str, keys: tuple[str, ...], lens: str, language: str, _scene: Scene  # noqa: ARG001 -- the cache's
) -> bytes:  # fmt: skip
    """Rows of all regions, of which the hash of the values, layers and language say all."""
    label, layers = names(_scene.scores), _scene.scores.layers
    rows = [
        (name, key, value)
        for key in keys
        for name, value in zip(label, layers[key], strict=True) if not math.isnan(value)
    ]  # fmt: skip
    return region_charts.strokes(_readable(rows, _scene))


def _axis(scores: Scores, words: Words) -> str:
    ends = scores.recipe.normalise.ends
    if ends is None:
        return words("profile.axis")
    low, high = (words.number(end) for end in ends)
    return words("profile.axis_scale", low=low, high=high)


def _layer_table(
    region: str, about: pd.DataFrame, table: pd.DataFrame, called: dict[str, str], scene: Scene
) -> str:
    scores, words = scene.scores, scene.words
    places: dict[Any, dict[Any, Any]] = about.to_dict("index")
    catalogue = scores.dataset.catalogue.layer_by_id
    columns = [column for column in called if column in table]
    rows: dict[Any, dict[Any, Any]] = table.to_dict("index")
    lines = []
    for key, row in rows.items():
        known = places["index" if key == "index" else f"layer:{key}"]
        lines.append([
            words("profile.total") if key == "index" else words.of(catalogue[key].name),
            *(words.number(row[column], 1) for column in ("region", *columns)),
            words.percent(known["share_of_index"], 1),
            words.percent(known["percentile"] / 100),
        ])  # fmt: skip
    head = [
        words("profile.layer"), names(scores)[region], *(called[column] for column in columns),
        words("profile.weight"), words("profile.better"),
    ]  # fmt: skip
    return html_table(head, lines, label=words("profile.layers"))


def strong_and_weak(region: str, about: pd.DataFrame, scene: Scene) -> None:
    """Draw indicators in which the region is in the best or the weakest quarter, side by side."""
    words = scene.words
    left, right = st.columns(2, gap="large")
    with left:
        st.header(words("profile.strengths"), anchor=False)
        _indicators(strengths(about), "strengths", region, scene)
    with right:
        st.header(words("profile.weaknesses"), anchor=False)
        _indicators(weaknesses(about), "weaknesses", region, scene)
    st.caption(words("profile.extremes_note"))


def _indicators(
    rows: pd.DataFrame, what: Literal["strengths", "weaknesses"], region: str,
    scene: Scene,
) -> None:  # fmt: skip
    words, scores = scene.words, scene.scores
    if rows.empty:
        st.markdown(words(f"profile.{_NONE[what]}"))
        return
    lines = []
    for key, percentile in rows["percentile"].items():
        name = str(key).removeprefix("indicator:")
        one = scores.dataset.catalogue.indicator_by_id[name]
        value = value_words(region, name, scores, words)
        if flags := flag_words(str(scores.flags[name][region]), words):
            value = f"{value} ({flags})"
        lines.append([
            indicator_words(one, words), value,
            str(int(scores.years[name])), words.percent(percentile / 100),
        ])  # fmt: skip
    head = [words(f"profile.{column}") for column in ("indicator", "value", "year", "better")]
    st.html(html_table(head, lines, label=words(f"profile.{what}"), texts=2))


def next_stop(region: str, scene: Scene) -> None:
    """Say how far the people of the region have to the next train stop; nothing without a grid."""
    words = scene.words
    said = grid_words.next_stop(region, words)
    if not said:
        return
    st.header(words("grid.profile"), anchor=False)
    st.markdown(said)
    st.caption(grid_words.next_stop_note(words))
    with st.container(key="links_grid"):
        link_to("grid", words("grid.profile_link"), replace(scene.state, own={"area": region}))


def chosen_indicator(scene: Scene) -> str:
    """Return the indicator of the time lines as the link writes it; the usual one is left out."""
    key = str(st.session_state.get(_INDICATOR, ""))
    return "" if key == next(iter(scene.dataset.catalogue.indicator_by_id)) else key


def series(region: str, scene: Scene) -> None:
    """One indicator over all years, beside the medians; the same as a table."""
    dataset, words, session = scene.dataset, scene.words, st.session_state
    catalogue = dataset.catalogue.indicator_by_id
    st.header(words("profile.series"), anchor=False)
    if scene.arrived or session.get(_INDICATOR) not in catalogue:
        asked = scene.own.get("ind", "")
        session[_INDICATOR] = asked if asked in catalogue else next(iter(catalogue))
    key = st.selectbox(
        words("profile.series_one"), list(catalogue), key=_INDICATOR,
        format_func=lambda one: words.of(catalogue[one].name),
    )  # fmt: skip
    one = catalogue[key]
    table = medians_by_year(dataset, key, region, groups(scene.scores, kinds=True))
    if table["region"].isna().all():
        st.info(words("profile.series_none"))
    called = {"region": names(scene.scores)[region], **_short(region, scene)}
    called = {column: name for column, name in called.items() if column in table}
    over_time = len(table) > 1
    if over_time:
        sketch.show(
            region_charts.time_lines(
                _line_rows(table, called, key, scene), title=words.of(one.unit), words=words
            ),
            alt=words("profile.series_alt", name=called["region"]),
        )
    source = dataset.source_of(key, int(table.index.max()) if len(table) else 0)
    st.caption(words(
        "profile.series_note", definition=words.of(one.definition), source=words.of(source.title)
    ))  # fmt: skip
    with st.expander(words("profile.layers_table"), expanded=not over_time):
        st.html(_series_table(table, called, key, words))


def _short(region: str, scene: Scene) -> dict[str, str]:
    """Names of the yardsticks without counts, which differ from year to year."""
    called = yardstick_names(region, scene.scores, scene.words, kinds=True)
    return {key: name.rpartition(" (")[0] for key, name in called.items()}


def _line_rows(table: pd.DataFrame, called: dict[str, str], key: str, scene: Scene) -> pd.DataFrame:
    words, one = scene.words, scene.dataset.catalogue.indicator_by_id[key]
    rows = [
        {
            "year": int(str(year)), "value": value, "who": name,
            "text": words(
                "map.tip_value", name=name, year=year, unit=words.of(one.unit),
                value=words.number(value, one.decimals),
            ),
        }
        for column, name in called.items() for year, value in table[column].dropna().items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _series_table(table: pd.DataFrame, called: dict[str, str], key: str, words: Words) -> str:
    decimals = store.dataset().catalogue.indicator_by_id[key].decimals
    rows: dict[Any, dict[Any, Any]] = table.sort_index(ascending=False).to_dict("index")
    lines = [
        [
            str(year), *(words.number(row[column], decimals) for column in called),
            words.number(row["regions"]), flag_words(row["flags"], words),
        ]
        for year, row in rows.items()
    ]  # fmt: skip
    head = [
        words("profile.year"), *called.values(), words("profile.regions"), words("profile.flags")
    ]  # fmt: skip
    return html_table(head, lines, label=words("profile.series"))


def influence(region: str, scene: Scene) -> None:
    """Layers and indicators without which the rank of the region would differ most."""
    words, recipe = scene.words, scene.scores.recipe
    st.header(words("profile.influence"), anchor=False)
    try:
        with st.spinner(words("profile.influence_wait")):
            runs = [_left_out(recipe.to_toml(), kind, recipe) for kind in ("layer", "indicator")]
    except PotenzialatlasError as error:
        st.info(words("error.other", message=error))
        return
    ranks = pd.concat([run.ranks.loc[region] for run in runs])
    changes = (ranks - runs[0].base[region]).fillna(float("inf"))
    most = changes[changes != 0].abs().nlargest(_INFLUENCES).index
    if most.empty:
        st.markdown(words("profile.influence_none"))
        return
    lines = [_influence_line(str(key), ranks[key], changes[key], scene) for key in most]
    head = [words(f"profile.{column}") for column in ("without", "kind", "new_rank", "change")]
    st.html(html_table(head, lines, label=words("profile.influence"), texts=2))
    st.caption(words("profile.influence_note", count=len(lines)))


@store.kept(most=32)
def _left_out(
    key: str, kind: Literal["layer", "indicator"], _recipe: Recipe  # noqa: ARG001 -- the cache's
) -> LeaveOut:  # fmt: skip
    return leave_out(store.dataset(), _recipe, kind, known=store.scores(_recipe))


def _influence_line(key: str, rank: float, change: float, scene: Scene) -> list[str]:
    words, catalogue = scene.words, scene.dataset.catalogue
    kind, _, name = key.partition(":")
    if kind == "layer":
        label, said = catalogue.layer_by_id[name].name, words("profile.a_layer")
    else:
        label, said = catalogue.indicator_by_id[name].name, words("profile.an_indicator")
    if math.isnan(rank):
        return [words.of(label), said, words.number(None), words("profile.lost")]
    return [words.of(label), said, place(rank, words), moved_words(change, words)]


def radar(region: str, about: pd.DataFrame, scene: Scene) -> None:
    """Offer a radar chart of the layers, folded away, because its shape tempts."""
    scores, words = scene.scores, scene.words
    percentiles: dict[Any, float] = about["percentile"].dropna().to_dict()
    rows = [
        {"layer": words.of(one.name), "value": percentiles[f"layer:{one.id}"]}
        for one in scores.dataset.catalogue.sublayers()
        if f"layer:{one.id}" in percentiles
    ]
    if len(rows) < _CORNERS:
        return
    with st.expander(words("profile.radar")):
        sketch.show(
            region_charts.radar(pd.DataFrame(rows), words), width="content",
            alt=words("profile.radar_alt", name=names(scores)[region]),
        )  # fmt: skip
        st.caption(words("profile.radar_note"))
