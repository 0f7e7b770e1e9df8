"""What must be true of the table for Datawrapper: it can be pasted as it is."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
import pandas as pd

from geo.document import Document
from geo.formats import datawrapper
from layers import Dataset, Recipe, score
from layers.catalogue import Catalogue


def read(content):
    """Read as Datawrapper does: the first row is the header, the key is text."""
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)


def test_the_first_row_is_a_header_in_words_and_numbers_keep_their_digits(document):
    found = read(datawrapper.csv(document))
    assert list(found.columns)[:5] == [
        "Schlüssel", "Name", "Wert", "Rang", "Rang von (günstig)",
    ]  # fmt: skip
    scores = [float(one) if one else np.nan for one in found["Wert"]]
    np.testing.assert_array_equal(scores, document.table["score"])
    assert list(found["Schlüssel"]) == list(document.table["region"])
    assert not found.columns.duplicated().any()


def test_every_row_names_dataset_and_recipe(document):
    found = read(datawrapper.csv(dataclasses.replace(document, language="en")))
    about = document.provenance
    assert set(found["Source"]) == {
        f"Potenzialatlas {about.tool}, toy@1, recipe {about.recipe_hash}"
    }
    assert (found["Years of the data"] == "2020–2021").all()


def test_keys_of_digits_are_called_ags_and_keep_their_zeros(toy):
    keys = {"A1": "01001", "B2": "01002", "C3": "09162", "D4": "16077"}
    dataset = dataclasses.replace(
        toy, regions=toy.regions.rename(index=keys),
        values=toy.values.assign(region=toy.values["region"].map(keys)),
    )  # fmt: skip
    document = Document(score(dataset, Recipe()), None, "scores", "de")
    found = read(datawrapper.csv(document))
    assert set(found["AGS"]) == set(keys.values())
    assert "Rang von (günstig)" not in found


def test_layers_of_the_same_name_keep_their_own_columns(toy_folder):
    toy = Dataset.open(toy_folder)
    layers = toy.catalogue.layers
    same = tuple(one.model_copy(update={"name": layers[0].name}) for one in layers)
    dataset = dataclasses.replace(toy, catalogue=Catalogue(layers=same))
    found = read(datawrapper.csv(Document(score(dataset, Recipe()), None, "scores", "de")))
    assert {f"{layers[0].name.de} ({one.id})" for one in layers} <= set(found)


def test_the_sources_stand_in_the_text_beside_it(document):
    assert "Invented numbers, no statistics" in datawrapper.source_text(document).decode()
