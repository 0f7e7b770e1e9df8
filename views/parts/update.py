"""The update on the data page: what can be fetched, how far it is, what it changes, the switch.

Nothing asks the net before somebody presses the button, and the button is there only where the
operator allows it (`views.update_job`).
"""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from layers.errors import PotenzialatlasError
from layers.home import EMBEDDED, Home, follows_updates
from layers.paths import data_folder
from layers.plain import plain
from views import store, update_job
from views.charts.tables import html_table
from views.parts import own_data
from views.quality_words import told
from views.server import log, signin

if TYPE_CHECKING:
    from layers.changes import Changes
    from layers.dataset import Dataset
    from layers.sources.fetch.supply import Supply
    from layers.update import Outcome
    from views.i18n import Words
    from views.update_job import Job

__all__ = ["notice", "section"]

_SAID, _FAULT, _LOST = "update.said", "update.fault", "update.lost"
#: Seconds between two looks at a running update.
_EVERY = 1.0
_MEGA = 1_000_000
_LONGEST = 600


def notice(words: Words) -> None:
    """Say that the server has gone on to another version, and offer it; on any page."""
    if lost := st.session_state.pop(_LOST, ""):
        st.warning(lost)
    if not store.newer():
        return
    with st.container(key="update-notice"):
        st.info(words("update.newer"), icon=":material/update:")
        st.button(words("update.take_up"), key="update.take_up", on_click=_take_up, args=(words,))


def _take_up(words: Words) -> None:
    """Go on to the version of the server, with the data of one's own if they fit it."""
    if not own_data.take_up():
        st.session_state[_LOST] = words("update.own_lost")
    # Whatever page this is, it has to fill its widgets anew.
    st.session_state["page"] = "-"


def section(dataset: Dataset, words: Words) -> None:
    """Draw the section."""
    st.header(words("update.heading"), anchor=False)
    _say()
    if not update_job.is_allowed():
        st.markdown(words("update.off"))
        return
    if os.environ.get(store.VARIABLE) or not follows_updates():
        st.markdown(words("update.fixed"))
        return
    st.markdown(words("update.lead"))
    if signin.stop_unless_allowed(words, key="update"):
        return
    job = update_job.present()
    if job is None:
        try:
            _choose(dataset, words)
        except PotenzialatlasError as fault:
            st.error(plain(str(fault), _LONGEST))
    elif job.is_running:
        st.fragment(_progress, run_every=_EVERY)(dataset, words)
    elif job.outcome is not None:
        _judge(job, job.outcome, dataset, words)
    else:
        _failed(job, words)
    _versions(words)


def _say() -> None:
    """Say once what became of the last press."""
    if fault := st.session_state.pop(_FAULT, ""):
        st.error(fault)
    if said := st.session_state.pop(_SAID, ""):
        st.success(said)


# Before: what can be fetched.


def _choose(dataset: Dataset, words: Words) -> None:
    offered = {one.key: one for one in _offered(dataset.reference)}
    head = [words(f"update.{key}") for key in ("source", "publisher", "held", "feeds")]
    rows = [_row(one, dataset, words) for one in offered.values()]
    st.html(html_table(head, rows, label=words("update.alt"), texts=len(head) - 1))
    st.caption(words("update.others"))
    newer = [key for key, one in offered.items() if one.newer and not one.held]
    chosen = st.multiselect(
        words("update.choice"), list(offered), newer, key="update.chosen",
        format_func=lambda key: words.of(offered[key].title), placeholder=words("update.none"),
    )  # fmt: skip
    for key in chosen:
        names = "; ".join(_fed(offered[key], dataset, words))
        st.caption(words("update.fed", name=words.of(offered[key].title), names=names))
    st.button(
        words("update.start"), key="update.start", type="primary", disabled=not chosen,
        on_click=_start, args=(tuple(chosen),),
    )  # fmt: skip


def _start(names: tuple[str, ...]) -> None:
    if update_job.is_allowed() and signin.is_allowed():
        log.event("update", step="start", sources=len(names))
        update_job.start(names)


