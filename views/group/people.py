"""Who would change what: every person beside the others, and the group without each of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from layers.table import names
from views.charts.tables import html_table
from views.group import parts
from views.group.voices import MOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers import Scores
    from layers.study.persons import Persons
    from layers.study.reports import Report
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["show"]

_CHOSEN = "weightings.person"
#: Layers in a line; regions in a table of one side.
_LAYERS, _REGIONS = 3, 8
#: Height of the table of many people, which scrolls.
_HEIGHT = 460


def show(
    found: Persons, scores: Scores, report: Callable[[], Report], scene: Scene
) -> None:  # fmt: skip
    """Draw the table of all people, then one of them closer."""
    words = scene.words
    st.header(words("weightings.who"), anchor=False)
    st.markdown(_heaviest(found, words))
    _table(found, words)
    st.caption(words("weightings.who_note"))
    _one(found, scores, words)
    parts.downloads("people", partial(report), scene)


def _heaviest(found: Persons, words: Words) -> str:
    """Say who moves the group's ranks most, so that nobody does so unseen."""
    places = found.without["places"]
    person = str(places.idxmax())
    typical = float(places.median())
    return words(
        "weightings.heaviest", name=person, places=words.number(float(places.max()), 1),
        typical=words.number(typical, 1), people=len(places),
    )  # fmt: skip


def _table(found: Persons, words: Words) -> None:
    ordered = found.without.sort_values("places", ascending=False, kind="stable")
    rows = [
        [
            str(name), _layers(found.more(str(name), _LAYERS), found, words),
            _layers(found.less(str(name), _LAYERS), found, words),
            words.number(row["places"], 1), words.number(row["most"]),
            words.number(row["spearman"], 3),
        ]
        for name, row in ordered.astype("float64").iterrows()
    ]  # fmt: skip
    heads = ("weighting", "more", "less", "without_places", "without_most", "without_rho")
    table = html_table([words(f"weightings.{one}") for one in heads], rows,
                       label=words("weightings.who_alt"), texts=3)  # fmt: skip
    if len(rows) > MOST:
        with st.container(height=_HEIGHT):
            st.html(table)
    else:
        st.html(table)


def _layers(found: pd.Series, persons: Persons, words: Words) -> str:
    layers = persons.group.dataset.catalogue.layer_by_id
    return "; ".join(
        f"{words.of(layers[str(key)].name)} {words.signed(100 * float(value), 1)}"
        for key, value in found.items()
    ) or "–"  # fmt: skip


def _one(found: Persons, scores: Scores, words: Words) -> None:
    """Which regions one person would move."""
    people = list(found.without.index)
    session = st.session_state
    session[_CHOSEN] = session.get(_CHOSEN) if session.get(_CHOSEN) in people else people[0]
    st.header(words("weightings.instead"), anchor=False)
    chosen = st.selectbox(words("weightings.whose"), people, key=_CHOSEN)
    st.caption(words("weightings.instead_note", name=chosen))
    left, right = st.columns(2, gap="medium")
    # Far more than are shown, since the selection may leave some out.
    sides = (
        (left, "rises", found.rises(chosen, len(found.moves))),
        (right, "falls", found.falls(chosen, len(found.moves))),
    )
    for column, side, moves in sides:
        kept = moves[scores.selected.reindex(moves.index).to_numpy(dtype=bool)].head(_REGIONS)
        with column:
            title = words(f"weightings.{side}")
            st.markdown(f"**{title}**")
            if kept.empty:
                st.markdown(words("weightings.nobody_moves"))
            else:
                st.dataframe(
                    _moves(kept, found, scores), hide_index=True, height="content",
                    alt=f"{title}: {chosen}", column_config=_move_columns(words),
                )  # fmt: skip


def _moves(moves: pd.Series, found: Persons, scores: Scores) -> pd.DataFrame:
    """Ranks under the group's weights and under one person's, and the places between."""
    before = found.group.ranks.reindex(moves.index).astype("float64")
    return pd.DataFrame({
        "name": names(scores).reindex(moves.index), "group": before.astype("int64"),
        "own": (before - moves).astype("int64"), "places": moves.astype("int64"),
    })  # fmt: skip


def _move_columns(words: Words) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "name": st.column_config.TextColumn(words("table.name"), width=190),
        "group": number(words("weightings.rank_group"), format="%d", width=70),
        "own": number(words("weightings.rank_own"), format="%d", width=110),
        "places": number(words("weightings.places"), format="%+d", width=70),
    }
