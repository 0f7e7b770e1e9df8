"""What a region is held against must be what the words beside it say: medians of others and it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from strategies import dataset, indicator, layer

from layers import Recipe, RecipeError, score
from layers.study.yardsticks import layer_medians, medians_by_year

VALUES = pd.DataFrame({"a": [0.0, 1, 2, 3, 10]}, index=[f"R{i}" for i in range(5)])


def grouped(**columns):
    regions = pd.DataFrame({"name": VALUES.index, **columns}, index=VALUES.index)
    return dataset([layer("one", indicator("a"))], VALUES, regions=regions)


def test_medians_by_hand():
    scores = score(grouped(kind=["x", "x", "x", "y", "y"]), Recipe())
    table = layer_medians(scores, "R1", by=["kind"])
    # On a scale of 0 to 100 the values are 0, 10, 20, 30, 100.
    assert table.loc["one"].round(9).to_dict() == {"region": 10, "all": 20, "kind": 10}
    assert table.loc["index", "all"] == pytest.approx(20)


def test_a_group_of_one_is_no_yardstick():
    scores = score(grouped(kind=list("xyyyy"), odd=["p", None, None, None, "p"]), Recipe())
    assert list(layer_medians(scores, "R0", by=["kind", "odd"])) == ["region", "all", "odd"]
    assert list(layer_medians(scores, "R1", by=["kind", "odd"])) == ["region", "all", "kind"]


def test_a_region_of_which_nothing_is_known_belongs_to_no_group():
    known = pd.array([True, True, None, False, None], dtype="boolean")
    scores = score(grouped(coast=known), Recipe())
    assert list(layer_medians(scores, "R2", by=["coast"])) == ["region", "all"]
    # Of R0 and R1 alone, at 0 and 10.
    assert layer_medians(scores, "R0", by=["coast"]).loc["one", "coast"] == pytest.approx(5)


def test_flags_are_those_of_the_region_in_each_year():
    found = grouped()
    before = found.values.assign(year=2019)
    before = before[before["region"] != "R1"].assign(flag="estimated")
    flagged = found.values.assign(flag=["", "provisional", "", "", ""])
    earlier = dataclasses.replace(found, values=pd.concat([flagged, before], ignore_index=True))
    table = medians_by_year(earlier, "a", "R1")
    assert table["flags"].to_dict() == {2019: "", 2020: "provisional"}
    assert medians_by_year(earlier, "a", "R0")["flags"].to_dict() == {2019: "estimated", 2020: ""}
    assert (table.index.name, table["regions"].tolist()) == ("year", [4, 5])


def test_every_year_has_its_own_medians_and_gaps_stay_gaps(toy):
    key = next(iter(toy.catalogue.indicator_by_id))
    rows = toy.values[(toy.values["indicator"] == key) & toy.values["value"].notna()]
    table = medians_by_year(toy, key, "A1", by=["coast"])
    assert table.index.tolist() == sorted(rows["year"].unique())
    for year, group in rows.groupby("year"):
        assert table.loc[year, "all"] == np.median(group["value"])
        assert table.loc[year, "regions"] == len(group)
        own = group.loc[group["region"] == "A1", "value"]
        if own.empty:
            assert np.isnan(table.loc[year, "region"])
        else:
            assert table.loc[year, "region"] == own.iloc[0]


def test_what_is_unknown_is_named(toy):
    with pytest.raises(RecipeError, match="'X9'; keys look like 'A1'"):
        layer_medians(score(toy, Recipe()), "X9")
    with pytest.raises(RecipeError, match="'colour'"):
        layer_medians(score(toy, Recipe()), "A1", by=["colour"])
    with pytest.raises(RecipeError, match="'nothing'"):
        medians_by_year(toy, "nothing", "A1")
