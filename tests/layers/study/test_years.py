"""Two years may be compared only where both have data, and every part of a change has a cause."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from hypothesis import given, settings
from strategies import dataset, flat, indicator, layer, nested, tables

from layers import Recipe, score
from layers.errors import RecipeError
from layers.study.compare import movers
from layers.study.panel import panel
from layers.study.years import (
    best_years,
    carried,
    indicator_changes,
    known_years,
    leading_layers,
    shared_years,
    untreated,
    year_change,
)
from layers.weigh import plan

OPEN = Recipe.parse({"aggregate": {"min_coverage": 0.0}, "normalise": {"constant": "drop"}})


def yearly(**by_year):
    """Build one dataset from frames given as ``y2020=...``, one indicator per layer."""
    every = pd.concat(by_year.values(), axis=1)
    first = flat(every.loc[:, ~every.columns.duplicated()])
    parts = [flat(values).values.assign(year=int(year[1:])) for year, values in by_year.items()]
    return dataclasses.replace(first, values=pd.concat(parts, ignore_index=True))


def frame(**columns):
    size = len(next(iter(columns.values())))
    return pd.DataFrame(columns, index=list("PQRS")[:size], dtype=float)


GROWTH = yearly(
    y2018=frame(a=[0, 5, 10], b=[3, 2, 1]), y2019=frame(a=[2, 5, 10]),
    y2020=frame(a=[5, 10, 20], b=[1, 2, 3]), y2021=frame(c=[1, 2, 3]),
)  # fmt: skip


def test_only_what_both_years_have_is_shared():
    found = shared_years(GROWTH, Recipe(), 2018, 2020)
    assert (found.indicators, found.missing) == (("a", "b"), ("c",))
    assert found.share == pytest.approx(2 / 3)
    assert found.by_layer.to_dict() == {"layer_a": 1, "layer_b": 1, "layer_c": 0}
    # 2019 has no b, so it joins neither line nor yardstick.
    assert found.years == (2018, 2020)
    assert shared_years(GROWTH, Recipe(), 2018, 2019).indicators == ("a",)
    # 2019 has all that counts if only a does.
    only = Recipe(weights={"layer:layer_b": 0.0, "layer:layer_c": 0.0})
    assert shared_years(GROWTH, only, 2018, 2020).years == (2018, 2019, 2020)


def test_layers_stand_in_the_order_of_the_catalogue():
    values = frame(z=[1, 2, 3], a=[3, 2, 1])
    found = shared_years(yearly(y2019=values, y2020=values), Recipe(), 2019, 2020)
    assert list(found.by_layer.index) == ["layer_z", "layer_a"]


def test_older_values_count_only_if_allowed():
    assert shared_years(GROWTH, Recipe(), 2019, 2020, max_age=1).indicators == ("a", "b")
    # In 2021 the values of 2020 are a year old; those of 2021 are not known in 2020.
    assert shared_years(GROWTH, Recipe(), 2020, 2021, max_age=1).missing == ("c",)
    with pytest.raises(RecipeError, match="no indicator") as caught:
        shared_years(GROWTH, Recipe(), 2019, 2021)
    assert caught.value.code == "no_value"


def test_older_values_are_compared_if_they_are_allowed():
    found = year_change(GROWTH, OPEN, 2019, 2020, max_age=1)
    assert found.shared.indicators == ("a", "b")
    # P: a from 2 to 5 on the scale of 2 to 20, b from 3 (of 2018) to 1, the best to the worst.
    row = found.comparison.table.loc["P"]
    assert row["before"] == pytest.approx((0 + 100) / 2)
    assert row["after"] == pytest.approx((100 * (5 - 2) / (20 - 2) + 0) / 2)


def test_weights_decide_how_much_is_covered():
    heavy = Recipe(weights={"layer:layer_c": 4.0})
    assert shared_years(GROWTH, heavy, 2018, 2020).share == pytest.approx(2 / (1 + 1 + 4))
    without = Recipe(weights={"layer:layer_c": 0.0})
    assert shared_years(GROWTH, without, 2018, 2020).share == 1
    assert "c" not in known_years(GROWTH, without)


def test_an_indicator_without_any_value_has_no_years():
    never = yearly(y2020=frame(a=[1, 2, 3], b=[None] * 3))
    assert known_years(never, Recipe()) == {"a": {2020}, "b": frozenset()}


def test_the_best_years_have_most_in_common():
    assert best_years(GROWTH, Recipe(), apart=2) == (2018, 2020)
    # Only a spans one year, at 2018/19 and 2019/20 alike: the later pair is taken.
    assert best_years(GROWTH, Recipe(), apart=1) == (2019, 2020)
    # Three years apart nothing fits, two years apart it does.
    assert best_years(GROWTH, Recipe(), apart=9) == (2018, 2020)
    # Unless somebody says otherwise, five years.
    long = yearly(**{f"y{year}": frame(a=[1, 2, 3]) for year in range(2010, 2018)})
    assert best_years(long, Recipe()) == (2012, 2017)


@pytest.mark.parametrize("values", [[1, 2, 3], [None] * 3])
def test_without_two_years_none_are_best(values):
    with pytest.raises(RecipeError, match="two years") as caught:
        best_years(yearly(y2020=frame(a=values)), Recipe())
    assert caught.value.code == "no_value"


def test_years_are_measured_by_one_yardstick():
    found = year_change(GROWTH, OPEN, 2018, 2019)
    # Only a: 0, 5, 10 and 2, 5, 10 on the scale from 0 to 10.
    table = found.comparison.table
    assert table["before"].tolist() == [0, 50, 100]
    assert table["after"].tolist() == [20, 50, 100]
    assert found.layers.to_dict("list") == {"layer_a": [20, 0, 0]}
    assert found.panel.left_out == ("b", "c")
    first = year_change(GROWTH, OPEN, 2019, 2020, base="first")
    # On the scale of 2019 (2 to 10) a value of 20 lies beyond the end.
    assert first.comparison.table.loc["R", "after"] == pytest.approx(100 * (20 - 2) / (10 - 2))


def test_with_the_same_recipe_all_change_comes_from_the_data():
    table = year_change(GROWTH, OPEN, 2018, 2020).comparison.table
    assert (table["data"] == table["change"]).all()
    assert not table[["weights", "method"]].any(axis=None)
    assert year_change(GROWTH, OPEN, 2018, 2020).comparison.differs == ("data",)


def test_a_gap_in_one_year_is_no_change():
    # Nothing changes but that the best value of Q is not known before 2020.
    known = frame(a=[0, 5, 10], b=[0, 10, 5])
    unknown = known.copy()
    unknown.loc["Q", "b"] = float("nan")
    found = year_change(yearly(y2019=unknown, y2020=known), OPEN, 2019, 2020)
    assert found.comparison.table.loc["Q", ["before", "after", "change"]].tolist() == [50, 50, 0]
    assert found.panel.partial.to_numpy().tolist() == [["Q", "b"]]
    # The others keep their values of that layer.
    assert found.layers["layer_b"].isna().tolist() == [False, True, False]
    # Left alone, the gap would hand its weight on, and the score of Q would seem to rise.
    table = panel(yearly(y2019=unknown, y2020=known), OPEN, [2019, 2020]).table
    assert table[table["region"] == "Q"]["score"].tolist() == [50, 75]


def test_a_layer_of_which_little_is_left_does_not_count_in_full():
    layers = [
        layer("a", *(indicator(key) for key in ("a1", "a2", "a3", "a4"))),
        layer("b", indicator("b1")),
    ]
    whole = frame(a1=[0, 5, 10], a2=[3, 2, 1], a3=[1, 2, 3], a4=[1, 3, 2], b1=[10, 5, 0])
    first = dataset(layers, whole, year=2019)
    later = dataset(layers, 2 * whole[["a1", "b1"]], year=2020)
    both = pd.concat([first.values, later.values], ignore_index=True)
    data = dataclasses.replace(first, values=both)
    shared = shared_years(data, OPEN, 2019, 2020)
    assert shared.by_layer.to_dict() == {"a": 1 / 4, "b": 1}
    shares = plan(data.catalogue, carried(data, OPEN, shared)).shares()["share_of_index"]
    # Of the whole index a1 has 1/8 and b1 1/2: 1 to 4.
    assert shares["layer:b"] == pytest.approx(4 / 5)
    found = year_change(data, OPEN, 2019, 2020)
    # P: a1 stays at 0 of 20; b1 rises from 10 to 20 of 20, by 50.
    assert found.comparison.table.loc["P", "change"] == pytest.approx(4 / 5 * 50)


def test_what_is_left_stands_to_each_other_as_in_the_whole():
    whole = pd.DataFrame(
        {"a": [0.0, 5, 10], "b": [3.0, 2, 1], "c": [1.0, 2, 3], "d": [1.0, 3, 2]}, list("PQR")
    )
    first, later = nested(whole, year=2019), nested(2 * whole[["a", "c", "d"]], year=2020)
    both = pd.concat([first.values, later.values], ignore_index=True)
    data = dataclasses.replace(first, values=both)
    recipe = OPEN.model_copy(update={"weights": {"layer:left": 5.0, "layer:right": 2.0}})
    cut = carried(data, recipe, shared_years(data, recipe, 2019, 2020))
    kept = ["indicator:a", "indicator:c", "indicator:d"]
    left = plan(data.catalogue, cut, left_out=frozenset("b")).shares().loc[kept, "share_of_index"]
    nominal = plan(data.catalogue, recipe).shares().loc[kept, "share_of_index"]
    assert left.tolist() == pytest.approx((nominal / nominal.sum()).tolist())
    # Of "right" everything is left: its weight is that of the recipe.
    assert cut.weights["layer:right"] == 2.0
    complete = nested(2 * whole, year=2020).values
    full = dataclasses.replace(data, values=pd.concat([first.values, complete], ignore_index=True))
    assert carried(full, recipe, shared_years(full, recipe, 2019, 2020)) == recipe


def test_the_first_year_counts_what_its_own_recipe_weighs():
    # Everything is known in both years and nothing changes; only a2 loses its weight.
    layers = [layer("a", indicator("a1"), indicator("a2")), layer("b", indicator("b1"))]
    values = frame(a1=[0, 5, 10], a2=[3, 2, 1], b1=[10, 5, 0])
    first = dataset(layers, values, year=2019)
    later = dataset(layers, values, year=2020)
    both = pd.concat([first.values, later.values], ignore_index=True)
    data = dataclasses.replace(first, values=both)
    after = OPEN.model_copy(update={"weights": {"indicator:a2": 0.0}})
    table = year_change(data, after, 2019, 2020, before=OPEN).comparison.table
    assert table["before"].tolist() == score(data, OPEN).index.tolist() == [75, 50, 25]
    assert table["after"].tolist() == score(data, after).index.tolist() == [50, 50, 50]
    # If a2 is not known in both, it counts in neither.
    known = both[(both["indicator"] != "a2") | (both["year"] == 2020)]
    data = dataclasses.replace(first, values=known)
    table = year_change(data, after, 2019, 2020, before=OPEN).comparison.table
    # a1 has a quarter of the whole score then, b1 a half: 1 to 2.
    assert table["before"].tolist() == pytest.approx([200 / 3, 50, 100 / 3])


def test_the_leading_layer_is_the_one_that_moved_the_score():
    found = year_change(GROWTH, OPEN, 2018, 2020)
    # P loses all of b and wins a quarter of a; R wins all of b and half of a; Q only a quarter.
    leading = leading_layers(GROWTH, OPEN, found)
    assert leading.to_dict() == {"P": "layer_b", "Q": "layer_a", "R": "layer_b"}
    assert leading.name == "leading"
    heavy = OPEN.model_copy(update={"weights": {"layer:layer_a": 3.0}})
    assert leading_layers(GROWTH, heavy, year_change(GROWTH, heavy, 2018, 2020))["R"] == "layer_a"
    still = yearly(y2019=frame(a=[1, 2, 3]), y2020=frame(a=[1, 2, 3]))
    assert (leading_layers(still, OPEN, year_change(still, OPEN, 2019, 2020)) == "").all()
    hardly = yearly(y2019=frame(a=[1, 2, 3]), y2020=frame(a=[1, 2.01, 3]))
    leading = leading_layers(hardly, OPEN, year_change(hardly, OPEN, 2019, 2020))
    assert leading.tolist() == ["", "layer_a", ""]


def test_without_a_score_no_layer_leads():
    known, later = frame(a=[0, 5, 10], b=[0, 5, None]), frame(a=[0, 5, 20], b=[0, 10, None])
    data = yearly(y2019=known, y2020=later)
    strict = Recipe.parse({"aggregate": {"min_coverage": 1.0}})
    # R lacks b in both years and so has no score, though a rose.
    found = year_change(data, strict, 2019, 2020)
    assert found.layers.loc["R", "layer_a"] == 50
    assert leading_layers(data, strict, found).tolist() == ["", "layer_b", ""]
    # Here no region has a value of its only layer.
    half = frame(a1=[1, 2, None, None], a2=[None, None, 1, 2])
    layers = [layer("one", indicator("a1"), indicator("a2"))]
    parts = [
        dataset(layers, values, year=year) for values, year in ((half, 2019), (2 * half, 2020))
    ]
    both = pd.concat([one.values for one in parts], ignore_index=True)
    data = dataclasses.replace(parts[0], values=both)
    assert leading_layers(data, strict, year_change(data, strict, 2019, 2020)).tolist() == [""] * 4


def test_data_and_weights_share_what_they_do_together():
    heavy = OPEN.model_copy(update={"weights": {"layer:layer_a": 3.0}})
    found = year_change(GROWTH, heavy, 2018, 2020, before=OPEN)
    # P: a from 0 to 25 (of 0 to 20), b from 100 to 0, weight of a from 1/2 to 3/4. Scores:
    # 50 before; only data 12.5; only weights 25; both 18.75.
    row = found.comparison.table.loc["P"]
    assert row["change"] == pytest.approx(18.75 - 50)
    assert row["data"] == pytest.approx(((12.5 - 50) + (18.75 - 25)) / 2)
    assert row["weights"] == pytest.approx(((25 - 50) + (18.75 - 12.5)) / 2)
    assert found.comparison.differs == ("data", "weights")
    after = found.panel.table.set_index(["region", "year"])["score"]["P"]
    assert after.to_dict() == pytest.approx({2018: 25, 2020: 18.75})


def test_data_and_method_share_what_they_do_together():
    small = Recipe.parse(OPEN.model_dump() | {"normalise": {"range": [0, 10], "constant": "drop"}})
    found = year_change(GROWTH, OPEN, 2018, 2020, before=small)
    # P: from 50 to 12.5 on the scale of 0 to 100, a tenth of it on that of 0 to 10.
    row = found.comparison.table.loc["P"]
    assert (row["before"], row["after"]) == pytest.approx((5, 12.5))
    assert row["data"] == pytest.approx(((12.5 - 50) + (1.25 - 5)) / 2)
    assert row["method"] == pytest.approx(((50 - 5) + (12.5 - 1.25)) / 2)
    assert row["weights"] == 0
    assert found.comparison.differs == ("data", "method")
    # Scores and layers are those of the recipe of the last year.
    after = found.panel.table.set_index(["region", "year"])["score"]["P"]
    assert after.to_dict() == pytest.approx({2018: 50, 2020: 12.5})
    assert found.layers.loc["P"].to_dict() == pytest.approx({"layer_a": 25, "layer_b": -100})


@given(tables(gaps=False), tables(gaps=False))
@settings(max_examples=25, deadline=None)
def test_the_parts_add_up(old, new):
    regions = [one for one in old.index if one in new.index]
    data = yearly(y2019=old.loc[regions], y2020=new.loc[regions])
    before = OPEN.model_copy(update={"weights": {"layer:layer_b": 2.0}})
    table = year_change(data, OPEN, 2019, 2020, before=before).comparison.table
    parts = table[["data", "weights", "method"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(table["change"].to_numpy(), abs=1e-9)
    places = table[["places_data", "places_weights", "places_method"]].sum(axis=1)
    assert places.to_numpy() == pytest.approx(table["places"].to_numpy(dtype=float), abs=1e-9)


def test_first_and_last_are_those_of_the_panel():
    found = year_change(GROWTH, OPEN, 2018, 2020)
    alone = panel(GROWTH, OPEN, [2018, 2020], complete=True, max_age=0)
    after = alone.table[alone.table["year"] == 2020].set_index("region")["score"]
    assert found.comparison.table["after"].tolist() == after.tolist()
    # Both cross two places; the score of R changes by 75, that of P by 37.5.
    assert movers(found.comparison).index.tolist() == ["R", "P"]


def test_what_changed_in_one_region_is_told_with_its_sense():
    recipe = OPEN.model_copy(update={"directions": {"a": "-"}})
    shared = shared_years(GROWTH, recipe, 2018, 2020)
    table = indicator_changes(GROWTH, recipe, "P", shared)
    assert table.to_dict("index") == {
        "a": {"layer": "layer_a", "year_before": 2018, "before": 0, "year_after": 2020, "after": 5,
              "change": 5, "effect": -1},
        "b": {"layer": "layer_b", "year_before": 2018, "before": 3, "year_after": 2020, "after": 1,
              "change": -2, "effect": -1},
    }  # fmt: skip
    # A year in between is passed over.
    between = dataclasses.replace(shared, years=(2018, 2019, 2020))
    assert indicator_changes(GROWTH, recipe, "P", between)["after"].tolist() == [5, 1]


def test_outliers_are_left_alone_and_years_have_an_order():
    treated = Recipe.parse({"treat": {"method": "winsorise"}})
    assert not untreated(treated).treat.active
    assert score(GROWTH, untreated(treated)).index.notna().any()
    with pytest.raises(RecipeError, match="before the last"):
        shared_years(GROWTH, Recipe(), 2020, 2020)
