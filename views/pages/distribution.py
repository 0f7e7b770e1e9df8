"""The page of distributions: N people shared out over the Kreise by a rule, as a what-if."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.errors import PotenzialatlasError
from layers.study.distribution import distribute, room
from views import store
from views.frame import close_page, open_page
from views.parts import distribution as parts
from views.parts import distribution_inputs as inputs
from views.parts import distribution_tables as tables
from views.state import SPREADS

if TYPE_CHECKING:
    from layers import Scores
    from layers.dataset import Dataset
    from layers.study.distribution import Distribution
    from views.frame import Scene
    from views.i18n import Words
    from views.parts.distribution_inputs import Asked

__all__ = ["page"]

#: Reasons to refuse a rule that have words of their own.
_KNOWN = ("negative_score", "nobody", "nothing")


def page() -> None:
    """Draw the page."""
    scene = open_page("distribution", _head, own=inputs.KEYS)
    if scene is None:
        return
    asked = inputs.ask(scene)
    found = _answer(asked, scene) if asked is not None else None
    _limits(scene)
    if found is not None:
        tables.downloads(found, scene)
    close_page(scene, inputs.link(asked, scene))


def _head(_: Dataset, words: Words) -> None:
    st.title(words("distribution.title"), anchor=False)
    st.markdown(words("distribution.lead"))


def _answer(asked: Asked, scene: Scene) -> Distribution | None:
    """Draw what the rule gives, or say why it cannot be followed."""
    try:
        most = room(scene.scores, asked.rule)
        if most is not None and most < sum(asked.people):
            _refuse_room(most, sum(asked.people), scene.words)
            return None
        found = _found(_key(asked, scene), scene.scores, asked, scene.state.spread)
    except PotenzialatlasError as error:
        _refuse(error, scene.words)
        return None
    parts.in_words(found, most, scene)
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        parts.map_of(found, asked, scene)
    with right:
        tables.one_region(found, asked, scene)
    tables.region_table(found, scene)
    tables.land_table(found, scene)
    tables.step_table(found, scene)
    _source(found, scene.words)
    return found


def _key(asked: Asked, scene: Scene) -> str:
    return f"{asked.people} {asked.rule.to_toml()} {scene.scores.recipe.to_toml()}"


@store.kept(most=32)
def _found(
    key: str,  # noqa: ARG001 -- the key of the cache
    _scores: Scores,
    _asked: Asked,
    spread: str,
) -> Distribution:
    return distribute(
        _scores, _asked.people, _asked.rule, draws=store.DRAWS, seed=store.SEED,
        spread=SPREADS[spread],
    )  # fmt: skip


def _refuse_room(most: int, people: int, words: Words) -> None:
    told = {"most": words.number(most), "people": words.number(people)}
    st.warning(words("distribution.refused_no_room", **told))


def _refuse(error: PotenzialatlasError, words: Words) -> None:
    if error.code in _KNOWN:
        st.warning(words(f"distribution_refused.{error.code}"))
    else:
        st.warning(words("studies.impossible", message=error))


def _source(found: Distribution, words: Words) -> None:
    if found.present is not None:
        st.caption(words(
            "distribution.present_source", year=found.present.year,
            population_year=found.present.population_year,
            attribution=found.present.source.attribution,
        ))  # fmt: skip


def _limits(scene: Scene) -> None:
    """Say what no rule can know."""
    st.header(scene.words("distribution.limits"), anchor=False)
    st.markdown(scene.words("distribution.limits_text"))
