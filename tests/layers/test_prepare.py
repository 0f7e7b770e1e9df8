"""What must be true of the stages before normalising, as a recipe drives them.

Shapes covered: the toy dataset's withheld cell (D4, wells), a filter, regions screened out, a
denominator that is an attribute or an indicator, missing or 0, rules of single indicators.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import dataset, flat, indicator, layer, nested, tables

from layers.errors import RecipeError
from layers.recipe import Recipe
from layers.score import score
from layers.table import indicator_table, result_table, stage_tables

NAN = np.nan


def run(data, **content):
    return score(data, Recipe.parse(content))


# --- Imputing


def test_an_imputed_value_is_scored_and_flagged_everywhere(toy):
    result = run(toy, impute={"method": "median"})
    assert np.isnan(result.raw.loc["D4", "wells"])
    assert result.imputed.loc["D4", "wells"] == 2  # the median of 1, 3 and 2
    assert result.imputed_cells.to_numpy().sum() == 1
    assert result.normalised.loc["D4", "wells"] == 50
    assert result.flags.loc["D4", "wells"] == "withheld imputed"
    # What the dataset keeps is no place for marks of one run.
    assert toy.select().flags.loc["D4", "wells"] == "withheld"
    assert result.layers.loc["D4", "land"] == pytest.approx((3 * 62.5 + 50) / 4)
    assert result_table(result).set_index("region").loc["D4", "flags"] == (
        "calculated imputed withheld"
    )
    table = indicator_table(result).set_index("region")
    assert table.loc["D4", "wells.scored"] == 2
    assert "stones.scored" not in table
    assert stage_tables(result)["imputed"].set_index("region").loc["D4", "wells"] == 2


def test_an_earlier_value_is_told_with_its_year():
    values = pd.DataFrame({"a": [1.0, 5, 9], "b": [1.0, 2, 3]}, index=list("PQR"))
    made = dataset([layer("l", indicator("a"), indicator("b"))], values)
    newer = made.values.assign(year=2022)
    newer.loc[(newer["region"] == "Q") & (newer["indicator"] == "a"), "value"] = NAN
    table = pd.concat([made.values, newer], ignore_index=True)
    object.__setattr__(made, "values", table)
    result = run(made, impute={"method": "previous_year"})
    assert result.imputed.loc["Q", "a"] == 5
    ages = result_table(result).set_index("region")
    assert ages.loc["Q", ["year_oldest", "year_newest"]].tolist() == [2020, 2022]
    assert ages.loc["P", "year_oldest"] == 2022
    assert run(made, impute={"method": "previous_year", "max_age": 1}).imputed["a"].isna()["Q"]


def test_only_the_compared_regions_inform_a_guess(toy):
    result = run(toy, impute={"method": "mean"}, filter={"size": {"min": 20}},
                 reference={"set": "filtered"})  # fmt: skip
    assert result.imputed.loc["D4", "wells"] == (3 + 2) / 2
    assert result.imputed.loc["A1"].isna().all()


def test_an_indicator_can_be_imputed_in_its_own_way(toy):
    one = {"method": "median", "indicators": {"wells": {"method": "group_mean", "by": "coast"}}}
    assert run(toy, impute=one).imputed.loc["D4", "wells"] == 3  # B2, the other region inland
    none = {"method": "median", "indicators": {"wells": {"method": "none"}}}
    assert not run(toy, impute=none).imputed_cells.to_numpy().any()


def test_nothing_is_guessed_for_what_does_not_count(toy):
    result = run(toy, impute={"method": "median"}, weights={"layer:water": 0})
    assert not result.imputed_cells.to_numpy().any()
    assert result.flags.loc["D4", "wells"] == "withheld"


def test_a_gap_of_what_is_expected_of_some_regions_only_stays_one():
    values = pd.DataFrame({"a": [1, 4, 7, NAN], "b": [1, NAN, 2, 3]}, index=list("PQRS"))
    layers = [layer("one", indicator("a")), layer("own", indicator("b"), optional=True)]
    result = run(dataset(layers, values), impute={"method": "median"})
    assert result.imputed["a"].tolist() == [1, 4, 7, 4]
    assert result.imputed_cells.sum().to_dict() == {"a": 1, "b": 0}


def test_without_imputing_every_value_is_of_the_year_of_its_indicator(toy):
    years = run(toy, year=2020).prepared.value_years
    assert (years["wells"] == 2019).all()
    assert (years["stones"] == 2020).all()


def test_a_guess_from_neighbours_asks_as_many_as_the_recipe_says():
    values = pd.DataFrame({"a": [0, 1, 9, 0.4], "b": [5, 7, 90, NAN]}, index=list("PQRS"))
    for neighbours, expected in ((1, 5), (2, 6)):
        nearest = {"method": "knn", "neighbours": neighbours}
        made = dataset([layer("l", indicator("a"), indicator("b"))], values)
        assert run(made, impute=nearest).imputed.loc["S", "b"] == pytest.approx(expected)


def test_a_guess_from_the_layer_knows_which_way_an_indicator_counts():
    """Counted the other way round, the same data give the same guess the other way round."""
    a, b = [0.0, 1, 9, 4], [5, 8, 7, NAN]

    def guess(sign, direction):
        values = pd.DataFrame({"a": a, "b": [sign * one for one in b]}, index=list("PQRS"))
        members = indicator("a"), indicator("b", direction=direction)
        made = dataset([layer("l", *members)], values)
        return run(made, impute={"method": "layer_mean"}).imputed.loc["S", "b"]

    assert guess(-1, "-") == pytest.approx(-guess(1, "+"))
    assert guess(1, "-") != pytest.approx(guess(1, "+"))


def test_an_unknown_attribute_is_named(toy):
    with pytest.raises(RecipeError, match=r"impute.by = 'sea' is no attribute"):
        run(toy, impute={"method": "group_mean", "by": "sea"})


# --- Treating


@pytest.fixture(scope="module")
def tail():
    """Forty regions; the last is an outlier on a, the last two on b, to the left on c."""
    body = np.arange(1.0, 41)
    columns = {"a": [*body[:39], 1000], "b": [*body[:38], 900, 1000], "c": [*-body[:39], -1000]}
    return flat(pd.DataFrame(columns, index=[f"R{i:02}" for i in range(40)], dtype=float))


def test_treated_values_are_scored_flagged_and_listed(tail):
    result = run(tail, treat={"method": "winsorise_then_log", "max": 1})
    assert result.treated.loc["R39", "a"] == 39
    assert result.normalised.loc[["R38", "R39"], "a"].tolist() == [100, 100]
    assert result.flags.loc["R39", "a"] == "treated"
    assert result.flags.loc["R38", "a"] == ""
    summary = result.treatment_summary["method"].to_dict()
    assert summary == {"a": "winsorise", "b": "shifted_log", "c": "winsorise"}
    cells = stage_tables(result)["treatment"]
    assert cells.loc[cells["indicator"] == "a"].to_numpy().tolist() == [
        ["a", "R39", 1000.0, 39.0, "winsorise"]
    ]
    assert (result.flags["b"] == "treated").all()  # a logarithm changes the unit of every cell
    assert result.raw.loc["R39", "a"] == result.imputed.loc["R39", "a"] == 1000


def test_an_indicator_can_be_treated_by_its_own_rule(tail):
    rule = {"method": "winsorise", "indicators": {"a": {"method": "none"}, "b": {"max": 1}}}
    result = run(tail, treat=rule)
    assert result.treated["a"].max() == 1000
    # two cells would have to move, so none can on b beyond the first step
    assert result.treated["b"].tolist()[-2:] == [900, 900]


def test_without_treatment_nothing_is_listed(toy):
    result = run(toy)
    assert result.treatment.empty
    assert result.treatment_summary.empty
    assert stage_tables(result)["treatment"].columns.tolist() == [
        "indicator", "region", "before", "after", "method"
    ]  # fmt: skip
    pd.testing.assert_frame_equal(result.treated, result.raw)


def test_a_logarithm_that_the_values_forbid_names_the_indicator(toy):
    with pytest.raises(RecipeError, match="indicator 'fertility' starts at 0"):
        run(toy, treat={"method": "log", "always": True})
    fine = run(toy, treat={"indicators": {"wells": {"method": "log", "always": True}}})
    assert fine.treated.loc["B2", "wells"] == pytest.approx(np.log(3))


# --- Screening


def test_a_region_with_too_little_data_is_left_out_of_everything(toy):
    result = run(toy, screen={"minimum": 0.8})
    assert result.reason.to_dict() == {"A1": "", "B2": "", "C3": "", "D4": "screened"}
    assert result.ranks.isna().to_list() == [False, False, False, True]
    assert result.normalised.loc["D4"].isna().all()
    # fertility without D4 still runs from 0 to 10; quarrels from 100 to 300
    assert result.index["C3"] == (87.5 + 50) / 2
    assert result_table(result).set_index("region").loc["D4", "reason"] == "screened"


def test_screened_regions_inform_no_parameter():
    values = pd.DataFrame({"a": [0.0, 5, 10, 90], "b": [0.0, 5, 10, NAN]}, index=list("PQRS"))
    result = run(flat(values), screen={"minimum": 1})
    assert result.normalised["a"].tolist()[:3] == [0, 50, 100]
    forced = run(flat(values), screen={"minimum": 1, "always": ["S"], "never": ["P"]},
                 aggregate={"min_coverage": 0})  # fmt: skip
    assert forced.reason.tolist() == ["screened", "", "", ""]


def test_screening_can_ask_for_values_other_than_0():
    values = pd.DataFrame({"a": [1.0, 0, 3], "b": [2.0, 0, 4], "c": [0.0, 2, 1]}, index=list("PQR"))
    result = run(flat(values), screen={"non_zero": 0.6})
    assert result.reason.tolist() == ["", "screened", ""]


def test_screening_counts_only_what_is_scored(toy):
    assert run(toy, screen={"minimum": 1}, weights={"layer:water": 0}).reason.eq("").all()


def test_screening_names_what_is_wrong(toy):
    with pytest.raises(RecipeError, match="no region 'X9'"):
        run(toy, screen={"always": ["X9"]})
    with pytest.raises(RecipeError, match="together leave no region"):
        run(toy, screen={"never": ["A1", "C3"]}, filter={"coast": ["yes"]},
            reference={"set": "filtered"})  # fmt: skip


# --- Denominating


def test_counts_become_rates(toy):
    result = run(toy, denominate={"quarrels": {"by": "size", "scale": 10}})
    assert result.raw["quarrels"].tolist() == [100, 300, 200, 100]
    rates = [10 * 100 / 10, 10 * 300 / 20, 10 * 200 / 30, 10 * 100 / 40]
    assert result.treated["quarrels"].tolist() == pytest.approx(rates)
    assert stage_tables(result)["rates"]["quarrels"].tolist() == pytest.approx(rates)
    assert "quarrels.scored" in indicator_table(result)
    assert "rates" not in stage_tables(run(toy))


def test_a_rate_of_nobody_is_a_gap_with_a_warning(toy):
    result = run(toy, denominate={"quarrels": {"by": "stones"}})  # C3 has none
    assert np.isnan(result.treated.loc["C3", "quarrels"])
    assert [(one.code, one.about) for one in result.warnings] == [("no_denominator", "quarrels")]
    # Where there is no count, as in D4, no rate is lost.
    (warning,) = run(toy, denominate={"wells": {"by": "stones"}}).warnings
    assert warning.message.startswith("Indicator 'wells' is no rate in 1 regions: 'stones' is")
    with pytest.raises(RecipeError, match="no denominator 'people'; allowed"):
        run(toy, denominate={"quarrels": {"by": "people"}})


def test_an_earlier_count_is_divided_as_well(toy):
    table = toy.values.copy()
    rows = (table["indicator"] == "wells") & (table["region"] == "B2") & (table["year"] == 2021)
    table.loc[rows, "value"] = NAN
    holed = type(toy)(**{name: getattr(toy, name) for name in (
        "id", "version", "title", "catalogue", "regions", "sources", "attributes", "path")},
        values=table)  # fmt: skip
    result = run(holed, impute={"method": "previous_year"}, denominate={"wells": {"by": "size"}})
    assert result.imputed.loc["B2", "wells"] == 8 / 20
    assert result.imputed.loc["A1", "wells"] == 1 / 10


def test_an_earlier_rate_has_the_denominator_in_use():
    """P has half an inhabitant in thousands, Q none; the gaps of 2021 are filled from 2020."""
    regions = pd.DataFrame({"name": list("PQR")}, index=list("PQR"))
    values = pd.DataFrame({"a": [3.0, 4, 5], "size": [0.5, 0, 10]}, index=list("PQR"))
    made = dataset([layer("l", indicator("a"), indicator("size"))], values, regions=regions)
    later = made.values.assign(year=2021)
    later.loc[(later["indicator"] == "a") & (later["region"] != "R"), "value"] = NAN
    last = made.values.assign(year=2022, value=1000.0)
    made = replace(made, values=pd.concat([made.values, later, last], ignore_index=True))
    result = run(made, year=2021, impute={"method": "previous_year"},
                 denominate={"a": {"by": "size"}})  # fmt: skip
    assert result.imputed["a"].tolist()[::2] == [3 / 0.5, 5 / 10]
    assert np.isnan(result.imputed.loc["Q", "a"])


# --- What must always hold

stages = st.fixed_dictionaries(
    {},
    optional={
        "impute": st.fixed_dictionaries({"method": st.sampled_from(
            ["median", "mean", "layer_mean", "knn", "previous_year"])}),
        "treat": st.fixed_dictionaries(
            {"method": st.sampled_from(["winsorise", "shifted_log", "winsorise_then_log"]),
             "skew": st.just(0.5), "kurtosis": st.just(0.0), "max": st.integers(0, 3)}),
        "screen": st.fixed_dictionaries({"minimum": st.sampled_from([0.0, 0.5])}),
    },
)  # fmt: skip
DROP = {"normalise": {"constant": "drop"}}


@given(tables(), stages)
def test_weight_zero_equals_absence_in_every_stage(values, content):
    without = dataset([layer("right", indicator("d"))], values[["d"]])
    weights = {"layer:top": 0.0}
    full = run(nested(values), **content, **DROP, weights=weights)
    lean = run(without, **content, **DROP)
    pd.testing.assert_series_equal(full.index, lean.index, check_exact=True)
    pd.testing.assert_series_equal(full.reason, lean.reason)
    pd.testing.assert_frame_equal(full.treatment, lean.treatment)


@given(tables(), stages)
def test_every_missing_score_has_a_reason_and_every_change_a_mark(values, content):
    result = run(nested(values), **content, **DROP)
    assert (result.index.isna() == (result.reason != "")).all()
    filled = result.flags.apply(lambda column: column.str.contains("imputed"))
    assert (filled == result.imputed_cells).all(axis=None)
    assert (result.imputed_cells == (result.imputed.notna() & result.raw.isna())).all(axis=None)
    moved = result.flags.apply(lambda column: column.str.contains("treated"))
    assert moved.to_numpy().sum() == len(result.treatment)
    differs = result.treated.notna() & (result.treated != result.imputed)
    assert (moved == differs).all(axis=None)


@given(tables(), stages.filter(lambda one: one.get("impute") != {"method": "knn"}), st.randoms())
def test_row_order_changes_no_bit(values, content, chance):
    """Of equally near neighbours the order decides (see `nearest`), so knn is left out."""
    order = list(values.index)
    chance.shuffle(order)
    one, other = (run(nested(table), **content, **DROP) for table in (values, values.loc[order]))
    pd.testing.assert_series_equal(other.index.loc[values.index], one.index, check_exact=True)
