"""What must be true of licences: of all packages, of the data, of every file of this project."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from importlib import metadata

import pytest
import yaml
from packaging.licenses import canonicalize_license_expression

from supply import licences, pins, publishers
from supply.project import ROOT

ROWS = licences.read()
ACCEPTED = licences.RULES["accepted"]


def test_the_list_is_that_of_the_constraints():
    pinned = dict.fromkeys((pin.name, pin.version) for pin in pins.read(ROOT / "constraints.txt"))
    assert [(row.name, row.version) for row in ROWS] == list(pinned)


def test_every_package_has_a_licence_of_known_name():
    for row in ROWS:
        assert canonicalize_license_expression(row.licence) == row.licence, row.name


def test_the_program_rests_on_licences_that_fit_its_own():
    refused = [
        row
        for row in ROWS
        if row.run_time and not licences.allowed(row.licence, ACCEPTED["run_time"])
    ]
    assert not refused


def test_tools_have_accepted_licences_as_well():
    both = ACCEPTED["run_time"] | ACCEPTED["tools"]
    assert [row for row in ROWS if not licences.allowed(row.licence, both)] == []


def test_the_purposes_are_those_of_the_locks():
    purposes = licences.purposes_of()
    assert {row.name: row.purposes.split() for row in ROWS} == purposes


def test_a_choice_is_met_by_one_side_and_a_sum_by_all():
    accepted = {"MIT": "", "ISC": ""}
    assert licences.allowed("GPL-2.0-only OR MIT", accepted)
    assert licences.allowed("MIT AND ISC", accepted)
    assert not licences.allowed("MIT AND GPL-2.0-only", accepted)


def test_which_bsd_licence_is_meant_is_read_from_its_text():
    assert licences.own_words(metadata.distribution("altair")) == ("BSD-3-Clause", "text")


def test_what_is_said_by_hand_has_a_reason_and_a_package():
    names = {row.name for row in ROWS}
    assert names.issuperset(licences.RULES["by_hand"])
    assert all(entry["because"] for entry in licences.RULES["by_hand"].values())


def test_the_terms_of_the_data_are_those_of_their_sources():
    text = publishers.TEXT.read_text("utf-8")
    assert text == publishers.written(publishers.sources())
    still_open = sum(not publishers.confirmed(one) for one in publishers.sources().values())
    assert text.count("TO BE CONFIRMED") == still_open


@pytest.fixture(scope="module")
def reuse():
    return tomllib.loads((ROOT / "REUSE.toml").read_text("utf-8"))["annotations"]


def licence_of(reuse, path):
    """The licence of one file: that of the last entry that fits."""
    entries = [
        entry["SPDX-License-Identifier"]
        for entry in reuse
        for pattern in ([entry["path"]] if isinstance(entry["path"], str) else entry["path"])
        if fnmatchcase(path, pattern)
    ]
    return entries[-1]


def test_each_licence_that_a_file_has_lies_there_as_text(reuse):
    named = {part for one in reuse for part in one["SPDX-License-Identifier"].split(" AND ")}
    assert {path.stem for path in (ROOT / "LICENSES").iterdir()} == named


@pytest.mark.parametrize("path", ["data/kreise/values.parquet", "data/grid/population.tif"])
def test_figures_of_publishers_are_not_passed_on_as_our_own(reuse, path):
    assert (ROOT / path).is_file()
    assert "LicenseRef-Publishers" in licence_of(reuse, path)
    assert "Apache" not in licence_of(reuse, path)


@pytest.mark.parametrize("path", ["app.py", "views/component/map.js", "data/recipes/equal.toml"])
def test_the_program_has_one_licence(reuse, path):
    assert (ROOT / path).is_file()
    assert licence_of(reuse, path) == "Apache-2.0"


def test_package_and_citation_name_the_same_licence():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert project["license"] == cited["license"] == "Apache-2.0"
