"""A round on the page of weightings: nobody finds a trace of those before them."""

from __future__ import annotations

import pytest
from bench import bench, linked, run
from bench import said as words_on

from layers import Recipe
from views.state import SPREADS


@pytest.fixture
def app():
    return bench("weightings")


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception, app.exception[0].message


def drawn(app):
    """Return all that was sent to the browser, as text."""
    return "\n".join(str(one.proto) for one in app.main) + "\n".join(
        str(one.proto) for one in app.sidebar
    )


def shares(app):
    return next(str(one.proto.body) for one in app.get("html") if "atlas-shares" in one.proto.body)


def assert_no_trace(app, name="Anna"):
    """Nothing of a person who is done is in the page, the link or what leads back to weights."""
    assert linked(app) == {}
    assert name not in drawn(app)
    for key in ("round.1.w.housing", "round.1.name", "contested_before"):
        assert key not in app.session_state
    start = app.session_state["round"].start
    assert app.session_state["last"].recipe == start
    assert app.session_state["history"].steps == (start,)
    assert app.session_state["w.housing"] == start.weight("layer", "housing", 1.0)
    assert app.session_state["base"] == start
    assert app.session_state["voices"] == ()
    assert "weightings" not in app.session_state["own"]


def test_two_people_weigh_unseen_and_the_results_come_at_the_end(app):
    run(app, w__housing="5", p__list="Eva!!w.society=4~equal")
    press(app, "round.begin")
    assert "Person 1 ist an der Reihe" in " ".join(one.value for one in app.subheader)
    assert linked(app) == {}
    assert "Eva" not in drawn(app)
    press(app, "round.take")
    # Everybody begins alike, whatever stood in the sidebar before.
    assert {one.value for one in app.select_slider} == {1.0}
    app.select_slider(key="round.1.w.housing").set_value(3.0).run()
    assert "Anteil 30,0\xa0%" in words_on(app)
    app.text_input(key="round.1.name").set_value("Anna").run()
    press(app, "round.ready")
    assert_no_trace(app)
    assert app.button(key="round.end").disabled
    press(app, "round.take")
    assert_no_trace(app)
    assert {one.value for one in app.select_slider} == {1.0}
    app.select_slider(key="round.2.w.services").set_value(0.0).run()
    press(app, "round.ready")
    press(app, "round.end")
    assert "Anna" not in drawn(app)
    press(app, "round.yes")
    assert all(name in shares(app) for name in ("Eva", "Anna", "Person 2"))
    assert linked(app)["p.list"] == "Eva!!w.society=4~equal~Anna!!w.housing=3~#2!!w.services=0"
    # What was there before the round is there again.
    assert linked(app)["w.housing"] == "5"
    assert app.session_state["w.housing"] == 5.0
    assert len(app.session_state["history"].steps) == 1


def test_an_interrupted_turn_shows_nothing_until_somebody_goes_on(app):
    run(app)
    press(app, "round.begin")
    press(app, "round.take")
    app.select_slider(key="round.1.w.housing").set_value(3.0).run()
    # On the way the person looked at the map and moved a weight there.
    app.session_state["page"] = "karte"
    app.session_state["last"] = app.session_state["last"].with_recipe(
        Recipe(weights={"layer:society": 4.0})
    )
    run(app)
    assert not app.select_slider
    press(app, "round.resume")
    assert app.select_slider(key="round.1.w.housing").value == 3.0
    press(app, "round.ready")
    assert_no_trace(app, "layer:society")


def test_a_turn_without_weights_is_not_handed_on_and_a_round_can_be_dropped(app):
    run(app, w__services="3")
    app.radio(key="weightings.start").set_value("present").run()
    press(app, "round.begin")
    press(app, "round.take")
    assert app.select_slider(key="round.1.w.services").value == 3.0
    now = app.session_state["round"]
    for layer in ("labour_market", "prosperity", "housing", "demography", "services",
                  "accessibility", "society", "integration_need"):  # fmt: skip
        now = now.weighed(layer, 0.0, 1.0)
    app.session_state["round"] = now
    press(app, "round.ready")
    assert "Alle Gewichte stehen auf 0" in words_on(app)
    press(app, "round.back")
    press(app, "round.drop")
    press(app, "round.yes")
    assert "Als Beispiel" in words_on(app)
    assert linked(app)["w.services"] == "3"
    assert app.session_state["spread"] in SPREADS


def test_an_indicator_can_be_left_out_in_a_turn(app):
    run(app)
    press(app, "round.begin")
    press(app, "round.take")
    app.selectbox(key="round.1.layer").set_value("demography").run()
    app.selectbox(key="round.1.i.mean_age").set_value("0").run()
    app.checkbox(key="round.1.turn.demography").check().run()
    draft = app.session_state["round"].draft
    assert draft.directions == {"mean_age": "0", "layer:demography": "-"}
