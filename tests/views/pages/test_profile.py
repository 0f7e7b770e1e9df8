"""The profile as a planner uses it: found by name, explained, and restored by its link."""

from __future__ import annotations

import pytest
from bench import bench, linked, run
from bench import said as words_on
from html_tables import number, tables

from layers import Recipe, score
from layers.study.profile import profile
from views import store
from views.i18n import words
from views.pages.profile import profile_table

ROSENHEIM = "09187"


@pytest.fixture
def app():
    return bench("profile")


def test_without_a_kreis_three_examples_are_offered_and_lead_on(app):
    run(app)
    offered = [one for one in app.button if one.key and one.key.startswith("start.")]
    assert [one.label.rpartition("Rang ")[2] for one in offered] == ["1)", "201)", "400)"]
    offered[0].click().run()
    best = score(store.dataset(), store.default_recipe()).ranks.idxmin()
    assert linked(app)["sel"] == best
    assert "Rang 1 von 400" in words_on(app)


def test_the_rank_is_said_with_its_band_in_plain_words(app):
    run(app, sel=ROSENHEIM)
    row = store.bands(store.default_recipe(), "all").bands.loc[ROSENHEIM]
    said = words_on(app)
    assert "Landkreis Rosenheim" in said
    assert f"zwischen Platz {row['rank_p05']:g} und {row['rank_p95']:g}" in said


def test_layers_stand_beside_the_medians_of_land_type_and_country(app):
    run(app, sel=ROSENHEIM)
    table = tables(app)[0]
    assert [name.split(" (")[0] for name in table.columns[2:5]] == [
        "Median aller Kreise", "Median Bayern", "Median desselben Thünen-Typs"]  # fmt: skip
    scores = score(store.dataset(), store.default_recipe())
    bavaria = store.dataset().regions["land"] == "09"
    expected = scores.layers.loc[bavaria, "housing"].median()
    assert number(table.iloc[2, 3]) == pytest.approx(expected, abs=0.05)
    assert len(table) == len(store.dataset().catalogue.sublayers()) + 1


def test_strengths_and_weaknesses_name_value_unit_and_year(app):
    run(app, sel="03255")
    strong, weak = tables(app)[1:3]
    assert list(strong.columns) == ["Indikator", "Wert", "Jahr", "besser als"]
    assert strong["Jahr"].str.fullmatch(r"\d{4}").all()
    assert (weak["besser als"].map(number) <= 25).all()


def test_the_link_restores_kreis_indicator_and_language(app):
    run(app, sel=ROSENHEIM, p__ind="rent_level", lang="en")
    assert app.selectbox(key="profile.indicator").value == "rent_level"
    assert app.selectbox(key="selected").value == ROSENHEIM
    assert linked(app) == {"lang": "en", "sel": ROSENHEIM, "p.ind": "rent_level"}
    assert "What the rank depends on" in words_on(app)
    assert "Stärken" not in words_on(app)


def test_another_indicator_is_written_into_the_link(app):
    run(app, sel=ROSENHEIM)
    assert "p.ind" not in linked(app)
    app.selectbox(key="profile.indicator").set_value("median_wage").run()
    assert linked(app)["p.ind"] == "median_wage"


def test_a_damaged_indicator_takes_the_usual_one(app):
    run(app, sel=ROSENHEIM, p__ind="nonsense~<b>")
    assert app.selectbox(key="profile.indicator").value in store.dataset().catalogue.indicator_by_id
    assert linked(app) == {"sel": ROSENHEIM}


def test_a_neighbour_and_a_similar_kreis_are_one_click_away(app):
    run(app, sel="09163")
    around = [one for one in app.button if one.key and one.key.startswith("neighbour.")]
    assert [one.key for one in around] == [f"neighbour.{ROSENHEIM}"]
    around[0].click().run()
    assert linked(app)["sel"] == ROSENHEIM
    similar = [one for one in app.button if one.key and one.key.startswith("peer.")]
    assert len(similar) == 8
    similar[0].click().run()
    assert f"peer.{linked(app)['sel']}" == similar[0].key


def test_what_the_rank_depends_on_agrees_with_leaving_it_out(app):
    run(app, sel="03255")
    table = tables(app)[-1]
    catalogue = store.dataset().catalogue
    layers = {one.name.de: one.id for one in catalogue.sublayers()}
    first = table[table["Art"] == "Bereich"].iloc[0]
    recipe = Recipe.parse({**store.default_recipe().to_dict(),
                           "weights": {f"layer:{layers[first['Ohne']]}": 0.0}})  # fmt: skip
    assert number(first["Rang"]) == score(store.dataset(), recipe).ranks["03255"]


