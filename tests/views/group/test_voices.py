"""What a link remembers of several people's weightings."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from layers import Recipe, RecipeError
from views import store
from views.group.voices import (
    MANY,
    Voice,
    added,
    all_added,
    example,
    read_voices,
    titles,
    unnamed,
    voices_of,
    write_voices,
)
from views.i18n import words

DATASET, PRESETS = store.dataset(), store.presets()
CATALOGUE = DATASET.catalogue
WEIGHTS = {"layer:housing": 3.0, "indicator:rent_level": 0.25}
ANNA = Voice.named("Anna", Recipe(weights=WEIGHTS, directions={"foreign_share": "+"}))


def preset(key):
    return Voice.of_preset(key, PRESETS[key])


def again(voices):
    text, left_out = write_voices(voices, PRESETS)
    assert not left_out
    return read_voices(text, PRESETS, DATASET)


def test_presets_and_own_weightings_come_back():
    voices = (preset("families"), ANNA, preset("equal"))
    assert again(voices) == (voices, 0)


def test_without_a_link_the_example_stands_there():
    assert write_voices(example(PRESETS), PRESETS) == ("", ())
    assert read_voices("", PRESETS, DATASET) == (example(PRESETS), 0)


def test_an_empty_list_stays_empty():
    assert again(()) == ((), 0)


def test_numbered_people_and_other_groupings_come_back():
    aims = Recipe(lens="nap1", directions={"foreign_share": "+"})
    voices = (Voice.numbered(3, Recipe(weights=WEIGHTS)), Voice.named("#3", aims), ANNA)
    assert again(voices) == (voices, 0)


@given(st.text(min_size=1, max_size=30))
def test_any_name_comes_back(name):
    voice = Voice.named(name, Recipe(weights=WEIGHTS))
    # Signs that cannot be seen are no name; whoever asks for one makes sure of it.
    assume(voice.recipe.name.de)
    assert again((preset("equal"), voice)) == ((preset("equal"), voice), 0)


@pytest.mark.parametrize(
    "entry", ["nothing", "!!w.housing=1", "Eva!!w.housing=x", "Eva!!w.housing=-1", "Eva!!w.moon=1",
              "Eva!!" + "!".join(f"w.{one.id}=0" for one in CATALOGUE.layers)],
)  # fmt: skip
def test_a_damaged_entry_is_left_out_and_counted(entry):
    assert read_voices(f"families~{entry}", PRESETS, DATASET) == ((preset("families"),), 1)


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
    assert added((ANNA, preset("equal")), later, DATASET) == (later, preset("equal"))


def test_a_weighting_of_nothing_and_one_too_many_are_refused():
    nothing = Recipe(weights={f"layer:{one.id}": 0.0 for one in CATALOGUE.layers})
    with pytest.raises(RecipeError) as refused:
        added((), Voice.named("Nobody", nothing), DATASET)
    assert refused.value.code == "no_weight"
    full = tuple(Voice.named(str(place), Recipe()) for place in range(MANY))
    with pytest.raises(RecipeError) as refused:
        added(full, ANNA, DATASET)
    assert refused.value.code == "too_many"


def test_equal_names_are_told_apart():
    like = Voice.named("Gleich gewichtet", Recipe(weights=WEIGHTS))
    assert list(titles((preset("equal"), like), words("de")).values()) == [
        "Gleich gewichtet", "Gleich gewichtet (2)"]  # fmt: skip


GROUP = Recipe.parse(
    {"members": [{"name": "Anna", "weights": WEIGHTS}, {"weights": {"layer:housing": 2.0}},
                 {"name": "Anna"}]}
)  # fmt: skip


def test_a_group_recipe_brings_its_people_along():
    voices = voices_of(GROUP, "group")
    assert [one.key for one in voices] == ["!Anna", "#2", "!Anna"]
    assert [one.key for one in all_added((), voices, DATASET)] == ["!Anna", "#2", "!Anna (2)"]
    again_added = all_added(voices_of(Recipe(), "Eva"), (*voices[:2], voices[1]), DATASET)
    assert [one.key for one in again_added] == ["!Eva", "!Anna", "#2", "#3"]
    assert [one.key for one in voices_of(Recipe(), "Eva")] == ["!Eva"]


def test_a_group_that_cannot_be_weighed_is_refused_whole():
    moon = Recipe.parse({"members": [{}, {"weights": {"layer:moon": 1.0}}]})
    with pytest.raises(RecipeError, match="moon"):
        all_added((ANNA,), voices_of(moon, "group"), DATASET)


def test_without_names_neither_names_nor_order_are_left():
    ben = Voice.named("Ben", Recipe(weights={"layer:housing": 0.5}))
    hidden = unnamed((ANNA, preset("families"), ben))
    assert hidden == unnamed((ben, ANNA, preset("families")))
    assert [one.key for one in hidden] == ["families", "#1", "#2"]
    assert list(titles(hidden, words("en")).values())[1:] == ["Person 1", "Person 2"]
    assert "Anna" not in write_voices(hidden, PRESETS)[0]


def test_a_name_is_one_line_of_plain_text():
    assert Voice.named("  An\u202en\na\t", Recipe()).recipe.name.de == "Ann a"
    picture = Voice.named("![](https://example.org/x.png)", Recipe()).recipe.name.de
    assert "[" not in picture
    assert not set("*`$") & set(Voice.named("**A** `b` $c$", Recipe()).recipe.name.de)
