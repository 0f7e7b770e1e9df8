"""The page of several people's weightings, drawn alone."""

from __future__ import annotations

import pytest
from bench import bench, linked, run
from bench import said as words_on
from handing import hand_over

from layers import Recipe
from views import store
from views.file_input import GivenFile
from views.group import collect
from views.state import OWN_NAME


@pytest.fixture
def app():
    return bench("weightings")


def shares(app):
    return next(str(one.proto.body) for one in app.get("html") if "atlas-shares" in one.proto.body)


def test_a_first_visit_shows_an_example_without_a_link(app):
    run(app)
    assert linked(app) == {}
    assert "Als Beispiel" in words_on(app)
    assert all(store.presets()[key].name.de in shares(app) for key in ("equal", "families"))
    assert "im besten Viertel" in words_on(app)


def test_the_present_weighting_is_added_under_a_name_and_stays_in_the_link(app):
    run(app, w__housing="3")
    app.text_input(key="weightings.name").set_value("Anna").run()
    app.button(key="weightings.add").click().run()
    assert "Anna" in shares(app)
    assert "Anna!!w.housing=3" in linked(app)["p.list"]
    again = run(bench("weightings"), **linked(app))
    assert shares(again) == shares(app)


def test_a_preset_is_added_and_goes_again(app):
    run(app, p__list="equal~families")
    app.selectbox(key="weightings.preset").set_value("uncontested").run()
    app.button(key="weightings.add_preset").click().run()
    assert linked(app)["p.list"] == "equal~families~uncontested"
    app.button(key="remove.equal").click().run()
    assert linked(app)["p.list"] == "families~uncontested"
    app.button(key="weightings.clear").click().run()
    assert linked(app)["p.list"] == "-"
    assert "mindestens zwei" in words_on(app)


def test_files_are_added_and_a_wrong_one_is_told(app, monkeypatch):
    good = Recipe.parse({"name": "Ben", "weights": {"layer:services": 4.0}}).to_toml()
    bad = GivenFile("bad.toml", "weights = 3")
    hand_over(monkeypatch, collect, GivenFile("ben.toml", good), bad)
    run(app, p__list="equal")
    app.button(key="give.weightings.files").click().run()
    assert not app.exception
    assert "Ben" in shares(app)
    assert "bad.toml" in words_on(app)


def test_the_mean_of_all_becomes_ones_own_and_can_be_taken_back(app):
    run(app, p__list="equal~Anna!!w.housing=3!w.services=0", w__society="2")
    before = linked(app)
    assert "Mittel dieser 2 Gewichtungen übernehmen" in app.button(key="weightings.mean").label
    app.button(key="weightings.mean").click().run()
    # 8 layers: housing has the mean of 1/8 and 3/9, services that of 1/8 and 0.
    assert app.session_state["w.housing"] == pytest.approx(8 * (1 / 8 + 3 / 9) / 2, abs=0.005)
    assert app.session_state["w.services"] == pytest.approx(8 * (1 / 8) / 2, abs=0.005)
    assert app.session_state["last"].recipe.name.de == "Mittel aus 2 Gewichtungen"
    assert app.session_state["last"].recipe.name.en == "Mean of 2 weightings"
    assert linked(app)["p.list"] == before["p.list"]
    app.button(key="undo").click().run()
    assert linked(app) == before


def test_a_mean_that_is_changed_is_no_mean_any_more(app):
    run(app, p__list="equal~labour_first")
    app.button(key="weightings.mean").click().run()
    app.session_state["w.housing"] = 5.0
    app.run()
    assert app.session_state["last"].recipe.name == OWN_NAME


def test_one_weighting_alone_has_no_mean(app):
    run(app, p__list="equal")
    assert "weightings.mean" not in [one.key for one in app.button]


def test_two_side_by_side_are_restored_by_the_link(app):
    run(app, p__list="equal~families~labour_first", p__two="3~1", p__view="two", lang="en")
    assert app.selectbox(key="weightings.first").value == "labour_first"
    assert app.selectbox(key="weightings.second").value == "equal"
    assert linked(app)["p.two"] == "3~1"
    moved = next(one.value for one in app.dataframe if "places" in one.value)
    assert (moved["places"] == moved["before"] - moved["after"]).all()
    assert (moved["places"].abs().diff().dropna() <= 0).all()
    assert "Spearman" in words_on(app)
    app.selectbox(key="weightings.first").set_value("equal").run()
    assert "same weighting" in words_on(app)


def test_the_two_survive_a_look_at_all(app):
    run(app, p__list="equal~families~labour_first", p__two="3~1", p__view="two")
    app.session_state["weightings.view"] = "all"
    app.run()
    assert linked(app)["p.two"] == "3~1"
    app.session_state["weightings.view"] = "two"
    app.run()
    assert app.selectbox(key="weightings.first").value == "labour_first"


