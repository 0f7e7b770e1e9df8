"""Long analyses on a page: started by a button, with progress, and stopped at any time.

What a run found stays in the session until the recipe behind it changes; then the button is back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo import publish_study
from layers.errors import PotenzialatlasError

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.study.reports import Report
    from views.i18n import Words

    Work = Callable[[Callable[[int, int], None]], Report]

__all__ = ["offer_files", "report_of", "start", "started"]

_FOUND, _RUNNING = "studies.found", "studies.running"


def start(name: str) -> None:
    """Let an analysis run when its place on the page is reached."""
    _running().add(name)


def started(name: str, key: str) -> bool:
    """Whether the analysis has an answer for `key`."""
    return name in _found() and _found()[name][0] == key


def report_of(name: str, key: str, label: str, work: Work, words: Words) -> Report | None:
    """Return what an analysis found; draw the button that starts it, or run it.

    Parameters
    ----------
    name : str
        Of the analysis.
    key : str
        Says of what: an answer under another key is out of date.
    label : str
        Of the button.
    work : callable
        Runs the analysis, given whom to tell how much of how much is done.
    """
    if started(name, key):
        report: Report = _found()[name][1]
        return report
    if name not in _running():
        st.button(label, key=f"studies.start.{name}", on_click=start, args=(name,))
        return None
    room = st.empty()
    with room.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, words("studies.running"))
        # A press ends this run of the page, and with it the work, at its next sign of progress.
        st.button(
            words("studies.stop"), key=f"studies.stop.{name}", on_click=_running().discard,
            args=(name,),
        )  # fmt: skip

    def tell(done: int, whole: int) -> None:
        bar.progress(done / whole, words("studies.running"))

    try:
        report = work(tell)
    except PotenzialatlasError as error:
        room.warning(words("studies.impossible", message=error))
        _running().discard(name)
        return None
    _running().discard(name)
    _found()[name] = (key, report)
    room.empty()
    return report


def offer_files(report: Report, words: Words) -> None:
    """Offer a report as Excel and as CSV of its first table."""
    with st.container(horizontal=True):
        for kind, suffix, german in (("xlsx", ".xlsx", False), ("csv_de", ".csv", True)):
            make = partial(
                publish_study.to_bytes, report, suffix, language=words.language, excel_de=german
            )
            st.download_button(
                words(f"downloads.{kind}"), make, f"potenzialatlas_{report.name}{suffix}",
                key=f"get.{report.name}.{kind}", on_click="ignore",
            )  # fmt: skip


def forget() -> None:
    """Give up all answers: what they were asked of is no more."""
    st.session_state.pop(_FOUND, None)


def _found() -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = st.session_state.setdefault(_FOUND, {})
    return found


def _running() -> set[str]:
    running: set[str] = st.session_state.setdefault(_RUNNING, set())
    return running
