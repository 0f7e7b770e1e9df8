"""No map asks for eyes that not everybody has, and every text and line stands out in both themes.

The colours of a class beside another cannot all have a contrast of 3:1; what they say is also said
by numbers, tables, hatches, shapes or dashes.
"""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from geo.colour_vision import VISIONS, contrast, lightness, nearest
from views.charts import ink, ranks, regions
from views.colours import palettes, table
from views.i18n import words
from views.parts import kinds

ROOT = Path(__file__).parents[2]
THEMES = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
PALETTES = palettes()
NAMES = [f"{one.name}-{len(one.colours)}" for one in PALETTES]
#: Least CIEDE2000 between colours that can be mistaken: several times what is just visible, also
#: where they do not touch. Print in grey has lightness alone.
APART = dict.fromkeys(VISIONS, 5.0) | {"grey": 4.5}
#: WCAG 2.1: text, and everything else that must be seen.
TEXT, SHAPE = 4.5, 3.0


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("palette", PALETTES, ids=NAMES)
def test_colours_of_a_map_stay_apart_for_everybody(palette, vision):
    assert nearest(palette.colours, vision, ordered=palette.ordered) >= APART[vision]


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("palette", [one for one in PALETTES if one.ordered],
                         ids=[name for name, one in zip(NAMES, PALETTES, strict=True)
                              if one.ordered])  # fmt: skip
def test_a_ramp_goes_one_way_in_lightness_or_two_ways_from_its_middle(palette, vision):
    lights = [lightness(colour, vision) for colour in palette.colours]
    middle = len(lights) // 2 if palette.name == "difference" else 0
    sides = (lights[middle::-1], lights[middle:]) if middle else (lights,)
    for side in sides:
        steps = {one > other for one, other in pairwise(side)}
        assert len(steps) == 1
        assert middle == 0 or steps == {True}


def test_kinds_of_place_get_darker_along_both_scales():
    lights = [lightness(colour, "grey") for colour in kinds.BOTH]
    for start in range(3):
        for line in (lights[3 * start : 3 * start + 3], lights[start::3]):
            assert line == sorted(line, reverse=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_links_and_rings_stand_out_in_both_themes(theme):
    colours = THEMES[theme]
    for ground in (colours["backgroundColor"], colours["secondaryBackgroundColor"]):
        # The ring around what has the focus has the colour of the text.
        assert contrast(colours["textColor"], ground) >= TEXT
        assert contrast(colours["linkColor"], ground) >= TEXT
        assert contrast(colours["primaryColor"], ground) >= TEXT


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_of_charts_stand_out_and_are_told_apart_without_colour(theme):
    ground = THEMES[theme]["backgroundColor"]
    for colour in (*regions.COLOURS, regions.GREY):
        assert contrast(colour, ground) >= SHAPE
    several = len(regions.COLOURS)
    assert len({tuple(one) for one in regions.DASHES}) == several
    assert len(set(regions.SHAPES)) == several


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_palest_line_of_a_chart_can_still_be_seen(theme, monkeypatch):
    monkeypatch.setattr(ink, "_theme", lambda: theme)
    assert contrast(ink.pale(), THEMES[theme]["backgroundColor"]) >= SHAPE


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_in_charts_can_be_read_in_both_themes(theme, monkeypatch):
    """Axes, legends and names inside a picture, whose colours a chart has from its settings."""
    monkeypatch.setattr(ink, "_of_theme", THEMES[theme].get)
    corners = pd.DataFrame({"layer": ["A", "B", "C"], "value": [10.0, 50.0, 90.0]})
    bands = pd.DataFrame({
        "region": ["1"], "place": 1, "rank": 1, "low": 1, "high": 1, "median": 1, "name": "N",
        "verdict": words("de")("verdict.sure"), "text": "t", "marked": True,
    })  # fmt: skip
    charts = [regions.radar(corners, words("de")),
              ranks.intervals(bands, title="x", order="y", words=words("de"))]  # fmt: skip
    for chart in charts:
        drawn = chart.spec
        told = drawn["config"]
        colours = [told[part][what] for part in ("axis", "legend")
                   for what in ("labelColor", "titleColor")]  # fmt: skip
        written = [one["mark"] for one in drawn["layer"] if one["mark"]["type"] == "text"]
        assert written
        colours += [mark.get("color", told["text"]["color"]) for mark in written]
        assert min(contrast(one, THEMES[theme]["backgroundColor"]) for one in colours) >= TEXT


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_table_of_colours_has_a_row_for_each_map_and_a_number_for_each_way_of_seeing(language):
    head, rows = table(words(language))
    assert len(rows) == len(PALETTES)
    assert {len(row) for row in (head, *rows)} == {len(VISIONS) + 2}
