"""The page of change compares only what both years have, and says how much that is."""

from __future__ import annotations

import pytest
from bench import bench, linked, run, said

from layers.study.years import best_years, shared_years, untreated, year_change
from views import store


def opened(**query):
    return run(bench("change"), **query)


def tables(app):
    return " ".join(str(one.proto.body) for one in app.get("html"))


def test_a_first_visit_compares_the_years_with_most_in_common():
    app = opened()
    first, last = best_years(store.dataset(), store.default_recipe())
    assert (app.selectbox(key="change.from").value, app.selectbox(key="change.to").value) == (
        first, last
    )  # fmt: skip
    shared = shared_years(store.dataset(), store.default_recipe(), first, last)
    assert f"Verglichen werden {len(shared.indicators)} von" in said(app)
    assert "Gesellschaftliches Klima" in said(app)
    assert linked(app) == {}


def test_a_link_restores_years_scale_age_weights_and_view():
    asked = {
        "p.from": "2012", "p.to": "2019", "p.base": "year", "p.age": "2", "p.was": "families",
        "p.view": "both", "sel": "09187",
    }  # fmt: skip
    app = opened(**asked)
    assert linked(app) == asked
    assert linked(app.run()) == asked
    assert "Skala des Jahres 2012" in said(app)


def test_the_table_says_what_the_years_say():
    app = opened(p__from="2015", p__to="2020", sel="09187")
    recipe = untreated(store.default_recipe())
    row = year_change(store.dataset(), recipe, 2015, 2020).comparison.table.loc["09187"]
    text = said(app)
    assert f"auf Rang {row['rank_before']} und 2020" in text
    assert f"auf Rang {row['rank_after']} (" in text


def test_other_weights_in_the_first_year_are_parted_from_the_data():
    same, other = opened(), opened(p__was="families")
    assert "durch Gewichte" not in tables(same)
    assert "durch Gewichte" in tables(other)
    assert "durch Daten" in tables(other)


def test_the_last_year_always_lies_after_the_first():
    app = opened(p__from="2010", p__to="2012")
    app.selectbox(key="change.from").set_value(2016).run()
    assert app.selectbox(key="change.to").value > 2016
    assert not app.exception


def test_years_without_anything_in_common_are_said_in_words():
    app = opened(p__from="1990", p__to="1991")
    assert "keinen gewerteten Indikator mit Werten in beiden Jahren" in said(app)


def test_little_in_common_is_a_warning():
    app = opened(p__from="2000", p__to="2020")
    assert any("des Gewichts" in str(one.value) for one in app.warning)


def test_outliers_are_left_alone_and_that_is_said():
    assert "Ausreißer werden für den Vergleich" in said(opened(tm="winsorise"))


def test_a_kreis_with_gaps_and_a_selection_are_no_errors():
    text = said(opened(sel="16063", f__land="16"))
    assert "Wartburgkreis" in text
    within = opened(sel="16063", f__land="16", ref="filtered")
    assert "von 22 Kreisen" in said(within)
    outside = said(opened(sel="11000", f__land="16", ref="filtered"))
    assert "nicht in beiden Jahren" in outside


def test_one_kreis_alone_is_no_error():
    app = opened(f__land="11", ref="filtered")
    assert not app.exception


def test_english_is_english():
    text = said(opened(lang="en", sel="09187"))
    assert "indicators are compared" in text
    assert "had rank" in text
    assert "Gewichts" not in text


def test_all_weights_zero_is_said_in_words():
    app = opened()
    for layer in store.dataset().catalogue.sublayers():
        app.session_state[f"w.{layer.id}"] = 0.0
    app.run()
    assert not app.exception
    assert "Alle Gewichte stehen auf 0" in said(app)


def test_a_layer_of_single_years_alone_cannot_be_compared_and_says_so():
    off = {
        f"w__{layer.id}": "0"
        for layer in store.dataset().catalogue.sublayers() if layer.id != "accessibility"
    }  # fmt: skip
    app = opened(**off)
    assert not app.exception
    assert app.info or app.warning


@pytest.mark.parametrize(
    ("key", "value"),
    [("from", "abc"), ("from", "2999"), ("to", "-1"), ("base", "<b>"), ("age", "99"),
     ("was", "nobody"), ("view", "?")],
)  # fmt: skip
def test_a_damaged_key_takes_its_default(key, value):
    app = opened(**{f"p.{key}": value})
    assert linked(app) == {}


def test_a_first_year_after_the_last_is_put_right():
    app = opened(p__from="2019", p__to="2010")
    assert app.selectbox(key="change.to").value > app.selectbox(key="change.from").value
