"""What must be true of kept parameters: another year is measured with the very same yardstick."""

from __future__ import annotations

import json
import tomllib

import numpy as np
import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers import normalise
from layers.errors import RecipeError
from layers.methods import scales
from layers.methods.frozen import from_dict, to_dict
from layers.recipe import Normalise

cells = st.integers(1, 800).map(lambda whole: whole / 8)
references = arrays(float, st.integers(4, 9), elements=cells, unique=True)


def every_method(reference):
    """Fit every method there is, with and without an output range."""
    core = [
        normalise.fit(reference, Normalise(method=method, range=(0, 100)))
        for method in ("minmax", "zscore", "rank", "percentile")
    ]
    middle = float(np.median(reference))
    own = [
        scales.fit(reference, method, output=output, posts=(0, 50), target=middle)
        for method in scales.METHODS
        for output in (None, (1.0, 100.0))
    ]
    return [*core, *own, scales.with_range(core[2], reference, (1, 10))]


@given(references, arrays(float, 5, elements=cells | st.just(np.nan)))
def test_what_comes_back_from_json_and_toml_gives_the_very_same_numbers(reference, later):
    for fitted in every_method(reference):
        content = to_dict(fitted)
        for kept in (json.loads(json.dumps(content)), tomllib.loads(tomli_w.dumps(content))):
            again = from_dict(kept)
            for direction in (1, -1):
                expected = fitted(later, direction)
                np.testing.assert_array_equal(again(later, direction), expected)


def test_the_base_year_stays_the_yardstick():
    base, later = np.array([0.0, 10.0]), np.array([5.0, 20.0])
    kept = to_dict(normalise.fit(base, Normalise()))
    assert kept == {"method": "minmax", "low": 0, "high": 10, "a": 0, "b": 100}
    np.testing.assert_array_equal(from_dict(kept)(later, 1), [50, 200])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"low": 1}, "method = None is unknown; allowed: minmax"),
        ({"method": "minmax", "low": 1}, "'minmax' needs exactly low, high, a, b; given: low"),
        ({"method": "minmax", "low": 1, "high": 2, "a": 0, "b": "x"}, "b = 'x' must hold finite"),
        ({"method": "rank", "reference": [1, float("nan")]}, "must hold finite numbers"),
    ],
)
def test_spoilt_parameters_are_refused(content, words):
    with pytest.raises(RecipeError, match=words):
        from_dict(content)


def test_a_method_of_ones_own_cannot_be_kept():
    with pytest.raises(RecipeError, match="function cannot be kept"):
        to_dict(lambda values, _: values)
