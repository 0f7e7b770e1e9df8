"""What a link remembers of several people's weightings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import Recipe, RecipeError
from views import store
from views.group.voices import MOST, Voice, added, example, read_voices, titles, write_voices
from views.i18n import words

CATALOGUE, PRESETS = store.dataset().catalogue, store.presets()
WEIGHTS = {"layer:housing": 3.0, "indicator:rent_level": 0.25}
ANNA = Voice.named("Anna", Recipe(weights=WEIGHTS, directions={"foreign_share": "+"}))


def preset(key):
    return Voice.of_preset(key, PRESETS[key])


def again(voices):
    text, left_out = write_voices(voices, PRESETS)
    assert not left_out
    return read_voices(text, PRESETS, CATALOGUE)


def test_presets_and_own_weightings_come_back():
    voices = (preset("families"), ANNA, preset("equal"))
    assert again(voices) == (voices, 0)


def test_without_a_link_the_example_stands_there():
    assert write_voices(example(PRESETS), PRESETS) == ("", ())
    assert read_voices("", PRESETS, CATALOGUE) == (example(PRESETS), 0)


def test_an_empty_list_stays_empty():
    assert again(()) == ((), 0)


@given(st.text(min_size=1, max_size=30).filter(str.strip))
def test_any_name_comes_back(name):
    voice = Voice.named(name, Recipe(weights=WEIGHTS))
    assert again((preset("equal"), voice)) == ((preset("equal"), voice), 0)


@pytest.mark.parametrize(
    "entry", ["nothing", "!!w.housing=1", "Eva!!w.housing=x", "Eva!!w.housing=-1", "Eva!!w.moon=1",
              "Eva!!" + "!".join(f"w.{one.id}=0" for one in CATALOGUE.layers)],
)  # fmt: skip
def test_a_damaged_entry_is_left_out_and_counted(entry):
    assert read_voices(f"families~{entry}", PRESETS, CATALOGUE) == ((preset("families"),), 1)


def test_what_does_not_fit_is_named():
    weights = {f"indicator:{key}": 0.123456789 for key in CATALOGUE.indicator_by_id}
    heavy = [Voice.named(f"P{place}", Recipe(weights=weights)) for place in range(3)]
    text, left_out = write_voices((*heavy, preset("equal")), PRESETS)
    assert len(text) <= 1_500
    assert heavy[-1] in left_out
    assert text.endswith("equal")


def test_selection_and_method_are_no_part_of_a_voice():
    recipe = Recipe.parse({"weights": WEIGHTS, "filter": {"land": ["09"]}, "ties": "average"})
    assert Voice.named("Anna", recipe).recipe.filter == {}
    assert Voice.named("Anna", recipe).recipe.ties == "min"


def test_the_same_name_takes_the_place_of_the_former():
    later = Voice.named("Anna", Recipe(weights={"layer:housing": 5.0}))
    assert added((ANNA, preset("equal")), later, CATALOGUE) == (later, preset("equal"))


def test_a_weighting_of_nothing_and_one_too_many_are_refused():
    nothing = Recipe(weights={f"layer:{one.id}": 0.0 for one in CATALOGUE.layers})
    with pytest.raises(RecipeError) as refused:
        added((), Voice.named("Nobody", nothing), CATALOGUE)
    assert refused.value.code == "no_weight"
    full = tuple(Voice.named(str(place), Recipe()) for place in range(MOST))
    with pytest.raises(RecipeError) as refused:
        added(full, ANNA, CATALOGUE)
    assert refused.value.code == "too_many"


def test_equal_names_are_told_apart():
    like = Voice.named("Gleich gewichtet", Recipe(weights=WEIGHTS))
    assert list(titles((preset("equal"), like), words("de")).values()) == [
        "Gleich gewichtet", "Gleich gewichtet (2)"]  # fmt: skip
