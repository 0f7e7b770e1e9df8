"""Classes must hold every region once, keep gaps apart and never colour a gap."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.classes import COUNTS, SCHEMES, classify, ramp

VALUES = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, np.nan, 8.0, 100.0], index=list("abcdefghi"))


def test_quantiles_put_equally_many_regions_into_each_class():
    classes = classify(VALUES, "quantiles", 4)
    assert classes.counts == (2, 2, 2, 2)
    assert classes.bounds[0][0] == 1.0
    assert classes.bounds[-1][1] == 100.0


def test_equal_steps_are_equal():
    classes = classify(VALUES, "equal_interval", 3)
    assert [high for _, high in classes.bounds] == pytest.approx([34.0, 67.0, 100.0])
    assert classes.counts == (7, 0, 1)


def test_natural_breaks_set_the_outlier_apart():
    classes = classify(VALUES, "fisher_jenks", 3)
    assert classes.codes["i"] == 2
    assert classes.counts[2] == 1


def test_a_gap_has_no_class_and_is_counted():
    classes = classify(VALUES)
    assert classes.codes["g"] == -1
    assert classes.missing == 1


@pytest.mark.parametrize("values", [[], [np.nan], [3.0], [3.0, 3.0, 3.0], [1.0, 2.0]])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_few_or_equal_values_make_fewer_classes(values, scheme):
    series = pd.Series(values, dtype="float64")
    classes = classify(series, scheme, 5)
    assert len(classes.counts) == series.nunique()
    assert sum(classes.counts) + classes.missing == len(series)
    assert len(ramp("potential", len(classes.counts))) == len(classes.counts)


@given(
    st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=1, max_size=60),
    st.sampled_from(SCHEMES),
    st.sampled_from(COUNTS),
)
def test_every_region_is_in_exactly_the_class_whose_bounds_hold_it(values, scheme, count):
    series = pd.Series(values)
    classes = classify(series, scheme, count)
    assert sum(classes.counts) + classes.missing == len(series)
    for value, code in zip(series, classes.codes, strict=True):
        if np.isnan(value):
            assert code == -1
        else:
            low, high = classes.bounds[code]
            assert low <= value <= high
            assert code == 0 or value > low


@pytest.mark.parametrize("name", ["potential", "certainty"])
@pytest.mark.parametrize("count", COUNTS)
def test_a_ramp_gets_darker_step_by_step(name, count):
    def luminance(colour):
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    colours = ramp(name, count)
    lights = [luminance(colour) for colour in colours]
    assert len(colours) == count
    assert lights == sorted(lights, reverse=True)
    assert min(a - b for a, b in pairwise(lights)) > 0.03
