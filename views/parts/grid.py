"""Parts of the page "Close up": the picture with its legend, the table, and the sheet to print."""

from __future__ import annotations

import base64
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo import boundaries
from geo.access.rasters import SCALE
from geo.rasters import picture
from geo.rasters.closeup import BOTH, MISSING, PEOPLE, STOP, TOWN, measures
from geo.rasters.sheet import CellSheet, SheetRow, render
from views import cells, store
from views.charts.tables import html_table
from views.parts.grid_words import (
    DOTS,
    area_name,
    caption,
    class_words,
    description,
    group_words,
    groups,
    share_words,
    table_data,
)

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.rasters.closeup import Closeup
    from views.frame import Scene
    from views.i18n import Words
    from views.parts.grid_words import Asked

__all__ = ["kreis_table", "legend", "picture_of", "sheet"]

_MISSING_COLOUR = "#969696"
_SWATCH = "<span class='atlas-swatch'><i style='background:{colour}'></i>{label}</span>"


def picture_of(asked: Asked, closeup: Closeup, scene: Scene) -> None:
    """Draw the picture, from which single cells can be read if it is that of a Kreis."""
    dark = st.context.theme.type == "dark"
    folder = str(scene.dataset.path)
    payload = _drawn(asked, scene.words.language, folder, closeup, scene.words, dark=dark)
    cells.cells(payload, key="grid.picture")


@st.cache_resource(max_entries=64, show_spinner=False)
def _drawn(
    asked: Asked, language: str, folder: str, _closeup: Closeup, _words: Words, *, dark: bool  # noqa: ARG001 -- the key of the cache
) -> cells.CellPayload:  # fmt: skip
    whole = _shapes(folder)
    mine = whole[whole.index.str.startswith(asked.area)]
    shown = picture.frame(_closeup, mine)
    image = picture.image(_closeup, asked.measure, asked.limit, shown, dark=dark)
    ground = picture.outline(mine, shown)
    return cells.CellPayload(
        image=f"data:image/png;base64,{base64.b64encode(image).decode()}",
        width=shown.columns,
        height=shown.rows,
        ground=cells.polygons(ground),
        outline=cells.lines(picture.edge(ground)),
        borders=cells.lines(picture.borders(whole, shown)),
        dots=cells.points(_dots(asked, _closeup, shown)),
        labels=picture.labels(_closeup, shown) if asked.with_names else [],
        groups=_groups(asked, _closeup, shown),
        texts={
            "alt": description(asked, _closeup, _words), "role": _words("grid.role"),
            "hint": _words("grid.hint"), "hint_land": _words("grid.hint_land"),
            "scale": _words.raw("grid.km"), "error": _words("map.error"),
        },
        locale=_words.locale,
        **_readable(asked, _closeup, shown, _words),
    )  # fmt: skip


def _readable(
    asked: Asked, closeup: Closeup, shown: picture.Frame, words: Words
) -> dict[str, Any]:  # fmt: skip
    """Values of single cells; those of a whole Land would be heavier than all else on the page."""
    if not closeup.is_kreis:
        return {}
    column, row = picture.places(closeup, shown)
    kinds = [STOP, TOWN]
    if asked.measure not in (BOTH, PEOPLE, *kinds):
        kinds.append(asked.measure)
    people = cells.packed(closeup.values(PEOPLE))
    values = [
        cells.CellValues(label=words.raw("read.people"), numbers=people),
        *(
            cells.CellValues(
                label=words.raw(f"read.{kind}"), numbers=cells.packed(closeup.values(kind) / SCALE),
                scale=SCALE, decimals=1,
            )
            for kind in kinds
        ),
    ]  # fmt: skip
    return {"places": (cells.packed(column), cells.packed(row)), "values": values}


def _dots(asked: Asked, closeup: Closeup, shown: picture.Frame) -> Any:
    kind = DOTS[asked.measure]
    return picture.dots(closeup, kind, shown) if kind and asked.with_stops else []


def _groups(
    asked: Asked, closeup: Closeup, shown: picture.Frame
) -> list[tuple[float, float]]:  # fmt: skip
    left, top = picture.corner(closeup, shown)
    return [(one.column - left + 0.5, one.row - top + 0.5) for one in groups(asked, closeup)]


@st.cache_resource(max_entries=2, show_spinner=False)
def _shapes(folder: str) -> gpd.GeoSeries:  # noqa: ARG001 -- the key of the cache
    found = boundaries.load(store.dataset().path)
    return picture.areas(found) if found is not None else picture.no_areas()


