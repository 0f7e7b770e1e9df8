"""A chart that is filled in shows what this reader asked for, and nothing of the reader before."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd
import pytest

from views.charts import ink, sketch
from views.i18n import LANGUAGES, words


@pytest.fixture
def bars():
    y = alt.Y("name:N", title=sketch.place("title"), sort=[sketch.place("names")])
    chart = alt.Chart(sketch.rows("all")).mark_bar().encode(y=y, x=alt.datum(sketch.place("base")))
    return sketch.Sketch.of(alt.layer(chart))


def filled(bars, names=("a", "b"), language="de", title="t"):
    table = pd.DataFrame({"name": list(names)})
    return bars.filled(words(language), {"all": table}, title=title, names=list(names), base=0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_place_is_left_open(bars, language):
    assert sketch.place("") not in json.dumps(filled(bars, language=language).spec)


def test_everybody_gets_their_own_rows_and_words(bars):
    mine, yours = filled(bars, title="mine"), filled(bars, names="c", title="yours")
    (layer,) = mine.spec["layer"]
    assert layer["encoding"]["y"]["title"] == "mine"
    assert layer["encoding"]["y"]["sort"] == ["a", "b"]
    assert layer["encoding"]["x"] == {"datum": 0}
    assert yours.spec["layer"][0]["encoding"]["y"]["sort"] == ["c"]
    assert not mine.rows.keys() & yours.rows.keys()


def test_equal_rows_have_equal_names_so_that_nothing_is_drawn_anew(bars):
    assert filled(bars) == filled(bars)


def test_numbers_and_words_are_written_for_the_reader(bars, monkeypatch):
    for language, sign in (("de", ","), ("en", ".")):
        monkeypatch.setattr(ink, "_of_theme", lambda option, of=language: f"{option} {of}")
        config = filled(bars, language=language).spec["config"]
        assert config["locale"]["number"]["decimal"] == sign
        assert config["axis"]["labelColor"] == f"textColor {language}"


def test_a_title_that_looks_like_a_place_stays_what_somebody_wrote(bars):
    odd = sketch.place("names")
    (layer,) = filled(bars, title=odd).spec["layer"]
    assert layer["encoding"]["y"]["title"] == odd
