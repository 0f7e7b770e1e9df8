"""Parts of the comparison page: what turns an order round, and which places are possible at all.

Each part draws itself from a `Scene`; what it shows is computed in `layers.certainty`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import streamlit as st

from layers.certainty.extremes import extremes
from layers.certainty.flip import flip
from layers.certainty.reweigh import with_shares
from layers.errors import PotenzialatlasError
from layers.table import names
from views.charts.tables import html_table
from views.frame import link_to
from views.state import OWN_NAME

if TYPE_CHECKING:
    import pandas as pd

    from layers.certainty.flip import Flip
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["extreme_places", "turn_round"]

_PAIR = "compare.pair"
#: What can be said if there are no weights to show.
_OUTCOMES = ("already", "dominance", "gaps", "limits", "undecided")
#: Seconds of search for one end of one region.
_SECONDS = 2.0
#: Changes of a share below this are a solver's dust, not worth a word.
_SPECK = 5e-5


def turn_round(ranked: list[str], scene: Scene) -> str:
    """Say the smallest change of weights that turns two regions round.

    Returns
    -------
    str
        The pair as the link writes it, or nothing if there is only one.
    """
    words, scores = scene.words, scene.scores
    st.header(words("compare.flip"), anchor=False)
    pairs = [
        "~".join(sorted(two, key=lambda one: -scores.index[one])) for two in combinations(ranked, 2)
    ]
    pair = _pair(pairs, scene) if len(pairs) > 1 else pairs[0]
    ahead, behind = pair.split("~")
    try:
        found = flip(scores, ahead, behind)
    except PotenzialatlasError as error:
        st.info(_in_words(error, words))
    else:
        _answer(found, ahead, behind, scene)
    return pair if len(pairs) > 1 and pair != pairs[0] else ""


def _pair(pairs: list[str], scene: Scene) -> str:
    words, session, called = scene.words, st.session_state, names(scene.scores)
    if scene.arrived or session.get(_PAIR) not in pairs:
        asked = scene.own.get("pair", "")
        session[_PAIR] = asked if asked in pairs else pairs[0]

    def written(pair: str) -> str:
        ahead, behind = pair.split("~")
        return words("compare.overtakes", behind=called[behind], ahead=called[ahead])

    return st.selectbox(words("compare.pair"), pairs, key=_PAIR, format_func=written)


def _answer(found: Flip, ahead: str, behind: str, scene: Scene) -> None:
    words, scores = scene.words, scene.scores
    said = {"ahead": names(scores)[ahead], "behind": names(scores)[behind]}
    if found.weights is None or found.distance is None or found.status != "possible":
        said_of = found.reason or found.status
        outcome = said_of if said_of in _OUTCOMES else "undecided"
        st.markdown(words(f"compare.{outcome}", **said))
        return
    moved = words.percent(found.distance / 2, 1)
    st.markdown(words("compare.possible", **said, moved=moved))
    st.html(_changes(found.before, found.weights, scene))
    recipe = with_shares(scores.recipe, scores.dataset.catalogue, found.weights)
    recipe = recipe.model_copy(update={"name": OWN_NAME})
    state = replace(scene.state.with_recipe(recipe), selected=behind, own={}, show="score")
    with st.container(key="links_flip"):
        link_to("map", words("compare.open_map"), state)


def _changes(before: pd.Series, after: pd.Series, scene: Scene) -> str:
    """Table of the layers whose share changes."""
    words, catalogue = scene.words, scene.dataset.catalogue.layer_by_id
    rows = [
        [
            words.of(catalogue[str(key)].name), words.percent(before[key], 1),
            words.percent(after[key], 1), words.signed(100 * (after[key] - before[key]), 1),
        ]
        for key in before.index if abs(after[key] - before[key]) > _SPECK
    ]  # fmt: skip
    head = [words(f"compare.{column}") for column in ("layer", "before", "after", "change")]
    return html_table(head, rows, label=words("compare.flip"))


def extreme_places(ranked: list[str], scene: Scene) -> None:
    """Search the best and the worst place of every region, when asked to."""
    words, session = scene.words, st.session_state
    st.header(words("compare.extremes"), anchor=False)
    st.caption(words("compare.extremes_note"))
    asked = (scene.scores.recipe.to_toml(), tuple(ranked))
    seconds = words.number(2 * _SECONDS * len(ranked))
    known: dict[Any, Any] = session.setdefault("compare.places", {})
    if st.button(words("compare.search", seconds=seconds), key="compare.search"):
        try:
            known = {asked: _search(ranked, scene)}
        except PotenzialatlasError as error:
            st.info(_in_words(error, words))
            return
        session["compare.places"] = known
    if asked in known:
        st.html(_places(known[asked], scene))
        if not known[asked][["best_exact", "worst_exact"]].to_numpy().all():
            st.caption(words("compare.search_note"))


def _search(ranked: list[str], scene: Scene) -> pd.DataFrame:
    words = scene.words

    def said(done: int, whole: int) -> str:
        return words("compare.searching", done=done, all=whole)

    bar = st.progress(0.0, said(0, len(ranked)))

    def tell(done: int, whole: int) -> None:
        bar.progress(done / whole, said(done, whole))

    found = extremes(scene.scores, ranked, time_limit=_SECONDS, progress=tell)
    bar.empty()
    return found


def _places(found: pd.DataFrame, scene: Scene) -> str:
    words, called = scene.words, names(scene.scores)
    rows = [
        [called[str(region)], _place(row, "best", words), _place(row, "worst", words)]
        for region, row in found.to_dict("index").items()
    ]
    head = [words("table.name"), words("compare.best"), words("compare.worst")]
    return html_table(head, rows, label=words("compare.extremes"))


def _place(row: dict[Any, Any], side: str, words: Words) -> str:
    if row[f"{side}_exact"]:
        return words.number(row[side])
    text = {"best": "not_better", "worst": "not_worse"}[side]
    return words(f"compare.{text}", rank=row[side], bound=row[f"{side}_bound"])


def _in_words(error: PotenzialatlasError, words: Words) -> str:
    if error.code == "not_linear":
        return words("compare.not_linear")
    return words("error.other", message=error)
