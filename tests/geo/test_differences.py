"""A map of differences must never give a fall the colour of a rise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.classes import ramp
from geo.differences import CLASSES, classify_change, round_step

values = st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=40)


@given(values)
def test_rises_and_falls_are_mirrored(numbers):
    up, step = classify_change(pd.Series(numbers))
    down, again = classify_change(-pd.Series(numbers))
    assert step == again
    assert ((CLASSES - 1 - up) == down).all()


@given(values)
def test_a_fall_is_never_above_the_middle(numbers):
    codes, _ = classify_change(pd.Series(numbers))
    for code, number in zip(codes, numbers, strict=True):
        assert (code - CLASSES // 2) * number >= 0


def test_bounds_belong_to_the_class_nearer_to_zero():
    numbers = pd.Series([-31, -30, -10, 0, 10, 11, 30, 31, *[0] * 92], dtype=float)
    numbers[8:] = np.linspace(-30, 30, 92)
    codes, step = classify_change(numbers)
    assert step == 5  # nine of ten lie within 27, a third of which is 9
    assert codes[numbers.abs() <= step].eq(2).all()
    assert codes[numbers > 3 * step].eq(4).all()
    assert codes[(numbers < -step) & (numbers >= -3 * step)].eq(1).all()


def test_gaps_have_no_class():
    codes, _ = classify_change(pd.Series([np.nan, 1.0]))
    assert codes.tolist()[0] == -1
    assert classify_change(pd.Series([np.nan]))[0].tolist() == [-1]


def test_without_any_change_all_are_in_the_middle():
    assert classify_change(pd.Series([0.0, 0.0]))[0].tolist() == [2, 2]


@pytest.mark.parametrize(
    ("wanted", "step"), [(0, 1), (1, 1), (1.9, 1), (2, 2), (9.9, 5), (10, 10), (0.3, 0.2), (34, 20)]
)
def test_steps_are_round(wanted, step):
    assert round_step(wanted) == step


def test_there_is_a_colour_for_each_class():
    assert len(set(ramp("difference", CLASSES))) == CLASSES
