"""What both views of several weightings have: a map, the words below it, files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from geo import publish_study
from layers.table import names
from views import store
from views.map_component import TEXT_KEYS, MapPayload, choropleth, geometry_url

if TYPE_CHECKING:
    from layers import Scores
    from layers.study.reports import Report
    from views.figures import Figure
    from views.frame import Scene
    from views.i18n import Words
    from views.map_component import MapClass

__all__ = ["counted", "downloads", "map_of"]

_HEIGHT = 560
#: Download button -> suffix, media type, German Excel or not.
_FILES = {
    "csv_de": (".csv", "text/csv", True),
    "csv": (".csv", "text/csv", False),
    "xlsx": (
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        False,
    ),
}


def map_of(
    key: str, shown: Figure, scores: Scores, lines: list[list[str]], scene: Scene, *,
    legend: list[MapClass] | None = None, description: str = "",
) -> None:  # fmt: skip
    """Draw a map whose regions can be chosen.

    Parameters
    ----------
    lines : list of list of str
        What stands beside each region, its name first.
    legend : list of MapClass, optional
        Classes in words where they are not those of this map alone.
    description : str
        The map in words, where its highest and lowest values do not say it.
    """
    words = scene.words
    inside = scores.reason != "outside"
    named = shown.values.set_axis(names(scores)).dropna()
    extremes = {
        side: ", ".join(f"{name} ({shown.write(value, words)})" for name, value in found.items())
        for side, found in (("high", named.nlargest(3)), ("low", named.nsmallest(3)))
    }
    payload = MapPayload(
        geometry_url=geometry_url(store.drawing()), ids=list(scores.index.index),
        classes=legend or shown.legend_entries(words), cls=shown.codes(inside), doubt=None,
        dim=[not kept for kept in scores.selected], tips=lines,
        selected=scene.state.selected or None, title=shown.label,
        description=description or words(
            "weightings.description", what=f"{shown.label}, {shown.legend}", **extremes
        ),
        legend_title=shown.legend, missing_label=words("map.missing"),
        missing_count=int((shown.values.isna() & inside).sum()), doubt_label="",
        texts={one: words(f"map.{one}") for one in (*TEXT_KEYS, "outside", "hint")},
        height=_HEIGHT,
    )  # fmt: skip
    choropleth(payload, key=key, on_select=_select)


def counted(scores: Scores, words: Words) -> dict[str, object]:
    """Return the scope and the years that a caption says."""
    years = scores.years[scores.years > 0]
    scope = scores.recipe.reference.set
    return {
        "scope": words(f"map.caption_{scope}", of=int(scores.ranks.notna().sum())),
        "years": words("map.caption_years", first=int(years.min()), last=int(years.max())),
    }


def downloads(view: str, report: partial[Report], scene: Scene) -> None:
    """Offer an analysis as files; it is run when one is asked for."""
    words = scene.words
    with st.container(horizontal=True):
        for key, (suffix, mime, german) in _FILES.items():
            st.download_button(
                words(f"downloads.{key}"),
                partial(_file, report, suffix, language=scene.state.language, excel_de=german),
                f"potenzialatlas_{view}_{key}{suffix}", mime, key=f"get.{view}.{key}",
                on_click="ignore",
            )  # fmt: skip
    st.caption(words("weightings.get_note"))


def _select(region: str | None) -> None:
    st.session_state["selected"] = region


def _file(report: partial[Report], suffix: str, *, language: str, excel_de: bool) -> bytes:
    return publish_study.to_bytes(report(), suffix, language=language, excel_de=excel_de)
