"""What must be true of the description for programs: frictionless finds nothing to object to."""

from __future__ import annotations

import json
from dataclasses import replace

import frictionless
import numpy as np
import pandas as pd
import pytest

from geo.formats import bundle
from layers.table import result_table


@pytest.fixture(scope="module")
def folder(mapped_document, tmp_path_factory):
    """Return the unpacked bundle."""
    place = tmp_path_factory.mktemp("bundle")
    for name, content in bundle.files(mapped_document).items():
        (place / name).write_bytes(content)
    return place


def test_frictionless_validates_the_unpacked_bundle_without_an_error(folder):
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "title", "note"])
    checked = {task.name: task.type for task in report.tasks}
    assert [name for name, kind in checked.items() if kind == "table"] == [
        "scores", "values", "datawrapper", "code_book",
    ]  # fmt: skip


def test_frictionless_notices_a_damaged_table(folder, tmp_path):
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    scores = tmp_path / "scores.csv"
    scores.write_text(scores.read_text().replace("\nA1,", "\nB2,"))
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert "primary-key" in {error[0] for error in report.flatten(["type"])}


def test_rows_read_by_the_schema_are_those_of_the_run(folder, mapped_document):
    rows = frictionless.Package(str(folder / "datapackage.json")).get_resource("scores").read_rows()
    table = result_table(mapped_document.scores, mapped_document.bands)
    assert [row["region"] for row in rows] == list(table["region"])
    found = [np.nan if row["score"] is None else float(row["score"]) for row in rows]
    np.testing.assert_array_equal(found, table["score"])
    ranks = [None if pd.isna(one) else one for one in table["rank"]]
    assert [row["rank"] for row in rows] == ranks


def test_licences_and_sources_name_who_gave_what_on_which_terms(folder):
    package = json.loads((folder / "datapackage.json").read_text())
    (source,) = package["sources"]
    assert source["title"] == "Erfunden für die Tests"
    assert source["attribution"] == "Invented numbers, no statistics"
    (licence,) = package["licenses"]
    assert licence == {"name": "CC0-1.0", "title": "CC0-1.0, für: invented"}


def test_a_licence_that_nobody_stated_is_not_made_up(mapped_document):
    scores = mapped_document.scores
    sources = {
        key: one.model_copy(update={"licence": "not-stated"})
        for key, one in scores.dataset.sources.items()
    }
    dataset = replace(scores.dataset, sources=sources)
    document = replace(mapped_document, scores=replace(scores, dataset=dataset), language="en")
    package = json.loads(bundle.files(document)["datapackage.json"])
    (licence,) = package["licenses"]
    assert licence["name"] == "not-stated"
    assert "to be asked of the publisher" in licence["title"]
