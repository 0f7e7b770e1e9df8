"""Numbers of the embedded dataset for the tests of embeds, computed once."""

from __future__ import annotations

import pytest

from layers import Dataset, robust, score
from layers.paths import data_folder, default_recipe
from views.embed import Matter
from views.i18n import words
from views.state import PageState


@pytest.fixture(scope="session")
def kreise():
    return Dataset.open(data_folder() / "kreise")


@pytest.fixture(scope="session")
def matter(kreise):
    """Return a maker of matters: language, what is shown, changes of the recipe."""

    def make(language="de", *, dataset=None, address="", update=None, **view):
        used = dataset or kreise
        recipe = default_recipe(used).model_copy(update=update or {})
        bands = robust(used, recipe, draws=300, seed=1)
        state = PageState(recipe=recipe, language=language, **view)
        return Matter(state, score(used, recipe), bands, words(language), address)

    return make
