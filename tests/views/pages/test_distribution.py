"""The page of distributions, drawn alone."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from layers.study.distribution import distribute
from layers.study.distribution_rule import Rule
from views import store
from views.parts.distribution_tables import file_of


def draw():
    import streamlit as st

    from views.pages import distribution

    st.session_state["came_from"] = st.session_state.get("page", "")
    st.session_state["page"] = "verteilung"
    distribution.page()


@pytest.fixture
def app():
    return AppTest.from_function(draw, default_timeout=60)


def run(app, **query):
    app.query_params.update({key.replace("__", "."): value for key, value in query.items()})
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def linked(app):
    return {
        key: value[0] if isinstance(value, list) else value
        for key, value in app.query_params.items()
    }


def words_on(app):
    parts = [*app.caption, *app.markdown, *app.info, *app.warning, *app.error, *app.title]
    return " ".join(str(part.value) for part in parts)


def table(app, column="persons"):
    return next(one.value for one in app.dataframe if column in one.value)


def mixture(app):
    shares = {str(one.key): one.value for one in app.slider}
    start = "distribution.mix."
    return {key.removeprefix(start): one for key, one in shares.items() if key.startswith(start)}


def test_a_first_visit_adds_up_and_puts_the_chosen_kreis_into_words(app):
    run(app, sel="05513")
    assert linked(app) == {"sel": "05513"}
    found, said = table(app), words_on(app)
    assert found["persons"].sum() == 100_000
    assert found["by_population"].sum() == 100_000
    assert set(found["against"]) == {"mehr", "weniger", "offen"}
    row = found.set_index("name").loc["Gelsenkirchen"]
    assert f"kämen {row['persons']} von 100.000 Menschen nach **Gelsenkirchen**" in said
    assert f"meist {row['range'].replace(' – ', ' bis ')}" in said
    assert "Weniger als nach Bevölkerung sind es unter fast allen Gewichtungen." in said
    assert "kein Vorschlag" in said
    assert "Kein amtlicher Schlüssel" in said


def test_everything_asked_for_is_restored_by_the_link(app):
    query = {"p.mix": "population!40~area!60", "p.cap": "9", "p.present": "on", "p.land": "03~16",
             "p.n": "500", "p.steps": "3", "p.each": "on", "p.view": "against", "lang": "en",
             "sel": "16054"}  # fmt: skip
    app.query_params.update(query)
    run(app)
    assert linked(app) == query
    assert mixture(app)["area"] == 60
    steps = table(app, "Step 1")
    assert [int(steps[f"Step {number}"].sum()) for number in (1, 2, 3)] == [500] * 3
    assert "Suhl" in words_on(app)


def test_moving_one_share_moves_the_others_and_a_rule_on_offer_brings_its_own(app):
    run(app, p__land="04", p__n="100")
    app.slider(key="distribution.mix.population").set_value(50).run()
    assert {key: one for key, one in mixture(app).items() if one} == {"score": 50, "population": 50}
    assert app.selectbox(key="distribution.rule").value == "half"
    app.slider(key="distribution.mix.area").set_value(20).run()
    assert sum(mixture(app).values()) == 100
    assert app.selectbox(key="distribution.rule").value == "own"
    app.selectbox(key="distribution.rule").set_value("population").run()
    assert {key: one for key, one in mixture(app).items() if one} == {"population": 100}
    assert "Das ist die Verteilung allein nach Bevölkerung." in words_on(app)
    assert "range" not in table(app)


def test_a_kreis_elsewhere_and_no_land_at_all_are_told(app):
    run(app, sel="05513", p__land="04", p__n="700")
    assert "Gelsenkirchen liegt nicht im gewählten Gebiet." in words_on(app)
    assert table(app)["persons"].sum() == 700
    assert len(table(app)) == 2
    app.multiselect(key="distribution.land").set_value([]).run()
    assert "mindestens ein Land" in words_on(app)
    assert linked(app)["p.n"] == "700"


def test_the_selection_of_the_sidebar_can_be_the_scope(app):
    run(app, p__scope="selected", f__thuenen_type="1")
    assert len(table(app)) == int((store.dataset().regions["thuenen_type"] == 1).sum())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"p.cap": "0.1"}, "höchstens **8."),
        ({"nm": "zscore"}, "Potenzialwerten unter 0"),
        ({"p.n": "9000000", "p.steps": "12", "p.each": "on"}, "108.000.000"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_no_numbers_are_shown(app, query, said):
    app.query_params.update(query)
    run(app)
    assert said in words_on(app)
    assert not app.error
    assert not any("persons" in one.value for one in app.dataframe)


@pytest.mark.parametrize(
    "query",
    [
        {"p.mix": "<script>", "p.n": "²", "p.steps": "9" * 99, "p.view": "moon"},
        {"p.land": "99", "p.n": "-4"},
        {"p.cap": "0.05"},
    ],
)
def test_a_damaged_link_is_no_error(app, query):
    app.query_params.update(query)
    run(app)
    assert not app.error
    assert "nicht lesbar" in words_on(app)
    assert table(app)["persons"].sum() == 100_000


def test_a_grouping_that_lacks_a_part_of_the_mixture_brings_back_the_usual_rule(app):
    run(app, p__mix="indicator:municipal_tax_power!80~area!20", p__n="500")
    app.selectbox(key="lens").set_value("whole_comm").run()
    assert not app.exception
    assert sum(mixture(app).values()) == mixture(app)["score"] == 100
    assert table(app)["persons"].sum() == 500


def test_the_name_of_a_recipe_in_a_link_is_plain_text(app):
    run(app, n="[Antrag](http://example.org)", w__housing="3")
    assert "(Antrag)(http∶//example.org)" in words_on(app)
    assert "[Antrag]" not in words_on(app)


@pytest.fixture(scope="module")
def found():
    scores = store.scores(store.default_recipe())
    rule = Rule(mixture={"score": 100}, land=("10",))
    scene = SimpleNamespace(
        scores=scores, state=SimpleNamespace(language="de"),
        bands=store.bands(store.default_recipe(), "all"),
    )  # fmt: skip
    return distribute(scores, [100], rule, draws=20), scene


def test_files_hold_the_same_people_and_their_rule(found):
    table = json.loads(file_of("json", *found))["tables"]["distribution"]
    assert sum(row["persons"] for row in table) == 100
    shapes = json.loads(file_of("geojson", *found))["features"]
    rows = pd.DataFrame(one["properties"] for one in shapes)
    assert len(rows) == 400
    assert rows["persons"].sum() == 100
    assert file_of("toml", *found).decode() == found[0].rule.to_toml()
