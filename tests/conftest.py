"""Fixtures that all tests share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from layers import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

TOY = Path(__file__).parent / "toy"
# Modules that several tests share (strategies, driving), whatever way pytest imports its files.
_ROOMS = ("layers", "browser", "views/pages", "views/report")
sys.path.extend(str(Path(__file__).parent / room) for room in _ROOMS)

# No deadline: other work on the same machine must not turn into failures. Derandomised: the same
# commit gives the same result everywhere; `--hypothesis-profile=explore` looks further.
settings.register_profile(
    "steady", deadline=None, derandomize=True, max_examples=40, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """Give the main module back: Streamlit's test bench puts its script in that place."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="session")
def toy_folder() -> Path:
    """Return the folder of the invented dataset, without boundaries, three levels of layers."""
    return TOY


@pytest.fixture(scope="session")
def toy(toy_folder) -> Dataset:
    return Dataset.open(toy_folder)
