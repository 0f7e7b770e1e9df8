"""Many small maps at once, each a button that opens its subject; drawn by the browser.

They share the drawing of the large map, which the browser fetches once. What a rerun sends is one
character per region and map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import streamlit as st

from views.map_component import MISSING, component

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["GAP", "NOWHERE", "MapGroup", "SmallClass", "SmallMap", "encoded", "multiples"]

#: Characters that stand for a region without a value, and for one that is not part of the question.
GAP, NOWHERE = "m", "o"

_mount = component("potenzialatlas_multiples", "multiples.js")


class SmallClass(TypedDict):
    """One class of a legend: CSS colour and bounds in words."""

    colour: str
    label: str


class SmallMap(TypedDict):
    """One map: what it opens, what stands above it, its classes, and a character per region."""

    key: str
    title: str
    facts: str
    classes: Sequence[SmallClass]
    codes: str
    missing: str


class MapGroup(TypedDict):
    """Maps below one heading."""

    title: str
    maps: Sequence[SmallMap]


def encoded(codes: Iterable[int]) -> str:
    """Write class numbers as one character per region; see `views.map_component` for the codes."""
    return "".join(
        str(code) if code >= 0 else GAP if code == MISSING else NOWHERE for code in codes
    )


def multiples(
    groups: Sequence[MapGroup],
    *,
    ids: Sequence[str],
    dim: Sequence[bool],
    geometry_url: str,
    error: str,
    key: str,
    on_open: Callable[[str], None],
) -> None:
    """Show the maps.

    Parameters
    ----------
    ids : sequence of str
        Region keys in the order of all codes.
    dim : sequence of bool
        Whether a region is paled because it lies outside the selection.
    error : str
        Shown if the drawing cannot be fetched.
    on_open : callable
        Called, before the next run of the page, with the key of the map that was pressed.
    """
    known = {one["key"] for group in groups for one in group["maps"]}

    def tell() -> None:
        opened = st.session_state[key].get("opened")
        if opened in known:
            on_open(opened)

    _mount(
        key=key,
        data={
            "groups": list(groups), "ids": list(ids), "geometry_url": geometry_url,
            "dim": "".join("1" if one else "0" for one in dim), "texts": {"error": error},
        },
        on_opened_change=tell,
    )  # fmt: skip
