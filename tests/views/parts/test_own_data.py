"""An office brings its own table: it counts at once, is marked, and nobody else sees it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from geo import publish
from geo.rasters.zonal import STATS
from layers import Dataset, score
from layers.extend import OwnData, own_indicators, write
from views import store
from views.file_input import GivenBytes
from views.i18n import words
from views.parts import own_data, own_raster

REGIONS = store.official().regions
#: Value = rank of the key, so that the first Kreis has the smallest.
TABLE = "AGS;Wohnungen 2024\n" + "\n".join(
    f"{key.lstrip('0')};{1000 + place},5" for place, key in enumerate(REGIONS.index)
)


def draw():
    import importlib

    import streamlit as st

    name = st.session_state.get("go", "data")
    st.session_state["came_from"] = st.session_state.get("page", "")
    st.session_state["page"] = name
    importlib.import_module(f"views.pages.{name}").page()


@pytest.fixture(scope="module")
def give():
    """Put a button in the place of the file input; gives what sets the file behind it."""
    files = []

    def button(label, *, key, on_file, **_):
        import streamlit as st

        st.button(label, key=key, on_click=lambda: on_file(files[-1]))

    def handed(app, name, content):
        files.append(GivenBytes(name, content if isinstance(content, bytes) else content.encode()))
        return press(app, "own.file")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_data, "bytes_input", button)
        yield handed


def visitor():
    return run(AppTest.from_function(draw, default_timeout=60))


def run(app):
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def press(app, key):
    app.button(key=key).click()
    return run(app)


def go(app, page):
    """Change the page, as the bar at the top does: the address then holds no query."""
    app.session_state["go"] = page
    app.query_params.clear()
    return run(app)


def by_key(elements, beginning):
    return next(one for one in elements if one.key and one.key.startswith(beginning))


def words_on(app):
    parts = [
        *app.caption,
        *app.markdown,
        *app.info,
        *app.warning,
        *app.error,
        *app.title,
        *app.success,
    ]
    return " ".join(str(part.value) for part in parts)


def describe(app, *, layer=None, direction="+", year=2024):
    if layer:
        by_key(app.selectbox, "own.layer").set_value(layer)
    by_key(app.radio, "own.direction").set_value(direction)
    by_key(app.number_input, "own.year").set_value(year)
    return run(app)


def added(give):
    app = describe(give(visitor(), "wohnungen.csv", TABLE))
    return press(app, "own.add.1")


@pytest.fixture(scope="module")
def office(give):
    """Someone who added the table, for tests that look at pages and change nothing."""
    return go(added(give), "map")


@pytest.fixture(scope="module")
def clumsy(give):
    """Someone whose files cannot be used; `give` puts the button in place before the first run."""
    return visitor()


def linked(app):
    return {
        key: value[0] if isinstance(value, list) else value
        for key, value in app.query_params.items()
    }


def extended():
    values = REGIONS.index.to_series().rank().add(999.5)
    told = OwnData(
        "Wohnungen 2024", "own", "", "+", 2024, "", "wohnungen.csv", "Wohnungen 2024"
    )  # fmt: skip
    return told.add_to(store.official(), values)


def test_the_preview_says_what_was_found_before_anything_is_added(give):
    text = TABLE.replace("\n1001;1000,5\n", "\nRostock;7,5\n") + "\n16056;3,5\nSumme;99,5"
    app = give(visitor(), "wohnungen.csv", text)
    said = words_on(app)
    assert "399 von 400 Kreisen gefunden" in said
    assert "Ohne Zeile: Flensburg" in said
    assert "für weniger als 66" in said
    assert "399 Werte von 1.001,50 bis 1.399,50; Kreise ohne Wert: 1" in said
    findings = next(one.value for one in app.dataframe if "Befund" in one.value)
    assert (
        findings["Befund"]
        .tolist()[0]
        .startswith("mehrdeutig: 13003 Rostock, Stadt; 13072 Landkreis Rostock")
    )
    assert store.own() is None


def test_nothing_is_guessed_about_direction(give):
    app = give(visitor(), "wohnungen.csv", TABLE)
    assert by_key(app.radio, "own.direction").value is None
    assert app.button(key="own.add.1").disabled
    assert "mehr oder weniger" in words_on(app)
    assert by_key(app.number_input, "own.year").value == 2024


def test_it_joins_the_score_at_once_and_gives_the_numbers_of_a_dataset_that_held_it_always(
    office, tmp_path
):
    app = go(office, "map")
    write(extended(), tmp_path / "mine")
    always = Dataset.open(tmp_path / "mine")
    recipe = store.default_recipe().model_copy(update={"dataset": always.reference})
    held = app.session_state["own_dataset"]
    assert held.dataset.reference == always.reference
    scores = next(iter(held.results["views.store._scores"].values()))
    assert (scores.index == score(always, recipe).index).all()
    assert scores.recipe == recipe
    assert "w.own" in app.session_state
    assert "Eigene Daten sind Teil dieser Ergebnisse: „Wohnungen 2024“" in words_on(app)


def test_every_page_works_with_it_and_says_so(office, monkeypatch):
    app = office
    # Other ways to cut classes take half of the time, and know nothing of whose data they cut.
    monkeypatch.setattr("views.parts.robustness.class_cuts", lambda *_: None)
    pages = ("indicators", "profile", "compare", "robustness", "change", "weightings", "method")
    for page in pages:
        go(app, page)
        assert "Eigene Daten sind Teil dieser Ergebnisse" in words_on(app), page
        assert not app.error, page


def test_two_visitors_do_not_see_each_other_s_data(office):
    assert "own_dataset" in office.session_state
    other = go(visitor(), "map")
    assert "Eigene Daten" not in words_on(other)
    assert "w.own" not in other.session_state
    assert "own_dataset" not in other.session_state


def test_a_weight_on_it_is_part_of_the_link_which_says_that_the_data_are_not(give):
    app = go(added(give), "map")
    assert linked(app) == {"d": app.session_state["own_dataset"].dataset.reference}
    app.session_state["w.own"] = 3.0
    run(app)
    link = linked(app)
    assert link["w.own"] == "3"
    app.session_state["downloads.quote"] = True
    assert "Der Link enthält Ihre eigenen Daten nicht" in words_on(run(app))
    app.session_state["embedding"] = True
    assert "in der Datei enthalten, nicht auf dem Server" in words_on(run(app))
    stranger = AppTest.from_function(draw, default_timeout=60)
    stranger.session_state["go"] = "map"
    stranger.query_params.update(link)
    said = words_on(run(stranger))
    assert "Der Link entstand mit eigenen Daten" in said
    assert "nicht lesen" not in said


def test_the_session_keeps_few_results_and_removing_it_leads_back_to_the_official_data(give):
    app = go(added(give), "map")
    app.session_state["show"] = "layer:own"
    for weight in (5.0, *range(2, 8)):
        app.session_state["w.own"] = weight / 2
        run(app)
    held = app.session_state["own_dataset"].results
    assert max(len(known) for known in held.values()) <= 6
    press(go(app, "data"), "own.remove.0")
    assert "Entfernt: Wohnungen 2024." in words_on(app)
    # What tells of it lies in the section: folded away nobody would see it.
    assert app.expander[0].proto.expanded
    app = go(app, "map")
    assert "own_dataset" not in app.session_state
    assert "Eigene Daten" not in words_on(app)
    assert linked(app) == {}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0", "weder Text noch eine Arbeitsmappe"),
        ("a.csv", b"", "keine Zellen"),
        ("a.csv", "x;y\n1;2\n3;4\n", "Keine Spalte nennt Kreise"),
        ("a.xlsx", b"PK\x03\x04broken", "nicht als Tabelle öffnen"),
        ("<img src=x>.csv", "x;y\n1;2\n", "‹img src=x›.csv"),
        ("a.csv", "AGS;w\n" + "01001;1\n" * 100_001, "mehr als 100.000 Zeilen"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_by_a_sentence(give, clumsy, name, content, said):
    app = give(clumsy, name, content)
    assert said in words_on(app)
    assert "own.given" not in app.session_state


def test_files_taken_away_name_source_and_version(office):
    app = go(office, "map")
    held = app.session_state["own_dataset"]
    scores = next(iter(held.results["views.store._scores"].values()))
    for suffix in (".csv", ".geojson"):
        told = publish.to_bytes(scores, suffix).decode()
        assert held.dataset.reference in told
        assert "Eigene Daten: wohnungen.csv" in told


def test_every_statistic_of_a_raster_has_words():
    assert own_raster.measures(words("de")) == list(STATS)


def test_a_raster_becomes_an_indicator(give, request):
    path = request.config.rootpath.parent / "shared/data/formats/geotiff/gsa-ghi-like.tif"
    if not path.is_file():
        pytest.skip("the sample rasters are not here")
    app = give(visitor(), "strahlung.tif", path.read_bytes())
    by_key(app.selectbox, "own.stat").set_value("share_of_class")
    by_key(run(app).text_input, "own.classes").set_value("3, zwei, --5")
    assert "fehlen die Nummern der Klassen" in words_on(press(app, "own.compute.1"))
    by_key(app.selectbox, "own.stat").set_value("share_above")
    by_key(run(app).number_input, "own.limit").set_value(1000.5)
    press(app, "own.compute.1")
    assert "von 400 Kreisen haben einen Wert" in words_on(app)
    # A limit such as 2000 is no year.
    assert by_key(app.number_input, "own.year").value is None
    press(describe(app, layer="housing"), "own.add.1")
    added_one = app.session_state["own_dataset"].dataset
    (indicator,) = own_indicators(added_one)
    assert added_one.catalogue.layer_of[indicator.id] == "housing"
    assert indicator.source_code == "Anteil der Fläche über einer Grenze: 1.000,5"
    assert "calculated" in set(added_one.values["flag"])
