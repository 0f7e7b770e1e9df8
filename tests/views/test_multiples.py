"""Small maps: one character per region is enough to draw them."""

from __future__ import annotations

from views.map_component import MISSING, OUTSIDE, assets
from views.multiples import GAP, NOWHERE, encoded


def test_every_region_becomes_one_character():
    assert encoded([0, 4, MISSING, OUTSIDE, 2]) == f"04{GAP}{NOWHERE}2"


def test_the_browser_reads_the_same_characters():
    code = assets()["multiples.js"].decode()
    assert f'code === "{GAP}"' in code
    assert f'code === "{NOWHERE}"' in code


def test_the_browser_code_is_served():
    assert {"multiples.js", "multiples.css"} <= assets().keys()
