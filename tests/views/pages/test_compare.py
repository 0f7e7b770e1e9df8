"""The comparison as a planner uses it: who is ahead, how often, and what would turn it round."""

from __future__ import annotations

import pytest
from bench import bench, linked, run
from bench import said as words_on
from html_tables import number, tables

from layers import score
from views import store

KULMBACH, HOLZMINDEN, WERRA = "09477", "03255", "06636"


@pytest.fixture
def app():
    return bench("compare")


def chosen(app):
    return app.multiselect(key="compare.with").value


def test_nobody_faces_an_empty_page(app):
    run(app)
    assert "mindestens zwei Kreise" in words_on(app)
    app.button(key="compare.top").click().run()
    ranks = score(store.dataset(), store.default_recipe()).ranks
    assert sorted(ranks[chosen(app)]) == [1, 2, 3]
    assert linked(app)["p.with"].split("~") == chosen(app)


def test_the_kreis_of_the_map_comes_along(app):
    run(app, sel=KULMBACH)
    assert chosen(app) == [KULMBACH]
    app.button(key="compare.similar").click().run()
    assert chosen(app)[0] == KULMBACH
    assert len(chosen(app)) == 4


def test_the_link_restores_kreise_pair_and_language(app):
    ranks = score(store.dataset(), store.default_recipe()).ranks
    first, second = sorted((HOLZMINDEN, WERRA), key=lambda one: ranks[one])
    pair = f"{first}~{second}"
    query = {"p.with": f"{KULMBACH}~{HOLZMINDEN}~{WERRA}", "p.pair": pair, "lang": "en"}
    app.query_params.update(query)
    run(app)
    assert linked(app) == query
    assert app.selectbox(key="compare.pair").value == pair
    assert "ahead of" in words_on(app)


@pytest.mark.parametrize("damaged", ["99999", "~~", f"{KULMBACH}~x~<b>", "~".join(["01001"] * 9)])
def test_a_damaged_link_is_no_error(app, damaged):
    run(app, p__with=damaged, p__pair="a~b~c")
    assert len(chosen(app)) <= 1


def test_more_than_five_are_cut_to_five(app):
    regions = store.dataset().regions.index[:7]
    run(app, p__with="~".join(regions))
    assert chosen(app) == list(regions[:5])


def test_the_table_holds_ranks_and_layers_of_all(app):
    run(app, p__with=f"{KULMBACH}~{HOLZMINDEN}")
    table = tables(app)[0].set_index("Merkmal")
    scores = score(store.dataset(), store.default_recipe())
    assert table.iloc[0].map(number).tolist() == scores.ranks[[KULMBACH, HOLZMINDEN]].tolist()
    assert len(table) == 4 + len(store.dataset().catalogue.sublayers())


def test_shares_of_wins_of_two_add_up_to_at_most_all(app):
    run(app, p__with=f"{WERRA}~{HOLZMINDEN}")
    wins = tables(app)[1]
    shares = [number(wins.iloc[row, 2 - row]) for row in (0, 1)]
    assert sum(shares) == pytest.approx(100, abs=0.3)


def test_the_weights_that_turn_the_order_round_do_so(app, monkeypatch):
    opened = {}
    monkeypatch.setattr(
        "views.parts.compare.link_to", lambda name, _label, state: opened.update({name: state})
    )
    run(app, p__with=f"{KULMBACH}~{HOLZMINDEN}")
    assert "müssen mindestens" in words_on(app)
    before = score(store.dataset(), store.default_recipe()).index
    after = score(store.dataset(), opened["map"].recipe).index
    assert before[KULMBACH] > before[HOLZMINDEN]
    assert after[KULMBACH] < after[HOLZMINDEN]
    assert opened["map"].own == {}


def test_what_no_weights_can_turn_is_said(app):
    scores = score(store.dataset(), store.default_recipe())
    layers = scores.layers.dropna()
    best = scores.index.idxmax()
    beaten = layers.index[(layers <= layers.loc[best]).all(axis=1) & (layers.index != best)]
    assert len(beaten)
    run(app, p__with=f"{best}~{beaten[0]}")
    assert "mit keiner Gewichtung überholen" in words_on(app)


def test_a_mean_that_is_no_sum_says_why_there_is_no_answer(app):
    run(app, p__with=f"{KULMBACH}~{HOLZMINDEN}", ag="median")
    assert "eine Summe der Bereiche" in words_on(app)


def test_possible_places_are_searched_only_when_asked_for(app, monkeypatch):
    monkeypatch.setattr("views.parts.compare._SECONDS", 0.2)
    run(app, p__with=f"{KULMBACH}~{HOLZMINDEN}")
    before = len(tables(app))
    app.button(key="compare.search").click().run()
    assert not app.exception
    assert len(tables(app)) == before + 1
    assert list(tables(app)[-1].columns) == ["Kreis", "bester Platz", "schlechtester Platz"]
    assert tables(app)[-1].iloc[0, 1] == "1"
    app.session_state["w.housing"] = 3.0
    app.run()
    assert len(tables(app)) == before


def test_kreise_without_a_rank_are_named_and_left_out(app):
    run(app, p__with=f"{KULMBACH}~09187~11000", f__land="09", ref="filtered")
    assert "Ohne Rang und deshalb nicht verglichen: Berlin" in words_on(app)
    assert len(tables(app)[1]) == 2


def test_all_weights_zero_is_said_in_words_and_the_kreise_kept(app):
    run(app, p__with=f"{KULMBACH}~{HOLZMINDEN}")
    for layer in store.dataset().catalogue.sublayers():
        app.session_state[f"w.{layer.id}"] = 0.0
    app.run()
    assert not app.exception
    assert "Alle Gewichte stehen auf 0" in words_on(app)
    assert linked(app)["p.with"] == f"{KULMBACH}~{HOLZMINDEN}"


def test_english_is_english(app):
    run(app, p__with=f"{KULMBACH}~{HOLZMINDEN}", lang="en")
    assert "What turns the order round?" in " ".join(str(one.value) for one in app.header)
    assert "Gewicht" not in words_on(app)
