"""Round trip through a link for any recipe; a damaged link is one clear line and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import REGIONS, recipes

from layers.errors import RecipeError
from layers.query import LONGEST, from_query, is_recipe_key, to_query
from layers.recipe import Range, Recipe

KEYS = [
    "n", "ne", "d", "ln", "y", "kz", "ke", "ky", "kb", "kp", "kn", "kt", "ref", "sm", "sz", "sa",
    "sn", "im", "ib", "ik", "ia", "tm", "ts", "tk", "tx", "ta", "nm", "nr", "nz", "nt", "nc", "ag",
    "mc", "ap", "ao", "an", "as", "ti",
]  # fmt: skip
PREFIXES = [
    "f.", "fr.", "w.", "wi.", "dl.", "di.", "dn.", "ng.", "no.", "ii.", "ti.", "al.", "av."
]  # fmt: skip


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


def test_stages_and_their_exceptions_by_hand():
    recipe = Recipe.parse({
        "screen": {"minimum": 0.5, "always": ["01", "a~b"]},
        "lens": "nap1",
        "denominate": {"doctors": {"by": "people", "scale": 1000}, "rent": {"by": "a~b"}},
        "impute": {"method": "group_median", "by": "land", "indicators": {"rent": {"method": "knn",
                   "neighbours": 3}}},
        "treat": {"method": "winsorise_then_log", "indicators": {"rent": {"method": "none"}}},
        "normalise": {"method": "goalposts", "goalposts": {"rent": [4, 12]}, "truncate": False},
        "aggregate": {"p": 0.5, "levels": {"index": {"method": "power", "min_coverage": 0.5}},
                      "layers": {"land": {"method": "owa", "order_weights": [1, 2],
                                          "penalty": "+"}}},
    })  # fmt: skip
    query = to_query(recipe)
    assert query == {
        "sm": "0.5", "sa": "01~a%7Eb", "ln": "nap1", "dn.doctors": "people~1000",
        "dn.rent": "a%7Eb", "im": "group_median", "ib": "land",
        "ii.rent": "m!knn~k!3", "tm": "winsorise_then_log", "ti.rent": "m!none",
        "nm": "goalposts", "nt": "false", "ng.rent": "4~12", "ap": "0.5",
        "av.index": "m!power~c!0.5", "al.land": "m!owa~o!1!2~n!up",
    }  # fmt: skip
    assert from_query(query) == recipe


def test_a_name_in_one_language_serves_both():
    assert from_query({"n": "Mein Rezept"}) == Recipe(name="Mein Rezept")
    assert to_query(Recipe(name="Mein Rezept")) == {"n": "Mein Rezept"}


def test_a_filter_keeps_every_digit_and_its_kind():
    """Columns may have a dot in their name."""
    columns = REGIONS.rename(columns={"whole": "whole.number"})
    recipe = Recipe(
        filter={"whole.number": [10**17 + 1, 2], "real": [2.0, 0.5], "flag": [True, False],
                "text": ["true", "2"]},
    )  # fmt: skip
    query = to_query(recipe)
    assert query == {
        "f.whole.number": "100000000000000001~2", "f.real": "2~0.5", "f.flag": "true~false",
        "f.text": "true~2",
    }  # fmt: skip
    kept = from_query(query, columns=columns).filter
    assert kept == recipe.filter
    assert [type(one) for one in kept["flag"]] == [bool, bool]
    assert [type(one) for one in kept["whole.number"]] == [int, int]


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
        ("w.land", "nan", "link: 'weights.layer:land'"),
        ("w.land", "-1", "'weights.layer:land'"),
        ("w.", "1", "'weights.layer:.[key]'"),
        ("dl.land", "left", "expected up, down or off"),
        ("nr", "1", "expected two numbers such as 0~100"),
        ("nr", "9~1", "range must rise"),
        ("nz", "1", "link: 'nz=1' is damaged; expected two numbers such as 0~100."),
        ("ky", "2012~2022~9", "'ky=2012~2022~9' is damaged; expected two numbers such as"),
        ("fr.size", "10", "expected an interval such as 10~20"),
        ("fr.size", "~", "'filter.size.range'"),
        ("fr.size", "x~", "link: 'fr.size=x' is damaged; expected a number"),
        ("f.flag", "on", "link: 'f.flag=on' is damaged; expected a number"),
        ("y", "9" * 5000, "'year'"),
        ("y", "٢٠٢٠", "'year'"),
        ("nm", "", "'normalise.method'"),
        ("mc", "inf", "'aggregate.min_coverage'"),
        ("f.whole", "x", "expected a number"),
        ("ag", "mean", "'arithmetic', 'geometric', 'harmonic', 'power'"),
        ("ag", "power", "needs p"),
        ("ao", "1~x", "expected a number"),
        ("ta", "yes", "expected true or false"),
        ("tx", "2.5", "expected a whole number"),
        ("al.land", "mean", "expected some of m!method, c!min_coverage"),
        ("al.land", "m!mean", "'aggregate.layers.land.method'"),
        ("av.top", "m!median", "'aggregate.levels.top.[key]'"),
        ("ng.rent", "5", "expected two numbers"),
        ("ng.rent", "5~x", "link: 'ng.rent=x' is damaged; expected a number"),
        ("dn.rent", "people~x", "link: 'dn.rent=x' is damaged; expected a number"),
        ("n", "\ud800", "link: 'n=?' is damaged; expected text of whole characters."),
        ("w.ä\udfff", "1", "link: 'w.??=?' is damaged; expected text of whole characters."),
        ("dn.rent", "~3", "'denominate.rent.by'"),
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
        [
            "~",
            "1~2",
            "~~",
            "up",
            "true",
            "1_0",
            "1e999",
            "zscore",
            "latest",
            "%",
            "%7",
            "m!median",
            "m!",
            "!",
            "m!power~p!2",
            "o!1!2",
            "a~2",
        ]
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


def test_the_members_of_a_group_are_no_part_of_a_link():
    group = Recipe.parse({"members": [{"name": "Anna", "weights": {"layer:a": 3.0}}]})
    assert to_query(group) == {}


def test_a_link_has_an_end():
    """What belongs to the page counts as well; it is read before it is known for that."""
    assert from_query({"page": "x" * (LONGEST - 4)}) == Recipe()
    with pytest.raises(RecipeError, match=r"^link: has more than 100,000 characters; copy it"):
        from_query({"page": "x" * (LONGEST - 3)})
