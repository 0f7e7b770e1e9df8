"""The sidebar: back and forth, what is contested, equal weights, saving under a name."""

from __future__ import annotations

import pytest
from bench import bench, linked, run
from handing import hand_over

from layers import Recipe
from views import controls, frame, store
from views.file_input import GivenFile
from views.state import OWN_NAME


@pytest.fixture
def app():
    return run(bench("map"))


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return linked(app)


def changed(app):
    """Change a weight, a direction, the selection and the method, one after the other."""
    links = [linked(app)]
    app.session_state["w.housing"] = 3.0
    links.append(linked(app.run()))
    app.session_state["in.demography"] = True
    app.run().checkbox(key="turn.demography").check().run()
    links.append(linked(app))
    app.multiselect(key="f.thuenen_type").set_value(["1"]).run()
    links.append(linked(app))
    app.selectbox(key="normalise").set_value("rank").run()
    links.append(linked(app))
    return links


def test_every_change_can_be_taken_back_and_brought_again(app):
    links = changed(app)
    assert len({tuple(sorted(one.items())) for one in links}) == 5
    assert [press(app, "undo") for _ in range(4)] == links[3::-1]
    assert app.button(key="undo").disabled
    assert [press(app, "redo") for _ in range(4)] == links[1:]
    assert app.button(key="redo").disabled


def test_a_loaded_link_begins_a_new_history(app):
    changed(app)
    app.query_params.clear()
    run(app, w__services="4")
    assert app.button(key="undo").disabled


def test_the_way_back_of_the_browser_keeps_the_history(app, monkeypatch):
    links = changed(app)
    monkeypatch.setattr(frame, "_went_back", lambda: True)
    app.query_params.clear()
    app.query_params.update(links[1])
    app.run()
    assert press(app, "redo") == links[2]


def test_a_change_sent_before_the_last_answer_came_keeps_both(app):
    """It carries the link that the answer has since replaced."""
    links = changed(app)
    app.query_params.clear()
    app.query_params.update(links[1])
    app.session_state["w.society"] = 3.0
    app.run()
    assert linked(app) == links[-1] | {"w.society": "3"}


def test_what_is_contested_goes_and_comes_back_as_it_was(app):
    app.session_state["w.demography"] = 2.0
    app.session_state["in.housing"] = True
    app.run().checkbox(key="on.vacancy_rate").uncheck().run()
    before = linked(app)
    app.toggle(key="uncontested").set_value(True).run()
    catalogue = store.dataset().catalogue
    contested = [key for key, one in catalogue.indicator_by_id.items() if one.contested]
    assert not any(app.session_state[f"on.{key}"] for key in contested)
    assert linked(app)["w.demography"] == "0"
    app.toggle(key="uncontested").set_value(False).run()
    assert linked(app) == before


def test_the_switch_says_what_a_preset_has_left_out(app):
    app.toggle(key="uncontested").set_value(True).run()
    link = linked(app)
    again = run(bench("map"), **link)
    assert again.toggle(key="uncontested").value is True
    again.toggle(key="uncontested").set_value(False).run()
    assert linked(again) == {}


def test_equal_weights_leave_selection_and_method(app):
    changed(app)
    link = press(app, "reset")
    assert not any(key.startswith(("w.", "dl.")) for key in link)
    assert (link["f.thuenen_type"], link["nm"]) == ("1", "rank")
    assert press(app, "undo")["w.housing"] == "3"


def test_a_recipe_is_saved_under_the_name_given():
    recipe = Recipe(weights={"layer:housing": 3.0})
    named = controls.named(recipe, "  Anna  ")
    assert (named.name.de, named.name.en) == ("Anna", "Anna")
    assert named.weights == recipe.weights
    assert controls.named(recipe, " ") == recipe


def test_what_was_chosen_behind_a_layer_stays_when_it_is_closed(app):
    app.session_state["in.housing"] = True
    app.run().checkbox(key="on.vacancy_rate").uncheck().run()
    app.session_state["in.housing"] = False
    app.run()
    assert "on.vacancy_rate" not in [one.key for one in app.checkbox]
    assert linked(app)["wi.vacancy_rate"] == "0"
    app.session_state["in.housing"] = True
    assert app.run().checkbox(key="on.vacancy_rate").value is False


def test_a_recipe_file_sets_the_weights_and_keeps_its_name_until_they_change(app, monkeypatch):
    recipe = Recipe.parse({"name": "Anna", "weights": {"layer:housing": 3.0}})
    hand_over(monkeypatch, controls, GivenFile("anna.toml", recipe.to_toml()))
    app.session_state["weights.files"] = True
    app.run()
    assert press(app, "give.file")["w.housing"] == "3"
    assert app.session_state["last"].recipe.name.de == "Anna"
    app.multiselect(key="f.thuenen_type").set_value(["1"]).run()
    assert app.session_state["last"].recipe.name.de == "Anna"
    app.session_state["w.housing"] = 2.0
    app.run()
    assert app.session_state["last"].recipe.name == OWN_NAME
    press(app, "undo")
    assert app.session_state["last"].recipe.name.de == "Anna"


def test_a_file_that_is_no_recipe_is_refused_once_and_changes_nothing(app, monkeypatch):
    hand_over(monkeypatch, controls, GivenFile("bad.toml", '[weights]\n"layer:nowhere" = 1.0'))
    app.session_state["weights.files"] = True
    app.run()
    assert press(app, "give.file") == {}
    assert "„bad.toml“ wurde nicht übernommen" in app.warning[0].value
    assert "Link" not in app.warning[0].value
    assert not app.run().warning
