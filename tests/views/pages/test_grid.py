"""The page "Close up" answers where people live far from train and town, and how many."""

from __future__ import annotations

import pytest
from bench import bench, linked, run, said

from geo.rasters.closeup import BOTH, STOP, TOWN, measures
from views import cells, store
from views.i18n import words
from views.map_component import assets
from views.pages import grid as grid_page
from views.parts import grid as parts
from views.parts import grid_words as told
from views.parts.grid_words import Asked

DE, EN = words("de"), words("en")
SEENPLATTE, WUERZBURG, BAYERN = "13071", "09663", "09"


def opened(**query):
    return run(bench("grid"), **query)


@pytest.fixture(scope="module")
def seenplatte():
    return told.surface().closeup(SEENPLATTE)


def test_the_first_sentence_answers_the_question_in_computed_words(seenplatte):
    app = opened(sel=SEENPLATTE)
    text = said(app)
    far = seenplatte.far(10, STOP, TOWN)
    assert (
        f"Rund {DE.number(round(far.people, -2))} von {DE.number(round(seenplatte.people, -2))}"
        in text
    )
    assert DE.percent(far.share) in text
    assert "südlich von Waren (Müritz)" in text
    assert "Zensus 2011" in text
    assert linked(app) == {"sel": SEENPLATTE}


def test_a_link_restores_area_measure_limit_and_switches():
    asked = {"lang": "en", "p.area": BAYERN, "p.cell": "medium_centre", "p.far": "5",
             "p.names": "off", "p.stops": "off"}  # fmt: skip
    app = opened(**asked)
    assert linked(app) == asked
    text = said(app)
    assert "Land of Bayern: about" in text
    assert "more than 5 km" in text
    assert "The highest numbers: Landkreis" in text
    assert "half of the people have at most" in text
    assert len(app.dataframe[0].value) == 96


def test_a_city_near_everything_is_told_so_and_set_beside_land_and_country():
    app = opened(sel=WUERZBURG, p__cell="people")
    assert "Niemand wohnt fern von Bahn und Stadt" in said(app)
    first = app.dataframe[0].value.iloc[:, 0].tolist()
    assert first == ["Würzburg, Stadt", "Land Bayern", "Deutschland"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("area", "99999"), ("area", "<b>"), ("cell", "nothing"), ("far", "-1"), ("names", "?")],
)
def test_a_damaged_key_takes_its_default(key, value):
    assert linked(opened(**{f"p__{key}": value})) == {}


def test_without_a_grid_the_page_says_so_and_the_profile_is_silent(monkeypatch):
    monkeypatch.setattr(told, "surface", lambda: None)
    app = opened(p__area=BAYERN)
    assert "kein Gitter" in said(app)
    assert linked(app) == {"p.area": BAYERN}
    assert told.next_stop(SEENPLATTE, DE) == told.next_stop_note(DE) == ""


def test_a_dataset_of_other_regions_has_no_areas(toy):
    assert told.area_names(toy, DE) == {}


def test_laender_come_first_and_all_kreise_follow():
    called = told.area_names(store.dataset(), DE)
    assert len(called) == 16 + 400
    assert list(called)[:16] == sorted(list(called)[:16], key=called.get)
    assert called[BAYERN] == "Land Bayern"


@pytest.mark.parametrize("measure", measures())
def test_every_measure_has_words_classes_and_files_in_both_languages(measure):
    closeup = told.surface().closeup(WUERZBURG)
    asked = Asked(WUERZBURG, "Würzburg", measure, 10)
    for language in (DE, EN):
        table = told.class_table(asked, closeup, language)
        assert table["people"].sum() == closeup.people
        assert table["share"].sum() == pytest.approx(100)
        assert table["class"].is_unique
        described = told.description(asked, closeup, language)
        assert all(name in described for name in table["class"])
        assert "2011" in told.caption(asked, closeup, language)
    content = grid_page.table_file(asked, closeup, {WUERZBURG: "Würzburg"}, DE, german=True)
    assert "Würzburg".encode() in content
    assert b"Zensus 2011" in content


def test_the_picture_to_print_is_a_png(seenplatte):
    asked = Asked(SEENPLATTE, "Landkreis Mecklenburgische Seenplatte", BOTH, 10)
    assert parts.sheet(asked, seenplatte, DE).startswith(b"\x89PNG")


def test_the_profile_tells_the_way_to_the_next_stop(seenplatte):
    row = seenplatte.total(STOP)
    text = told.next_stop(SEENPLATTE, DE)
    assert f"{DE.number(row['km_median'], 1)} km" in text
    assert DE.percent(row["over_5km"] / 100) in text
    assert "2011" in told.next_stop_note(EN)


def test_few_people_are_never_nobody():
    assert told.share_words(0.0, DE) == "0\N{NO-BREAK SPACE}%"
    assert told.share_words(0.0004, DE) == "unter 0,1\N{NO-BREAK SPACE}%"
    assert told.share_words(0.042, EN) == "4.2%"


def test_numbers_go_to_the_browser_in_two_bytes_each():
    assert cells.packed([0, 1, 258, 70_000, float("nan")]) == "AAABAAIB/v///w=="
    assert cells.points([[1.25, 2], [3, 4]]) == "M1.2 2.0h0M3.0 4.0h0"


def test_the_browser_code_is_served():
    assert {"cells.js", "cells.css"} <= assets().keys()


def test_a_city_that_is_a_land_is_not_set_beside_itself():
    closeup = told.surface().closeup("11000")
    table = told.table_data(Asked("11000", "Berlin", STOP, 10), closeup)
    assert table.index.tolist() == ["11000", ""]
