"""Whole reports: two pages, tagged, the same bytes, in both languages, safe with any name."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import pypdf
import pytest
from reading import NAMES, read, words_of
from spread import FULLEST

from layers import Recipe, score
from layers.robust import robust_scores
from layers.table import names
from views.report.background import background
from views.report.document import to_bytes

NASTY = "A\"}</style><script>alert(1)</script> 'B' \\ & {x} **C**"


def pdf(region, shared):
    return pypdf.PdfReader(io.BytesIO(to_bytes(region, shared, ".pdf")))


def html(region, shared):
    return to_bytes(region, shared, ".html").decode()


def elements(root):
    """All structure elements of a PDF with their alternative texts, in reading order."""
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append((str(node["/S"]), node.get("/Alt")))
            if "/K" in node:
                waiting.append(node["/K"])
    return found


@pytest.fixture(scope="module")
def printed(german):
    """Return what makes a report in German, once for each region."""
    return cache(lambda region: to_bytes(region, german, ".pdf"))


@pytest.mark.parametrize("region", FULLEST)
def test_very_different_kreise_fill_exactly_two_pages(region, printed, scores, bands):
    found = pypdf.PdfReader(io.BytesIO(printed(region)))
    assert len(found.pages) == 2
    told, row = " ".join(found.pages[0].extract_text().split()), bands.bands.loc[region]
    assert f"Rang {scores.ranks[region]:g} von 400" in told
    assert f"{row['rank_p05']:g}–{row['rank_p95']:g}" in told
    assert names(scores)[region].replace("-", "") in told.replace("-", "")


@pytest.fixture(scope="module")
def content(printed):
    return printed("09477")


@pytest.fixture(scope="module")
def one(content):
    return pypdf.PdfReader(io.BytesIO(content))


def test_a_pdf_is_tagged_and_says_language_and_title(one):
    root = one.trailer["/Root"]
    assert root["/Lang"] == "de"
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert one.metadata.title.startswith("Kreisprofil Landkreis Kulmbach")


def test_every_figure_has_an_alternative_text_and_tables_their_heads(one):
    tags = elements(one.trailer["/Root"]["/StructTreeRoot"])
    figures = [alt for tag, alt in tags if tag == "/Figure"]
    assert len(figures) == 18
    assert all(figures)
    assert [tag for tag, _ in tags].count("/H1") == 1
    assert {"/Table", "/TH", "/TD", "/H2", "/P", "/L"} <= {tag for tag, _ in tags}


def test_bookmarks_are_the_sections(one):
    head, sections = one.outline
    assert head.title == "Landkreis Kulmbach"
    assert [section.title for section in sections] == [
        "Rang und Rangband", "Bereiche im Vergleich", "Stärken und Schwächen",
        "Daten dieses Kreises", "Wie sicher das ist", "Entwicklung",
        "Wie gefordert die Angebote sind", "Woran der Rang hängt", "Nachbarkreise",
        "Ähnliche Kreise desselben Thünen-Typs", "Quellen und Zitierweise",
    ]  # fmt: skip


def test_fonts_are_inside(one):
    fonts = [font.get_object() for page in one.pages
             for font in page["/Resources"]["/Font"].values()]  # fmt: skip
    inside = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert all(any(key.startswith("/FontFile") for key in font) for font in inside)


def test_text_is_read_in_the_order_of_the_page(one):
    told = one.pages[0].extract_text()
    order = ["Potenzialatlas", "Landkreis Kulmbach", "Thünen-Typ", "Rang und Rangband",
             "Bereiche im Vergleich", "Stärken", "Daten dieses Kreises", "Wie sicher"]  # fmt: skip
    assert [told.index(word) for word in order] == sorted(told.index(word) for word in order)


def test_the_same_day_gives_the_same_bytes(german, content):
    assert to_bytes("09477", german, ".pdf") == content
    assert html("09477", german) == html("09477", german)


def test_without_a_day_no_clock_is_in_it(german):
    assert "Stand" not in html("09477", replace(german, date=None)).split("</style>")[0]
    assert "Stand 21.11.2026" in html("09477", german)


def test_english_is_complete(english):
    found = pdf("09477", english)
    told = " ".join(page.extract_text() for page in found.pages)
    assert len(found.pages) == 2
    assert found.trailer["/Root"]["/Lang"] == "en"
    assert "rank 1 of 400" in told
    for word in ("Rangband", "Bereich", "Stärken", "Kreise mit", "umstritten", "Wert"):
        assert word not in told


def test_html_is_strict_and_asks_no_other_host(german):
    text = html("09477", german)
    root = read(text)
    assert root.get("lang") == "de"
    assert not root.findall(".//h:script", NAMES)
    assert not root.findall(".//h:link", NAMES)
    loaded = text.replace("http://www.w3.org/2000/svg", "")
    assert "src=" not in loaded
    assert all(part.startswith("data:font/woff") for part in loaded.split("url(")[1:])


def test_a_name_cannot_break_out(toy):
    regions = toy.regions.assign(name=[NASTY, "b", "c", "d"])
    scores = score(replace(toy, regions=regions), Recipe())
    shared = background(scores, robust_scores(scores, draws=20, seed=1), "de")
    root = read(html("A1", shared))
    assert not root.findall(".//h:script", NAMES)
    assert words_of(root.find(".//h:h1", NAMES)) == NASTY
    found = pdf("A1", shared)
    assert "alert(1)" in found.metadata.title
    assert "<script>" in found.pages[0].extract_text().replace("\n", "")
