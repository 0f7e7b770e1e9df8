"""Maps as files, opened by readers other than the writer."""

import io
import re
import threading
from xml.etree import ElementTree as ET

import pypdf
import pytest
from PIL import Image

from geo.maps import check_suffix, render
from layers.errors import ExportError

SVG = "{http://www.w3.org/2000/svg}"


def svg(sheet, **options):
    return ET.fromstring(render(sheet, ".svg", **options))  # noqa: S314 -- our own file


def said(root):
    return [one.text for one in root.iter(f"{SVG}text")]


def points(root, side):
    return float(root.get(side).removesuffix("pt"))


def test_everything_stands_on_the_sheet(sheet):
    text = said(svg(sheet))
    for words in (
        "Ein Titel", "%, 2022", "Wert", "Kreise", "1 bis 2", "über 2 bis 3", "kein Wert",
        "Klasse unsicher", "Klassen: gleich viele.", "Quellen: © Amt", "Geobasisdaten: © BKG",
        "Potenzialatlas · 21.11.2026", "50 km",
    ):  # fmt: skip
        assert words in text
    assert text.index("über 2 bis 3") < text.index("1 bis 2"), "the highest class comes first"
    # Numbers of regions: two classes, one gap, one unsure.
    assert sorted(one for one in text if one.isdigit()) == ["1", "1", "2", "2"]


def test_it_says_what_it_shows_to_those_who_cannot_see_it(sheet):
    root = svg(sheet)
    assert root.get("role") == "img"
    title, description = list(root)[:2]
    assert (title.tag, title.text) == (f"{SVG}title", "Ein Titel")
    assert (description.tag, description.text) == (f"{SVG}desc", "Am höchsten: 02.")
    assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"


def test_regions_can_be_found_by_their_key(sheet):
    ids = {one.get("id") for one in svg(sheet).iter(f"{SVG}g")}
    assert {f"region-0{number}" for number in range(1, 6)} <= ids


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", 'A & "B"', "$x_1$ $\\frac", "]]>"])
def test_names_stay_text(sheet, name):
    sheet = type(sheet)(**{**vars(sheet), "title": name, "description": name, "sources": [name]})
    root = svg(sheet)
    assert root[0].text == name
    assert said(root).count(name) == 2
    assert not list(root.iter(f"{SVG}script"))
    render(sheet, ".png")
    text = pypdf.PdfReader(io.BytesIO(render(sheet, ".pdf"))).pages[0].extract_text()
    assert name[:6] in text


def test_text_stays_text_with_fonts_that_others_have(sheet):
    content = render(sheet, ".svg").decode()
    families = set(re.findall(r"font-family: ([^;\"]+)", content))
    assert families == {"'DejaVu Sans', Verdana, sans-serif"}


def test_png_has_two_pixels_for_each_of_css(sheet):
    root = svg(sheet)
    image = Image.open(io.BytesIO(render(sheet, ".png")))
    css = [points(root, side) * 96 / 72 for side in ("width", "height")]
    assert image.size == pytest.approx([2 * one for one in css], abs=1)
    assert image.info["Title"] == "Ein Titel"


def test_pdf_is_one_page_with_title_and_fonts(sheet):
    reader = pypdf.PdfReader(io.BytesIO(render(sheet, ".pdf")))
    assert len(reader.pages) == 1
    assert reader.metadata.title == "Ein Titel"
    assert "kein Wert" in reader.pages[0].extract_text()
    assert reader.metadata.creation_date is None


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_sheet_gives_the_same_bytes_in_every_thread(sheet, suffix):
    first = render(sheet, suffix)
    made = []
    threads = [threading.Thread(target=lambda: made.append(render(sheet, suffix))) for _ in "abc"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert made == [first] * 3


def test_a_bare_map_has_no_words_and_a_wanted_size(sheet):
    root = svg(sheet, bare=True, box=(100, 60))
    assert said(root) == []
    # 250 km to 200 km in 60 points, and 2 points of white on each side.
    assert points(root, "width") == pytest.approx(75 + 4)
    assert points(root, "height") == pytest.approx(60 + 4)


def test_unknown_formats_are_refused(sheet):
    with pytest.raises(ExportError, match=r"'.gif'; allowed: .png, .svg, .pdf"):
        render(sheet, ".gif")
    with pytest.raises(ExportError, match="no suffix"):
        check_suffix("")
