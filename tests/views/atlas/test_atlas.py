"""The atlas as a foreign reader opens it: whole, in order, and readable by ear."""

from dataclasses import replace

import pytest

from layers import Recipe, score
from views.atlas import back, front, sheets
from views.atlas.matter import Matter
from views.i18n import LANGUAGES, words


@pytest.fixture(scope="module")
def bookmarks(reader):
    """Return (depth, title, page) of every bookmark."""

    def walk(items, depth):
        for one in items:
            if isinstance(one, list):
                yield from walk(one, depth + 1)
            else:
                yield depth, one["/Title"], reader.get_destination_page_number(one)

    return list(walk(reader.outline, 0))


def figures(reader):
    """Return the alternative texts of all figures of the structure tree."""
    found = []

    def walk(node):
        node = node.get_object()
        if not isinstance(node, dict):
            return
        if node.get("/S") == "/Figure":
            found.append(node.get("/Alt", ""))
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            walk(child) if hasattr(child, "get_object") else None

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def test_bookmarks_are_the_layers_with_their_indicators(bookmarks, reader, view):
    marks = bookmarks
    layers = [one.name.de for one in view.dataset.catalogue.layers]
    names = {one.name.de for one in view.dataset.catalogue.indicator_by_id.values()}
    top = [title for depth, title, _ in marks if depth == 0]
    assert [one for one in top if one in layers] == layers
    assert {title for depth, title, _ in marks if depth == 1} >= names


def test_every_layer_and_indicator_has_one_page_of_its_own(bookmarks, reader, view):
    marks = [(title, page) for _, title, page in bookmarks]
    first = next(page for title, page in marks if title == "Quellen und Lizenzen")
    pages = [page for _, page in marks if page <= first]
    assert pages == list(range(first + 1))
    catalogue = view.dataset.catalogue
    assert len(reader.pages) > len(catalogue.indicator_by_id) + len(catalogue.layers)


def test_it_is_tagged_with_language_title_and_pictures_in_words(reader, view):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    assert reader.metadata.title == "Potenzialatlas: alle Karten"
    told = figures(reader)
    indicators = len(view.dataset.catalogue.indicator_by_id)
    layers = len(view.dataset.catalogue.layers)
    # Map and distribution on each sheet, small maps of layers and indicators, three in front.
    assert len(told) == 2 * indicators + indicators + layers + 3
    assert all(told)


def test_contents_name_the_pages_where_things_are(bookmarks, reader):
    text = reader.pages[1].extract_text()
    for _, title, page in bookmarks:
        if title in {"Wohnungsmarkt", "Nettokaltmiete je m²", "Quellen und Lizenzen"}:
            line = next(one for one in text.splitlines() if one.startswith(title))
            assert line.rstrip().endswith(str(page + 1))


def test_a_sheet_says_what_is_measured_where_from_and_how_to_read_it(bookmarks, reader, view):
    page = next(page for _, title, page in bookmarks if title == "Nettokaltmiete je m²")
    text = " ".join(reader.pages[page].extract_text().replace("-\n", "").split())
    values = view.scores.raw["rent_level"]
    for words_ in ("Was gemessen wird", "Richtung", "Quelle und Stand", "Lesehilfe", "Zensus 2022",
                   "Verteilung", "€/m², 2022", "weniger ist besser", "© BKG", "21. November 2026",
                   "Median", view.words.number(values.median(), 2),
                   view.words.number(values.max(), 2)):  # fmt: skip
        assert words_ in text


def test_sources_name_licences_and_what_is_open(bookmarks, reader, view):
    page = next(page for _, title, page in bookmarks if title == "Quellen und Lizenzen")
    text = "".join(one.extract_text() for one in reader.pages[page:]).replace("\n", "")
    assert "5 von 21 Quellen" in text
    assert text.count("klären") >= 16
    assert view.about.recipe_hash in text


def test_steps_are_told_up_to_the_last(steps, made):
    done = [one for one, _ in steps]
    assert done == sorted(done)
    assert len({total for _, total in steps}) == 1
    assert done[-1] <= steps[0][1]


def parts(matter):
    """Return every kind of page once."""
    yield from (one(matter) for one in (front.cover, front.contents, front.reading, front.score))
    yield from (one(matter) for one in (front.sure, back.sources, back.method))
    yield sheets.layer(matter.layers[2], matter)
    yield sheets.indicator("rent_level", matter)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_page_is_there_in_both_languages(view, made, language):
    other = replace(view, words=words(language), state=view.state.with_language(language))
    for page in parts(Matter(other)):
        assert "{" not in page.partition("<pre>")[0]
        assert other.words("atlas.contents") not in page or "contents" in page
    assert other.words("atlas.sure") in front.sure(Matter(other))


def test_names_cannot_break_out(view, made):
    regions = view.dataset.regions.copy()
    regions["label"] = "<b>K</b> & Co"
    scores = replace(view.scores, dataset=replace(view.dataset, regions=regions))
    pages = list(parts(Matter(replace(view, scores=scores))))
    assert not any("<b>K</b>" in page for page in pages)
    assert sum("&lt;b&gt;K&lt;/b&gt; &amp; Co" in page for page in pages) >= 2


def test_the_same_view_gives_the_same_pages(view, made):
    assert list(parts(Matter(view))) == list(parts(Matter(view)))


def test_an_indicator_without_values_says_so(view):
    recipe = Recipe.parse(view.state.recipe.to_dict() | {"year": 2021})
    matter = Matter(replace(view, scores=score(view.dataset, recipe)))
    assert "keine Werte" in sheets.indicator("rent_level", matter)
    assert "keine Werte" in sheets.layer(matter.layers[2], matter)
