"""Round trip through a link for any recipe; a damaged link is one clear line and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import REGIONS, recipes

from layers.errors import RecipeError
from layers.query import from_query, is_recipe_key, to_query
from layers.recipe import Range, Recipe

KEYS = ["n", "ne", "d", "y", "ref", "nm", "nr", "nz", "nc", "ag", "mc", "ti"]
PREFIXES = ["f.", "fr.", "w.", "wi.", "dl.", "di."]


@given(recipes)
def test_a_link_reads_back_unchanged(recipe):
    link = urlencode(to_query(recipe))
    query = dict(parse_qsl(link, keep_blank_values=True))
    assert from_query(query, columns=REGIONS) == recipe
    assert all(map(is_recipe_key, query))


def test_a_default_recipe_is_an_empty_link():
    assert to_query(Recipe()) == {}
    assert from_query({}) == Recipe()


def test_a_link_by_hand():
    recipe = Recipe(
        filter={"land": ["01", "1~3%"], "density": Range(max=150)},
        weights={"layer:housing": 2, "indicator:vacancy_rate": 0.5},
        directions={"layer:demography": "-", "foreign_share": "+"},
        normalise={"method": "zscore", "range": (1, 100)},
    )
    assert to_query(recipe) == {
        "nm": "zscore", "nr": "1~100", "f.land": "01~1%7E3%25", "fr.density": "~150",
        "w.housing": "2", "wi.vacancy_rate": "0.5", "dl.demography": "down",
        "di.foreign_share": "up",
    }  # fmt: skip


def test_a_description_is_for_files_only():
    recipe = Recipe(description="long")
    assert to_query(recipe) == {}


def test_the_column_says_whether_01_is_a_key_or_a_number():
    assert from_query({"f.text": "01"}, columns=REGIONS).filter == {"text": ["01"]}
    assert from_query({"f.whole": "01"}, columns=REGIONS).filter == {"whole": [1]}
    assert from_query({"f.flag": "true"}, columns=REGIONS).filter == {"flag": [True]}


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("w.land", "much", "link: 'w.land=much' is damaged; expected a number"),
        ("w.land", "nan", "'weights.layer:land'"),
        ("w.land", "-1", "'weights.layer:land'"),
        ("w.", "1", "'weights.layer:.[key]'"),
        ("dl.land", "left", "expected up, down or off"),
        ("nr", "1", "expected two numbers such as 0~100"),
        ("nr", "9~1", "range must rise"),
        ("fr.size", "10", "expected an interval such as 10~20"),
        ("fr.size", "~", "'filter.size.range'"),
        ("y", "9" * 5000, "'year'"),
        ("y", "٢٠٢٠", "'year'"),
        ("nm", "", "'normalise.method'"),
        ("mc", "inf", "'aggregate.min_coverage'"),
        ("f.whole", "x", "expected a number"),
    ],
)
def test_a_damaged_field_is_named(key, text, words):
    with pytest.raises(RecipeError) as caught:
        from_query({key: text}, columns=REGIONS)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


fields = st.sampled_from(KEYS) | st.builds(
    "{}{}".format, st.sampled_from(PREFIXES), st.sampled_from(list(REGIONS)) | st.text(max_size=5)
)
pieces = (
    st.text()
    | st.floats().map(str)
    | st.integers().map(str)
    | st.sampled_from(
        ["~", "1~2", "~~", "up", "true", "1_0", "1e999", "zscore", "latest", "%", "%7"]
    )
)


@given(st.dictionaries(fields, pieces, max_size=4))
def test_no_link_can_do_more_than_be_refused(query):
    try:
        recipe = from_query(query, columns=REGIONS)
    except RecipeError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017 -- both ends are allowed
    else:
        assert from_query(to_query(recipe), columns=REGIONS) == recipe
