"""Pages take turns, so that many people at once are served sooner, and nobody waits for ever."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from views.server import turns


def two_pages(first_began: Event, second_began: Event, may_end: Event) -> list[Thread]:
    """Begin to draw two pages, one after the other."""
    first = drawing(first_began, may_end)
    assert first_began.wait(5)
    return [first, drawing(second_began, may_end)]


def drawing(began: Event, may_end: Event) -> Thread:
    """Draw a page that ends when it may."""

    def draw() -> None:
        with turns.turn():
            began.set()
            may_end.wait(10)

    thread = Thread(target=draw)
    thread.start()
    return thread


def test_a_second_page_begins_when_the_first_is_drawn(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 10)
    first, second, end = Event(), Event(), Event()
    threads = two_pages(first, second, end)
    assert not second.wait(0.1)
    end.set()
    assert second.wait(5)
    for one in threads:
        one.join(5)


def test_a_page_that_takes_long_holds_nobody_up_for_ever(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    first, second, end = Event(), Event(), Event()
    threads = two_pages(first, second, end)
    assert second.wait(5)
    end.set()
    for one in threads:
        one.join(5)


def test_a_page_that_is_given_up_leaves_its_place(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 10)
    with pytest.raises(KeyError), turns.turn():
        raise KeyError
    after, end = Event(), Event()
    end.set()
    thread = drawing(after, end)
    assert after.wait(5)
    thread.join(5)
