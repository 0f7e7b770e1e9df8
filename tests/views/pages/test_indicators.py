"""The page of indicators: all of them at a glance, each in full, in both languages, from a link."""

from __future__ import annotations

import re

import pytest
from bench import bench, linked, run, said

from views import store

GAPPY = "vacancies_per_100_unemployed"


def opened(query=None):
    return run(bench("indicators"), **(query or {}))


def ran(part):
    """Run the page after what was done to one of its parts."""
    app = part.run()
    assert not app.exception, app.exception[0].message
    return app


def tables(app):
    return [one.value for one in app.dataframe]


def table_with(app, column):
    return next(one for one in tables(app) if column in one)


def test_the_overview_lists_every_indicator_with_its_ends():
    rows = table_with(opened(), "höchster Wert")
    catalogue = store.dataset().catalogue.indicator_by_id
    assert rows["Indikator"].tolist() == [one.name.de for one in catalogue.values()]
    assert rows["Jahr"].str.fullmatch(r"\d{4}").all()
    gaps = rows.set_index("Indikator")["Kreise ohne Wert"]
    assert gaps[catalogue[GAPPY].name.de] == store.dataset().select().values[GAPPY].isna().sum()


def test_a_layer_can_be_chosen_and_linked():
    app = opened()
    ran(app.selectbox(key="ind.layer").set_value("housing"))
    assert linked(app) == {"p.layer": "housing"}
    assert len(table_with(app, "höchster Wert")) == 4
    assert opened(linked(app)).selectbox(key="ind.layer").value == "housing"


def test_an_indicator_in_full_restores_from_its_link():
    link = {"p.ind": "rent_level", "p.layer": "housing", "sel": "09184", "p.map": "clusters"}
    app = opened(link)
    assert linked(app) == link
    text = said(app)
    assert "Landkreis München:" in text
    assert "Morans I" in text
    assert "Thünen-Typ" in text
    assert len(table_with(app, "Klasse der Karte")) == 400


def test_the_way_back_leads_to_the_layer_one_came_from():
    app = opened({"p.ind": "rent_level", "p.layer": "housing"})
    ran(app.button(key="ind.back").click())
    assert linked(app) == {"p.layer": "housing"}
    assert len(table_with(app, "höchster Wert")) == 4


def test_one_can_leaf_through_all_indicators_in_a_circle():
    keys = list(store.dataset().catalogue.indicator_by_id)
    app = opened({"p.ind": keys[0]})
    ran(app.button(key="ind.next").click())
    assert linked(app)["p.ind"] == keys[1]
    app = opened({"p.ind": keys[-1]})
    ran(app.button(key="ind.next").click())
    assert "p.ind" not in linked(app)


def test_the_numbers_of_the_reading_aid_are_those_of_the_data():
    values = store.dataset().select().values["unemployment_rate"]
    text = said(opened({"p.ind": "unemployment_rate"}))
    median = f"{values.median():.1f}".replace(".", ",")
    assert f"sind es {median} % (Median)" in text
    labels = store.dataset().regions["label"]
    assert f"**Am höchsten:** {labels[values.idxmax()]}" in text
    assert f"**Am niedrigsten:** {labels[values.idxmin()]}" in text


def test_equal_values_are_counted_not_named():
    zeros = (store.dataset().select().values["attacks_on_refugees"] == 0).sum()
    assert f"{zeros} Kreise mit 0,0" in said(opened({"p.ind": "attacks_on_refugees"}))


def test_gaps_and_notes_are_told():
    text = said(opened({"p.ind": GAPPY}))
    assert "7 haben keinen" in text
    assert "vom Herausgeber gesperrt (7)" in text
    assert "ohne Wert bleiben außen vor: 7" in text


def test_a_kreis_without_a_value_says_so():
    values = store.dataset().select().values[GAPPY]
    region = values.index[values.isna()][0]
    label = store.dataset().regions.loc[region, "label"]
    assert f"**{label}:** kein Wert." in said(opened({"p.ind": GAPPY, "sel": region}))


def test_a_selection_is_described_but_classes_stay_nationwide():
    app = opened({"p.ind": "rent_level", "f.land": "09"})
    assert "**Ihre Auswahl** (96 Kreise mit Wert)" in said(app)
    assert len(table_with(app, "Klasse der Karte")) == 400
    assert "Blass" in said(opened({"f.land": "09"}))


def test_a_single_kreis_as_selection_is_no_error():
    opened({"p.ind": "rent_level", "f.land": "11", "ref": "filtered", "nc": "drop"})


def test_an_indicator_of_one_year_has_no_course():
    assert "nur ein Jahr" in said(opened({"p.ind": "vacancy_rate"}))


def test_other_sources_in_a_series_are_named():
    text = said(opened({"p.ind": "unemployment_rate"}))
    assert "2023: Deutschlandatlas" in text


def test_english_is_english():
    for query in ({"lang": "en"}, {"lang": "en", "p.ind": GAPPY, "sel": "09477"}):
        text = said(opened(query))
        assert not re.search(r"\b(Wert|Kreisen|Nachbar\w*|Auswahl|Lesehilfe)\b", text)


@pytest.mark.parametrize("key", sorted(store.dataset().catalogue.indicator_by_id)[::6])
def test_any_indicator_opens(key):
    app = opened({"p.ind": key})
    assert linked(app) == {"p.ind": key}


def test_a_year_without_values_is_said_in_words():
    app = opened({"p.ind": "vacancy_rate", "y": "2010"})
    assert "gibt es für diesen Indikator keine Werte" in said(app)
    assert "keine Werte" not in said(opened({"p.ind": "unemployment_rate", "y": "2010"}))
    opened({"y": "2010"})


@pytest.mark.parametrize(
    "query",
    [{"p.ind": "nothing"}, {"p.layer": "nothing"}, {"p.map": "<b>"}, {"p.other": "x"}],
)
def test_a_damaged_link_takes_the_default(query):
    app = opened(query)
    assert linked(app) == {}
    assert len(table_with(app, "höchster Wert")) == 50


def test_a_turned_direction_is_told():
    app = opened({"p.ind": "rent_level", "di.rent_level": "up"})
    assert "Im gewählten Rezept: mehr ist besser." in said(app)
    assert "sonst anders: weniger ist besser" in said(app)


def test_all_weights_zero_keeps_the_page_and_its_link():
    layers = store.dataset().catalogue.sublayers()
    query = {f"w.{one.id}": "0" for one in layers} | {"p.ind": "rent_level"}
    app = opened(query)
    assert "Alle Gewichte stehen auf 0" in said(app)
    assert linked(app)["p.ind"] == "rent_level"
