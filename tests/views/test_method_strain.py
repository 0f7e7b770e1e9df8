"""The part of the method page on services: every measure with its year, in both languages."""

from __future__ import annotations

import pytest

from layers import Dataset, paths
from layers.study.strain import standing
from views.i18n import LANGUAGES, words
from views.method_strain import section


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_is_named_with_its_year(language):
    dataset = Dataset.open(paths.data_folder() / "kreise")
    text, found = section(dataset, words(language)), standing(dataset)
    for key, year in found.years.items():
        name = dataset.catalogue.indicator_by_id[key].name[language]
        assert f"{name} ({year})" in text
    assert "{" not in text


def test_there_is_no_section_without_such_data(toy):
    assert section(toy, words("de")) == ""
