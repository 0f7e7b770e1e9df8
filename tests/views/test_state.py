"""A permalink must restore the page exactly, and a damaged one must never break it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.classes import COUNTS, SCHEMES
from layers import Dataset, Recipe
from layers.extend import OwnData
from views.i18n import LANGUAGES
from views.state import OWN_NAME, SPREADS, PageState, read, write

DEFAULT = Recipe.parse({"normalise": {"constant": "drop"}})


@pytest.fixture(scope="module")
def toy(request):
    return Dataset.open(request.config.rootpath / "tests" / "toy")


states = st.builds(
    PageState,
    recipe=st.one_of(
        st.just(DEFAULT),
        st.builds(
            lambda weight, sign: Recipe.parse(
                {
                    "name": "Mein Rezept & mehr",
                    "weights": {"layer:land": weight},
                    "directions": {"songs": sign},
                    "normalise": {"constant": "drop"},
                }
            ),
            st.floats(0, 1e6),
            st.sampled_from(["+", "-"]),
        ),
    ),
    language=st.sampled_from(LANGUAGES),
    show=st.sampled_from(["score", "top_quarter", "width", "layer:land", "indicator:wells"]),
    selected=st.sampled_from(["", "A1", "D4"]),
    scheme=st.sampled_from(SCHEMES),
    classes=st.sampled_from(COUNTS),
    spread=st.sampled_from(list(SPREADS)),
    doubt=st.booleans(),
)


@given(states)
def test_a_link_restores_the_page(toy, state):
    query = dict(parse_qsl(urlencode(write(state, DEFAULT)), keep_blank_values=True))
    restored, damaged = read(query, toy, DEFAULT)
    assert damaged == ""
    assert restored == state


def test_a_first_visit_has_a_short_address():
    assert write(PageState(recipe=DEFAULT), DEFAULT) == {}


def test_the_name_of_a_hand_made_weighting_stays_out_of_the_link():
    recipe = Recipe.parse({"name": OWN_NAME.model_dump(), "weights": {"layer:land": 2}})
    assert "n" not in write(PageState(recipe=recipe), DEFAULT)


@pytest.mark.parametrize(
    "query",
    [
        {"lang": "fr"},
        {"k": "nine"},
        {"sel": "00000"},
        {"show": "layer:nothing"},
        {"w.land": "many"},
        {"w.nothing": "1"},
        {"w.land": "-1"},
        {"w.land": "nan"},
        {"dl.land": "sideways"},
        {"f.nothing": "1"},
        {"y": "soon"},
        {"nr": "5"},
    ],
)
def test_a_damaged_link_names_the_part_and_keeps_the_rest(toy, query):
    restored, damaged = read(query | {"cls": "fisher_jenks"}, toy, DEFAULT)
    assert next(iter(query)).partition(".")[2] in damaged or next(iter(query)) in damaged
    assert restored == replace(PageState(recipe=restored.recipe), scheme="fisher_jenks")


@settings(max_examples=200)
@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=6))
def test_no_query_at_all_breaks_the_page(toy, query):
    restored, _ = read(query, toy, DEFAULT)
    assert isinstance(restored, PageState)


OWN = OwnData("Frei", "own", "", "+", 2024)


def test_a_link_made_with_somebody_s_own_data_opens_without_them(toy):
    extended = OWN.add_to(toy, pd.Series({"A1": 1.0, "B2": 2.0}))
    recipe = Recipe(
        dataset=extended.reference, weights={"layer:own": 3.0, "layer:soil": 2.0},
        directions={"own_frei": "-"},
    )  # fmt: skip
    query = write(PageState(recipe=recipe, show="layer:own"), DEFAULT)
    restored, damaged = read(query, toy, DEFAULT)
    assert damaged == ""
    assert restored.show == "score"
    assert restored.recipe.weights == {"layer:soil": 2.0}
    assert restored.recipe.dataset == extended.reference
    assert read(query, extended, DEFAULT)[0].recipe.weights == recipe.weights


def test_a_view_of_own_data_with_the_usual_weights_still_names_them(toy):
    extended = OWN.add_to(toy, pd.Series({"A1": 1.0, "B2": 2.0}))
    default = DEFAULT.model_copy(update={"dataset": extended.reference})
    query = write(PageState(recipe=default), default)
    assert query == {"d": extended.reference}
    assert read(query, extended, default)[0].recipe == default
    assert read(query, toy, DEFAULT)[0].recipe.dataset == extended.reference
