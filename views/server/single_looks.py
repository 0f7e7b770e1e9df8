"""A widget looks up its own value without a dictionary of all values being made for it.

Each of Streamlit's lists of choices asks whether its own value is set. It asks a dictionary of all
values of the session, made anew each time: a tenth of the time that the map page takes, with its
hundred and more widgets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from streamlit.runtime.state.safe_session_state import SafeSessionState

__all__ = ["Looks", "look_singly"]

#: What the lookup rests on, which is not part of what Streamlit promises.
_RESTS_ON = ("filtered_state", "__getitem__", "__contains__")


class Looks(Mapping[str, Any]):
    """The values of a session by key: a single one is looked up, all are brought together once.

    Parameters
    ----------
    state : SafeSessionState
        Of one session.
    all_of : property
        Streamlit's own way to bring all together.
    """

    def __init__(self, state: SafeSessionState, all_of: property) -> None:
        self._state, self._all_of = state, all_of

    def __getitem__(self, key: str) -> Any:
        """Return one value, presented as Streamlit does.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self._state[key]

    def __iter__(self) -> Iterator[str]:
        """Go through the keys."""
        return iter(self._whole)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._whole)

    def __eq__(self, other: object) -> bool:
        """Compare as a dictionary does."""
        return self._whole == other

    __hash__ = None  # type: ignore[assignment]

    def items(self) -> Any:
        """Return all of them."""
        return self._whole.items()

    @cached_property
    def _whole(self) -> dict[str, Any]:
        found: dict[str, Any] = self._all_of.__get__(self._state)
        return found


def look_singly() -> None:
    """Let widgets look up single values, before anybody comes.

    Where a later version of Streamlit names its parts otherwise, its own way stays.
    """
    own = vars(SafeSessionState)
    if all(name in own for name in _RESTS_ON) and isinstance(own["filtered_state"], property):
        all_of = own["filtered_state"]
        looks = property(lambda state: Looks(state, all_of))
        SafeSessionState.filtered_state = looks  # type: ignore[method-assign, assignment]
