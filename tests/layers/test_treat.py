"""What must be true of treated tables: the two-step rule, and a record of every changed cell."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.errors import RecipeError
from layers.treat import Rule, treat

NAN = np.nan
TWO_STEP = Rule("winsorise_then_log")
REGIONS = [f"R{i:02}" for i in range(40)]


def table(**tails):
    """One column per name: 1, 2, 3, ... with its last cells replaced."""
    body = np.arange(1.0, 41)
    columns = {key: np.concatenate([body[: 40 - len(tail)], tail]) for key, tail in tails.items()}
    return pd.DataFrame(columns, index=REGIONS)


def test_an_ordinary_indicator_is_left_alone():
    treated = treat(table(plain=[NAN]), TWO_STEP)
    assert treated.cells.empty
    assert treated.summary.loc["plain", "method"] == ""
    assert not treated.summary.loc["plain", "still_fails"]


def test_winsorising_is_reported_cell_by_cell():
    treated = treat(table(few=[900, 1000], plain=[]), TWO_STEP)
    assert treated.cells.to_dict("records") == [
        {"indicator": "few", "region": "R38", "before": 900, "after": 38, "method": "winsorise"},
        {"indicator": "few", "region": "R39", "before": 1000, "after": 38, "method": "winsorise"},
    ]
    assert treated.summary["cells"].to_dict() == {"few": 2, "plain": 0}
    assert treated.summary.loc["few", "method"] == "winsorise"
    assert treated.summary.loc["few", "skewness_before"] > 2
    assert abs(treated.summary.loc["few", "skewness_after"]) < 2


def test_what_winsorising_cannot_mend_is_undone_and_logged():
    # the last two are equal: with at most one cell moved, nothing can be done
    values = table(many=[1000, 1000])
    treated = treat(values, Rule("winsorise_then_log", max=1))
    expected = np.log(values["many"] - 1 + 0.01 * (1000 - 1))
    np.testing.assert_allclose(treated.values["many"], expected)
    assert set(treated.cells["method"]) == {"shifted_log"}
    assert treated.cells["before"].tolist() == values["many"].tolist()
    # half-way values of the first step are gone: 900 -> 38 would have been one cell
    mixed = treat(table(mixed=[900, 900, 1000]), Rule("winsorise_then_log", max=2))
    assert mixed.summary.loc["mixed", "method"] == "shifted_log"
    assert mixed.values["mixed"].iloc[-1] == pytest.approx(math.log(999 + 9.99))


def test_winsorising_alone_keeps_what_it_could_do_and_says_that_it_fails():
    treated = treat(table(mixed=[900, 900, 1000]), Rule("winsorise", max=2))
    assert treated.values["mixed"].tolist()[-3:] == [900, 900, 900]
    assert treated.summary.loc["mixed", "still_fails"]


def test_an_indicator_can_have_its_own_rule():
    values = table(a=[1000], b=[1000], c=[])
    own = {"a": Rule("none"), "c": Rule("log", always=True)}
    treated = treat(values, TWO_STEP, own)
    assert treated.summary["method"].to_dict() == {"a": "", "b": "winsorise", "c": "log"}
    np.testing.assert_allclose(treated.values["c"], np.log(values["c"]))


def test_box_cox_tells_its_power():
    treated = treat(table(a=[1000], b=[]), Rule("boxcox"))
    assert -5 <= treated.summary.loc["a", "power"] <= 5
    assert np.isnan(treated.summary.loc["b", "power"])
    assert treated.summary["method"].to_dict() == {"a": "boxcox", "b": ""}


def test_the_shifted_logarithm_can_be_asked_for_by_name():
    values = table(a=[1000, 900])
    treated = treat(values, Rule("shifted_log"))
    expected = np.log(values["a"] - 1 + 0.01 * (1000 - 1))
    np.testing.assert_allclose(treated.values["a"], expected)
    assert treated.summary.loc["a", "method"] == "shifted_log"


def test_whole_numbers_are_treated_as_any_others():
    values = table(a=[]).astype(int)
    treated = treat(values, Rule("log", always=True))
    np.testing.assert_allclose(treated.values["a"], np.log(np.arange(1, 41)))
    assert treated.summary.loc["a", "cells"] == 40


def test_winsorising_that_may_move_nothing_names_no_method():
    treated = treat(table(a=[1000]), Rule("winsorise", max=0))
    assert treated.summary.loc["a", ["method", "cells"]].tolist() == ["", 0]
    assert treated.summary.loc["a", "kurtosis_before"] > 3.5
    assert treated.summary.loc["a", "kurtosis_after"] == treated.summary.loc["a", "kurtosis_before"]


def test_nonsense_is_refused_by_name():
    with pytest.raises(RecipeError, match=r"'z' in treat.indicators; allowed: a, b\."):
        treat(table(a=[], b=[]), TWO_STEP, {"z": TWO_STEP})
    with pytest.raises(RecipeError, match="indicator 'a' starts at -1000"):
        treat(table(a=[-1000.0]), Rule("log"))
    with pytest.raises(RecipeError, match="indicator 'a'"):
        treat(table(a=[-1000.0]), Rule("boxcox"))


cells = st.sampled_from([NAN, 0, 1, 2, 3, 5, 8, 50, 1000, -1000.0])
tables = arrays(float, (40, 2), elements=cells, fill=st.just(4.0))


@given(tables, st.integers(0, 6))
def test_the_record_is_whole_and_equal_values_stay_equal(values, limit):
    before = pd.DataFrame(values, index=REGIONS, columns=["a", "b"])
    treated = treat(before, Rule("winsorise_then_log", max=limit))
    rebuilt = before.copy()
    for cell in treated.cells.itertuples():
        assert rebuilt.loc[cell.region, cell.indicator] == cell.before
        rebuilt.loc[cell.region, cell.indicator] = cell.after
    pd.testing.assert_frame_equal(rebuilt, treated.values)
    for key in "ab":
        assert treated.values.groupby(before[key])[key].nunique().le(1).all()
        if treated.summary.loc[key, "method"] == "winsorise":
            assert treated.summary.loc[key, "cells"] <= limit
            assert not treated.summary.loc[key, "still_fails"]


@given(tables, st.permutations(range(40)))
def test_the_order_of_regions_makes_no_difference(values, order):
    frame = pd.DataFrame(values, index=REGIONS, columns=["a", "b"])
    once, again = treat(frame, TWO_STEP), treat(frame.iloc[order], TWO_STEP)
    pd.testing.assert_frame_equal(again.values, once.values.iloc[order])
    pd.testing.assert_frame_equal(again.summary, once.summary)
