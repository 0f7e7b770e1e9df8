"""What must be true of a widget that looks up its own value only."""

from __future__ import annotations

import pytest
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState

from views.server.single_looks import Looks, look_singly

OWN = vars(SafeSessionState)["filtered_state"]


@pytest.fixture
def state():
    """A session that chose a Kreis, and no group."""
    held = SessionState()
    held["selected"], held["group"] = "01001", None
    return SafeSessionState(held, lambda: None)


@pytest.fixture
def looking(monkeypatch):
    """Put the quick way in Streamlit's place for one test."""
    monkeypatch.setattr(SafeSessionState, "filtered_state", OWN)
    look_singly()


@pytest.mark.usefixtures("looking")
def test_all_values_are_those_that_streamlit_brings_together(state):
    assert dict(state.filtered_state) == OWN.__get__(state)
    assert state.filtered_state == {"selected": "01001", "group": None}
    assert len(state.filtered_state) == 2


@pytest.mark.usefixtures("looking")
def test_a_value_is_told_from_one_that_nobody_set(state):
    values = state.filtered_state
    assert "group" in values
    assert values["group"] is None
    assert "language" not in values


def test_one_value_is_found_without_the_others(state):
    def never(_):
        raise AssertionError("all values were brought together")

    values = Looks(state, property(never))
    assert values["selected"] == "01001"
    assert "language" not in values


def test_another_streamlit_keeps_its_own_way(monkeypatch):
    def method(self):
        return {}

    monkeypatch.setattr(SafeSessionState, "filtered_state", method)
    look_singly()
    assert vars(SafeSessionState)["filtered_state"] is method
