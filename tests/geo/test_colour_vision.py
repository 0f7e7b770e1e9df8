"""Colours as people see them: against published numbers, and what must hold by definition."""

from __future__ import annotations

import pytest

from geo.colour_vision import VISIONS, ciede2000, contrast, difference, lightness, nearest

#: Pairs of Sharma, Wu & Dalal 2005 (doi:10.1002/col.20070), table 1: among them hues on both sides
#: of 0 degrees, greys, and hues that lie opposite each other.
PUBLISHED = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (50, 3.1736, 0.5854), 1.0),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ((90.9257, -0.5406, -0.9208), (88.6381, -0.8985, -0.7239), 1.5381),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "other", "expected"), PUBLISHED)
def test_the_difference_of_two_colours_is_the_published_one(one, other, expected):
    assert ciede2000(one, other) == pytest.approx(expected, abs=5e-5)
    assert ciede2000(other, one) == pytest.approx(expected, abs=5e-5)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#1f5a7a", "#1f5a7a") == 1


@pytest.mark.parametrize("vision", VISIONS)
def test_black_white_and_grey_look_the_same_to_everybody(vision):
    for grey in ("#000000", "#808080", "#ffffff"):
        assert lightness(grey, vision) == pytest.approx(lightness(grey), abs=0.05)
    assert lightness("#ffffff", vision) == pytest.approx(100, abs=0.05)


@pytest.mark.parametrize(
    ("vision", "one", "other"),
    [("protanopia", "#b24b2f", "#6b6a2e"), ("deuteranopia", "#c8503c", "#8f7a3a"),
     ("tritanopia", "#3f9f9f", "#4f98b8")],
)  # fmt: skip
def test_without_a_kind_of_cone_its_colours_come_close(vision, one, other):
    assert difference(one, other, vision) < difference(one, other) / 2


def test_neighbours_count_on_a_ramp_and_all_pairs_elsewhere():
    colours = ("#ffffff", "#000000", "#fefefe")
    assert nearest(colours, "normal", ordered=True) == difference("#000000", "#fefefe")
    assert nearest(colours, "normal", ordered=False) == difference("#ffffff", "#fefefe")
