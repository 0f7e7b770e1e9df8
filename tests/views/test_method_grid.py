"""The part of the method page on the grid: figures of the build, in both languages."""

import pytest

from geo import rurality
from geo.rasters.population import open_facts
from layers.paths import VARIABLE, data_folder
from views.i18n import LANGUAGES, words
from views.method_grid import section


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_those_of_the_build(language):
    told, text = words(language), section(words(language))
    folder = data_folder() / "grid"
    found = rurality.facts(folder)
    for figure in (
        told.number(open_facts(folder)["people"]), told.number(found.agreement.pearson, 3),
        told.number(found.agreement.kappa, 2), told.percent(found.agreement.same),
        told.percent(found.explained),
    ):  # fmt: skip
        assert figure in text
    counts = found.agreement.confusion.loc["rather"]
    assert f"| {' | '.join(map(str, counts))} |" in text
    assert "{" not in text


def test_there_is_no_section_without_a_grid(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert section(words("de")) == ""
