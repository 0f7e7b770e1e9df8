"""Pages take turns, so that many people at once are served sooner, and nobody waits for ever."""

from __future__ import annotations

import time
from threading import Event, Lock, Thread

import pytest

from views.server.turns import Line


class Page:
    """A page that is drawn in a thread of its own, until it may end."""

    def __init__(self, line):
        self.began, self.may_end = Event(), Event()
        self.thread = Thread(target=self.draw, args=(line,))
        self.thread.start()

    def draw(self, line):
        with line.turn():
            self.began.set()
            self.may_end.wait(10)

    def end(self):
        self.may_end.set()
        self.thread.join(5)
        assert not self.thread.is_alive()


def begun(line):
    page = Page(line)
    assert page.began.wait(5)
    return page


def test_a_second_page_begins_when_the_first_is_drawn():
    line = Line(patience=10)
    first = begun(line)
    second = Page(line)
    assert not second.began.wait(0.1)
    first.end()
    assert second.began.wait(5)
    second.end()


def test_pages_are_drawn_in_the_order_in_which_they_were_asked_for():
    line, order = Line(patience=10), []
    first = begun(line)

    def draw(number):
        with line.turn():
            order.append(number)

    others = [Thread(target=draw, args=(number,)) for number in range(5)]
    for one in others:
        one.start()
        # The next comes when this one stands in the line.
        time.sleep(0.02)
    first.end()
    for one in others:
        one.join(5)
    assert order == [0, 1, 2, 3, 4]


def test_a_page_that_takes_long_holds_nobody_up_for_ever():
    line = Line(patience=0.05)
    slow = begun(line)
    second = begun(line)
    third = Page(line)
    # The slow one goes on beside, and does not give away the place of the second.
    slow.end()
    second.end()
    assert third.began.wait(5)
    third.end()


def test_however_many_wait_only_one_page_is_drawn_at_a_time():
    line, lock = Line(patience=0.2), Lock()
    now, most = 0, 0

    def draw():
        nonlocal now, most
        with line.turn():
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1

    pages = [Thread(target=draw) for _ in range(30)]
    for one in pages:
        one.start()
    for one in pages:
        one.join(10)
    # All together they waited three times as long as anybody has patience with one.
    assert most == 1


def test_a_page_that_is_given_up_leaves_its_place():
    line = Line(patience=10)
    with pytest.raises(KeyError), line.turn():
        raise KeyError
    begun(line).end()
