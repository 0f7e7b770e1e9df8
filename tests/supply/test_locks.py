"""What must be true of the locks, so that a set-up installs what was tested and nothing else."""

from __future__ import annotations

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement

from supply import pins, tree
from supply.lock import HIDES_OLD_VERSIONS, OLDEST, lowest
from supply.pins import Pin
from supply.project import APP, BUILD, ROOT, Project, standing_on

LOCKS = ROOT / "supply" / "locks"
PROJECT = Project.read()
PURPOSES = sorted(PROJECT.asks)


@pytest.fixture(scope="module")
def constraints():
    return {(pin.name, pin.version) for pin in pins.read(ROOT / "constraints.txt")}


def locked(purpose):
    """All pins that a purpose installs, with those that it stands on."""
    names = [purpose, *standing_on(purpose)]
    return [pin for name in names for pin in pins.read(LOCKS / f"{name}.txt")]


def test_every_purpose_has_a_lock_and_no_lock_is_left_over():
    assert {path.stem for path in LOCKS.iterdir()} == {*PURPOSES, OLDEST}


@pytest.mark.parametrize("path", sorted(LOCKS.iterdir()), ids=lambda path: path.stem)
def test_each_file_to_download_has_a_hash_and_no_host_is_named(path):
    text = path.read_text("utf-8")
    assert "://" not in text
    assert "index" not in re.sub(r"(?m)^#.*", "", text).replace("importlib", "")
    # `Pin.parse` refuses whatever is not one exact version.
    assert all(pin.hashes for pin in pins.parse(text))


def test_the_constraints_name_no_host():
    assert "://" not in (ROOT / "constraints.txt").read_text("utf-8")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_lock_holds_what_pyproject_asks_for(purpose):
    found = locked(purpose)
    for asked in PROJECT.asks[purpose]:
        versions = [pin.version for pin in found if pin.name == tree.wish(asked)[0]]
        assert versions, f"{purpose}.txt has no {asked.name}; run `make lock`"
        assert all(asked.specifier.contains(one) for one in versions), f"{asked}: {versions}"


def test_locks_and_constraints_name_the_same_versions(constraints):
    named = {(pin.name, pin.version) for purpose in PURPOSES for pin in locked(purpose)}
    assert named == constraints


@pytest.mark.parametrize("purpose", [APP, "test"])
def test_nothing_that_an_installed_package_needs_is_missing_from_its_lock(purpose):
    asked = [one for name in (purpose, *standing_on(purpose)) for one in PROJECT.asks[name]]
    assert tree.needs(asked).keys() <= {pin.name for pin in locked(purpose) if pin.applies()}


def test_what_a_purpose_stands_on_is_the_first_line_of_its_lock():
    for purpose in PURPOSES:
        below = standing_on(purpose)
        lines = (LOCKS / f"{purpose}.txt").read_text("utf-8").splitlines()
        assert [line for line in lines if line.startswith("-r")] == [
            f"-r {one}.txt" for one in below[:1]
        ]


def test_the_oldest_versions_are_the_lower_bounds_that_pyproject_states():
    oldest = {pin.name: pin.version for pin in pins.read(LOCKS / f"{OLDEST}.txt")}
    for purpose in (BUILD, APP, "test"):
        for asked in PROJECT.asks[purpose]:
            if asked.name not in HIDES_OLD_VERSIONS:
                assert lowest(asked).specifier.contains(oldest[tree.wish(asked)[0]]), str(asked)


def test_a_requirement_without_a_lower_bound_is_named():
    with pytest.raises(SystemExit, match=r"numpy<3: no lower bound; write numpy>="):
        lowest(Requirement("numpy<3"))


@pytest.mark.parametrize("text", ["numpy", "numpy>=2", "numpy==2.*", "numpy @ file:///tmp/numpy"])
def test_whatever_is_not_one_exact_version_is_refused(text):
    with pytest.raises(ValueError, match="not one exact version"):
        Pin.parse(text)


def test_a_pin_is_read_as_it_was_written():
    pin = Pin("numpy", "2.4.6", 'python_version < "3.13"', ("0" * 64, "f" * 64))
    assert pins.parse(pins.text("A heading\nof two lines", ["-r app.txt", pin.hashed])) == [pin]


def test_a_hash_cut_short_counts_as_none():
    with pytest.raises(ValueError, match="Expected"):
        Pin.parse("numpy==2.4.6 --hash=sha256:abc")


def test_the_needs_of_an_extra_count_only_where_it_is_asked_for():
    # mkdocstrings and the like hide what they need behind extras; pydantic[email] is at hand.
    plain, with_extra = (
        tree.needs([Requirement(text)])["pydantic"] for text in ("pydantic", "pydantic[email]")
    )
    assert with_extra - plain == {"email-validator"}
    assert metadata.version("pydantic")
