import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import coverages, dataset, flat, indicator, layer, means, methods, nested, tables

from layers import Recipe, score
from layers.errors import RecipeError
from layers.methods.frozen import from_dict, to_dict
from layers.recipe import Aggregate
from layers.study.panel import panel

OPEN = Recipe.parse({"aggregate": {"min_coverage": 0.0}})


def yearly(build=flat, **by_year):
    """Build one dataset from frames given as ``y2020=...``."""
    made = {int(year[1:]): build(values) for year, values in by_year.items()}
    tables_ = [one.values.assign(year=year) for year, one in made.items()]
    first = next(iter(made.values()))
    return dataclasses.replace(first, values=pd.concat(tables_, ignore_index=True))


def frame(**columns):
    return pd.DataFrame(columns, index=["P", "Q", "R"], dtype=float)


def scores_of(found, year):
    return found.table[found.table["year"] == year].set_index("region")["score"]


GROWTH = yearly(y2020=frame(a=[0, 5, 10]), y2021=frame(a=[5, 10, 20]))


def test_frozen_on_a_base_year():
    found = panel(GROWTH, Recipe(), [2021, 2020], base=2020)
    assert scores_of(found, 2020).tolist() == [0, 50, 100]
    # 20 is twice the best of the base year.
    assert scores_of(found, 2021).tolist() == [50, 100, 200]
    assert found.table["rank"].tolist() == [3, 2, 1, 3, 2, 1]
    assert found.table["year"].tolist() == [2020] * 3 + [2021] * 3
    assert found.table.index.tolist() == list(range(6))
    assert found.base == 2020


def test_a_base_year_gives_what_the_score_gives_with_its_yardsticks():
    base = score(GROWTH, Recipe(year=2020))
    later = score(GROWTH, Recipe(year=2021), yardsticks=base.yardsticks)
    assert scores_of(panel(GROWTH, Recipe(), [2021], base=2020), 2021).tolist() == [50, 100, 200]
    assert later.index.tolist() == [50, 100, 200]


def test_pooled_over_the_years():
    found = panel(GROWTH, Recipe(), [2020, 2021])
    assert scores_of(found, 2020).tolist() == [0, 25, 50]
    assert scores_of(found, 2021).tolist() == [25, 50, 100]
    assert found.base == "pooled"


def test_a_base_outside_the_years():
    found = panel(GROWTH, Recipe(), [2021], base=2020)
    assert scores_of(found, 2021).tolist() == [50, 100, 200]


def test_a_carried_value_enters_the_pool_once():
    # The z-score of the pool: values 0, 5, 10 of 2020, which 2021 carries on.
    recipe = Recipe.parse({"normalise": {"method": "zscore"}})
    data = yearly(y2020=frame(a=[0, 5, 10], b=[0, 1, 2]), y2021=frame(b=[0, 1, 2]))
    found = panel(data, recipe, [2020, 2021], max_age=None)
    assert found.yardsticks["a"].scale == np.std([0, 5, 10], ddof=1)


def test_availability_says_what_is_missing_when():
    data = yearly(y2020=frame(a=[0, 5, 10], b=[0, 1, np.nan]), y2021=frame(a=[0, 1, 2]))
    strict = panel(data, OPEN, [2020, 2021])
    assert strict.availability.columns.tolist() == [
        "indicator", "year", "year_used", "regions", "state"
    ]  # fmt: skip
    rows = strict.availability.set_index(["indicator", "year"])
    assert rows.loc[("a", 2021)].tolist() == [2021, 3, "own"]
    assert rows.loc[("b", 2020)].tolist() == [2020, 2, "own"]
    assert rows.loc[("b", 2021)].tolist() == [0, 0, "none"]
    assert [(one.code, one.about) for one in strict.warnings] == [("no_value_in_year", "b")]
    assert strict.warnings[0].message == "Indicator 'b' cannot be used in 2021."
    carried = panel(data, OPEN, [2020, 2021], max_age=1).availability
    assert carried.set_index(["indicator", "year"]).loc[("b", 2021)].tolist() == [
        2020,
        2,
        "carried",
    ]


def test_warnings_stand_in_the_order_of_the_catalogue():
    data = yearly(y2020=frame(z=[0, 5, 10], b=[0, 1, 2], a=[0, 1, 2]), y2021=frame(b=[0, 1, 2]))
    warnings = panel(data, OPEN, [2019, 2020, 2021]).warnings
    assert [one.about for one in warnings] == ["z", "b", "a", "2019"]
    assert "2019, 2021" in warnings[0].message


