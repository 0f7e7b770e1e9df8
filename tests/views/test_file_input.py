"""Files come as text from a browser, which may send anything."""

from __future__ import annotations

import pytest

from views.file_input import LARGEST, GivenFile, taken
from views.map_component import assets

GOOD = {"name": "a.toml", "text": "x = 1"}


def test_a_file_is_taken_with_name_and_text():
    assert taken([GOOD], most=1) == (GivenFile("a.toml", "x = 1"),)


@pytest.mark.parametrize(
    "told", [None, "text", 3, {}, [None], [{"name": "a"}], [{"name": 1, "text": "x"}], [[]]]
)
def test_what_is_no_file_is_left_out(told):
    assert taken(told, most=3) == ()


def test_too_many_and_too_large_ones_are_left_out_whatever_the_browser_says():
    large = GOOD | {"text": "ä" * (LARGEST // 2 + 1)}
    assert taken([large, GOOD], most=2) == (GivenFile("a.toml", "x = 1"),)
    assert len(taken([GOOD] * 5, most=2)) == 2


def test_the_browser_code_is_served():
    assert {"file_input.js", "file_input.css"} <= assets().keys()
