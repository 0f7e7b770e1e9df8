import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import coverages, dataset, flat, indicator, layer, means, methods, nested, tables

from layers import Recipe, score
from layers.errors import RecipeError
from layers.recipe import Aggregate
from layers.study.compare import CAUSES, compare, movers

PARTS = list(CAUSES)
PLACES = [f"places_{cause}" for cause in CAUSES]


def frame(**columns):
    return pd.DataFrame(columns, index=["P", "Q", "R"], dtype=float)


OLD = frame(a=[0, 100, 50], b=[100, 0, 50])
NEW = frame(a=[50, 100, 0], b=[100, 0, 50])


@st.composite
def recipes(draw):
    weights = {"layer:top": draw(st.floats(0.1, 5)), "indicator:a": draw(st.floats(0.1, 5))}
    normalise, coverage = draw(methods), draw(coverages)
    aggregate = Aggregate(method=draw(means), min_coverage=coverage)
    return Recipe(weights=weights, normalise=normalise, aggregate=aggregate)


def test_new_data_and_new_weights_share_what_they_do_together():
    # Region P: a rises from 0 to 50 (b stays at 100), the weight of a from 1/2 to 3/4. Scores:
    # 50 before; only data 75; only weights 25; both 62.5.
    heavy = Recipe(weights={"layer:layer_a": 3.0})
    found = compare(score(flat(OLD), Recipe()), score(flat(NEW), heavy))
    row = found.table.loc["P"]
    assert row["change"] == pytest.approx(62.5 - 50)
    assert row["data"] == pytest.approx(((75 - 50) + (62.5 - 25)) / 2)
    assert row["weights"] == pytest.approx(((25 - 50) + (62.5 - 75)) / 2)
    assert row["method"] == 0
    assert found.differs == ("data", "weights")


def test_two_years_of_one_dataset_are_divided_like_two_datasets():
    heavy = Recipe(weights={"layer:layer_a": 3.0}, ties="average")
    new = flat(NEW)
    values = pd.concat([flat(OLD).values.assign(year=2019), new.values])
    both = dataclasses.replace(new, values=values)
    found = compare(score(both, Recipe(year=2019)), score(both, heavy))
    expected = compare(score(flat(OLD), Recipe()), score(new, heavy))
    assert found.differs == ("data", "weights", "method")
    pd.testing.assert_frame_equal(found.table, expected.table)


def test_a_mixed_run_keeps_the_yardsticks_that_go_with_its_method():
    kept = score(flat(NEW * 2), Recipe()).yardsticks
    light, heavy = Recipe(), Recipe(weights={"layer:layer_a": 3.0})
    made = flat(OLD)
    runs = {
        (recipe, fixed): score(made, one, yardsticks=kept if fixed else None).index
        for recipe, one in (("light", light), ("heavy", heavy))
        for fixed in (False, True)
    }
    found = compare(score(made, light), score(made, heavy, yardsticks=kept))
    assert found.differs == ("weights", "method")
    plain = runs["heavy", False] - runs["light", False]
    fixed = runs["heavy", True] - runs["light", True]
    assert plain.tolist() != pytest.approx(fixed.tolist())
    assert found.table["weights"].tolist() == pytest.approx(((plain + fixed) / 2).tolist())


def test_ranks_are_divided_as_well():
    # Before all three have 50 (rank 1 each); afterwards P 75, Q 50, R 25.
    found = compare(score(flat(OLD), Recipe()), score(flat(NEW), Recipe()))
    assert found.table["places"].tolist() == [0, -1, -2]
    assert found.table["places_data"].tolist() == [0, -1, -2]
    assert found.spearman is None
    assert found.differs == ("data",)


def test_movers_are_ordered_by_places_then_by_change():
    found = compare(score(flat(OLD), Recipe()), score(flat(NEW), Recipe()))
    assert movers(found).index.tolist() == ["R", "Q"]
    assert movers(found, count=1).index.tolist() == ["R"]


def test_ten_movers_are_named_and_nobody_without_a_rank():
    # All twelve change places with their opposite; the last two regions are in one run only.
    steps = [float(one) for one in range(12)]
    old = pd.DataFrame({"a": [*steps, -1.0]}, index=[*"ABCDEFGHIJKLM"])
    new = pd.DataFrame({"a": [*steps[::-1], -1.0]}, index=[*"ABCDEFGHIJKLN"])
    found = compare(score(flat(old), Recipe()), score(flat(new), Recipe()))
    assert found.table["places"].abs().tolist()[:6] == [11, 9, 7, 5, 3, 1]
    assert movers(found).index.tolist() == [*"ALBKCJDIEH"]
    assert movers(found, count=20).index.tolist() == [*"ALBKCJDIEHFG"]


def test_rank_correlations_by_hand():
    before = flat(pd.DataFrame({"a": [1.0, 2, 3, 4]}, index=list("PQRS")))
    after = flat(pd.DataFrame({"a": [1.0, 2, 4, 3]}, index=list("PQRS")))
    found = compare(score(before, Recipe()), score(after, Recipe()))
    assert found.spearman == pytest.approx(1 - 6 * 2 / (4 * 15))
    assert found.kendall == pytest.approx((5 - 1) / 6)
    assert found.regions == 4


def test_three_regions_are_enough_for_a_rank_correlation():
    found = compare(score(flat(OLD[["a"]]), Recipe()), score(flat(NEW[["a"]]), Recipe()))
    # Ranks 3 1 2 and 2 1 3: one swap of neighbours.
    assert found.spearman == pytest.approx(1 - 6 * 2 / (3 * 8))
    assert found.kendall == pytest.approx((2 - 1) / 3)
    assert found.regions == 3
    two = compare(score(flat(OLD.head(2)), Recipe()), score(flat(NEW.head(2)), Recipe()))
    assert (two.spearman, two.kendall, two.regions) == (None, None, 2)


