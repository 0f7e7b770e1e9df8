"""Figures show where a value lies, and say it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pandas as pd

from views.report import figures

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg):
    return ET.fromstring(svg)  # noqa: S314 -- our own


def rectangle(svg):
    return {key: float(drawn(svg).find(f"{SVG}rect").get(key)) for key in ("x", "width")}


def bar(value, base=0.0):
    return figures.bar(value, "M0 0", {}, base=base, ends=(-100, 100), title="<a> & b")


def test_a_bar_is_as_long_as_its_value():
    half, whole = rectangle(bar(50)), rectangle(bar(100))
    assert whole["width"] == 2 * half["width"]
    assert whole["x"] == half["x"]


def test_a_bar_below_the_base_runs_to_the_left():
    below = rectangle(bar(-50))
    assert below["x"] + below["width"] == rectangle(bar(50))["x"]


def test_a_gap_has_no_bar():
    assert drawn(bar(None)).find(f"{SVG}rect") is None


def test_what_a_figure_says_is_escaped():
    assert drawn(bar(1)).find(f"{SVG}title").text == "<a> & b"


def test_equal_values_are_one_stroke():
    assert figures.strokes([1.0, 1.0, 2.0], (0, 2)).count("M") == 2


def test_the_own_band_ends_at_its_places():
    bands = pd.DataFrame(
        {"rank": [1, 2, 3], "rank_p05": [1, 1, 2], "rank_p95": [2, 3, 3]}, index=["a", "b", "c"]
    )
    svg = figures.intervals(bands, "b", count=3, top_places=1, title="t")
    own = [one.get("d") for one in drawn(svg).iter(f"{SVG}path") if one.get("stroke") == "#1f5a7a"]
    assert own[0].startswith("M14.0 ")
    assert "H1806.0" in own[0]
    others = figures.intervals(bands, "x", count=3, top_places=1, title="t")
    assert drawn(others).find(f"{SVG}circle") is None


def test_lines_over_gaps_join_what_is_known():
    table = pd.DataFrame({"region": [1.0, None, 3.0]}, index=[2000, 2001, 2002])
    svg = figures.curves(table, ["region"], {1.0: "1", 3.0: "3"}, title="t")
    line = next(one for one in drawn(svg).iter(f"{SVG}path") if one.get("stroke-width") == "5")
    assert line.get("d").count("L") == 1