def test_a_chosen_kreis_has_its_rank_under_every_weighting(app):
    run(app, sel="09187", p__list="equal~families")
    own = next(one.value for one in app.dataframe if "Gewichtung" in one.value)
    assert own["Gewichtung"].tolist() == ["Gleich gewichtet", "Familien mit Kindern"]
    assert own["Rang"].str.fullmatch(r"\d+").all()
    app.session_state["weightings.view"] = "two"
    app.run()
    places = " · ".join(f"{row['Gewichtung']}: Platz {row['Rang']}" for _, row in own.iterrows())
    assert f"**Landkreis Rosenheim** · {places}" in words_on(app)


def test_the_table_keeps_to_the_selection(app):
    run(app, f__thuenen_type="1~2")
    table = next(one.value for one in app.dataframe if "range" in one.value)
    assert len(table) == 171
    assert (table["range"] == table["worst"] - table["best"]).all()


@pytest.mark.parametrize(
    "query",
    [{"p.list": "nonsense~equal~families"}, {"p.two": "9~x"}, {"p.view": "moon"},
     {"p.list": "~~~"}, {"p.two": "²~1"}, {"p.two": "9" * 5_000 + "~1"}],
)  # fmt: skip
def test_a_damaged_link_is_no_error(app, query):
    app.query_params.update(query)
    run(app)
    assert not app.error


def test_all_weights_zero_is_said_and_the_list_is_kept(app):
    run(app, p__list="families~equal")
    for layer in store.dataset().catalogue.sublayers():
        app.session_state[f"w.{layer.id}"] = 0.0
    app.run()
    assert not app.exception
    assert "Alle Gewichte stehen auf 0" in words_on(app)
    assert linked(app)["p.list"] == "families~equal"


def test_everybody_alike_is_no_error(app):
    run(app, p__list="equal~Anna!!~Ben!!")
    assert "1,00" in words_on(app)
    app.session_state["weightings.view"] = "two"
    app.run()
    assert "Kein Kreis wechselt" in words_on(app)


def test_the_method_of_the_sidebar_holds_for_all(app):
    run(app, ag="median", p__list="equal~families")
    assert not app.error
    assert "Kendalls W" in words_on(app)


def group_file(people):
    """Return a group recipe in which every other person weighs something else."""
    layers = ("housing", "services", "society", "demography", "prosperity")
    members = [
        {
            "name": "" if place % 3 else f"P{place}",
            "weights": {f"layer:{key}": 1.0 + place % 5 for key in layers},
        }
        for place in range(people)
    ]
    return GivenFile("us.toml", Recipe.parse({"members": members}).to_toml())


def test_a_group_of_thirty_is_opened_and_summed_up(app, monkeypatch):
    hand_over(monkeypatch, collect, group_file(30))
    run(app, sel="09187")
    app.button(key="give.weightings.files").click().run()
    assert not app.exception
    assert len(app.session_state["voices"]) == 30
    # No column for each of them, but what they have in common.
    assert "bei 30 Gewichtungen" in shares(app)
    assert shares(app).count("<th scope='col'>") == 4
    assert "Bei 30 Gewichtungen Platz" in words_on(app)
    assert "weitere. Sichern Sie das Gruppenrezept" in words_on(app)
    app.session_state["weightings.view"] = "people"
    app.run()
    assert not app.exception
    assert "Am meisten verschiebt" in words_on(app)


def test_names_go_with_one_click(app):
    run(app, p__list="Zoe!!w.housing=3~equal~Anna!!w.housing=0.5")
    assert "Anna" in shares(app)
    app.button(key="weightings.nameless").click().run()
    assert linked(app)["p.list"] == "equal~#1!!w.housing=0.5~#2!!w.housing=3"
    assert "weightings.nameless" not in [one.key for one in app.button]
    app.button(key="weightings.mean").click().run()
    members = app.session_state["last"].recipe.members
    assert {one.name for one in members} == {""}
    assert len(members) == 3
    # Other weights are no longer those of these people.
    app.session_state["w.housing"] = 5.0
    app.run()
    assert app.session_state["last"].recipe.members == ()


def test_opposite_readings_stand_first_and_agreement_has_its_own_map(app):
    run(app, p__list="equal~Anna!!dl.demography=down", p__map="agreement", p__limit="20")
    assert app.selectbox(key="weightings.limit").value == 0.2
    first = next(one.value for one in app.markdown if one.value.startswith("- "))
    assert first.startswith("- Bereich Demografischer Bedarf in gegensätzlicher Richtung")
    assert "höchstens 80 Plätze auseinander" in words_on(app)
    table = next(one.value for one in app.dataframe if "range" in one.value)
    assert table["range"].max() <= 80
    assert linked(app)["p.map"] == "agreement"
    assert linked(app)["p.limit"] == "20"
    app.session_state["weightings.view"] = "wishes"
    app.run()
    assert not app.exception
    assert "Bei welchen Indikatoren" in words_on(app)


def test_people_with_another_grouping_are_compared(app):
    run(app, ln="three_aims", p__list="equal~Anna!!ln=nap1~Ben!!ln=three_aims", p__view="wishes")
    assert not app.error
    assert all(name in shares(app) for name in ("Anna", "Ben"))
    assert "als der in der Seitenleiste: 2" in words_on(app)
