import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import coverages, flat, means, methods, nested, tables

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


def test_a_base_year_gives_what_the_score_gives_with_its_yardsticks():
    base = score(GROWTH, Recipe(year=2020))
    later = score(GROWTH, Recipe(year=2021), yardsticks=base.yardsticks)
    assert scores_of(panel(GROWTH, Recipe(), [2021], base=2020), 2021).tolist() == [50, 100, 200]
    assert later.index.tolist() == [50, 100, 200]


def test_pooled_over_the_years():
    found = panel(GROWTH, Recipe(), [2020, 2021])
    assert scores_of(found, 2020).tolist() == [0, 25, 50]
    assert scores_of(found, 2021).tolist() == [25, 50, 100]


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
    rows = strict.availability.set_index(["indicator", "year"])
    assert rows.loc[("a", 2021)].tolist() == [2021, 3, "own"]
    assert rows.loc[("b", 2020)].tolist() == [2020, 2, "own"]
    assert rows.loc[("b", 2021)].tolist() == [0, 0, "none"]
    assert [one.about for one in strict.warnings] == ["b"]
    assert "2021" in strict.warnings[0].message
    carried = panel(data, OPEN, [2020, 2021], max_age=1).availability
    assert carried.set_index(["indicator", "year"]).loc[("b", 2021)].tolist() == [
        2020,
        2,
        "carried",
    ]


def test_complete_rests_on_the_same_indicators_in_all_years():
    data = yearly(y2020=frame(a=[0, 5, 10], b=[9, 1, 2]), y2021=frame(a=[0, 5, 10]))
    found = panel(data, OPEN, [2020, 2021], complete=True)
    assert found.left_out == ("b",)
    assert [one.code for one in found.warnings] == ["left_out"]
    assert scores_of(found, 2020).tolist() == scores_of(found, 2021).tolist() == [0, 50, 100]


def test_an_indicator_without_a_value_in_the_base_is_a_gap():
    data = yearly(y2020=frame(a=[0, 5, 10]), y2021=frame(a=[0, 5, 10], b=[1, 2, 3]))
    data = dataclasses.replace(data, catalogue=flat(frame(a=[0, 1, 2], b=[0, 1, 2])).catalogue)
    found = panel(data, OPEN, [2021], base=2020)
    assert found.availability["state"].tolist() == ["own", "no yardstick"]
    assert found.table["coverage"].tolist() == [0.5] * 3
    strict = panel(data, Recipe(), [2021], base=2020)
    assert [one.about for one in strict.warnings] == ["b", "2021"]
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
    for layer in ("top", "left", "right"):
        np.testing.assert_array_equal(found[f"layer_{layer}"], plain.layers[layer])


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
    ("years", "options", "message"),
    [
        ([], {}, "at least one year"),
        ([2020, 2020], {}, "each only once"),
        ([2020], {"base": "first"}, "base = 'first'; a year or 'pooled'"),
        ([2020], {"max_age": -1}, "max_age = -1"),
        ([1990], {}, "no indicator with a weight can be compared"),
        ([2021], {"base": 1990}, "base = 1990"),
    ],
)
def test_nonsense_is_refused_in_one_line(years, options, message):
    with pytest.raises(RecipeError, match=message) as error:
        panel(GROWTH, Recipe(), years, **options)
    assert "\n" not in str(error.value)


def test_no_spread_in_the_base_is_an_error_or_left_out():
    data = yearly(y2020=frame(a=[1, 1, 1], b=[0, 1, 2]), y2021=frame(a=[1, 2, 3], b=[0, 1, 2]))
    with pytest.raises(RecipeError, match="indicator 'a' has the same value everywhere"):
        panel(data, Recipe(), [2021], base=2020)
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