def test_outside_the_selection_the_page_says_so_and_still_shows_the_years(app):
    run(app, sel="11000", f__land="09", ref="filtered")
    assert "außerhalb der Auswahl" in words_on(app)
    assert app.selectbox(key="profile.indicator").value
    assert "Rang 1 von" not in words_on(app)


def test_a_land_of_one_kreis_has_no_median_of_its_own(app):
    run(app, sel="11000")
    assert not any("Berlin (" in column for column in tables(app)[0].columns)


def test_all_weights_zero_is_said_in_words_and_the_kreis_kept(app):
    run(app, sel=ROSENHEIM)
    for layer in store.dataset().catalogue.sublayers():
        app.session_state[f"w.{layer.id}"] = 0.0
    app.run()
    assert not app.exception
    assert "Alle Gewichte stehen auf 0" in words_on(app)
    assert linked(app)["sel"] == ROSENHEIM


METHODS = [{"ag": "geometric", "nr": "1~100"}, {"ag": "median"}, {"nm": "zscore"}]


@pytest.mark.parametrize("query", [*METHODS, {"w.society": "0", "w.demography": "0"}])
def test_other_methods_have_a_profile_as_well(app, query):
    app.query_params.update(query)
    run(app, sel=ROSENHEIM)
    assert len(tables(app)) >= 4


def test_a_gap_is_a_gap(app):
    run(app, sel="16063", p__ind="median_wage")
    assert not app.error


def test_the_file_says_what_the_page_says():
    scores = score(store.dataset(), store.default_recipe())
    table = profile_table(ROSENHEIM, scores, words("de")).set_index("key")
    assert table["percentile"].equals(profile(scores, ROSENHEIM)["percentile"].rename_axis("key"))
    rent = table.loc["indicator:rent_level"]
    assert rent["raw"] == scores.raw.loc[ROSENHEIM, "rent_level"]
    assert rent["year"] == scores.years["rent_level"]
    assert rent["unit"]
    assert table.loc["index", "name"] == "Potenzialwert"


SERVICES = {
    "de": (
        "Wie gefordert die Angebote sind",
        "Kinderbetreuung",
        "Hat das Angebot Schritt gehalten",
    ),
    "en": ("Services under strain", "Childcare", "Has supply kept"),
}


@pytest.mark.parametrize("language", SERVICES)
def test_services_stand_beside_newcomers_in_words_and_over_the_years(app, language):
    heading, first, pace = SERVICES[language]
    run(app, sel=ROSENHEIM, lang=language)
    assert heading in words_on(app)
    summary = next(one for one in tables(app) if one.iloc[0, 0] == first)
    assert len(summary) == 4
    assert any(pace in one.value for one in app.subheader)
    fields = next(one for one in tables(app) if one.shape == (3, 4))
    counted = [number(cell.rstrip(" ◆")) for cell in fields.iloc[:, 1:].to_numpy().ravel()]
    assert sum(counted) == 400
    assert sum("◆" in cell for cell in fields.to_numpy().ravel()) == 1


def test_the_chosen_service_is_kept_by_the_link_and_a_far_value_is_explained(app):
    run(app, sel="07211", p__srv="housing", p__new="asylum_benefit_recipients")
    assert app.selectbox(key="profile.service").value == "housing"
    assert linked(app) == {"sel": "07211", "p.srv": "housing", "p.new": "asylum_benefit_recipients"}
    assert "weit über allem Üblichen" in words_on(app)
    app.selectbox(key="profile.service").set_value("schools").run()
    assert linked(app) == {"sel": "07211", "p.srv": "schools"}
    assert "weit über allem Üblichen" not in words_on(app)


def test_a_damaged_service_takes_the_first(app):
    run(app, sel=ROSENHEIM, p__srv="<b>", p__new="rent_level")
    assert linked(app) == {"sel": ROSENHEIM}


def test_the_report_can_be_taken_along_with_the_weights_as_set(app, monkeypatch):
    from views.report import offer

    offered = {}
    monkeypatch.setattr(offer.st, "download_button", lambda label, make, name, *_, **__: (
        offered.update({name: (label, make)})))  # fmt: skip
    run(app, sel=ROSENHEIM, w__housing="3", lang="en")
    label, make = offered[f"potenzialatlas_{ROSENHEIM}.html"]
    assert label == words("en")("report.offer_html")
    assert "Landkreis Rosenheim" in (made := make().decode())
    assert "<html lang='en'>" in made
    assert "30.0%" in made
