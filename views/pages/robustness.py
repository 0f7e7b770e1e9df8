"""The robustness page: how sure the ranks are, and which choices they hang on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo import publish
from layers.certainty.acceptance import NEVER, SURE, best_shares, verdicts
from layers.table import names
from views import store, studies
from views.charts import ranks as rank_charts
from views.charts import sketch
from views.frame import close_page, open_page
from views.lens_words import recipe_name
from views.parts import places
from views.parts import robustness as robustness_parts
from views.parts.places import PARTS

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from layers.robust import Bands
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["page"]

#: Session keys: how often the chart was made anew, and the region last clicked in it.
_CHART, _CLICKED = "bands.made", "bands.clicked"
#: The part of which every band tells.
_QUARTER = 0.25


def page() -> None:
    """Draw the page."""
    scene = open_page("robustness", _head, own=("run",))
    if scene is None:
        return
    if scene.arrived:
        for name in robustness_parts.STUDIES:
            if name in scene.own.get("run", "").split("~"):
                studies.start(name)
    everyone = _table_of(scene)
    table = everyone[scene.scores.selected.reindex(everyone.index)]
    st.markdown(_summary(table, scene))
    _intervals(table, scene)
    places.show(everyone, scene)
    robustness_parts.what_matters(scene)
    robustness_parts.other_methods(scene)
    robustness_parts.double_counting(scene)
    robustness_parts.class_cuts(scene)
    key = robustness_parts.study_key(scene)
    run = [one for one in robustness_parts.STUDIES if studies.started(one, key)]
    close_page(scene, {"run": "~".join(run)})


def _head(_: Dataset, words: Words) -> None:
    st.title(words("robustness.title"), anchor=False)
    st.markdown(words("robustness.lead"))


def _table_of(scene: Scene) -> pd.DataFrame:
    """Ranked regions, best first, with all that is said of their ranks."""
    scores, bands = scene.scores, scene.bands
    best = _best(bands).rename(columns=lambda part: f"best_{part:g}")
    ranks = bands.bands[["rank_median", "rank_p05", "rank_p95", "best", "worst"]]
    table = pd.DataFrame({
        "name": names(scores), "rank": scores.ranks.astype("float64"), "verdict": verdicts(bands),
    }).join(ranks.astype("float64")).join(best)  # fmt: skip
    return table[table["rank_median"].notna()].sort_values(["rank", "name"], kind="stable")


def _best(bands: Bands) -> pd.DataFrame:
    """Shares of the weightings in the best parts; of many regions only that of the quarter."""
    if bands.counted:
        return best_shares(bands, PARTS)
    return bands.bands[["top_quarter"]].astype("float64").set_axis([_QUARTER], axis=1)


def _summary(table: pd.DataFrame, scene: Scene) -> str:
    words, counts = scene.words, table["verdict"].value_counts()
    return words(
        "robustness.summary", of=len(table),
        sure=int(counts.get("sure", 0)), never=int(counts.get("never", 0)),
        open=int(counts.get("open", 0)), sure_share=words.percent(SURE),
        never_share=words.percent(NEVER), scope=words(f"robustness.{_scope(scene)}"),
        spread=words(f"map.caption_spread_{scene.state.spread}"), top=scene.bands.top,
    )  # fmt: skip


def _scope(scene: Scene) -> str:
    narrow = scene.scores.recipe.reference.set == "filtered"
    return "within" if narrow else "nationwide"


def _intervals(table: pd.DataFrame, scene: Scene) -> None:
    words = scene.words
    st.header(words("robustness.bands"), anchor=False)
    if scene.bands.counted:
        st.caption(words("robustness.bands_note"))
    if scene.bands.counted:
        _chart(table, scene)
    else:
        st.info(words("robustness.bands_too_many", count=words.number(len(table))))
    st.caption(_caption(scene))
    with st.expander(words("robustness.table"), expanded=not scene.bands.counted):
        _table(table, words)
    with st.container(horizontal=True):
        for kind, german in (("csv_de", True), ("csv", False)):
            make = partial(
                publish.to_bytes, scene.scores, ".csv", bands=scene.bands, content="bands",
                language=words.language, excel_de=german,
            )  # fmt: skip
            st.download_button(
                words(f"downloads.{kind}"), make, f"potenzialatlas_{kind}.csv", "text/csv",
                key=f"get.bands.{kind}", on_click="ignore",
            )  # fmt: skip


def _chart(table: pd.DataFrame, scene: Scene) -> None:
    words, selected = scene.words, scene.state.selected
    rows = pd.DataFrame({
        "region": table.index, "place": range(1, len(table) + 1), "rank": table["rank"].to_numpy(),
        "low": table["rank_p05"].to_numpy(), "high": table["rank_p95"].to_numpy(),
        "median": table["rank_median"].to_numpy(), "name": table["name"].to_numpy(),
        "verdict": [words(f"verdict.{one}") for one in table["verdict"]],
        "text": [_told(one, words) for one in table.to_dict("records")],
        "marked": (table.index == selected).tolist(),
    })  # fmt: skip
    chart = rank_charts.intervals(
        rows, title=words("table.rank"), order=words("robustness.order"), words=words
    )
    key = _chart_key(selected)
    sketch.show(
        chart, alt=words("robustness.bands_alt", count=len(rows)), key=key,
        on_select=lambda: _pick(key), picks=rank_charts.PICKED,
    )  # fmt: skip


def _chart_key(selected: str) -> str:
    """Return the chart's key, a new one where its last click does not hold any more.

    The browser tells a click only if it changes what was clicked before; without a new chart, a
    click back on a region that was left by another way would go unheard.
    """
    session = st.session_state
    if session.get(_CLICKED, selected) != selected:
        session[_CHART] = session.get(_CHART, 0) + 1
        del session[_CLICKED]
    return f"bands.{session.get(_CHART, 0)}"


def _pick(key: str) -> None:
    """Choose the region that was clicked."""
    for one in st.session_state[key].selection.get(rank_charts.PICKED, []):
        st.session_state.update({"selected": one["region"], _CLICKED: one["region"]})


def _told(row: dict[Any, Any], words: Words) -> str:
    whole = {key: f"{row[key]:g}" for key in ("rank", "rank_median", "rank_p05", "rank_p95")}
    share = words.percent(row["best_0.25"])
    return words("robustness.told", name=row["name"], share=share, **whole)


def _caption(scene: Scene) -> str:
    words, scores = scene.words, scene.scores
    years = scores.years[scores.years > 0]
    return " · ".join([
        recipe_name(scores, words),
        words(f"map.caption_{scores.recipe.reference.set}", of=int(scores.ranks.notna().sum())),
        words("map.caption_bands", draws=words.number(store.DRAWS),
              spread=words(f"map.caption_spread_{scene.state.spread}")),
        words("map.caption_years", first=int(years.min()), last=int(years.max())),
    ])  # fmt: skip


def _table(table: pd.DataFrame, words: Words) -> None:
    column = st.column_config
    shown = table.assign(verdict=[words(f"verdict.{one}") for one in table["verdict"]])
    best = {
        f"best_{part:g}": column.NumberColumn(
            words("robustness.best_part", part=words.percent(part)), format="percent"
        )
        for part in PARTS
        if f"best_{part:g}" in table
    }
    labels = {
        "rank": words("table.rank"), "rank_median": words("robustness.median"),
        "rank_p05": words("robustness.low"), "rank_p95": words("robustness.high"),
        "best": words("robustness.best"), "worst": words("robustness.worst"),
    }  # fmt: skip
    numbers = {key: column.NumberColumn(label, format="%d") for key, label in labels.items()}
    st.dataframe(
        shown, hide_index=True, height=420, alt=words("robustness.table_alt"),
        column_order=["rank", "name", "verdict", "rank_p05", "rank_median", "rank_p95", *best,
                      "best", "worst"],
        column_config={
            "name": column.TextColumn(words("table.name"), width=190),
            "verdict": column.TextColumn(words("robustness.verdict"), width=190),
            **numbers, **best,
        },
    )  # fmt: skip
