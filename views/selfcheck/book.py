"""The self-checks of a session: one for each region, and which of them stand in a file.

They lie in the memory of the session alone. Nothing here writes to the server or into a link.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import streamlit as st
from pydantic import ValidationError

from layers.plain import plain
from layers.selfcheck.file import Rater, SelfCheck, merge, new_rater, to_toml

if TYPE_CHECKING:
    from layers.selfcheck.file import Merged
    from views.i18n import Words

__all__ = [
    "change_rater", "clear", "current", "file_name", "is_blank", "is_saved", "keep", "mark_saved",
    "of", "rater_names", "take", "today", "use",
]  # fmt: skip

_CHECKS, _SAVED, _RATER = "selfcheck.checks", "selfcheck.saved", "selfcheck.rater"


def today() -> dt.date:
    """Return the day of the machine that shows the page."""
    return dt.date.today()  # noqa: DTZ011 -- people rate by the calendar on their wall


def of(region: str) -> SelfCheck:
    """Return the self-check of a region; a new one has one person who has not answered yet."""
    checks = st.session_state.setdefault(_CHECKS, {})
    if region not in checks:
        checks[region] = SelfCheck(region=region, raters=(new_rater(today()),))
    found: SelfCheck = checks[region]
    return found


def keep(check: SelfCheck) -> None:
    """Put a self-check in the place of the one of its region."""
    st.session_state.setdefault(_CHECKS, {})[check.region] = check


def clear(region: str) -> None:
    """Forget all about a region; files stay."""
    for kept in (_CHECKS, _SAVED, _RATER):
        st.session_state.get(kept, {}).pop(region, None)


def current(region: str) -> Rater:
    """Return who is answering."""
    raters = of(region).raters
    if not raters:
        keep(of(region).model_copy(update={"raters": (new_rater(today()),)}))
        return current(region)
    chosen = st.session_state.setdefault(_RATER, {}).get(region)
    return next((one for one in raters if one.id == chosen), raters[0])


def use(region: str, rater: str) -> None:
    """Let another person answer."""
    st.session_state.setdefault(_RATER, {})[region] = rater


def change_rater(region: str, **update: Any) -> bool:
    """Change something about who is answering; False leaves all as it was: the file forbids it."""
    check, now = of(region), current(region)
    try:
        changed = Rater.model_validate(now.model_dump() | update)
    except ValidationError:
        return False
    raters = tuple(changed if one.id == now.id else one for one in check.raters)
    keep(check.model_copy(update={"raters": raters}))
    return True


def take(given: SelfCheck, *, replace: bool) -> Merged:
    """Bring a file together with what is there; it counts as saved if there was nothing before.

    Raises
    ------
    SelfCheckError
        If the two do not go together; all then stays as it was.
    """
    there = of(given.region)
    fresh = is_blank(there)
    before = SelfCheck(region=given.region) if fresh else there
    merged = merge(before, given, replace=replace)
    raters = _told_apart(merged.check.raters)
    keep(merged.check.model_copy(update={"raters": raters}))
    if fresh:
        mark_saved(given.region)
    return merged


def _told_apart(raters: tuple[Rater, ...]) -> tuple[Rater, ...]:
    """Give an id to those without one, and to those who share one, as on two dates."""
    known: dict[str, Rater] = {}
    for one in raters:
        key = one.id if one.id and one.id not in known else new_rater(one.date).id
        known[key] = one.model_copy(update={"id": key})
    return tuple(known.values())


def is_blank(check: SelfCheck) -> bool:
    """Whether nobody has entered anything."""
    return not check.place and check.chosen == type(check.chosen)() and not any(
        one.ratings or one.notes or one.name or one.role for one in check.raters
    )  # fmt: skip


def is_saved(region: str) -> bool:
    """Whether everything stands in the file last saved or opened."""
    check = of(region)
    saved = st.session_state.get(_SAVED, {}).get(region)
    return is_blank(check) or to_toml(check) == saved


def mark_saved(region: str) -> None:
    """Note that everything stands in a file now."""
    st.session_state.setdefault(_SAVED, {})[region] = to_toml(of(region))


def rater_names(check: SelfCheck, words: Words) -> list[str]:
    """Name all raters for people: by name and role, else by number; no two alike."""
    found: list[str] = []
    for number, one in enumerate(check.raters, start=1):
        said = ", ".join(plain(part) for part in (one.name, one.role) if part)
        name = said or words("selfcheck.rater_number", number=number)
        found.append(f"{name} ({number})" if name in found else name)
    return found


def file_name(check: SelfCheck, suffix: str) -> str:
    """Name of a file to save."""
    return f"selbstcheck_{check.region}_{(check.date or today()).isoformat()}{suffix}"
