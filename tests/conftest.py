"""Fixtures that all tests share."""

from __future__ import annotations

import os
import sys
from ctypes.util import find_library
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from layers import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server import Replay

HERE = Path(__file__).parent
TOY = HERE / "toy"
# What somebody on this machine has updated is no matter of the tests.
os.environ["POTENZIALATLAS_HOME"] = str(HERE / "no-home")
# Modules that several tests share (strategies, driving), whatever way pytest imports its files.
_ROOMS = (
    "layers", "layers/selfcheck", "browser", "official", "replay", "views/pages", "views/report",
)  # fmt: skip
sys.path.extend(str(HERE / room) for room in _ROOMS)

# No deadline: other work on the same machine must not turn into failures. Derandomised: the same
# commit gives the same result everywhere; `--hypothesis-profile=explore` looks further.
settings.register_profile(
    "steady", deadline=None, derandomize=True, max_examples=25, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile("steady")


#: What takes longest begins, else a worker would be left alone with it at the end.
LONG = (
    "browser/test_pages.py", "views/atlas/", "browser/test_access.py", "geo/test_renew.py",
    "browser/test_proxy.py", "browser/test_app.py", "test_notebooks.py", "views/report/",
    "browser/test_live.py", "views/pages/", "browser/test_embed.py", "load/",
    "browser/test_server.py", "views/test_kernel.py", "faults/",
    "layers/sources/test_official.py", "browser/", "docs/", "hostile/", "views/",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    # Several workers would begin with the files of most tests.
    config.option.loadscopereorder = False


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give a scheduler that has browsers at work on one worker while others compute."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Paired(LoadFileScheduling):
        def _assign_work_unit(self, node: object) -> None:
            others = [units for other, units in self.assigned_work.items() if other is not node]
            waits = any(
                _waits(file) and not all(tests.values())
                for units in others for file, tests in units.items()
            )  # fmt: skip
            fitting = (file for file in self.workqueue if _waits(file) != waits)
            if (file := next(fitting, None)) is not None:
                self.workqueue.move_to_end(file, last=False)
            super()._assign_work_unit(node)

    return Paired(config, log)


def _waits(file: str) -> bool:
    """Whether tests of a file mostly wait for a browser, which leaves half a processor free."""
    return file.startswith("tests/browser/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    path = item.path.relative_to(HERE).as_posix()
    return next((turn for turn, one in enumerate(LONG) if path.startswith(one)), len(LONG))


#: The program that runs the tests. Streamlit's test bench leaves a page in its place, and a process
#: started afterwards would begin with that page.
MAIN = sys.modules["__main__"]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Put the main program back before anything of a test is set up."""
    sys.modules["__main__"] = MAIN


def _without_pango():
    reason = "no PDF can be made: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason} (REQUIRE_BROWSER=1 forbids skipping)")
    pytest.skip(reason)


#: Looking for it takes a process of its own.
PANGO = find_library("pango-1.0")


@pytest.fixture(scope="session", autouse=True)
def pango() -> Iterator[None]:
    """Leave out tests that turn out to need Pango where it is not installed, and say so."""
    with pytest.MonkeyPatch.context() as patch:
        if PANGO is None:
            patch.setattr("views.printing._weasyprint", _without_pango)
        yield


@pytest.fixture(scope="session")
def toy_folder() -> Path:
    """Return the folder of the invented dataset, without boundaries, three levels of layers."""
    return TOY


@pytest.fixture(scope="session")
def toy(toy_folder) -> Dataset:
    return Dataset.open(toy_folder)


@pytest.fixture
def replay() -> Iterator[Replay]:
    """Give a publisher's server on this machine."""
    from server import Replay

    running = Replay()
    yield running
    running.close()
