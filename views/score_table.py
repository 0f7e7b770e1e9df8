"""The table beside the map as a component: it follows a moving weight just as the map does.

A table of its own, because Streamlit's is drawn on a canvas and waits for the server: this one is a
plain HTML table that anybody can read, and its rows change their places while the hand moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from layers.table import ranking_table
from views.figures import decimals_for
from views.live import weights
from views.map_component import component
from views.selfcheck.marks import marked_names

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from layers import Bands, Scores
    from views.figures import Figure
    from views.i18n import Words
    from views.state import PageState

__all__ = ["describe", "score_table"]

_mount = component("potenzialatlas_table", "table.js")


def score_table(
    state: PageState,
    shown: Figure,
    scores: Scores,
    bands: Bands,
    words: Words,
    *,
    on_select: Callable[[str | None], None],
) -> None:
    """Show the regions that the filter keeps, one row each.

    The page owns the selection, as with `views.map_component.choropleth`.
    """
    key = "rows"

    def tell() -> None:
        on_select(st.session_state[key].get("selected"))

    data = describe(state, shown, scores, bands, words)
    _mount(key=key, data=data, on_selected_change=tell)


def describe(
    state: PageState, shown: Figure, scores: Scores, bands: Bands, words: Words
) -> dict[str, Any]:
    """Return what ``component/table.js`` takes; all lists follow `ids`, gaps are None.

    `places` are the rows of the regions in the tables of `views.live`; `weights` are those that
    the numbers rest on, None where the browser cannot work them out itself.
    """
    table = ranking_table(scores, bands).set_index("region")
    return {
        "ids": table.index.tolist(),
        "places": scores.index.index.get_indexer(table.index).tolist(),
        "weights": weights(state, scores),
        "columns": _columns(state, table, shown, scores, words),
        "selected": state.selected or None,
        "locale": words.locale,
        "percent": words.percent(0),
        "band": words.raw("panel.band_range"),
        "none": words.number(None),
        "texts": {"alt": words("table.alt"), "error": words("map.error")},
    }


def _columns(
    state: PageState, table: pd.DataFrame, shown: Figure, scores: Scores, words: Words
) -> list[dict[str, Any]]:
    def column(kind: str, values: pd.Series, **more: Any) -> dict[str, Any]:
        title = {"title": words(f"table.{kind}")} if "title" not in more else {}
        return {"kind": kind, "values": _plain(values), **title, **more}

    columns = [
        column("rank", table["rank"], decimals=0),
        column(
            "band", table["rank_p05"], high=_plain(table["rank_p95"]),
            help=words("table.band_help"),
        ),
        column("name", marked_names(scores)[table.index]),
        column("score", table["score"], decimals=shown.decimals),
        column("top_quarter", table["top_quarter"], help=words("table.top_quarter_help")),
    ]  # fmt: skip
    if state.show not in {"score", "top_quarter"}:
        values = shown.values.loc[table.index]
        columns.append(column("shown", values, title=shown.legend, decimals=shown.decimals))
    for layer in scores.dataset.catalogue.sublayers():
        values = table[f"layer_{layer.id}"]
        decimals = decimals_for(scores.layers[layer.id])
        rounded = values.round(decimals)
        columns.append(column("layer", rounded, title=words.of(layer.name), decimals=decimals))
    return columns


def _plain(values: pd.Series) -> list[Any]:
    """Values for JSON, with None for a gap."""
    return [None if missing else value for value, missing in zip(
        values.tolist(), values.isna().tolist(), strict=True)]  # fmt: skip
