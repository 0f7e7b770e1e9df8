"""What must be true of the hash and the sentence that results are cited by."""

from __future__ import annotations

import dataclasses
import random
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import recipes

from layers import Dataset, Recipe, score
from layers.citation import citation, recipe_hash, tool_version
from layers.provenance import provenance
from layers.query import from_query, to_query
from layers.robust import robust_scores

#: Spelled out in the toy's catalogue or the defaults of a recipe: choices that change nothing.
IDLE = [
    {"weights": {"layer:people": 1.0}},
    {"weights": {"layer:soil": 3}},
    {"directions": {"quarrels": "-"}},
    {"directions": {"songs": "0"}},
    {"normalise": {"range": [0, 100]}},
    {"normalise": {"method": "minmax"}},
    {"aggregate": {"min_coverage": 0.66, "method": "arithmetic"}},
    {"impute": {"method": "none"}, "treat": {"max": 5}},
    {"reference": {"set": "all"}, "ties": "min", "year": "latest"},
]
#: Choices that change numbers of the toy, so that each pair of them must be told apart.
TELLING = [
    {},
    {"weights": {"layer:people": 2}},
    {"weights": {"layer:people": 0}},
    {"weights": {"indicator:wells": 0}},
    {"directions": {"quarrels": "+"}},
    {"directions": {"songs": "+"}},
    {"normalise": {"method": "rank"}},
    {"normalise": {"method": "zscore"}},
    {"normalise": {"method": "zscore", "range": [0, 100]}},
    {"normalise": {"range": [0, 1]}},
    {"aggregate": {"method": "harmonic"}, "normalise": {"range": [1, 100]}},
    {"aggregate": {"min_coverage": 1}},
    {
        "filter": {"coast": ["no"]},
        "reference": {"set": "filtered"},
        "normalise": {"constant": "drop"},
    },
    {"year": 2020},
    {"impute": {"method": "median"}},
]


def merged(*parts):
    whole = {}
    for part in parts:
        for key, value in part.items():
            whole[key] = {**whole.get(key, {}), **value} if isinstance(value, dict) else value
    return whole


def shuffled(content, seed):
    """Return nested dictionaries with their keys in another order."""
    if not isinstance(content, dict):
        return content
    keys = list(content)
    random.Random(seed).shuffle(keys)  # noqa: S311 -- any order will do
    return {key: shuffled(content[key], seed) for key in keys}


@given(recipes, st.text(), st.integers(0, 9))
def test_only_what_changes_numbers_changes_the_hash(toy, recipe, name, seed):
    usual = recipe_hash(recipe, toy)
    assert re.fullmatch("[0-9a-f]{12}", usual)
    renamed = recipe.model_copy(
        update={
            "name": Recipe.parse({"name": name}).name,
            "dataset": "other@9",
            "members": Recipe.parse({"members": [{"weights": {"layer:people": 2.0}}]}).members,
        }
    )
    assert recipe_hash(renamed, toy) == usual
    assert recipe_hash(Recipe.parse(shuffled(recipe.to_dict(), seed)), toy) == usual
    whole = recipe.model_dump(mode="json", exclude_none=True)
    assert recipe_hash(Recipe.parse(whole), toy) == usual


@given(recipes)
def test_a_recipe_read_from_its_own_link_has_the_same_hash(toy, recipe):
    from strategies import REGIONS

    again = from_query(to_query(recipe), columns=REGIONS)
    assert recipe_hash(again, toy) == recipe_hash(recipe, toy)


@given(st.sampled_from(TELLING), st.lists(st.sampled_from(IDLE), max_size=4))
def test_what_holds_anyway_may_be_spelled_out(toy, telling, idle):
    plain, wordy = Recipe.parse(telling), Recipe.parse(merged(*idle, telling))
    assert recipe_hash(wordy, toy) == recipe_hash(plain, toy)
    first, second = score(toy, plain), score(toy, wordy)
    pd.testing.assert_frame_equal(first.layers, second.layers, check_exact=True)
    pd.testing.assert_series_equal(first.index, second.index, check_exact=True)


def test_recipes_with_other_numbers_have_other_hashes(toy):
    hashes = {recipe_hash(Recipe.parse(one), toy) for one in TELLING}
    assert len(hashes) == len(TELLING)


def test_order_and_repetition_of_a_set_do_not_count(toy):
    one = Recipe.parse({"filter": {"coast": ["no", "yes"]}, "screen": {"never": ["A1", "B2"]}})
    two = Recipe.parse(
        {"filter": {"coast": ["yes", "no", "no"]}, "screen": {"never": ["B2", "A1"]}}
    )
    assert recipe_hash(one, toy) == recipe_hash(two, toy)


def test_a_whole_number_may_be_written_with_a_point(toy):
    hashes = {
        recipe_hash(Recipe.parse({"filter": {"size": sizes}}), toy)
        for sizes in ([1, 10, 2.0], [1.0, 10, 2], [2, 1, 10.0])
    }
    assert len(hashes) == 1


def test_order_weights_are_no_set(toy):
    first, second = (
        Recipe.parse({"aggregate": {"method": "owa", "order_weights": order}})
        for order in ([1, 2, 3], [3, 2, 1])
    )
    assert recipe_hash(first, toy) != recipe_hash(second, toy)


def test_weights_count_as_written_not_as_shares(toy):
    double = {"weights": {"layer:land": 2.0, "layer:people": 2.0}}
    assert recipe_hash(Recipe.parse(double), toy) != recipe_hash(Recipe(), toy)


def test_another_version_of_the_data_has_another_hash(toy):
    newer = dataclasses.replace(toy, version="2")
    assert recipe_hash(Recipe(), newer) != recipe_hash(Recipe(), toy)


def test_yardsticks_from_elsewhere_belong_to_the_choices(toy):
    earlier = score(toy, Recipe.parse({"filter": {"size": {"max": 30}}}))
    now = score(toy, Recipe(), yardsticks=earlier.yardsticks)
    plain = score(toy, Recipe())
    assert provenance(now).recipe_hash != provenance(plain).recipe_hash
    again = score(toy, Recipe(), yardsticks=dict(reversed(earlier.yardsticks.items())))
    assert provenance(again).recipe_hash == provenance(now).recipe_hash
    assert provenance(now).recipe_hash in provenance(now).citation("de")


def test_a_hash_stays_what_it_was(toy):
    # Papers quote it: if this fails, every hash printed so far stands for something else.
    recipe = Recipe.parse({"weights": {"layer:people": 2}, "normalise": {"method": "rank"}})
    assert recipe_hash(recipe, toy) == "cd1ab3f7f4d8"


@pytest.mark.parametrize(("language", "words"), [("de", "es gelten"), ("en", "licences apply")])
def test_the_sentence_names_tool_recipe_data_and_licences(toy, language, words):
    recipe = Recipe.parse({"name": "Mein\nRezept"})
    sentence = citation(recipe, toy)[language]
    wanted = [f"Potenzialatlas {tool_version()}", "Mein Rezept", "toy@1", words]
    assert all(part in sentence for part in [*wanted, recipe_hash(recipe, toy)])
    assert "\n" not in sentence


def test_the_provenance_of_every_export_carries_both(toy_folder):
    scores = score(Dataset.open(toy_folder), Recipe())
    about = provenance(scores, robust_scores(scores, draws=5))
    digits = recipe_hash(Recipe(), scores.dataset)
    assert about.to_dict("de")["recipe_hash"] == digits
    assert about.to_dict("de")["citation"] == about.citation("de")
    assert sum(digits in line for line in about.lines("en")) == 2
