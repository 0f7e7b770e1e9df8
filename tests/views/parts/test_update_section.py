"""The update on the data page: never unasked, never without the operator, always a way back."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from server import HASTY, Replay, Reply
from songs import build_with
from streamlit.testing.v1 import AppTest

from layers.home import VARIABLE as HOME
from layers.home import Home
from layers.sources.fetch.http import Client
from views import store, update_job
from views.i18n import words as words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.build import BuildReport

TOY = Path(__file__).parents[2] / "toy"
FETCH = """
[[file]]
place = "songs.csv"
sources = ["invented"]
feeds = ["songs"]
url = "{}"
kind = "csv"
on_request = true
"""
SERIES = """
[[series]]
indicator = "songs"
reader = "songs"
code = "songs"
kind = "rate"
reweight = "none"
why = "Invented."
"""


def build(
    raw: Path, definitions: Path, target: Path, *, base: Path, feeds: frozenset[str]
) -> BuildReport:
    """Take the songs from `raw`, if they are there."""
    given = pd.read_csv(raw / "songs.csv")["value"] if feeds else None
    return build_with(given, definitions, target, base=TOY)


def songs(*numbers: float) -> bytes:
    return "\n".join(["value,", *(f"{one}," for one in numbers), ""]).encode()


@pytest.fixture
def server() -> Iterator[Replay]:
    replay = Replay()
    yield replay
    replay.close()


@pytest.fixture
def house(server: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    """Let the app stand in a project of its own, whose publisher is `server`."""
    definitions = tmp_path / "data" / "definitions" / "kreise"
    shutil.copytree(TOY, definitions)
    url = server.put("songs", songs(1, 2, 3, 9))
    (definitions / "fetch.toml").write_text(FETCH.format(url), encoding="utf-8")
    (definitions / "build.toml").write_text(SERIES, encoding="utf-8")
    (tmp_path / "pyproject.toml").touch()
    build(tmp_path, definitions, tmp_path / "data" / "kreise", base=TOY, feeds=frozenset())
    monkeypatch.setattr("layers.paths.project_root", lambda: tmp_path)
    monkeypatch.setattr("geo.renew.renew", build)
    monkeypatch.setattr("layers.sources.fetch.http.Client", partial(Client, limits=HASTY))
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    monkeypatch.setenv(update_job.VARIABLE, "1")
    yield server
    update_job.clear()


def draw() -> None:
    import streamlit as st

    from views import store
    from views.i18n import words as words_of
    from views.parts import update

    words = words_of(st.session_state["language"])
    update.notice(words)
    st.session_state["version"] = store.dataset().version
    scores = store.scores(store.default_recipe())
    st.session_state["songs"] = scores.raw["songs"].tolist()
    update.section(store.dataset(), words)


def visitor(language: str = "de") -> AppTest:
    app = AppTest.from_function(draw, default_timeout=30)
    app.session_state["language"] = language
    return looked(app)


def looked(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def pressed(app: AppTest, key: str) -> AppTest:
    app.button(key=f"update.{key}").click()
    return looked(app)


def fetched(app: AppTest) -> AppTest:
    """Press the button and wait until the update has come to its end."""
    pressed(app, "start")
    job = update_job.present()
    if job is not None:
        job.wait()
    return looked(app)


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.error, app.success, app.subheader, app.text)
    return "\n".join(one.value for kind in kinds for one in kind)


def buttons(app: AppTest) -> set[str]:
    return {one.key.removeprefix("update.") for one in app.button}


@pytest.mark.parametrize("value", ["", "yes"])
def test_without_the_operators_word_there_is_no_button(house, value, monkeypatch) -> None:
    monkeypatch.setenv(update_job.VARIABLE, value)
    app = visitor()
    assert buttons(app) == set()
    assert "`ipot data update`" in said(app)
    assert house.seen == []


def test_a_fixed_data_folder_is_said_to_be_one(house, monkeypatch) -> None:
    monkeypatch.setenv(store.VARIABLE, str(TOY))
    app = visitor("en")
    assert buttons(app) == set()
    assert words_of("en")("update.fixed") in said(app)


def test_nothing_is_asked_of_the_net_before_the_button(house) -> None:
    app = visitor()
    assert house.seen == []
    assert "Lieder" in said(app)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_person_sees_what_would_change_and_then_switches_and_returns(house, language) -> None:
    words = words_of(language)
    app = fetched(visitor(language))
    assert app.session_state["version"] == "1"
    changed, largest = (one.value for one in app.dataframe)
    assert changed[words("update.changed")].tolist() == [1]
    assert largest[words("update.after")].tolist()[0].startswith("9")
    assert Home.find().pointer.active.name == "embedded"
    pressed(app, "switch")
    assert app.session_state["version"].startswith("1+")
    assert words("update.switched") in said(app)
    pressed(app, "rollback")
    assert app.session_state["version"] == "1"
    assert words("update.rolled_back", version=words("update.embedded")) in said(app)


def test_what_is_not_switched_to_changes_nothing(house) -> None:
    app = pressed(fetched(visitor()), "discard")
    assert app.session_state["version"] == "1"
    assert buttons(app) == {"start"}


def test_the_same_numbers_are_nothing_new(house) -> None:
    pressed(fetched(visitor()), "switch")
    app = visitor()
    app.multiselect(key="update.chosen").set_value(["invented"])
    fetched(looked(app))
    assert "Nichts Neues" in said(app)
    assert buttons(app) == {"done", "rollback"}


@pytest.mark.parametrize(
    ("reply", "code", "language"),
    [
        (Reply(b"<html>no</html>"), "web_page", "de"),
        (Reply(b""), "empty", "en"),
        (Reply(b"x", 404), "refused", "de"),
        (Reply(b"x", 500), "server", "en"),
    ],
)
def test_a_fault_is_said_in_words_and_leaves_the_data(house, reply, code, language) -> None:
    house.answer("songs", reply)
    words = words_of(language)
    app = fetched(visitor(language))
    assert words(f"update_fault.{code}") in said(app)
    assert words("update.unchanged_data") in said(app)
    assert app.session_state["version"] == "1"
    assert buttons(pressed(app, "again")) == {"start"}


def test_whatever_breaks_ends_on_the_page(house, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("geo.renew.renew", broken)
    app = fetched(visitor())
    assert words_of("de")("update_fault.unexpected") in said(app)


def test_an_update_can_be_stopped(house, monkeypatch) -> None:
    def stopping(*given: Path, **named: object) -> BuildReport:
        job = update_job.present()
        assert job is not None
        job.stop()
        return build(*given, **named)

    monkeypatch.setattr("geo.renew.renew", stopping)
    app = fetched(visitor())
    assert words_of("de")("update_fault.stopped") in said(app)
    assert Home.find().pointer.active.name == "embedded"


def test_a_version_that_was_overtaken_is_not_switched_to(house) -> None:
    app = fetched(visitor())
    Home.find().switch("another", "")
    pressed(app, "switch")
    assert words_of("de")("update_fault.overtaken") in said(app)
    assert Home.find().pointer.active.name == "another"


def test_only_one_update_runs(house) -> None:
    running = update_job.Job(("invented",))
    update_job._jobs[:] = [running]
    assert update_job.start(("other",)) is running
    running.fault = ValueError()


def test_who_comes_after_the_switch_sees_it_and_who_was_there_is_told(house) -> None:
    first = visitor()
    assert "take_up" not in buttons(first)
    pressed(fetched(visitor()), "switch")
    second = visitor()
    assert second.session_state["version"].startswith("1+")
    assert "take_up" not in buttons(second)
    looked(first)
    assert first.session_state["version"] == "1"
    assert (first.session_state["songs"], second.session_state["songs"]) == (
        [1, 2, 3, 4],
        [1, 2, 3, 9],
    )
    assert words_of("de")("update.newer") in said(first)
    pressed(first, "take_up")
    assert first.session_state["version"] == second.session_state["version"]
    assert first.session_state["songs"] == [1, 2, 3, 9]
    assert "take_up" not in buttons(first)


def with_own_data() -> None:
    import pandas as pd
    import streamlit as st

    from layers.extend import OwnData
    from views import store
    from views.i18n import words as words_of
    from views.parts import own_data, update

    if "begun" not in st.session_state:
        st.session_state["begun"] = True
        regions = store.official().regions.index
        values = pd.Series(range(len(regions)), index=regions, dtype="float64")
        told = OwnData("Frei", "own", "", "+", 2024)
        own_data._work_with([own_data._Added(told, values)])
    update.notice(words_of("en"))
    st.session_state["data"] = store.dataset()


def test_data_of_ones_own_go_on_to_the_new_version(house) -> None:
    app = looked(AppTest.from_function(with_own_data))
    own = set(app.session_state["data"].catalogue.indicator_by_id)
    pressed(fetched(visitor()), "switch")
    pressed(looked(app), "take_up")
    after = app.session_state["data"]
    assert set(after.catalogue.indicator_by_id) == own
    assert after.select().values["songs"].tolist() == [1, 2, 3, 9]


def test_outside_any_session_the_newest_version_is_asked(house) -> None:
    before = store.dataset().version
    pressed(fetched(visitor()), "switch")
    assert (before, store.dataset().version[:2]) == ("1", "1+")


def test_one_piece_of_work_rests_on_one_version(house) -> None:
    with store.one_version():
        before = store.dataset()
        pressed(fetched(visitor()), "switch")
        assert store.dataset() is before


def test_a_version_that_is_gone_disturbs_nobody_at_work(house) -> None:
    app = visitor()
    Home.find().folder.mkdir()
    Home.find().switch("gone", "")
    assert "take_up" not in buttons(looked(app))
    assert app.session_state["version"] == "1"


def test_every_fault_of_fetching_has_words() -> None:
    """Read the codes out of the code: a new one must not reach a person without a sentence."""
    import re

    root = Path(__file__).parents[3] / "layers"
    files = [*(root / "sources" / "fetch").glob("*.py"), root / "home.py", root / "update.py"]
    codes = {
        code for path in files for code in re.findall(r'code="([a-z_]+)"', path.read_text("utf-8"))
    }
    for language in ("de", "en"):
        texts = words_of(language).texts
        assert {code for code in codes if f"update_fault.{code}" not in texts} == {"bad_place"}
