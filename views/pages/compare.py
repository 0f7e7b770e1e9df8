"""The comparison page: two to five regions, who is ahead how often, and what turns it round."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo.formats import sheets
from layers.certainty.smaa import smaa
from layers.provenance import provenance
from layers.study.profile import peers
from layers.table import names, result_table
from views import embed, store
from views.charts import regions as region_charts
from views.charts import sketch
from views.charts.tables import html_table
from views.frame import close_page, link_to, open_page
from views.lens_words import recipe_name
from views.parts import compare as compare_parts
from views.parts.profile_words import place
from views.state import SPREADS

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from layers.recipe import Recipe
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["page"]

_WITH = "compare.with"
_FEWEST, _MOST = 2, 5
#: Regions that the proposals name beside the one chosen.
_SIMILAR = 3


def page() -> None:
    """Draw the page."""
    scene = open_page("compare", _head, own=("with", "pair"))
    if scene is None:
        return
    chosen = _choose(scene)
    if len(chosen) < _FEWEST:
        _proposals(chosen, scene)
        close_page(scene, {"with": "~".join(chosen)})
        return
    _figures(chosen, scene)
    ranked = [one for one in chosen if scene.scores.reason[one] == ""]
    if len(ranked) < len(chosen):
        lacking = [names(scene.scores)[one] for one in chosen if one not in ranked]
        st.warning(scene.words("compare.unranked", names=", ".join(lacking)))
    wins, pair = pd.DataFrame(), ""
    if len(ranked) >= _FEWEST:
        wins = _wins_of(ranked, scene)
        _wins(ranked, wins, scene)
        pair = compare_parts.turn_round(ranked, scene)
        compare_parts.extreme_places(ranked, scene)
    _downloads(chosen, wins, scene)
    close_page(scene, {"with": "~".join(chosen), "pair": pair})


def _head(_: Dataset, words: Words) -> None:
    st.title(words("compare.title"), anchor=False)
    st.markdown(words("compare.lead"))


def _choose(scene: Scene) -> list[str]:
    """Let regions be chosen; what the link names wrongly is passed over."""
    words, session, label = scene.words, st.session_state, store.labels()
    if scene.arrived or _WITH not in session:
        asked = scene.own.get("with", "") or scene.state.selected
        known = [one for one in dict.fromkeys(asked.split("~")) if one in label]
        session[_WITH] = known[:_MOST]
    return st.multiselect(
        words("compare.choose"), list(label), key=_WITH,
        max_selections=_MOST, format_func=lambda one: label[one],
        placeholder=words("compare.hint"),
    )  # fmt: skip


def _proposals(chosen: list[str], scene: Scene) -> None:
    """Offer sets of regions worth comparing, so that nobody faces an empty page."""
    words, scores = scene.words, scene.scores
    st.info(words("compare.too_few"))
    ranked = scores.ranks.dropna().sort_values(kind="stable").index.tolist()
    with st.container(gap=None, key="links_proposals"):
        for one in chosen:
            similar = [one, *peers(scores, one, count=_SIMILAR).index]
            _proposal("similar", words("compare.similar", name=names(scores)[one]), similar)
        _proposal("top", words("compare.top"), ranked[:_SIMILAR])
        ends = [ranked[0], ranked[len(ranked) // 2], ranked[-1]]
        _proposal("spread", words("compare.spread"), list(dict.fromkeys(ends)))


def _proposal(key: str, label: str, regions: list[str]) -> None:
    st.button(label, key=f"compare.{key}", type="tertiary", on_click=_take, args=(regions,))


def _take(regions: list[str]) -> None:
    st.session_state[_WITH] = regions


def _figures(chosen: list[str], scene: Scene) -> None:
    """Layers as a chart, and all figures as a table below: five names need the whole width."""
    words, scores = scene.words, scene.scores
    called = [names(scores)[one] for one in chosen]
    st.header(words("compare.chart"), anchor=False)
    rows = _chart_rows(chosen, scene)
    if len(rows):
        sketch.show(
            region_charts.dumbbells(rows, title=words("profile.axis"), words=words),
            alt=words("compare.chart_alt", names=", ".join(called)),
        )
        st.caption(words("compare.chart_note"))
    st.header(words("compare.figures"), anchor=False)
    head = [words("compare.row"), *called]
    st.html(html_table(head, _figure_rows(chosen, scene), label=words("compare.figures")))
    years = scores.years[scores.years > 0]
    st.caption(words(
        "compare.figures_note", first=int(years.min()), last=int(years.max()),
        recipe=recipe_name(scores, words), draws=words.number(scene.bands.draws),
        spread=words(f"map.caption_spread_{scene.state.spread}"),
    ))  # fmt: skip
    state = replace(scene.state, own={})
    with st.container(horizontal=True, vertical_alignment="center", key="links_profiles"):
        st.markdown(words("compare.profiles"), width="content")
        for one, name in zip(chosen, called, strict=True):
            link_to("profile", name, replace(state, selected=one))


def _chart_rows(chosen: list[str], scene: Scene) -> pd.DataFrame:
    words, scores = scene.words, scene.scores
    rows = [
        {
            "layer": words.of(layer.name), "value": value, "who": names(scores)[one],
            "text": words(
                "map.tip_layer", name=names(scores)[one], value=words.number(value, 1)
            ),
        }
        for layer in scores.dataset.catalogue.sublayers()
        for one, value in zip(chosen, scores.layers[layer.id][chosen], strict=True)
        if pd.notna(value)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _figure_rows(chosen: list[str], scene: Scene) -> list[list[str]]:
    words, scores = scene.words, scene.scores
    bands: dict[Any, dict[Any, Any]] = scene.bands.bands.loc[chosen].to_dict("index")
    rows = [
        [words("compare.rank", of=words.number(int(scores.ranks.notna().sum()))),
         *(place(scores.ranks[one], words) for one in chosen)],
        [words("compare.band"), *(_band(bands[one], words) for one in chosen)],
        [words("compare.top_quarter"), *(_share(bands[one], words) for one in chosen)],
        [words("compare.score"), *(words.number(scores.index[one], 1) for one in chosen)],
    ]  # fmt: skip
    shares = scores.plan.shares()["share_of_index"]
    for layer in scores.dataset.catalogue.sublayers():
        share = words.percent(float(shares[f"layer:{layer.id}"]), 1)
        values = scores.layers[layer.id]
        rows.append([
            f"{words.of(layer.name)} ({share})",
            *(words.number(values[one], 1) for one in chosen),
        ])  # fmt: skip
    return rows


def _band(row: dict[Any, Any], words: Words) -> str:
    if pd.isna(row["rank_p05"]):
        return words.number(None)
    return words("panel.band_range", low=int(row["rank_p05"]), high=int(row["rank_p95"]))


def _share(row: dict[Any, Any], words: Words) -> str:
    share = row["top_quarter"]
    return words.number(None) if pd.isna(share) else words.percent(float(share))


def _wins_of(ranked: list[str], scene: Scene) -> pd.DataFrame:
    recipe = scene.scores.recipe
    return _pairwise(recipe.to_toml(), tuple(ranked), scene.state.spread, recipe)


@store.kept(most=64)
def _pairwise(
    key: str, ranked: tuple[str, ...], spread: str, _recipe: Recipe  # noqa: ARG001 -- the cache's
) -> pd.DataFrame:  # fmt: skip
    return smaa(
        store.scores(_recipe), chosen=ranked, draws=store.DRAWS, seed=store.SEED,
        spread=SPREADS[spread], central=False,
    ).wins  # fmt: skip


def _wins(ranked: list[str], wins: pd.DataFrame, scene: Scene) -> None:
    """Share of the weightings in which one is ahead of another; of two in a sentence as well."""
    words, called = scene.words, names(scene.scores)
    st.header(words("compare.wins"), anchor=False)
    shares: dict[Any, dict[Any, float]] = wins.to_dict("index")
    if len(ranked) == _FEWEST:
        ahead, behind = max(permutations(ranked), key=lambda two: shares[two[0]][two[1]])
        share = words.percent(shares[ahead][behind], 1)
        st.markdown(words("compare.wins_words", a=called[ahead], b=called[behind], share=share))
    rows = [
        [called[one], *(words.percent(shares[one][other], 1) for other in ranked)] for one in ranked
    ]
    head = [words("compare.wins_row"), *(called[one] for one in ranked)]
    st.html(html_table(head, rows, label=words("compare.wins")))
    st.caption(words(
        "compare.wins_note", draws=words.number(scene.bands.draws),
        spread=words(f"map.caption_spread_{scene.state.spread}"),
    ))  # fmt: skip


def _downloads(chosen: list[str], wins: pd.DataFrame, scene: Scene) -> None:
    words = scene.words
    st.header(words("downloads.heading"), anchor=False)
    with st.container(horizontal=True):
        for key, german in (("csv_de", True), ("csv", False)):
            st.download_button(
                words(f"compare.{key}"), partial(_csv, chosen, wins, scene, german=german),
                "potenzialatlas_vergleich.csv", "text/csv", key=f"get.compare.{key}",
                on_click="ignore",
            )  # fmt: skip
        first_two = (chosen[0], chosen[1])
        embed.offer(scene.state, scene.scores, scene.bands, words, kinds={"compare": first_two})


def _csv(chosen: list[str], wins: pd.DataFrame, scene: Scene, *, german: bool) -> bytes:
    whole = replace(scene.scores, selected=scene.scores.index.index.to_series().isin(chosen))
    table = result_table(whole, scene.bands).set_index("region").loc[chosen]
    table = table.join(wins.add_prefix("ahead_of_")).rename_axis("region").reset_index()
    about = [scene.words("compare.csv_columns")]
    about += provenance(scene.scores, bands=scene.bands).lines(scene.state.language)
    return sheets.csv_file(table, about, excel_de=german)
