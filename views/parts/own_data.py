"""Data of one's own on the data page: give a file, see what was understood, describe, add, remove.

What was given lies in the session alone. A file that cannot be used is answered by one sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from layers.errors import PotenzialatlasError
from layers.extend import OWN_LAYER, OwnData
from layers.own_table import LARGEST, read_table
from layers.plain import plain
from layers.selfcheck import as_layer
from views import history, store, studies
from views.file_input import bytes_input
from views.parts import own_column, own_raster
from views.parts.own_column import Given, Values
from views.state import fitting

if TYPE_CHECKING:
    import pandas as pd

    from layers import Dataset
    from layers.catalogue import Direction
    from layers.selfcheck import SelfCheck
    from views.file_input import GivenBytes
    from views.i18n import Words
    from views.state import PageState

__all__ = ["fault", "keep_self_checks", "section", "self_checks", "take_up"]

_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".tif", ".tiff")
_RASTERS = (".tif", ".tiff")
#: Indicators that a session can add.
_MOST = 20
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d)")
#: Self-checks that are part of the score, by region.
_CHECKS = "own.self_checks"
_GIVEN, _ADDED, _REFUSED, _DONE = "own.given", "own.added", "own.refused", "own.done"
_DIRECTIONS: dict[Direction, str] = {
    "+": "direction_up", "-": "direction_down", "0": "direction_none"
}  # fmt: skip


@dataclass(frozen=True)
class _Added:
    """An indicator of this session: what was said about it, and its values."""

    told: OwnData
    values: pd.Series
    flags: pd.Series | None = None


def section(dataset: Dataset, words: Words) -> None:
    """Draw the whole section, folded away until somebody uses it."""
    session = st.session_state
    given: Given | None = session.get(_GIVEN)
    added: list[_Added] = session.get(_ADDED, [])
    active = bool(given or added or session.get(_REFUSED) or session.get(_DONE))
    with st.expander(words("own_data.heading"), expanded=active, icon=":material/upload_file:"):
        st.markdown(words("own_data.lead"))
        st.caption(words("own_data.privacy"))
        _told(words)
        _present(added, dataset, words)
        bytes_input(
            words("own_data.file"), key="own.file", words=words, suffixes=_SUFFIXES,
            kinds=words("own_data.kinds"), largest=LARGEST, on_file=lambda one: _take(one, words),
        )  # fmt: skip
        if given is not None:
            _given(given, words)


def _told(words: Words) -> None:
    """Say once what became of the last press or file."""
    session = st.session_state
    if refused := session.pop(_REFUSED, ""):
        st.warning(refused)
    if done := session.pop(_DONE, ""):
        st.success(done)
        if "pages" in session:
            st.page_link(session["pages"]["map"], label=words("own_data.to_map"))


def _take(given: GivenBytes, words: Words) -> None:
    """Read a file that was just given, before the page is drawn anew."""
    session = st.session_state
    name = plain(given.name)
    number = session.get("own.count", 0) + 1
    session["own.count"] = number
    try:
        table = None
        if not given.name.lower().endswith(_RASTERS):
            table = read_table(given.content, name, store.official().regions)
        session[_GIVEN] = Given(number, name, given.content, table)
    except PotenzialatlasError as error:
        session.pop(_GIVEN, None)
        refused = words("own_data.refused", name=name)
        session[_REFUSED] = f"{refused} {fault(error, words)}"


def fault(error: PotenzialatlasError, words: Words) -> str:
    """Say in the reader's language what is wrong; a fault without words of ours as it stands."""
    code = f"own_fault.{error.code}"
    return words(code) if code in words.texts else plain(str(error), 400)


# What is there already.


def _present(added: list[_Added], dataset: Dataset, words: Words) -> None:
    if not added:
        return
    st.markdown(f"**{words('own_data.present')}**")
    for place, one in enumerate(added):
        layer = dataset.catalogue.layer_by_id.get(one.told.layer)
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.markdown(words(
            "own_data.entry", name=plain(one.told.name), year=one.told.year,
            unit=plain(one.told.unit) or words("own_data.no_unit"),
            layer=words.of(layer.name) if layer else one.told.layer,
            count=int(one.values.notna().sum()),
        ))  # fmt: skip
        right.button(
            words("own_data.remove"), key=f"own.remove.{place}", width="stretch",
            help=words("own_data.remove_help", name=plain(one.told.name)),
            on_click=_remove, args=(place, words),
        )  # fmt: skip


def _remove(place: int, words: Words) -> None:
    added: list[_Added] = list(st.session_state.get(_ADDED, []))
    if place < len(added):
        gone = added.pop(place)
        _work_with(added)
        st.session_state[_DONE] = words("own_data.removed", name=plain(gone.told.name))


def _work_with(added: list[_Added]) -> None:
    """Let the session's dataset be the official one and what was added, and nothing else.

    Raises
    ------
    PotenzialatlasError
        If something cannot be added; all then stays as it was.
    """
    extended = store.official()
    for one in added:
        extended = one.told.add_to(extended, one.values, one.flags)
    if checks := self_checks():
        extended = as_layer.add_to(extended, checks.values())
    store.set_own(extended if added or checks else None)
    st.session_state[_ADDED] = added
    _follow(store.dataset())


def self_checks() -> dict[str, SelfCheck]:
    """Return the self-checks that are part of the session's score, by region."""
    return dict(st.session_state.get(_CHECKS, {}))


def keep_self_checks(checks: dict[str, SelfCheck]) -> None:
    """Let these self-checks be part of the session's score, and no others.

    Raises
    ------
    PotenzialatlasError
        If one cannot be added; all then stays as it was.
    """
    before = self_checks()
    st.session_state[_CHECKS] = checks
    try:
        _work_with(st.session_state.get(_ADDED, []))
    except PotenzialatlasError:
        st.session_state[_CHECKS] = before
        raise