def test_equal_scores_share_a_rank_as_the_recipe_says():
    data = yearly(y2020=frame(a=[10, 0, 10]))
    assert panel(data, Recipe(), [2020]).table["rank"].tolist() == [1, 3, 1]
    assert panel(data, Recipe(ties="average"), [2020]).table["rank"].tolist() == [1.5, 3, 1.5]


def test_complete_rests_on_the_same_indicators_in_all_years():
    data = yearly(y2020=frame(a=[0, 5, 10], b=[9, 1, 2]), y2021=frame(a=[0, 5, 10]))
    found = panel(data, OPEN, [2020, 2021], complete=True)
    assert found.left_out == ("b",)
    assert [one.code for one in found.warnings] == ["left_out"]
    assert found.warnings[0].message == "Indicator 'b' is left out."
    assert scores_of(found, 2020).tolist() == scores_of(found, 2021).tolist() == [0, 50, 100]


#: Q lacks a in 2021 and R in 2022; c is there in 2020 only.
HOLED = yearly(
    y2020=frame(a=[0, 5, 10], b=[0, 2, 1], c=[0, 1, 2]),
    y2021=frame(a=[0, np.nan, 10], b=[0, 2, 1]),
    y2022=frame(a=[0, 5, np.nan], b=[0, 2, 1]),
)


def test_what_a_region_has_in_some_years_only_is_named():
    found = panel(HOLED, OPEN, [2020, 2021, 2022], base=2020)
    rows = found.partial.to_dict("records")
    assert rows == [
        {"region": "P", "indicator": "c"},
        {"region": "Q", "indicator": "a"}, {"region": "Q", "indicator": "c"},
        {"region": "R", "indicator": "a"}, {"region": "R", "indicator": "c"},
    ]  # fmt: skip
    # It counts where it is: Q has 50, 100, 50 and R 100, 50, 100 in 2020.
    assert scores_of(found, 2020).tolist() == pytest.approx([0, 200 / 3, 250 / 3])
    assert scores_of(found, 2022).tolist() == [0, 75, 50]


def test_complete_rests_on_the_same_indicators_of_each_region():
    found = panel(HOLED, OPEN, [2020, 2021, 2022], base=2020, complete=True)
    assert found.left_out == ("c",)
    assert found.partial.to_dict("list") == {"region": ["Q", "R"], "indicator": ["a", "a"]}
    # Of Q and R only b is left, in every year.
    for year in (2020, 2021, 2022):
        assert scores_of(found, year).tolist() == [0, 100, 50]


def test_an_indicator_without_a_value_in_the_base_is_a_gap():
    data = yearly(y2020=frame(a=[0, 5, 10]), y2021=frame(a=[0, 5, 10], b=[1, 2, 3]))
    data = dataclasses.replace(data, catalogue=flat(frame(a=[0, 1, 2], b=[0, 1, 2])).catalogue)
    found = panel(data, OPEN, [2021], base=2020)
    assert found.availability["state"].tolist() == ["own", "no yardstick"]
    assert found.table["coverage"].tolist() == [0.5] * 3
    strict = panel(data, Recipe(), [2021], base=2020)
    warned = [(one.code, one.about) for one in strict.warnings]
    assert warned == [("no_value_in_year", "b"), ("no_score_in_year", "2021")]
    assert strict.warnings[1].message.startswith("No region has a score in 2021:")
    assert strict.table["score"].isna().all()
    assert set(strict.table["reason"]) == {"coverage"}


def test_the_yardsticks_can_be_kept():
    found = panel(GROWTH, Recipe(), [2020], base=2020)
    kept = from_dict(to_dict(found.yardsticks["a"]))
    assert kept(np.array([5.0, 10, 20]), 1).tolist() == [50, 100, 200]


@given(tables(), st.builds(Aggregate, method=means, min_coverage=coverages), methods)
def test_one_year_measured_by_itself_is_the_score(values, aggregate, normalise):
    recipe = Recipe(aggregate=aggregate, normalise=normalise, weights={"indicator:b": 0.3})
    plain = score(nested(values), recipe)
    found = panel(nested(values), recipe, [2020], base=2020).table.set_index("region")
    pd.testing.assert_series_equal(found["score"], plain.index, check_exact=True)
    pd.testing.assert_series_equal(found["rank"], plain.ranks, check_names=False)
    assert found["reason"].tolist() == plain.reason.tolist()
    assert found["coverage"].tolist() == plain.coverage["index"].tolist()
    for key in ("top", "left", "right"):
        np.testing.assert_array_equal(found[f"layer_{key}"], plain.layers[key])


