import numpy as np
import pandas as pd
import pytest

from geo.classes import classify
from geo.common_classes import classify_together

HERE = pd.Series({"P": 1.0, "Q": 2.0, "R": np.nan})
THERE = pd.Series({"P": 3.0, "Q": 4.0, "R": 5.0})


@pytest.mark.parametrize("scheme", ["quantiles", "fisher_jenks", "equal_interval"])
def test_a_value_has_the_same_class_on_every_map(scheme):
    found = classify_together({"here": HERE, "there": THERE}, scheme, 3)
    assert found["here"].bounds == found["there"].bounds
    alone = classify(pd.Series([1.0, 2, 3, 4, 5]), scheme, 3)
    assert found["here"].codes.tolist() == [*alone.codes[:2], -1]
    assert found["there"].codes.tolist() == alone.codes[2:].tolist()


def test_every_map_counts_its_own_regions():
    found = classify_together({"here": HERE, "there": THERE}, "equal_interval", 2)
    assert found["here"].counts == (2, 0)
    assert found["there"].counts == (1, 2)
    assert (found["here"].missing, found["there"].missing) == (1, 0)


def test_without_any_value_there_are_no_classes():
    nothing = HERE * np.nan
    found = classify_together({"here": nothing, "there": nothing})
    assert found["here"].bounds == ()
    assert found["there"].missing == 3
