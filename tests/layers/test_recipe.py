"""Round trip through TOML for any recipe, and one clear line for every bad one."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from strategies import recipes

from layers.catalogue import Catalogue
from layers.errors import RecipeError
from layers.recipe import Recipe


def refused(toml):
    with pytest.raises(RecipeError) as caught:
        Recipe.parse(tomllib.loads(toml))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@given(recipes)
def test_a_recipe_file_reads_back_unchanged(recipe):
    assert Recipe.parse(tomllib.loads(recipe.to_toml())) == recipe


def test_a_file_holds_only_what_differs_from_the_defaults():
    assert Recipe(ties="average").to_dict() == {
        "name": {"de": "Gleich gewichtet", "en": "Equal weights"}, "ties": "average",
    }  # fmt: skip


def test_a_recipe_as_a_dict_holds_what_files_can_hold():
    content = Recipe(normalise={"range": (0, 1)}, filter={"size": {"min": 2}}).to_dict()
    assert content["normalise"]["range"] == [0, 1]
    assert content["filter"] == {"size": {"min": 2}}


def test_loading_names_the_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[weights]\n"layer:land" = -1\n')
    with pytest.raises(RecipeError, match=r"mine\.toml: 'weights\.layer:land'"):
        Recipe.load(path)
    with pytest.raises(RecipeError, match=r"none\.toml: cannot be read"):
        Recipe.load(tmp_path / "none.toml")


@pytest.mark.parametrize("weight", ["-1", "nan", "inf", "-inf", '"2"', "true", "1e7", "[1]"])
def test_a_weight_is_a_finite_number_not_below_zero(weight):
    assert "'weights.layer:land'" in refused(f'[weights]\n"layer:land" = {weight}')


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("wheights = 1", "unknown key 'wheights'"),
        ("[weights]\nland = 1", "'weights.land.[key]'"),
        ('[directions]\n"layer:" = "+"', "'directions.layer:.[key]'"),
        ('[directions]\nwells = "up"', "'directions.wells'"),
        ('directions = "+"', "'directions'"),
        ("year = 20.5", "'latest' or a year from 1900 to 2200"),
        ("year = true", "'latest' or a year from 1900 to 2200"),
        ('year = "2020"', "'latest' or a year from 1900 to 2200"),
        ('[filter]\nland = "01"', "a list of values or a table with min, max or both"),
        ("[filter]\nland = []", "'filter.land"),
        ("[filter]\nland = [nan]", "'filter.land"),
        ("[filter]\nland = [inf]", "a finite number is needed, a whole one of at most 64 bits"),
        ("[filter]\nland = [-9223372036854775808]", "a whole one of at most 64 bits"),
        ("[kinds]\nsize = [2, 1]", "the first of two bounds has to be below the second"),
        ("[filter]\nsize = {}", "a range needs min, max or both"),
        ("[filter]\nsize = { min = 2, max = 1 }", "min 2 is above max 1"),
        ('[filter]\nsize = { min = "a" }', "'filter.size.range.min'"),
        ("[filter]\nsize = { least = 1 }", "unknown key 'filter.size.range.least'"),
        ('[normalise]\nmethod = "magic"', "'normalise.method'"),
        ("[normalise]\nrange = [1, 1]", "range must rise"),
        ("[normalise]\nrange = [0, inf]", "'normalise.range.1'"),
        ("[normalise]\nrange = [0]", "'normalise.range"),
        ("[normalise]\nsd = 0", "'normalise.sd'"),
        ("[aggregate]\nmin_coverage = 1.1", "'aggregate.min_coverage'"),
        ('ties = "best"', "'ties'"),
        ('[impute]\nmethod = "guess"', "'none', 'median', 'mean', 'group_median'"),
        ('[impute]\nmethod = "group_median"', "needs by, an attribute column such as 'land'"),
        ('[impute.indicators.wells]\nmethod = "group_mean"', "needs by"),
        ("[impute]\nneighbours = 0", "'impute.neighbours'"),
        ("[impute]\nneighbours = 2.5", "'impute.neighbours'"),
        ('[treat]\nmethod = "cut"', "'treat.method'"),
        ('[treat]\nmethod = "winsorise_then_log"\nalways = true', "has no meaning"),
        ("[treat]\nmax = -1", "'treat.max'"),
        ("[treat.indicators.wells]\nlimit = 1", "unknown key 'treat.indicators.wells.limit'"),
        ("[screen]\nminimum = 2", "'screen.minimum'"),
        ('[denominate]\nwells = "people"', "'denominate.wells'"),
        ("[denominate.wells]\nscale = 1", "'denominate.wells.by' is missing"),
        ("[normalise.goalposts]\nwells = [2, 1]", "goalposts of 'wells' must rise"),
        ("[normalise.targets]\nwells = nan", "'normalise.targets.wells'"),
        ('[aggregate]\nmethod = "mode"', "'median', 'owa', 'mpi', 'copeland' or 'bod'"),
        ('[aggregate]\nmethod = "power"', "needs p; 1 is the arithmetic"),
        ('[aggregate]\nmethod = "power"\np = 51', "'aggregate.p'"),
        ('[aggregate.layers.land]\nmethod = "owa"', "needs order_weights"),
        ('[aggregate]\nmethod = "owa"\norder_weights = [0]', "needs order_weights"),
        ('[aggregate.levels.top]\nmethod = "mpi"', "'aggregate.levels.top.[key]'"),
    ],
)
def test_a_fault_is_named_with_its_key(toml, words):
    assert words in refused(toml)


def test_an_indicator_may_be_named_in_full_in_directions():
    content = {"directions": {"indicator:wells": "-", "layer:land": "0"}}
    assert Recipe.parse(content).directions == {"wells": "-", "layer:land": "0"}


def test_what_is_not_named_keeps_the_weight_of_the_catalogue():
    recipe = Recipe(weights={"layer:land": 0}, directions={"wells": "-"})
    assert recipe.weight("layer", "land", 5) == 0
    assert recipe.weight("indicator", "land", 5) == 5
    assert recipe.direction("indicator", "wells", "+") == "-"
    assert recipe.direction("layer", "wells", "+") == "+"


def test_the_year_as_a_limit():
    assert Recipe().year_limit is None
    assert Recipe(year=2019).year_limit == 2019


def test_a_layer_wins_over_its_level_and_keeps_what_it_does_not_name():
    aggregate = Recipe.parse({"aggregate": {
        "min_coverage": 0.5, "levels": {"1": {"method": "harmonic"}, "index": {"min_coverage": 1}},
        "layers": {"land": {"method": "median"}, "soil": {"min_coverage": 0}},
    }}).aggregate  # fmt: skip
    chosen = {node: aggregate.at(node, depth) for node, depth in
              (("", 0), ("land", 1), ("people", 1), ("soil", 2))}  # fmt: skip
    assert {node: (one.method, one.min_coverage) for node, one in chosen.items()} == {
        "": ("arithmetic", 1), "land": ("median", 0.5), "people": ("harmonic", 0.5),
        "soil": ("arithmetic", 0),
    }  # fmt: skip


def test_an_indicator_keeps_of_the_stage_what_it_does_not_change():
    recipe = Recipe.parse({
        "impute": {"method": "knn", "neighbours": 2, "indicators": {"a": {"method": "mean"}}},
        "treat": {"method": "winsorise", "max": 3, "indicators": {"a": {"skew": 1.0}}},
    })  # fmt: skip
    assert (recipe.impute.of("a").method, recipe.impute.of("a").neighbours) == ("mean", 2)
    assert (recipe.impute.of("b").method, recipe.treat.rule("a").max) == ("knn", 3)
    assert (recipe.treat.rule("a").skew, recipe.treat.rule("b").skew) == (1, 2)
    # What holds for one indicator says nothing about others any more.
    assert recipe.impute.of("a").indicators == {}


def test_a_change_that_changes_nothing_is_not_kept():
    changes = {"a": {}, "b": {"method": "mean"}}
    assert list(Recipe.parse({"impute": {"indicators": changes}}).impute.indicators) == ["b"]


def test_the_largest_whole_number_of_a_file_can_be_asked_for():
    assert Recipe.parse({"filter": {"id": [2**63 - 1]}}).filter == {"id": [2**63 - 1]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"denominate": {"sea": {"by": "size"}}}, r"'sea' in \[denominate\]; allowed: fertility"),
        ({"impute": {"indicators": {"sea": {"method": "mean"}}}}, r"\[impute.indicators\]"),
        ({"treat": {"indicators": {"sea": {"max": 1}}}}, r"\[treat.indicators\]"),
        ({"normalise": {"goalposts": {"sea": [0, 1]}}}, r"\[normalise.goalposts\]"),
        ({"normalise": {"targets": {"sea": 1}}}, r"\[normalise.targets\]"),
        (
            {"aggregate": {"layers": {"sea": {"method": "mpi"}}}},
            r"\[aggregate.layers\]; allowed: land, soil, water",
        ),
        (
            {"aggregate": {"levels": {"3": {"method": "mpi"}}}},
            r"\[aggregate.levels\]; allowed: index, 1, 2\.",
        ),
    ],
)
def test_what_the_catalogue_lacks_is_named(toy, content, words):
    with pytest.raises(RecipeError, match=words):
        Recipe.parse(content).check(toy.catalogue)


def test_a_catalogue_without_layers_has_no_levels_but_the_index():
    nothing = Catalogue(layers=())
    Recipe().check(nothing)
    with pytest.raises(RecipeError, match=r"allowed: index\."):
        Recipe.parse({"aggregate": {"levels": {"1": {"method": "mpi"}}}}).check(nothing)


ANNA = {"name": "Anna", "weights": {"layer:a": 3.0}, "directions": {"indicator:b": "+"}}


def test_a_group_recipe_keeps_its_members(tmp_path):
    recipe = Recipe.parse({"members": [ANNA, {}]})
    path = tmp_path / "group.toml"
    path.write_text(recipe.to_toml(), encoding="utf-8")
    assert Recipe.load(path) == recipe
    assert recipe.members[0].directions == {"b": "+"}
    assert recipe.members[1].name == ""


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (3, "'members'"),
        ([{"name": "A\nB"}], "'members.0.name': plain text of one line"),
        ([{"name": "A" * 81}], "'members.0.name'"),
        ([{}, {"weights": {"layer:a": -1.0}}], "'members.1.weights.layer:a'"),
        ([{"weights": {"a": 1.0}}], "'members.0.weights.a"),
        ([{"directions": {"a": "up"}}], "'members.0.directions.a'"),
        ([{"filter": {}}], "unknown key 'members.0.filter'"),
        ([{}] * 201, "at most 200"),
    ],
)
def test_damaged_members_are_refused_in_one_line(members, said):
    with pytest.raises(RecipeError) as refused:
        Recipe.parse({"members": members})
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