def test_a_layer_without_weight_is_shown_as_in_the_score(toy):
    recipe = Recipe.parse({"weights": {"layer:water": 0.0}, "aggregate": {"min_coverage": 0.0}})
    found = panel(toy, recipe, [2021], base=2021, max_age=None).table
    np.testing.assert_array_equal(found["layer_water"], score(toy, recipe).layers["water"])


def test_the_filter_and_the_reference_set_count(toy):
    recipe = Recipe.parse({
        "filter": {"coast": ["yes"]}, "reference": {"set": "filtered"},
        "aggregate": {"min_coverage": 0.0},
    })  # fmt: skip
    found = panel(toy, recipe, [2021], base=2021, max_age=None).table.set_index("region")
    assert found["score"].tolist() == pytest.approx(score(toy, recipe).index.tolist(), nan_ok=True)
    assert found.loc[["B2", "D4"], "reason"].tolist() == ["outside", "outside"]


def test_a_filter_alone_says_what_is_shown_and_not_who_is_compared(toy):
    plain = {"aggregate": {"min_coverage": 0.0}}
    shown = Recipe.parse(plain | {"filter": {"coast": ["yes"]}})
    tables_ = [
        panel(toy, recipe, [2021], base=2021, max_age=None).table
        for recipe in (Recipe.parse(plain), shown)
    ]
    pd.testing.assert_frame_equal(*tables_)
    assert tables_[1]["score"].notna().all()


@given(tables(max_regions=3), tables(max_regions=3))
def test_pooled_scores_stay_in_range_and_keep_the_order_of_values(old, new):
    data = yearly(lambda values: flat(values[["a"]]), y2020=old, y2021=new)
    found = panel(data, OPEN, [2020, 2021]).table
    values = data.values.set_index(["region", "year"])["value"]
    pooled = found.set_index(["region", "year"]).loc[values.index, "score"]
    assert pooled.between(-1e-9, 100 + 1e-9).all()
    order = np.argsort(values.to_numpy(), kind="stable")
    assert (np.diff(pooled.to_numpy()[order]) >= -1e-9).all()


@pytest.mark.parametrize(
    ("years", "options", "message", "code"),
    [
        ([], {}, "at least one year", ""),
        ([2020, 2020], {}, "each only once", ""),
        ([2020], {"base": "first"}, "base = 'first'; a year or 'pooled'", ""),
        ([2020], {"max_age": -1}, "max_age = -1", ""),
        ([1990], {}, "no indicator with a weight can be compared", "no_value"),
        ([2021], {"base": 1990}, "base = 1990", "no_value"),
    ],
)
def test_nonsense_is_refused_in_one_line(years, options, message, code):
    with pytest.raises(RecipeError, match=message) as error:
        panel(GROWTH, Recipe(), years, **options)
    assert "\n" not in str(error.value)
    assert error.value.code == code


def test_no_spread_in_the_base_is_an_error_or_left_out():
    data = yearly(y2020=frame(a=[1, 1, 1], b=[0, 1, 2]), y2021=frame(a=[1, 2, 3], b=[0, 1, 2]))
    with pytest.raises(RecipeError, match="indicator 'a' has the same value everywhere") as error:
        panel(data, Recipe(), [2021], base=2020)
    assert error.value.code == "constant"
    drop = Recipe.parse({"normalise": {"constant": "drop"}})
    found = panel(data, drop, [2021], base=2020)
    assert found.left_out == ("a",)
    assert scores_of(found, 2021).tolist() == [0, 50, 100]


def test_outliers_cannot_be_treated_year_by_year():
    recipe = Recipe.parse({"treat": {"method": "winsorise"}})
    with pytest.raises(RecipeError, match=r"set treat\.method = 'none'") as error:
        panel(GROWTH, recipe, [2020])
    assert error.value.code == "treated_panel"


def test_gaps_are_filled_and_regions_screened_as_in_the_score(toy):
    recipe = Recipe.parse(
        {
            "impute": {"method": "median"},
            "screen": {"never": ["A1"]},
            "aggregate": {"layers": {"people": {"method": "copeland"}}},
        }
    )
    plain = score(toy, recipe)
    found = panel(toy, recipe, [2021], base=2021, max_age=None).table.set_index("region")
    pd.testing.assert_series_equal(found["score"], plain.index, check_exact=True)
    assert found["reason"].tolist() == ["screened", "", "", ""]


