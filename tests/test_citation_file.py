"""What must be true of CITATION.cff: it can be read, and names the version that is there."""

from __future__ import annotations

import tomllib

import pytest
import yaml

from layers.paths import project_root


@pytest.fixture(scope="module")
def cited():
    return yaml.safe_load((project_root() / "CITATION.cff").read_text(encoding="utf-8"))


def test_it_has_what_the_format_demands_as_text(cited):
    # Version 1.2.0 of the Citation File Format: these four keys, versions and titles as strings.
    assert cited["cff-version"] == "1.2.0"
    assert all(isinstance(cited[key], str) and cited[key] for key in ("message", "title"))
    assert cited["type"] in {"software", "dataset"}
    assert cited["authors"] == [{"name": "Potenzialatlas"}]
    known = {
        "cff-version",
        "message",
        "title",
        "type",
        "version",
        "authors",
        "license",
        "abstract",
        "keywords",
    }
    assert cited.keys() <= known
    assert cited["license"] == "Apache-2.0"


def test_its_version_is_that_of_the_package(cited):
    project = tomllib.loads((project_root() / "pyproject.toml").read_text(encoding="utf-8"))
    assert cited["version"] == project["project"]["version"]
