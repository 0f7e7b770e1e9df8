"""Undo and redo: the recipes of this session in the order in which they came.

What is weighed, turned, selected or computed otherwise makes a new step. The history belongs to the
session alone; a link that leads elsewhere begins a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from layers.recipe import Recipe

__all__ = ["LENGTH", "Trail", "begin", "forget", "move", "put_back", "record", "trail"]

#: Recipes kept; the oldest are forgotten first.
LENGTH = 100
_KEY = "history"
_MOVED = "history.moved"
#: Fields that say something about a recipe and change no number.
_LABELS = {"name": Recipe().name, "description": Recipe().description, "members": ()}


@dataclass(frozen=True)
class Trail:
    """Recipes in order, and which of them holds now.

    Attributes
    ----------
    steps : tuple of Recipe
        Never empty; two neighbours differ in more than their names.
    at : int
        Position of the present one.
    """

    steps: tuple[Recipe, ...]
    at: int = 0

    @property
    def now(self) -> Recipe:
        """The present recipe."""
        return self.steps[self.at]

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier recipe."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a later recipe."""
        return self.at < len(self.steps) - 1

    def then(self, recipe: Recipe) -> Trail:
        """Add a recipe after the present one; what was undone before is given up."""
        if same(self.now, recipe):
            return self
        steps = (*self.steps[: self.at + 1], recipe)[-LENGTH:]
        return Trail(steps, len(steps) - 1)

    def moved(self, by: int) -> Trail:
        """Go back or forth, not beyond the ends."""
        return replace(self, at=min(max(self.at + by, 0), len(self.steps) - 1))

    def found(self, recipe: Recipe) -> Trail | None:
        """Go to the step nearest to the present one that holds `recipe`, if there is one."""
        places = [place for place, one in enumerate(self.steps) if same(one, recipe)]
        nearest = min(places, key=lambda place: abs(place - self.at), default=None)
        return None if nearest is None else replace(self, at=nearest)


def same(one: Recipe, other: Recipe) -> bool:
    """Whether two recipes give the same numbers, whatever they are called."""
    return one.model_copy(update=_LABELS) == other.model_copy(update=_LABELS)


def trail() -> Trail | None:
    """History of this session; None before the first page was drawn."""
    kept: Trail | None = st.session_state.get(_KEY)
    return kept


def record(recipe: Recipe) -> None:
    """Note the recipe that the page now stands for."""
    session, kept = st.session_state, trail()
    if kept is None:
        session[_KEY] = Trail((recipe,))
    elif session.pop(_MOVED, False):
        # The widgets may write a loaded recipe a little otherwise; that is no step of its own.
        steps = (*kept.steps[: kept.at], recipe, *kept.steps[kept.at + 1 :])
        session[_KEY] = replace(kept, steps=steps)
    else:
        session[_KEY] = kept.then(recipe)


def forget() -> None:
    """Give up all steps: the data that they were made on are no more."""
    st.session_state.pop(_KEY, None)


def put_back(kept: Trail | None) -> None:
    """Take up a history that was set aside."""
    forget()
    if kept is not None:
        st.session_state[_KEY] = kept
        st.session_state[_MOVED] = True


def begin(recipe: Recipe) -> None:
    """Take up a link: a step already made (the browser's way back) is found, else begin anew."""
    kept = trail()
    known = kept.found(recipe) if kept is not None else None
    st.session_state[_KEY] = known or Trail((recipe,))
    st.session_state[_MOVED] = True


def move(by: int) -> Recipe | None:
    """Go back (-1) or forth (1) and return the recipe that then holds; None without a history."""
    kept = trail()
    if kept is None:
        return None
    st.session_state[_KEY] = kept.moved(by)
    st.session_state[_MOVED] = True
    return st.session_state[_KEY].now  # type: ignore[no-any-return]
