from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.errors import RecipeError
from layers.recipe import Range
from layers.regions import choose

REGIONS = pd.DataFrame(
    {
        "land": ["01", "01", "13", None],
        "type": [1, 2, 2, 3],
        "density": [50.0, np.nan, 150.0, 300.0],
        "coast": [True, False, True, False],
    },
    index=["A", "B", "C", "D"],
)


def chosen(**conditions):
    return "".join(REGIONS.index[choose(REGIONS, conditions)])


def refused(**conditions):
    with pytest.raises(RecipeError) as caught:
        choose(REGIONS, conditions)
    return str(caught.value)


def test_no_condition_keeps_all():
    assert chosen() == "ABCD"


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"land": ["01"]}, "AB"),
        ({"land": ["01", "13"]}, "ABC"),
        ({"type": [2, 3]}, "BCD"),
        ({"coast": [True]}, "AC"),
        ({"density": Range(max=150)}, "AC"),
        ({"density": Range(min=150, max=150)}, "C"),
        ({"type": [2], "land": ["13"]}, "C"),
    ],
)
def test_a_region_must_meet_all_conditions_and_a_gap_meets_none(conditions, expected):
    assert chosen(**conditions) == expected


def test_what_is_unknown_is_named_with_what_is_there():
    assert "unknown key 'size' in [filter]; attributes of regions: land, type" in refused(size=[1])
    assert "'filter.land' has no value '99'; values: 01, 13" in refused(land=["99"])
    assert "'filter.type' has no value 'two'; values: 1, 2, 3" in refused(type=["two"])
    assert "'filter.land' holds text" in refused(land=Range(min=1))


def test_a_filter_that_leaves_no_region_says_so():
    with pytest.raises(
        RecipeError, match=r"no region meets \[filter\] land = 13; type = 1"
    ) as caught:
        choose(REGIONS, {"land": ["13"], "type": [1]})
    assert caught.value.code == "no_region"
    assert "no region meets [filter] density = 1000.0 to None" in refused(density=Range(min=1000))
