"""Files come as text from a browser, which may send anything."""

from __future__ import annotations

import base64

import pytest

from views.file_input import LARGEST, GivenBytes, GivenFile, taken, taken_bytes
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


def test_files_of_any_kind_come_in_base64():
    content = bytes(range(256))
    told = [{"name": "a.xlsx", "content": base64.b64encode(content).decode()}]
    assert taken_bytes(told, largest=256) == GivenBytes("a.xlsx", content)


@pytest.mark.parametrize(
    "told",
    [None, [], [3], [{"name": "a"}], [{"name": "a", "content": "§"}], [{"name": "a", "content": 1}],
     [{"name": "a", "content": "A" * 400}]],
)  # fmt: skip
def test_what_is_no_file_of_any_kind_or_too_large_is_left_out(told):
    assert taken_bytes(told, largest=200) is None
