"""The robustness page says how sure ranks are, in words that follow from the numbers."""

from __future__ import annotations

import pytest
from bench import bench, linked, run, said

from layers.certainty.acceptance import verdicts
from views import store
from views.i18n import words
from views.parts import robustness as parts


def _once(compute):
    """Answer a question that was asked before from memory."""
    known = {}

    def answer(scores, choices, *, progress, **settings):
        key = f"{scores.recipe.to_toml()} {choices} {settings}"
        if key in known:
            progress(1, 1)
        else:
            known[key] = compute(scores, choices, progress=progress, **settings)
        return known[key]

    return answer


@pytest.fixture(scope="module", autouse=True)
def analyses_are_run_once():
    """Several tests read what an analysis says of the same recipe; it takes seconds each time."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("report_sobol", "report_multiverse"):
            patch.setattr(parts, name, _once(getattr(parts, name)))
        yield


def opened(**query):
    return run(bench("robustness"), **query)


def test_a_first_visit_counts_who_is_sure_and_leaves_the_link_clean():
    app = opened()
    bands = store.bands(store.default_recipe(), "all")
    counts = verdicts(bands).value_counts()
    text = said(app)
    assert f"**{counts['sure']} sicher zum besten Viertel**" in text
    assert f"**{counts['never']} sicher nicht**" in text
    assert f"**{counts['open']} entscheiden die Gewichte**" in text
    assert linked(app) == {}
    table = app.dataframe[0].value
    assert len(table) == 400
    assert table["rank"].is_monotonic_increasing


def test_long_analyses_wait_for_their_buttons_and_are_kept_in_the_link():
    app = opened()
    assert "Zusammen verschieben" not in said(app)
    app.button(key="studies.start.sobol").click().run()
    assert "Zusammen verschieben diese Entscheidungen" in said(app)
    assert linked(app)["p.run"] == "sobol"
    app.button(key="studies.start.multiverse").click().run()
    assert "Auf allen Rechenwegen im besten Viertel" in said(app)
    assert linked(app)["p.run"] == "sobol~multiverse"
    again = opened(p__run="sobol~multiverse")
    assert "Zusammen verschieben diese Entscheidungen" in said(again)
    assert "Auf allen Rechenwegen im besten Viertel" in said(again)


def test_an_answer_goes_when_the_weights_it_was_for_change():
    app = opened(p__run="multiverse")
    assert "Auf allen Rechenwegen" in said(app)
    app.session_state["w.housing"] = 3.0
    app.run()
    assert "Auf allen Rechenwegen" not in said(app)
    assert app.button(key="studies.start.multiverse")
    assert "p.run" not in linked(app)


def test_one_kreis_is_told_in_shares_and_keeps_its_link():
    app = opened(sel="09477")
    assert "**Landkreis Kulmbach** liegt in" in said(app)
    assert linked(app)["sel"] == "09477"


def test_a_kreis_outside_the_selection_still_has_its_national_places():
    app = opened(sel="11000", f__land="09")
    text = said(app)
    assert "**Berlin** liegt in" in text or "Berlin" in text
    assert len(app.dataframe[0].value) == 96
    within = opened(sel="11000", f__land="09", ref="filtered")
    assert "außerhalb der Auswahl" in said(within)
    assert within.dataframe[0].value["rank"].max() <= 96


def test_one_kreis_alone_is_no_error():
    app = opened(f__land="11", ref="filtered")
    assert not app.exception
    assert "Von 1 Kreisen" in said(app) or app.error


def test_english_is_english():
    text = said(opened(lang="en", sel="09477", p__run="sobol~multiverse"))
    for one in ("surely belong to the best quarter", "By none:", "Together these choices"):
        assert one in text
    assert "Gewichtungen" not in text


def test_all_weights_zero_and_empty_selections_are_said_in_words():
    app = opened()
    for layer in store.dataset().catalogue.sublayers():
        app.session_state[f"w.{layer.id}"] = 0.0
    app.run()
    assert not app.exception
    assert words("de")("error.no_weight") in said(app)


def test_one_layer_alone_has_nothing_to_contrast():
    off = {
        f"w__{layer.id}": "0"
        for layer in store.dataset().catalogue.sublayers() if layer.id != "housing"
    }  # fmt: skip
    assert words("de")("robustness.effective_one") in said(opened(**off))


@pytest.mark.parametrize("run", ["nonsense", "~~", "sobol~<b>"])
def test_a_damaged_key_takes_its_default(run):
    app = opened(p__run=run)
    assert "nonsense" not in linked(app).get("p.run", "")
    assert not app.warning
