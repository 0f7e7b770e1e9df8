"""What pyproject.toml asks for, and the purposes for which an environment is set up."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT = Path(__file__).parents[1]

APP = "app"
"""The purpose of running the program: no extra at all."""

BUILD = "build"
"""The purpose of building: what must be there before anything is built without isolation."""

RUN_TIME = frozenset({APP, "cluster", "r5", "signin"})
"""The app, and the extras that add to what it can do; all others are for tests and tools."""

LOCK = "lock"
"""The purpose of making the locks, which must be possible when the others are out of date."""

ON_TOP_OF: Mapping[str, str] = {"lint": "test", "mutation": "test", "fuzz": "test"}
"""Purposes that also run or read the tests; the others but `LOCK` stand on the app alone."""

ALSO_BUILDS = ("editables>=0.5", "poetry-core>=2")
"""Beside our build system: what it wants for ``pip install -e``, and what `reuse` is built with,
the one package without a wheel for Linux.
"""


@dataclass(frozen=True)
class Project:
    """The requirements as pyproject.toml states them, one list for each purpose."""

    asks: Mapping[str, tuple[Requirement, ...]]

    @classmethod
    def read(cls, root: Path = ROOT) -> Project:
        """Read ``pyproject.toml`` of the folder `root`."""
        content = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
        project = content["project"]
        lists = {
            BUILD: (*content["build-system"]["requires"], *ALSO_BUILDS),
            APP: project["dependencies"],
            **project["optional-dependencies"],
        }
        return cls({purpose: tuple(map(Requirement, asked)) for purpose, asked in lists.items()})

    def names(self, purpose: str) -> set[NormalizedName]:
        """Return the names that a purpose asks for itself, without what it stands on."""
        return {canonicalize_name(requirement.name) for requirement in self.asks[purpose]}


def standing_on(purpose: str) -> tuple[str, ...]:
    """Return the purposes under `purpose`, the nearest first: lint stands on test and app."""
    if purpose in {APP, BUILD, LOCK}:
        return ()
    below = ON_TOP_OF.get(purpose, APP)
    return (below, *standing_on(below))
