"""Undo and redo: every change of the recipe can be taken back, names are no change."""

from __future__ import annotations

from layers import Recipe
from layers.catalogue import Text
from views.history import LENGTH, Trail

EQUAL = Recipe()


def weigh(weight):
    return Recipe(weights={"layer:housing": weight})


def test_back_and_forth_gives_what_was():
    trail = Trail((EQUAL,)).then(weigh(2.0)).then(weigh(3.0))
    assert trail.moved(-1).now == weigh(2.0)
    assert trail.moved(-1).moved(-1).now == EQUAL
    assert trail.moved(-1).moved(1) == trail


def test_beyond_the_ends_nothing_moves():
    trail = Trail((EQUAL,)).then(weigh(2.0))
    assert not trail.can_redo
    assert trail.moved(1) == trail
    assert not trail.moved(-5).can_undo


def test_a_change_after_undo_gives_up_what_was_undone():
    trail = Trail((EQUAL,)).then(weigh(2.0)).moved(-1).then(weigh(4.0))
    assert trail.steps == (EQUAL, weigh(4.0))
    assert not trail.can_redo


def test_another_name_is_no_step():
    named = weigh(2.0).model_copy(update={"name": Text(de="Anna", en="Anna")})
    assert Trail((weigh(2.0),)).then(named).steps == (weigh(2.0),)


def test_the_oldest_steps_are_forgotten():
    trail = Trail((EQUAL,))
    for step in range(LENGTH + 20):
        trail = trail.then(weigh(float(step)))
    assert len(trail.steps) == LENGTH
    assert trail.now == weigh(LENGTH + 19.0)


def test_the_way_back_of_the_browser_finds_its_step():
    trail = Trail((EQUAL,)).then(weigh(2.0)).then(EQUAL).then(weigh(3.0))
    assert trail.found(weigh(2.0)).at == 1
    assert trail.found(EQUAL).at == 2
    assert trail.found(weigh(9.0)) is None
