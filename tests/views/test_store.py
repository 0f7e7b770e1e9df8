"""What is kept for all, and what for the one session whose own data it rests on."""

from __future__ import annotations

import pandas as pd
from streamlit.testing.v1 import AppTest

from layers.extend import OwnData
from views import store


def scored():
    import streamlit as st

    from views import store

    if "extended" in st.session_state:
        store.set_own(st.session_state["extended"])
    recipe = store.default_recipe()
    st.session_state["scores"] = [store.scores(recipe), store.scores(recipe)]
    st.session_state["recipe"] = recipe


def visitor(extended=None):
    app = AppTest.from_function(scored)
    if extended is not None:
        app.session_state["extended"] = extended
    app.run()
    assert not app.exception
    return app.session_state


def extended():
    regions = store.official().regions.index
    values = pd.Series(range(len(regions)), index=regions, dtype="float64")
    return OwnData("Frei", "own", "", "+", 2024).add_to(store.official(), values)


def test_results_of_the_official_data_are_shared_between_visitors():
    assert visitor()["scores"][0] is visitor()["scores"][0]


def test_equal_data_of_two_visitors_are_still_two_visitors_data():
    one, other = visitor(extended()), visitor(extended())
    assert one["scores"][0] is one["scores"][1]
    assert one["scores"][0] is not other["scores"][0]
    assert one["recipe"] == other["recipe"]


def test_outside_any_session_the_data_are_the_official_ones():
    visitor(extended())
    assert store.own() is None
    assert store.dataset() is store.official()


def test_presets_fit_the_extended_dataset():
    one = visitor(extended())
    assert one["recipe"].dataset == one["scores"][0].dataset.reference
    assert one["scores"][0].warnings == ()