def take_up() -> bool:
    """Go on to the version of the server with what was added; False if that does not fit it."""
    store.take_up()
    try:
        _work_with(st.session_state.get(_ADDED, []))
    except PotenzialatlasError:
        st.session_state.pop(_CHECKS, None)
        _work_with([])
        return False
    return True


def _follow(dataset: Dataset) -> None:
    """Carry on with the weights as they are; what is gone cannot be shown any more."""
    history.forget()
    studies.forget()
    last: PageState | None = st.session_state.get("last")
    if last is None:
        return
    recipe = fitting(last.recipe, dataset)
    recipe = recipe.model_copy(update={"dataset": dataset.reference})
    st.session_state["last"] = last.with_recipe(recipe).shown(dataset)
    st.session_state["base"] = recipe


# The file at hand.


def _given(given: Given, words: Words) -> None:
    st.markdown(f"**{words('own_data.preview', file=given.name)}**")
    try:
        found = _raster(given, words) if given.table is None else own_column.read(given, words)
    except PotenzialatlasError as error:
        st.warning(fault(error, words))
        found = None
    one = None if found is None else _describe(found, given, words)
    with st.container(horizontal=True):
        if one is not None:
            st.button(
                words("own_data.add"), key=f"own.add.{given.number}", type="primary",
                disabled=bool(_lacking(one.told, words)), on_click=_add, args=(one, words),
            )  # fmt: skip
        st.button(words("own_data.discard"), key=f"own.discard.{given.number}", on_click=_discard)


def _discard() -> None:
    st.session_state.pop(_GIVEN, None)


def _raster(given: Given, words: Words) -> Values | None:
    reading = own_raster.choose(given.content, given.number, words)
    if reading is None:
        return None
    by_region = reading.table.set_index("region")
    regions = len(store.official().regions)
    said = words("own_data.covered", found=len(by_region), regions=regions)
    if reading.partial:
        said += " " + words("own_data.partial", count=len(reading.partial))
    st.markdown(said)
    title = own_raster.title(words)
    return Values(by_region["value"], title, reading.unit, by_region["flag"])


# Description.


def _describe(found: Values, given: Given, words: Words) -> _Added:
    """Ask what the values are."""
    st.markdown(f"**{words('own_data.describe')}**")
    number = f"{given.number}.{found.title}"
    layers = {OWN_LAYER: words("own_data.new_layer")} | {
        one.id: words.of(one.name) for one in store.official().catalogue.layers
    }
    left, right = st.columns(2)
    name = left.text_input(
        words("own_data.name"), plain(found.title), max_chars=80, key=f"own.name.{number}"
    )
    layer = right.selectbox(
        words("own_data.layer"), list(layers), key=f"own.layer.{number}",
        format_func=layers.__getitem__,
    )  # fmt: skip
    unit = left.text_input(
        words("own_data.unit"), found.unit, max_chars=40, key=f"own.unit.{number}",
        placeholder=words("own_data.unit_hint"),
    )  # fmt: skip
    year = right.number_input(
        words("own_data.year"), 1900, 2100, _year_of(found, given), step=1,
        format="%d", key=f"own.year.{number}",
    )  # fmt: skip
    direction = left.radio(
        words("own_data.direction"), _DIRECTIONS, index=None, key=f"own.direction.{number}",
        format_func=lambda one: words(f"own_data.{_DIRECTIONS[one]}"),
    )  # fmt: skip
    source = right.text_input(
        words("own_data.source"), max_chars=200, key=f"own.source.{number}",
        placeholder=words("own_data.source_hint"),
    )  # fmt: skip
    contested = right.checkbox(words("own_data.contested"), key=f"own.contested.{number}")
    # A direction and a year that nobody has said yet are none; see `_lacking`.
    chosen: Any = direction or ""
    told = OwnData(
        name, layer, unit, chosen, int(year or 0), source, given.name, found.title, contested
    )
    if found.numbers.notna().sum() < len(store.official().regions):
        least = store.default_recipe().aggregate.min_coverage
        st.caption(words("own_data.gaps", share=words.percent(least)))
    if lacking := _lacking(told, words):
        st.caption(" ".join(lacking))
    return _Added(told, found.numbers, found.flags)


def _lacking(told: OwnData, words: Words) -> list[str]:
    """Ask for what nobody but the person can say, and has not said yet."""
    asked = {"name": plain(told.name), "year": told.year, "direction": told.direction}
    needed = [words(f"own_need.{key}") for key, given in asked.items() if not given]
    lacking = [words("own_data.need", what="; ".join(needed))] if needed else []
    if len(st.session_state.get(_ADDED, [])) >= _MOST:
        lacking.append(words("own_data.largest", count=_MOST))
    return lacking


def _year_of(found: Values, given: Given) -> int | None:
    """Return the year in the title of the column, else in the file's name."""
    # Numbers in the title of a raster are limits and classes.
    return _year_in("" if given.table is None else found.title, given.name)


def _year_in(*texts: str) -> int | None:
    """Return the last year that stands in the first text that holds one."""
    found = (_YEAR.findall(text) for text in texts)
    return next((int(years[-1]) for years in found if years), None)


def _add(one: _Added, words: Words) -> None:
    session = st.session_state
    try:
        _work_with([*session.get(_ADDED, []), one])
    except PotenzialatlasError as error:
        session[_REFUSED] = fault(error, words)
        return
    session.pop(_GIVEN, None)
    session[_DONE] = words("own_data.added", name=plain(one.told.name))