@store.kept(most=2)
def _offered(reference: str) -> tuple[Supply, ...]:  # noqa: ARG001 -- the key of the cache
    """Pick the sources that a program can fetch and that feed something."""
    # Loads the readers of all publishers, which nothing else of the app needs.
    from layers.sources.fetch.supply import supplies

    found = supplies(data_folder() / "definitions" / "kreise", store.dataset())
    return tuple(one for one in found if one.way != "by_hand" and (one.feeds or one.frame))


def _row(one: Supply, dataset: Dataset, words: Words) -> list[str]:
    held = one.held or words("update.not_held")
    count = len(_fed(one, dataset, words))
    return [words.of(one.title), one.publisher, held, words.number(count)]


def _fed(one: Supply, dataset: Dataset, words: Words) -> list[str]:
    known = dataset.catalogue.indicator_by_id
    return [words.of(known[key].name) for key in one.feeds if key in known]


# Meanwhile: how far it is.


def _progress(dataset: Dataset, words: Words) -> None:
    job = update_job.present()
    if job is None or not job.is_running:
        st.rerun()
    share = min(job.done / job.whole, 1.0) if job.whole else 0.0
    # As a context it would be ticked off at its end.
    box = st.status(words("update.running"), expanded=True)
    box.progress(share, text=_step(job, dataset, words))
    box.caption(words("update.leave"))
    box.button(words("update.stop"), key="update.stop", disabled=job.is_stopping, on_click=job.stop)


def _step(job: Job, dataset: Dataset, words: Words) -> str:
    if job.is_stopping:
        return words("update.stopping")
    called = {
        place: words.of(one.title) for one in _offered(dataset.reference) for place in one.places
    }
    said = words(f"update_step.{job.step}", what=called.get(job.what, plain(job.what)))
    if not job.done:
        return said
    done = words.number(job.done / _MEGA, 1)
    if not job.whole:
        return f"{said} {words('update.size', done=done)}"
    return f"{said} {words('update.size_of', done=done, whole=words.number(job.whole / _MEGA, 1))}"


# After: what it changes.


def _failed(job: Job, words: Words) -> None:
    fault = job.fault
    if fault is None:
        return
    if fault.code == "stopped":
        st.info(words("update_fault.stopped"))
    else:
        st.error(f"{_in_words(fault, words)} {words('update.unchanged_data')}")
        st.caption(words("update.message", message=plain(str(fault), _LONGEST)))
    st.button(words("update.again"), key="update.again", on_click=update_job.clear)


def _in_words(fault: PotenzialatlasError, words: Words) -> str:
    """Say in the reader's language what is wrong."""
    key = f"update_fault.{fault.code}"
    if key in words.texts:
        return words(key)
    group = "refused" if fault.code.startswith("status_") else "other"
    return words(f"update_fault.{group}")


def _judge(job: Job, outcome: Outcome, dataset: Dataset, words: Words) -> None:
    for one in outcome.fetched:
        if one.skipped:
            years = ", ".join(map(str, one.skipped))
            st.caption(words("update.skipped", place=plain(one.place), years=years))
    if outcome.unchanged:
        st.info(words("update.nothing_new", version=plain(outcome.version)))
        st.button(words("update.done"), key="update.done", on_click=update_job.clear)
        return
    st.subheader(words("update.changes", version=plain(outcome.version)), anchor=False)
    _changes(outcome.changes, dataset, outcome.dataset, words)
    _findings(outcome, words)
    left = [*outcome.report.dropped, *outcome.report.gaps]
    if left:
        with st.expander(words("update.left_out", count=len(left))):
            st.text("\n".join(left))
    with st.container(horizontal=True):
        if outcome.ready:
            st.button(
                words("update.switch", version=plain(outcome.version)), key="update.switch",
                type="primary", on_click=_switch, args=(job, words),
            )  # fmt: skip
        st.button(words("update.discard"), key="update.discard", on_click=update_job.clear)


