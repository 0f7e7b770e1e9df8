"""The page "Close up": where in a Kreis or Land people live, and how far they have to go."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.formats import sheets
from geo.rasters import picture
from geo.rasters.closeup import BOTH, LIMITS, measures
from views.frame import close_page, link_to, open_page
from views.parts import grid as grid_parts
from views.parts import grid_words as told
from views.parts.grid_words import Asked

if TYPE_CHECKING:
    from geo.rasters.closeup import Closeup
    from layers.dataset import Dataset
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["page", "table_file"]

_OWN = ("area", "cell", "far", "names", "stops")
#: Kreis that a first visit sees if none is selected: the largest.
_EXAMPLE = "13071"
_USUAL_LIMIT = 10
_OFF = "off"
_AREA, _MEASURE, _LIMIT = "grid.area", "grid.measure", "grid.limit"
_SWITCHES = {"names": "with_names", "stops": "with_stops"}


def page() -> None:
    """Draw the page."""
    scene = open_page("grid", _head, own=_OWN)
    if scene is None:
        return
    called = told.area_names(scene.dataset, scene.words)
    found = told.surface()
    if found is None or not called:
        st.info(scene.words("grid.none"))
        close_page(scene, scene.own)
        return
    asked = _controls(called, scene)
    closeup = found.closeup(asked.area)
    st.markdown(told.answer(asked, closeup, scene))
    left, right = st.columns([1.75, 1], gap="large")
    with left:
        grid_parts.picture_of(asked, closeup, scene)
    with right:
        _beside(asked, closeup, scene)
    grid_parts.kreis_table(asked, closeup, called, scene.words)
    _downloads(asked, closeup, called, scene)
    close_page(scene, _link(asked, called, scene))


def _head(_: Dataset, words: Words) -> None:
    st.title(words("grid.title"), anchor=False)
    st.markdown(words("grid.lead"))


def _controls(called: dict[str, str], scene: Scene) -> Asked:
    words = scene.words
    _restore(called, scene)
    area, measure, limit = st.columns([2, 2, 1.2], vertical_alignment="bottom")
    where = area.selectbox(
        words("grid.area"), list(called), key=_AREA, format_func=lambda one: called[one]
    )
    what = measure.selectbox(
        words("grid.measure"), list(measures()), key=_MEASURE,
        format_func=lambda one: words(f"cells.{one}"),
    )  # fmt: skip
    far = limit.segmented_control(
        words("grid.limit"), LIMITS, key=_LIMIT, required=True,
        format_func=lambda one: words("grid.km", value=one),
    )  # fmt: skip
    with st.container(horizontal=True):
        switched = {
            name: st.checkbox(
                words(f"grid.{key}"),
                key=f"grid.{key}",
                disabled=name == "stops" and not told.DOTS[what],
            )
            for name, key in _SWITCHES.items()
        }
    return Asked(
        where, called[where], what, far or _USUAL_LIMIT, switched["names"], switched["stops"]
    )


def _restore(called: dict[str, str], scene: Scene) -> None:
    """Take what the link says where it makes sense, else what is usual."""
    session, own = st.session_state, scene.own
    asked = {
        _AREA: own["area"] if own.get("area") in called else _usual_area(called, scene),
        _MEASURE: own["cell"] if own.get("cell") in measures() else BOTH,
        _LIMIT: next((one for one in LIMITS if own.get("far") == str(one)), _USUAL_LIMIT),
        **{f"grid.{key}": own.get(name) != _OFF for name, key in _SWITCHES.items()},
    }
    for key, value in asked.items():
        if scene.arrived or key not in session:
            session[key] = value
    if session[_AREA] not in called:
        session[_AREA] = asked[_AREA]


def _usual_area(called: dict[str, str], scene: Scene) -> str:
    wanted = (scene.state.selected, _EXAMPLE)
    return next((one for one in wanted if one in called), next(iter(called)))


def _link(asked: Asked, called: dict[str, str], scene: Scene) -> dict[str, str]:
    usual = _usual_area(called, scene)
    return {
        "area": "" if asked.area == usual else asked.area,
        "cell": "" if asked.measure == BOTH else asked.measure,
        "far": "" if asked.limit == _USUAL_LIMIT else str(asked.limit),
        "names": "" if asked.with_names else _OFF,
        "stops": "" if asked.with_stops else _OFF,
    }


def _beside(asked: Asked, closeup: Closeup, scene: Scene) -> None:
    words = scene.words
    st.header(words(f"cells.{asked.measure}"), anchor=False)
    grid_parts.legend(asked, closeup, words)
    st.caption(told.caption(asked, closeup, words))
    st.caption(words("grid.source", attribution=closeup.surface.attribution))
    if closeup.is_kreis:
        with st.container(key="links_grid"):
            state = replace(scene.state, own={}, selected=asked.area)
            link_to("profile", words("profile.open"), state)


def _downloads(asked: Asked, closeup: Closeup, called: dict[str, str], scene: Scene) -> None:
    words, stem = scene.words, f"potenzialatlas_{asked.area}_{asked.measure}"
    st.header(words("downloads.heading"), anchor=False)
    csv = partial(table_file, asked, closeup, called, words)
    files = {
        "png": (partial(grid_parts.sheet, asked, closeup, words), ".png", "image/png"),
        "geotiff": (
            partial(picture.clip, closeup, asked.measure, asked.limit), ".tif", "image/tiff",
        ),
        "csv_de": (partial(csv, german=True), ".csv", "text/csv"),
        "csv": (partial(csv, german=False), ".csv", "text/csv"),
    }  # fmt: skip
    with st.container(horizontal=True):
        for key, (make, suffix, mime) in files.items():
            st.download_button(
                words(f"grid.{key}"), make, f"{stem}{suffix}", mime, key=f"get.grid.{key}",
                on_click="ignore",
            )  # fmt: skip


def table_file(
    asked: Asked, closeup: Closeup, called: dict[str, str], words: Words, *, german: bool
) -> bytes:  # fmt: skip
    """Classes of the picture and figures by Kreis in one table."""
    about = [
        f"{asked.name}: {words(f'cells.{asked.measure}')}", words("grid.csv_columns"),
        told.caption(asked, closeup, words),
        words("grid.source", attribution=closeup.surface.attribution),
    ]  # fmt: skip
    rows = told.table_data(asked, closeup).rename_axis("area").reset_index()
    rows.insert(1, "name", [told.area_name(key, called, words) for key in rows["area"]])
    classes = told.class_table(asked, closeup, words)
    classes = classes.assign(area=asked.area, name=asked.name)
    return sheets.csv_file(pd.concat([rows, classes]), about, excel_de=german)
