"""What must be true of a file that somebody takes while others, or they themselves, go on."""

from __future__ import annotations

import weakref
from types import SimpleNamespace

import pytest
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.scriptrunner_utils import script_run_context

from views.server import taken


class Scores:
    """Something large that a button would make its file from."""

    def file(self):
        return b"rank,region\n"


class House:
    """A server at which sessions draw their pages."""

    def __init__(self, monkeypatch):
        self.drawing = None
        for module in (script_run_context, taken):
            monkeypatch.setattr(module, "get_script_run_ctx", self.context)
        self.files = taken.Lasting(MemoryMediaFileStorage("/media"))

    def context(self, *_args, **_named):
        return SimpleNamespace(session_id=self.drawing) if self.drawing else None

    def begin(self, session):
        self.drawing = session
        self.files.clear_session_refs()

    def button(self, scores):
        return self.files.add_deferred(scores.file, "text/csv", "1.0", "scores.csv")

    def end(self, session):
        self.drawing = session
        self.files.remove_orphaned_files()
        self.drawing = None

    def draw(self, session):
        """Draw a page with one button; return what the button asks for."""
        self.begin(session)
        asked = self.button(Scores())
        self.end(session)
        return asked

    def fetch(self, address):
        return self.files.read_file(address.removeprefix("/media/"))


@pytest.fixture
def house(monkeypatch):
    return House(monkeypatch)


def test_a_file_can_be_fetched_although_others_have_gone_on_meanwhile(house):
    address = house.files.execute_deferred(house.draw("mine"))
    for _ in range(5):
        house.draw("another")
    assert house.fetch(address).content == Scores().file()


def test_a_file_is_gone_some_time_after_it_was_made(house, monkeypatch):
    address = house.files.execute_deferred(house.draw("mine"))
    monkeypatch.setattr(taken, "SECONDS", 0)
    for _ in range(2):
        house.draw("another")
    assert house.fetch(address) is None


def test_a_button_in_sight_can_be_pressed_while_its_page_is_drawn_anew(house):
    in_sight = house.draw("mine")
    house.begin("mine")
    house.draw("another")
    assert house.fetch(house.files.execute_deferred(in_sight))


@pytest.mark.parametrize("leaves", [False, True])
def test_what_a_file_would_be_made_from_ends_with_the_page_or_the_session(house, leaves):
    house.begin("mine")
    scores = Scores()
    asked = house.button(scores)
    held = weakref.ref(scores)
    del scores
    house.end("mine")
    if leaves:
        house.begin("mine")
        house.files.clear_session_refs("mine")
        house.end(None)
    else:
        house.draw("mine")
    assert held() is None
    with pytest.raises(MediaFileStorageError):
        house.files.execute_deferred(asked)
