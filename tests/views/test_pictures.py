"""A printed map must show what the page shows: the same classes, counts and doubts."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from streamlit.testing.v1 import AppTest

from geo import maps
from layers import Dataset, Recipe, robust, score
from layers.errors import DatasetError, RecipeError
from layers.paths import data_folder, default_recipe
from views import picture_words, pictures
from views.figures import figure
from views.i18n import words
from views.live import SURE
from views.state import PageState

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def kreise():
    return Dataset.open(data_folder() / "kreise")


@pytest.fixture(scope="module")
def ground(kreise):
    return pictures.ground(kreise, fineness=2.0)


def make(kreise, language="de", **recipe):
    chosen = Recipe.parse(default_recipe(kreise).to_dict() | recipe)
    bands = robust(kreise, chosen, draws=50, seed=1)
    state = PageState(recipe=chosen, language=language)
    return picture_words.view(state, score(kreise, chosen), bands, words(language))


@pytest.fixture(scope="module")
def view(kreise):
    return make(kreise)


@pytest.mark.parametrize("show", ["score", "width", "layer:services", "indicator:gdp_per_head"])
def test_legend_and_codes_are_those_of_the_page(view, ground, show):
    shown = figure(view.showing(show).state, view.scores, view.bands, view.words)
    sheet = pictures.sheet(view.showing(show), ground)
    assert [one.count for one in sheet.classes] == list(shown.classes.counts)
    assert [one.label for one in sheet.classes] == [
        one["label"] for one in shown.legend_entries(view.words)
    ]
    assert sheet.missing == shown.classes.missing
    assert list(sheet.codes) == shown.classes.codes.tolist()
    assert list(sheet.ground.shapes.index) == list(view.scores.index.index)


def test_unsure_classes_are_those_of_the_page(view, ground):
    sheet = pictures.sheet(view, ground)
    shown = figure(view.state, view.scores, view.bands, view.words)
    stays = view.bands.stays_within(shown.classes.codes, view.scores.ranks)
    assert sheet.doubtful == int((stays < SURE).sum())
    assert pictures.sheet(view.showing("layer:housing"), ground).doubt is None
    calm = replace(view, state=replace(view.state, doubt=False))
    assert pictures.sheet(calm, ground).doubt is None


def test_a_selection_is_paled_or_left_out(kreise, ground):
    beside = pictures.sheet(make(kreise, filter={"land": ["06"]}), ground)
    assert (sum(beside.dim), beside.outside) == (374, 374)
    inside = make(kreise, filter={"land": ["06"]}, reference={"set": "filtered"})
    sheet = pictures.sheet(inside, ground)
    assert sum(one.count for one in sheet.classes) == 26
    assert sheet.outside == 374


def test_every_legend_word_stands_in_the_file(view, ground):
    shown = view.showing("indicator:foreign_share_unemployed")
    sheet = pictures.sheet(shown, ground, highlight="09477")
    root = ET.fromstring(maps.render(sheet, ".svg"))  # noqa: S314 -- our own file
    text = [one.text for one in root.iter(f"{SVG}text")]
    for one in sheet.classes:
        assert one.label in text
        assert str(one.count) in text
    assert "kein Wert" in text
    assert any("umrandet: Landkreis Kulmbach" in one for one in text)


def test_a_layer_sheet_has_all_its_indicators_with_counts_of_their_own(view, ground):
    sheet = pictures.layer_sheet(view, ground, "housing")
    layer = view.dataset.catalogue.layer_by_id["housing"]
    assert [one.title for one in sheet.maps] == [one.name.de for one in layer.indicators]
    for one, small in zip(layer.indicators, sheet.maps, strict=True):
        shown = figure(view.showing(f"indicator:{one.id}").state, view.scores, None, view.words)
        assert [each.count for each in small.classes] == list(shown.classes.counts)
        assert str(view.scores.years[one.id]) in small.subtitle
    assert "nicht: gut" in sheet.subtitle
    assert any("Geobasisdaten" in one for one in sheet.sources)


def test_unknown_layers_are_refused_with_the_known_ones(view, ground):
    with pytest.raises(RecipeError, match=r"'hous'; known: labour_market, prosperity"):
        pictures.layer_sheet(view, ground, "hous")


def test_a_dataset_without_boundaries_says_so():
    with pytest.raises(DatasetError, match="there are no boundaries"):
        pictures.ground(Dataset.open("tests/toy"))


def test_names_from_a_dataset_stay_text(kreise, ground):
    regions = kreise.regions.copy()
    for column in ("name", "label"):
        regions.loc["09477", column] = "<script>$x$ & Söhne"
    other = replace(kreise, regions=regions)
    sheet = pictures.sheet(make(other), ground, highlight="09477")
    root = ET.fromstring(maps.render(sheet, ".svg"))  # noqa: S314 -- our own file
    assert not list(root.iter(f"{SVG}script"))
    assert "<script>$x$ & Söhne" in sheet.subtitle


def test_the_page_offers_three_kinds_of_picture():
    def script():
        from views import pictures, store
        from views.i18n import words
        from views.state import PageState

        recipe = store.default_recipe()
        bands = store.bands(recipe, "all")
        pictures.offer(PageState(recipe=recipe), store.scores(recipe), bands, words("de"))

    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    keys = [one.proto.id for one in app.get("download_button")]
    assert len(keys) == 3
    assert all(any(f"get.picture.{kind}" in key for key in keys) for kind in ("png", "svg", "pdf"))