def legend(asked: Asked, closeup: Closeup, words: Words) -> None:
    """Set the legend: every class with its people, their share and its cells."""
    st.html(_legend_table(asked, closeup, words))
    keys = [words("grid.key_group")] if groups(asked, closeup) else []
    if asked.with_stops and (kind := DOTS[asked.measure]):
        keys.append(words("grid.key_stop") if kind == STOP else words("grid.key_station"))
    if asked.with_names:
        keys.append(words("grid.key_centre"))
    if keys:
        st.caption("  \n".join(keys))


def _legend_table(asked: Asked, closeup: Closeup, words: Words) -> str:
    head = [words(f"grid.{one}") for one in ("class", "people", "share", "cells")]
    one, dark = measures()[asked.measure], st.context.theme.type == "dark"
    colours = one.dark if dark else one.light
    rows = ""
    for each in reversed(closeup.classes(asked.measure, asked.limit)):
        colour = _MISSING_COLOUR if each.code == MISSING else colours[each.code]
        label = escape(class_words(asked.measure, each.code, words))
        numbers = (
            words.number(each.people), share_words(each.share, words), words.number(each.cells)
        )  # fmt: skip
        rows += f"<tr><th scope='row'>{_SWATCH.format(colour=colour, label=label)}</th>"
        rows += "".join(f"<td class='atlas-number'>{escape(text)}</td>" for text in numbers)
        rows += "</tr>"
    empty = html_table(head, [], label=words("grid.legend"))
    return empty.replace("<tbody></tbody>", f"<tbody>{rows}</tbody>")


def kreis_table(asked: Asked, closeup: Closeup, called: dict[str, str], words: Words) -> None:
    """Draw the table; it can be sorted."""
    heading = words("grid.table_kreis") if closeup.is_kreis else words("grid.table_land")
    st.header(heading, anchor=False)
    data = table_data(asked, closeup)
    order = {BOTH: "both", PEOPLE: "people"}.get(asked.measure, "km_mean")
    if not closeup.is_kreis:
        data = data.sort_values(order, ascending=False, kind="stable")
    shown = pd.DataFrame({
        words("grid.region"): [area_name(str(one), called, words) for one in data.index]
    })  # fmt: skip
    decimals = {}
    for column in data:
        title = _column_words(str(column), words)
        shown[title] = data[column].to_numpy()
        decimals[title] = 0 if column in ("people", "cells", "people_per_cell") else 1
    # Numbers as the language writes them, whatever the browser's; sorted by what they are.
    styled = shown.style.format({
        title: partial(words.number, decimals=count) for title, count in decimals.items()
    })  # fmt: skip
    st.dataframe(
        styled, hide_index=True, width="stretch", alt=words("grid.table_alt", what=heading)
    )


def _column_words(column: str, words: Words) -> str:
    if column.startswith("over_"):
        limit = column.removeprefix("over_").removesuffix("km")
        return words("grid.over", limit=limit)
    keys = {"people_per_cell": "per_cell", "cells": "inhabited"}
    return words(f"grid.{keys.get(column, column)}")


def sheet(asked: Asked, closeup: Closeup, words: Words) -> bytes:
    """Return the picture with legend and sources as PNG, on white paper."""
    whole = _shapes(str(store.dataset().path))
    mine = whole[whole.index.str.startswith(asked.area)]
    shown = picture.frame(closeup, mine)
    colours = {**dict(enumerate(measures()[asked.measure].light)), MISSING: _MISSING_COLOUR}
    rows = [
        SheetRow(
            colours[one.code], class_words(asked.measure, one.code, words),
            words.number(one.people), share_words(one.share, words),
        )
        for one in closeup.classes(asked.measure, asked.limit)
    ]  # fmt: skip
    attribution = words("grid.source", attribution=closeup.surface.attribution)
    measure = words(f"cells.{asked.measure}")
    if asked.measure == BOTH:
        measure = words("grid.with_limit", measure=measure, limit=asked.limit)
    return render(CellSheet(
        pixels=picture.pixels(closeup, asked.measure, asked.limit, shown, dark=False),
        columns=shown.columns, cells_down=shown.rows, ground=picture.outline(mine, shown),
        borders=picture.borders(whole, shown),
        dots=_dots(asked, closeup, shown),
        labels=picture.labels(closeup, shown) if asked.with_names else [],
        groups=_groups(asked, closeup, shown),
        title=asked.name,
        subtitle=words(
            "grid.subtitle", measure=measure, people=words.number(closeup.people),
            year=closeup.surface.year,
        ),
        rows=rows, heads=(words("grid.people"), words("grid.share")),
        notes=[*_group_notes(asked, closeup, words), caption(asked, closeup, words)],
        sources=[attribution], language=words.language,
        description=description(asked, closeup, words),
    ))  # fmt: skip


def _group_notes(asked: Asked, closeup: Closeup, words: Words) -> list[str]:
    told = [one.replace("**", "") for one in group_words(asked, closeup, words)]
    return [words("grid.key_group"), *told] if told else []
