"""What must be true for `from layers import ...`: everything is there, nothing slow comes along."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import layers

LATER = [
    "budget", "coherence", "compare", "data_weights", "extremes", "flip", "leave_out",
    "multiverse", "pairwise", "panel", "smaa", "sobol",
]  # fmt: skip


@pytest.mark.parametrize("name", LATER)
def test_every_analysis_is_exported_as_a_function(name):
    assert callable(getattr(layers, name))
    assert name in layers.__all__
    assert name in dir(layers)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'magic'"):
        _ = layers.magic


def test_importing_the_core_loads_nothing_slow():
    code = (
        "import sys, layers; "
        "print(*(one for one in ('scipy', 'sklearn', 'SALib', 'geopandas') if one in sys.modules))"
    )
    root = Path(layers.__file__).parents[1]
    result = subprocess.run(
        [sys.executable, "-c", code], check=True, text=True, capture_output=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )  # fmt: skip
    assert result.stdout.split() == []