def test_goalposts_measure_all_years_by_the_same_ends():
    recipe = Recipe.parse({"normalise": {"method": "goalposts", "goalposts": {"a": [0, 20]}}})
    found = panel(GROWTH, recipe, [2020, 2021])
    assert scores_of(found, 2020).tolist() == [0, 25, 50]
    assert scores_of(found, 2021).tolist() == [25, 50, 100]


def test_only_what_is_scored_needs_goalposts():
    data = yearly(y2020=frame(a=[0, 5, 10], b=[0, 1, 2]))
    posts = {"normalise": {"method": "goalposts", "goalposts": {"a": [0, 20]}}}
    with pytest.raises(RecipeError, match=r"goalposts.*'b'"):
        panel(data, Recipe.parse(posts), [2020])
    found = panel(data, Recipe.parse(posts | {"weights": {"layer:layer_b": 0.0}}), [2020])
    assert scores_of(found, 2020).tolist() == [0, 25, 50]


def rated(**by_year):
    """Build years of a rating a from 0 to 4 beside an indicator b."""
    ratings = layer("one", indicator("a", scale=(0, 4)))
    return yearly(
        lambda values: dataset([ratings, layer("two", indicator("b"))], values), **by_year
    )


def test_a_fixed_scale_is_the_yardstick_in_all_years():
    data = rated(y2020=frame(a=[1, 2, 2], b=[0, 1, 2]), y2021=frame(a=[2, 3, 4], b=[0, 1, 2]))
    found = panel(data, Recipe.parse({"weights": {"layer:two": 0.0}}), [2020, 2021], base=2020)
    assert scores_of(found, 2020).tolist() == [25, 50, 50]
    assert scores_of(found, 2021).tolist() == [50, 75, 100]


def test_a_fixed_scale_without_ends_to_lie_on_is_left_out_as_in_the_score():
    data = rated(y2020=frame(a=[1, 2, 2], b=[0, 1, 2]))
    recipe = Recipe.parse({"normalise": {"method": "zscore"}})
    found = panel(data, recipe, [2020], base=2020)
    assert found.left_out == ("a",)
    assert [(one.code, one.about) for one in found.warnings] == [("left_out", "a")]
    assert scores_of(found, 2020).tolist() == score(data, recipe).index.tolist() == [-1, 0, 1]


def test_gaps_are_filled_in_the_sense_of_the_directions(toy):
    # b counts the other way round: whoever is best in a gets a low b.
    values = pd.DataFrame(
        {"a": [0.0, 5, 10, 10], "b": [9.0, 5, 1, np.nan], "c": [1.0, 2, 3, 3], "d": [4.0, 1, 2, 3]},
        index=list("PQRS"),
    )  # fmt: skip
    recipe = Recipe.parse({"impute": {"method": "layer_mean"}})
    plain = score(nested(values), recipe)
    assert plain.imputed.loc["S", "b"] < 3
    found = panel(nested(values), recipe, [2020], base=2020)
    assert scores_of(found, 2020).tolist() == plain.index.tolist()


@pytest.mark.parametrize("year", ["latest", 2020, 2021, 2022])
def test_the_year_of_the_recipe_has_no_effect(year):
    # P has no count for 2021; that of 2020, 6, is divided by the people of 2021, 20: a rate of 0.3.
    people = [{"people": [float(size)] * 3, "other": [0, 1, 2]} for size in (10, 20, 40)]
    counts = ([6, 1, 2], [np.nan, 2, 10], [1, 2, 3])
    made = {f"y{when}": frame(a=one, **more) for when, one, more in zip(
        (2020, 2021, 2022), counts, people, strict=True)}  # fmt: skip
    recipe = Recipe.parse({
        "year": year, "denominate": {"a": {"by": "people"}}, "impute": {"method": "previous_year"},
        "directions": {"people": "0"}, "weights": {"layer:layer_other": 0.0},
        "normalise": {"method": "goalposts", "goalposts": {"a": [0, 1]}},
    })  # fmt: skip
    found = panel(yearly(**made), recipe, [2021])
    assert scores_of(found, 2021).tolist() == pytest.approx([30, 10, 50])
