import io
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from geo.maps import MultipleSheet, render_multiples
from geo.maps.multiples import draw_multiples
from layers.errors import PotenzialatlasError


def several(sheet, count):
    maps = [
        replace(sheet, title=f"Karte {number}", legend_title="", count_title="", note="")
        for number in range(count)
    ]
    return MultipleSheet(
        maps=maps, title="Ein Bereich: alle Indikatoren", subtitle="Wie man sie liest.",
        sources=["Quellen: © Amt"], footer="Fuß", description="Viele Karten.",
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 4, 5, 10])
def test_every_map_has_title_legend_and_counts_within_the_sheet(sheet, count):
    figure = draw_multiples(several(sheet, count))
    texts = figure.axes[0].texts
    said = [one.get_text() for one in texts]
    assert sum(one.startswith("Karte") for one in said) == count
    assert said.count("1 bis 2") == said.count("kein Wert") == count
    assert said.count("50 km") + said.count("20 km") + said.count("10 km") == 1
    height = figure.get_figheight() * 72
    assert all(0 < one.get_position()[1] < height for one in texts)


def test_it_is_told_to_those_who_cannot_see_it(sheet):
    root = ET.fromstring(render_multiples(several(sheet, 3), ".svg"))  # noqa: S314 -- ours
    assert root[0].text == "Ein Bereich: alle Indikatoren"
    assert root[1].text == "Viele Karten."


def test_pictures_are_the_same_each_time(sheet):
    first, second = (render_multiples(several(sheet, 3), ".png") for _ in "ab")
    assert first == second
    assert Image.open(io.BytesIO(first)).width == int(595 * 192 / 72)


def test_a_sheet_without_maps_is_refused():
    with pytest.raises(PotenzialatlasError, match="at least one map"):
        MultipleSheet(maps=[], title="")
