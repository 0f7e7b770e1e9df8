"""The table beside the map as a component: it follows a moving weight just as the map does.

A table of its own, because Streamlit's is drawn on a canvas and waits for the server: this one is a
plain HTML table that anybody can read, and its rows change their places while the hand moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from layers.table import ranking
from views.figures import decimals_for
from views.live import weights
from views.map_component import component
from views.selfcheck.marks import marked_names

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

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
    rows = ranking(scores)
    return {
        "ids": scores.index.index[rows].tolist(),
        "places": rows.tolist(),
        "weights": weights(state, scores),
        "columns": _columns(state, shown, scores, bands, rows=rows, words=words),
        "selected": state.selected or None,
        "locale": words.locale,
        "percent": words.percent(0),
        "band": words.raw("panel.band_range"),
        "none": words.number(None),
        "texts": {"alt": words("table.alt"), "error": words("map.error")},
    }


def _columns(
    state: PageState, shown: Figure, scores: Scores, bands: Bands, *,
    rows: NDArray[np.int64], words: Words,
) -> list[dict[str, Any]]:  # fmt: skip
    def numbers(values: pd.Series, decimals: int | None = None) -> list[float | None]:
        """Values of the rows for JSON, rounded where it is said; None for a gap."""
        found = values.to_numpy(dtype=np.float64, na_value=np.nan)[rows]
        found = found if decimals is None else found.round(decimals)
        # Only NaN differs from itself.
        return [None if one != one else one for one in found.tolist()]  # noqa: PLR0124

    def column(kind: str, values: list[Any], **more: Any) -> dict[str, Any]:
        title = {"title": words(f"table.{kind}")} if "title" not in more else {}
        return {"kind": kind, "values": values, **title, **more}

    band = bands.bands
    columns = [
        column("rank", numbers(scores.ranks), decimals=0),
        column(
            "band", numbers(band["rank_p05"]), high=numbers(band["rank_p95"]),
            help=words("table.band_help"),
        ),
        column("name", marked_names(scores).to_numpy()[rows].tolist()),
        column("score", numbers(scores.index), decimals=shown.decimals),
        column("top_quarter", numbers(band["top_quarter"]), help=words("table.top_quarter_help")),
    ]  # fmt: skip
    if state.show not in {"score", "top_quarter"}:
        columns.append(
            column("shown", numbers(shown.values), title=shown.legend, decimals=shown.decimals)
        )
    for layer in scores.dataset.catalogue.sublayers():
        decimals = decimals_for(scores.layers[layer.id])
        values = numbers(scores.layers[layer.id], decimals)
        columns.append(column("layer", values, title=words.of(layer.name), decimals=decimals))
    return columns