def test_two_years_of_one_dataset(toy):
    recipe = Recipe.parse({"aggregate": {"min_coverage": 0.0}})
    # Until 2019 there are only wells, 7 and 8.
    old = score(toy, recipe.model_copy(update={"year": 2019}))
    found = compare(old, score(toy, recipe))
    assert found.differs == ("data",)
    table = found.table
    assert table.loc[["A1", "B2"], "before"].tolist() == pytest.approx([0, 100])
    assert table["reason"].tolist() == ["", "", "not before", "not before"]
    assert table.loc[["C3", "D4"], PARTS].isna().all(axis=None)
    np.testing.assert_allclose(table.loc["A1", "data"], table.loc["A1", "change"])


def test_a_region_that_exists_in_one_run_only():
    more = pd.concat([NEW, pd.DataFrame({"a": [10.0], "b": [20.0]}, index=["S"])])
    found = compare(score(flat(OLD), Recipe()), score(flat(more), Recipe()))
    assert found.table.index.tolist() == ["P", "Q", "R", "S"]
    assert found.table.loc["S", "reason"] == "not before"
    back = compare(score(flat(more), Recipe()), score(flat(OLD), Recipe()))
    assert back.table.loc["S", "reason"] == "not after"


def test_regions_stand_in_the_order_of_the_first_run_and_new_ones_behind():
    old, new = OLD.loc[["R", "P", "Q"]], NEW.rename({"P": "T", "R": "S"}).loc[["T", "S", "Q"]]
    found = compare(score(flat(old), Recipe()), score(flat(new), Recipe()))
    assert found.table.index.tolist() == ["R", "P", "Q", "T", "S"]


def test_no_score_on_the_way_is_said():
    # P has one value, of a at first and of b later, and each recipe weights what is there.
    nan = np.nan
    old, new = frame(a=[1, 2, 3], b=[nan, 2, 3]), frame(a=[nan, 2, 3], b=[1, 2, 3])
    before = score(flat(old), Recipe(weights={"layer:layer_b": 0.1}))
    after = score(flat(new), Recipe(weights={"layer:layer_a": 0.1}))
    row = compare(before, after).table.loc["P"]
    assert row["reason"] == "not between"
    assert row["change"] == row["after"] - row["before"]
    assert np.isnan(row["data"])


def test_another_yardstick_is_another_method(toy):
    plain = score(toy, Recipe())
    kept = score(toy, Recipe.parse({"normalise": {"method": "rank"}})).yardsticks
    result = compare(plain, score(toy, Recipe(), yardsticks=kept))
    assert result.differs == ("method",)
    np.testing.assert_allclose(result.table["method"], result.table["change"])


def test_the_same_run_twice_changes_nothing(toy):
    scores = score(toy, Recipe())
    found = compare(scores, score(toy, Recipe(name="Other name")))
    assert found.differs == ()
    assert (found.table[[*PARTS, *PLACES]].dropna() == 0).all(axis=None)
    assert movers(found).empty


def test_only_another_catalogue_other_regions_or_other_values_are_other_data():
    layers = [layer("la", indicator("a")), layer("lb", indicator("b"))]
    regions = pd.DataFrame({"name": list("xyz")}, index=OLD.index)
    first = score(dataset(layers, OLD, regions.copy()), Recipe())
    again = score(dataset(layers, OLD, regions.copy()), Recipe())
    assert compare(first, again).differs == ()
    for other in (
        dataset([layers[0], layer("lb", indicator("b", name="B"))], OLD, regions.copy()),
        dataset(layers, OLD, regions.replace("x", "w")),
        dataset(layers, OLD.replace(100, 90), regions.copy()),
    ):
        assert compare(first, score(other, Recipe())).differs == ("data",)


@settings(max_examples=20)
@given(tables(), tables(), recipes(), recipes())
def test_the_parts_add_up_for_every_region(old, new, one, other):
    before, after = score(nested(old), one), score(nested(new), other)
    table = compare(before, after).table
    whole = table[table["reason"] == ""]
    np.testing.assert_allclose(whole[PARTS].sum(axis=1), whole["change"], atol=1e-9)
    places = whole["places"].astype(float)
    np.testing.assert_allclose(whole[PLACES].sum(axis=1), places, atol=1e-9)
    assert table.loc[table["reason"] != "", PARTS].isna().all(axis=None)


@settings(max_examples=20)
@given(tables(), recipes(), recipes())
def test_the_way_back_is_the_way_there_turned(values, one, other):
    before, after = score(nested(values), one), score(nested(values + 0.0), other)
    there, back = compare(before, after).table, compare(after, before).table
    columns = [*PARTS, *PLACES]
    np.testing.assert_allclose(back.loc[there.index, columns], -there[columns], atol=1e-9)
    # Equal datasets are the same data, even if they were read twice.
    assert (there["data"].dropna() == 0).all()


def test_a_mixture_that_cannot_be_scored_is_named():
    old, new = flat(frame(a=[0, 1, 2], b=[0, 1, 2])), flat(frame(a=[0, 1, 2], b=[1, 1, 1]))
    after = Recipe(weights={"layer:layer_b": 0.0})
    words = "run with the data of the second, weights of the first, method of the first cannot"
    with pytest.raises(RecipeError, match=words) as refused:
        compare(score(old, Recipe()), score(new, after))
    assert refused.value.code == "constant"


def test_no_movers_asked_for():
    scores = score(flat(OLD), Recipe())
    with pytest.raises(RecipeError, match="count = 0"):
        movers(compare(scores, scores), count=0)
