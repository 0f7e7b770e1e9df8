"""The page of the self-check, drawn alone: answers stay in the session and in the file."""

from __future__ import annotations

import datetime as dt

import pytest
from bench import bench, linked, run, said
from checks import rater, selfcheck
from handing import hand_over

from layers.selfcheck.file import parse, to_toml
from views.file_input import GivenFile
from views.selfcheck import files

REGION = "09477"
ANNA = selfcheck(rater("Anna", work__partners=4, work__levels=1), region=REGION, place="Dorf")
BEN = selfcheck(rater("Ben <b>", work__partners=0), region=REGION)


@pytest.fixture
def app():
    return bench("selfcheck")


def kept(app):
    return app.session_state["selfcheck.checks"][REGION]


def give(app, monkeypatch, *checks):
    named = [GivenFile(f"{number}.toml", one if isinstance(one, str) else to_toml(one))
             for number, one in enumerate(checks)]  # fmt: skip
    hand_over(monkeypatch, files, *named)
    run(app)
    app.button(key="give.selfcheck.open").click().run()
    assert not app.exception


def test_answers_and_notes_are_kept_and_never_stand_in_the_link(app):
    run(app, sel=REGION)
    assert "Auf dem Server wird nichts gespeichert" in said(app)
    mark = kept(app).raters[0].id
    app.segmented_control(key=f"selfcheck.rating.{mark}.governance.strategy").set_value(2).run()
    app.text_area(key=f"selfcheck.note.{mark}.governance.strategy").set_value("Entwurf").run()
    app.text_input(key=f"selfcheck.date.{mark}").set_value("31.02.2026").run()
    assert "kein Datum" in said(app)
    app.text_input(key=f"selfcheck.date.{mark}").set_value("1.2.2026").run()
    found = kept(app).raters[0]
    assert (found.ratings, found.notes) == (
        {"governance.strategy": 2}, {"governance.strategy": "Entwurf"}
    )  # fmt: skip
    assert found.date.isoformat() == "2026-02-01"
    assert "Noch nicht gesichert" in said(app)
    assert linked(app) == {"sel": REGION}


def test_files_of_two_people_are_merged_and_a_damaged_one_is_told(app, monkeypatch):
    give(app, monkeypatch, ANNA, BEN, "kind = 3", ANNA)
    assert [one.name for one in kept(app).raters] == ["Anna", "Ben <b>"]
    assert kept(app).place == "Dorf"
    told = " ".join(one.value for one in [*app.success, *app.warning])
    assert "2.toml: Das ist keine Datei des Selbstchecks." in told
    assert "3.toml geöffnet: 0 neu, 0 ersetzt, 0 behalten, 1 schon vorhanden." in told
    assert linked(app)["sel"] == REGION
    again = parse(to_toml(kept(app)).encode(), "again")
    assert again == kept(app)


def test_one_person_on_two_dates_is_two_sets_of_answers(app, monkeypatch):
    first, later = (
        selfcheck(rater(mark="ab", day=day, work__levels=value), region=REGION)
        for day, value in ((dt.date(2026, 1, 1), 1), (dt.date(2027, 1, 1), 4))
    )
    give(app, monkeypatch, first, later)
    marks = [one.id for one in kept(app).raters]
    assert len(set(marks)) == 2
    app.selectbox(key=f"selfcheck.who.{REGION}").set_value(marks[1]).run()
    app.text_input(key=f"selfcheck.name.{marks[1]}").set_value("Anna\u200b").run()
    assert not app.exception
    assert [one.name for one in kept(app).raters] == ["", "Anna"]


def test_result_conclusions_and_layer(app, monkeypatch):
    give(app, monkeypatch, ANNA, BEN)
    app.segmented_control(key="selfcheck.view").set_value("result").run()
    html = " ".join(str(one.proto.body) for one in app.get("html"))
    assert "Arbeitslosenquote" in html
    assert "keine amtliche Statistik" in said(app)
    app.button(key="selfcheck.layer_add").click().run()
    assert "† Der Wert von" in said(app)
    app.button(key="selfcheck.layer_remove").click().run()
    assert "† Der Wert von" not in said(app)
    app.segmented_control(key="selfcheck.view").set_value("conclude").run()
    app.multiselect(key=f"selfcheck.gaps.{REGION}").set_value(["work.levels"]).run()
    app.text_input(key="selfcheck.step").set_value("# Antrag stellen")
    app.button(key="selfcheck.step_add").click().run()
    assert not app.exception
    assert kept(app).chosen.gaps == ("work.levels",)
    assert kept(app).chosen.next_steps[0].text == "# Antrag stellen"
    # Nothing that was entered can begin a line, where it would become a heading.
    assert "1\\. # Antrag stellen" in [one.value for one in app.markdown]
    assert linked(app) == {"sel": REGION, "p.view": "conclude"}
