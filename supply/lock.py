"""Make constraints.txt and the files in ``locks/``: ``python -m supply.lock``.

constraints.txt holds one exact version of every package that any purpose needs, on any machine
with Python 3.11 or newer. ``locks/`` holds for each purpose what it adds to the one it stands on,
with the sha256 of every file of each release, for ``pip install --require-hashes``;
``locks/oldest.txt`` holds the lowest versions that pyproject.toml allows, all of them in one file.

What constraints.txt already says is kept. To renew a package, take its line out and run this
again; to renew all, empty the file. Needs ``uv`` (``make lock`` brings it), which answers for all
platforms at once; checking the files (tests/supply) needs neither uv nor a network.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from supply import pins
from supply.project import APP, BUILD, ROOT, Project, standing_on

if TYPE_CHECKING:
    from supply.pins import Pin

OLDEST_PYTHON = "3.11"
OLDEST = "oldest"
HIDES_OLD_VERSIONS = frozenset({"scikit-criteria"})
"""Test tools that themselves want newer versions of our libraries than we do."""

CONSTRAINTS_HEAD = """\
Exact versions that were tested together. pyproject.toml holds the lower bounds, supply/locks/ the
same versions with the hashes of their files. Made by `python -m supply.lock`, which keeps what
stands here: to renew a package, take its line out and run it again."""
LOCK_HEAD = """\
Made by `python -m supply.lock`, not by hand. Install with pip's --require-hashes --no-deps."""


def main(root: Path = ROOT) -> None:
    """Make all files anew from pyproject.toml and constraints.txt of the folder `root`."""
    project, constraints = Project.read(root), root / "constraints.txt"
    every = resolve((one for asked in project.asks.values() for one in asked), constraints)
    constraints.write_text(pins.text(CONSTRAINTS_HEAD, (one.requirement for one in every)), "utf-8")
    resolved = {purpose: resolve_purpose(project, purpose, constraints) for purpose in project.asks}
    texts = {purpose: lock(purpose, resolved) for purpose in resolved}
    lowest_pins = resolve(oldest(project), everywhere=False)
    texts[OLDEST] = pins.text(LOCK_HEAD, (one.hashed for one in lowest_pins))
    for purpose, lines in texts.items():
        (root / "supply" / "locks" / f"{purpose}.txt").write_text(lines, "utf-8")


def resolve_purpose(project: Project, purpose: str, constraints: Path) -> list[Pin]:
    """Return all that one purpose needs, with what it stands on."""
    purposes = (purpose, *standing_on(purpose))
    return resolve((one for name in purposes for one in project.asks[name]), constraints)


def oldest(project: Project) -> Iterator[Requirement]:
    """Yield what app and tests ask for, each in the lowest version that pyproject.toml allows.

    What the packages want beyond that comes in the newest version that fits.
    """
    for purpose in (BUILD, APP, "test"):
        for one in project.asks[purpose]:
            if one.name not in HIDES_OLD_VERSIONS:
                yield lowest(one)


def lowest(requirement: Requirement) -> Requirement:
    """Return the requirement for its lower bound alone."""
    bounds = [one.version for one in requirement.specifier if one.operator == ">="]
    if len(bounds) != 1:
        sys.exit(f"supply.lock: {requirement}: no lower bound; write {requirement.name}>=...")
    pinned = Requirement(str(requirement))
    pinned.specifier = SpecifierSet(f"=={bounds[0]}")
    return pinned


def resolve(
    asked: Iterable[Requirement], constraints: Path | None = None, *, everywhere: bool = True
) -> list[Pin]:
    """Ask uv which versions serve all requirements, with all their hashes.

    They serve every platform and every Python from the oldest on, or without `everywhere` the
    oldest alone, on a machine like this one.
    """
    options = ["--python-version", OLDEST_PYTHON, "--generate-hashes"]
    options += ["--universal"] if everywhere else []
    bare = ["--no-header", "--no-annotate"]
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.in"
        wanted.write_text("\n".join(map(str, asked)), "utf-8")
        kept = ["-c", str(constraints)] if constraints else []
        command = ["uv", "pip", "compile", *options, *bare, *kept, str(wanted)]
        answer = subprocess.run(  # noqa: S603
            [sys.executable, "-m", *command], capture_output=True, text=True, check=False
        )
    if answer.returncode:
        sys.exit(f"supply.lock: no versions serve all requirements.\n{answer.stderr}")
    return pins.parse(answer.stdout)


def lock(purpose: str, resolved: Mapping[str, list[Pin]]) -> str:
    """Return the text of one lock."""
    below = standing_on(purpose)
    there = {pin for name in below for pin in resolved[name]}
    first = [f"-r {below[0]}.txt"] if below else []
    return pins.text(
        LOCK_HEAD, [*first, *(one.hashed for one in resolved[purpose] if one not in there)]
    )


if __name__ == "__main__":
    main()
