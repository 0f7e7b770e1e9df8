"""The page of kinds of place: the recipe holds the choices, the page says what they come to."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from layers import Dataset
from views import store


def draw():
    import streamlit as st

    from views.pages import kinds

    st.session_state["came_from"] = st.session_state.get("page", "")
    st.session_state["page"] = "raumtypen"
    kinds.page()


@pytest.fixture
def app():
    return AppTest.from_function(draw, default_timeout=60)


def run(app, **query):
    app.query_params.update({key.replace("__", "."): value for key, value in query.items()})
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def linked(app, key):
    value = app.query_params.get(key)
    return value[0] if isinstance(value, list) else value


def words_on(app):
    parts = [*app.caption, *app.markdown, *app.info, *app.warning, *app.error]
    return " ".join(str(part.value) for part in parts)


def test_bounds_go_into_the_link_and_back_by_undo(app):
    run(app)
    app.number_input(key="kinds.population_high").set_value(0.5).run()
    assert linked(app, "kp") == "-0.25~0.5"
    assert "+5,1" in words_on(app)
    app.button(key="undo").click().run()
    assert linked(app, "kp") is None
    assert app.number_input(key="kinds.population_high").value == 0.25
    # Another series brings bounds that fit it, and one button leads back.
    app.selectbox(key="kinds.economy").set_value("unemployment_rate").run()
    assert linked(app, "kb") == "-0.1~0.1"
    assert "Sinken heißt bei dieser Reihe wachsen" in words_on(app)
    app.button(key="kinds.reset").click().run()
    assert linked(app, "ke") is None
    assert not app.exception


def test_bounds_that_make_no_sense_change_nothing(app):
    run(app, kp="-0.3~0.3")
    app.number_input(key="kinds.population_high").set_value(-3.0).run()
    assert "untere Schwelle muss unter der oberen" in words_on(app)
    assert linked(app, "kp") == "-0.3~0.3"
    app.selectbox(key="kinds.first").set_value(2021).run()
    assert "untere Schwelle" in words_on(app)


def test_a_kind_becomes_a_selection(app):
    run(app, lang="en", p__type="shrinking_shrinking")
    app.selectbox(key="kinds.of_size").set_value("small").run()
    app.button(key="kinds.use").click().run()
    assert [linked(app, f"f.kind_{part}") for part in ("economy", "population", "size")] == [
        "shrinking", "shrinking", "small",
    ]  # fmt: skip
    assert "in the selection" in words_on(app)


def test_a_selection_that_other_bounds_leave_empty_is_told_and_can_be_undone(app):
    run(app, f__kind_population="shrinking")
    app.number_input(key="kinds.population_low").set_value(-9.0).run()
    assert "gibt es mit diesen Grenzen nicht" in app.error[0].value
    app.button(key="undo").click().run()
    assert not app.error
    assert linked(app, "f.kind_population") == "shrinking"


def test_who_changes_and_one_kreis_in_words(app):
    run(app, sel="06636")
    assert "17 von 22 Varianten" in words_on(app)
    app.selectbox(key="kinds.who").set_value(10).run()
    assert "36 Kreise: " in words_on(app)
    for view in ("kind_size", "sure"):
        app.segmented_control(key="kinds.view").set_value(view).run()
        assert not app.exception
        assert linked(app, "p.map") == view


def test_the_widest_bounds_that_a_recipe_may_hold_can_be_shown(app):
    run(app, kp="-100~100", kb="-100~100", kz="1~1e9")
    assert app.number_input(key="kinds.size_high").value == 10**9
    assert not app.warning


@pytest.mark.parametrize("query", [{"ke": "magic"}, {"kp": "<b>~1"}])
def test_a_damaged_link_is_told_and_takes_the_usual(app, query):
    run(app, **query)
    assert app.warning
    assert linked(app, next(iter(query))) is None


def test_a_dataset_without_the_series_says_what_is_missing(app, monkeypatch):
    toy = Dataset.open(Path(__file__).parents[2] / "toy")
    monkeypatch.setattr(store, "dataset", lambda: toy)
    monkeypatch.setattr(store, "presets", lambda: {"equal": store.paths.default_recipe(toy)})
    monkeypatch.setattr(store, "default_recipe", lambda: store.paths.default_recipe(toy))
    run(app)
    assert "Einwohnerdichte" in words_on(app)
