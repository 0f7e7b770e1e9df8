"""The data page's checks: nothing is computed unasked, everything is there in both languages."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from layers import quality
from views import store
from views.i18n import words as words_of


def draw():
    import streamlit as st

    from views.i18n import words
    from views.parts import quality
    from views.store import dataset

    quality.section(dataset(), words(st.session_state["language"]))


@pytest.fixture(params=["de", "en"])
def app(request):
    page = AppTest.from_function(draw, default_timeout=60)
    page.session_state["language"] = request.param
    return page.run()


def test_the_checks_run_only_when_somebody_asks(app, monkeypatch):
    assert not app.exception
    assert len(app.dataframe) == 0
    app.toggle[0].set_value(True).run()
    assert not app.exception
    assert len(app.dataframe[0].value) == len(store.dataset().catalogue.indicator_by_id)


def test_each_thing_noticed_is_a_sentence(app):
    app.toggle[0].set_value(True).run()
    language = app.session_state["language"]
    found = quality.examine(store.dataset()).findings
    assert len(app.text) == len(found) > 0
    severity = words_of(language)("quality.warning")
    assert all(one.value.startswith(f"{severity}: ") for one in app.text)
    assert not any("{" in one.value for one in app.text)