def _changes(changes: Changes, before: Dataset, after: Dataset, words: Words) -> None:
    for kind, dataset in (("new", after), ("gone", before)):
        if keys := getattr(changes, kind):
            known = dataset.catalogue.indicator_by_id
            names = "; ".join(words.of(known[key].name) for key in keys)
            st.markdown(words(f"update.{kind}", names=names))
    if changes.regions:
        st.markdown(words("update.regions", names=", ".join(map(plain, changes.regions))))
    if len(changes.indicators):
        st.dataframe(
            _indicators(changes, before, after, words), hide_index=True,
            alt=words("update.changes_alt"),
        )  # fmt: skip
    if len(changes.largest):
        st.markdown(f"**{words('update.largest')}**")
        st.caption(words("update.largest_note"))
        st.dataframe(
            _largest(changes, after, words), hide_index=True, alt=words("update.largest_alt")
        )


def _name(key: object, datasets: tuple[Dataset, ...], words: Words) -> str:
    found = (one.catalogue.indicator_by_id.get(str(key)) for one in datasets)
    return next((words.of(one.name) for one in found if one), str(key))


def _indicators(changes: Changes, before: Dataset, after: Dataset, words: Words) -> pd.DataFrame:
    """Rows in the order of the catalogue; what is gone comes last."""
    order = [*after.catalogue.indicator_by_id, *before.catalogue.indicator_by_id]
    rows = changes.indicators
    rows = rows.loc[sorted(rows.index, key=order.index)]
    return pd.DataFrame([
        {
            words("panel.indicator"): _name(key, (after, before), words),
            words("update.newest_before"): _year(row["newest_before"]),
            words("update.newest_after"): _year(row["newest_after"]),
            words("update.added"): int(row["added"]),
            words("update.changed"): int(row["changed"]),
            words("update.removed"): int(row["removed"]),
        }
        for key, row in rows.iterrows()
    ])  # fmt: skip


def _largest(changes: Changes, after: Dataset, words: Words) -> pd.DataFrame:
    known, names = after.catalogue.indicator_by_id, after.regions["name"]
    rows = []
    for one in changes.largest.to_dict("records"):
        indicator = known.get(str(one["indicator"]))
        decimals = indicator.decimals if indicator else 2
        rows.append({
            words("panel.indicator"): _name(one["indicator"], (after,), words),
            words("update.region"): str(names.get(one["region"], one["region"])),
            words("update.year"): str(one["year"]),
            words("update.before"): words.number(one["before"], decimals),
            words("update.after"): words.number(one["after"], decimals),
            words("update.ratio"): words.number(one["size"], 1) if math.isfinite(one["size"])
            else "–",
        })  # fmt: skip
    return pd.DataFrame(rows)


def _year(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.0f}"


def _findings(outcome: Outcome, words: Words) -> None:
    errors = outcome.quality.errors
    if errors:
        st.error(words("update.refused", count=len(errors)))
        st.text("\n".join(told(one, outcome.dataset, words) for one in errors))
    others = [one for one in outcome.quality.findings if one not in errors]
    if others:
        with st.expander(words("update.findings", count=len(others))):
            st.text("\n".join(told(one, outcome.dataset, words) for one in others))


def _switch(job: Job, words: Words) -> None:
    session = st.session_state
    try:
        job.switch()
    except PotenzialatlasError as fault:
        session[_FAULT] = _in_words(fault, words)
        return
    log.event("update", step="switch")
    update_job.clear()
    _follow(words("update.switched"), words)


def _follow(said: str, words: Words) -> None:
    _take_up(words)
    st.session_state[_SAID] = said


# The way back.


def _versions(words: Words) -> None:
    try:
        steps = Home.find().pointer.version
    except PotenzialatlasError as fault:
        st.error(plain(str(fault), _LONGEST))
        return
    said = words("update.active", version=_called(steps[-1].name, words))
    if len(steps) == 1:
        st.caption(said)
        return
    before = _called(steps[-2].name, words)
    st.caption(f"{said} {words('update.before_that', version=before)}")
    st.button(words("update.rollback"), key="update.rollback", on_click=_roll_back, args=(words,))


def _called(version: str, words: Words) -> str:
    return words("update.embedded") if version == EMBEDDED else plain(version)


def _roll_back(words: Words) -> None:
    if not update_job.is_allowed():
        return
    try:
        version = Home.find().rollback()
    except PotenzialatlasError as fault:
        st.session_state[_FAULT] = _in_words(fault, words)
        return
    _follow(words("update.rolled_back", version=_called(version, words)), words)
