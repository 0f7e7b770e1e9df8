"""A recipe file is read, or refused in words of the reader's language."""

from __future__ import annotations

import pytest

from layers.errors import PotenzialatlasError, RecipeError
from views.file_input import GivenFile
from views.i18n import words
from views.recipe_files import read_recipe, why_refused


def refusal(text, language="de"):
    with pytest.raises(PotenzialatlasError) as caught:
        read_recipe(GivenFile("meins.toml", text))
    return why_refused("meins.toml", caught.value, words(language))


def test_a_recipe_is_read():
    recipe = read_recipe(GivenFile("a.toml", 'name = "Anna"\n[weights]\n"layer:housing" = 3.0\n'))
    assert recipe.name.de == "Anna"
    assert recipe.weights == {"layer:housing": 3.0}


@pytest.mark.parametrize(
    ("text", "part"),
    [("a = 1\nb = = 2", "in Zeile 2"), ("[weights", "kein gültiges TOML"),
     ("colour = 3", "`colour`"), ("weights = 3", "`weights`"),
     ('[weights]\n"layer:housing" = -1.0', "`weights.layer:housing`"), ("\ud800", "gültiges")],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_german_and_the_place_is_named(text, part):
    said = refusal(text)
    assert "„meins.toml“ wurde nicht übernommen" in said
    assert part in said
    assert "Input should" not in said


def test_it_is_refused_in_english_as_well():
    assert "“meins.toml” was not taken: the file is not valid TOML in line 1." in refusal(
        "= 3", "en"
    )


def test_known_reasons_have_words_of_their_own():
    said = why_refused("Anna", RecipeError("recipe: …", code="no_weight"), words("de"))
    assert words("de")("error.no_weight") in said


def test_without_anything_quoted_it_is_no_recipe():
    assert "kein Rezept" in why_refused("a", RecipeError("a: wrong."), words("de"))
