"""Under another grouping every page holds, says which it is, and what it has no data for."""

from __future__ import annotations

import json

import pytest
from handing import hand_over
from streamlit.testing.v1 import AppTest

from layers import Recipe
from views import controls
from views.file_input import GivenFile

SCRIPT = "views/pages/navigation.py"
REGION = "06636"


def _draw(name):
    """Draw one page as the app does."""
    import importlib

    import streamlit as st

    st.session_state["pages"] = {}
    st.session_state["came_from"] = st.session_state.get("page", "")
    st.session_state["page"] = name
    importlib.import_module(f"views.pages.{name}").page()


def opened(name, **query):
    app = AppTest.from_function(_draw, kwargs={"name": name}, default_timeout=120)
    for key, value in query.items():
        app.query_params[key.replace("__", ".")] = value
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def said(app):
    parts = [*app.caption, *app.markdown, *app.header, *app.warning, *app.error]
    return " ".join(str(part.value) for part in parts)


def link(app):
    return {
        key: value[0] if isinstance(value, list) else value
        for key, value in app.query_params.items()
    }


@pytest.mark.parametrize(
    ("name", "query", "told"),
    [
        ("indicators", {}, ["Engagement (keine Daten)", "Vereine"]),
        ("indicators", {"lang": "en"}, ["Civic engagement (no data)", "clubs"]),
        ("profile", {"sel": REGION}, ["Gruppierung: Fünf Foren", "nicht gewertet: Engagement."]),
        ("compare", {"p__with": f"05315~{REGION}"}, ["Gruppierung: Fünf Foren"]),
        ("change", {}, ["Gruppierung: Fünf Foren"]),
        ("robustness", {}, ["Gruppierung: Fünf Foren"]),
        ("weightings", {}, []),
    ],
)  # fmt: skip
def test_a_page_holds_under_another_grouping_keeps_it_and_says_so(name, query, told):
    app = opened(name, ln="nap1", nc="drop", **query)
    assert not app.error
    assert link(app)["ln"] == "nap1"
    assert app.selectbox(key="lens").value == "nap1"
    assert all(words in said(app) for words in told)


def test_how_many_indicators_are_not_scored_is_said_beside_the_choice():
    told = said(opened("map", ln="whole_comm", nc="drop"))
    assert "Gruppierung: Felder der Gemeinde" in told
    assert "Nicht gewertet: 17 Indikatoren" in told


@pytest.fixture
def app(request):
    app = AppTest.from_file(str(request.config.rootpath / SCRIPT), default_timeout=60).run()
    assert not app.exception
    return app


def sliders(app):
    """Areas whose weight can be moved."""
    return [
        json.loads(one.proto.bytes)["layer"]
        for one in app.get("bidi_component")
        if one.proto.component_name == "potenzialatlas_weight"
    ]


def choose(app, key, value):
    app.selectbox(key=key).set_value(value).run()
    assert not app.exception
    return link(app)


def test_a_change_of_grouping_keeps_switches_and_forgets_weights_of_areas(app):
    app.session_state["w.housing"] = 3.0
    app.session_state["on.rent_level"] = False
    app.run()
    now = choose(app, "lens", "nap1")
    assert now["ln"] == "nap1"
    assert now["wi.rent_level"] == "0"
    assert not any(key.startswith("w.") for key in now)
    assert "nap1_rural" in sliders(app)
    assert "nap1_engagement" not in sliders(app)
    app.button(key="undo").click().run()
    assert link(app)["w.housing"] == "3"
    app.button(key="redo").click().run()
    assert link(app) == now


def test_equal_weights_stay_in_the_grouping_and_a_preset_brings_its_own(app):
    choose(app, "lens", "nap1")
    assert app.button(key="reset").disabled
    app.session_state["w.nap1_work"] = 2.0
    app.run()
    assert link(app)["w.nap1_work"] == "2"
    app.button(key="reset").click().run()
    assert link(app)["ln"] == "nap1"
    assert "w.nap1_work" not in link(app)
    now = choose(app, "preset", "housing_first")
    assert "ln" not in now
    assert now["w.housing"] == "3"


def test_a_map_of_an_area_goes_back_to_the_score_when_the_area_is_gone(app):
    choose(app, "lens", "nap1")
    assert choose(app, "show", "layer:nap1_work")["show"] == "layer:nap1_work"
    assert "layer:nap1_engagement" not in app.selectbox(key="show").options
    assert "show" not in choose(app, "lens", "three_aims")


def test_a_recipe_file_brings_its_grouping_and_one_unknown_is_refused(app, monkeypatch):
    recipe = Recipe.parse({"lens": "nap1", "weights": {"layer:nap1_work": 2.0}})
    hand_over(monkeypatch, controls, GivenFile("nap1.toml", recipe.to_toml()))
    app.session_state["weights.files"] = True
    app.run().button(key="give.file").click().run()
    assert (link(app)["ln"], link(app)["w.nap1_work"]) == ("nap1", "2")
    hand_over(monkeypatch, controls, GivenFile("bad.toml", 'lens = "nap9"'))
    app.run().button(key="give.file").click().run()
    assert "nap9" in app.warning[0].value
    assert link(app)["ln"] == "nap1"


def test_a_link_with_a_grouping_that_there_is_not_shows_the_usual_one_and_says_so():
    app = opened("map", ln="nap9")
    assert app.selectbox(key="lens").value == ""
    assert app.warning
