"""What must be true of what can be taken away: every button makes a file, and says how to cite."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from geo import publish
from layers.citation import citation, recipe_hash
from views import downloads, store
from views.i18n import words

SCRIPT = "views/pages/navigation.py"
REST = {key for keys in downloads._GROUPS.values() for key in keys}


@pytest.fixture(scope="module")
def drawn(request):
    """Return the page with another weight than the preset's."""
    app = AppTest.from_file(str(request.config.rootpath / SCRIPT), default_timeout=60)
    app.query_params["w.housing"] = "3"
    app.run()
    # What lies behind a button is drawn when it is opened.
    for key in ("downloads.more", "downloads.quote"):
        app.session_state[key] = True
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def test_every_file_stands_in_front_or_behind_one_button_and_has_a_name():
    assert REST | set(downloads._FRONT) == downloads._FILES.keys()
    for language in ("de", "en"):
        named = {words(language)(f"downloads.{key}") for key in downloads._FILES}
        assert len(named) == len(downloads._FILES)


@pytest.mark.parametrize("key", downloads._FILES)
def test_every_button_asks_for_a_file_that_can_be_made(key, tmp_path):
    one = downloads._FILES[key]
    publish.check_target(
        tmp_path / f"file{one.suffix}", excel_de=one.excel_de, datawrapper=one.datawrapper
    )


def test_the_page_offers_all_files_and_few_in_front(drawn):
    labels = {one.label for one in drawn.get("download_button")}
    wanted = {words("de")(f"downloads.{key}") for key in (*downloads._FILES, "recipe")}
    assert wanted <= labels
    assert len(downloads._FRONT) <= 3


def test_the_line_to_cite_names_the_recipe_that_is_shown(drawn):
    dataset = store.dataset()
    codes = [one.value for one in drawn.code]
    usual = citation(store.default_recipe(), dataset).de
    (line,) = [one for one in codes if one.startswith("Potenzialatlas ")]
    assert line != usual
    assert recipe_hash(store.default_recipe(), dataset) not in line
    assert dataset.reference in line
