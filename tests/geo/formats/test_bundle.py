"""What must be true of the bundle: whole, described, the same for the same scores."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tomllib
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from geo import publish
from geo.document import Document
from geo.formats import bundle, sheets
from layers import Dataset, Recipe, score
from layers.table import result_table, values_table

NAMES = [
    "README.txt", "scores.csv", "values.csv", "scores.geojson", "scores.gpkg", "datawrapper.csv",
    "code_book.csv", "recipe.toml", "datapackage.json", "dcat-ap.jsonld",
]  # fmt: skip


@pytest.fixture(scope="module")
def files(mapped_document):
    return bundle.files(mapped_document)


def test_the_archive_holds_all_files_whole_and_without_a_clock(mapped_document, files):
    with zipfile.ZipFile(io.BytesIO(bundle.archive(mapped_document))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == NAMES
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in NAMES:
            assert archive.read(name) == files[name]


def test_without_boundaries_there_are_no_maps_but_all_else(toy_folder):
    scores = score(Dataset.open(toy_folder), Recipe())
    found = bundle.files(Document(scores, None, "scores", "en"))
    assert [*found] == [name for name in NAMES if name not in {"scores.geojson", "scores.gpkg"}]
    assert "do not say how sure" in found["README.txt"].decode()


def test_its_files_are_those_that_can_be_had_alone(mapped_document, files):
    scores, bands = mapped_document.scores, mapped_document.bands
    for name in ("scores", "values"):
        alone = publish.to_bytes(scores, ".csv", bands=bands, content=name)
        assert alone.startswith(b"# ")
        assert alone.endswith(b"\n" + files[f"{name}.csv"])
    assert files["scores.geojson"] == publish.to_bytes(scores, ".geojson", bands=bands)
    assert files["scores.gpkg"] == publish.to_bytes(scores, ".gpkg", bands=bands)


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_readme_explains_every_file_and_carries_the_attribution(mapped_document, language):
    found = bundle.files(replace(mapped_document, language=language))
    text = found["README.txt"].decode()
    listed = [line for line in text.splitlines() if line.startswith("* ")]
    for name in NAMES[1:]:
        assert any(line.startswith(f"* {name}: ") for line in listed)
    about = mapped_document.provenance
    assert about.recipe_hash in text
    assert about.citation(language) in text
    assert "Invented numbers, no statistics" in text
    assert "{" not in text


def test_the_code_book_explains_every_column_and_every_indicator(mapped_document, files):
    book = pd.read_csv(io.BytesIO(files["code_book.csv"]), dtype=str)
    explained = {(row.table, row.column) for row in book.itertuples()}
    scores, bands = mapped_document.scores, mapped_document.bands
    wanted = {("scores", one) for one in result_table(scores, bands)}
    wanted |= {("values", one) for one in values_table(scores)}
    wanted |= {("indicators", one) for one in values_table(scores)["indicator"]}
    assert explained == wanted
    assert book["meaning"].notna().all()


def test_the_recipe_inside_gives_the_same_numbers_again(mapped_document, files):
    recipe = Recipe.parse(tomllib.loads(files["recipe.toml"].decode()))
    again = score(mapped_document.scores.dataset, recipe)
    pd.testing.assert_series_equal(again.index, mapped_document.scores.index, check_exact=True)


EVIL = "x,=1+1;+2|@a\n-3\t\uff1d4"


def test_a_name_can_run_as_a_formula_in_no_file(mapped_document):
    """Names come from links that anybody can write; look at every cell of every table."""
    scores = mapped_document.scores
    recipe = scores.recipe.model_copy(
        update={"name": Recipe.parse({"name": EVIL}).name, "description": scores.recipe.name}
    )
    regions = scores.dataset.regions.assign(name=EVIL)
    dataset = replace(scores.dataset, regions=regions)
    document = replace(mapped_document, scores=replace(scores, recipe=recipe, dataset=dataset))
    found = bundle.files(document)
    german = sheets.csv(replace(document, excel_de=True)).decode("utf-8-sig")
    texts = [content.decode() for name, content in found.items() if name.endswith(".csv")]
    for text in [*texts, german]:
        for separator in ",;\t":
            for row in csv.reader(io.StringIO(text), delimiter=separator):
                for cell in row:
                    assert cell.startswith(('="', "-")) or not sheets._FORMULA.match(cell), cell
                    if cell.startswith("-"):
                        float(cell.replace(",", "."))
    json.loads(found["datapackage.json"])
    json.loads(found["dcat-ap.jsonld"])


def test_checksums_are_those_of_the_files(files):
    for resource in json.loads(files["datapackage.json"])["resources"]:
        content = files[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
