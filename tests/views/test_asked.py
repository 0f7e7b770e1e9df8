"""A program's permalink is understood whole or refused in words."""

from __future__ import annotations

import pytest

from layers.errors import RecipeError
from layers.paths import default_recipe
from views.asked import PAGE_KEYS, asked
from views.state import PageState, write


@pytest.fixture
def default(toy):
    return default_recipe(toy)


def test_what_a_page_writes_is_understood(toy, default):
    layer = next(iter(toy.catalogue.layer_by_id))
    region = toy.regions.index[0]
    state = PageState(
        recipe=default.model_copy(update={"weights": {f"layer:{layer}": 3.0}}), language="en",
        show=f"layer:{layer}", selected=region, scheme="equal_interval", classes=4, spread="25",
        doubt=False,
    )  # fmt: skip
    query = write(state, default)
    assert set(PAGE_KEYS) <= set(query)
    assert asked(query.items(), toy, default) == state


def test_no_field_is_the_default_view(toy, default):
    assert asked([], toy, default) == PageState(recipe=default)


def test_what_belongs_to_one_page_alone_is_passed_over(toy, default):
    assert asked([("p.with", "A1~A2")], toy, default) == PageState(recipe=default)


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([("zz", "1")], "unknown field 'zz'"),
        ([("lang", "de"), ("lang", "en")], "'lang' is given twice"),
        ([("lang", "fr")], "'lang=fr' is not known here"),
        ([("show", "layer:nothing")], "layer:nothing"),
        ([("w.nothing", "1")], "unknown key 'layer:nothing'"),
        ([("w.soil", "abc")], "'w.soil=abc' is damaged; expected a number"),
        ([("f.nothing", "1")], "nothing"),
        ([("d", "toy@1+eigene.0123abcd")], "somebody's own data, which no link holds"),
    ],
)
def test_anything_else_is_refused_in_words(toy, default, pairs, words):
    with pytest.raises(RecipeError, match=words):
        asked(pairs, toy, default)
