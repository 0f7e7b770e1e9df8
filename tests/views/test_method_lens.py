"""The method page says of every grouping where it comes from and where each indicator stands."""

from __future__ import annotations

import pytest

from layers import Dataset
from views.i18n import words
from views.method_lens import section


@pytest.fixture(scope="module")
def kreise(request):
    return Dataset.open(request.config.rootpath / "data" / "kreise")


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_lens_area_and_indicator_is_named(kreise, language):
    told = section(kreise, words(language))
    known = kreise.catalogue.indicator_by_id
    assert all(told.count(one.name[language]) >= len(kreise.lenses) for one in known.values())
    for lens in kreise.lenses.values():
        assert f"### {lens.name[language]}" in told
        assert lens.source[language] in told
        assert all(f"- **{group.name[language]}.**" in told for group in lens.groups)
    assert "{" not in told


def test_without_lenses_there_is_nothing_to_say(request):
    toy = Dataset.open(request.config.rootpath / "tests" / "toy")
    assert section(toy, words("de")) == ""
