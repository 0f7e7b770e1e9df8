"""What a profile says about services and newcomers, sentence by sentence."""

from __future__ import annotations

import pytest

from layers import Dataset, Recipe, score
from layers.catalogue import Indicator
from layers.paths import data_folder, default_recipe
from views.i18n import words
from views.parts.strain_words import (
    as_of,
    confirmed,
    look,
    measure_value,
    pace_words,
    place,
    places,
    replaced,
)

GIESSEN, SAARBRUECKEN, SEEKERS = "06531", "10041", "protection_seekers_share"


@pytest.fixture(scope="module")
def scores():
    dataset = Dataset.open(data_folder() / "kreise")
    return score(dataset, default_recipe(dataset))


def test_both_thirds_are_said_and_how_many_pairs_agree(scores):
    seen = look(GIESSEN, scores, words("de"))
    childcare = places(seen)[0]
    assert childcare.told == "viele Kita-Kinder ausländischer Herkunft, knappe Betreuung"
    assert confirmed(seen, childcare) == "3 von 9 Paaren"
    assert replaced(seen) == ""


def test_another_measure_of_newcomers_says_what_it_measures(scores):
    seen = look(GIESSEN, scores, words("en"))
    one = place(seen, seen.found.services[0], "asylum_benefit_recipients")
    assert one.told == "many recipients of asylum benefits, scarce childcare"
    assert one.newcomers["far"]


def test_a_missing_measure_is_replaced_and_named(scores):
    seen = look(SAARBRUECKEN, scores, words("de"))
    assert [one.newcomers["indicator"] for one in places(seen)][1:] == [
        "asylum_benefit_recipients"] * 3  # fmt: skip
    assert "keinen Wert „Anteil Schutzsuchender“ (2020)" in replaced(seen)
    one = place(seen, seen.found.service("doctors"), SEEKERS)
    assert one.told == "kein Wert: Anteil Schutzsuchender (2020)"
    assert not one.is_known
    assert confirmed(seen, one) == "–"


def test_years_are_said_and_what_they_cannot_hold(scores):
    assert as_of(look(GIESSEN, scores, words("de"))) == (
        "Stand: Angebot 2020–2022, Zugewanderte 2018–2020. "
        "Die Ankünfte aus der Ukraine seit 2022 sind darin nicht enthalten.")  # fmt: skip


def test_weights_directions_and_selection_change_nothing(scores):
    recipe = Recipe.parse({
        **scores.recipe.to_dict(), "weights": {"layer:services": 0.0},
        "directions": {"childcare_3_to_5": "-"}, "filter": {"land": ["06"]},
        "reference": {"set": "filtered"},
    })  # fmt: skip
    other = look(GIESSEN, score(scores.dataset, recipe), words("de"))
    assert [one.told for one in places(other)] == [
        one.told for one in places(look(GIESSEN, scores, words("de")))]  # fmt: skip


def test_the_year_of_the_recipe_holds_here_too(scores):
    earlier = scores.recipe.model_copy(update={"year": 2015})
    seen = look(GIESSEN, score(scores.dataset, earlier), words("de"))
    assert max(one.supply["year"] for one in places(seen)) <= 2015


@pytest.mark.parametrize(
    ("supply", "arrived", "pace", "said"),
    [
        (0, 1, "kept", "mehr Zugewanderte, Angebot etwa gleich: Schritt gehalten"),
        (-1, 1, "fell_behind", "mehr Zugewanderte, Angebot schlechter: nicht Schritt gehalten"),
        (1, -1, "no_rise", "weniger Zugewanderte, Angebot besser"),
    ],
)
def test_pace_is_said_without_a_cause(supply, arrived, pace, said):
    row = {"supply_way": supply, "newcomers_way": arrived, "pace": pace}
    assert pace_words(row, words("de")) == said


def test_a_value_carries_its_unit_and_a_gap_none():
    one = Indicator(id="x", name="x", unit={"de": "€", "en": "€"}, direction="+", source="s")
    assert measure_value(one, 1234.5, words("de")) == "1.234,5 €"
    assert measure_value(one, float("nan"), words("de")) == "–"
