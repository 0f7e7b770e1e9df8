"""What stands on a printed map must be true of exactly what is drawn."""

import datetime as dt

import pytest

from geo.classes import classify
from layers import Dataset, Recipe, robust, score
from layers.paths import data_folder, default_recipe
from views import picture_words
from views.i18n import LANGUAGES, words
from views.state import PageState

DAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def kreise():
    return Dataset.open(data_folder() / "kreise")


def make(kreise, show="score", language="de", **recipe):
    chosen = Recipe.parse(default_recipe(kreise).to_dict() | recipe)
    scores = score(kreise, chosen)
    bands = robust(kreise, chosen, draws=50, seed=1)
    state = PageState(recipe=chosen, language=language, show=show)
    return picture_words.view(state, scores, bands, words(language), date=DAY)


@pytest.fixture(scope="module")
def view(kreise):
    return make(kreise)


def test_indicators_are_headed_by_name_unit_year_and_scope(view):
    title, subtitle = picture_words.heading(view.showing("indicator:rent_level"))
    assert title == "Nettokaltmiete je m²"
    assert subtitle == "€/m², 2022; 400 Kreise, Klassen bundesweit"


def test_scores_are_headed_by_recipe_and_years(view):
    years = [view.scores.years[key] for key in view.scores.plan.directions]
    _, subtitle = picture_words.heading(view)
    assert subtitle.startswith("Gleich gewichtet; Werte der Jahre ")
    assert f"bis {max(years)}; 400 Kreise" in subtitle


def test_selections_are_told(kreise):
    small = make(kreise, filter={"land": ["06"]})
    assert "26 von 400 Kreisen ausgewählt, Klassen bundesweit" in picture_words.heading(small)[1]
    inside = make(kreise, filter={"land": ["06"]}, reference={"set": "filtered"})
    assert "nur innerhalb der Auswahl von 26 Kreisen" in picture_words.heading(inside)[1]
    # Raw values are classed among all Kreise even then.
    raw = inside.showing("indicator:rent_level")
    assert "26 von 400 Kreisen ausgewählt, Klassen bundesweit" in picture_words.heading(raw)[1]


def test_certainty_is_headed_by_its_draws(view):
    _, subtitle = picture_words.heading(view.showing("top_quarter"))
    assert subtitle.startswith("Aus 50 zufällig gezogenen Gewichtungen, aus allen möglichen")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "show", ["score", "top_quarter", "width", "layer:housing", "indicator:rent_level"]
)
def test_all_texts_are_there_in_both_languages(kreise, show, language):
    view = make(kreise, show, language)
    told = [
        *picture_words.heading(view), picture_words.footer(view), picture_words.note(view),
        *picture_words.attributions(view, picture_words.indicators(view)),
    ]  # fmt: skip
    assert all(told)
    assert not any("{" in one for one in told)


def test_the_last_line_names_dataset_recipe_hash_and_date(view):
    line = picture_words.footer(view)
    for part in ("kreise@2026.3", "Gleich gewichtet", view.about.recipe_hash, "21. November 2026"):
        assert part in line


def test_the_date_stands_there_only_if_given(kreise):
    view = make(kreise)
    undated = type(view)(**{**vars(view), "date": None})
    assert "2026-11" not in picture_words.footer(undated)
    assert "November" not in picture_words.footer(undated)


def test_boundaries_are_attributed_on_every_map(view):
    for show in ("score", "layer:housing", "indicator:rent_level"):
        shown = view.showing(show)
        *_, boundaries = picture_words.attributions(shown, picture_words.indicators(shown))
        assert boundaries.startswith("Geobasisdaten: © BKG")
        assert "verändert" in boundaries


def test_only_sources_of_what_is_shown_are_named(view):
    def values(show):
        shown = view.showing(show)
        return picture_words.attributions(shown, picture_words.indicators(shown))[0]

    assert "Zensus 2022" in values("indicator:rent_level")
    assert "INKAR" not in values("indicator:rent_level")
    assert "Bundesagentur" not in values("layer:housing")
    assert "Bundesagentur" in values("score")


def test_unconfirmed_licences_are_marked(view):
    shown = view.showing("indicator:rent_level")
    values, boundaries = picture_words.attributions(shown, picture_words.indicators(shown))
    assert "(Weitergabe zu klären)" in values
    assert "(Weitergabe zu klären)" not in boundaries


def test_directions_follow_the_recipe(kreise):
    assert picture_words.direction(make(kreise), "rent_level") == "weniger ist besser"
    turned = make(kreise, directions={"rent_level": "+"})
    assert picture_words.direction(turned, "rent_level") == "mehr ist besser"
    off = make(kreise, directions={"rent_level": "0"})
    assert picture_words.direction(off, "rent_level") == "wird nicht gewertet"


def test_those_who_cannot_see_are_told_ends_and_gaps(view):
    from views.figures import figure

    state = view.showing("indicator:foreign_share_unemployed").state
    shown = figure(state, view.scores, view.bands, view.words)
    text = picture_words.description(shown, view.scores, view.words)
    assert "Offenbach am Main" in text or "Am höchsten: " in text
    assert f"Kreise ohne Wert: {classify(shown.values).missing}." in text
