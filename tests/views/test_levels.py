"""Of municipalities no text speaks as Kreise, and where regions are many, no page fails."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest
from streamlit.testing.v1 import AppTest

from views import store
from views.i18n import LANGUAGES, prose, speak_of, words

TEXTS = Path(__file__).parents[2] / "views" / "texts"
#: Sections that anybody sees who opens the app with such a dataset, and looks at every page.
SEEN = (
    "app", "filters", "pages", "map", "table", "panel", "compare", "profile", "robustness", "atlas",
    "own_data", "own_state", "own_fault",
)  # fmt: skip
#: Said of Kreise only, of which several may share one type.
_OF_KREISE = "panel.shared"


@pytest.fixture(autouse=True)
def usual():
    """Give the usual words back."""
    yield
    speak_of("")


def own(language):
    text = (TEXTS / language / "levels" / "gemeinde.toml").read_text(encoding="utf-8")
    return {
        f"{section}.{key}": one
        for section, texts in tomllib.loads(text).items()
        for key, one in texts.items()
    }


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_of_a_level_stands_for_a_usual_one_with_the_same_placeholders(language):
    usual = words(language).texts
    for key, text in own(language).items():
        assert fields(text) == fields(usual[key]), key
        assert text != usual[key], f"{language} {key}: needs no wording of its own"


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_municipalities_the_pages_do_not_say_kreis(language):
    speak_of("gemeinde")
    said = {
        key: text for key, text in words(language).texts.items()
        if key.startswith(tuple(f"{one}." for one in SEEN)) and key != _OF_KREISE
    }  # fmt: skip
    still = [key for key, text in said.items() if re.search(r"[Kk]reis(?!region)", text)]
    assert still == []


def test_words_go_back_with_the_level_and_a_level_without_texts_keeps_the_usual():
    speak_of("gemeinde")
    assert words("de")("filters.search") == "Gemeinde suchen"
    speak_of("../kreis")
    assert words("de")("filters.search") == "Kreis suchen"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_method_page_begins_with_what_is_special_about_municipalities(language):
    usual = prose("method", language)
    speak_of("gemeinde")
    first, same = prose("method", language).split("\n\n\n", 1)
    assert first.startswith("## ")
    assert same == usual


def test_large_counts_in_texts_have_separators_and_years_none():
    assert "10.786" in words("de")("map.caption_all", of=10_786)
    assert "10,786" in words("en")("map.caption_all", of=10_786)
    assert "2024" in words("de")("indicators.year_line", year=2024, regions=400)


def _draw():
    import streamlit as st

    from views.pages import map as home
    from views.pages import profile, robustness

    pages = {"karte": home, "robustheit": robustness, "kreisprofil": profile}
    st.session_state["page"] = st.query_params["page"]
    pages[st.query_params["page"]].page()


@pytest.mark.parametrize("page", ["karte", "robustheit", "kreisprofil"])
def test_pages_do_without_what_is_only_counted_for_fewer_regions(page, monkeypatch):
    """Above `KEPT` regions there are rank bands, and no distribution of ranks."""
    bands = store.bands(store.default_recipe(), "all")
    without = replace(bands, distribution=None)
    monkeypatch.setattr(store, "bands", lambda *_: without)
    app = AppTest.from_function(_draw, default_timeout=120)
    app.query_params.update({"page": page, "sel": "01001"})
    app.run()
    assert not app.exception, app.exception[0].message
    if page == "robustheit":
        assert "keine Grafik gezeichnet" in app.info[0].value
        assert len(app.dataframe[0].value) == 400
