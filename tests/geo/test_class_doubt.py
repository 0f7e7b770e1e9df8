"""How much of a map is the cut of its classes; checked on values where one can count by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.class_doubt import class_doubt
from geo.classes import COUNTS, SCHEMES, classify
from layers.errors import PotenzialatlasError


def series(*values):
    return pd.Series(values, index=[f"R{place}" for place in range(len(values))], dtype=float)


def test_equal_steps_leave_equal_steps_as_they_are():
    # Evenly spread values: quantiles and equal intervals cut at the same places.
    found = class_doubt(series(*range(60)), schemes=("quantiles", "equal_interval"), counts=(3, 4))
    assert found.moved("equal_interval", 3) == 0
    assert found.maps["highest"].tolist() == [20, 15, 20, 15]


def test_one_far_value_empties_equal_steps():
    found = class_doubt(series(*range(9), 1000), schemes=("quantiles", "equal_interval"),
                        counts=(5,))  # fmt: skip
    # Two per quantile class; by equal steps nine are lowest and one is highest.
    assert found.moved("equal_interval", 5) == 10 - 2 - 1
    assert (found.always, found.sometimes) == (("R9",), ("R8",))


def test_the_chosen_scheme_moves_nobody_against_itself():
    values = pd.Series(np.random.default_rng(3).normal(size=50))
    for chosen in SCHEMES:
        found = class_doubt(values, chosen)
        rows = found.maps[found.maps["scheme"] == chosen]
        assert rows["count"].tolist() == list(COUNTS)
        assert not rows["moved"].any()


def test_the_highest_class_is_that_of_the_map():
    values = pd.Series(np.random.default_rng(5).normal(size=50))
    found = class_doubt(values)
    ever = {
        region for scheme in SCHEMES for count in COUNTS
        for region in values.index[classify(values, scheme, count).codes
                                   == len(classify(values, scheme, count).bounds) - 1]
    }  # fmt: skip
    assert ever == {*found.always, *found.sometimes}


def test_gaps_are_in_no_class():
    found = class_doubt(series(1, 2, 3, np.nan))
    assert "R3" not in {*found.always, *found.sometimes}
    assert class_doubt(series(np.nan, np.nan)).maps["highest"].sum() == 0


def test_an_unknown_choice_is_refused():
    with pytest.raises(PotenzialatlasError, match="not among the schemes"):
        class_doubt(series(1, 2), "fisher_jenks", schemes=("quantiles",))
