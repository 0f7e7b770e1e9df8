"""A round of people: everybody begins alike, and a turn is kept whole or not at all."""

from __future__ import annotations

import pytest

from layers import Recipe, RecipeError
from layers.weigh import plan
from views import store
from views.group.round_of_people import Round

DATASET = store.dataset()
CATALOGUE = DATASET.catalogue
START = Recipe(weights={"layer:society": 2.0, "indicator:vacancy_rate": 0.0})


def test_everybody_begins_with_the_same_weights():
    first = Round(START).begun()
    moved = first.weighed("housing", 3.0, 1.0).passed_on("", DATASET)
    assert moved.draft is None
    assert moved.number == 2
    assert moved.begun().draft == first.draft == START


def test_what_is_as_usual_is_not_named():
    turn = Round(START).begun().weighed("society", 1.0, 1.0).weighed("housing", 3.0, 1.0)
    assert turn.draft.weights == {"indicator:vacancy_rate": 0.0, "layer:housing": 3.0}
    assert turn.turned("demography", "-", "+").draft.directions == {"layer:demography": "-"}
    assert turn.turned("demography", "-", "+").turned("demography", "+", "+").draft == turn.draft


def test_an_indicator_counts_one_way_or_the_other_or_not_at_all():
    turn = Round(START).begun()
    vacancy, shown = (CATALOGUE.indicator_by_id[key] for key in ("vacancy_rate", "foreign_share"))
    back = turn.counted(vacancy, vacancy.direction)
    assert "vacancy_rate" in plan(CATALOGUE, back.draft).scored()
    assert "vacancy_rate" not in plan(CATALOGUE, turn.draft).scored()
    assert "vacancy_rate" not in plan(CATALOGUE, back.counted(vacancy, "0").draft).scored()
    assert shown.direction == "0"
    assert turn.counted(shown, "+").draft.directions == {"foreign_share": "+"}
    assert turn.counted(shown, "0").draft == turn.draft


def test_names_are_optional_and_the_number_is_that_of_the_turn():
    found = Round(START)
    for name in ("Anna", " \u200b ", "Anna"):
        found = found.begun().passed_on(name, DATASET)
    assert [one.key for one in found.said] == ["!Anna", "#2", "!Anna"]


def test_nobody_can_hand_on_nothing():
    turn = Round(START).begun()
    for one in CATALOGUE.sublayers():
        turn = turn.weighed(one.id, 0.0, one.weight)
    with pytest.raises(RecipeError) as refused:
        turn.passed_on("Anna", DATASET)
    assert refused.value.code == "no_weight"
    with pytest.raises(RecipeError):
        Round(START).passed_on("Anna", DATASET)


def test_a_turn_can_be_given_back_or_interrupted():
    turn = Round(START).begun().weighed("housing", 3.0, 1.0)
    assert turn.left() == Round(START)
    assert turn.covered().paused
    assert turn.covered().resumed() == turn
    assert not Round(START).covered().paused
    assert turn.covered().begun().draft == START
