"""The page as a planner uses it: weights, presets, filters, errors; without a browser."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from bench import linked, run
from bench import said as words_on
from streamlit.testing.v1 import AppTest

from layers import Recipe, score
from layers.query import from_query
from views import store

SCRIPT = "views/pages/navigation.py"


@pytest.fixture
def app(request):
    return AppTest.from_file(str(request.config.rootpath / SCRIPT), default_timeout=60)


def weigh(app, **weights):
    """Set weights as the sliders do, which the test bench cannot move itself."""
    for layer, weight in weights.items():
        app.session_state[f"w.{layer}"] = weight
    return app


def opened(app, layer):
    """Open the indicators behind a layer."""
    app.session_state[f"in.{layer}"] = True
    return app.run()


def table(app):
    """Return the table beside the map as a frame, in the order of its rows."""
    (told,) = [
        json.loads(one.proto.bytes)
        for one in app.get("bidi_component")
        if one.proto.component_name == "potenzialatlas_table"
    ]
    return pd.DataFrame({column["kind"]: column["values"] for column in told["columns"][:5]})


def test_a_first_visit_shows_all_400_kreise_ranked(app):
    rows = table(run(app))
    assert len(rows) == 400
    assert rows["rank"].min() == 1
    assert linked(app) == {}


def test_moving_a_weight_changes_table_link_and_shares(app):
    before = table(run(app))["name"].tolist()
    weigh(app, housing=5.0).run()
    after = table(app)["name"].tolist()
    assert before != after
    assert linked(app)["w.housing"] == "5"
    assert app.selectbox(key="preset").value == "own"


def test_the_table_holds_what_the_link_scores(app):
    run(app)
    weigh(app, services=3.0).run()
    opened(app, "housing").checkbox(key="on.vacancy_rate").uncheck().run()
    recipe = from_query(linked(app), columns=store.dataset().regions)
    expected = score(store.dataset(), recipe)
    labels = store.dataset().regions["label"]
    shown = table(app).set_index("name")["rank"]
    assert shown.to_dict() == expected.ranks.set_axis(labels).to_dict()


@pytest.mark.parametrize("preset", ["labour_first", "housing_first", "families", "uncontested"])
def test_a_preset_is_taken_over_whole_and_survives_its_link(app, preset):
    run(app)
    app.selectbox(key="preset").set_value(preset).run()
    assert app.selectbox(key="preset").value == preset
    assert not app.exception
    again = AppTest.from_file(str(store.data_folder().parent / SCRIPT), default_timeout=60)
    again.query_params.update(linked(app))
    again.run()
    assert again.selectbox(key="preset").value == preset
    assert table(again).equals(table(app))


def test_uncontested_switches_off_what_experts_dispute(app):
    run(app)
    app.selectbox(key="preset").set_value("uncontested").run()
    for key, one in store.dataset().catalogue.indicator_by_id.items():
        if one.contested and store.dataset().catalogue.layer_of[key] != "demography":
            assert app.session_state[f"on.{key}"] is False


def test_a_rural_filter_keeps_national_ranks_unless_told_otherwise(app):
    run(app)
    app.multiselect(key="f.thuenen_type").set_value(["1", "2"]).run()
    national = table(app)
    assert len(national) == 171
    assert national["rank"].max() > 171
    app.radio(key="scope").set_value("filtered").run()
    within = table(app)
    assert len(within) == 171
    assert within["rank"].max() <= 171
    assert linked(app)["ref"] == "filtered"


def test_turning_the_contested_layer_turns_the_map_round(app):
    run(app)
    for layer in store.dataset().catalogue.sublayers():
        if layer.id != "demography":
            weigh(app, **{layer.id: 0.0})
    app.run()
    first = table(app).iloc[0]["name"]
    opened(app, "demography").checkbox(key="turn.demography").check().run()
    assert table(app).iloc[-1]["name"] == first
    assert linked(app)["dl.demography"] == "down"


def test_a_kreis_can_be_found_by_name_and_is_explained(app):
    run(app)
    app.selectbox(key="selected").set_value("09187").run()
    assert linked(app)["sel"] == "09187"
    assert any("Landkreis Rosenheim" in str(one.value) for one in app.header)
    details = next(one.value for one in app.dataframe if "Hinweis" in one.value)
    assert len(details) == len(store.dataset().catalogue.indicator_by_id)
    assert details["Jahr"].str.fullmatch(r"\d{4}").all()


def test_english_is_english(app):
    run(app, lang="en")
    assert "Beside each rank" in words_on(app)
    assert "Gewicht" not in words_on(app)


def test_a_gap_is_told_as_a_gap(app):
    run(app, sel="16063")
    details = next(one.value for one in app.dataframe if "Hinweis" in one.value)
    wage = details[details["Indikator"].str.contains("Median|lohn|entgelt", case=False)]
    assert (wage["Wert"] == "–").any()


def test_all_weights_zero_is_said_in_words(app):
    run(app)
    for layer in store.dataset().catalogue.sublayers():
        weigh(app, **{layer.id: 0.0})
    app.run()
    assert not app.exception
    assert "Alle Gewichte stehen auf 0" in words_on(app)
    weigh(app, housing=1.0).run()
    assert len(table(app)) == 400


def test_a_selection_without_any_kreis_is_said_in_words(app):
    run(app)
    app.multiselect(key="f.thuenen_type").set_value(["5"])
    app.multiselect(key="f.eurostat_urbn").set_value(["3"])
    app.multiselect(key="f.land").set_value(["11"]).run()
    assert not app.exception
    assert "Kein Kreis erfüllt" in words_on(app)


@pytest.mark.parametrize("query", [{"w.housing": "abc"}, {"f.land": "99"}, {"k": "1000"}])
def test_a_damaged_link_opens_the_page_and_says_so(app, query):
    app.query_params.update(query)
    run(app)
    assert "beschädigt" in words_on(app)
    assert len(table(app)) == 400


def test_the_geometric_mean_gets_a_scale_it_can_use(app):
    run(app)
    app.selectbox(key="mean").set_value("geometric").run()
    assert len(table(app)) == 400
    assert linked(app)["nr"] == "1~100"
    app.selectbox(key="mean").set_value("arithmetic").run()
    assert "nr" not in linked(app)


def test_a_method_that_only_a_recipe_knows_is_kept_and_named(app):
    run(app, ag="power", ap="0.5", nm="borda", tm="boxcox")
    assert [app.selectbox(key=key).value for key in ("mean", "normalise", "treat")] == [
        "power", "borda", "boxcox"]  # fmt: skip
    weigh(app, housing=2.0).run()
    recipe = from_query(linked(app), columns=store.dataset().regions)
    assert (recipe.aggregate.method, recipe.aggregate.p) == ("power", 0.5)


def test_treated_outliers_are_marked_in_the_panel(app):
    run(app, sel="03103", tm="winsorise")
    assert linked(app)["tm"] == "winsorise"
    details = next(one.value for one in app.dataframe if "Hinweis" in one.value)
    assert details["Hinweis"].str.contains("Ausreißer").any()


def test_a_mean_with_weights_of_its_own_has_no_bands_and_says_why(app):
    run(app, ag="bod", f__land="10", ref="filtered")
    assert "keine Rangbänder" in words_on(app)
    app.selectbox(key="mean").set_value("arithmetic").run()
    assert len(table(app)) == 6


def test_a_recipe_for_another_edition_is_never_taken_silently(app):
    run(app, d="kreise@1999", w__housing="2")
    assert "kreise@1999" in words_on(app)


def test_what_no_widget_shows_survives(app):
    run(app, fr__density="~100", wi__rent_level="2.5", w__housing="2")
    assert len(table(app)) < 400
    weigh(app, services=2.0).run()
    recipe = from_query(linked(app), columns=store.dataset().regions)
    assert recipe.weights["indicator:rent_level"] == 2.5
    assert recipe.filter["density"].max == 100


def test_every_figure_can_be_mapped(app):
    run(app)
    for show in [
        "top_quarter",
        "width",
        "layer:housing",
        "indicator:rent_level",
        "indicator:median_wage",
    ]:
        app.selectbox(key="show").set_value(show).run()
        assert not app.exception, show
        assert linked(app)["show"] == show


def test_a_broken_dataset_is_told_in_words(app, tmp_path, monkeypatch):
    monkeypatch.setenv("POTENZIALATLAS_DATASET", str(tmp_path / "nothing"))
    run(app)
    assert "lässt sich nicht öffnen" in words_on(app)


def test_the_default_recipe_is_the_equal_one():
    assert store.default_recipe() == Recipe.load(store.data_folder() / "recipes" / "equal.toml")
